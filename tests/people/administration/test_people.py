from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assess.people import tickets
from assess.people.accounts.links import NEW_EMAIL, PROVE, RESET
from assess.people.administration.desks import PersonUnknownError
from assess.people.administration.paging import Wanted
from assess.people.administration.people import disable, enable, find_people, see_person, sign_out_everywhere
from assess.people.models import Role
from tests.people.persons import a_person, an_organisation


def test_people_are_found_by_a_part_of_address_or_name(session: Session) -> None:
    a_person(session, "ann@farm.example", name="Ann O’Neil")
    a_person(session, "100%@farm.example")
    a_person(session, "bob@hotel.example")
    assert [one.email for one in find_people(session, Wanted("FARM")).rows] == ["100%@farm.example", "ann@farm.example"]
    assert [one.email for one in find_people(session, Wanted("neil")).rows] == ["ann@farm.example"]
    assert [one.email for one in find_people(session, Wanted("%")).rows] == ["100%@farm.example"]
    assert len(find_people(session, Wanted()).rows) == 3


def test_one_is_seen_with_what_they_do_and_without_secrets(session: Session, now: datetime) -> None:
    ann = a_person(session, "ann@farm.example")
    ann.password_hash = "$argon2id$secret"
    farm = an_organisation(session, "Fen Edge", manager=ann, signer=ann)
    seen = see_person(session, ann.id, now)
    assert seen.roles == [(farm.id, "Fen Edge", {Role.MANAGER, Role.SIGNER})]
    assert "secret" not in repr(seen)
    with pytest.raises(PersonUnknownError):
        see_person(session, uuid.UUID(int=5), now)


def test_whoever_is_disabled_has_no_link_left(session: Session, now: datetime) -> None:
    ann = a_person(session, "ann@farm.example")
    token = tickets.issue(session, "reset", ann.email, now, lasts=timedelta(hours=1), person_id=ann.id)
    disable(session, ann.id, ann.id, now)
    assert ann.disabled_at == now
    with pytest.raises(tickets.TicketUnknownError):
        tickets.find(session, "reset", token, now)
    enable(session, ann.id, ann.id, now)
    assert ann.disabled_at is None


def test_signing_somebody_out_everywhere_ends_the_links_their_browsers_asked_for(
    session: Session, now: datetime
) -> None:
    ann, bob = a_person(session, "ann@farm.example"), a_person(session, "bob@farm.example")
    tokens = [
        tickets.issue(session, kind, one.email, now, lasts=timedelta(hours=1), person_id=one.id, about=uuid.uuid4())
        for one in (ann, bob)
        for kind in (NEW_EMAIL, PROVE, RESET)
    ]
    sign_out_everywhere(session, ann.id)
    for kind, token in zip((NEW_EMAIL, PROVE, RESET), tokens[:3], strict=True):
        with pytest.raises(tickets.TicketUnknownError):
            tickets.find(session, kind, token, now)
    assert tickets.find(session, RESET, tokens[5], now).person_id == bob.id
