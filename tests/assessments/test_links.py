from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assess.assessments.guest_sessions import find_open_buyer_link, open_buyer_link, open_resume_link
from assess.assessments.links import (
    BUYER_LINK_DAYS,
    InvalidPinError,
    PinNeededError,
    WrongPinError,
    buyer_links,
    check_pin,
    clean_pin,
    end_buyer_link,
    end_resume_link,
    find_buyer_link,
    find_resume_link,
    make_buyer_link,
    make_resume_link,
    mark_buyer_link_opened,
    mark_resume_link_opened,
    resume_links,
    shared_submission,
)
from assess.assessments.models import Assessment, Submission
from assess.assessments.services import AssessmentUnknownError
from assess.assessments.submissions import NothingSubmittedError, reopen_assessment, submit_assessment
from assess.core.links import LinkUnknownError, link_works
from assess.identity.accounts.services import delete_account
from assess.identity.models import Organisation, Person, Role
from assess.identity.organisations.services import change_roles, remove_membership
from tests.assessments.conftest import may_open_assessment
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, an_organisation

RECORD = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "actions": [],
    "duties": [],
}


@pytest.fixture
def submission(session: Session, begun: uuid.UUID, now: datetime) -> Submission:
    return submit_assessment(session, begun, lambda _said: RECORD, now)


def test_a_link_leads_back_and_its_token_is_stored_nowhere(session: Session, begun: uuid.UUID, now: datetime) -> None:
    made = make_resume_link(session, begun, now)
    assert find_resume_link(session, made.token).assessment_id == begun
    stored = session.execute(text("SELECT * FROM resume_link")).all()
    assert made.token not in str(stored)


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 43, "\0" * 43])
def test_a_guess_opens_nothing(session: Session, begun: uuid.UUID, now: datetime, token: str) -> None:
    make_resume_link(session, begun, now)
    with pytest.raises(LinkUnknownError):
        find_resume_link(session, token)
    with pytest.raises(LinkUnknownError):
        find_buyer_link(session, token, now)


def test_several_links_work_side_by_side_until_each_is_ended(session: Session, begun: uuid.UUID, now: datetime) -> None:
    one, other = make_resume_link(session, begun, now), make_resume_link(session, begun, now + timedelta(minutes=1))
    assert [link.id for link in resume_links(session, begun)] == [other.id, one.id]
    end_resume_link(session, begun, one.id, now)
    assert [link.id for link in resume_links(session, begun)] == [other.id]
    with pytest.raises(LinkUnknownError):
        find_resume_link(session, one.token)
    with pytest.raises(LinkUnknownError):
        mark_resume_link_opened(session, one.id, now)
    assert find_resume_link(session, other.token).id == other.id


