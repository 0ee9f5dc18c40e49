"""The filter of the board, read from an address and described in words."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from assess.plans.words import join_or
from assess.portfolio.board.columns import (
    FILTERS,
    FILTERS_BY_PARAMETER,
    ORDER_PARAMETER,
    BoardFilter,
    BoardOrder,
    known_values,
)

MAX_SEARCH_TERM_LENGTH = 200
"""Characters of anything that is looked for: the longest title of a duty there is."""


def read_filter(arguments: MultiDict[str, str]) -> BoardFilter:
    """What an address asks for. What nobody knows is left out: an old address must still open."""

    def words(parameter: str) -> list[str]:
        # no text of a database holds the character NUL
        return [
            value
            for typed in arguments.getlist(parameter)
            if (value := " ".join(typed.replace("\0", " ").split())[:MAX_SEARCH_TERM_LENGTH])
        ]

    order = next(iter(known_values(BoardOrder, words(ORDER_PARAMETER))), BoardOrder.NAME)
    return BoardFilter(**{one.name: one.read(words(one.parameter)) for one in FILTERS}, order=order)


def filter_from_query(query: str) -> BoardFilter:
    """The same from a line of text, as it is saved or sent in a form."""
    return read_filter(MultiDict(parse_qsl(query.lstrip("?"))))


ALL_SUPPLIERS = "All suppliers on your list."


def describe_pair(parameter: str, value: str) -> str:
    """One thing that is looked for, as short as it can be told from the others."""
    one = FILTERS_BY_PARAMETER[parameter]
    return f"{one.label}: {one.say(value)}" if one.with_label else one.say(value)


def active_pairs(filter_: BoardFilter) -> Sequence[tuple[str, str]]:
    """The pairs of an address that leave suppliers out: all but the order."""
    return [(parameter, value) for parameter, value in filter_.pairs if parameter in FILTERS_BY_PARAMETER]


def describe_filter(filter_: BoardFilter) -> list[str]:
    """Which suppliers it is about, one sentence for each thing that is looked for."""
    found: dict[str, list[str]] = {}
    for parameter, value in active_pairs(filter_):
        found.setdefault(parameter, []).append(FILTERS_BY_PARAMETER[parameter].say(value))
    return [f"{FILTERS_BY_PARAMETER[key].label}: {join_or(values)}." for key, values in found.items()] or [
        ALL_SUPPLIERS
    ]
