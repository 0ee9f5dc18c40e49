"""Asking, taking back, moving the date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.mail.models import Outgoing
from assess.suppliers.inviting import Ask, invite, latest_of, living, move_due, take_back
from assess.suppliers.models import Status, What
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY
from tests.suppliers.letter_settings import MAILING
from tests.suppliers.makers import DUE, a_buyer, a_supplier, later

ASK = Ask("farming", quick=False, due=DUE, message="Hello", send_on=TODAY.date())


def test_the_letter_goes_at_once_or_waits_for_its_day(session: Session) -> None:
    council = a_buyer(session, "The Council")
    farm = a_supplier(session, council, "Farm", email="a@b.example")
    made = invite(session, farm, ASK, MAILING, TODAY, by=None)
    assert (made.status, made.number, made.sent_at) == (Status.INVITED, 1, TODAY)
    mill = a_supplier(session, council, "Mill", email="m@b.example")
    waiting = invite(session, mill, replace(ASK, send_on=later(3).date()), MAILING, TODAY, by=None)
    assert (waiting.status, waiting.sent_at) == (Status.WAITING, None)
    assert len(session.scalars(select(Outgoing)).all()) == 1


def test_asking_anew_ends_what_was_asked_before(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm", email="a@b.example")
    first = invite(session, farm, ASK, MAILING, TODAY, by=None)
    second = invite(session, farm, ASK, MAILING, later(1), by=None)
    assert not first.lives
    assert second.number == 2
    assert list(living(session, farm.id)) == [second]
    assert latest_of(session, [farm.id]) == {farm.id: second}
    waiting = [mail.event for mail in session.scalars(select(Outgoing)) if mail.waits]
    assert waiting == [f"{second.events}first"], "the older letter had not left"


def test_taking_back_ends_the_letter_that_waits_and_is_noted_once(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm", email="a@b.example")
    made = invite(session, farm, ASK, MAILING, TODAY, by=None)
    for _ in range(2):
        take_back(session, made, later(1), by=None)
    mail = session.scalars(select(Outgoing)).one()
    assert (mail.waits, mail.to_address) == (False, "")
    assert [event.what for event in trail_of(session, [farm.id])].count(What.TAKEN_BACK) == 1


def test_a_date_is_moved_and_the_same_date_changes_nothing(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    made = invite(session, farm, ASK, MAILING, TODAY, by=None)
    for _ in range(2):
        move_due(session, made, date(2027, 1, 8), TODAY, by=None)
    assert made.due == date(2027, 1, 8)
    moved = [event for event in trail_of(session, [farm.id]) if event.what is What.DUE_MOVED]
    assert [event.details for event in moved] == [{"due": "2027-01-08"}]
