"""Any sort and any filter, page by page: exactly what is looked for, once, and nothing of a share that is over."""

from __future__ import annotations

import itertools
import os
import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.people.models import Organisation
from assess.portfolio.board import listing, paging
from assess.portfolio.board.choices import choices
from assess.portfolio.board.filters import BANDS, Filter, Order
from assess.suppliers.models import Size, Status, Tier
from tests.conftest import TODAY
from tests.portfolio.board.rows import a_row
from tests.suppliers.makers import a_buyer

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)
EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "20"))
SECTORS, BARS = ("farming", "hospitality"), ("Pay", "Hours")
GOODS, PLACES = ("Shrimp", "Tomatoes"), ("Ecuador", "Spain")
FILTERS = st.builds(
    Filter,
    text=st.sampled_from(["", "", "fen", "EDGE", "%", "nobody"]),
    statuses=st.frozensets(st.sampled_from(Status), max_size=6),
    late=st.sampled_from([False, False, True]),
    old=st.sampled_from([False, False, True]),
    sector=st.none() | st.sampled_from(SECTORS),
    bands=st.frozensets(st.sampled_from(list(BANDS)), max_size=4),
    weak=st.none() | st.none() | st.sampled_from(BARS),
    duty=st.none() | st.none() | st.just("Statement"),
    good=st.none() | st.none() | st.sampled_from(GOODS),
    place=st.none() | st.none() | st.sampled_from(PLACES),
    tier=st.none() | st.none() | st.sampled_from(Tier),
    size=st.none() | st.none() | st.sampled_from(Size),
    order=st.sampled_from(Order),
)


def said(dice: random.Random) -> dict[str, Any]:
    """What a row may say; many values are equal, and many missing."""
    shares = dice.random() < 0.7
    today = TODAY.date()

    def some(*values: Any) -> Any:
        return dice.choice((*values, None))

    return {
        "status": Status.SHARED if shares else dice.choice(tuple(Status)),
        "sector": some(*SECTORS),
        "size": some(*Size),
        "tier": some(*Tier),
        "spend_gbp": some(0, 100, 100, 5000),
        "due": some(today, today - DAY, today + 9 * DAY),
        "shown_until": TODAY + dice.choice((-1, 0, 1, 29, 31, 200)) * DAY if shares else None,
        "answered_on": some(today, today - 30 * DAY) if shares else None,
        "good_until": today + dice.choice((-1, 0, 1, 100)) * DAY if shares else None,
        "band": some("low", "medium", "high") if shares else None,
        "call_points": dice.choice((0, 5, 5, 40)),
        "bars": {bar: dice.choice((1, 2, 3)) for bar in BARS if dice.random() < 0.6} if shares else None,
        "goods": {good: dice.choice(PLACES) for good in GOODS if dice.random() < 0.5} if shares else None,
        "duties": {"Statement": dice.random() < 0.5} if shares and dice.random() < 0.5 else None,
    }


def fits(row: dict[str, Any], wanted: Filter) -> bool:
    """Whether a row is looked for, said again in plain words."""
    shown = row["shown_until"] is not None and row["shown_until"] > TODAY
    status = Status.SHARE_OVER if row["status"] is Status.SHARED and not shown else row["status"]
    today = TODAY.date()
    asked = {Status.INVITED, Status.OPENED, Status.STARTED, Status.SUBMITTED}
    late = row["due"] is not None and row["due"] < today and row["status"] in asked
    old = shown and (row["shown_until"] <= TODAY + 30 * DAY or row["good_until"] < today)
    goods = {(g, p) for g, p in (row["goods"] or {}).items() if wanted.good in {None, g} and wanted.place in {None, p}}
    return all(
        (
            wanted.text.casefold() in row["name"].casefold(),
            not wanted.statuses or status in wanted.statuses,
            late or not wanted.late,
            old or not wanted.old,
            not wanted.bands or ((row["band"] if shown else None) or "none") in wanted.bands,
            wanted.weak is None or (shown and (row["bars"] or {}).get(wanted.weak, 9) <= 2),
            wanted.duty is None or (shown and (row["duties"] or {}).get(wanted.duty) is False),
            (wanted.good is None and wanted.place is None) or (shown and bool(goods)),
            all(getattr(wanted, name) in {None, row[name]} for name in ("sector", "tier", "size")),
        )
    )


@pytest.fixture
def world(published: Database) -> tuple[Database, Organisation, dict[uuid.UUID, dict[str, Any]]]:
    """A buyer with many rows, and another with some of which nothing may be seen."""
    dice = random.Random(7)
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        for number in range(40):
            row = said(dice) | {"name": dice.choice(("Fen Edge", "fen edge", "Acle 100%", f"Farm {number}"))}
            made = a_row(session, council, **row)
            rows[made] = row
            if number < 5:
                a_row(session, shop, **(said(dice) | {"name": "Fen Edge"}))
    return published, council, rows


