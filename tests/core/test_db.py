"""What was deleted for good leaves the disk, whoever reads or ends meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, create_engine, delete, literal, make_url, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import NullPool

from assess.core.application import Application
from assess.core.db import (
    Base,
    Database,
    PreparedSelect,
    erase_after_commit,
    erase_deleted_data,
    is_retryable_error,
    is_transient_error,
    make_engine,
    request_erasure,
    sqlalchemy_url,
)
from assess.core.jobs.worker import mark_worker_alive
from assess.core.rate_limits import RateCounter

pytestmark = pytest.mark.both_databases

MOMENT = datetime(2026, 10, 25, 1, 30, 15, 123456, tzinfo=UTC)


def keys(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(RateCounter.key).order_by(RateCounter.key)))


def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with database.writing() as session:
        session.add(RateCounter(key="k", count=1, until=elsewhere))
    with database.reading() as session:
        found = session.scalars(select(RateCounter)).one().until
    assert found == MOMENT
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_its_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(RateCounter(key="k", count=1, until=MOMENT.replace(tzinfo=None)))


def test_an_error_inside_leaves_nothing_behind(database: Database) -> None:
    def add_and_fail() -> None:
        with database.writing() as session:
            session.add(RateCounter(key="k", count=1, until=MOMENT))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert keys(database) == []


def test_every_constraint_has_a_name_by_rule() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_what_is_erased_is_asked_for_once(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("DELETE FROM rate_counter"))
        erase_after_commit(session)
        database.commit(session)
        assert "erase" not in session.info


def send(site: Application, address: str, key: str) -> int:
    client = site.test_client()
    token = client.get("/form").get_data(as_text=True).split('value="')[1].split('"')[0]
    return client.post(address, data={"key": key, "csrf_token": token}).status_code


def test_a_request_is_committed_before_its_answer_leaves(stored_site: Application) -> None:
    database = stored_site.extensions["assess.database"]
    seen: list[list[str]] = []
    stored_site.after_request_funcs.setdefault(None, []).append(lambda answer: seen.append(keys(database)) or answer)
    assert send(stored_site, "/save", "kept") == 302
    assert seen[-1] == ["kept"]


@pytest.mark.parametrize(("address", "status"), [("/save-and-fail", 500), ("/save-and-refuse", 503)])
def test_a_request_that_fails_leaves_nothing_behind(stored_site: Application, address: str, status: int) -> None:
    assert send(stored_site, address, "lost") == status
    assert "lost" not in keys(stored_site.extensions["assess.database"])
    assert send(stored_site, "/save", "next") == 302


def test_a_look_that_tries_to_write_is_refused_by_the_database(stored_site: Application) -> None:
    assert stored_site.test_client().get("/look-and-write").status_code == 503
    assert "lost" not in keys(stored_site.extensions["assess.database"])


def test_a_commit_that_fails_is_not_called_saved(stored_site: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_session: object) -> None:
        raise StatementError("commit", None, None, None)

    monkeypatch.setattr(stored_site.extensions["assess.database"], "commit", busy)
    assert send(stored_site, "/save", "unsaved") == 500
    assert "lost" not in keys(stored_site.extensions["assess.database"])


COUNTER = "INSERT INTO rate_counter (key, count, until) VALUES ('c', 0, '2026-11-24')"
PEOPLE, TIMES = 4, 40


@pytest.mark.parametrize("address", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_every_way_to_write_postgresql_is_understood(address: str) -> None:
    assert sqlalchemy_url(address).drivername == "postgresql+psycopg"


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "oracle://h/d"])
def test_other_databases_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="a database is"):
        sqlalchemy_url(address)


def test_sqlite_follows_our_rules(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new folder/x.db", patience_ms=1234)
    with engine.connect() as connection:
        rules = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in (
                "journal_mode",
                "synchronous",
                "busy_timeout",
                "foreign_keys",
                "secure_delete",
                "trusted_schema",
            )
        }
    assert rules == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 1234,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
    }
    assert (tmp_path / "new folder").stat().st_mode & 0o777 == 0o700
    engine.dispose()


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    """SQLite turns one of two away that switch a new file to its log together; without our second try 1 round in 150 fails."""
    failures: list[BaseException] = []

    def open_one(path: Path, gate: threading.Barrier) -> None:
        engine = make_engine(f"sqlite:///{path}")
        gate.wait()
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except BaseException as error:  # noqa: BLE001  # looked at below
            failures.append(error)
        engine.dispose()

    for number in range(25):
        gate = threading.Barrier(6)
        path = tmp_path / f"{number}.db"
        threads = [threading.Thread(target=open_one, args=(path, gate)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_who_finds_a_new_file_in_other_hands_tries_again(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE t (x)")
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    release.start()
    engine = make_engine(f"sqlite:///{path}", patience_ms=3000)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    release.join()
    other.close()
    engine.dispose()
    held = sqlite3.connect(tmp_path / "held.db", isolation_level=None)
    held.execute("CREATE TABLE t (x)")
    held.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OperationalError, match="locked"):
        make_engine(f"sqlite:///{tmp_path / 'held.db'}", patience_ms=100).connect()
    held.close()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_postgresql_follows_our_rules(database_url: str) -> None:
    engine = make_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        rules = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "synchronous_commit",
                "timezone",
            )
        }
    assert rules == {
        "statement_timeout": "5s",
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "10s",
        "synchronous_commit": "on",
        "timezone": "UTC",
    }


def add_up(engine: Engine) -> list[BaseException]:
    """Let four people read a number and write one more, over and over."""
    failures: list[BaseException] = []
    gate = threading.Barrier(PEOPLE)

    def one() -> None:
        gate.wait()
        for _ in range(TIMES):
            try:
                with engine.begin() as connection:
                    count = connection.execute(select(RateCounter.count).with_for_update()).scalar_one()
                    connection.execute(text("UPDATE rate_counter SET count = :count"), {"count": count + 1})
            except OperationalError as error:
                failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_no_update_is_lost(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(COUNTER))
    assert add_up(database.engine) == []
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count FROM rate_counter")).scalar_one() == PEOPLE * TIMES


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_same_work_loses_an_update_or_fails_without_our_rules(database_url: str) -> None:
    """Of two who read before either writes. By chance, as above, they may take turns."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(COUNTER))
    failures = []
    with engine.connect() as one, engine.connect() as other:
        counts = [connection.execute(select(RateCounter.count)).scalar_one() for connection in (one, other)]
        for connection, count in zip((one, other), counts, strict=True):
            try:
                connection.execute(text("UPDATE rate_counter SET count = :count"), {"count": count + 1})
                connection.commit()
            except OperationalError as error:
                failures.append(error)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT count FROM rate_counter")).scalar_one()
    engine.dispose()
    assert kept < 2 or failures


