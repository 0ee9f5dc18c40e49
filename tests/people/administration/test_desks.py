from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from assess.people.accounts.deleting import delete_account
from assess.people.accounts.people import appoint
from assess.people.administration.desks import (
    LastAdministratorError,
    NotReadyError,
    PersonUnknownError,
    give_desk,
    may_be_second,
    may_review,
    take_desk,
)
from assess.people.administration.people import disable, enable
from assess.people.models import Desk
from assess.people.organisations.separation import MixedError
from tests.people.persons import a_person, an_organisation

OPEN = Settings(env="development", operator_name="A network")


def test_a_desk_is_given_and_taken_and_all_who_have_one_are_told(session: Session, now: datetime) -> None:
    ann, ada = a_person(session, "ann@farm.example"), a_person(session, "ada@desk.example", desk="administrator")
    give_desk(session, ann.id, Desk.COORDINATOR, OPEN, ada.id, now)
    assert ann.desk is Desk.COORDINATOR
    told = sorted(session.scalars(select(Outgoing)), key=lambda one: one.to_address)
    assert [one.to_address for one in told] == ["ada@desk.example", "ann@farm.example"]
    assert "ann@farm.example now works here as a coordinator. That was decided by ada@desk.example." in told[0].body
    take_desk(session, ann.id, ada.id, now)
    assert ann.desk is None
    assert len(session.scalars(select(Outgoing)).all()) == 4


def test_whoever_got_a_desk_lately_or_from_the_other_is_no_second_person(session: Session, now: datetime) -> None:
    ada, ann, bob = (
        a_person(session, "ada@desk.example"),
        a_person(session, "ann@x.example"),
        a_person(session, "bob@x.example"),
    )
    appoint(session, ada.id, Desk.ADMINISTRATOR, now)
    assert may_be_second(session, ada.id, None, now), "the first of an installation"
    for one in (ann, bob):
        give_desk(session, one.id, Desk.COORDINATOR, OPEN, ada.id, now)
    soon, later = now + timedelta(days=14, seconds=-1), now + timedelta(days=14)
    assert not may_be_second(session, ann.id, bob.id, soon)
    assert may_be_second(session, ann.id, bob.id, later)
    assert not may_be_second(session, ann.id, ann.id, later)
    assert not may_be_second(session, ann.id, ada.id, later)
    assert not may_be_second(session, ada.id, ann.id, later)
    give_desk(session, bob.id, Desk.COORDINATOR, OPEN, ann.id, later)
    assert may_be_second(session, ann.id, bob.id, later), "the same desk again changes nothing"
    disable(session, bob.id, ada.id, later)
    assert (
        "bob@x.example no longer works here"
        in session.scalars(select(Outgoing).order_by(Outgoing.id.desc())).all()[0].body
    )
    assert not may_be_second(session, ann.id, bob.id, later)
    enable(session, bob.id, ada.id, later)
    assert not may_be_second(session, ann.id, bob.id, later), "nobody has looked after an account that was closed"
    eve = a_person(session, "eve@x.example")
    appoint(session, eve.id, Desk.ADMINISTRATOR, later)
    assert not may_be_second(session, eve.id, None, later), "not the first any more"


