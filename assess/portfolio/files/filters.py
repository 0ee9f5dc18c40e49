"""Which suppliers a file is about: the filter of the board, read from its address. No database here.

What the board can filter by and a file cannot is kept by name, so that the page of the order says that the file may hold more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from assess.kit.db import Document
from assess.plans.words import BANDS, area_name
from assess.suppliers.models import Status, Tier
from assess.suppliers.words import STATUSES

LONGEST_SEARCH = 120
MOST_VALUES = 60
NO_BAND = "none"
"""The value of the filter for suppliers without a band to show, for whatever reason."""

_ORDER_ALONE = frozenset({"sort", "order", "direction", "page", "per", "columns", "view", "csrf_token"})
"""What an address of the board may hold that leaves nobody out."""
_A_NAME = re.compile(r"[a-z][a-z_]{0,29}")
_A_KEY = re.compile(r"[a-z0-9_-]{1,40}")
_FIELDS = ("status", "sector", "area", "band", "tier")


@dataclass(frozen=True, slots=True)
class Filter:
    """Values of one field are joined by or, fields by and. Nothing in any: all suppliers.

    `chosen`: how many suppliers were picked one by one; `mark`: what tells one such choice from another.
    """

    status: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    band: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    q: str = ""
    ignored: tuple[str, ...] = ()
    chosen: int = 0
    mark: str = ""


def read_filter(query: str) -> Filter:
    """The filter in the query string of the board. A value that no supplier can have stays: it then fits nobody, and never everybody."""
    found: dict[str, list[str]] = {name: [] for name in _FIELDS}
    search, ignored = "", set()
    for name, value in parse_qsl(query.lstrip("?"), max_num_fields=None)[:MOST_VALUES]:
        if name in found:
            if _A_KEY.fullmatch(value):
                found[name].append(value)
        elif name == "q":
            search = " ".join(value.split())[:LONGEST_SEARCH]
        elif value.strip() and name not in _ORDER_ALONE and _A_NAME.fullmatch(name):
            ignored.add(name)
    lists = {name: tuple(sorted(set(values))) for name, values in found.items()}
    return _made(lists, Filter(q=search, ignored=tuple(sorted(ignored))))


def as_data(filter_: Filter) -> Document:
    """The filter as it is stored: what is empty is left out."""
    data: Document = {name: list(values) for name in (*_FIELDS, "ignored") if (values := getattr(filter_, name))}
    data |= {name: value for name in ("q", "chosen", "mark") if (value := getattr(filter_, name))}
    return data


def from_data(data: Document) -> Filter:
    """The filter that was stored."""
    lists = {name: tuple(data.get(name, ())) for name in _FIELDS}
    rest = Filter(
        q=data.get("q", ""),
        ignored=tuple(data.get("ignored", ())),
        chosen=data.get("chosen", 0),
        mark=data.get("mark", ""),
    )
    return _made(lists, rest)


def sentences(filter_: Filter) -> list[str]:
    """Which suppliers it is about, in words; one sentence for each thing that is asked."""
    if filter_.chosen:
        return [f"{filter_.chosen} {'supplier' if filter_.chosen == 1 else 'suppliers'} that you picked."]
    words = {
        "status": ("How it stands", [_status(value) for value in filter_.status]),
        "sector": ("Sector", [in_words(value) for value in filter_.sector]),
        "area": ("Area", [area_name(value) or "Somewhere else" for value in filter_.area]),
        "band": ("Band", [BANDS.get(value, "No band to show") for value in filter_.band]),
        "tier": ("Tier of its contracts", [in_words(value) for value in filter_.tier]),
    }
    found = [f"{title}: {_either(values)}." for title, values in words.values() if values]
    if filter_.q:
        found.append(f"The name holds “{filter_.q}”.")
    return found or ["All suppliers on your list."]


def in_words(key: str) -> str:
    """A key of ours as people read it: “car_washes” is “Car washes”."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def known_tiers(filter_: Filter) -> list[Tier]:
    """The tiers asked for that there are."""
    return [Tier(value) for value in filter_.tier if value in set(Tier)]


def known_statuses(filter_: Filter) -> list[Status]:
    """The states asked for that there are."""
    return [Status(value) for value in filter_.status if value in set(Status)]


def _made(lists: Mapping[str, tuple[str, ...]], rest: Filter) -> Filter:
    return replace(
        rest,
        status=lists["status"],
        sector=lists["sector"],
        area=lists["area"],
        band=lists["band"],
        tier=lists["tier"],
    )


def _status(value: str) -> str:
    return STATUSES[Status(value)] if value in set(Status) else in_words(value)


def _either(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
