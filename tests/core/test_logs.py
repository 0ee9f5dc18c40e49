"""Whoever has the files of the database, its log or a backup finds nothing that people wrote. The same search finds all of it without keys."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select

from assess.core import clock
from assess.core.clock import uk_date
from assess.core.data_keys import encrypted_tables
from assess.core.db import Database
from assess.core.encryption import Keyring, encrypted_columns
from assess.core.logs import code_location, log
from tests.core.plaintext_search import files_of, found_in, plant, without_references
from tests.decrypted_rows import NoKeys


def test_a_line_is_json_with_its_moment_in_utc() -> None:
    out = io.StringIO()
    log("request", stream=out, route="/r/<token>", status=200, ms=1.5, error=None)
    line = json.loads(out.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {"event": "request", "route": "/r/<token>", "status": 200, "ms": 1.5}


def test_nothing_can_break_out_of_its_line() -> None:
    out = io.StringIO()
    log("request", stream=out, route="a\nb\x1b[31m" + "x" * 1000)
    assert out.getvalue().count("\n") == 1
    assert "\x1b" not in out.getvalue()
    assert len(out.getvalue()) < 500


def test_what_is_not_foreseen_is_not_written() -> None:
    with pytest.raises(ValueError, match="answer"):
        log("request", stream=io.StringIO(), answer="we keep their papers")


def test_an_error_is_named_by_the_code_it_passed_and_never_by_its_words() -> None:
    try:
        {}["we keep their papers"]
    except KeyError as error:
        said = code_location(error.__traceback__)
    assert "test_logs.py" in said
    assert "papers" not in said


def test_the_clock_of_the_app_is_believed() -> None:
    app = Flask("clock")
    app.config["CLOCK"] = lambda: datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    with app.app_context():
        assert clock.now() == datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
        assert clock.today() == date(2027, 7, 1)


def test_without_an_app_the_machine_is_asked() -> None:
    assert clock.now().tzinfo is UTC


def test_the_day_begins_at_midnight_in_the_united_kingdom() -> None:
    assert uk_date(datetime(2027, 3, 28, 0, 30, tzinfo=UTC)) == date(2027, 3, 28)
    assert uk_date(datetime(2027, 3, 28, 23, 30, tzinfo=UTC)) == date(2027, 3, 29)
    assert uk_date(datetime(2026, 10, 25, 23, 59, tzinfo=UTC)) == date(2026, 10, 25)


def backups(database: Database, folder: Path) -> list[Path]:
    """Copies as operators make them."""
    url = make_url(str(database.engine.url))
    if database.engine.dialect.name == "sqlite":
        with (
            closing(sqlite3.connect(str(url.database))) as source,
            closing(sqlite3.connect(folder / "online.db")) as target,
        ):
            source.backup(target)
            source.execute("VACUUM INTO ?", (str(folder / "vacuumed.db"),))
            (folder / "dump.sql").write_text("\n".join(target.iterdump()), encoding="utf-8")
        return list(folder.iterdir())
    with database.engine.connect() as connection, (folder / "dump.sql").open("wb") as dump:
        driver: Any = connection.connection.driver_connection
        for table in encrypted_tables():
            with driver.cursor().copy(f"COPY {table.name} TO STDOUT".encode()) as rows:
                for piece in rows:
                    dump.write(bytes(piece))
    return list(folder.iterdir())


@pytest.mark.both_databases
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
