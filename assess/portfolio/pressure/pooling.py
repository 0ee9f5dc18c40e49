"""How answers are put together so that no single one can be worked out.

1. Each answer is counted in one pool only, for always. Pools never overlap, so what is seen of several pools, of their sum, or
   month after month, tells no more than each pool by itself.
2. A pool is made of five answers or more, and goes as a whole.
3. Of a pool only whole bundles of like answers are kept: so many bundles of “never”, of “often” and so on. What is left over after
   the bundles is two answers or more, and of those nothing is known. The bundle has three or more. Hence, whatever is shown, each
   supplier may have given any of the answers, and so may any two of them together: one answer known from elsewhere gives away
   no other. (`tests/portfolio/pressure/test_pooling.py` tries every world of up to twelve suppliers.)

No database and no clock.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

FEWEST = 5
"""A pool of fewer answers is never made (security.md 2.5)."""
SMALLEST_BUNDLE = 3
FEWEST_LEFT_OVER = 2
UNKNOWN = "dk"
ANSWERS: Mapping[str, str] = MappingProxyType(
    {"often": "Often", "sometimes": "Sometimes", "never": "Never", UNKNOWN: "Don’t know, or not answered"}
)
"""The answers by their ids in the bank, as they are shown."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What is kept of a pool: how many answered, how large a bundle is, and how many whole bundles each answer has."""

    answered: int
    bundle: int
    bundles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown of all pools together. `tenths`: of ten suppliers at least so many said this; `untold`: of the rest nothing is told."""

    answered: int
    tenths: Mapping[str, int]

    @property
    def untold(self) -> int:
        """Of ten suppliers, how many are not told of."""
        return 10 - sum(self.tenths.values())


def pool_of(answers: Sequence[str]) -> Pool:
    """Put these answers together. An answer that is not known to us counts as “don’t know”.

    Raises:
        ValueError: for fewer than five.
    """
    if len(answers) < FEWEST:
        raise ValueError("too few to put together")
    bundle = bundle_of(len(answers))
    counts = dict.fromkeys(ANSWERS, 0)
    for answer in answers:
        counts[answer if answer in ANSWERS else UNKNOWN] += 1
    return Pool(len(answers), bundle, {answer: count // bundle for answer, count in counts.items()})


def bundle_of(answered: int) -> int:
    """The smallest bundle of three or more, and a tenth or more, that leaves over two answers or more however they fall.

    What is left over is the rest of the number by the bundle, or that and some bundles more.
    """
    smallest = max(SMALLEST_BUNDLE, math.ceil(answered / 10))
    return next(size for size in range(smallest, answered) if answered % size >= FEWEST_LEFT_OVER)


def picture_of(pools: Iterable[Pool]) -> Picture | None:
    """All pools together in whole tenths, rounded down; None where there is none."""
    kept = tuple(pools)
    answered = sum(pool.answered for pool in kept)
    if not answered:
        return None
    told = {answer: sum(pool.bundle * pool.bundles[answer] for pool in kept) for answer in ANSWERS}
    return Picture(answered, {answer: 10 * count // answered for answer, count in told.items()})


def goes(members: Collection[int], sharing: Collection[int]) -> bool:
    """Whether a pool goes: fewer than five of its answers (ids of submissions) are still shared with the buyer."""
    return len(set(members) & set(sharing)) < FEWEST
