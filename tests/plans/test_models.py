"""What can be stored of calendar feeds and check codes."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.plans.models import CalendarFeed, CheckCode, VerificationSecret


@pytest.mark.both_databases
def test_an_address_hangs_on_an_assessment(session: Session, now: datetime) -> None:
    session.add(CalendarFeed(assessment_id=uuid.UUID(int=7), token_hash="0" * 64, made_at=now))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.both_databases
def test_nothing_about_who_fetches_it_can_be_stored() -> None:
    assert set(CalendarFeed.__table__.columns.keys()) == {
        "id",
        "assessment_id",
        "token_hash",
        "made_at",
        "ended_at",
        "opened",
        "last_opened_at",
    }
    assert select(CalendarFeed).whereclause is None


@pytest.mark.both_databases
def test_a_code_hangs_on_its_submission_and_goes_with_it(database: Database) -> None:
    session = inspect(database.engine)
    (key,) = session.get_foreign_keys("check_code")
    assert key["referred_table"] == "submission"
    assert key["options"] == {"ondelete": "CASCADE"}


@pytest.mark.both_databases
def test_the_table_has_the_columns_of_the_model(database: Database) -> None:
    columns = {column["name"]: column["nullable"] for column in inspect(database.engine).get_columns("check_code")}
    assert columns == {column.name: bool(column.nullable) for column in CheckCode.__table__.columns}


@pytest.mark.both_databases
def test_there_is_one_secret_and_it_is_a_long_one(database: Database) -> None:
    with database.reading() as session:
        (key,) = session.scalars(select(VerificationSecret.key))
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    columns = {
        column["name"]: column["nullable"] for column in inspect(database.engine).get_columns("verification_secret")
    }
    assert columns == {"key": False}
