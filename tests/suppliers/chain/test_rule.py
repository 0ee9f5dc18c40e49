from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.suppliers.chain.models import Shows
from assess.suppliers.chain.rule import (
    DEEPEST,
    STAGES,
    Business,
    Link,
    Node,
    Reader,
    Shown,
    Stage,
    Start,
    about,
    chain_of,
)

ORGANISATIONS = [uuid.UUID(int=number) for number in range(1, 7)]
VIEWER = ORGANISATIONS[0]
Seen = frozenset[tuple[tuple[str, ...], Stage | None, tuple[str, ...] | None]]


@dataclass(frozen=True)
class Entry:
    """One business on a list: which organisation it is, whether it may be named, how far it is."""

    organisation: int | None
    may: bool
    stage: Stage


@dataclass(frozen=True)
class Graph:
    """`lists` by organisation, and what each shows to each that buys from it."""

    lists: tuple[tuple[Entry, ...], ...]
    shows: Mapping[tuple[int, int], Shows]

    def read(self) -> Reader:
        def reader(links: Sequence[Link]) -> Mapping[Link, Shown]:
            return {
                (one, buyer): Shown(
                    self.shows.get((place(one), place(buyer)), Shows.OFF),
                    [business(place(one), number, entry) for number, entry in enumerate(self.lists[place(one)])],
                )
                for one, buyer in links
            }

        return reader

    def starts(self) -> list[Start]:
        return [
            Start(f"start {number}", ORGANISATIONS[entry.organisation])
            for number, entry in enumerate(self.lists[0])
            if entry.organisation is not None
        ]


def place(one: uuid.UUID) -> int:
    return ORGANISATIONS.index(one)


def business(owner: int, number: int, entry: Entry) -> Business:
    own = None if entry.organisation is None else ORGANISATIONS[entry.organisation]
    name = f"{owner}.{number}" if entry.may else None
    return Business(
        entry.stage, name, leads_to=own if entry.may else None, organisations=frozenset({own} if own else ())
    )


def seen(
    nodes: Sequence[Node], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Stage | None, tuple[str, ...] | None]]:
    for node in nodes:
        path = (*above, node.name)
        yield path, node.stage, None if node.about is None else tuple(node.about[stage] for stage in STAGES)
        yield from seen(node.below, path)


def of(graph: Graph) -> Seen:
    return frozenset(seen(chain_of(VIEWER, graph.starts(), graph.read()).nodes))


def by_force(graph: Graph) -> Seen:
    """The rule as it is written down, said once more: path by path, each link by its own consents."""
    found: set[tuple[tuple[str, ...], Stage | None, tuple[str, ...] | None]] = set()

    def go(names: tuple[str, ...], stage: Stage | None, path: tuple[int, ...]) -> None:
        """The last of `path` is a business that is seen; None where no organisation is behind it."""
        here, buyer = path[-1], path[-2]
        shows = Shows.OFF if here < 0 or len(names) >= DEEPEST else graph.shows.get((here, buyer), Shows.OFF)
        counts = None
        if shows is not Shows.OFF:
            others = [entry for entry in graph.lists[here] if entry.organisation not in path]
            counts = tuple(about(len([one for one in others if one.stage is stage])) for stage in STAGES)
        found.add((names, stage, counts))
        if shows is Shows.NAMES:
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
    Entry, st.sampled_from([None, *PLACES]), st.sampled_from([True, True, False]), st.sampled_from(STAGES)
)
GRAPHS = st.builds(
    Graph,
    st.tuples(*[st.lists(ENTRIES, max_size=4).map(tuple) for _ in PLACES]),
    st.fixed_dictionaries(
        {(one, buyer): st.sampled_from([Shows.NAMES, Shows.NAMES, *Shows]) for one in PLACES for buyer in PLACES}
    ),
)


@given(GRAPHS)
def test_what_is_seen_is_what_the_rule_says_read_by_force(graph: Graph) -> None:
    assert of(graph) == by_force(graph)


def test_the_graphs_that_are_tried_go_deep_and_round() -> None:
    # a negative control: three that buy from each other in a ring, all open
    ring = Graph(
        (
            (Entry(1, may=True, stage=Stage.SHARED),),
            (Entry(2, may=True, stage=Stage.ASKED),),
            (
                Entry(0, may=True, stage=Stage.SHARED),
                Entry(1, may=True, stage=Stage.SHARED),
                Entry(None, may=True, stage=Stage.ANSWERED),
            ),
            (),
            (),
            (),
        ),
        {(one, buyer): Shows.NAMES for one in PLACES for buyer in PLACES},
    )
    paths = {path for path, _, _ in of(ring)}
    assert paths == {("start 0",), ("start 0", "1.0"), ("start 0", "1.0", "2.2")}


def without(graph: Graph, pick: random.Random) -> Graph | None:
    """The graph with one yes taken back."""
    yes: list[Callable[[], Graph]] = []
    for link, shows in graph.shows.items():
        less = list(Shows)[: list(Shows).index(shows)]
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


@given(GRAPHS, st.integers(1, 5), st.lists(ENTRIES, max_size=4), st.sampled_from(Shows))
def test_a_business_that_is_on_no_path_changes_nothing(
    graph: Graph, one: int, entries: list[Entry], shows: Shows
) -> None:
    here = ORGANISATIONS[one]
    read: set[Link] = set()
    plain = graph.read()

    def reader(links: Sequence[Link]) -> Mapping[Link, Shown]:
        read.update(links)
        return plain(links)

    before = frozenset(seen(chain_of(VIEWER, graph.starts(), reader).nodes))
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

    def reader(links: Sequence[Link]) -> Mapping[Link, Shown]:
        return {
            (one, buyer): Shown(
                Shows.NAMES,
                [Business(Stage.SHARED, "Next", leads_to=after(one), organisations=frozenset({after(one)}))],
            )
            for one, buyer in links
        }

    chain = chain_of(many[0], [Start("First", many[1])], reader)
    assert chain.levels == DEEPEST == 6
    assert not chain.cut


def test_a_page_holds_so_many_names_and_says_that_there_are_more() -> None:
    def reader(links: Sequence[Link]) -> Mapping[Link, Shown]:
        return {
            link: Shown(Shows.NAMES, [Business(Stage.ASKED, f"B{number}") for number in range(9)]) for link in links
        }

    chain = chain_of(VIEWER, [Start("First", ORGANISATIONS[1])], reader, most=5)
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
    assert about(number) == words


def test_beside_some_names_a_small_rest_can_never_be_worked_out() -> None:
    # of all that an outsider cannot tell apart, none leaves exactly one or two without a name
    numbers = [about(number) for number in range(160)]
    for named in range(0, 60, 3):
        for total in range(named, 120):
            alike = [other - named for other in range(named, 160) if numbers[other] == numbers[total]]
            assert len(alike) > 1 or alike == [0]
