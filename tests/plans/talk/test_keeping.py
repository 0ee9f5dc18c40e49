from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.plans.shares.granting import end
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.plans.talk import keeping
from assess.plans.talk.keeping import (
    NothingToAnswerError,
    Speaker,
    TalkFullError,
    TalkOverError,
    agreed_dates,
    answer,
    comment,
    is_open,
    mark_read,
    new_in,
    propose,
    said_in,
    take_back,
)
from assess.plans.talk.models import Side, Talk, TalkWord
from assess.suppliers.models import Supplier, What
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

pytestmark = pytest.mark.both_databases

BUYER, FARM = Speaker(Side.BUYER, None), Speaker(Side.BUSINESS, None)
STEP, DUE = "a" * 16, date(2027, 2, 1)


@dataclass
class Made:
    grant: ShareGrant
    supplier: Supplier


def a_share(session: Session, name: str = "The Council") -> Made:
    farm = a_supplier(session, a_buyer(session, name), "Fen Edge Growers", sector="farming")
    return Made(shared(session, invited(session, farm), scope=Scope.PLAN), farm)


def on_trail(session: Session, supplier: Supplier) -> list[What]:
    return [
        one.what
        for one in trail_of(session, [supplier.id])
        if one.what in {What.COMMENTED, What.ANSWERED, What.DATE_AGREED}
    ]


def test_a_talk_from_the_first_word_to_an_agreed_date(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        assert agreed_dates(session, [made.grant.id]) == {}
        comment(session, made.grant, BUYER, None, "Hello.", TODAY)
        propose(session, made.grant, BUYER, STEP, DUE, "", TODAY)
        assert new_in(session, made.grant.assessment_id) == {made.grant.id: 2}
        mark_read(session, made.grant.id)
        assert new_in(session, made.grant.assessment_id) == {}
        answer(session, made.grant, FARM, STEP, DUE, TODAY, agrees=True)
        assert agreed_dates(session, [made.grant.id]) == {made.grant.id: {STEP: DUE}}
        assert on_trail(session, made.supplier) == [What.COMMENTED, What.COMMENTED, What.DATE_AGREED]
        comment(session, made.grant, FARM, STEP, "Good.", TODAY)
        # of one day a trail tells what a supplier did by its kind, not by the hour
        assert on_trail(session, made.supplier) == [What.COMMENTED, What.COMMENTED, What.ANSWERED, What.DATE_AGREED]
        assert {one.by_person for one in trail_of(session, [made.supplier.id])} == {None}
        assert [one.number for one in said_in(session, made.grant.id)] == [1, 2, 3, 4]
        assert new_in(session, made.grant.assessment_id) == {}, "one's own words are no news"


def test_only_the_other_side_answers_and_only_once(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        propose(session, made.grant, BUYER, STEP, DUE, "", TODAY)
        for who, due in ((BUYER, DUE), (FARM, date(2027, 2, 2))):
            with pytest.raises(NothingToAnswerError):
                answer(session, made.grant, who, STEP, due, TODAY, agrees=True)
        answer(session, made.grant, FARM, STEP, DUE, TODAY, agrees=False)
        with pytest.raises(NothingToAnswerError):
            answer(session, made.grant, FARM, STEP, DUE, TODAY, agrees=True)
        assert agreed_dates(session, [made.grant.id]) == {}


def test_a_number_is_used_once_so_what_is_new_stays_new(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        number = comment(session, made.grant, BUYER, None, "Oh.", TODAY)
        mark_read(session, made.grant.id)
        assert take_back(session, made.grant, BUYER, number, TODAY)
        assert not take_back(session, made.grant, BUYER, number, TODAY)
        assert comment(session, made.grant, BUYER, None, "Hello.", TODAY) == number + 1
        assert new_in(session, made.grant.assessment_id) == {made.grant.id: 1}
        assert not take_back(session, made.grant, BUYER, number + 1, TODAY + timedelta(minutes=16))


def test_there_is_an_end_to_it(published: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    with published.writing() as session:
        made = a_share(session)
        comment(session, made.grant, BUYER, None, "One.", TODAY)
        comment(session, made.grant, FARM, None, "Two.", TODAY)
        with pytest.raises(TalkFullError):
            comment(session, made.grant, FARM, None, "Three.", TODAY)


@pytest.mark.parametrize("over", ["ended", "run out"])
def test_a_share_that_is_over_is_silent(published: Database, over: str) -> None:
    with published.writing() as session:
        made = a_share(session)
        comment(session, made.grant, BUYER, None, "Hello.", TODAY)
        if over == "ended":
            end(session, made.grant, TODAY)
        moment: datetime = TODAY if over == "ended" else later(400)
        assert not is_open(session, made.grant, moment)
        actions: list[Any] = [
            lambda: comment(session, made.grant, BUYER, None, "Hello?", moment),
            lambda: propose(session, made.grant, FARM, STEP, DUE, "", moment),
            lambda: answer(session, made.grant, FARM, STEP, DUE, moment, agrees=True),
            lambda: take_back(session, made.grant, BUYER, 1, moment),
        ]
        for action in actions:
            with pytest.raises(TalkOverError):
                action()
        assert len(said_in(session, made.grant.id)) == 1


def test_it_goes_with_its_share_and_no_other_buyer_has_any_of_it(published: Database) -> None:
    with published.writing() as session:
        one, other = a_share(session), a_share(session, "The Shop")
        comment(session, one.grant, BUYER, None, "Hello.", TODAY)
        propose(session, one.grant, BUYER, STEP, DUE, "", TODAY)
        answer(session, one.grant, FARM, STEP, DUE, TODAY, agrees=True)
        assert said_in(session, other.grant.id) == []
        assert agreed_dates(session, [other.grant.id]) == {}
        assert on_trail(session, other.supplier) == []
        delete_assessment(session, one.grant.assessment_id)
        session.expire_all()
        assert session.scalar(select(func.count()).select_from(TalkWord)) == 0
        assert session.scalar(select(func.count()).select_from(Talk)) == 0


def test_reading_where_nothing_was_said_changes_nothing(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        mark_read(session, made.grant.id)
        assert session.scalar(select(func.count()).select_from(Talk)) == 0
