from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from assess.banks.models import Edition, EditionEvent, Stage
from assess.kit.db import Database

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def an_edition(number: int = 1) -> Edition:
    return Edition(
        bank="shop",
        number=number,
        stage=Stage.PUBLISHED,
        source={"shop.yaml": "format: 1\n"},
        compiled={"format": 1, "title": "Läden"},
        digest="d" * 64,
        published_at=NOW,
    )


@pytest.fixture
def stored(database: Database) -> Database:
    """A database with one edition and its event."""
    with database.writing() as session:
        row = an_edition()
        session.add(row)
        session.flush()
        session.add(EditionEvent(edition_id=row.id, stage=Stage.PUBLISHED, at=NOW))
    return database


def test_an_edition_comes_back_as_it_was_stored(stored: Database) -> None:
    with stored.reading() as session:
        row = session.get_one(Edition, 1)
        assert (row.compiled, row.source, row.stage, row.published_at) == (
            {"format": 1, "title": "Läden"},
            {"shop.yaml": "format: 1\n"},
            Stage.PUBLISHED,
            NOW,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE edition SET compiled = '{}'",
        "UPDATE edition SET digest = 'e'",
        "UPDATE edition SET number = 2",
        "UPDATE edition SET bank = 'stall'",
        "UPDATE edition SET source = '{}'",
        "UPDATE edition SET published_at = CURRENT_TIMESTAMP",
        "UPDATE edition SET id = 7",
        "DELETE FROM edition",
        "UPDATE edition_event SET at = CURRENT_TIMESTAMP",
        "DELETE FROM edition_event",
    ],
)
def test_the_database_refuses_to_change_or_remove_what_was_published(stored: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="never changed or removed"), stored.writing() as session:
        session.execute(text(statement))
    with stored.reading() as session:
        assert session.get_one(Edition, 1).digest == "d" * 64


def test_only_its_stage_may_change_and_only_to_one_that_is_known(stored: Database) -> None:
    with stored.writing() as session:
        session.get_one(Edition, 1).stage = Stage.WITHDRAWN
    with pytest.raises(IntegrityError), stored.writing() as session:
        session.execute(text("UPDATE edition SET stage = 'gone'"))


@pytest.mark.parametrize("number", [0, 1])
def test_a_number_is_given_once_and_from_one_on(stored: Database, number: int) -> None:
    with pytest.raises(IntegrityError), stored.writing() as session:
        session.add(an_edition(number))
