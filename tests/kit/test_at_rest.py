"""Whoever has the files of the database, its log or a backup finds nothing that people wrote. The same search finds all of it without keys."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, make_url, select, text

from assess.kit import migrations
from assess.kit.data_keys import encrypted_tables, standing
from assess.kit.db import Database
from assess.kit.encryption import Keyring, encrypted_columns
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import Mail, queue
from assess.kit.migrations import upgrade_to_head
from tests.kit.filled import NOW
from tests.kit.planted import ROWS, files_of, found_in, plant, without_references
from tests.readable import NoKeys, is_token

pytestmark = pytest.mark.both_databases


def backups(database: Database, folder: Path) -> list[Path]:
    """Copies as operators make them."""
    url = make_url(str(database.engine.url))
    if database.engine.dialect.name == "sqlite":
        with sqlite3.connect(str(url.database)) as source, sqlite3.connect(folder / "online.db") as target:
            source.backup(target)
        with sqlite3.connect(str(url.database)) as source:
            source.execute("VACUUM INTO ?", (str(folder / "vacuumed.db"),))
        source.close()
        target.close()
        (folder / "dump.sql").write_text("\n".join(sqlite3.connect(folder / "online.db").iterdump()), encoding="utf-8")
        return list(folder.iterdir())
    with database.engine.connect() as connection, (folder / "dump.sql").open("wb") as dump:
        driver: Any = connection.connection.driver_connection
        for table in encrypted_tables():
            with driver.cursor().copy(f"COPY {table.name} TO STDOUT".encode()) as rows:
                for piece in rows:
                    dump.write(bytes(piece))
    return list(folder.iterdir())


def _forget_references(database: Database) -> None:
    """PostgreSQL would look at references again when a row is changed."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.begin() as connection:
            for table in inspect(connection).get_table_names():
                for one in inspect(connection).get_foreign_keys(table):
                    connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{one["name"]}"')


@pytest.mark.parametrize("keys", [Keyring(bytes(32)), NoKeys()], ids=["encrypted", "control"])
def test_no_file_and_no_backup_holds_what_was_written(database_url: str, tmp_path: Path, keys: Keyring) -> None:
    (tmp_path / "backups").mkdir()
    database = Database(database_url, keys)
    with without_references(database) as connection:
        planted = plant(connection)
    words = set().union(*planted.values())
    assert len(words) >= 200
    assert set(planted) == {f"{t.name}.{c.name}" for t in encrypted_tables() for c in encrypted_columns(t)}
    wanted = words if isinstance(keys, NoKeys) else set()
    assert found_in(files_of(database), words) == wanted
    assert found_in(backups(database, tmp_path / "backups"), words) == wanted
    with database.engine.connect() as connection:
        read = {
            value if isinstance(value, str) else value.decode() if isinstance(value, bytes) else value["said"]
            for table in encrypted_tables()
            for row in connection.execute(select(*encrypted_columns(table)))
            for value in row
        }
    assert {one.removeprefix("%PDF- ") for one in read} == words
    database.close()


def test_what_stood_there_before_is_encrypted_and_leaves_no_trace(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the release before: all rows come through, and free pages and the log hold nothing of what they said."""
    database = Database(empty_url, Keyring(bytes(32)))
    upgrade_to_head(database.engine, revision="0041")
    with without_references(database) as connection:
        planted = plant(connection, plain=True)
    words = set().union(*planted.values())
    assert len(words) >= 200
    assert found_in(files_of(database), words) == words, "the search finds what is there"
    _forget_references(database)
    monkeypatch.setattr(migrations, "_see_nothing_is_lost", lambda *_about: None)  # the rows point nowhere
    assert upgrade_to_head(database.engine)
    files = files_of(database)
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM FULL")  # as the operator is told
        # what PostgreSQL writes ahead is overwritten as it is used again, which no command of ours hastens
        files = [path for path in files_of(database) if path.parent.name != "pg_wal"]
    assert found_in(files, words) == set()
    with database.engine.connect() as connection:
        assert set(standing(connection).values) == {Keyring(bytes(32)).current}
        for table in encrypted_tables():
            rows = connection.execute(select(*encrypted_columns(table))).all()
            assert len(rows) == ROWS, table.name
            stored = connection.execute(text(f"SELECT * FROM {table.name}")).mappings().all()  # noqa: S608  # our own tables
            assert all(is_token(row[column.name]) for row in stored for column in encrypted_columns(table))
            read = {str(value) for row in rows for value in row}
            mine = set().union(*(of for name, of in planted.items() if name.startswith(f"{table.name}.")))
            assert all(any(one in value for value in read) for one in mine)
    database.close()


def test_on_sqlite_the_numbers_of_rebuilt_tables_are_never_given_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", Keyring(bytes(32)))
    upgrade_to_head(database.engine, revision="0041")
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox (id, event, to_address, subject, body, stop, made_at, tries) "
                "VALUES (41, 'e', '', 'S', 'B', '', '2026-11-24', 0)"
            )
        )
        connection.execute(text("DELETE FROM outbox"))
    upgrade_to_head(database.engine)
    with database.writing() as session:
        assert queue(session, Mail("e", "a@example.org", "S", "B", None), NOW)
        assert session.scalars(select(Outgoing.id)).one() == 42
    database.close()
