"""The filter of the board, read from and written to the query string, and described in words. No database."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from assess.plans.words import BAND_WORDS as WORDS
from assess.plans.words import join_or
from assess.suppliers.models import InvitationStatus, RiskTier, SupplierSize
from assess.suppliers.presenters import SIZE_LABELS, STATUS_LABELS, TIER_LABELS, code_label

LONGEST_SEARCH_TERM = 200
"""Characters of anything that is looked for: the longest title of a duty there is."""
LONGEST_QUERY = 1500
"""Characters of a filter that is saved. One that is only used is never cut: what is left of it would find more."""
NO_BAND = "none"
BAND_LABELS: Mapping[str, str] = {band: WORDS[band] for band in ("low", "medium", "high")} | {
    NO_BAND: "No band to show"
}
"""The bands that can be asked for. The last: nothing shared, or a quick check."""
RETIRED_BANDS: Mapping[str, str] = {"critical": "high"}
"""What an address or a saved filter of an earlier release asks for, and what that is now."""

EnumT = TypeVar("EnumT", bound=enum.StrEnum)


class BoardOrder(enum.StrEnum):
    NAME = "name"
    STATUS = "status"
    DUE = "due"
    BAND = "band"
    SPEND = "spend"
    CALL = "call"
    ANSWERED = "answered"


ORDER_LABELS: Mapping[BoardOrder, str] = {
    BoardOrder.NAME: "Name, A to Z",
    BoardOrder.STATUS: "How it stands, not asked first",
    BoardOrder.DUE: "Due date, earliest first",
    BoardOrder.BAND: "Band, high first",
    BoardOrder.SPEND: "Spend, not told and largest first",
    BoardOrder.CALL: "Contact first",
    BoardOrder.ANSWERED: "Answered on, newest first",
}


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What is looked for. Empty and None: everything. `weak`: a bar at step 1 or 2; `duty`: one that is not said to be done."""

    text: str = ""
    statuses: frozenset[InvitationStatus] = frozenset()
    late: bool = False
    old: bool = False
    sector: str | None = None
    area: str | None = None
    bands: frozenset[str] = frozenset()
    weak: str | None = None
    duty: str | None = None
    good: str | None = None
    place: str | None = None
    tier: RiskTier | None = None
    size: SupplierSize | None = None
    order: BoardOrder = BoardOrder.NAME

    @property
    def is_on(self) -> bool:
        """Whether anything is left out."""
        return replace(self, order=BoardOrder.NAME) != BoardFilter()

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for name, key in _PARAMETER_NAMES.items():
            value = getattr(self, name)
            if isinstance(value, frozenset):
                found += [(key, str(one)) for one in sorted(value)]
            elif value is True:
                found.append((key, "yes"))
            elif value and not (name == "order" and value is BoardOrder.NAME):
                found.append((key, str(value)))
        return found

    def sorted_by(self, order: BoardOrder) -> BoardFilter:
        return replace(self, order=order)


_PARAMETER_NAMES: Mapping[str, str] = {
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
assert list(_PARAMETER_NAMES) == [field.name for field in fields(BoardFilter)]  # noqa: S101  # a new field needs a name here


def read_filter(arguments: MultiDict[str, str]) -> BoardFilter:
    """What an address asks for. What nobody knows is left out: an old address must still open."""

    def words(key: str) -> list[str]:
        # no text of a database holds the character NUL
        return [
            value
            for typed in arguments.getlist(key)
            if (value := " ".join(typed.replace("\0", " ").split())[:LONGEST_SEARCH_TERM])
        ]

    def one(key: str) -> str | None:
        return next(iter(words(key)), None)

    return BoardFilter(
        text=one("q") or "",
        statuses=frozenset(_known_values(InvitationStatus, words("status"))),
        late=one("late") == "yes",
        old=one("old") == "yes",
        sector=one("sector"),
        area=one("area"),
        bands=frozenset(RETIRED_BANDS.get(band, band) for band in words("band")).intersection(BAND_LABELS),
        weak=one("weak"),
        duty=one("duty"),
        good=one("good"),
        place=one("place"),
        tier=next(iter(_known_values(RiskTier, words("tier"))), None),
        size=next(iter(_known_values(SupplierSize, words("size"))), None),
        order=next(iter(_known_values(BoardOrder, words("sort"))), BoardOrder.NAME),
    )


def filter_from_query(query: str) -> BoardFilter:
    """The same from a line of text, as it is saved or sent in a form."""
    return read_filter(MultiDict(parse_qsl(query.lstrip("?"))))


def _known_values(kind: type[EnumT], words: Sequence[str]) -> list[EnumT]:
    return [kind(word) for word in words if word in set(kind)]


ALL_SUPPLIERS = "All suppliers on your list."
_PARAMETER_LABELS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "q": ("Name or reference", lambda typed: f"“{typed}”"),
    "status": ("How it stands", lambda value: STATUS_LABELS[InvitationStatus(value)]),
    "late": ("Only", lambda _yes: "Late"),
    "old": ("Only", lambda _yes: "Expires soon"),
    "sector": ("Sector", code_label),
    "area": ("Area", code_label),
    "band": ("Band", lambda value: BAND_LABELS[value]),
    "weak": ("Weak", str),
    "duty": ("Duty not done", str),
    "good": ("Goods", str),
    "place": ("From", str),
    "tier": ("Tier", lambda value: TIER_LABELS[RiskTier(value)]),
    "size": ("Size", lambda value: SIZE_LABELS[SupplierSize(value)]),
}
"""Each name in an address but the order: what it is called, and how a value of it is said."""
_LABELLED_WITH_NAME = frozenset({"weak", "duty", "place"})
"""What says too little without its name."""


def describe_pair(key: str, value: str) -> str:
    """One thing that is looked for, as short as it can be told from the others."""
    name, say = _PARAMETER_LABELS[key]
    return f"{name}: {say(value)}" if key in _LABELLED_WITH_NAME else say(value)


def active_pairs(filter_: BoardFilter) -> Sequence[tuple[str, str]]:
    """The pairs of an address that leave suppliers out: all but the order."""
    return [(key, value) for key, value in filter_.pairs if key in _PARAMETER_LABELS]


def describe_filter(filter_: BoardFilter) -> list[str]:
    """Which suppliers it is about, one sentence for each thing that is looked for."""
    found: dict[str, tuple[str, list[str]]] = {}
    for key, value in active_pairs(filter_):
        name, say = _PARAMETER_LABELS[key]
        found.setdefault(key, (name, []))[1].append(say(value))
    return [f"{name}: {join_or(values)}." for name, values in found.values()] or [ALL_SUPPLIERS]
