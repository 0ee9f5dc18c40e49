from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from sqlalchemy import select

from assess.assessments.retention import delete_assessment
from assess.core.db import Database
from assess.identity.models import Membership, NameState, Role
from assess.sharing.services import end_share_grant
from assess.suppliers.duplicates import merge_suppliers
from assess.suppliers.models import Supplier, SupplierNamingConsent, SupplyChainVisibility, VisibilityLevel
from assess.suppliers.services import archive_supplier, withdraw_invitation
from assess.suppliers.supply_chain import (
    CHAIN_STAGES,
    MAX_DEPTH,
    SUPPLIERS_PER_PAGE,
    ChainBusiness,
    ChainLink,
    ChainNode,
    ChainReader,
    ChainStage,
    ChainStart,
    VisibleList,
    approximate_count,
    build_chain,
    confirmed_name,
    get_buyer_chain,
    get_chain_seen_by_buyer,
    get_customer,
    get_naming_consent,
    get_supplier_chain,
    list_customers,
    set_naming_consent,
    set_visibility,
)
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.suppliers.factories import a_buyer, a_supplier, answered, invited, later, shared
from tests.suppliers.supply_chain.three_organisations import Three, names


@pytest.mark.both_databases
def test_all_is_off_until_somebody_says_otherwise(database: Database) -> None:
    with database.writing() as session:
        council, shop, farm = (a_buyer(session, name) for name in ("The Council", "A Shop", "Farm"))
        for buyer in (council, shop):
            a_supplier(session, buyer, "Farm").organisation_id = farm.id
        session.flush()
        found = list_customers(session, farm)
        assert [(one.buyer.name, one.shows, one.may_name) for one in found] == [
            ("A Shop", VisibilityLevel.OFF, False),
            ("The Council", VisibilityLevel.OFF, False),
        ]
        set_visibility(session, farm.id, shop.id, VisibilityLevel.NUMBER, TODAY)
        assert [one.shows for one in list_customers(session, farm)] == [VisibilityLevel.NUMBER, VisibilityLevel.OFF]
        assert get_customer(session, shop, council.id) is None
        assert list_customers(session, council) == []


@pytest.mark.both_databases
def test_a_confirmed_name_stands_for_what_was_typed_and_another_one_must_be_fit(database: Database) -> None:
    with database.writing() as session:
        council, farm, new = a_buyer(session, "Council"), a_buyer(session, "Farm"), an_organisation(session, "New")
        first, second, third = (a_supplier(session, council, name) for name in "ABC")
        first.organisation_id = second.organisation_id = farm.id
        third.organisation_id = new.id
        session.flush()
        set_naming_consent(session, first, "Something else", TODAY, may=True)
        assert [get_naming_consent(session, one).name for one in (first, second)] == ["Farm", "Farm"]  # type: ignore[union-attr]
        assert get_naming_consent(session, third) is None
        assert (confirmed_name(session, farm.id), confirmed_name(session, new.id), confirmed_name(session, None)) == (
            "Farm",
            None,
            None,
        )
        for typed in ("", "  ", "x" * 121, "see https://evil.example"):
            with pytest.raises(ValidationError, match="the name by which you may be shown"):
                set_naming_consent(session, third, typed, TODAY, may=True)
        assert get_naming_consent(session, third) is None, "nothing half-written"
        set_naming_consent(session, third, "", TODAY, may=False)
        assert [one.may for one in session.scalars(select(SupplierNamingConsent)).all()].count(True) == 2


