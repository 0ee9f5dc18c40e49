from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assess.assessments.guest_sessions import (
    LONGEST_IDLE,
    LONGEST_SESSION,
    GuestSessionEndedError,
    end_guest_session,
    find_open_buyer_link,
    mark_session_used,
    open_buyer_link,
    open_resume_link,
    open_started_assessment,
    opened_assessments,
)
from assess.assessments.links import find_buyer_link, find_resume_link, make_buyer_link, make_resume_link
from assess.assessments.models import BuyerLink, ResumeLink
from assess.assessments.retention import delete_assessment
from assess.assessments.submissions import submit_assessment
from assess.core.links import new_token
from tests.assessments.conftest import may_open_assessment

SECOND = timedelta(seconds=1)
RECORD = {"engine": 1, "edition": {"bank": "farming"}, "result": {"score": 11.0, "band": "low"}}


@pytest.fixture
def link(session: Session, begun: uuid.UUID, now: datetime) -> ResumeLink:
    return find_resume_link(session, make_resume_link(session, begun, now).token)


@pytest.fixture
def buyer_link(session: Session, begun: uuid.UUID, now: datetime) -> BuyerLink:
    submission = submit_assessment(session, begun, lambda _said: RECORD, now)
    return find_buyer_link(session, make_buyer_link(session, submission, now).token, now)


def test_a_visit_opens_its_assessment_and_no_other(
    session: Session, link: ResumeLink, another: uuid.UUID, now: datetime
) -> None:
    token = open_resume_link(session, link, now)
    assert may_open_assessment(session, token, link.assessment_id, now)
    assert not may_open_assessment(session, token, another, now)
    assert token not in str(session.execute(text("SELECT * FROM guest_session")).all())


@pytest.mark.parametrize("token", [None, "", "nonsense", "a" * 43])
def test_without_a_visit_nothing_opens(
    session: Session, link: ResumeLink, buyer_link: BuyerLink, now: datetime, token: str | None
) -> None:
    assert not may_open_assessment(session, token, link.assessment_id, now)
    assert find_open_buyer_link(session, token, buyer_link.id, now) is None
    assert opened_assessments(session, token, now) == []
    mark_session_used(session, token, link.assessment_id, now)
    end_guest_session(session, token)


def test_who_has_just_begun_is_let_in_without_a_link(session: Session, begun: uuid.UUID, now: datetime) -> None:
    assert may_open_assessment(session, open_started_assessment(session, begun, now), begun, now)


def test_a_visit_ends_four_hours_after_the_last_thing_sent(session: Session, link: ResumeLink, now: datetime) -> None:
    token = open_resume_link(session, link, now)
    assert may_open_assessment(session, token, link.assessment_id, now + LONGEST_IDLE - SECOND)
    with pytest.raises(GuestSessionEndedError):
        may_open_assessment(session, token, link.assessment_id, now + LONGEST_IDLE)
    mark_session_used(session, token, link.assessment_id, now + LONGEST_IDLE - SECOND)
    assert may_open_assessment(session, token, link.assessment_id, now + LONGEST_IDLE)


def test_a_visit_ends_after_twelve_hours_whatever_is_sent(session: Session, link: ResumeLink, now: datetime) -> None:
    token = open_resume_link(session, link, now)
    mark_session_used(session, token, link.assessment_id, now + LONGEST_SESSION - SECOND)
    assert may_open_assessment(session, token, link.assessment_id, now + LONGEST_SESSION - SECOND)
    with pytest.raises(GuestSessionEndedError):
        may_open_assessment(session, token, link.assessment_id, now + LONGEST_SESSION)


def test_leaving_ends_it_for_a_copy_of_the_cookie_too(session: Session, link: ResumeLink, now: datetime) -> None:
    token, stranger = open_resume_link(session, link, now), open_resume_link(session, link, now)
    end_guest_session(session, token)
    assert not may_open_assessment(session, token, link.assessment_id, now)
    assert may_open_assessment(session, stranger, link.assessment_id, now)


