from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.portfolio.models import Standing
from assess.suppliers.keeping import archive, take_up_again
from assess.suppliers.merging.keeping import (
    ARCHIVED,
    BOTH_STAND,
    ITSELF,
    OTHERS,
    PART,
    MergeRefusedError,
    in_order,
    parts_of,
    proposed,
    put_together,
    take_apart,
    tell_apart,
)
from assess.suppliers.merging.models import ToldApart
from assess.suppliers.models import Status, Supplier, SupplierEvent, What
from tests.conftest import TODAY
from tests.kit.filled import columns_of
from tests.suppliers.makers import a_buyer, a_supplier, later
from tests.suppliers.merging.worlds import World, a_world, opened, stored

pytestmark = pytest.mark.both_databases

EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "4"))
PAIRS = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1])
MERGES = st.lists(PAIRS, min_size=2, max_size=7)
ALL_INTO_ONE = [(one, 0) for one in range(1, 7)]


def together(session: Session, part: Supplier, root: Supplier) -> str | None:
    try:
        put_together(session, part, root, TODAY, by=None)
    except MergeRefusedError as error:
        return str(error)
    return None


def test_whatever_is_put_together_and_taken_apart_again_all_is_as_it_was(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session)
    done, columns = 0, columns_of(published)
    with published.new_session(writes=True) as session:
        before = stored(columns, session)
        could_open = opened(session, world)
        assert sum(one is not None for one in could_open) > 3, "somebody can open something"

        @given(MERGES)
        @example(ALL_INTO_ONE)
        @settings(max_examples=EXAMPLES, deadline=None)
        def holds(merges: list[tuple[int, int]]) -> None:
            nonlocal done
            everyone = [session.get_one(Supplier, one.id) for one in (*world.entries, world.of_shop)]
            merged = []
            for part, root in merges:
                if together(session, everyone[part], everyone[root]) is None and everyone[part] not in merged:
                    merged.append(everyone[part])
                    done += 1
                    assert opened(session, world) == could_open
                one_row_for_each(session, everyone)
            if merged:
                assert stored(columns, session) != before, "what is compared does notice"
            for part in merged[::-1]:
                take_apart(session, part, TODAY, by=None)
            assert opened(session, world) == could_open
            assert stored(columns, session) == before

        holds()
        session.rollback()
    assert done > 5, "some were put together indeed"


def one_row_for_each(session: Session, everyone: list[Supplier]) -> None:
    """The board has one row for all that stand together."""
    rows = set(session.scalars(select(Standing.supplier_id)))
    assert rows == {one.id for one in everyone if one.merged_into is None and one.archived_at is None}
    for one in everyone:
        root = one if one.merged_into is None else session.get_one(Supplier, one.merged_into)
        assert root.merged_into is None
        assert root.buyer_id == one.buyer_id


def test_both_have_it_in_their_trail_and_the_board_shows_the_furthest(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session)
        fen, _, _, yard, *_ = world.entries
        put_together(session, fen, yard, TODAY, by=None)
        put_together(session, fen, yard, TODAY, by=None)
        row = session.get_one(Standing, yard.id)
        assert (row.status, row.name, row.spend_gbp) == (Status.SHARED, "Yard", 2000)
        assert session.get(Standing, fen.id) is None
        take_apart(session, fen, later(1), by=None)
        take_apart(session, fen, later(1), by=None)
        assert session.get_one(Standing, yard.id).status is Status.NOT_ASKED
        for one, other in ((fen, yard), (yard, fen)):
            entries = select(SupplierEvent).where(
                SupplierEvent.supplier_id == one.id, SupplierEvent.what.in_([What.MERGED, What.SPLIT])
            )
            found = session.scalars(entries.order_by(SupplierEvent.id)).all()
            assert [(event.what, event.details) for event in found] == [
                (What.MERGED, {"other": str(other.id)}),
                (What.SPLIT, {"other": str(other.id)}),
            ]


