from __future__ import annotations

import re

import pytest
from sqlalchemy import inspect, select

from assess.kit.db import Database
from assess.plans.check_code.models import CheckCode, CodeKey

pytestmark = pytest.mark.both_databases


def test_a_code_hangs_on_its_submission_and_goes_with_it(database: Database) -> None:
    look = inspect(database.engine)
    (key,) = look.get_foreign_keys("check_code")
    assert key["referred_table"] == "submission"
    assert key["options"] == {"ondelete": "CASCADE"}


def test_the_table_has_the_columns_of_the_model(database: Database) -> None:
    columns = {column["name"]: column["nullable"] for column in inspect(database.engine).get_columns("check_code")}
    assert columns == {column.name: bool(column.nullable) for column in CheckCode.__table__.columns}


def test_there_is_one_secret_and_it_is_a_long_one(database: Database) -> None:
    with database.reading() as look:
        (key,) = look.scalars(select(CodeKey.key))
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    columns = {
        column["name"]: column["nullable"] for column in inspect(database.engine).get_columns("verification_secret")
    }
    assert columns == {"key": False}
