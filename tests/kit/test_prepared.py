"""A statement compiled once: the same rows as the ordinary way, and its errors too."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, literal, select
from sqlalchemy.exc import DBAPIError

from assess.kit.db import Database
from assess.kit.limits import RateCounter
from assess.kit.prepared import Prepared

pytestmark = pytest.mark.both_databases

TWO = Prepared(select(literal("a").label("letter"), bindparam("number", 0) + 1))
BROKEN = Prepared(select(RateCounter.count).where(RateCounter.key == bindparam("key", "").op("NO SUCH THING")("x")))


def test_rows_come_as_the_driver_gives_them(database: Database) -> None:
    for number in (1, 41):
        assert [tuple(row) for row in TWO.rows(database.engine, {"number": number})] == [("a", number + 1)]


def test_the_ordinary_way_gives_the_same(database: Database) -> None:
    assert [tuple(row) for row in TWO._ordinary(database.engine, {"number": 1})] == [("a", 2)]


def test_a_fault_is_told_in_the_words_of_the_ordinary_way(database: Database) -> None:
    with pytest.raises(DBAPIError):
        BROKEN.rows(database.engine, {"key": "x"})
    assert TWO.rows(database.engine, {"number": 1})


def test_connections_are_given_back(database: Database) -> None:
    for _ in range(30):
        TWO.rows(database.engine, {"number": 1})
    assert database.engine.pool.checkedout() == 0
