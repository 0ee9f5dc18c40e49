"""Somebody with all rights over the database, but without the secret key, changes the log: it is found, and the first bad event named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from assess.app import load_jobs
from assess.core.audit.services import FIRST_PREVIOUS_HASH, AuditKeys, canonical_json
from assess.core.audit.verify import (
    Anchor,
    InvalidAnchorsError,
    TamperedError,
    VerifiedLog,
    anchor_audit,
    anchors_file,
    read_anchors,
    verify_log,
    write_anchor,
)
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import all_schedules
from assess.core.jobs.worker import enqueue_due, run_due_jobs
from assess.core.models import AuditEvent
from assess.identity.models import Person
from tests.core.audit.audit_log import KEYS, SECRET, disarm, fill, tamper

pytestmark = pytest.mark.both_databases


@pytest.fixture
def file(database: Database, now: datetime, tmp_path: Path) -> Path:
    """Three anchors, one a day, each over one event more."""
    path = tmp_path / "deeper" / "anchors"
    for day in range(3):
        fill(database, now, 1)
        with database.reading() as session:
            write_anchor(session, KEYS, path, now + timedelta(days=day))
    return path


def test_an_anchor_is_a_line_only_the_service_can_read_and_a_log_line(
    database: Database, file: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    one, two, three = read_anchors(file, KEYS)
    assert [found.head.number for found in (one, two, three)] == [1, 2, 3]
    assert (one.at, three.at) == (now, now + timedelta(days=2))
    with database.reading() as session:
        four = write_anchor(session, KEYS, file, now)
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["event"], line["number"], line["reason"]) == ("audit_anchor", 3, three.head.hash)
    assert file.read_text().splitlines()[-1] == four.words
    assert four.head.hash == three.head.hash


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        ([0, 2], 2, "is missing: number 3 stands there"),
        ([1, 2], 1, "is missing: number 2 stands there"),
        ([1, 0, 2], 1, "is missing"),
        ([0, 0, 1, 2], 2, "is missing"),
    ],
)
def test_a_line_that_is_missing_or_out_of_place_is_named(file: Path, lines: list[int], line: int, says: str) -> None:
    there = file.read_text().splitlines()
    file.write_text("\n".join(there[number] for number in lines) + "\n")
    with pytest.raises(InvalidAnchorsError, match=f"^Line {line} of the anchors {says}") as found:
        read_anchors(file, KEYS)
    assert found.value.line == line


def test_a_line_that_was_changed_is_named(file: Path) -> None:
    whole = file.read_text()
    file.write_text(whole.replace("T09:30:00+00:00 2 ", "T09:30:00+00:00 1 "))
    with pytest.raises(InvalidAnchorsError, match="Line 2 of the anchors was changed"):
        read_anchors(file, KEYS)
    file.write_text(whole + "canary\n")
    with pytest.raises(InvalidAnchorsError, match=r"Line 4 of the anchors is no anchor\.$"):
        read_anchors(file, KEYS)
    file.write_text(whole)
    with pytest.raises(InvalidAnchorsError, match=r"Line 1 .*a key that is not among"):
        read_anchors(file, AuditKeys("the key of somebody else, which is long enough"))


def test_whoever_closes_the_numbers_over_a_missing_line_is_found(file: Path) -> None:
    one, _two, three = file.read_text().splitlines()
    file.write_text(f"{one}\n2{three[1:]}\n")
    with pytest.raises(InvalidAnchorsError, match="Line 2 of the anchors was changed"):
        read_anchors(file, KEYS)


def test_nothing_is_added_to_a_file_that_somebody_has_to_look_at(database: Database, file: Path, now: datetime) -> None:
    file.write_text("canary\n")
    with database.reading() as session, pytest.raises(InvalidAnchorsError):
        write_anchor(session, KEYS, file, now)
    assert file.read_text() == "canary\n"


def test_anchors_go_on_under_a_new_secret_key(database: Database, file: Path, now: datetime) -> None:
    changed = AuditKeys("a new secret key of this site, long enough", (SECRET,))
    with database.reading() as session:
        write_anchor(session, changed, file, now)
    assert [found.key_name for found in read_anchors(file, changed)] == [KEYS.name] * 3 + [changed.name]


def test_an_empty_log_has_an_anchor_too(database: Database, now: datetime, tmp_path: Path) -> None:
    with database.reading() as session:
        assert write_anchor(session, KEYS, tmp_path / "anchors", now).head.hash == FIRST_PREVIOUS_HASH


@pytest.mark.parametrize("backend", ["sqlite"])
def test_each_day_one_is_written_by_itself(
    database: Database, database_url: str, now: datetime, tmp_path: Path
) -> None:
    settings = Settings(env="development", database_url=database_url, data_folder=tmp_path)
    load_jobs()
    daily = [table for table in all_schedules() if table.name == "anchor_audit"]
    for moment in (now, now + timedelta(days=1)):
        with database.writing() as session:
            enqueue_due(session, daily, moment)
        run_due_jobs(database, settings, lambda now=moment: now)  # type: ignore[misc]  # bound at once
    assert len(read_anchors(anchors_file(settings), AuditKeys.of(settings))) >= 1


COPY_OF_2 = (
    "INSERT INTO audit_event SELECT 7, at, action, who_kind, who, about_kind, about_id, assessment_alias, "
    "organisation_id, details, key_name, previous_hash, hash FROM audit_event WHERE number = 2"
)
OTHER = AuditKeys("the key of somebody else, which is long enough")


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


def write_anew(keys: AuditKeys, name: str) -> Callable[[Database], None]:
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
                before = row["hash"] = keys.seal(canonical_json(row))
                connection.execute(insert(AuditEvent), row)

    return write


@pytest.fixture
def anchors(database: Database, now: datetime, tmp_path: Path) -> list[Anchor]:
    """Six events of which the anchor knows."""
    fill(database, now)
    with database.reading() as session:
        write_anchor(session, KEYS, tmp_path / "anchors", now)
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
        assert verify_log(session, KEYS, anchors, now) == VerifiedLog(6, 1)
    tampering(database)
    with database.reading() as session, pytest.raises(TamperedError, match=f"^Event {first} .*{says}") as found:
        verify_log(session, KEYS, anchors, now)
    assert found.value.number == first


def test_a_tail_cut_off_after_the_newest_anchor_is_seen_by_nobody_and_before_it_by_the_anchor(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    fill(database, now, 2)
    tamper(database, "DELETE FROM audit_event WHERE number = 8")
    with database.reading() as session:
        assert verify_log(session, KEYS, anchors, now) == VerifiedLog(7, 1)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_event WHERE number > 5"))
    with database.reading() as session, pytest.raises(TamperedError, match="Event 6 is missing"):
        verify_log(session, KEYS, anchors, now)
    with database.reading() as session:
        assert verify_log(session, KEYS, [], now) == VerifiedLog(5, 0), (
            "the chain alone does not notice: this is why there are anchors"
        )


def test_whoever_cuts_off_the_anchors_too_leaves_events_without_one(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    later = now + timedelta(days=2)
    fill(database, later - timedelta(hours=1), 2)
    with database.reading() as session:
        assert verify_log(session, KEYS, anchors, later) == VerifiedLog(8, 1)
        later += timedelta(hours=1)
        with pytest.raises(TamperedError, match="Event 1 and those after it have no anchor"):
            verify_log(session, KEYS, [], later)
        with pytest.raises(TamperedError, match="Event 7 and those after it have no anchor"):
            verify_log(session, KEYS, anchors, later + timedelta(days=3))


def test_everything_taken_away_is_seen_by_the_anchor(database: Database, anchors: list[Anchor], now: datetime) -> None:
    tamper(database, "DELETE FROM audit_event")
    with database.reading() as session, pytest.raises(TamperedError, match="Event 1 is missing"):
        verify_log(session, KEYS, anchors, now)


def test_a_log_that_is_younger_than_the_database_was_begun_anew(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    with database.writing() as session:
        session.add(Person(email="jo@farm.example", name="Jo", made_at=now - timedelta(hours=20), confirmed_at=now))
    with database.reading() as session:
        assert verify_log(session, KEYS, anchors, now) == VerifiedLog(6, 1)
    tamper(database, "DELETE FROM audit_event")
    later = now + timedelta(days=5)
    with database.reading() as session:
        assert verify_log(session, KEYS, [], now) == VerifiedLog(0, 0), "a database of this day"
        with pytest.raises(TamperedError, match=r"Event 1 is missing: the table person has a row of 2. November 2026"):
            verify_log(session, KEYS, [], later)
    fill(database, later)
    with database.reading() as session, pytest.raises(TamperedError, match=r"Event 1 is of 29 .*earlier ones are miss"):
        verify_log(session, KEYS, [], later)


def test_a_new_secret_key_goes_on_where_the_old_one_stopped(
    database: Database, anchors: list[Anchor], now: datetime
) -> None:
    changed = AuditKeys("a new secret key of this site, long enough", (SECRET,))
    fill(database, now, 2, changed)
    with database.reading() as session:
        assert verify_log(session, changed, anchors, now) == VerifiedLog(8, 1)
        with pytest.raises(TamperedError, match=r"Event 7 .*a key that is not among"):
            verify_log(session, KEYS, anchors, now)


def test_an_empty_log_is_whole(database: Database, now: datetime) -> None:
    with database.reading() as session:
        assert verify_log(session, KEYS, [], now) == VerifiedLog(0, 0)


@pytest.fixture
def nights(database: Database, database_url: str, now: datetime, tmp_path: Path) -> Path:
    """Two nights, each after two events. The file of anchors."""
    settings = Settings(env="development", secret_key=SECRET, database_url=database_url, data_folder=tmp_path)
    for day in range(2):
        night = now + timedelta(days=day)
        fill(database, night, 2)
        anchor_audit(Night(database, settings, night))
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
        assert verify_log(session, KEYS, read_anchors(nights, KEYS), now + day) == VerifiedLog(6, 2)
    first, _second = nights.read_text().splitlines(keepends=True)
    nights.write_text(first)
    tamper(database, "DELETE FROM audit_event WHERE number > 3")
    left = read_anchors(nights, KEYS)
    with database.reading() as session:
        with pytest.raises(InvalidAnchorsError, match=r"Line 1 .*is the newest, and it is older than 2 days"):
            verify_log(session, KEYS, left, now + 30 * day)
        write_anchor(session, KEYS, nights, now + 30 * day)
        covered = read_anchors(nights, KEYS)
        ended = (now + 30 * day).date()
        for known in ([], [(2, ended - day)], [(3, ended)]):
            with pytest.raises(
                InvalidAnchorsError, match=r"Line 2 .*follows one of 24 November 2026, more than 2 days"
            ):
                verify_log(session, KEYS, covered, now + 30 * day, known)
        whole = verify_log(session, KEYS, covered, now + 30 * day, [(2, ended)])
        assert [(gap.line, gap.since.date(), gap.until.date()) for gap in whole.gaps] == [(2, now.date(), ended)]


def test_an_anchor_cut_off_alone_is_missed_at_once(database: Database, nights: Path, now: datetime) -> None:
    first, _second = nights.read_text().splitlines(keepends=True)
    nights.write_text(first)
    with database.reading() as session:
        with pytest.raises(InvalidAnchorsError, match=r"Line 2 .*is missing: the log tells of 2 anchors"):
            verify_log(session, KEYS, read_anchors(nights, KEYS), now + timedelta(days=1))
        write_anchor(session, KEYS, nights, now + timedelta(days=1))
        assert verify_log(session, KEYS, read_anchors(nights, KEYS), now + timedelta(days=1)) == VerifiedLog(6, 2)
