"""What colleagues said: asked of them again where the question changed, and back in its place after going back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import OtherEditionError, answers_of, save_answers
from assess.assessments.delegation.answers import hers_of, keep
from assess.assessments.delegation.checking import came_in_from
from assess.assessments.delegation.keeping import Wanted, delegation_of, make, offers_of
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, State
from assess.assessments.moving.keeping import move, undo_all
from tests.assessments.moving.conftest import Two

Hers = dict[str, tuple[Any, State]]


@pytest.fixture
def given(session: Session, two: Two, now: datetime) -> Delegation:
    """She has answered three questions; to one the business had said something else."""
    link = make(session, two.assessment_id, Wanted("people", None, "", 14), now)
    one = delegation_of(session, two.assessment_id, link.id)
    save_answers(session, two.assessment_id, {"papers": "they"}, {}, now)
    keep(session, one, {"staff": "hired", "hours": 40, "papers": "we"}, {"staff"}, now)
    return one


def hers(session: Session, one: Delegation) -> Hers:
    return {name: (row.value, row.state) for name, row in hers_of(session, one.id).items()}


def test_what_changed_is_asked_again_and_comes_back(
    session: Session, two: Two, given: Delegation, now: datetime
) -> None:
    before = hers(session, given)
    move(session, two.assessment_id, two.old_id, two.new_id, now)
    assert hers(session, given) == {"staff": ("hired", State.SAVED)}
    assert came_in_from(session, two.assessment_id) == {given.id: 1}
    assert offers_of(session, two.assessment_id) == [], "nobody decides about a question that is not asked any more"
    undo_all(session, two.assessment_id, now)
    assert hers(session, given) == before
    assert len(offers_of(session, two.assessment_id)) == 1
    keep(session, given, {"hours": 41}, (), now)
    assert answers_of(session, two.assessment_id)["hours"].value == 41, "it is hers to change, as it was"


def test_what_she_says_to_the_newer_question_waits_for_the_business_and_does_not_go_back(
    session: Session, two: Two, given: Delegation, now: datetime
) -> None:
    move(session, two.assessment_id, two.old_id, two.new_id, now)
    keep(session, given, {"papers": "we"}, (), now, edition_id=two.new_id)
    assert hers(session, given)["papers"] == ("we", State.OFFERED)
    undo_all(session, two.assessment_id, now)
    assert "papers" not in hers(session, given)
    kept = session.scalars(select(DelegatedAnswer.state).where(DelegatedAnswer.question == "papers")).all()
    assert kept == [State.BEFORE]


def test_a_page_of_hers_from_before_saves_nothing(session: Session, two: Two, given: Delegation, now: datetime) -> None:
    move(session, two.assessment_id, two.old_id, two.new_id, now)
    with pytest.raises(OtherEditionError):
        keep(session, given, {"papers": "we"}, (), now, edition_id=two.old_id)
