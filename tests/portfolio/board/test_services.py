"""Any sort and any filter, page by page: exactly what is looked for, once, and nothing of a share that is over."""

from __future__ import annotations

import base64
import itertools
import os
import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, Integer, String, Uuid, column, delete, select
from sqlalchemy.orm import Session

from assess.core import pagination
from assess.core.clock import uk_date
from assess.core.db import Database
from assess.core.pagination import PagePosition, SortKey, decode_position, encode_position
from assess.identity.models import Organisation
from assess.portfolio.board import services as board_services
from assess.portfolio.board.columns import BAND_LABELS, BoardFilter, BoardItem, BoardOrder, CurrentColumns
from assess.portfolio.board.services import (
    FilterError,
    UnlistedShareNotFoundError,
    add_share_to_list,
    count_unlisted_shares,
    get_filter_choices,
    list_saved_filters,
    list_suppliers_named,
    list_unlisted_shares,
    remove_filter,
    store_filter,
)
from assess.portfolio.models import BoardRow
from assess.sharing.models import ShareGrant
from assess.suppliers.duplicates import merge_suppliers
from assess.suppliers.forms import MAX_POUNDS
from assess.suppliers.models import InvitationStatus, RiskTier, SupplierInvitation, SupplierSize
from assess.suppliers.services import archive_supplier
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, database_of
from tests.portfolio.board.board_rows import a_row
from tests.portfolio.board.conftest import Council
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared


@pytest.mark.both_databases
def test_only_what_this_buyer_is_shown_now_can_be_chosen(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        assert get_filter_choices(session, council.id, TODAY) == {}
        for buyer, until, good in ((council, 9, "Tomatoes"), (council, 5, "Shrimp"), (shop, 9, "Coffee")):
            a_row(
                session,
                buyer,
                good,
                status=InvitationStatus.SHARED,
                shown_until=later(until),
                sector="farming",
                goods={good: "Spain", "Apples": "Kent"},
                bars={"Pay": 2},
            )
        assert get_filter_choices(session, council.id, TODAY) == {
            "sector": ["farming"],
            "weak": ["Pay"],
            "good": ["Apples", "Shrimp", "Tomatoes"],
            "place": ["Kent", "Spain"],
        }
        assert get_filter_choices(session, council.id, later(5))["good"] == ["Apples", "Tomatoes"]
        assert get_filter_choices(session, council.id, later(9)) == {"sector": ["farming"]}


DAY = timedelta(days=1)
EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "20"))
SECTORS, BARS = ("farming", "hospitality"), ("Pay", "Hours")
GOODS, PLACES = ("Shrimp", "Tomatoes"), ("Ecuador", "Spain")
FILTERS = st.builds(
    BoardFilter,
    text=st.sampled_from(["", "", "fen", "EDGE", "%", "nobody"]),
    statuses=st.frozensets(st.sampled_from(InvitationStatus), max_size=6),
    late=st.sampled_from([False, False, True]),
    expires_soon=st.sampled_from([False, False, True]),
    sector=st.none() | st.sampled_from(SECTORS),
    bands=st.frozensets(st.sampled_from(list(BAND_LABELS)), max_size=4),
    weak=st.none() | st.none() | st.sampled_from(BARS),
    duty=st.none() | st.none() | st.just("Statement"),
    good=st.none() | st.none() | st.sampled_from(GOODS),
    place=st.none() | st.none() | st.sampled_from(PLACES),
    tier=st.none() | st.none() | st.sampled_from(RiskTier),
    size=st.none() | st.none() | st.sampled_from(SupplierSize),
    order=st.sampled_from(BoardOrder),
)


def said(dice: random.Random) -> dict[str, Any]:
    """What a row may say; many values are equal, and many missing."""
    shares = dice.random() < 0.7
    today = TODAY.date()

    def some(*values: Any) -> Any:
        return dice.choice((*values, None))

    return {
        "status": InvitationStatus.SHARED if shares else dice.choice(tuple(InvitationStatus)),
        "sector": some(*SECTORS),
        "size": some(*SupplierSize),
        "tier": some(*RiskTier),
        "spend_gbp": some(0, 100, 100, 3 * MAX_POUNDS),
        "due": some(today, today - DAY, today + 9 * DAY),
        "shown_until": TODAY + dice.choice((-1, 0, 1, 29, 31, 200)) * DAY if shares else None,
        "answered_on": some(today, today - 30 * DAY) if shares else None,
        "valid_until": today + dice.choice((-1, 0, 1, 100)) * DAY if shares else None,
        "band": some("low", "medium", "high") if shares else None,
        "call_points": dice.choice((0, 5, 5, 40)),
        "bars": {bar: dice.choice((1, 2, 3)) for bar in BARS if dice.random() < 0.6} if shares else None,
        "goods": {good: dice.choice(PLACES) for good in GOODS if dice.random() < 0.5} if shares else None,
        "duties": {"Statement": dice.random() < 0.5} if shares and dice.random() < 0.5 else None,
    }


