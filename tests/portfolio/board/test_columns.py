"""What holds for every column, order and filter of the board: whoever adds one adds it here, where a test names it."""

from __future__ import annotations

import uuid
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, inspect, select, update
from werkzeug.datastructures import MultiDict

from assess.core.db import Database
from assess.portfolio.board.columns import (
    ALL_SUPPLIERS,
    BAND_LABELS,
    COLUMNS,
    BoardFilter,
    BoardItem,
    BoardOrder,
    active_pairs,
    describe_filter,
    describe_pair,
    filter_from_query,
    read_filter,
)
from assess.portfolio.board.services import get_board_page
from assess.portfolio.bulk_exports.tables import SUPPLIER_COLUMNS, build_tables
from assess.portfolio.models import BoardRow
from assess.sharing.models import ShareGrant, ShareScope
from assess.suppliers.models import InvitationStatus, RiskTier, SupplierSize
from tests.conftest import TODAY
from tests.portfolio.board.board_rows import a_row
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

FROM_COPY = [column.key for column in COLUMNS if column.from_copy]
SAMPLES: dict[type, Any] = {int: 7, str: "high", bool: True, date: date(2027, 1, 1)}
"""Something for each type of column that came from a copy."""


def something(key: str) -> Any:
    column = inspect(BoardRow).columns[key]
    return later(200) if key == "shown_until" else SAMPLES[column.type.python_type]


