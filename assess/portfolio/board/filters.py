"""What a buyer looks for on the board, read from the address of the page and written back into it. No database, no clock."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode

from assess.plans.words import BANDS as WORDS
from assess.suppliers.models import Size, Status, Tier

LONGEST = 200
"""Characters of anything that is looked for: the longest title of a duty there is."""
LONGEST_QUERY = 1500
"""Characters of a filter that is saved. One that is only used is never cut: what is left of it would find more."""
NO_BAND = "none"
BANDS: Mapping[str, str] = {band: WORDS[band] for band in ("low", "medium", "high")} | {NO_BAND: "No band to show"}
"""The bands that can be asked for. The last: nothing shared, or a quick check."""
BANDS_BEFORE: Mapping[str, str] = {"critical": "high"}
"""What an address or a saved filter of an earlier release asks for, and what that is now."""

Word = TypeVar("Word", bound=enum.StrEnum)


class Order(enum.StrEnum):
    """What the board is sorted by."""

    NAME = "name"
    STATUS = "status"
    DUE = "due"
    BAND = "band"
    SPEND = "spend"
    CALL = "call"
    ANSWERED = "answered"


ORDERS: Mapping[Order, str] = {
    Order.NAME: "Name, A to Z",
    Order.STATUS: "How it stands, not asked first",
    Order.DUE: "Due date, earliest first",
    Order.BAND: "Band, high first",
    Order.SPEND: "Spend, not told and largest first",
    Order.CALL: "Call first",
    Order.ANSWERED: "Answered on, newest first",
}
"""What each says."""


class Arguments(Protocol):
    """What an address says after its question mark, as Flask and Werkzeug hold it."""

    def getlist(self, key: str) -> list[str]:
        """All values of a name."""


class _Pairs:
    """The same, of a line of text."""

    def __init__(self, query: str) -> None:
        self._pairs = parse_qsl(query.lstrip("?"))

    def getlist(self, key: str) -> list[str]:
        return [value for name, value in self._pairs if name == key]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for. Empty and None: everything. `weak`: a bar at step 1 or 2; `duty`: one that is not said to be done."""

    text: str = ""
    statuses: frozenset[Status] = frozenset()
    late: bool = False
    old: bool = False
    sector: str | None = None
    area: str | None = None
    bands: frozenset[str] = frozenset()
    weak: str | None = None
    duty: str | None = None
    good: str | None = None
    place: str | None = None
    tier: Tier | None = None
    size: Size | None = None
    order: Order = Order.NAME

    @property
    def is_on(self) -> bool:
        """Whether anything is left out."""
        return replace(self, order=Order.NAME) != Filter()

    @property
    def query(self) -> str:
        """It as part of an address, always in the same order."""
        return urlencode(self.pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """It as fields of a form."""
        found: list[tuple[str, str]] = []
        for name, key in _NAMES.items():
            value = getattr(self, name)
            if isinstance(value, frozenset):
                found += [(key, str(one)) for one in sorted(value)]
            elif value is True:
                found.append((key, "yes"))
            elif value and not (name == "order" and value is Order.NAME):
                found.append((key, str(value)))
        return found

    def sorted_by(self, order: Order) -> Filter:
        """The same, in another order."""
        return replace(self, order=order)


_NAMES: Mapping[str, str] = {
    "text": "q",
    "statuses": "status",
    "late": "late",
    "old": "old",
    "sector": "sector",
    "area": "area",
    "bands": "band",
    "weak": "weak",
    "duty": "duty",
    "good": "good",
    "place": "place",
    "tier": "tier",
    "size": "size",
    "order": "sort",
}
"""Each field and its name in an address."""
assert list(_NAMES) == [field.name for field in fields(Filter)]  # noqa: S101  # whoever adds a field names it


def read(arguments: Arguments) -> Filter:
    """What an address asks for. What nobody knows is left out: an old address must still open."""

    def words(key: str) -> list[str]:
        # no text of a database holds the letter NUL
        return [
            value for typed in arguments.getlist(key) if (value := " ".join(typed.replace("\0", " ").split())[:LONGEST])
        ]

    def one(key: str) -> str | None:
        return next(iter(words(key)), None)

    return Filter(
        text=one("q") or "",
        statuses=frozenset(_known(Status, words("status"))),
        late=one("late") == "yes",
        old=one("old") == "yes",
        sector=one("sector"),
        area=one("area"),
        bands=frozenset(BANDS_BEFORE.get(band, band) for band in words("band")).intersection(BANDS),
        weak=one("weak"),
        duty=one("duty"),
        good=one("good"),
        place=one("place"),
        tier=next(iter(_known(Tier, words("tier"))), None),
        size=next(iter(_known(Size, words("size"))), None),
        order=next(iter(_known(Order, words("sort"))), Order.NAME),
    )


def read_query(query: str) -> Filter:
    """The same from a line of text, as it is saved or sent in a form."""
    return read(_Pairs(query))


def _known(kind: type[Word], words: Sequence[str]) -> list[Word]:
    return [kind(word) for word in words if word in set(kind)]