def test_whoever_only_looks_cannot_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError):
        session.execute(text(COUNTER))
    with database.writing() as session:
        session.execute(text(COUNTER))
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM rate_counter")).scalar_one() == 1


def test_looking_waits_for_nobody(database_url: str) -> None:
    database = Database(database_url, patience_ms=500)
    with database.new_session(writes=True) as writing:
        writing.execute(text(COUNTER))
        with database.reading() as session:  # whoever waited for the writer would be turned away
            assert session.execute(text("SELECT count(*) FROM rate_counter")).scalar_one() == 0
    database.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_short_lock_is_waited_for_and_a_long_one_is_a_passing_trouble(database_url: str) -> None:
    path = database_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    patient, hasty = make_engine(database_url), make_engine(database_url, patience_ms=100)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as refused, hasty.begin() as connection:
        connection.execute(text(COUNTER))
    assert is_transient_error(refused.value)
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    with patient.begin() as connection:
        connection.execute(text(COUNTER))
    for engine in (patient, hasty):
        engine.dispose()
    other.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_full_disk_is_a_passing_trouble_and_loses_nothing_that_was_kept(database: Database) -> None:
    with database.writing() as session:
        session.execute(text(COUNTER))
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        with pytest.raises(DBAPIError) as refused:
            connection.execute(
                text("INSERT INTO rate_counter (key, count, until) VALUES (hex(randomblob(40000)), 1, '2026-11-24')")
            )
    assert is_transient_error(refused.value)
    with database.reading() as session:
        assert session.execute(text("SELECT key FROM rate_counter")).scalars().all() == ["c"]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_postgresql_that_throws_everybody_out_is_asked_again_without_an_error(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    with database.writing() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    for _ in range(3):
        with database.reading() as session:
            assert session.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.parametrize("backend", ["postgresql"])
def test_postgresql_that_goes_away_in_the_middle_keeps_nothing_half(database: Database) -> None:
    with pytest.raises(DBAPIError) as lost, database.writing() as session:
        session.execute(text(f"{COUNTER}; SELECT pg_terminate_backend(pg_backend_pid())"))
    assert is_transient_error(lost.value)
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM rate_counter")).scalar_one() == 0


def test_a_mistake_of_ours_is_no_passing_trouble(database: Database) -> None:
    with pytest.raises(DBAPIError) as typo, database.reading() as session:
        session.execute(text("SELECT nothing FROM nowhere"))
    assert not is_transient_error(typo.value)
    with database.writing() as session:
        session.execute(text(COUNTER))
    with pytest.raises(IntegrityError) as twice, database.writing() as session:
        session.execute(text(COUNTER))
    assert not is_transient_error(twice.value)
    assert not is_retryable_error(twice.value)
    assert not is_transient_error(ZeroDivisionError())
    assert is_transient_error(PoolTimeoutError())


def test_error_messages_carry_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused, database.writing() as session:
        session.execute(
            text("INSERT INTO rate_counter (key, count, until) VALUES (:key, NULL, NULL)"), {"key": "their passports"}
        )
    assert "hide_parameters" in str(refused.value)


MOMENT_ERASING = datetime(2026, 11, 24, tzinfo=UTC)
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
        session.add(RateCounter(key=CANARY, count=1, until=MOMENT_ERASING))
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
        mark_worker_alive(session, MOMENT_ERASING)
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
            mark_worker_alive(session, MOMENT_ERASING)
        assert not erase_deleted_data(worker.engine, wait=False)
    with worker.writing() as session:
        session.add(RateCounter(key="k", count=1, until=MOMENT_ERASING))
    assert traces(database_url) == []
    assert erase_deleted_data(worker.engine, wait=False)
    worker.close()


def test_a_wish_that_is_not_committed_is_none(database: Database) -> None:
    with database.new_session(writes=True) as session:
        request_erasure(session)
        session.rollback()
    assert erase_deleted_data(database.engine, wait=False)


TWO = PreparedSelect(select(literal("a").label("letter"), bindparam("number", 0) + 1))
BROKEN = PreparedSelect(
    select(RateCounter.count).where(RateCounter.key == bindparam("key", "").op("NO SUCH THING")("x"))
)


def test_rows_come_as_the_driver_gives_them(database: Database) -> None:
    for number in (1, 41):
        assert [tuple(row) for row in TWO.rows(database.engine, {"number": number})] == [("a", number + 1)]


def test_the_ordinary_way_gives_the_same(database: Database) -> None:
    assert [tuple(row) for row in TWO._through_sqlalchemy(database.engine, {"number": 1})] == [("a", 2)]


def test_a_fault_is_told_in_the_words_of_the_ordinary_way(database: Database) -> None:
    with pytest.raises(DBAPIError):
        BROKEN.rows(database.engine, {"key": "x"})
    assert TWO.rows(database.engine, {"number": 1})


def test_connections_are_given_back(database: Database) -> None:
    for _ in range(30):
        TWO.rows(database.engine, {"number": 1})
    assert database.engine.pool.checkedout() == 0