def test_what_must_not_be_put_together_is_refused_with_a_sentence(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        a, b, c, d, e, archived = world.entries
        assert together(session, a, a) == ITSELF
        assert together(session, a, world.of_shop) == OTHERS
        assert together(session, archived, a) == together(session, a, archived) == ARCHIVED
        assert together(session, a, b) is None
        assert together(session, c, a) == PART, "it is a part itself"
        assert together(session, a, c) == PART
        assert together(session, b, a) == PART, "no circle"
        assert together(session, c, d) is None
        assert together(session, b, d) == BOTH_STAND
        assert together(session, e, b) is None
        assert [one.name for one in parts_of(session, b.id)] == ["Fen Edge", "Orchard"]
        assert in_order(session, b, e) == (e, b)


def test_a_root_that_goes_off_the_list_and_comes_back_keeps_its_parts(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        a, b, *_ = world.entries
        put_together(session, a, b, TODAY, by=None)
        archive(session, b, TODAY, by=None)
        rows = set(session.scalars(select(Standing.supplier_id).where(Standing.supplier_id.in_([a.id, b.id]))))
        assert rows == {a.id}
        take_up_again(session, b, TODAY, by=None)
        rows = set(session.scalars(select(Standing.supplier_id).where(Standing.supplier_id.in_([a.id, b.id]))))
        assert rows == {b.id}


SLIPS: dict[str, Callable[[World], tuple[Supplier, uuid.UUID]]] = {
    "into one of another buyer": lambda world: (world.entries[0], world.of_shop.id),
    "into a part": lambda world: (world.entries[2], world.entries[0].id),
    "of one that stands for another": lambda world: (world.entries[1], world.entries[2].id),
    "into itself": lambda world: (world.entries[2], world.entries[2].id),
    "into nothing": lambda world: (world.entries[2], uuid.uuid4()),
}


def test_the_database_refuses_it_whoever_writes(published: Database) -> None:
    with published.new_session(writes=True) as session:
        world = a_world(session, shares=False)
        put_together(session, world.entries[0], world.entries[1], TODAY, by=None)
        fine = update(Supplier).where(Supplier.id == world.entries[3].id).values(merged_into=world.entries[1].id)
        session.execute(fine)
        for name, slip in SLIPS.items():
            part, root_id = slip(world)
            wrong = update(Supplier).where(Supplier.id == part.id).values(merged_into=root_id)
            inner = session.begin_nested()
            with pytest.raises(DBAPIError):
                session.execute(wrong)
            inner.rollback()
            assert session.get_one(Supplier, part.id, populate_existing=True).merged_into != root_id, name


def test_a_part_outlives_the_entry_that_stood_for_it(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        put_together(session, world.entries[0], world.entries[1], TODAY, by=None)
        session.execute(delete(Supplier).where(Supplier.id == world.entries[1].id))
        session.expire_all()
        assert session.get_one(Supplier, world.entries[0].id).merged_into is None


@pytest.mark.parametrize("crossed", [True, False])
def test_of_two_at_once_no_chain_and_no_circle_comes(published: Database, *, crossed: bool) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        a, b, c = (a_supplier(session, council, name).id for name in ("A", "B", "C"))
    wanted = [(a, b), (b, a) if crossed else (b, c)]
    ready = threading.Barrier(2)
    said: list[str | None] = []

    def merge(part: uuid.UUID, root: uuid.UUID) -> None:
        ready.wait()
        with published.writing() as session:
            said.append(together(session, session.get_one(Supplier, part), session.get_one(Supplier, root)))

    for _ in range(4):
        with published.writing() as session:
            session.execute(update(Supplier).values(merged_into=None))
        said.clear()
        threads = [threading.Thread(target=merge, args=pair) for pair in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert None in said
        assert set(said) <= {None, PART, BOTH_STAND}
        assert len(set(said)) == 2
        with published.reading() as look:
            assert look.scalar(text("SELECT count(*) FROM supplier WHERE merged_into IS NOT NULL")) == 1


def test_two_that_were_told_apart_are_not_proposed_again(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        a, b, c, *_ = world.entries
        first = proposed(session, world.council.id)
        assert [{pair.one, pair.other} for pair in first] == [{a.id, b.id}]
        tell_apart(session, b, a, TODAY)
        tell_apart(session, a, b, TODAY)
        assert proposed(session, world.council.id) == []
        assert len(session.scalars(select(ToldApart)).all()) == 1
        for one, other, why in ((a, a, ITSELF), (a, world.of_shop, OTHERS)):
            with pytest.raises(MergeRefusedError, match=why[:20]):
                tell_apart(session, one, other, TODAY)
        assert together(session, a, b) is None, "they may still be put together by hand"
        c.email = a.email
        session.flush()
        assert [{pair.one, pair.other} for pair in proposed(session, world.council.id)] == [{b.id, c.id}]


def test_that_one_organisation_answers_for_two_entries_is_not_told(published: Database) -> None:
    with published.writing() as session:
        council, grower = a_buyer(session, "The Council"), a_buyer(session, "The Grower")
        entries = [a_supplier(session, council, name) for name in ("Packhouse", "Quite Another")]
        for one in entries:
            one.organisation_id = grower.id
        session.flush()
        assert proposed(session, council.id) == []


def test_what_is_proposed_to_one_buyer_does_not_depend_on_another(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        before = proposed(session, world.council.id)
        for number in range(3):
            a_supplier(session, world.shop, f"Fen Edge {number}", email="mail3@farm.example", company_number="01234567")
        assert proposed(session, world.council.id) == before
        mine = {one.id for one in world.entries}
        assert not {one for pair in proposed(session, world.shop.id) for one in (pair.one, pair.other)} & mine
