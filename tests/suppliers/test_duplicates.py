from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.portfolio.models import BoardRow
from assess.suppliers.duplicates import (
    ALREADY_MERGED,
    BOTH_HAVE_ENTRIES,
    ENTRY_ARCHIVED,
    NOT_ON_LIST,
    SAME_ENTRY,
    DuplicateCandidate,
    DuplicatePair,
    DuplicateReason,
    MergeError,
    find_duplicates,
    find_similar_pairs,
    list_merged_entries,
    mark_not_duplicate,
    merge_suppliers,
    order_pair,
    sorted_pair,
    split_supplier,
)
from assess.suppliers.models import InvitationStatus, NotDuplicate, Supplier, SupplierEvent, SupplierEventType
from assess.suppliers.services import archive_supplier, unarchive_supplier
from tests.conftest import TODAY, Visitor
from tests.core.filled_database import columns_of
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.duplicates.two_buyers import TwoBuyers, a_world, opened, stored
from tests.suppliers.factories import a_buyer, a_supplier, later

EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "4"))
PAIRS = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1])
MERGES = st.lists(PAIRS, min_size=2, max_size=7)
ALL_INTO_ONE = [(one, 0) for one in range(1, 7)]


def together(session: Session, part: Supplier, root: Supplier) -> str | None:
    try:
        merge_suppliers(session, part, root, TODAY, by=None)
    except MergeError as error:
        return str(error)
    return None


@pytest.mark.both_databases
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
                split_supplier(session, part, TODAY, by=None)
            assert opened(session, world) == could_open
            assert stored(columns, session) == before

        holds()
        session.rollback()
    assert done > 5, "some were put together indeed"


def one_row_for_each(session: Session, everyone: list[Supplier]) -> None:
    """The board has one row for all that stand together."""
    rows = set(session.scalars(select(BoardRow.supplier_id)))
    assert rows == {one.id for one in everyone if one.merged_into is None and one.archived_at is None}
    for one in everyone:
        root = one if one.merged_into is None else session.get_one(Supplier, one.merged_into)
        assert root.merged_into is None
        assert root.buyer_id == one.buyer_id


@pytest.mark.both_databases
def test_both_have_it_in_their_activity_log_and_the_board_shows_the_furthest(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session)
        fen, _, _, yard, *_ = world.entries
        merge_suppliers(session, fen, yard, TODAY, by=None)
        merge_suppliers(session, fen, yard, TODAY, by=None)
        row = session.get_one(BoardRow, yard.id)
        assert (row.status, row.name, row.spend_gbp) == (InvitationStatus.SHARED, "Yard", 2000)
        assert session.get(BoardRow, fen.id) is None
        split_supplier(session, fen, later(1), by=None)
        split_supplier(session, fen, later(1), by=None)
        assert session.get_one(BoardRow, yard.id).status is InvitationStatus.NOT_ASKED
        for one, other in ((fen, yard), (yard, fen)):
            entries = select(SupplierEvent).where(
                SupplierEvent.supplier_id == one.id,
                SupplierEvent.what.in_([SupplierEventType.MERGED, SupplierEventType.SPLIT]),
            )
            found = session.scalars(entries.order_by(SupplierEvent.id)).all()
            assert [(event.what, event.details) for event in found] == [
                (SupplierEventType.MERGED, {"other": str(other.id)}),
                (SupplierEventType.SPLIT, {"other": str(other.id)}),
            ]