def test_opening_something_more_gives_a_new_token_and_keeps_the_rest(
    session: Session, link: ResumeLink, another: uuid.UUID, now: datetime
) -> None:
    first = open_resume_link(session, link, now)
    second = open_started_assessment(session, another, now + SECOND, token=first)
    assert first != second
    assert not may_open_assessment(session, first, link.assessment_id, now)
    assert may_open_assessment(session, second, link.assessment_id, now)
    assert opened_assessments(session, second, now + SECOND) == [another, link.assessment_id]


def test_a_planted_token_opens_nothing_afterwards(session: Session, link: ResumeLink, now: datetime) -> None:
    planted = new_token()
    token = open_resume_link(session, link, now, token=planted)
    assert token != planted
    assert not may_open_assessment(session, planted, link.assessment_id, now)


def test_what_is_over_is_not_carried_along(
    session: Session, link: ResumeLink, another: uuid.UUID, now: datetime
) -> None:
    first = open_resume_link(session, link, now)
    later = now + LONGEST_SESSION
    second = open_started_assessment(session, another, later, token=first)
    assert opened_assessments(session, second, later) == [another]
    assert not may_open_assessment(session, second, link.assessment_id, later)


def test_opening_the_same_again_begins_anew(session: Session, link: ResumeLink, now: datetime) -> None:
    first = open_resume_link(session, link, now)
    later = now + timedelta(hours=3)
    second = open_resume_link(session, link, later, token=first)
    assert may_open_assessment(session, second, link.assessment_id, later + LONGEST_IDLE - SECOND)
    assert session.execute(text("SELECT count(*) FROM guest_session")).scalar_one() == 1


def test_deleting_the_assessment_ends_its_visits(session: Session, link: ResumeLink, now: datetime) -> None:
    token, assessment_id = open_resume_link(session, link, now), link.assessment_id
    delete_assessment(session, assessment_id)
    assert not may_open_assessment(session, token, assessment_id, now)


def test_a_buyer_sees_what_was_shared_and_cannot_fill_in(
    session: Session, begun: uuid.UUID, buyer_link: BuyerLink, now: datetime
) -> None:
    token = open_buyer_link(session, buyer_link, now)
    assert find_open_buyer_link(session, token, buyer_link.id, now) is buyer_link
    assert find_open_buyer_link(session, token, uuid.uuid4(), now) is None
    assert not may_open_assessment(session, token, begun, now)
    with pytest.raises(GuestSessionEndedError):
        find_open_buyer_link(session, token, buyer_link.id, now + LONGEST_IDLE)


def test_a_buyer_with_several_links_keeps_them_all(
    session: Session, buyer_link: BuyerLink, another: uuid.UUID, now: datetime
) -> None:
    second = make_buyer_link(session, submit_assessment(session, another, lambda _said: RECORD, now), now)
    token = open_buyer_link(session, buyer_link, now)
    token = open_buyer_link(session, find_buyer_link(session, second.token, now), now, token=token)
    assert find_open_buyer_link(session, token, buyer_link.id, now)
    assert find_open_buyer_link(session, token, second.id, now)


def test_a_buyers_visit_never_outlives_the_link(session: Session, buyer_link: BuyerLink) -> None:
    almost = buyer_link.until - timedelta(minutes=5)
    token = open_buyer_link(session, buyer_link, almost)
    assert find_open_buyer_link(session, token, buyer_link.id, almost)
    with pytest.raises(GuestSessionEndedError):
        find_open_buyer_link(session, token, buyer_link.id, buyer_link.until)


def test_an_ended_link_shows_nothing_even_where_a_visit_was_left_behind(
    session: Session, buyer_link: BuyerLink, now: datetime
) -> None:
    token = open_buyer_link(session, buyer_link, now)
    buyer_link.ended_at = now
    assert find_open_buyer_link(session, token, buyer_link.id, now) is None
