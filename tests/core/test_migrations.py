from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from assess.core import migrations
from assess.core.db import Base, Database, make_engine
from assess.core.migrations import (
    BrokenReferencesError,
    DatabaseOfAnotherReleaseError,
    RowsLostError,
    current,
    head,
    upgrade_to_head,
)
from tests.core.filled_database import count, fill
from tests.core.next_revision import add_revision
from tests.core.plaintext_search import files_of, found_in, word

pytestmark = pytest.mark.both_databases


def test_the_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_that_is_up_to_date_is_left_alone(database: Database) -> None:
    assert current(database.engine) == head()
    assert not upgrade_to_head(database.engine)


def test_rebuilding_a_table_keeps_everything_that_hangs_on_it(database: Database, revision: Path) -> None:
    fill(database)
    add_revision(
        revision,
        "with op.batch_alter_table('assessment', recreate='always') as batch:\n    batch.add_column(sa.Column('more', sa.Integer(), nullable=True))",
    )
    if database.engine.dialect.name == "postgresql":
        add_revision(revision, "op.add_column('assessment', sa.Column('more', sa.Integer(), nullable=True))")
    assert upgrade_to_head(database.engine)
    with database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text("DELETE FROM answer_event"))
    assert (count(database, "assessment"), count(database, "answer"), count(database, "answer_event")) == (1, 2, 2)
    with database.engine.connect() as connection:
        assert "more" in {column["name"] for column in inspect(connection).get_columns("assessment")}


def test_a_revision_that_loses_rows_is_undone_and_said(database: Database, revision: Path) -> None:
    fill(database)
    add_revision(
        revision,
        "op.execute('DELETE FROM answer')\nop.add_column('guest_session', sa.Column('more', sa.Integer(), nullable=True))",
    )
    with pytest.raises(RowsLostError, match="answer"):
        upgrade_to_head(database.engine)
    assert count(database, "answer") == 2
    assert current(database.engine) != "r9999"
    with database.engine.connect() as connection:
        assert "more" not in {column["name"] for column in inspect(connection).get_columns("guest_session")}


def test_a_revision_may_say_that_it_empties_a_table(database: Database, revision: Path) -> None:
    fill(database)
    add_revision(revision, "op.execute('DELETE FROM answer')", 'may_shrink = ("answer",)')
    assert upgrade_to_head(database.engine)
    assert count(database, "answer") == 0


def test_a_revision_that_fails_half_way_leaves_nothing(database: Database, revision: Path) -> None:
    fill(database)
    add_revision(
        revision,
        "op.add_column('guest_session', sa.Column('one', sa.Integer(), nullable=True))\nop.execute('UPDATE answer SET revision = 7')\n1 / 0",
    )
    with pytest.raises(ZeroDivisionError):
        upgrade_to_head(database.engine)
    with database.engine.connect() as connection:
        assert "one" not in {column["name"] for column in inspect(connection).get_columns("guest_session")}
        assert set(connection.execute(text("SELECT revision FROM answer")).scalars()) == {1}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_rows_that_would_point_nowhere_are_noticed(database: Database, revision: Path) -> None:
    fill(database)
    add_revision(revision, "op.execute('UPDATE assessment SET edition_id = 99')")
    with pytest.raises(BrokenReferencesError):
        upgrade_to_head(database.engine)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_afterwards_foreign_keys_are_followed_again(database: Database, revision: Path) -> None:
    add_revision(revision, "op.execute('SELECT 1')")
    upgrade_to_head(database.engine)
    for _ in range(5):
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_tables_of_a_newer_release_are_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    with pytest.raises(DatabaseOfAnotherReleaseError):
        upgrade_to_head(database.engine)


@pytest.mark.parametrize("found", ["0001", "0044", None])
def test_tables_from_before_the_first_release_are_refused(database: Database, found: str | None) -> None:
    with database.writing() as session:
        session.execute(text("DELETE FROM alembic_version"))
        if found:
            session.execute(text("INSERT INTO alembic_version VALUES (:found)"), {"found": found})
    with pytest.raises(DatabaseOfAnotherReleaseError, match="start with a new, empty database"):
        upgrade_to_head(database.engine)
    assert current(database.engine) == found


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("compacts", [True, False], ids=["compacts", "control"])
def test_a_revision_may_say_that_nothing_of_what_stood_there_is_left(
    database: Database, revision: Path, *, compacts: bool
) -> None:
    said = word()
    with database.writing() as session:
        session.execute(
            text("INSERT INTO rate_counter (key, count, until) VALUES (:said, 1, '2026-11-24')"), {"said": said}
        )
    body = "op.execute(\"UPDATE rate_counter SET key = 'x'\")"
    add_revision(revision, body, f"compact_afterwards = {compacts}")
    upgrade_to_head(database.engine)
    assert found_in(files_of(database), {said}) == (set() if compacts else {said})


def test_servers_that_start_together_make_the_tables_once(empty_url: str) -> None:
    failures: list[BaseException] = []
    gate = threading.Barrier(4)

    def start_up() -> None:
        database = Database(empty_url)
        gate.wait()
        try:
            upgrade_to_head(database.engine)
        except BaseException as error:  # noqa: BLE001  # looked at below
            failures.append(error)
        database.close()

    threads = [threading.Thread(target=start_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    database = Database(empty_url)
    assert current(database.engine) == head()
    database.close()


def test_who_waits_for_another_to_change_the_tables_waits_longer_than_a_page(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages give up after so many milliseconds; a server that starts beside another must not."""
    session = migrations._see_nothing_is_lost
    inside = threading.Event()

    def look_slowly(*about: Any) -> None:
        inside.set()
        time.sleep(1.5)
        session(*about)

    monkeypatch.setattr(migrations, "_see_nothing_is_lost", look_slowly)
    first = threading.Thread(target=lambda: upgrade_to_head(make_engine(empty_url, poolclass=NullPool)))
    first.start()
    inside.wait(20)
    engine = make_engine(empty_url, patience_ms=200, poolclass=NullPool)
    assert current(engine) is None, "looking waits for nobody"
    upgrade_to_head(engine)
    first.join()
    assert current(engine) == head()
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 200
