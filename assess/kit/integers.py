"""Integers in addresses. None is larger than a column of the database holds, and only the digits 0 to 9 make one."""

from __future__ import annotations

from flask import request
from werkzeug import routing
from werkzeug.routing import Map

LARGEST = 2**31 - 1
"""What an integer column of PostgreSQL holds; a driver refuses what is larger than its own type with an error."""
LAST_PAGE = 10_000


class IntegerConverter(routing.IntegerConverter):
    """`<int:…>` of every route: an address with a larger number is one that is not there."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map, fixed_digits: int = 0, *, minimum: int | None = None) -> None:
        super().__init__(url_map, fixed_digits=fixed_digits, min=minimum, max=LARGEST)


def integer_asked(name: str, default: int, *, least: int = 0, most: int = LARGEST) -> int:
    """An integer of the query string, brought into its limits; what is none is the default."""
    typed = request.args.get(name, "")
    if not (typed.isascii() and typed.isdigit()):
        return default
    return min(max(int(typed[:11]), least), most)


def page_asked() -> int:
    """Which page of a list was asked for, from 1."""
    return integer_asked("page", 1, least=1, most=LAST_PAGE)
