from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Integer, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

import assess.assessments.models
import assess.assessments.purchases.models
import assess.banks.models
import assess.kit.jobs.models
import assess.kit.limits
import assess.kit.mail.models
import assess.plans.calendar.models
import assess.plans.check_code.models
import assess.plans.papers.models
import assess.plans.printing.models
import assess.plans.register.models
import assess.plans.reminders.models  # noqa: F401  # all tables there are
from assess.assessments.answering import save_answers, start
from assess.assessments.links import share
from assess.assessments.models import Assessment
from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import submit
from assess.assessments.visits import open_started
from assess.banks.models import Edition, Stage
from assess.kit import migrations
from assess.kit.db import Base, Database
from assess.kit.engines import make_engine
from assess.kit.migrations import (
    BrokenReferencesError,
    DatabaseOfAnotherReleaseError,
    RowsLostError,
    current,
    head,
    upgrade_to_head,
)
from assess.plans.register.keeping import Change, change

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RECORD = {"engine": 1, "edition": {"bank": "b"}, "result": {"score": 11.0, "band": "low"}}
REBUILD = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "9999", "{before}", None, None
def upgrade():
{body}
"""


@pytest.fixture
def revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of migrations like ours, to which a test may add one more."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for file in [migrations._FOLDER / "env.py", *(migrations._FOLDER / "versions").glob("*.py")]:
        (folder / file.relative_to(migrations._FOLDER)).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(migrations, "_FOLDER", folder)
    before = head()
    head.cache_clear()
    (folder / "before").write_text(before, encoding="utf-8")
    yield folder
    head.cache_clear()


def add_revision(folder: Path, body: str) -> None:
    text = REBUILD.format(
        before=(folder / "before").read_text(encoding="utf-8"),
        body="\n".join(f"    {line}" for line in body.splitlines()),
    )
    (folder / "versions" / "9999_more.py").write_text(text, encoding="utf-8")
    head.cache_clear()


def fill(database: Database) -> None:
    with database.writing() as session:
        edition = Edition(
            bank="b", number=1, stage=Stage.PUBLISHED, source={}, compiled={}, digest="0" * 64, published_at=NOW
        )
        session.add(edition)
        session.flush()
        mine = start(session, edition.id, quick=False, now=NOW)
        save_answers(session, mine.id, {"p": "a", "q": "b"}, {}, NOW)


def count(database: Database, table: str) -> int:
    with database.reading() as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608  # our own tables


def is_ours(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether our models have to know it: Procrastinate brings its own tables to PostgreSQL."""
    return not (name or "").startswith("procrastinate_")


def test_the_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "include_name": is_ours},
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
        "op.execute('DELETE FROM answer')\nop.add_column('visit', sa.Column('more', sa.Integer(), nullable=True))",
    )
    with pytest.raises(RowsLostError, match="answer"):
        upgrade_to_head(database.engine)
    assert count(database, "answer") == 2
    assert current(database.engine) != "9999"
    with database.engine.connect() as connection:
        assert "more" not in {column["name"] for column in inspect(connection).get_columns("visit")}


def test_a_revision_may_say_that_it_empties_a_table(database: Database, revision: Path) -> None:
    fill(database)
    add_revision(revision, "op.execute('DELETE FROM answer')")
    assert upgrade_to_head(database.engine, may_shrink=frozenset({"answer"}))
    assert count(database, "answer") == 0


def test_a_revision_that_fails_half_way_leaves_nothing(database: Database, revision: Path) -> None:
    fill(database)
    add_revision(
        revision,
        "op.add_column('visit', sa.Column('one', sa.Integer(), nullable=True))\nop.execute('UPDATE answer SET revision = 7')\n1 / 0",
    )
    with pytest.raises(ZeroDivisionError):
        upgrade_to_head(database.engine)
    with database.engine.connect() as connection:
        assert "one" not in {column["name"] for column in inspect(connection).get_columns("visit")}
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
    look = migrations._see_nothing_is_lost
    inside = threading.Event()

    def look_slowly(*about: Any) -> None:
        inside.set()
        time.sleep(1.5)
        look(*about)

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


NUMBERED = {"answer_event", "job", "outbox", "register_event", "submission", "visit"}
"""Tables with numbers that are named elsewhere and whose rows may go. Editions never go."""


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_number_is_never_given_again(database: Database) -> None:
    with database.engine.connect() as connection:
        made = connection.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        assert set(made.scalars()) == NUMBERED
    numbered = {
        table.name
        for table in Base.metadata.sorted_tables
        if [column.name for column in table.primary_key] == ["id"] and isinstance(table.c.id.type, Integer)
    }
    assert numbered == NUMBERED | {"edition", "edition_event"}


def test_tables_whose_numbers_begin_to_grow_only_lose_no_row_index_or_trigger(empty_url: str) -> None:
    database = Database(empty_url)
    upgrade_to_head(database.engine, revision="0007")
    fill(database)
    with database.writing() as session:
        mine = session.scalars(select(Assessment.id)).one()
        made = submit(session, mine, lambda _said: RECORD, NOW)
        share(session, made, NOW)
        open_started(session, mine, NOW)
        change(session, made.id, "q", Change(response="accepted"), 0, NOW)
    before = everything(database)
    assert upgrade_to_head(database.engine, revision="0008")
    assert everything(database) == before
    assert upgrade_to_head(database.engine)
    for statement in (
        "UPDATE submission SET score = 0",
        "DELETE FROM submission",
        "UPDATE answer_event SET revision = 7",
        "DELETE FROM answer_event",
        "DELETE FROM register_event",
        "INSERT INTO visit (token_hash, opened_at, used_at, until) VALUES ('x', '2026-11-24', '2026-11-24', '2026-11-24')",
    ):
        with database.writing() as session, pytest.raises(IntegrityError):
            session.execute(text(statement))
    with database.writing() as session:
        delete_assessment(session, mine)
    assert not any(count(database, table) for table in ("submission", "visit", "buyer_link", "register_item"))
    with database.writing() as session:
        edition = session.scalars(select(Edition.id)).one()
        another = start(session, edition, quick=False, now=NOW)
        assert submit(session, another.id, lambda _said: RECORD, NOW).id > made.id
    database.close()


def everything(database: Database) -> dict[str, str]:
    """All rows and rules, and on SQLite the words of all indexes and triggers."""
    with database.engine.connect() as connection:
        look = inspect(connection)
        found: dict[str, str] = {}
        for table in sorted(set(look.get_table_names()) - {"alembic_version"}):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  # our own tables
            tells = (look.get_columns, look.get_foreign_keys, look.get_unique_constraints, look.get_check_constraints)
            rules = [sorted(str(sorted(one.items(), key=str)) for one in tell(table)) for tell in tells]
            found[table] = f"{sorted(map(str, rows))} {rules}"
        if connection.dialect.name == "sqlite":
            words = text("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')")
            found |= {name: str(sql) for name, sql in connection.execute(words)}
    return found