@pytest.mark.both_databases
def test_of_two_who_say_it_for_the_first_time_at_once_both_are_heard(database: Database) -> None:
    with database.writing() as session:
        council, farm = a_buyer(session, "Council"), a_buyer(session, "Farm")
        entry = a_supplier(session, council, "Farm").id
    ready = threading.Barrier(2)

    def say() -> None:
        ready.wait()
        with database.writing() as session:
            set_visibility(session, farm.id, council.id, VisibilityLevel.NAMES, TODAY)
            set_naming_consent(session, session.get_one(Supplier, entry), "Farm", TODAY, may=True)

    threads = [threading.Thread(target=say) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as reader:
        assert [one.shows for one in reader.scalars(select(SupplyChainVisibility))] == [VisibilityLevel.NAMES]
        assert [one.may for one in reader.scalars(select(SupplierNamingConsent))] == [True]


def test_each_link_needs_its_own_yes_and_a_name_is_its_owners(published: Database) -> None:
    with published.writing() as session:
        three = Three(session)
        assert three.seen() == ["1 Packhouse as we call it"]
        assert get_buyer_chain(session, three.council.id, TODAY).chain.nodes == []
        three.all_yes()
        assert three.seen() == ["1 Packhouse as we call it", "2 Fen Edge", "3 Nursery of the Fens"]
        chain = get_supplier_chain(session, three.entry, TODAY)
        farm = chain.nodes[0].below[0]
        assert (farm.confirmed, farm.below[0].confirmed, chain.levels) == (True, False, 3)
        set_naming_consent(session, three.below, "", TODAY, may=False)
        assert three.seen() == ["1 Packhouse as we call it"]
        set_naming_consent(session, three.below, "", TODAY, may=True)
        set_visibility(session, three.farm.id, three.packhouse.id, VisibilityLevel.NUMBER, TODAY)
        assert three.seen() == ["1 Packhouse as we call it", "2 Fen Edge"]
        set_visibility(session, three.packhouse.id, three.council.id, VisibilityLevel.NUMBER, TODAY)
        assert three.seen() == ["1 Packhouse as we call it"]
        assert get_supplier_chain(session, three.entry, TODAY).nodes[0].about is not None
        set_visibility(session, three.packhouse.id, three.council.id, VisibilityLevel.OFF, TODAY)
        assert get_supplier_chain(session, three.entry, TODAY).nodes[0].about is None


def test_a_name_that_waits_is_not_a_confirmed_one(published: Database) -> None:
    with published.writing() as session:
        three = Three(session)
        three.all_yes()
        three.farm.name_state = NameState.WAITING
        set_naming_consent(session, three.below, "Farm on the Edge", TODAY, may=True)
        node = get_supplier_chain(session, three.entry, TODAY).nodes[0].below[0]
        assert (node.name, node.confirmed) == ("Farm on the Edge", False)


def test_how_far_it_is_follows_what_is_there_at_this_moment(published: Database) -> None:
    with published.writing() as session:
        three = Three(session)
        three.all_yes()

        def stage(days: int = 0) -> ChainStage | None:
            return get_supplier_chain(session, three.entry, later(days)).nodes[0].below[0].stage

        assert stage() is ChainStage.NOT_ASKED
        invitation = invited(session, three.below)
        assert stage() is ChainStage.ASKED
        answered(session, invitation)
        assert stage() is ChainStage.ANSWERED
        grant = shared(session, invitation, days=30)
        assert (stage(), stage(40)) == (ChainStage.SHARED, ChainStage.ANSWERED)
        end_share_grant(session, grant, TODAY)
        assert stage() is ChainStage.ANSWERED
        delete_assessment(session, grant.assessment_id)
        session.expire_all()
        assert stage() is ChainStage.ASKED
        withdraw_invitation(session, invitation, TODAY, by=None)
        assert stage() is ChainStage.NOT_ASKED


def test_one_business_counts_once_and_a_no_of_any_of_its_entries_counts(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        twin = three.on(three.packhouse, "That farm again")
        merge_suppliers(session, twin, three.below, TODAY, by=None)
        for number in range(2):
            three.on(three.packhouse, f"Other {number}")
        about = get_supplier_chain(session, three.entry, TODAY).nodes[0].about
        assert about is not None
        assert about[ChainStage.NOT_ASKED] == "3 to 9"
        archive_supplier(session, three.on(three.packhouse, "Gone"), TODAY, by=None)
        assert get_supplier_chain(session, three.entry, TODAY).nodes[0].about == about
        set_naming_consent(session, twin, "", TODAY, may=False)
        assert three.seen() == ["1 Packhouse as we call it"]


def test_no_other_buyer_changes_what_one_sees_and_a_preview_is_what_it_sees(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        before = str(get_buyer_chain(session, three.council.id, TODAY))
        shop = a_buyer(session, "The Shop")
        for organisation in (three.packhouse, three.farm):
            entry = three.on(shop, f"{organisation.name} of the shop", organisation)
            set_visibility(session, organisation.id, shop.id, VisibilityLevel.NAMES, TODAY)
            set_naming_consent(session, entry, "", TODAY, may=True)
            invited(session, entry)
        assert str(get_buyer_chain(session, three.council.id, TODAY)) == before
        preview = get_chain_seen_by_buyer(session, three.packhouse, three.council.id, TODAY)
        seen = get_buyer_chain(session, three.council.id, TODAY).chain
        assert (str(preview.nodes[0].below), preview.nodes[0].about) == (str(seen.nodes[0].below), seen.nodes[0].about)


def test_who_buys_in_a_circle_is_not_shown_itself(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        back = three.on(three.farm, "The council buys and sells", three.council)
        set_naming_consent(session, back, "", TODAY, may=True)
        assert three.seen() == ["1 Packhouse as we call it", "2 Fen Edge", "3 Nursery of the Fens"]


def test_a_long_chain_comes_in_pages_and_what_shows_nothing_is_counted_only(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        for number in range(SUPPLIERS_PER_PAGE):
            firm = a_buyer(session, f"Firm {number:02}")
            three.on(three.council, firm.name, firm)
            set_visibility(session, firm.id, three.council.id, VisibilityLevel.NUMBER, TODAY)
        three.on(three.council, "Shows nothing")
        first, second = (get_buyer_chain(session, three.council.id, TODAY, page) for page in (1, 2))
        assert (len(first.chain.nodes), first.page.more, first.suppliers, first.page.total) == (
            SUPPLIERS_PER_PAGE,
            True,
            SUPPLIERS_PER_PAGE + 2,
            SUPPLIERS_PER_PAGE + 1,
        )
        assert names(second.chain)[0] == "1 Packhouse as we call it"
        assert not second.page.more


ORGANISATIONS = [uuid.UUID(int=number) for number in range(1, 7)]
VIEWER = ORGANISATIONS[0]
Seen = frozenset[tuple[tuple[str, ...], ChainStage | None, tuple[str, ...] | None]]


@dataclass(frozen=True)
class Entry:
    """One business on a list: which organisation it is, whether it may be named, how far it is."""

    organisation: int | None
    may: bool
    stage: ChainStage


@dataclass(frozen=True)
class Graph:
    """`lists` by organisation, and what each shows to each that buys from it."""

    lists: tuple[tuple[Entry, ...], ...]
    shows: Mapping[tuple[int, int], VisibilityLevel]

    def read(self) -> ChainReader:
        def reader(links: Sequence[ChainLink]) -> Mapping[ChainLink, VisibleList]:
            return {
                (one, buyer): VisibleList(
                    self.shows.get((place(one), place(buyer)), VisibilityLevel.OFF),
                    [business(place(one), number, entry) for number, entry in enumerate(self.lists[place(one)])],
                )
                for one, buyer in links
            }

        return reader

    def starts(self) -> list[ChainStart]:
        return [
            ChainStart(f"start {number}", ORGANISATIONS[entry.organisation])
            for number, entry in enumerate(self.lists[0])
            if entry.organisation is not None
        ]


def place(one: uuid.UUID) -> int:
    return ORGANISATIONS.index(one)


def business(owner: int, number: int, entry: Entry) -> ChainBusiness:
    own = None if entry.organisation is None else ORGANISATIONS[entry.organisation]
    name = f"{owner}.{number}" if entry.may else None
    return ChainBusiness(
        entry.stage, name, leads_to=own if entry.may else None, organisations=frozenset({own} if own else ())
    )


def seen(
    nodes: Sequence[ChainNode], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], ChainStage | None, tuple[str, ...] | None]]:
    for node in nodes:
        path = (*above, node.name)
        yield path, node.stage, None if node.about is None else tuple(node.about[stage] for stage in CHAIN_STAGES)
        yield from seen(node.below, path)


def of(graph: Graph) -> Seen:
    return frozenset(seen(build_chain(VIEWER, graph.starts(), graph.read()).nodes))


def by_force(graph: Graph) -> Seen:
    """The rule as it is written down, said once more: path by path, each link by its own consents."""
    found: set[tuple[tuple[str, ...], ChainStage | None, tuple[str, ...] | None]] = set()

    def go(names: tuple[str, ...], stage: ChainStage | None, path: tuple[int, ...]) -> None:
        """The last of `path` is a business that is seen; None where no organisation is behind it."""
        here, buyer = path[-1], path[-2]
        shows = (
            VisibilityLevel.OFF
            if here < 0 or len(names) >= MAX_DEPTH
            else graph.shows.get((here, buyer), VisibilityLevel.OFF)
        )
        counts = None
        if shows is not VisibilityLevel.OFF:
            others = [entry for entry in graph.lists[here] if entry.organisation not in path]
            counts = tuple(
                approximate_count(len([one for one in others if one.stage is stage])) for stage in CHAIN_STAGES
            )
        found.add((names, stage, counts))
        if shows is VisibilityLevel.NAMES:
            for number, entry in enumerate(graph.lists[here]):
                if entry.may and entry.organisation not in path:
                    go(
                        (*names, f"{here}.{number}"),
                        entry.stage,
                        (*path, -1 if entry.organisation is None else entry.organisation),
                    )

    for number, entry in enumerate(graph.lists[0]):
        if entry.organisation is not None and entry.organisation != 0:
            go((f"start {number}",), None, (0, entry.organisation))
    return frozenset(found)


PLACES = range(len(ORGANISATIONS))
ENTRIES = st.builds(
    Entry, st.sampled_from([None, *PLACES]), st.sampled_from([True, True, False]), st.sampled_from(CHAIN_STAGES)
)
GRAPHS = st.builds(
    Graph,
    st.tuples(*[st.lists(ENTRIES, max_size=4).map(tuple) for _ in PLACES]),
    st.fixed_dictionaries(
        {
            (one, buyer): st.sampled_from([VisibilityLevel.NAMES, VisibilityLevel.NAMES, *VisibilityLevel])
            for one in PLACES
            for buyer in PLACES
        }
    ),
)


@given(GRAPHS)
def test_what_is_seen_is_what_the_rule_says_read_by_force(graph: Graph) -> None:
    assert of(graph) == by_force(graph)


def test_the_graphs_that_are_tried_go_deep_and_round() -> None:
    # a negative control: three that buy from each other in a ring, all open
    ring = Graph(
        (
            (Entry(1, may=True, stage=ChainStage.SHARED),),
            (Entry(2, may=True, stage=ChainStage.ASKED),),
            (
                Entry(0, may=True, stage=ChainStage.SHARED),
                Entry(1, may=True, stage=ChainStage.SHARED),
                Entry(None, may=True, stage=ChainStage.ANSWERED),
            ),
            (),
            (),
            (),
        ),
        {(one, buyer): VisibilityLevel.NAMES for one in PLACES for buyer in PLACES},
    )
    paths = {path for path, _, _ in of(ring)}
    assert paths == {("start 0",), ("start 0", "1.0"), ("start 0", "1.0", "2.2")}


def without(graph: Graph, pick: random.Random) -> Graph | None:
    """The graph with one yes taken back."""
    yes: list[Callable[[], Graph]] = []
    for link, shows in graph.shows.items():
        less = list(VisibilityLevel)[: list(VisibilityLevel).index(shows)]
        yes += [lambda link=link, one=one: replace(graph, shows={**graph.shows, link: one}) for one in less]
    for owner, entries in enumerate(graph.lists):
        for number, entry in enumerate(entries):
            if entry.may:
                fewer = (*entries[:number], replace(entry, may=False), *entries[number + 1 :])
                yes.append(
                    lambda owner=owner, fewer=fewer: replace(
                        graph, lists=(*graph.lists[:owner], fewer, *graph.lists[owner + 1 :])
                    )
                )
    return pick.choice(yes)() if yes else None


@given(GRAPHS, st.randoms(use_true_random=False))
def test_a_yes_that_is_taken_back_adds_nothing_anywhere(graph: Graph, pick: random.Random) -> None:
    less = without(graph, pick)
    if less is None:
        return
    before = {path: (stage, counts) for path, stage, counts in of(graph)}
    for path, stage, counts in of(less):
        assert path in before
        assert stage == before[path][0]
        assert counts in {None, before[path][1]}


@given(GRAPHS, st.integers(1, 5), st.lists(ENTRIES, max_size=4), st.sampled_from(VisibilityLevel))
def test_a_business_that_is_on_no_path_changes_nothing(
    graph: Graph, one: int, entries: list[Entry], shows: VisibilityLevel
) -> None:
    here = ORGANISATIONS[one]
    read: set[ChainLink] = set()
    plain = graph.read()

    def reader(links: Sequence[ChainLink]) -> Mapping[ChainLink, VisibleList]:
        read.update(links)
        return plain(links)

    before = frozenset(seen(build_chain(VIEWER, graph.starts(), reader).nodes))
    other = replace(
        graph,
        lists=(*graph.lists[:one], tuple(entries), *graph.lists[one + 1 :]),
        shows=graph.shows | {(one, buyer): shows for buyer in PLACES},
    )
    if here not in {business for business, _ in read}:
        assert of(other) == before
    # and what it shows to a customer that is on no path does not matter either
    elsewhere = {link: shows for link in graph.shows if link[0] == one and (here, ORGANISATIONS[link[1]]) not in read}
    assert of(replace(graph, shows=graph.shows | elsewhere)) == before


def test_it_goes_six_levels_deep_and_no_deeper() -> None:
    many = [uuid.uuid4() for _ in range(12)]

    def after(one: uuid.UUID) -> uuid.UUID:
        return many[many.index(one) + 1]

    def reader(links: Sequence[ChainLink]) -> Mapping[ChainLink, VisibleList]:
        return {
            (one, buyer): VisibleList(
                VisibilityLevel.NAMES,
                [ChainBusiness(ChainStage.SHARED, "Next", leads_to=after(one), organisations=frozenset({after(one)}))],
            )
            for one, buyer in links
        }

    chain = build_chain(many[0], [ChainStart("First", many[1])], reader)
    assert chain.levels == MAX_DEPTH == 6
    assert not chain.cut


def test_a_page_holds_so_many_names_and_says_that_there_are_more() -> None:
    def reader(links: Sequence[ChainLink]) -> Mapping[ChainLink, VisibleList]:
        return {
            link: VisibleList(
                VisibilityLevel.NAMES, [ChainBusiness(ChainStage.ASKED, f"B{number}") for number in range(9)]
            )
            for link in links
        }

    chain = build_chain(VIEWER, [ChainStart("First", ORGANISATIONS[1])], reader, most=5)
    assert (len(chain.nodes[0].below), chain.cut) == (5, True)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "fewer than 3"),
        (2, "fewer than 3"),
        (3, "3 to 9"),
        (9, "3 to 9"),
        (10, "10 to 24"),
        (49, "25 to 49"),
        (99, "50 to 99"),
        (100, "100 or more"),
        (7000, "100 or more"),
    ],
)
def test_a_number_is_rough(number: int, words: str) -> None:
    assert approximate_count(number) == words


