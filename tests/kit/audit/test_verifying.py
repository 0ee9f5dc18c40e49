"""Somebody with all rights over the database, but without the secret key, changes the log: it is found, and the first bad event named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from assess.kit.audit.anchoring import (
    Anchor,
    AnchorsUnfitError,
    anchor,
    anchor_daily,
    anchors_file,
    read_anchors,
)
from assess.kit.audit.keys import Keys
from assess.kit.audit.models import AuditEvent
from assess.kit.audit.recording import words_of
from assess.kit.audit.verifying import TamperedError, Whole, verify
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.people.models import Person
from tests.kit.audit.logbook import KEYS, SECRET, disarm, fill, tamper

pytestmark = pytest.mark.both_databases

COPY_OF_2 = (
    "INSERT INTO audit_event SELECT 7, at, action, who_kind, who, about_kind, about_id, assessment_alias, "
    "organisation_id, details, key_name, previous_hash, hash FROM audit_event WHERE number = 2"
)
OTHER = Keys("the key of somebody else, which is long enough")


def moved(number: int, to: int) -> str:
    return f"UPDATE audit_event SET number = {to} WHERE number = {number}"  # noqa: S608  # ours


def edit(database: Database) -> None:
    tamper(database, "UPDATE audit_event SET who = 'nobody' WHERE number = 3")


def delete(database: Database) -> None:
    tamper(database, "DELETE FROM audit_event WHERE number = 3")


def delete_and_close_the_gap(database: Database) -> None:
    tamper(
        database,
        "DELETE FROM audit_event WHERE number = 3",
        *(moved(number, number - 1) for number in (4, 5, 6)),
    )


def delete_the_first(database: Database) -> None:
    tamper(database, "DELETE FROM audit_event WHERE number = 1")


def add(database: Database) -> None:
    tamper(database, COPY_OF_2)


def push_in(database: Database) -> None:
    tamper(
        database,
        *(moved(number, number + 1) for number in (6, 5, 4, 3)),
        COPY_OF_2.replace("SELECT 7", "SELECT 3"),
    )


def reorder(database: Database) -> None:
    tamper(
        database,
        moved(3, 99),
        moved(5, 3),
        moved(99, 5),
    )


def cut_off(database: Database) -> None:
    tamper(database, "DELETE FROM audit_event WHERE number > 4")


def write_anew(keys: Keys, name: str) -> Callable[[Database], None]:
    """Change event 3 and seal everything from there on with a key, under this name."""

    def write(database: Database) -> None:
        columns = AuditEvent.__table__.c
        with database.engine.begin() as connection:
            disarm(connection)
            rows = [dict(row) for row in connection.execute(select(*columns).order_by(columns.number)).mappings()]
            connection.execute(text("DELETE FROM audit_event WHERE number > 2"))
            before = rows[1]["hash"]
            for row in rows[2:]:
                row |= {"who": "nobody", "key_name": name, "previous_hash": before}
                before = row["hash"] = keys.seal(words_of(row))
                connection.execute(insert(AuditEvent), row)

    return write


@pytest.fixture
def anchors(database: Database, now: datetime, tmp_path: Path) -> list[Anchor]:
    """Six events of which the anchor knows."""
    fill(database, now)
    with database.reading() as session:
        anchor(session, KEYS, tmp_path / "anchors", now)
    return list(read_anchors(tmp_path / "anchors", KEYS))


@pytest.mark.parametrize(
    ("tampering", "first", "says"),
    [
        (edit, 3, "was changed"),
        (delete, 3, "is missing"),
        (delete_and_close_the_gap, 3, "does not follow"),
        (delete_the_first, 1, "is missing"),
        (add, 7, "does not follow"),
        (push_in, 3, "does not follow"),
        (reorder, 3, "does not follow"),
        (cut_off, 5, "is missing: the anchor of 24 November 2026 saw 6 events"),
        (write_anew(OTHER, OTHER.name), 3, "a key that is not among"),
        (write_anew(OTHER, KEYS.name), 3, "was changed"),
        (write_anew(KEYS, KEYS.name), 6, "is not the one that the anchor of 24 November 2026 saw"),
    ],
)
def test_every_tampering_is_found_and_the_first_bad_event_is_named(
    database: Database,
    anchors: list[Anchor],
    now: datetime,
    tampering: Callable[[Database], None],
    first: int,
    says: str,
) -> None:
    with database.reading() as session:
        assert verify(session, KEYS, anchors, now) == Whole(6, 1)
    tampering(database)
    with database.reading() as session, pytest.raises(TamperedError, match=f"^Event {first} .*{says}") as found:
        verify(session, KEYS, anchors, now)
    assert found.value.number == first


def test_a_tail_cut_off_after_the_newest_anchor_is_seen_by_nobody_and_before_it_by_the_anchor(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    fill(database, now, 2)
    tamper(database, "DELETE FROM audit_event WHERE number = 8")
    with database.reading() as session:
        assert verify(session, KEYS, anchors, now) == Whole(7, 1)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_event WHERE number > 5"))
    with database.reading() as session, pytest.raises(TamperedError, match="Event 6 is missing"):
        verify(session, KEYS, anchors, now)
    with database.reading() as session:
        assert verify(session, KEYS, [], now) == Whole(5, 0), (
            "the chain alone does not notice: this is why there are anchors"
        )


def test_whoever_cuts_off_the_anchors_too_leaves_events_without_one(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    later = now + timedelta(days=2)
    fill(database, later - timedelta(hours=1), 2)
    with database.reading() as session:
        assert verify(session, KEYS, anchors, later) == Whole(8, 1)
        later += timedelta(hours=1)
        with pytest.raises(TamperedError, match="Event 1 and those after it have no anchor"):
            verify(session, KEYS, [], later)
        with pytest.raises(TamperedError, match="Event 7 and those after it have no anchor"):
            verify(session, KEYS, anchors, later + timedelta(days=3))


def test_everything_taken_away_is_seen_by_the_anchor(database: Database, anchors: list[Anchor], now: datetime) -> None:
    tamper(database, "DELETE FROM audit_event")
    with database.reading() as session, pytest.raises(TamperedError, match="Event 1 is missing"):
        verify(session, KEYS, anchors, now)


def test_a_log_that_is_younger_than_the_database_was_begun_anew(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    with database.writing() as session:
        session.add(Person(email="jo@farm.example", name="Jo", made_at=now - timedelta(hours=20), confirmed_at=now))
    with database.reading() as session:
        assert verify(session, KEYS, anchors, now) == Whole(6, 1)
    tamper(database, "DELETE FROM audit_event")
    later = now + timedelta(days=5)
    with database.reading() as session:
        assert verify(session, KEYS, [], now) == Whole(0, 0), "a database of this day"
        with pytest.raises(TamperedError, match=r"Event 1 is missing: the table person has a row of 2. November 2026"):
            verify(session, KEYS, [], later)
    fill(database, later)
    with database.reading() as session, pytest.raises(TamperedError, match=r"Event 1 is of 29 .*earlier ones are miss"):
        verify(session, KEYS, [], later)


def test_a_new_secret_key_goes_on_where_the_old_one_stopped(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    changed = Keys("a new secret key of this site, long enough", (SECRET,))
    fill(database, now, 2, changed)
    with database.reading() as session:
        assert verify(session, changed, anchors, now) == Whole(8, 1)
        with pytest.raises(TamperedError, match=r"Event 7 .*a key that is not among"):
            verify(session, KEYS, anchors, now)


def test_an_empty_log_is_whole(database: Database, now: datetime) -> None:
    with database.reading() as session:
        assert verify(session, KEYS, [], now) == Whole(0, 0)


@pytest.fixture
def nights(database: Database, database_url: str, now: datetime, tmp_path: Path) -> Path:
    """Two nights, each after two events. The file of anchors."""
    settings = Settings(env="development", secret_key=SECRET, database_url=database_url, data_folder=tmp_path)
    for day in range(2):
        night = now + timedelta(days=day)
        fill(database, night, 2)
        anchor_daily(Night(database, settings, night))
    return anchors_file(settings)


@dataclass
class Night:
    """What the job of the night is given."""

    database: Database
    settings: Settings
    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def progress(self, done: int, total: int) -> None:
        raise AssertionError(done, total)


def test_events_and_the_anchor_that_saw_them_cut_off_together_are_missed(
    database: Database, nights: Path, now: datetime
) -> None:
    day = timedelta(days=1)
    with database.reading() as session:
        assert verify(session, KEYS, read_anchors(nights, KEYS), now + day) == Whole(6, 2)
    first, _second = nights.read_text().splitlines(keepends=True)
    nights.write_text(first)
    tamper(database, "DELETE FROM audit_event WHERE number > 3")
    left = read_anchors(nights, KEYS)
    with database.reading() as session:
        with pytest.raises(AnchorsUnfitError, match=r"Line 1 .*is the newest, and it is older than 2 days"):
            verify(session, KEYS, left, now + 30 * day)
        anchor(session, KEYS, nights, now + 30 * day)
        covered = read_anchors(nights, KEYS)
        ended = (now + 30 * day).date()
        for known in ([], [(2, ended - day)], [(3, ended)]):
            with pytest.raises(AnchorsUnfitError, match=r"Line 2 .*follows one of 24 November 2026, more than 2 days"):
                verify(session, KEYS, covered, now + 30 * day, known)
        whole = verify(session, KEYS, covered, now + 30 * day, [(2, ended)])
        assert [(gap.line, gap.since.date(), gap.until.date()) for gap in whole.gaps] == [(2, now.date(), ended)]


def test_an_anchor_cut_off_alone_is_missed_at_once(database: Database, nights: Path, now: datetime) -> None:
    first, _second = nights.read_text().splitlines(keepends=True)
    nights.write_text(first)
    with database.reading() as session:
        with pytest.raises(AnchorsUnfitError, match=r"Line 2 .*is missing: the log tells of 2 anchors"):
            verify(session, KEYS, read_anchors(nights, KEYS), now + timedelta(days=1))
        anchor(session, KEYS, nights, now + timedelta(days=1))
        assert verify(session, KEYS, read_anchors(nights, KEYS), now + timedelta(days=1)) == Whole(6, 2)