def fits(row: dict[str, Any], wanted: BoardFilter) -> bool:
    """Whether a row is looked for, said again in plain words."""
    shown = row["shown_until"] is not None and row["shown_until"] > TODAY
    status = InvitationStatus.SHARE_OVER if row["status"] is InvitationStatus.SHARED and not shown else row["status"]
    today = TODAY.date()
    asked = {InvitationStatus.INVITED, InvitationStatus.OPENED, InvitationStatus.STARTED, InvitationStatus.SUBMITTED}
    late = row["due"] is not None and row["due"] < today and row["status"] in asked
    expires_soon = shown and (row["shown_until"] <= TODAY + 30 * DAY or row["valid_until"] < today)
    goods = {(g, p) for g, p in (row["goods"] or {}).items() if wanted.good in {None, g} and wanted.place in {None, p}}
    return all(
        (
            wanted.text.casefold() in row["name"].casefold(),
            not wanted.statuses or status in wanted.statuses,
            late or not wanted.late,
            expires_soon or not wanted.expires_soon,
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


def every_page(session: Session, buyer_id: uuid.UUID, wanted: BoardFilter, *, back: bool = False) -> list[BoardItem]:
    """All rows, forward from the first page, or from the last page back."""
    found: list[BoardItem] = []
    after = before = None
    for _ in range(30):
        page = board_services.get_board_page(session, buyer_id, wanted, TODAY, after=after, before=before)
        found = [*page.rows, *found] if back and before else [*found, *page.rows]
        if (page.previous if back else page.next) is None:
            return found
        after, before = (None, page.previous) if back else (page.next, None)
    raise AssertionError("it never ends")


@pytest.mark.both_databases
def test_all_pages_together_are_what_is_looked_for_each_once(
    world: tuple[Database, Organisation, dict[uuid.UUID, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, council, rows = world
    monkeypatch.setattr(pagination, "PER_PAGE", 7)
    with database.reading() as session:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(FILTERS)
        def try_it(wanted: BoardFilter) -> None:
            found = [row.id for row in every_page(session, council.id, wanted)]
            assert len(found) == len(set(found))
            assert set(found) == {one for one, row in rows.items() if fits(row, wanted)}
            assert board_services.count_matching(session, council.id, wanted, TODAY) == len(found)

        try_it()
        assert any(fits(row, BoardFilter(weak="Pay")) for row in rows.values()), "the filters find something"


@pytest.mark.both_databases
def test_every_sort_goes_forward_and_back_through_equal_and_missing_values(
    world: tuple[Database, Organisation, dict[uuid.UUID, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, council, rows = world
    for order in BoardOrder:
        with database.reading() as session:
            whole = board_services.get_board_page(
                session, council.id, BoardFilter(order=order), TODAY, after=None, before=None
            ).rows
            assert len(whole) == len(rows)
            assert [row.key for row in whole] == sorted(
                (row.key for row in whole), reverse=order is BoardOrder.ANSWERED
            )
            with monkeypatch.context() as short:
                short.setattr(pagination, "PER_PAGE", 7)
                forward = every_page(session, council.id, BoardFilter(order=order))
                assert [row.id for row in forward] == [row.id for row in whole], order
                last = encode_position(forward[-1].key)
                page = board_services.get_board_page(
                    session, council.id, BoardFilter(order=order), TODAY, after=None, before=last
                )
                assert [row.id for row in page.rows] == [row.id for row in whole[-8:-1]], order


@pytest.mark.both_databases
def test_what_is_not_known_never_looks_safer(
    world: tuple[Database, Organisation, dict[uuid.UUID, dict[str, Any]]],
) -> None:
    database, council, _rows = world
    with database.reading() as session:
        bands = [row.band for row in every_page(session, council.id, BoardFilter(order=BoardOrder.BAND))]
        spends = [row.spend_gbp for row in every_page(session, council.id, BoardFilter(order=BoardOrder.SPEND))]
    assert [band for band, _ in itertools.groupby(bands)] == ["high", None, "medium", "low"]
    assert [spend for spend, _ in itertools.groupby(spends)] == [None, 3 * MAX_POUNDS, 100, 0]


@pytest.mark.both_databases
def test_what_came_from_a_share_is_gone_the_moment_it_is_over(published: Database) -> None:
    """The same row a second before and at the moment: page, filters, sorts, counts and choices all follow."""
    over = TODAY + 5 * DAY
    shared: dict[str, Any] = {
        "status": InvitationStatus.SHARED,
        "shown_until": over,
        "answered_on": date(2026, 11, 1),
        "valid_until": date(2027, 11, 1),
        "band": "high",
        "open_steps": 4,
        "call_points": 3,
        "bars": {"Pay": 1},
        "goods": {"Shrimp": "Ecuador"},
        "duties": {"Statement": False},
    }
    bare = {"status": InvitationStatus.SHARE_OVER}
    asked = (
        *(BoardFilter(order=order) for order in BoardOrder),
        *(BoardFilter(bands=frozenset({band})) for band in BAND_LABELS),
        *(BoardFilter(statuses=frozenset({status})) for status in InvitationStatus),
        BoardFilter(weak="Pay"),
        BoardFilter(good="Shrimp"),
        BoardFilter(place="Ecuador"),
        BoardFilter(duty="Statement"),
        BoardFilter(expires_soon=True),
        BoardFilter(late=True),
    )
    with published.writing() as session:
        council, twin = a_buyer(session, "The Council"), a_buyer(session, "The Twin")
        for buyer, row in ((council, shared), (twin, bare)):
            a_row(session, buyer, "Acle Wash", status=InvitationStatus.SHARED, band="low", shown_until=over + 400 * DAY)
            a_row(session, buyer, "Fen Edge", **row)
        # beside one that was worked out anew the whole board must be the same; only “call first” waits for the night
        for wanted in asked:
            if wanted.order is not BoardOrder.CONTACT_FIRST:
                assert seen(session, council, wanted, over) == seen(session, twin, wanted, over), wanted
        assert get_filter_choices(session, council.id, over) == get_filter_choices(session, twin.id, over)
        assert board_services.count_by_status(session, council.id, over) == board_services.count_by_status(
            session, twin.id, over
        )
        before = over - timedelta(seconds=1)
        assert seen(session, council, BoardFilter(weak="Pay"), before) != []
        assert get_filter_choices(session, council.id, before)["good"] == ["Shrimp"]
        first = board_services.get_board_page(
            session, council.id, BoardFilter(order=BoardOrder.CONTACT_FIRST), over, after=None, before=None
        ).rows[0]
        assert (first.name, first.band) == ("Fen Edge", None)


def seen(session: Session, buyer: Organisation, wanted: BoardFilter, now: Any) -> Sequence[Any]:
    """The rows as they are shown, without what differs between any two rows."""
    rows = board_services.get_board_page(session, buyer.id, wanted, now, after=None, before=None).rows
    return [replace(row, id=uuid.UUID(int=0), key=row.key[:-1]) for row in rows]


KEY = SortKey((column("due", Date), column("number", Integer), column("name", String), column("id", Uuid)))
VALUES = (date(2026, 12, 24), -5, "fen edge", uuid.UUID(int=7))


def test_a_place_comes_back_from_its_word() -> None:
    assert decode_position(encode_position(VALUES), KEY) == PagePosition(VALUES)
    assert decode_position(encode_position(VALUES), KEY, back=True) == PagePosition(VALUES, back=True)


@pytest.mark.parametrize(
    "word",
    [
        None,
        "",
        "nonsense",
        "é",
        "A" * 5000,
        encode_position([1]),
        encode_position(["2026-13-01", 1, "a", uuid.UUID(int=7)]),
        encode_position(["2026-12-01", 2**40, "a", uuid.UUID(int=7)]),
        encode_position(["2026-12-01", 1, "\0", uuid.UUID(int=7)]),
        encode_position(["2026-12-01", 1, "half a letter \ud800", uuid.UUID(int=7)]),
        base64.urlsafe_b64encode(b"[" * 2900).decode(),
        encode_position(["2026-12-01", "1", "a", uuid.UUID(int=7)]),
        encode_position(["2026-12-01", 1, "a", "7"]),
    ],
)
def test_a_word_that_names_no_place_is_the_first_page(word: str | None) -> None:
    assert decode_position(word, KEY) is None


@pytest.mark.both_databases
def test_filters_belong_to_one_person_and_one_buyer(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing() as session:
        council, jo, al = (
            a_buyer(session, "The Council"),
            a_person(session, "jo@x.example"),
            a_person(session, "al@x.example"),
        )
        store_filter(session, council.id, jo.id, " Late  ones ", BoardFilter(late=True), TODAY)
        store_filter(session, council.id, jo.id, "Late ones", BoardFilter(late=True, expires_soon=True), TODAY)
        (mine,) = list_saved_filters(session, council.id, jo.id)
        assert (mine.name, mine.query) == ("Late ones", "late=yes&old=yes")
        assert list_saved_filters(session, council.id, al.id) == []
        assert not remove_filter(session, council.id, al.id, mine.id)
        assert remove_filter(session, council.id, jo.id, mine.id)
        for name, wanted in (("", BoardFilter()), ("x" * 61, BoardFilter()), ("x", BoardFilter(text="é" * 500))):
            with pytest.raises(FilterError):
                store_filter(session, council.id, jo.id, name, wanted, TODAY)
        monkeypatch.setattr(board_services, "MAX_SAVED_FILTERS", 1)
        store_filter(session, council.id, jo.id, "one", BoardFilter(), TODAY)
        with pytest.raises(FilterError):
            store_filter(session, council.id, jo.id, "two", BoardFilter(), TODAY)


@pytest.mark.both_databases
def test_late_is_who_was_asked_and_the_day_is_over(app: Flask, council: Council) -> None:
    seen = CurrentColumns(TODAY)
    assert seen.today == uk_date(TODAY)
    with database_of(app).writing() as session:
        invitation = invited(session, a_supplier(session, council.organisation, "Fen Edge"))
        assert session.get_one(SupplierInvitation, invitation.id).status is InvitationStatus.INVITED
    assert BoardFilter(late=True).is_on


@pytest.mark.both_databases
def test_a_share_of_the_older_way_is_put_on_the_list_of_its_own_buyer(published: Database) -> None:
    with published.writing() as session:
        council, shop, jo = (
            a_buyer(session, "The Council"),
            a_buyer(session, "The Shop"),
            a_person(session, "jo@x.example"),
        )
        there = a_supplier(session, council, "Fen Edge")
        grants = [shared(session, invited(session, a_supplier(session, buyer, "Farm"))) for buyer in (council, shop)]
        assert count_unlisted_shares(session, council.id, TODAY) == 0
        for grant in grants:
            grant.supplier_id = None
        session.flush()
        (row,) = list_unlisted_shares(session, council.id, TODAY)
        assert row.grant_id == grants[0].id
        assert list_unlisted_shares(session, council.id, later(400)) == []
        with pytest.raises(UnlistedShareNotFoundError):
            add_share_to_list(session, council.id, grants[1].id, None, TODAY, by=jo.id)
        with pytest.raises(UnlistedShareNotFoundError):
            add_share_to_list(session, shop.id, grants[1].id, there.id, TODAY, by=jo.id)
        made = add_share_to_list(session, council.id, grants[0].id, None, TODAY, by=jo.id)
        assert made.sector == "farming"
        assert [one.id for one in list_suppliers_named(session, council.id, row.name.upper())] == [made.id]
        assert session.get_one(BoardRow, made.id).status is InvitationStatus.SHARED
        assert session.get_one(ShareGrant, grants[0].id).supplier_id == made.id
        assert list_unlisted_shares(session, council.id, TODAY) == []


@pytest.mark.both_databases
def test_with_a_part_comes_the_entry_that_stands_for_it_so_that_a_deleted_share_empties_the_row(
    published: Database,
) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        ann = a_person(session, "ann@council.example")
        root, part = (a_supplier(session, council, name) for name in ("Fen Edge", "Fen Edge North"))
        merge_suppliers(session, part, root, TODAY, by=None)
        farm = a_supplier(session, council, "Farm")
        grant = shared(session, invited(session, farm))
        grant.supplier_id = None
        for one in (root, part, farm):
            archive_supplier(session, one, TODAY, by=None)
        add_share_to_list(session, council.id, grant.id, part.id, TODAY, by=ann.id)
        assert session.scalars(select(BoardRow.supplier_id).where(BoardRow.band.is_not(None))).all() == [root.id]
        session.execute(delete(ShareGrant).where(ShareGrant.id == grant.id))
        assert session.scalars(select(BoardRow.supplier_id).where(BoardRow.band.is_not(None))).all() == []
