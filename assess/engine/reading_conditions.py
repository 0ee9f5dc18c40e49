"""From the shape a condition has in a file to the tree the engine judges."""

from __future__ import annotations

import re

from assess.engine.conditions import (
    All,
    Always,
    Any,
    Applies,
    Asked,
    AtLeastOf,
    Condition,
    Leaf,
    Not,
    Operand,
    Term,
    Test,
)
from assess.engine.nodes import DocumentError, Node, as_list, as_number, as_text

TESTS: tuple[Test, ...] = (
    "is",
    "is_one_of",
    "includes",
    "includes_any",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "before",
    "after",
)
BRANCHES = ("all", "any", "not", "at_least_of", "asked", "term", "applies")
"""Words that are no ids: `{all: [...]}` is a branch, `{anything_else: {...}}` a leaf."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_condition(raw: object, place: str = "") -> Condition:
    """The tree of one condition.

    Raises:
        DocumentError: when the shape is none of those in questionnaires/README.md.

    """
    if raw == "always":
        return Always()
    key, value, inside = _only_pair(raw, place)
    match key:
        case "all" | "any":
            parts = _parts(value, inside)
            return All(parts) if key == "all" else Any(parts)
        case "not":
            return Not(read_condition(value, inside))
        case "at_least_of":
            return _at_least_of(value, inside)
        case "asked" | "term" | "applies":
            return _named(key, as_text(value, inside))
        case _:
            return _leaf(key, value, inside)


def _only_pair(raw: object, place: str) -> tuple[str, object, str]:
    node = Node(raw, place)
    pairs = list(node.rest().items())
    if len(pairs) != 1:
        raise DocumentError(place, "a condition says one thing; join several with all: or any:")
    key, value = pairs[0]
    return key, value, node.at(key)


def _parts(value: object, place: str) -> tuple[Condition, ...]:
    parts = as_list(value, place)
    if not parts:
        raise DocumentError(place, "list at least one condition")
    return tuple(read_condition(part, f"{place}[{index}]") for index, part in enumerate(parts))


def _at_least_of(value: object, place: str) -> AtLeastOf:
    node = Node(value, place)
    n = node.whole("n")
    parts = _parts(node.need("of"), node.at("of"))
    node.done()
    if not 1 <= n <= len(parts):
        raise DocumentError(node.at("n"), f"this must be from 1 to {len(parts)}")
    return AtLeastOf(n, parts)


def _named(key: str, name: str) -> Condition:
    if key == "asked":
        return Asked(name)
    return Term(name) if key == "term" else Applies(name)


def _leaf(subject: str, value: object, place: str) -> Leaf:
    found, operand, inside = _only_pair(value, place)
    for test in TESTS:
        if found == test:
            return Leaf(subject, test, _operand(test, operand, inside))
    raise DocumentError(place, f"unknown test “{found}”; use one of: {', '.join(TESTS)}")


def _operand(test: Test, value: object, place: str) -> Operand:
    match test:
        case "is":
            if isinstance(value, (str, int, float)):
                return value
            return _words(value, place)
        case "is_one_of" | "includes_any":
            return _words(value, place)
        case "includes":
            return as_text(value, place)
        case "before" | "after":
            day = as_text(value, place)
            if not _ISO_DATE.fullmatch(day):
                raise DocumentError(place, "write the date as 2026-11-24")
            return day
        case _:
            return as_number(value, place)


def _words(value: object, place: str) -> tuple[str, ...]:
    words = as_list(value, place)
    if not words:
        raise DocumentError(place, "list at least one option")
    return tuple(as_text(word, f"{place}[{index}]") for index, word in enumerate(words))