@pytest.mark.both_databases
def test_what_must_not_be_put_together_is_refused_with_a_sentence(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        a, b, c, d, e, archived = world.entries
        assert together(session, a, a) == SAME_ENTRY
        assert together(session, a, world.of_shop) == NOT_ON_LIST
        assert together(session, archived, a) == together(session, a, archived) == ENTRY_ARCHIVED
        assert together(session, a, b) is None
        assert together(session, c, a) == ALREADY_MERGED, "it is a part itself"
        assert together(session, a, c) == ALREADY_MERGED
        assert together(session, b, a) == ALREADY_MERGED, "no circle"
        assert together(session, c, d) is None
        assert together(session, b, d) == BOTH_HAVE_ENTRIES
        assert together(session, e, b) is None
        assert [one.name for one in list_merged_entries(session, b.id)] == ["Fen Edge", "Orchard"]
        assert order_pair(session, b, e) == (e, b)


@pytest.mark.both_databases
def test_a_root_that_goes_off_the_list_and_comes_back_keeps_its_parts(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        a, b, *_ = world.entries
        merge_suppliers(session, a, b, TODAY, by=None)
        archive_supplier(session, b, TODAY, by=None)
        rows = set(session.scalars(select(BoardRow.supplier_id).where(BoardRow.supplier_id.in_([a.id, b.id]))))
        assert rows == {a.id}
        unarchive_supplier(session, b, TODAY, by=None)
        rows = set(session.scalars(select(BoardRow.supplier_id).where(BoardRow.supplier_id.in_([a.id, b.id]))))
        assert rows == {b.id}


SLIPS: dict[str, Callable[[TwoBuyers], tuple[Supplier, uuid.UUID]]] = {
    "into one of another buyer": lambda world: (world.entries[0], world.of_shop.id),
    "into a part": lambda world: (world.entries[2], world.entries[0].id),
    "of one that stands for another": lambda world: (world.entries[1], world.entries[2].id),
    "into itself": lambda world: (world.entries[2], world.entries[2].id),
    "into nothing": lambda world: (world.entries[2], uuid.uuid4()),
}


@pytest.mark.both_databases
def test_the_database_refuses_it_whoever_writes(published: Database) -> None:
    with published.new_session(writes=True) as session:
        world = a_world(session, shares=False)
        merge_suppliers(session, world.entries[0], world.entries[1], TODAY, by=None)
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


@pytest.mark.both_databases
def test_a_part_outlives_the_entry_that_stood_for_it(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        merge_suppliers(session, world.entries[0], world.entries[1], TODAY, by=None)
        session.execute(delete(Supplier).where(Supplier.id == world.entries[1].id))
        session.expire_all()
        assert session.get_one(Supplier, world.entries[0].id).merged_into is None


@pytest.mark.both_databases
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
        assert set(said) <= {None, ALREADY_MERGED, BOTH_HAVE_ENTRIES}
        assert len(set(said)) == 2
        with published.reading() as reader:
            assert reader.scalar(text("SELECT count(*) FROM supplier WHERE merged_into IS NOT NULL")) == 1


@pytest.mark.both_databases
def test_two_that_were_told_apart_are_not_proposed_again(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        a, b, c, *_ = world.entries
        first = find_duplicates(session, world.council.id)
        assert [{pair.one, pair.other} for pair in first] == [{a.id, b.id}]
        mark_not_duplicate(session, b, a, TODAY)
        mark_not_duplicate(session, a, b, TODAY)
        assert find_duplicates(session, world.council.id) == []
        assert len(session.scalars(select(NotDuplicate)).all()) == 1
        for one, other, why in ((a, a, SAME_ENTRY), (a, world.of_shop, NOT_ON_LIST)):
            with pytest.raises(MergeError, match=why[:20]):
                mark_not_duplicate(session, one, other, TODAY)
        assert together(session, a, b) is None, "they may still be put together by hand"
        c.email = a.email
        session.flush()
        assert [{pair.one, pair.other} for pair in find_duplicates(session, world.council.id)] == [{b.id, c.id}]


@pytest.mark.both_databases
def test_that_one_organisation_answers_for_two_entries_is_not_told(published: Database) -> None:
    with published.writing() as session:
        council, grower = a_buyer(session, "The Council"), a_buyer(session, "The Grower")
        entries = [a_supplier(session, council, name) for name in ("Packhouse", "Quite Another")]
        for one in entries:
            one.organisation_id = grower.id
        session.flush()
        assert find_duplicates(session, council.id) == []


@pytest.mark.both_databases
def test_what_is_proposed_to_one_buyer_does_not_depend_on_another(published: Database) -> None:
    with published.writing() as session:
        world = a_world(session, shares=False)
        before = find_duplicates(session, world.council.id)
        for number in range(3):
            a_supplier(session, world.shop, f"Fen Edge {number}", email="mail3@farm.example", company_number="01234567")
        assert find_duplicates(session, world.council.id) == before
        mine = {one.id for one in world.entries}
        assert not {one for pair in find_duplicates(session, world.shop.id) for one in (pair.one, pair.other)} & mine


IDS = [uuid.UUID(int=number) for number in range(1, 40)]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Fen Edge Growers Ltd", "FEN EDGE GROWERS LIMITED", True),
        ("Fen Edge Growers", "Fen Edge Growes", True),
        ("Growers of Fen Edge", "Fen Edge Growers", True),
        ("O’Brien’s Wash", "OBriens Wash", True),
        ("Clean Car", "CleanCar", True),
        ("Fen Edge Growers", "Fen Edge Packers", False),
        ("North Farm", "South Farm", False),
        ("North Farm", "Thorn Farm", False),
        ("Wash 1", "Wash 2", False),
        ("The Company Ltd", "Services Ltd", False),
        ("Żurek", "Zorro", False),
    ],
)
def test_names_are_nearly_the_same_by_their_words(one: str, other: str, *, alike: bool) -> None:
    for first, second in ((one, other), (other, one)):
        found = find_similar_pairs([DuplicateCandidate(IDS[0], first), DuplicateCandidate(IDS[1], second)])
        assert found == ([DuplicatePair(IDS[0], IDS[1], (DuplicateReason.NAME,))] if alike else [])


def test_each_reason_proposes_a_pair_and_the_strongest_stands_first() -> None:
    entries = [
        DuplicateCandidate(IDS[0], "Fen Edge Growers", "a@farm.example", "01234567"),
        DuplicateCandidate(IDS[1], "Fen Edge Growers Ltd"),
        DuplicateCandidate(IDS[2], "Packhouse", "a@farm.example"),
        DuplicateCandidate(IDS[3], "Yard", "", "01234567"),
        DuplicateCandidate(IDS[5], "Quite Another", "b@farm.example", "07654321"),
    ]
    assert find_similar_pairs(entries) == [
        DuplicatePair(IDS[0], IDS[3], (DuplicateReason.COMPANY_NUMBER,)),
        DuplicatePair(IDS[0], IDS[2], (DuplicateReason.MAILBOX,)),
        DuplicatePair(IDS[0], IDS[1], (DuplicateReason.NAME,)),
    ]
    apart = {(IDS[0], IDS[1])}
    assert [(pair.one, pair.other) for pair in find_similar_pairs(entries, apart)] == [
        (IDS[0], IDS[3]),
        (IDS[0], IDS[2]),
    ]


def test_entries_that_stand_together_are_no_pair_but_each_is_compared() -> None:
    entries = [
        DuplicateCandidate(IDS[0], "Packhouse"),
        DuplicateCandidate(IDS[0], "Packhouse", "a@farm.example"),
        DuplicateCandidate(IDS[1], "Yard", "a@farm.example"),
    ]
    assert find_similar_pairs(entries) == [DuplicatePair(IDS[0], IDS[1], (DuplicateReason.MAILBOX,))]


def test_nothing_is_the_same_because_it_is_not_told() -> None:
    assert find_similar_pairs([DuplicateCandidate(IDS[0], "Yard"), DuplicateCandidate(IDS[1], "Packhouse")]) == []


def test_of_a_mailbox_that_very_many_have_each_is_proposed_once() -> None:
    entries = [DuplicateCandidate(one, f"Xy{number * 7919}q", "agent@agents.example") for number, one in enumerate(IDS)]
    assert len(find_similar_pairs(entries)) == len(IDS) - 1


@given(
    st.lists(
        st.builds(
            DuplicateCandidate,
            st.sampled_from(IDS),
            st.sampled_from(["Fen Edge", "Fen Edge Ltd", "Yard", "Wash", ""]),
            st.sampled_from(["", "a@b.example", "c@d.example"]),
            st.sampled_from([None, "01234567"]),
        ),
        max_size=12,
    )
)
def test_a_pair_is_of_two_stands_once_and_does_not_depend_on_the_order(entries: list[DuplicateCandidate]) -> None:
    pairs = find_similar_pairs(entries)
    assert all(pair.one < pair.other and pair.reasons for pair in pairs)
    assert len({(pair.one, pair.other) for pair in pairs}) == len(pairs)
    there = {(pair.one, pair.other): pair.reasons for pair in find_similar_pairs(entries[::-1])}
    assert there == {(pair.one, pair.other): pair.reasons for pair in pairs}
    assert not find_similar_pairs(entries, {sorted_pair(pair.one, pair.other) for pair in pairs})


def test_ten_thousand_entries_are_compared_in_a_moment() -> None:
    pick = random.Random(7)
    words = ["".join(pick.choices("abcdefghijklmnoprstuvw", k=pick.randint(3, 9))) for _ in range(4000)]
    entries = [
        DuplicateCandidate(uuid.UUID(int=number), f"{pick.choice(words)} {pick.choice(words)} Farm Ltd")
        for number in range(10_000)
    ]
    entries.append(DuplicateCandidate(uuid.UUID(int=10_000), entries[0].name.replace("Ltd", "Limited")))
    pairs = find_similar_pairs(entries)
    assert (entries[0].id, entries[-1].id) in {(pair.one, pair.other) for pair in pairs}


def test_a_list_that_was_made_to_take_hours_is_compared_for_seconds() -> None:
    """Each of 30 words of a name is in twelve names: half a million pairs, and the equal ones are found all the same."""
    words = [f"{number:04}" for number in range(1000 * 24 // 12) for _ in range(12)]
    random.Random(1).shuffle(words)
    entries = [
        DuplicateCandidate(uuid.UUID(int=place + 1), " ".join(words[place * 24 :][:24])) for place in range(1000)
    ]
    entries.append(DuplicateCandidate(uuid.UUID(int=2000), entries[0].name))
    began = time.process_time()
    found = find_similar_pairs(entries)
    assert time.process_time() - began < 6, "it took a minute"
    assert DuplicatePair(entries[0].id, entries[-1].id, (DuplicateReason.NAME,)) in found


@dataclass
class Desk:
    here: str
    ids: dict[str, uuid.UUID]


@pytest.fixture
def desk(app: Flask, visit: Visitor) -> Desk:
    """A signed-in buyer with five entries, two of them alike; and a supplier of another buyer."""
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        names = ("Fen Edge", "Fen Edge Ltd", "Yard <b>", "Barn", "Mill")
        ids = {name: a_supplier(session, council, name).id for name in names}
        ids["theirs"] = a_supplier(session, a_buyer(session, "The Shop"), "Fen Edge").id
    sign_in(visit, app, ann)
    return Desk(f"/organisations/{council.id}/suppliers", ids)


def merged(app: Flask, one: uuid.UUID) -> uuid.UUID | None:
    with database_of(app).reading() as session:
        return session.get_one(Supplier, one).merged_into


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_two_that_look_alike_are_looked_at_put_together_and_taken_apart(app: Flask, visit: Visitor, desk: Desk) -> None:
    fen, ltd = desk.ids["Fen Edge"], desk.ids["Fen Edge Ltd"]
    page = visit(f"{desk.here}/duplicates")
    assert "1 pair on your list looks alike" in page.text
    assert "nearly the same name" in page.text
    page = visit(str(page.soup.select("main li a")[-1]["href"]))
    assert page.heading == "Are these two the same business?"
    page = visit.send("/duplicates/pair", stands=ltd)
    assert "Merged. Your board shows one row" in page.text
    assert merged(app, fen) == ltd
    assert "No two entries on your list look alike" in visit(f"{desk.here}/duplicates").text
    page = visit(f"{desk.here}/{fen}/merged")
    assert page.heading == "What belongs to Fen Edge Ltd"
    page = visit.send("/merged")
    assert "Split." in page.text
    assert merged(app, fen) is None
    with database_of(app).reading() as session:
        people = session.scalars(
            select(SupplierEvent.by_person).where(SupplierEvent.what == SupplierEventType.SPLIT)
        ).all()
        assert len(people) == 2
        assert None not in people


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_two_that_are_not_the_same_are_not_asked_about_again(visit: Visitor, desk: Desk) -> None:
    visit(f"{desk.here}/duplicates/pair?one={desk.ids['Fen Edge']}&other={desk.ids['Fen Edge Ltd']}")
    page = visit.send("/duplicates/not-duplicate")
    assert "We will not ask about these two again" in page.text
    assert "No two entries on your list look alike" in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_another_entry_is_found_by_its_name(visit: Visitor, desk: Desk) -> None:
    page = visit(f"{desk.here}/{desk.ids['Fen Edge']}/merged?q=yard")
    assert [link.get_text() for link in page.soup.select("main li a[href*=pair]")] == ["Yard <b>"]
    assert "<b>" not in page.html.replace("&lt;b&gt;", "")
    for nothing in ("%", "_", "theirs", "Fen Edge xx\x00"):
        assert (
            "No other entry of your list"
            in visit(f"{desk.here}/{desk.ids['Barn']}/merged", query_string={"q": nothing}).text
        )


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_cannot_be_is_said_with_what_to_do(app: Flask, visit: Visitor, desk: Desk) -> None:
    fen, ltd, barn, mill = (desk.ids[name] for name in ("Fen Edge", "Fen Edge Ltd", "Barn", "Mill"))
    pair = f"{desk.here}/duplicates/pair"
    visit(f"{pair}?one={fen}&other={ltd}")
    page = visit.send("/duplicates/pair", stands="nobody")
    assert (page.status, "Choose which entry stands for both." in page.text) == (422, True)
    assert page.soup.title is not None
    assert page.soup.title.get_text().startswith("Error:")
    visit.send("/duplicates/pair", stands=ltd)
    visit(f"{pair}?one={barn}&other={mill}")
    visit.send("/duplicates/pair", stands=mill)
    page = visit(f"{pair}?one={ltd}&other={mill}")
    assert "Each of these already stands for other entries" in page.text
    page = visit(f"{pair}?one={fen}&other={mill}")
    assert "is merged with another entry already" in page.text
    for other in (desk.ids["theirs"], uuid.uuid4(), "x", fen):
        assert "was not found on your list" in visit(f"{pair}?one={fen}&other={other}").text
    visit(f"{pair}?one={desk.ids['Yard <b>']}&other={mill}")
    assert visit.send("/duplicates/pair", other=desk.ids["theirs"]).status == 200
    assert merged(app, desk.ids["Yard <b>"]) is None
    assert merged(app, desk.ids["theirs"]) is None


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_part_is_taken_apart_only_where_it_belongs(app: Flask, visit: Visitor, desk: Desk) -> None:
    fen, ltd = desk.ids["Fen Edge"], desk.ids["Fen Edge Ltd"]
    visit(f"{desk.here}/duplicates/pair?one={fen}&other={ltd}")
    visit.send("/duplicates/pair", stands=ltd)
    visit(f"{desk.here}/{ltd}/merged")
    for wrong in ("", "x", desk.ids["theirs"], desk.ids["Barn"]):
        visit(f"{desk.here}/{ltd}/merged")
        visit.send("/merged", part=wrong)
    assert merged(app, fen) == ltd
