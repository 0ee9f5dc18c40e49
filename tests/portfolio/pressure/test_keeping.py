from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.people.models import Organisation
from assess.plans.shares.granting import end
from assess.plans.shares.models import ShareGrant
from assess.portfolio.pressure.keeping import QUESTION, buyers, go_round, seen_by
from assess.portfolio.pressure.models import PressurePool, PressurePooled
from assess.suppliers.models import Supplier
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import scenario
from tests.suppliers.makers import a_buyer, a_supplier, invited, shared

pytestmark = pytest.mark.both_databases

NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (
    datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    datetime(2026, 12, 1, 3, 20, tzinfo=UTC),
    datetime(2027, 1, 1, 3, 20, tzinfo=UTC),
    datetime(2027, 2, 1, 3, 20, tzinfo=UTC),
)


def saying(answer: str | None) -> dict[str, Any]:
    record = scenario()
    for section in record["sections"]:
        for question in section["questions"]:
            if question["id"] == QUESTION:
                question["answer"] = answer
    return record


def sharing(session: Session, buyer: Organisation, name: str, answer: str | None) -> ShareGrant:
    farm = a_supplier(session, buyer, name, sector="farming")
    return shared(session, invited(session, farm), record=saying(answer))


def five(
    session: Session, buyer: Organisation, answers: str = "often often often never dk", more: str = ""
) -> list[Any]:
    return [sharing(session, buyer, f"Farm {more}{place}", one) for place, one in enumerate(answers.split())]


def test_the_question_is_one_of_every_bank() -> None:
    for bank in BANKS:
        (pooled,) = [question for question in edition_of(bank).questions() if question.pooled]
        assert pooled.id == QUESTION
        assert {option.id for option in pooled.options} == {"never", "sometimes", "often", "dk"}


def test_a_picture_is_made_on_the_first_and_stays_until_the_next(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        grants = five(session, council)
        assert not go_round(session, council.id, NOVEMBER), "a new buyer waits for the first"
        assert seen_by(session, council.id).picture is None
        assert go_round(session, council.id, DECEMBER)
        assert not go_round(session, council.id, DECEMBER)
        seen = seen_by(session, council.id)
        assert seen.month == date(2026, 12, 1)
        assert seen.picture
        assert (seen.picture.answered, dict(seen.picture.tenths)) == (
            5,
            {"often": 6, "sometimes": 0, "never": 0, "dk": 0},
        )
        end(session, grants[0], DECEMBER)
        assert seen_by(session, council.id) == seen, "what happens meanwhile changes nothing"
        assert go_round(session, council.id, JANUARY)
        assert seen_by(session, council.id).picture is None
        kept = session.scalars(select(PressurePool)).one()
        assert (kept.often, kept.over_on) == (0, date(2027, 1, 1)), "nothing of it is kept"


def test_newcomers_wait_until_they_are_five_and_nobody_is_counted_twice(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        go_round(session, council.id, NOVEMBER)
        first = five(session, council)
        go_round(session, council.id, DECEMBER)
        before = seen_by(session, council.id).picture
        sharing(session, council, "One more", "never")
        go_round(session, council.id, JANUARY)
        assert seen_by(session, council.id).picture == before
        five(session, council, "never never never never", more="new ")
        end(session, first[0], JANUARY)
        go_round(session, council.id, FEBRUARY)
        picture = seen_by(session, council.id).picture
        assert picture
        assert (picture.answered, picture.tenths["never"], picture.tenths["often"]) == (5, 6, 0)
        counted = session.execute(select(PressurePooled.submission_id, func.count()).group_by("submission_id")).all()
        assert {row[1] for row in counted} == {1}
        assert len(counted) == 10


@pytest.mark.parametrize("few", [True, False])
def test_a_quick_check_is_not_counted_and_an_answer_left_out_is_a_dont_know(published: Database, *, few: bool) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        go_round(session, council.id, NOVEMBER)
        five(session, council, "often often often often")
        if few:
            record = saying("often")
            for section in record["sections"]:
                section["questions"] = [one for one in section["questions"] if one["id"] != QUESTION]
            shared(session, invited(session, a_supplier(session, council, "Quick", sector="farming")), record=record)
        else:
            sharing(session, council, "Left out", None)
        assert go_round(session, council.id, DECEMBER) is not few


def test_entries_shown_as_one_and_what_is_off_the_list_count_as_the_buyer_sees_them(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        go_round(session, council.id, NOVEMBER)
        grants = five(session, council)
        root, part = (session.get_one(Supplier, grant.supplier_id) for grant in grants[:2])
        part.merged_into = root.id
        session.flush()
        assert not go_round(session, council.id, DECEMBER), "four suppliers, one of them in two parts"
        part.merged_into = None
        root.archived_at = DECEMBER
        session.flush()
        assert not go_round(session, council.id, JANUARY)
        root.archived_at = None
        session.flush()
        assert go_round(session, council.id, FEBRUARY)


def test_each_buyer_has_its_own_pools_and_an_answer_that_is_deleted_goes(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        for buyer in (council, shop):
            go_round(session, buyer.id, NOVEMBER)
        grants = five(session, council)
        sharing(session, shop, "Another", "often")
        assert set(buyers(session)) == {council.id, shop.id}
        assert go_round(session, council.id, DECEMBER)
        assert not go_round(session, shop.id, DECEMBER)
        assert seen_by(session, shop.id).picture is None
        delete_assessment(session, grants[0].assessment_id)
        session.expire_all()
        assert session.scalar(select(func.count()).select_from(PressurePooled)) == 4
        assert go_round(session, council.id, JANUARY)
        assert seen_by(session, council.id).picture is None