def test_beside_some_names_a_small_rest_can_never_be_worked_out() -> None:
    # of all that an outsider cannot tell apart, none leaves exactly one or two without a name
    numbers = [approximate_count(number) for number in range(160)]
    for named in range(0, 60, 3):
        for total in range(named, 120):
            alike = [other - named for other in range(named, 160) if numbers[other] == numbers[total]]
            assert len(alike) > 1 or alike == [0]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_buyer_sees_what_is_shown_and_is_told_why_there_is_no_more(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        three = Three(session)
        ann = a_person(session, "ann@people.example")
        session.add(Membership(organisation_id=three.council.id, person_id=ann.id, role=Role.BUYER, made_at=TODAY))
        alone = three.on(three.council, "Not known yet")
    here = f"/organisations/{three.council.id}/suppliers"
    sign_in(visit, app, ann)
    page = visit(f"{here}/supply-chain")
    assert "No supplier shows you its own suppliers yet" in page.text
    assert "There are 2 suppliers on your list." in page.text
    assert "We do not know yet which organisation this is" in visit(f"{here}/{alone.id}/supply-chain").text
    assert "shows nothing of its own suppliers" in visit(f"{here}/{three.entry.id}/supply-chain").text
    with database_of(app).writing() as session:
        three.session = session
        three.all_yes()
    page = visit(f"{here}/supply-chain")
    assert "1 supplier of yours shows you something" in page.text
    assert "goes 3 levels deep" in page.text
    assert [item.strong.get_text() for item in page.soup.select("main li") if item.strong] == [
        "Fen Edge",
        "Nursery of the Fens",
    ]
    assert page.text.count("(name not confirmed)") == 1
    assert "fewer than 3 at each step" in page.text
    assert "Fen Edge : not asked yet" in visit(f"{here}/{three.entry.id}/supply-chain").text
    with database_of(app).writing() as session:
        set_naming_consent(session, three.below, "", TODAY, may=False)
    assert "Fen Edge" not in visit(f"{here}/supply-chain").text
    with database_of(app).writing() as session:
        set_visibility(session, three.packhouse.id, three.council.id, VisibilityLevel.OFF, TODAY)
    assert "No supplier shows you" in visit(f"{here}/supply-chain").text
    assert "No supplier" in visit(f"{here}/supply-chain?page=9").text


@pytest.fixture
def three(app: Flask, visit: Visitor) -> Three:
    """Somebody who manages the packhouse is signed in."""
    with database_of(app).writing() as session:
        made = Three(session)
        made.packhouse.name_state = NameState.UNCONFIRMED
        session.flush()
        ann = a_person(session, "ann@people.example")
        session.add(Membership(organisation_id=made.packhouse.id, person_id=ann.id, role=Role.MANAGER, made_at=TODAY))
        set_naming_consent(session, made.below, "", TODAY, may=True)
    sign_in(visit, app, ann)
    return made


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_business_says_what_each_customer_sees_and_reads_it_as_it_is(
    app: Flask, visit: Visitor, three: Three
) -> None:
    here = f"/organisations/{three.packhouse.id}/supply-chain-sharing"
    page = visit(here)
    assert page.soup.h2 is not None
    assert "The Council" in page.text
    assert "Nothing of your own suppliers." in page.text
    assert "Fen Edge" not in page.text
    page = visit.send(shows="names", naming="yes", name="Our Packhouse")
    assert "Saved." in page.text
    assert "Fen Edge : not asked yet" in page.text
    with database_of(app).reading() as session:
        said = get_customer(session, three.packhouse, three.council.id)
        assert said is not None
        assert (said.shows, said.may_name, said.name) == (VisibilityLevel.NAMES, True, "Our Packhouse")
    page = visit(here)
    page = visit.send(shows="off", naming="no")
    assert "Fen Edge" not in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_is_wrong_is_said_and_nothing_is_half_written(app: Flask, visit: Visitor, three: Three) -> None:
    here = f"/organisations/{three.packhouse.id}/supply-chain-sharing"
    visit(here)
    page = visit.send(shows="names", naming="yes", name=" ")
    assert page.status == 422
    assert "Enter the name by which you may be shown." in page.text
    visit(here)
    page = visit.send(shows="all", naming=None)
    assert "Choose what this customer may see." in page.text
    assert "Choose whether this customer may name you." in page.text
    for customer in ("", "x", uuid.uuid4(), three.farm.id):
        visit(here)
        assert visit.send(customer=customer, shows="names", naming="no").status == 422
    with database_of(app).reading() as session:
        said = get_customer(session, three.packhouse, three.council.id)
        assert said is not None
        assert (said.shows, said.may_name) == (VisibilityLevel.OFF, False)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_a_customer_the_page_says_so(app: Flask, visit: Visitor, another_visit: Visitor, three: Three) -> None:
    with database_of(app).writing() as session:
        bob = a_person(session, "bob@people.example")
        session.add(Membership(organisation_id=three.council.id, person_id=bob.id, role=Role.MANAGER, made_at=TODAY))
    sign_in(another_visit, app, bob)
    assert "No customer yet" in another_visit(f"/organisations/{three.council.id}/supply-chain-sharing").text
    assert another_visit(f"/organisations/{three.packhouse.id}/supply-chain-sharing").status == 404
    assert visit(f"/organisations/{three.packhouse.id}/suppliers/supply-chain").status == 404
