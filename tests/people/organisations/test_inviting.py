from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.kit.mail.models import Outgoing
from assess.people.models import Role, Ticket
from assess.people.organisations.inviting import (
    INVITATIONS,
    AlreadyInError,
    InvitationUnknownError,
    fit_invited,
    forget_old,
    invitation_of,
    invite,
    look,
    open_invitations,
)
from assess.people.tickets import TicketUnknownError
from tests.people.persons import a_person, an_organisation, confirm_name

BASE = "https://assess.example"
SIGNS = frozenset({Role.SIGNER})


def token_of(session: Session) -> str:
    found = re.search(
        r"/join/(\S{43})", session.scalars(select(Outgoing.body).order_by(Outgoing.id.desc())).first() or ""
    )
    assert found
    return found.group(1)


def test_a_name_nobody_confirmed_stands_in_no_mail_and_another_makes_no_link(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Win at evil.example")
    invite(session, farm, "jo@farm.example", SIGNS, BASE, now, secret="secret")
    unconfirmed = session.scalars(select(Outgoing)).one()
    assert "Somebody asks you to join their organisation" in unconfirmed.body
    assert "Win" not in unconfirmed.body + unconfirmed.subject
    session.delete(unconfirmed)
    confirm_name(farm, "farm.example")
    invite(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    mail = session.scalars(select(Outgoing)).one()
    assert "“Win at evil. example”" in mail.body
    assert mail.body.count("://") == 2, "to join, and to be asked no more"
    assert mail.stop == f"{BASE}{INVITATIONS.stop_path('kim@farm.example', 'secret')}"
    assert "signs" not in mail.subject.lower()
    assert "slavery" not in (mail.subject + mail.body).lower()


def test_the_same_is_asked_of_the_database_whoever_is_invited(database: Database, now: datetime) -> None:
    """What is not looked up can take no other time."""
    asked: dict[str, list[str]] = {}
    with database.writing() as session:
        farm = an_organisation(session, "Fen Edge", signer=a_person(session, "sue@farm.example"))
        a_person(session, "known@farm.example")
        a_person(session, "desk@farm.example", desk="coordinator")
        a_person(session, "shut@farm.example").disabled_at = now
        session.flush()
        invite(
            session, farm, "first@farm.example", frozenset(Role), BASE, now, secret="secret"
        )  # the first mail of all begins the count of mails
        said: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda _c, _k, statement, *_more: said.append(statement))
        for name in ("known", "none", "desk", "shut"):
            said.clear()
            invite(session, farm, f"{name}@farm.example", frozenset(Role), BASE, now, secret="secret")
            asked[name] = list(said)
    assert asked["none"]
    assert asked["known"] == asked["desk"] == asked["shut"] == asked["none"]
    assert not [statement for statement in asked["known"] if "person.email =" in statement]


def test_an_address_is_taken_as_accounts_have_it() -> None:
    assert fit_invited(" Kim@Farm.Example ") == "kim@farm.example"


def test_inviting_again_leaves_one_invitation_and_one_link(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Farm", signer=a_person(session, "sue@farm.example"))
    invite(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    first = token_of(session)
    again = invite(session, farm, "kim@farm.example", frozenset({Role.MANAGER, Role.BUYER}), BASE, now, secret="secret")
    assert again.as_roles == {Role.MANAGER, Role.BUYER}
    assert open_invitations(session, farm.id, now) == [again]
    with pytest.raises(TicketUnknownError):
        look(session, first, now)
    assert look(session, token_of(session), now) == (farm, again)
    with pytest.raises(AlreadyInError):
        invite(session, farm, "sue@farm.example", SIGNS, BASE, now, secret="secret")


def test_invitations_of_another_organisation_are_not_there(session: Session, now: datetime) -> None:
    farm, hotel = an_organisation(session, "Farm"), an_organisation(session, "Hotel")
    one = invite(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    invite(session, hotel, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    assert len(session.scalars(select(Ticket)).all()) == 2, "each has its own link"
    with pytest.raises(InvitationUnknownError):
        invitation_of(session, hotel.id, one.id)


def test_what_nobody_accepted_in_time_is_deleted(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Farm")
    invite(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    forget_old(session, now + timedelta(days=6))
    assert open_invitations(session, farm.id, now)
    forget_old(session, now + timedelta(days=7))
    assert not open_invitations(session, farm.id, now)
