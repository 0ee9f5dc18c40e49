"""What was deleted for good leaves the disk, whoever reads or ends meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url

from assess.kit.db import Database, erase_after_commit
from assess.kit.erasing import erase_traces, wish_to_erase
from assess.kit.jobs.ticking import note_sign_of_life
from assess.kit.limits import RateCounter

pytestmark = pytest.mark.both_databases

MOMENT = datetime(2026, 11, 24, tzinfo=UTC)
CANARY = "canary-of-the-orchard"
READER = """
import sqlite3, sys
look = sqlite3.connect(sys.argv[1], isolation_level=None)
look.execute("BEGIN")
look.execute("SELECT count(*) FROM rate_counter").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process_reads(url: str) -> Iterator[None]:
    """A process that looks at the database as it is now, and goes on looking."""
    command = [sys.executable, "-c", READER, str(make_url(url).database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
        yield
        reader.communicate(b"")


def traces(url: str) -> list[str]:
    """The files of the database in which the canary stands.

    Another process looks: one that opens and closes a file lets go of all locks it has on it, those of SQLite among them.
    """
    folder = Path(str(make_url(url).database)).parent
    command = ["grep", "--recursive", "--files-with-matches", "--text", CANARY, str(folder)]
    return sorted(subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines())


def write_and_delete(url: str, database: Database) -> None:
    """Write the canary; delete it for good while somebody else is reading, longer than anybody waits."""
    with database.writing() as session:
        session.add(RateCounter(key=CANARY, count=1, until=MOMENT))
    assert traces(url)
    with another_process_reads(url):
        with database.writing() as session:
            session.execute(delete(RateCounter))
            erase_after_commit(session)
        assert traces(url)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_could_not_be_erased_at_once_is_erased_by_the_next_sign_of_life_of_another(
    database_url: str, impatient: Database
) -> None:
    write_and_delete(database_url, impatient)
    worker = Database(database_url)
    with worker.writing() as session:
        note_sign_of_life(session, MOMENT)
    assert traces(database_url) == []
    worker.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_whoever_only_tries_for_others_saves_all_the_same_while_it_fails(
    database_url: str, impatient: Database
) -> None:
    write_and_delete(database_url, impatient)
    worker = Database(database_url)
    with another_process_reads(database_url):
        with worker.writing() as session:
            note_sign_of_life(session, MOMENT)
        assert not erase_traces(worker.engine, wait=False)
    with worker.writing() as session:
        session.add(RateCounter(key="k", count=1, until=MOMENT))
    assert traces(database_url) == []
    assert erase_traces(worker.engine, wait=False)
    worker.close()


def test_a_wish_that_is_not_committed_is_none(database: Database) -> None:
    with database.new_session(writes=True) as session:
        wish_to_erase(session)
        session.rollback()
    assert erase_traces(database.engine, wait=False)