@pytest.mark.both_databases
def test_every_column_that_came_from_a_copy_is_emptied_when_its_share_is_deleted(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge")
        grant = shared(session, invited(session, farm), scope=ShareScope.PLAN)
        session.execute(update(BoardRow).values({key: something(key) for key in FROM_COPY}))
        session.execute(delete(ShareGrant).where(ShareGrant.id == grant.id))
        session.expire_all()
        row = session.scalars(select(BoardRow)).one()
        assert {key: getattr(row, key) for key in FROM_COPY if getattr(row, key)} == {}, "see board_row_forgets"


@pytest.mark.both_databases
def test_every_column_that_came_from_a_copy_is_shown_while_the_share_lives(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        grant = shared(session, invited(session, a_supplier(session, council, "Fen Edge")))
        session.execute(update(BoardRow).values({key: something(key) for key in FROM_COPY}))

        def item(days: int) -> BoardItem:
            page = get_board_page(session, council.id, BoardFilter(), later(days), after=None, before=None)
            return page.rows[0]

        def cells(days: int) -> dict[str, Any]:
            (row,) = build_tables(session, council.id, BoardFilter(), later(days)).suppliers.rows
            return dict(zip((column.name for column in SUPPLIER_COLUMNS), row, strict=True))

        in_files = {column.key for column in COLUMNS if column.from_copy and column.sheet}
        assert {key: getattr(item(199), key) for key in FROM_COPY} == {key: something(key) for key in FROM_COPY}
        assert {key for key in in_files if cells(199)[key] is None} == set()
        assert {key for key in FROM_COPY if getattr(item(200), key) is not None} == set()
        assert {key for key in in_files if cells(200)[key] is not None} == set()
        assert grant.until > later(200), "it is the row that says until when"


@pytest.mark.both_databases
def test_a_file_says_nothing_of_a_copy_whose_share_is_gone_from_the_row(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        a_row(
            session, council, "Fen Edge", status=InvitationStatus.SHARED, band="high", shown_until=later(9),
            bars={"Pay": 1},
        )  # fmt: skip
        tables = build_tables(session, council.id, BoardFilter(), TODAY)
        cells = dict(zip((column.name for column in SUPPLIER_COLUMNS), tables.suppliers.rows[0], strict=True))
        assert (cells["status"], cells["band"], cells["open_steps"]) == ("Share over", None, None)
        assert [table.rows for table in tables.others] == [[], [], []]


def test_every_column_of_the_page_says_something_of_a_supplier_of_which_nothing_is_known() -> None:
    known: dict[str, Any] = {"name": "Farm", "status": InvitationStatus.NOT_ASKED, "late": False, "expires_soon": False}
    bare = BoardItem(id=uuid.UUID(int=1), **{column.key: None for column in COLUMNS} | known)
    said = {column.key: column.cell(bare).text for column in COLUMNS if column.cell}
    assert all(said.values())
    assert said == said | {
        "spend_gbp": "Not told",
        "status": "Not asked",
        "due": "–",
        "answered_on": "–",
        "open_steps": "–",
        "band": "No band to show",
    }


WORDS = st.text(min_size=1, max_size=30).map(lambda text: " ".join(text.replace("\0", " ").split())).filter(bool)
FILTERS = st.builds(
    BoardFilter,
    text=WORDS | st.just(""),
    statuses=st.frozensets(st.sampled_from(InvitationStatus)),
    late=st.booleans(),
    expires_soon=st.booleans(),
    sector=st.none() | WORDS,
    area=st.none() | WORDS,
    bands=st.frozensets(st.sampled_from(list(BAND_LABELS))),
    weak=st.none() | WORDS,
    duty=st.none() | WORDS,
    good=st.none() | WORDS,
    place=st.none() | WORDS,
    tier=st.none() | st.sampled_from(RiskTier),
    size=st.none() | st.sampled_from(SupplierSize),
    order=st.sampled_from(BoardOrder),
)


@given(FILTERS)
def test_what_is_looked_for_comes_back_from_its_address(wanted: BoardFilter) -> None:
    assert read_filter(MultiDict(wanted.pairs)) == wanted


def test_what_nobody_knows_is_left_out() -> None:
    assert (
        filter_from_query("status=urgent&band=urgent&band=not_rated&sort=urgent&size=huge&late=maybe&sign=1")
        == BoardFilter()
    )


def test_a_letter_that_no_database_takes_finds_nothing_and_breaks_nothing() -> None:
    for key in ("q", "sector", "area", "weak", "duty", "good", "place"):
        assert filter_from_query(f"{key}=%00") == BoardFilter()
    assert filter_from_query("q=fen%00edge") == BoardFilter(text="fen edge")


def test_order_alone_leaves_nothing_out() -> None:
    assert not filter_from_query("sort=due").is_on
    assert filter_from_query("late=yes").is_on
    assert filter_from_query("q=a&sort=due").sorted_by(BoardOrder.NAME) == BoardFilter(text="a")


FILTER_VALUES = BoardFilter(
    text="Fen",
    statuses=frozenset(InvitationStatus),
    late=True,
    expires_soon=True,
    sector="car_washes",
    area="norfolk",
    bands=frozenset(BAND_LABELS),
    weak="Pay",
    duty="Statement",
    good="Shrimp",
    place="Ecuador",
    tier=RiskTier.HIGH,
    size=SupplierSize.SMALL,
    order=BoardOrder.DUE,
)


def test_everything_that_can_be_looked_for_has_its_words() -> None:
    assert all(getattr(FILTER_VALUES, field.name) for field in fields(BoardFilter)), "whoever adds a field adds it here"
    said = [describe_pair(*pair) for pair in active_pairs(FILTER_VALUES)]
    assert len(said) == len(set(said)) == len(FILTER_VALUES.pairs) - 1, "all but the order"
    assert {"“Fen”", "Late", "Car washes", "Weak: Pay", "Duty not done: Statement", "From: Ecuador"} <= set(said)


def test_it_is_said_in_sentences() -> None:
    assert describe_filter(BoardFilter(order=BoardOrder.DUE)) == [ALL_SUPPLIERS]
    assert describe_filter(
        filter_from_query("?status=shared&status=declined&band=critical&band=none&area=norfolk&q=Fen&late=yes")
    ) == [
        "Name or reference: “Fen”.",
        "How it stands: Said no or Shared.",
        "Only: Late.",
        "Area: Norfolk.",
        "Band: High or No band to show.",
    ]
