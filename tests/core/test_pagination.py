"""Lists in pages: the number that was asked for, rows in memory, rows that are read one by one, and what a statement finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, literal, select, union_all
from sqlalchemy.orm import ORMExecuteState, Session

from assess.core.pagination import MAX_PAGE, Page, fetch_page, fetch_rows, paginate, query_page


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", 1), ("0", 1), ("-1", 1), ("x", 1), ("1e9", 1), ("\u0662", 1), ("3", 3), ("9" * 30, MAX_PAGE)],
)
def test_what_is_no_number_is_the_first_page(app: Flask, typed: str, number: int) -> None:
    with app.test_request_context(f"/?page={typed}"):
        assert query_page() == number
    with app.test_request_context("/"):
        assert query_page() == 1


def test_a_sequence_is_counted_and_a_number_beyond_its_end_is_the_last() -> None:
    first, last, beyond = (paginate("abcde", number, 2) for number in (1, 3, 99))
    assert (first.rows, first.before, first.after, first.pages) == ("ab", None, 2, 3)
    assert (last.rows, last.before, last.after) == ("e", 2, None)
    assert beyond == last
    assert paginate([], 4, 2) == Page([], 1, more=False, total=0, size=2)


def test_rows_are_read_no_further_than_one_beyond_the_page() -> None:
    read: list[int] = []

    def rows() -> Iterator[int]:
        for one in range(9):
            read.append(one)
            yield one

    page = paginate(rows(), 2, 2)
    assert (page.rows, page.more, page.pages, read) == ([2, 3], True, None, [0, 1, 2, 3, 4])
    assert paginate(rows(), 99, 2).rows == [8]


@pytest.mark.both_databases
def test_a_statement_is_counted_only_behind_its_end(session: Session) -> None:
    three = union_all(*(select(literal(number).label("number")) for number in (1, 2, 3))).subquery()
    wanted = select(three.c.number).order_by(three.c.number)
    executed: list[ORMExecuteState] = []
    event.listen(session, "do_orm_execute", executed.append)
    first, last = fetch_page(session, wanted, 1, 2), fetch_page(session, wanted, 2, 2)
    assert (first.rows, first.after, last.rows, last.after, len(executed)) == ([1, 2], 2, [3], None, 2)
    assert fetch_page(session, wanted, 99, 2) == last
    assert len(executed) == 5
    counted = fetch_rows(session, wanted, 99, 2, total=3)
    assert ([tuple(row) for row in counted.rows], counted.number, counted.pages, len(executed)) == ([(3,)], 2, 2, 6)
    assert counted.with_rows("x") == Page("x", 2, more=False, total=3, size=2)
