from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assess import load_jobs
from assess.kit.audit.anchoring import AnchorsUnfitError, anchor, anchors_file, read_anchors, same
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import FIRST
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.registry import timetables
from assess.kit.jobs.running import run_waiting
from assess.kit.jobs.ticking import tick
from tests.kit.audit.logbook import KEYS, SECRET, fill

pytestmark = pytest.mark.both_databases


@pytest.fixture
def file(database: Database, now: datetime, tmp_path: Path) -> Path:
    """Three anchors, one a day, each over one event more."""
    path = tmp_path / "deeper" / "anchors"
    for day in range(3):
        fill(database, now, 1)
        with database.reading() as session:
            anchor(session, KEYS, path, now + timedelta(days=day))
    return path


def test_an_anchor_is_a_line_only_the_service_can_read_and_a_log_line(
    database: Database, file: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    one, two, three = read_anchors(file, KEYS)
    assert [found.head.number for found in (one, two, three)] == [1, 2, 3]
    assert (one.at, three.at) == (now, now + timedelta(days=2))
    with database.reading() as session:
        four = anchor(session, KEYS, file, now)
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["event"], line["number"], line["reason"]) == ("audit_anchor", 3, three.head.hash)
    assert file.read_text().splitlines()[-1] == four.words
    assert same(four.head.hash, three.head.hash)


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
    with pytest.raises(AnchorsUnfitError, match=f"^Line {line} of the anchors {says}") as found:
        read_anchors(file, KEYS)
    assert found.value.line == line


def test_a_line_that_was_changed_is_named(file: Path) -> None:
    whole = file.read_text()
    file.write_text(whole.replace("T09:30:00+00:00 2 ", "T09:30:00+00:00 1 "))
    with pytest.raises(AnchorsUnfitError, match="Line 2 of the anchors was changed"):
        read_anchors(file, KEYS)
    file.write_text(whole + "canary\n")
    with pytest.raises(AnchorsUnfitError, match=r"Line 4 of the anchors is no anchor\.$"):
        read_anchors(file, KEYS)
    file.write_text(whole)
    with pytest.raises(AnchorsUnfitError, match=r"Line 1 .*a key that is not among"):
        read_anchors(file, Keys("the key of somebody else, which is long enough"))


def test_whoever_closes_the_numbers_over_a_missing_line_is_found(file: Path) -> None:
    one, _two, three = file.read_text().splitlines()
    file.write_text(f"{one}\n2{three[1:]}\n")
    with pytest.raises(AnchorsUnfitError, match="Line 2 of the anchors was changed"):
        read_anchors(file, KEYS)


def test_nothing_is_added_to_a_file_that_somebody_has_to_look_at(database: Database, file: Path, now: datetime) -> None:
    file.write_text("canary\n")
    with database.reading() as session, pytest.raises(AnchorsUnfitError):
        anchor(session, KEYS, file, now)
    assert file.read_text() == "canary\n"


def test_anchors_go_on_under_a_new_secret_key(database: Database, file: Path, now: datetime) -> None:
    changed = Keys("a new secret key of this site, long enough", (SECRET,))
    with database.reading() as session:
        anchor(session, changed, file, now)
    assert [found.key_name for found in read_anchors(file, changed)] == [KEYS.name] * 3 + [changed.name]


def test_an_empty_log_has_an_anchor_too(database: Database, now: datetime, tmp_path: Path) -> None:
    with database.reading() as session:
        assert anchor(session, KEYS, tmp_path / "anchors", now).head.hash == FIRST


@pytest.mark.parametrize("backend", ["sqlite"])
def test_each_day_one_is_written_by_itself(
    database: Database, database_url: str, now: datetime, tmp_path: Path
) -> None:
    settings = Settings(env="development", database_url=database_url, data_folder=tmp_path)
    load_jobs()
    daily = [table for table in timetables() if table.name == "anchor_audit"]
    for moment in (now, now + timedelta(days=1)):
        with database.writing() as session:
            tick(session, daily, moment)
        run_waiting(database, settings, lambda moment=moment: moment)  # type: ignore[misc]  # bound at once
    assert len(read_anchors(anchors_file(settings), Keys.of(settings))) >= 1