def test_mailboxes_that_let_each_other_in_are_one_person(session: Session, now: datetime) -> None:
    eve, ann = (a_person(session, f"{name}@desk.example", desk="administrator") for name in ("eve", "ann"))
    boxes = [a_person(session, f"box{number}@x.example") for number in range(3)]
    by = eve
    for box in boxes:
        give_desk(session, box.id, Desk.ADMINISTRATOR, OPEN, by.id, now)
        by = box
    later = now + timedelta(days=30)

    def only_ann_is_another() -> None:
        everybody = [eve, *boxes]
        for one in everybody:
            assert may_be_second(session, ann.id, one.id, later) == may_be_second(session, one.id, ann.id, later)
            assert may_be_second(session, one.id, ann.id, later)
            assert not any(may_be_second(session, one.id, other.id, later) for other in everybody)

    only_ann_is_another()
    for _ in range(2):
        take_desk(session, boxes[0].id, boxes[1].id, now)
        give_desk(session, boxes[0].id, Desk.ADMINISTRATOR, OPEN, boxes[1].id, now)
    only_ann_is_another()
    disable(session, boxes[0].id, boxes[2].id, now)
    enable(session, boxes[0].id, boxes[2].id, now)
    only_ann_is_another()
    take_desk(session, boxes[0].id, eve.id, now)
    assert not may_be_second(session, eve.id, boxes[2].id, later)
    delete_account(session, boxes.pop(0).id, now)
    session.expire_all()
    only_ann_is_another()


def test_an_administrator_reviews_what_her_only_coordinator_wrote_but_not_in_the_first_days(
    session: Session, now: datetime
) -> None:
    ada = a_person(session, "ada@desk.example", made_at=now - timedelta(days=100))
    ann, bob = a_person(session, "ann@x.example"), a_person(session, "bob@x.example", made_at=now - timedelta(days=90))
    appoint(session, ada.id, Desk.ADMINISTRATOR, now - timedelta(days=100))
    give_desk(session, ann.id, Desk.COORDINATOR, OPEN, ada.id, now)
    soon, later = now + timedelta(days=14, seconds=-1), now + timedelta(days=14)
    for one, other in ((ada, ann), (ann, ada)):
        assert not may_review(session, one.id, {other.id}, soon), "a mailbox made for it"
        assert may_review(session, one.id, {other.id}, later)
        assert not may_review(session, one.id, {one.id, other.id}, later)
    assert may_review(session, ada.id, {None, bob.id}, soon), "whoever has no desk any more, or no account, bars nobody"
    disable(session, ann.id, ada.id, later)
    assert not may_review(session, ann.id, {ada.id}, later)


def test_where_everybody_is_new_the_second_person_may_be_new(session: Session, now: datetime) -> None:
    ada, ann = (a_person(session, f"{name}@desk.example", made_at=now) for name in ("ada", "ann"))
    appoint(session, ada.id, Desk.ADMINISTRATOR, now)
    give_desk(session, ann.id, Desk.COORDINATOR, OPEN, ada.id, now)
    assert may_review(session, ada.id, {ann.id}, now)
    assert not may_review(session, ada.id, {ada.id}, now)
    assert not may_be_second(session, ada.id, ann.id, now), "the helpline stays"


def test_the_last_administrator_stays(session: Session, now: datetime) -> None:
    ada, abe = (a_person(session, f"{name}@desk.example", desk="administrator") for name in ("ada", "abe"))
    abe.disabled_at = now
    session.flush()
    with pytest.raises(LastAdministratorError):
        take_desk(session, ada.id, abe.id, now)
    with pytest.raises(LastAdministratorError):
        give_desk(session, ada.id, Desk.COORDINATOR, OPEN, ada.id, now)
    abe.disabled_at = None
    session.flush()
    take_desk(session, ada.id, abe.id, now)


def test_nobody_gets_one_who_is_not_ready_or_buys(session: Session, now: datetime) -> None:
    new, shut = a_person(session, "new@farm.example", confirmed=False), a_person(session, "shut@farm.example")
    shut.disabled_at = now
    bea = a_person(session, "bea@shop.example")
    an_organisation(session, "Big Shop", buyer=bea)
    for person in (new, shut):
        with pytest.raises(NotReadyError):
            give_desk(session, person.id, Desk.COORDINATOR, OPEN, person.id, now)
    with pytest.raises(MixedError):
        give_desk(session, bea.id, Desk.ADMINISTRATOR, OPEN, bea.id, now)
    with pytest.raises(PersonUnknownError):
        take_desk(session, uuid.UUID(int=5), bea.id, now)
