"""The attack: whoever sees every picture there ever was, and knows who shared and how we count, tries to work out one answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product

import pytest

from assess.portfolio.pressure.pooling import (
    ANSWERS,
    FEWEST,
    FEWEST_LEFT_OVER,
    SMALLEST_BUNDLE,
    Picture,
    Pool,
    bundle_of,
    goes,
    picture_of,
    pool_of,
)

Counts = tuple[int, ...]
NAMES = tuple(ANSWERS)
PAIRS = tuple(combinations_with_replacement(range(len(NAMES)), 2))


def worlds(answered: int, cells: int = len(NAMES)) -> Iterator[Counts]:
    """Every way in which so many may have answered, by how many said what: who said it changes nothing in a pool."""
    if cells == 1:
        yield (answered,)
        return
    for first in range(answered + 1):
        for rest in worlds(answered - first, cells - 1):
            yield (first, *rest)


def answers_in(world: Counts) -> list[str]:
    return [name for name, count in zip(NAMES, world, strict=True) for _ in range(count)]


def may_be(world: Counts, pair: tuple[int, int]) -> bool:
    """Whether two suppliers may have said these two things."""
    first, second = pair
    return world[first] >= 2 if first == second else min(world[first], world[second]) >= 1


def told_by(seen: Callable[[Counts], object], answered: int) -> list[tuple[object, tuple[int, int]]]:
    """What is seen, and two answers of which it tells that no two suppliers gave them."""
    alike: dict[object, list[Counts]] = defaultdict(list)
    for world in worlds(answered):
        alike[seen(world)].append(world)
    return [
        (picture, pair)
        for picture, some in alike.items()
        for pair in PAIRS
        if not any(may_be(one, pair) for one in some)
    ]


def as_seen(pool: Pool) -> object:
    """All that is kept of a pool, which is more than is ever shown."""
    return pool.answered, pool.bundle, tuple(pool.bundles.items())


@pytest.mark.parametrize("answered", [*range(FEWEST, 21), 37, 50])
def test_of_a_pool_any_two_suppliers_may_have_said_anything(answered: int) -> None:
    assert told_by(lambda world: as_seen(pool_of(answers_in(world))), answered) == []


def test_exact_shares_would_tell() -> None:
    """So the test above can fail: if all five said the same, whole numbers say so."""
    told = told_by(lambda world: tuple(10 * count // 5 for count in world), 5)
    assert ((10, 0, 0, 0), (1, 1)) in told


def test_bundles_that_come_out_even_would_tell() -> None:
    assert told_by(lambda world: tuple(count // 3 for count in world), 6)


def test_what_is_left_over_is_never_nothing() -> None:
    for answered in range(FEWEST, 2000):
        bundle = bundle_of(answered)
        assert SMALLEST_BUNDLE <= bundle < answered, answered
        assert answered % bundle >= FEWEST_LEFT_OVER, answered
        assert bundle * 10 >= answered, answered


def test_fewer_than_five_are_never_put_together() -> None:
    with pytest.raises(ValueError, match="too few"):
        pool_of(["never"] * 4)
    assert picture_of([]) is None


def test_a_picture_is_in_whole_tenths_and_says_how_many_it_does_not_tell_of() -> None:
    picture = picture_of([pool_of(["often"] * 5), pool_of(["never"] * 3 + ["sometimes", "no idea"])])
    assert picture == Picture(10, {"often": 3, "sometimes": 0, "never": 3, "dk": 0})
    assert picture.untold == 4


def test_a_pool_goes_when_fewer_than_five_of_it_share() -> None:
    assert not goes([1, 2, 3, 4, 5, 6], {1, 2, 3, 4, 5})
    assert goes([1, 2, 3, 4, 5, 6], {1, 2, 3, 4, 9, 10, 11})


class Rounds:
    """The same rounds as in the database, by hand: `sharing` names who shares in each month."""

    def __init__(self, answers: Mapping[int, str]) -> None:
        self.answers = answers
        self.pools: dict[frozenset[int], Pool] = {}
        self.counted: set[int] = set()
        self.seen: list[Picture | None] = []

    def go(self, sharing: set[int]) -> None:
        self.pools = {members: pool for members, pool in self.pools.items() if not goes(members, sharing)}
        fresh = frozenset(sharing - self.counted)
        if len(fresh) >= FEWEST:
            self.counted |= fresh
            self.pools[fresh] = pool_of([self.answers[one] for one in sorted(fresh)])
        self.seen.append(picture_of(self.pools.values()))


FIRST, SECOND = {1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}
MONTHS: Sequence[set[int]] = (
    FIRST,
    FIRST | {6},  # one comes
    FIRST | SECOND - {10},  # four wait
    FIRST | SECOND,  # five came
    (FIRST | SECOND) - {1},  # one goes, and the first pool with it
    SECOND | {1, 2, 3, 4, 5},  # it comes back
    SECOND - {10},  # nothing is left
)


def history(first: Counts, second: Counts) -> tuple[Picture | None, ...]:
    said = dict(enumerate([*answers_in(first), *answers_in(second)], 1))
    rounds = Rounds(said)
    for sharing in MONTHS:
        rounds.go(sharing)
    return tuple(rounds.seen)


def test_all_pictures_there_ever_were_tell_of_no_two_suppliers_what_they_said() -> None:
    alike: dict[str, list[tuple[Counts, Counts]]] = defaultdict(list)
    for first, second in product(worlds(5), repeat=2):
        alike[repr(history(first, second))].append((first, second))
    assert len(alike) > 10, "there is something to see"
    for some in alike.values():
        for number in (0, 1):
            assert all(any(may_be(world[number], pair) for world in some) for pair in PAIRS)
        # one of the first pool and one of the second
        assert all(
            any(one[first] and two[second] for one, two in some)
            for first, second in product(range(len(NAMES)), repeat=2)
        )


def test_counting_all_who_share_each_month_would_tell_what_a_newcomer_said() -> None:
    def seen(world: Sequence[str]) -> object:
        def shares(some: Sequence[str]) -> tuple[int, ...]:
            return tuple(round(10 * some.count(name) / len(some)) for name in NAMES)

        return shares(world[:5]), shares(world)

    alike: dict[object, set[str]] = defaultdict(set)
    for world in product(NAMES, repeat=6):
        alike[seen(world)].add(world[5])
    assert any(len(last) == 1 for last in alike.values())