def test_looking_at_a_link_uses_nothing_up_and_opening_is_counted(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    made = make_resume_link(session, begun, now)
    for _ in range(10):
        assert find_resume_link(session, made.token).opened == 0
    link = mark_resume_link_opened(session, made.id, now)
    assert (link.opened, link.last_opened_at) == (1, now)


def test_ending_a_link_ends_its_visits_but_not_that_of_the_browser_that_asks(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    made = make_resume_link(session, begun, now)
    link = find_resume_link(session, made.token)
    mine, theirs = open_resume_link(session, link, now), open_resume_link(session, link, now)
    end_resume_link(session, begun, made.id, now, keep=mine)
    assert may_open_assessment(session, mine, begun, now)
    assert not may_open_assessment(session, theirs, begun, now)


def test_nobody_ends_the_link_of_another_assessment(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    made = make_resume_link(session, begun, now)
    with pytest.raises(LinkUnknownError):
        end_resume_link(session, another, made.id, now)
    assert find_resume_link(session, made.token).ended_at is None


def test_a_link_needs_an_assessment(session: Session, now: datetime) -> None:
    with pytest.raises(AssessmentUnknownError):
        make_resume_link(session, uuid.uuid4(), now)


@pytest.mark.parametrize(
    ("typed", "fits"), [("4711", "4711"), (" 47 11 ", "4711"), ("12345678", "12345678"), ("١٢٣٤", "1234")]
)
def test_a_pin_has_four_to_eight_digits(typed: str, fits: str) -> None:
    assert clean_pin(typed) == fits


@pytest.mark.parametrize("typed", ["", "123", "123456789", "12a4", "12-34", "½234"])
def test_anything_else_is_no_pin(typed: str) -> None:
    with pytest.raises(InvalidPinError):
        clean_pin(typed)


def test_a_pin_is_asked_for_and_every_try_is_counted_before_it_is_looked_at(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    made = make_resume_link(session, begun, now, pin="4711")
    link = find_resume_link(session, made.token)
    tries: list[int] = []
    for missing in (None, "", "  "):
        with pytest.raises(PinNeededError):
            check_pin(link, missing, lambda: tries.append(1))
    assert tries == []
    for wrong in ("4712", "not a pin", "47111"):
        with pytest.raises(WrongPinError):
            check_pin(link, wrong, lambda: tries.append(1))
    check_pin(link, " 4711 ", lambda: tries.append(1))
    assert len(tries) == 4
    assert "4711" not in str(session.execute(text("SELECT pin_hash FROM resume_link")).scalar_one())


def test_too_many_tries_are_refused_even_with_the_right_pin(session: Session, begun: uuid.UUID, now: datetime) -> None:
    link = find_resume_link(session, make_resume_link(session, begun, now, pin="4711").token)

    def too_many() -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        check_pin(link, "4711", too_many)


def test_a_link_without_a_pin_asks_for_none(session: Session, begun: uuid.UUID, now: datetime) -> None:
    link = find_resume_link(session, make_resume_link(session, begun, now).token)
    check_pin(link, None, lambda: pytest.fail("nothing was tried"))


def test_a_try_is_slow_enough_to_hurt_a_guesser_and_not_a_person(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    link = find_resume_link(session, make_resume_link(session, begun, now, pin="4711").token)
    started = time.process_time()
    with pytest.raises(WrongPinError):
        check_pin(link, "0000", lambda: None)
    assert 0.005 < time.process_time() - started < 2


def test_a_buyer_link_shows_the_submission_as_it_was_when_shared(
    session: Session, begun: uuid.UUID, submission: Submission, now: datetime
) -> None:
    made = make_buyer_link(session, submission, now, note="Norfolk County Council")
    reopen_assessment(session, begun, now)
    submit_assessment(session, begun, lambda _said: RECORD | {"second": True}, now)
    link = find_buyer_link(session, made.token, now)
    assert shared_submission(session, link).id == submission.id
    assert link.note == "Norfolk County Council"
    assert made.token not in str(session.execute(text("SELECT * FROM buyer_link")).all())


def test_a_buyer_link_lasts_thirty_days_to_the_second(session: Session, submission: Submission, now: datetime) -> None:
    made = make_buyer_link(session, submission, now)
    end = now + timedelta(days=BUYER_LINK_DAYS)
    assert find_buyer_link(session, made.token, end - timedelta(seconds=1))
    with pytest.raises(LinkUnknownError):
        find_buyer_link(session, made.token, end)
    with pytest.raises(LinkUnknownError):
        mark_buyer_link_opened(session, made.token, end)


def test_ending_a_buyer_link_works_from_the_next_request(
    session: Session, begun: uuid.UUID, submission: Submission, now: datetime
) -> None:
    made = make_buyer_link(session, submission, now)
    link = mark_buyer_link_opened(session, made.token, now)
    visit = open_buyer_link(session, link, now)
    assert find_open_buyer_link(session, visit, link.id, now) is link
    end_buyer_link(session, begun, link.id, now)
    assert find_open_buyer_link(session, visit, link.id, now) is None
    with pytest.raises(LinkUnknownError):
        find_buyer_link(session, made.token, now)
    end_buyer_link(session, begun, link.id, now + timedelta(days=1))
    assert link.ended_at == now


def test_the_list_tells_what_became_of_each_buyer_link(
    session: Session, begun: uuid.UUID, submission: Submission, now: datetime
) -> None:
    one, other = (
        make_buyer_link(session, submission, now, note="one"),
        make_buyer_link(session, submission, now + timedelta(hours=1), note="other"),
    )
    mark_buyer_link_opened(session, one.token, now + timedelta(hours=2))
    mark_buyer_link_opened(session, one.token, now + timedelta(hours=3))
    end_buyer_link(session, begun, other.id, now)
    rows = [(link.note, link.opened, link_works(link, now)) for link in buyer_links(session, begun)]
    assert rows == [("other", 0, False), ("one", 2, True)]
    assert buyer_links(session, begun)[1].last_opened_at == now + timedelta(hours=3)


def test_nobody_ends_the_buyer_link_of_another_assessment(
    session: Session, another: uuid.UUID, submission: Submission, now: datetime
) -> None:
    made = make_buyer_link(session, submission, now)
    with pytest.raises(LinkUnknownError):
        end_buyer_link(session, another, made.id, now)


def test_what_a_link_showed_may_be_gone(session: Session, submission: Submission, now: datetime) -> None:
    made = make_buyer_link(session, submission, now)
    link = find_buyer_link(session, made.token, now)
    session.expunge(link)
    link.submission_id = 999
    with pytest.raises(NothingSubmittedError):
        shared_submission(session, link)


@pytest.fixture
def kept(session: Session, begun: uuid.UUID) -> tuple[Organisation, Person]:
    """An organisation to which the assessment belongs, and somebody who answers and signs there."""
    manager, jo = a_person(session, "ann@farm.example"), a_person(session, "jo@farm.example")
    farm = an_organisation(session, "Fen Edge", manager=manager, respondent=jo, signer=jo)
    session.get_one(Assessment, begun).organisation_id = farm.id
    session.flush()
    return farm, jo


def _remove_altogether(session: Session, farm: Organisation, jo: Person) -> None:
    remove_membership(session, farm.id, jo.id, TODAY)


def _let_only_sign(session: Session, farm: Organisation, jo: Person) -> None:
    change_roles(session, farm.id, jo.id, frozenset({Role.SIGNER}), TODAY)


def _delete_the_account(session: Session, _farm: Organisation, jo: Person) -> None:
    delete_account(session, jo.id, TODAY)


@pytest.mark.parametrize("goes", [_remove_altogether, _let_only_sign, _delete_the_account])
def test_the_links_a_member_made_go_with_them(
    session: Session,
    begun: uuid.UUID,
    another: uuid.UUID,
    kept: tuple[Organisation, Person],
    now: datetime,
    goes: Callable[[Session, Organisation, Person], None],
) -> None:
    farm, jo = kept
    theirs = make_resume_link(session, begun, now, made_by=jo.id)
    token = open_resume_link(session, find_resume_link(session, theirs.token), now)
    others = make_resume_link(session, begun, now)
    own = make_resume_link(session, another, now, made_by=jo.id)
    goes(session, farm, jo)
    session.expire_all()
    with pytest.raises(LinkUnknownError):
        find_resume_link(session, theirs.token)
    assert not may_open_assessment(session, token, begun, now)
    assert find_resume_link(session, others.token).assessment_id == begun
    assert find_resume_link(session, own.token).assessment_id == another, "what belongs to no organisation stays theirs"


def test_a_link_stays_while_whoever_made_it_still_answers(
    session: Session, begun: uuid.UUID, kept: tuple[Organisation, Person], now: datetime
) -> None:
    farm, jo = kept
    theirs = make_resume_link(session, begun, now, made_by=jo.id)
    change_roles(session, farm.id, jo.id, frozenset({Role.RESPONDENT}), now)
    assert find_resume_link(session, theirs.token).assessment_id == begun
