"""Which entries of one list look like the same business. Plain rules without database or clock.

It only proposes: a person looks at both and decides. It compares what the buyer itself wrote and nothing else: that one organisation
answers for two entries is told to nobody who buys. Work grows with the number of entries, not with its square.
"""

from __future__ import annotations

import enum
import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

NEARLY = 0.9
"""From this likeness on, of 1, two names are nearly the same: one slip in a dozen letters."""
_FEW = 8
"""So many entries with one mailbox are proposed each with each; of more each with the first alone."""
_CROWD = 12
"""A word that more names have tells nothing."""
_MOST_LETTERS = 4_000_000
"""Compared at most, about two seconds of work. Ten thousand ordinary names need a tenth of it; a list can be made so that the names
on it take hours. What is equal is found first and always."""
_KIND_OF_FIRM = frozenset(
    [
        "and",
        "co",
        "company",
        "corporation",
        "inc",
        "limited",
        "llp",
        "ltd",
        "of",
        "partners",
        "partnership",
        "plc",
        "services",
        "the",
        "trading",
        "uk",
        "gb",
    ]
)

Couple = tuple[uuid.UUID, uuid.UUID]


class Reason(enum.StrEnum):
    """Why two entries look the same, the strongest first."""

    COMPANY_NUMBER = "company_number"
    MAILBOX = "mailbox"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is compared. `id`: the one that stands for it, which is itself unless it was put together with another."""

    id: uuid.UUID
    name: str
    mailbox: str = ""
    company_number: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that look the same, the smaller id first, and why."""

    one: uuid.UUID
    other: uuid.UUID
    reasons: tuple[Reason, ...]


def pairs_of(entries: Sequence[Entry], apart: AbstractSet[Couple] = frozenset()) -> list[Pair]:
    """The pairs that look the same, those with the strongest reasons first. `apart`: couples (smaller id first) that are not."""
    found: dict[Couple, set[Reason]] = defaultdict(set)
    keys: Mapping[Reason, Sequence[Hashable]] = {
        Reason.COMPANY_NUMBER: [entry.company_number for entry in entries],
        Reason.MAILBOX: [entry.mailbox for entry in entries],
    }
    for reason, of in keys.items():
        for one, other in _with_the_same(zip(of, [entry.id for entry in entries], strict=True)):
            found[couple(one, other)].add(reason)
    for one, other in _with_nearly_the_same_name(entries):
        found[couple(one, other)].add(Reason.NAME)
    names = {entry.id: entry.name.casefold() for entry in reversed(entries)}
    order = tuple(Reason)
    pairs = [Pair(*ids, tuple(sorted(why, key=order.index))) for ids, why in found.items() if ids not in apart]
    return sorted(pairs, key=lambda pair: (-len(pair.reasons), order.index(pair.reasons[0]), names[pair.one], pair.one))


def couple(one: uuid.UUID, other: uuid.UUID) -> Couple:
    """The two, the smaller id first."""
    return (one, other) if one < other else (other, one)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others: without its kind of firm, signs and capitals."""
    plain = "".join(letter if letter.isalnum() else " " for letter in name.casefold().replace("’", "").replace("'", ""))
    words = plain.split()
    return tuple(word for word in words if word not in _KIND_OF_FIRM) or tuple(words)


def nearly_the_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names, as their words, are nearly the same."""
    return _compared(one, other)[0]


def _compared(one: Sequence[str], other: Sequence[str]) -> tuple[bool, int]:
    """Whether they are nearly the same, and how many letters were held against one another to know it."""
    first, second = " ".join(one), " ".join(other)
    cost = len(first) + len(second)
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return True, cost
    match = SequenceMatcher(None, first, second, autojunk=False)
    if match.real_quick_ratio() < NEARLY or match.quick_ratio() < NEARLY:
        return False, cost
    return match.ratio() >= NEARLY, cost + len(first) * len(second)


def _with_the_same(keyed: Iterable[tuple[Hashable, uuid.UUID]]) -> Iterator[Couple]:
    groups: dict[Hashable, dict[uuid.UUID, None]] = defaultdict(dict)
    for key, one in keyed:
        if key:
            groups[key][one] = None
    for group in groups.values():
        together = sorted(group)  # whichever came first on the list, the same pairs are proposed
        if len(together) <= _FEW:
            yield from combinations(together, 2)
        else:
            yield from ((together[0], one) for one in together[1:])


def _with_nearly_the_same_name(entries: Sequence[Entry]) -> Iterator[Couple]:
    words = [words_of(entry.name) for entry in entries]
    yield from _with_the_same((" ".join(sorted(said)), entry.id) for said, entry in zip(words, entries, strict=True))
    holds: dict[str, list[int]] = defaultdict(list)
    for place, said in enumerate(words):
        for word in {*said, "".join(said)}:
            holds[word].append(place)
    seen: set[tuple[int, int]] = set()
    left = _MOST_LETTERS
    for places in holds.values():
        if len(places) > _CROWD:
            continue
        for first, second in combinations(places, 2):
            if (first, second) in seen:
                continue
            seen.add((first, second))
            one, other = entries[first].id, entries[second].id
            near, cost = _compared(words[first], words[second])
            if one != other and near:
                yield one, other
            left -= cost
            if left <= 0:
                return