def every_page(session: Session, buyer_id: uuid.UUID, wanted: Filter, *, back: bool = False) -> list[listing.Row]:
    """All rows, forward from the first page, or from the last page back."""
    found: list[listing.Row] = []
    after = before = None
    for _ in range(30):
        page = listing.leaf(session, buyer_id, wanted, TODAY, after=after, before=before)
        found = [*page.rows, *found] if back and before else [*found, *page.rows]
        if (page.previous if back else page.next) is None:
            return found
        after, before = (None, page.previous) if back else (page.next, None)
    raise AssertionError("it never ends")


def test_all_pages_together_are_what_is_looked_for_each_once(
    world: tuple[Database, Organisation, dict[uuid.UUID, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, council, rows = world
    monkeypatch.setattr(paging, "PER_PAGE", 7)
    with database.reading() as look:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(FILTERS)
        def try_it(wanted: Filter) -> None:
            found = [row.id for row in every_page(look, council.id, wanted)]
            assert len(found) == len(set(found))
            assert set(found) == {one for one, row in rows.items() if fits(row, wanted)}
            assert listing.number(look, council.id, wanted, TODAY) == len(found)

        try_it()
        assert any(fits(row, Filter(weak="Pay")) for row in rows.values()), "the filters find something"


def test_every_sort_goes_forward_and_back_through_equal_and_missing_values(
    world: tuple[Database, Organisation, dict[uuid.UUID, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, council, rows = world
    for order in Order:
        with database.reading() as look:
            whole = listing.leaf(look, council.id, Filter(order=order), TODAY, after=None, before=None).rows
            assert len(whole) == len(rows)
            assert [row.key for row in whole] == sorted((row.key for row in whole), reverse=order is Order.ANSWERED)
            with monkeypatch.context() as short:
                short.setattr(paging, "PER_PAGE", 7)
                forward = every_page(look, council.id, Filter(order=order))
                assert [row.id for row in forward] == [row.id for row in whole], order
                last = paging.write(forward[-1].key)
                page = listing.leaf(look, council.id, Filter(order=order), TODAY, after=None, before=last)
                assert [row.id for row in page.rows] == [row.id for row in whole[-8:-1]], order


def test_what_is_not_known_never_looks_safer(
    world: tuple[Database, Organisation, dict[uuid.UUID, dict[str, Any]]],
) -> None:
    database, council, _rows = world
    with database.reading() as look:
        bands = [row.band for row in every_page(look, council.id, Filter(order=Order.BAND))]
        spends = [row.spend_gbp for row in every_page(look, council.id, Filter(order=Order.SPEND))]
    assert [band for band, _ in itertools.groupby(bands)] == ["high", None, "medium", "low"]
    assert [spend for spend, _ in itertools.groupby(spends)] == [None, 5000, 100, 0]


def test_what_came_from_a_share_is_gone_the_moment_it_is_over(published: Database) -> None:
    """The same row a second before and at the moment: page, filters, sorts, counts and choices all follow."""
    over = TODAY + 5 * DAY
    shared: dict[str, Any] = {
        "status": Status.SHARED,
        "shown_until": over,
        "answered_on": date(2026, 11, 1),
        "good_until": date(2027, 11, 1),
        "band": "high",
        "open_steps": 4,
        "call_points": 3,
        "bars": {"Pay": 1},
        "goods": {"Shrimp": "Ecuador"},
        "duties": {"Statement": False},
    }
    bare = {"status": Status.SHARE_OVER}
    asked = (
        *(Filter(order=order) for order in Order),
        *(Filter(bands=frozenset({band})) for band in BANDS),
        *(Filter(statuses=frozenset({status})) for status in Status),
        Filter(weak="Pay"),
        Filter(good="Shrimp"),
        Filter(place="Ecuador"),
        Filter(duty="Statement"),
        Filter(old=True),
        Filter(late=True),
    )
    with published.writing() as session:
        council, twin = a_buyer(session, "The Council"), a_buyer(session, "The Twin")
        for buyer, row in ((council, shared), (twin, bare)):
            a_row(session, buyer, "Acle Wash", status=Status.SHARED, band="low", shown_until=over + 400 * DAY)
            a_row(session, buyer, "Fen Edge", **row)
        # beside one that was worked out anew the whole board must be the same; only “call first” waits for the night
        for wanted in asked:
            if wanted.order is not Order.CALL:
                assert seen(session, council, wanted, over) == seen(session, twin, wanted, over), wanted
        assert choices(session, council.id, over) == choices(session, twin.id, over)
        assert listing.counts(session, council.id, over) == listing.counts(session, twin.id, over)
        before = over - timedelta(seconds=1)
        assert seen(session, council, Filter(weak="Pay"), before) != []
        assert choices(session, council.id, before).goods == ["Shrimp"]
        first = listing.leaf(session, council.id, Filter(order=Order.CALL), over, after=None, before=None).rows[0]
        assert (first.name, first.band) == ("Fen Edge", None)


def seen(session: Session, buyer: Organisation, wanted: Filter, moment: Any) -> Sequence[Any]:
    """The rows as they are shown, without what differs between any two rows."""
    rows = listing.leaf(session, buyer.id, wanted, moment, after=None, before=None).rows
    return [replace(row, id=uuid.UUID(int=0), key=row.key[:-1]) for row in rows]
