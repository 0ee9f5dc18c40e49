"""What is looked for on the board, in words: for the board itself, and for every file that was ordered by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assess.plans.words import either
from assess.portfolio.board.filters import BANDS, Filter
from assess.suppliers.models import Size, Status, Tier
from assess.suppliers.words import SIZES, STATUSES, TIERS, name_of_code

EVERYONE = "All suppliers on your list."
_SAYS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "q": ("Name or reference", lambda typed: f"“{typed}”"),
    "status": ("How it stands", lambda value: STATUSES[Status(value)]),
    "late": ("Only", lambda _yes: "Late"),
    "old": ("Only", lambda _yes: "Getting old"),
    "sector": ("Sector", name_of_code),
    "area": ("Area", name_of_code),
    "band": ("Band", lambda value: BANDS[value]),
    "weak": ("Weak", str),
    "duty": ("Duty not done", str),
    "good": ("Goods", str),
    "place": ("From", str),
    "tier": ("Tier", lambda value: TIERS[Tier(value)]),
    "size": ("Size", lambda value: SIZES[Size(value)]),
}
"""Each name in an address but the order: what it is called, and how a value of it is said."""
_SAID_WITH_NAME = frozenset({"weak", "duty", "place"})
"""What says too little without its name."""


def pair_words(key: str, value: str) -> str:
    """One thing that is looked for, as short as it can be told from the others."""
    name, say = _SAYS[key]
    return f"{name}: {say(value)}" if key in _SAID_WITH_NAME else say(value)


def looked_for(wanted: Filter) -> Sequence[tuple[str, str]]:
    """The pairs of an address that leave somebody out: all but the order."""
    return [(key, value) for key, value in wanted.pairs if key in _SAYS]


def sentences(wanted: Filter) -> list[str]:
    """Which suppliers it is about, one sentence for each thing that is looked for."""
    found: dict[str, tuple[str, list[str]]] = {}
    for key, value in looked_for(wanted):
        name, say = _SAYS[key]
        found.setdefault(key, (name, []))[1].append(say(value))
    return [f"{name}: {either(values)}." for name, values in found.values()] or [EVERYONE]
