"""Whoever has the files of the database, its log or a backup finds nothing that people wrote. The same search finds all of it without keys."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select

from assess.kit.data_keys import encrypted_tables
from assess.kit.db import Database
from assess.kit.encryption import Keyring, encrypted_columns
from tests.kit.planted import files_of, found_in, plant, without_references
from tests.readable import NoKeys

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
