from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import func, inspect, select, text

from assess.assessments.models import Submission
from assess.kit.db import Database
from assess.kit.migrations import upgrade_to_head
from assess.plans.check_code.models import CheckCode
from assess.plans.printing.models import Rendered

pytestmark = pytest.mark.both_databases

KEY = ["submission_id", "copy", "language", "state"]


def test_a_finished_file_hangs_on_its_submission_and_goes_with_it(database: Database) -> None:
    look = inspect(database.engine)
    (key,) = look.get_foreign_keys("rendered")
    assert key["referred_table"] == "submission"
    assert key["options"] == {"ondelete": "CASCADE"}
    assert look.get_pk_constraint("rendered")["constrained_columns"] == KEY


def test_the_table_has_the_columns_of_the_model(database: Database) -> None:
    columns = {column["name"]: column for column in inspect(database.engine).get_columns("rendered")}
    assert {name: column["nullable"] for name, column in columns.items()} == {
        column.name: bool(column.nullable) for column in Rendered.__table__.columns
    }
    assert {column["default"] for column in columns.values()} == {None}


def test_files_and_codes_from_before_the_secret_are_gone(empty_url: str, now: datetime) -> None:
    """Kept, they would be served with a code that is not known; known, their codes would tell what the paper does not."""
    database = Database(empty_url)
    upgrade_to_head(database.engine, revision="0003")
    with database.writing() as session:
        session.execute(
            text("INSERT INTO edition VALUES (1, 'farming', 1, 'published', '{}', '{}', 'd', :at)"), {"at": now}
        )
        session.execute(
            text(
                "INSERT INTO assessment (id, edition_id, quick, version, started_at, changed_at) "
                "VALUES ('00000000000000000000000000000001', 1, false, 1, :at, :at)"
            ),
            {"at": now},
        )
        session.execute(
            text(
                "INSERT INTO submission VALUES "
                "(1, '00000000000000000000000000000001', 1, 1, 1, :record, 'd', 'farming', 1, 'low', :at)"
            ),
            {"at": now, "record": json.dumps({"reference": "K7QF-2M9D"})},
        )
        for copy in ("business", "buyer"):
            session.execute(
                text("INSERT INTO rendered VALUES (1, :copy, 'd', :content, :at)"),
                {"copy": copy, "content": copy.encode(), "at": now},
            )
    upgrade_to_head(database.engine, revision="0009")
    with database.reading() as look:
        rows = look.execute(text("SELECT copy, language, state FROM rendered ORDER BY copy")).all()
        assert [tuple(row) for row in rows] == [("business", "en", ""), ("buyer", "en", "")]
        assert look.execute(text("SELECT code, copy FROM check_code")).all() == [("K7QF-2M9D", "business")]
    upgrade_to_head(database.engine)
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(Rendered)) == 0
        assert look.scalar(select(func.count()).select_from(CheckCode)) == 0
        assert look.scalar(select(func.count()).select_from(Submission)) == 1
    database.close()
