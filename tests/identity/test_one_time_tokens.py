from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.core.links import LinkUnknownError
from assess.identity.models import Membership, Organisation, Person, Role, Site
from assess.identity.one_time_tokens import (
    delete_expired_tokens,
    find_token,
    find_used_token,
    issue_token,
    revoke_tokens,
    use_token,
)
from assess.identity.permissions import ALL_PERMISSIONS, PERMISSIONS, Relation, relations_allow

HOUR = timedelta(hours=1)


@pytest.mark.both_databases
def test_a_link_acts_once_and_is_not_used_up_by_looking(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = issue_token(session, "confirm", "ann@farm.example", now, lasts=HOUR)
    for _ in range(10):
        with database.reading() as look:
            assert find_token(look, "confirm", token, now).email == "ann@farm.example"
    with database.writing() as session:
        assert use_token(session, "confirm", token, now).email == "ann@farm.example"
    with database.writing() as session, pytest.raises(LinkUnknownError):
        use_token(session, "confirm", token, now)
    with database.reading() as look, pytest.raises(LinkUnknownError):
        find_token(look, "confirm", token, now)


@pytest.mark.both_databases
def test_of_twenty_at_once_one_gets_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = issue_token(session, "confirm", "ann@farm.example", now, lasts=HOUR)
    won: list[int] = []
    lost: list[int] = []

    def one(number: int) -> None:
        try:
            with database.writing() as session:
                use_token(session, "confirm", token, now)
        except LinkUnknownError:
            lost.append(number)
        else:
            won.append(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)


@pytest.mark.both_databases
@pytest.mark.parametrize("spoilt", ["late", "of another kind", "nonsense", "older"])
def test_whatever_is_wrong_with_a_link_reads_alike(database: Database, now: datetime, spoilt: str) -> None:
    with database.writing() as session:
        token = issue_token(session, "confirm", "ann@farm.example", now, lasts=HOUR)
        if spoilt == "older":
            issue_token(session, "confirm", "ann@farm.example", now, lasts=HOUR)
    kind = "reset" if spoilt == "of another kind" else "confirm"
    moment = now + HOUR if spoilt == "late" else now
    with database.writing() as session, pytest.raises(LinkUnknownError):
        use_token(session, kind, "rubbish" if spoilt == "nonsense" else token, moment)


@pytest.mark.both_databases
def test_a_link_taken_back_opens_nothing_and_old_ones_are_forgotten(database: Database, now: datetime) -> None:
    about = uuid.uuid4()
    with database.writing() as session:
        token = issue_token(session, "join", "ann@farm.example", now, lasts=HOUR, about=about)
        revoke_tokens(session, "join", about=about)
    with database.writing() as session, pytest.raises(LinkUnknownError):
        use_token(session, "join", token, now)
    with database.writing() as session:
        kept = issue_token(session, "join", "bob@farm.example", now, lasts=HOUR)
        delete_expired_tokens(session, now + HOUR + HOUR)
        with pytest.raises(LinkUnknownError):
            find_token(session, "join", kept, now)


@pytest.mark.both_databases
def test_a_used_link_of_a_share_still_shows_the_way_until_its_time_is_up(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = issue_token(session, "share", "ann@farm.example", now, lasts=HOUR)
        with pytest.raises(LinkUnknownError):
            find_used_token(session, "share", token, now)
        use_token(session, "share", token, now)
        delete_expired_tokens(session, now)
        assert find_used_token(session, "share", token, now).email == "ann@farm.example"
        with pytest.raises(LinkUnknownError):
            find_used_token(session, "share", token, now + HOUR)


def a_member(session: Session, now: datetime) -> tuple[Person, Organisation]:
    person = Person(email="ann@farm.example", made_at=now)
    farm = Organisation(name="Fen Edge Growers", made_at=now)
    session.add_all([person, farm])
    session.flush()
    session.add(Membership(organisation_id=farm.id, person_id=person.id, role=Role.MANAGER, made_at=now))
    session.add(Site(organisation_id=farm.id, name="Home farm", made_at=now))
    session.flush()
    return person, farm


@pytest.mark.both_databases
def test_an_address_has_one_account_and_a_role_is_held_once(session: Session, now: datetime) -> None:
    person, farm = a_member(session, now)
    session.commit()
    session.add(Person(email="ann@farm.example", made_at=now))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    session.add(Membership(organisation_id=farm.id, person_id=person.id, role=Role.MANAGER, made_at=now))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.both_databases
def test_what_hangs_on_an_organisation_goes_with_it_and_the_person_stays(session: Session, now: datetime) -> None:
    a_member(session, now)
    session.execute(delete(Organisation))
    left = [session.scalar(select(func.count()).select_from(table)) for table in (Membership, Site, Person)]
    assert left == [0, 0, 1]


DESK = {Relation.COORDINATOR, Relation.ADMINISTRATOR}


def test_what_is_not_listed_nobody_may() -> None:
    assert not relations_allow("answers.sell", frozenset(Relation))


def test_no_staff_read_or_change_what_a_business_answered() -> None:
    about_answers = [
        name for name in ALL_PERMISSIONS if name.split(".")[0] not in {"desk", "account", "public", "banks", "names"}
    ]
    assert [name for name in about_answers if PERMISSIONS[name] & DESK] == []


def test_a_buyer_does_nothing_but_read_what_was_shared() -> None:
    seen = {name for name in ALL_PERMISSIONS if PERMISSIONS[name] & {Relation.RECIPIENT, Relation.BUYER_LINK}}
    assert seen == {"shared.read"}


def test_a_link_heads_nothing_of_an_organisation_and_makes_no_other_link() -> None:
    by_link = {name for name in ALL_PERMISSIONS if Relation.LINK_HOLDER in PERMISSIONS[name]}
    assert by_link == {
        "assessment.answer",
        "assessment.read",
        "assessment.submit",
        "comment.write",
        "plan.files",
        "plan.follow",
        "plan.read",
        "reminder.manage",
        "visit.leave",
    }
