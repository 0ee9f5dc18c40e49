"""Who sees how much of the chain, as plain rules without database or clock.

A customer sees what a business shows to it, and through a named business what that one shows to the business between. Each link by
its own yes: what its customer shows, and whether it may be named. Numbers rest on the list alone, never on who may be named, so a yes
that is taken back adds nothing anywhere.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assess.suppliers.chain.models import Shows

DEEPEST = 6
"""Levels below the one who looks: its own suppliers are the first."""
MOST = 1000
"""Names on one page."""
FEWEST = 3
"""Of fewer no number is told."""
_FROM = (100, 50, 25, 10, FEWEST)


class Stage(enum.StrEnum):
    """How far a supplier is with its customer, from the least to the furthest. Neither a no nor a date is among them."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    ANSWERED = "answered"
    SHARED = "shared"


STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Business:
    """One business on somebody's list, however many entries it has there.

    `name`: what it may be called to others; None: it did not say yes. `leads_to`: the organisation that has that name.
    `organisations`: all that its entries answer for.
    """

    stage: Stage
    name: str | None = None
    confirmed: bool = False
    leads_to: uuid.UUID | None = None
    organisations: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Shown:
    """What an organisation shows to one customer: how much of its list, and the list."""

    shows: Shows
    businesses: Sequence[Business]


@dataclass(slots=True)
class Node:
    """A business as the one who looks sees it, and what is seen below it. `confirmed`: whether its name is.

    `stage`: None for the own suppliers of the one who looks. `about`: how many of its suppliers are how far, in words; None where it shows no number.
    """

    name: str
    stage: Stage | None
    confirmed: bool
    level: int
    about: Mapping[Stage, str] | None = None
    below: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Start:
    """A supplier of the one who looks: as it is called on its list, and the organisation that answers there."""

    name: str
    organisation_id: uuid.UUID


Link = tuple[uuid.UUID, uuid.UUID]
"""An organisation and one that buys from it."""
Reader = Callable[[Sequence[Link]], Mapping[Link, Shown]]
"""What is shown on each of these links. Links on which nothing is shown may be left out."""


_Edge = tuple[Node, uuid.UUID, tuple[uuid.UUID, ...]]
"""A business that was reached, the organisation behind it, and the organisations on the way to it."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What is seen. `levels`: how deep it goes; `cut`: there is more than a page holds."""

    nodes: Sequence[Node]
    levels: int
    cut: bool


def chain_of(viewer: uuid.UUID, starts: Sequence[Start], read: Reader, *, most: int = MOST) -> Chain:
    """What this organisation sees below these suppliers of its own. Reads once for each level."""
    others = [start for start in starts if start.organisation_id != viewer]
    nodes = [Node(start.name, None, confirmed=True, level=1) for start in others]
    edge: list[_Edge] = [(node, start.organisation_id, (viewer,)) for node, start in zip(nodes, others, strict=True)]
    levels, named, cut = 1 if nodes else 0, 0, False
    while edge:
        shown = read(list(dict.fromkeys((business, path[-1]) for _, business, path in edge)))
        following: list[_Edge] = []
        for node, business, path in edge:
            found = shown.get((business, path[-1]))
            if found is None or found.shows is Shows.OFF or node.level >= DEEPEST:
                continue
            here = (*path, business)
            fresh = [one for one in found.businesses if not one.organisations & set(here)]
            node.about = {stage: about(sum(one.stage is stage for one in fresh)) for stage in STAGES}
            for one in _named(fresh) if found.shows is Shows.NAMES else ():
                if named >= most:
                    cut = True
                    break
                named += 1
                below = Node(str(one.name), one.stage, one.confirmed, node.level + 1)
                node.below.append(below)
                levels = max(levels, below.level)
                if one.leads_to is not None:
                    following.append((below, one.leads_to, here))
        edge = following
    return Chain(nodes, levels, cut)


def about(number: int) -> str:
    """About how many: “fewer than 3”, “3 to 9”, … Beside some names the exact rest can still not be worked out."""
    upper: int | None = None
    for lower in _FROM:
        if number >= lower:
            return f"{lower} or more" if upper is None else f"{lower} to {upper - 1}"
        upper = lower
    return f"fewer than {FEWEST}"


def _named(businesses: Sequence[Business]) -> list[Business]:
    named = [one for one in businesses if one.name]
    return sorted(named, key=lambda one: (str(one.name).casefold(), str(one.name), STAGES.index(one.stage)))
