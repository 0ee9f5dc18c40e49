from __future__ import annotations

import pytest
from sqlalchemy import inspect

from assess.kit.db import Database
from assess.plans.printing.models import Rendered

pytestmark = pytest.mark.both_databases

KEY = ["submission_id", "copy", "language", "state"]


def test_a_finished_file_hangs_on_its_submission_and_goes_with_it(database: Database) -> None:
    look = inspect(database.engine)
    (key,) = look.get_foreign_keys("submission_pdf")
    assert key["referred_table"] == "submission"
    assert key["options"] == {"ondelete": "CASCADE"}
    assert look.get_pk_constraint("submission_pdf")["constrained_columns"] == KEY


def test_the_table_has_the_columns_of_the_model(database: Database) -> None:
    columns = {column["name"]: column for column in inspect(database.engine).get_columns("submission_pdf")}
    assert {name: column["nullable"] for name, column in columns.items()} == {
        column.name: bool(column.nullable) for column in Rendered.__table__.columns
    }
    assert {column["default"] for column in columns.values()} == {None}
