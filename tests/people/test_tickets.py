from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta

import pytest

from assess.kit.db import Database
from assess.people.tickets import TicketUnknownError, end_all, find, find_used, forget_old, issue, use

pytestmark = pytest.mark.both_databases

HOUR = timedelta(hours=1)


def test_a_link_acts_once_and_is_not_used_up_by_looking(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = issue(session, "confirm", "ann@farm.example", now, lasts=HOUR)
    for _ in range(10):
        with database.reading() as look:
            assert find(look, "confirm", token, now).email == "ann@farm.example"
    with database.writing() as session:
        assert use(session, "confirm", token, now).email == "ann@farm.example"
    with database.writing() as session, pytest.raises(TicketUnknownError):
        use(session, "confirm", token, now)
    with database.reading() as look, pytest.raises(TicketUnknownError):
        find(look, "confirm", token, now)


def test_of_twenty_at_once_one_gets_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = issue(session, "confirm", "ann@farm.example", now, lasts=HOUR)
    won: list[int] = []
    lost: list[int] = []

    def one(number: int) -> None:
        try:
            with database.writing() as session:
                use(session, "confirm", token, now)
        except TicketUnknownError:
            lost.append(number)
        else:
            won.append(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)


@pytest.mark.parametrize("spoilt", ["late", "of another kind", "nonsense", "older"])
def test_whatever_is_wrong_with_a_link_reads_alike(database: Database, now: datetime, spoilt: str) -> None:
    with database.writing() as session:
        token = issue(session, "confirm", "ann@farm.example", now, lasts=HOUR)
        if spoilt == "older":
            issue(session, "confirm", "ann@farm.example", now, lasts=HOUR)
    kind = "reset" if spoilt == "of another kind" else "confirm"
    moment = now + HOUR if spoilt == "late" else now
    with database.writing() as session, pytest.raises(TicketUnknownError):
        use(session, kind, "rubbish" if spoilt == "nonsense" else token, moment)


def test_a_link_taken_back_opens_nothing_and_old_ones_are_forgotten(database: Database, now: datetime) -> None:
    about = uuid.uuid4()
    with database.writing() as session:
        token = issue(session, "join", "ann@farm.example", now, lasts=HOUR, about=about)
        end_all(session, "join", about=about)
    with database.writing() as session, pytest.raises(TicketUnknownError):
        use(session, "join", token, now)
    with database.writing() as session:
        kept = issue(session, "join", "bob@farm.example", now, lasts=HOUR)
        forget_old(session, now + HOUR + HOUR)
        with pytest.raises(TicketUnknownError):
            find(session, "join", kept, now)


def test_a_used_link_of_a_share_still_shows_the_way_until_its_time_is_up(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = issue(session, "share", "ann@farm.example", now, lasts=HOUR)
        with pytest.raises(TicketUnknownError):
            find_used(session, "share", token, now)
        use(session, "share", token, now)
        forget_old(session, now)
        assert find_used(session, "share", token, now).email == "ann@farm.example"
        with pytest.raises(TicketUnknownError):
            find_used(session, "share", token, now + HOUR)
