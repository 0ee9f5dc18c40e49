from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import AssessmentUnknownError, start
from assess.banks.models import Edition, Stage
from assess.kit.mail.addresses import AddressUnfitError
from assess.kit.mail.models import Outgoing
from assess.kit.tokens import hash_token, new_token
from assess.plans.reminders import asking
from assess.plans.reminders.asking import (
    CONFIRM_DAYS,
    MOST_RUNNING,
    ReminderUnknownError,
    TooManyRemindersError,
    count_running,
    new_stop,
    remove_unconfirmed,
    stop_all,
    to_confirm,
    to_stop,
)
from assess.plans.reminders.models import QuietMailbox, Reminder
from assess.plans.reminders.quiet import QUIET_DAYS

SECRET = "the key of a test"
BASE = "https://assess.example.org"
WEEK = timedelta(days=CONFIRM_DAYS)


@pytest.fixture
def begun(session: Session, now: datetime) -> uuid.UUID:
    row = Edition(
        bank="farming", number=1, stage=Stage.PUBLISHED, source={}, compiled={}, digest="0" * 64, published_at=now
    )
    session.add(row)
    session.flush()
    return start(session, row.id, quick=False, now=now).id


def ask(session: Session, begun: uuid.UUID, address: str, now: datetime) -> str:
    """The token that the mail to this address carries; empty when none was written."""
    before = set(session.scalars(select(Outgoing.id)))
    asking.ask(session, begun, address, BASE, (SECRET,), now)
    written = session.scalars(select(Outgoing).where(Outgoing.id.not_in(before))).first()
    return written.body.split("/reminders/confirm/")[1].split()[0] if written else ""


def test_what_is_stored_of_the_tokens_opens_nothing(session: Session, begun: uuid.UUID, now: datetime) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    reminder = to_confirm(session, token, now)
    assert reminder.confirm_hash == hash_token(token)
    with pytest.raises(ReminderUnknownError):
        to_confirm(session, reminder.confirm_hash, now)


def test_confirming_twice_is_confirming_once(session: Session, begun: uuid.UUID, now: datetime) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    assert count_running(session, begun) == 0
    for hours in (1, 2):
        asking.confirm(session, token, now + timedelta(hours=hours))
    assert to_confirm(session, token, now + 9 * WEEK).confirmed_at == now + timedelta(hours=1)
    assert count_running(session, begun) == 1


def test_an_address_that_was_asked_or_is_reminded_gets_no_second_mail(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    assert not ask(session, begun, "JO+plan@farm.example", now)
    asking.confirm(session, token, now)
    assert not ask(session, begun, "jo@farm.example", now + 9 * WEEK)


def test_unconfirmed_it_ends_at_the_second_and_may_be_asked_anew(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    to_confirm(session, token, now + WEEK - timedelta(seconds=1))
    for use in (to_confirm, asking.confirm):
        with pytest.raises(ReminderUnknownError):
            use(session, token, now + WEEK)
    assert ask(session, begun, "jo@farm.example", now + WEEK)


def test_what_nobody_confirmed_is_deleted_with_its_address(session: Session, begun: uuid.UUID, now: datetime) -> None:
    ask(session, begun, "jo@farm.example", now)
    kept = ask(session, begun, "al@farm.example", now)
    asking.confirm(session, kept, now)
    assert remove_unconfirmed(session, now + WEEK - timedelta(seconds=1)) == 0
    assert remove_unconfirmed(session, now + WEEK + timedelta(seconds=1)) == 1
    session.commit()
    assert list(session.scalars(select(Reminder.address))) == ["al@farm.example"]
    assert "jo@farm.example" not in set(session.scalars(select(Outgoing.to_address)))


def test_every_stop_link_that_ever_went_out_ends_it_for_good(session: Session, begun: uuid.UUID, now: datetime) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    asking.confirm(session, token, now)
    reminder = to_confirm(session, token, now)
    links = [new_stop(session, reminder, BASE, now).rpartition("/")[2] for _ in range(3)]
    assert len(set(links)) == 3
    asking.stop(session, links[0], SECRET, now)
    asking.stop(session, links[2], SECRET, now + WEEK)
    stopped = to_stop(session, links[1])
    assert (stopped.stopped_at, stopped.address, stopped.told) == (now, "", {})
    with pytest.raises(ReminderUnknownError):
        asking.confirm(session, token, now)
    for nonsense in (new_token(), "x", ""):
        with pytest.raises(ReminderUnknownError):
            asking.stop(session, nonsense, SECRET, now)


def test_an_assessment_reminds_so_many_and_after_stopping_it_may_again(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    tokens = [ask(session, begun, f"a{number}@farm.example", now) for number in range(MOST_RUNNING + 1)]
    assert all(tokens), "what nobody confirmed does not count"
    for token in tokens[:-1]:
        asking.confirm(session, token, now)
    with pytest.raises(TooManyRemindersError):
        asking.confirm(session, tokens[-1], now)
    with pytest.raises(TooManyRemindersError):
        ask(session, begun, "jo@farm.example", now)
    asking.confirm(session, tokens[0], now)
    assert count_running(session, begun) == MOST_RUNNING
    stop_all(session, begun, now)
    assert set(session.scalars(select(Reminder.address))) == {""}
    assert ask(session, begun, "jo@farm.example", now)


def stop_link(session: Session, token: str, now: datetime) -> str:
    return new_stop(session, to_confirm(session, token, now), BASE, now).rpartition("/")[2]


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_mailbox_that_pressed_stop_is_not_asked_again_for_half_a_year_under_any_spelling(
    session: Session, begun: uuid.UUID, now: datetime, *, confirmed: bool
) -> None:
    token = ask(session, begun, "j.o+plan@googlemail.com", now)
    if confirmed:
        asking.confirm(session, token, now)
    asking.stop(session, stop_link(session, token, now), SECRET, now)
    edition = session.scalars(select(Edition.id)).one()
    another = start(session, edition, quick=False, now=now).id
    end = now + timedelta(days=QUIET_DAYS)
    for spelling in ("j.o+plan@googlemail.com", "jo@gmail.com", "JO+2@GMail.com"):
        assert not ask(session, begun, spelling, end - timedelta(seconds=1))
        assert not ask(session, another, spelling, now)
    assert ask(session, another, "al@gmail.com", now), "nobody else is kept from it"
    assert ask(session, begun, "jo@gmail.com", end)


def test_stopping_from_the_plan_keeps_nobody_from_asking_again(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    asking.confirm(session, ask(session, begun, "jo@farm.example", now), now)
    stop_all(session, begun, now)
    assert list(session.scalars(select(QuietMailbox))) == []
    assert ask(session, begun, "jo@farm.example", now)


def test_no_address_and_no_assessment(session: Session, begun: uuid.UUID, now: datetime) -> None:
    with pytest.raises(AddressUnfitError):
        ask(session, begun, "jo", now)
    with pytest.raises(AssessmentUnknownError):
        ask(session, uuid.uuid4(), "jo@farm.example", now)
