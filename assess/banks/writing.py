"""Values written as the files of the banks write them: one text on one line, short things in brackets, the rest in lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from assess.banks.yaml_lines import UnreadableError, read_lines

IN_ONE_LINE = frozenset({"show_if", "when", "unless"})
"""Keys whose value is a condition: it reads best in one line."""
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
EXACT = 10**15
"""Whole numbers below this are themselves in every program."""


def canonical(value: object) -> str:
    """One text for each value, whatever the order of its keys; 8.00 is 8, and true is not 1."""
    return json.dumps(_whole(value), sort_keys=True, ensure_ascii=False)


def _whole(value: object) -> object:
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def plain(value: object, *, inside: bool) -> str:
    """A single value. Quotes only where it would be read as something else without; `inside` brackets commas count."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    text = str(value)
    return text if _stays(text, inside=inside) else _quoted(text)


def _quoted(text: str) -> str:
    """The text in quotes. What the reader takes for the end of a line, or for no letter at all, is written by its number."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _number(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return repr(value)


@lru_cache(maxsize=8192)
def _stays(text: str, *, inside: bool) -> bool:
    """Whether a text without quotes is read as itself. A bank writes the same few hundred words again and again, so it is kept."""
    if not text or text != text.strip() or not text.isprintable():
        return False
    try:
        held = read_lines((f"k: [{text}]" if inside else f"k: {text}").encode()).data["k"]
    except UnreadableError:
        return False
    return held == ([text] if inside else text)


def flow(value: object) -> str:
    """A value in one line: {key: value}, [one, other]."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{plain(name, inside=True)}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return plain(value, inside=True)


def is_flow(key: str, value: object) -> bool:
    """Whether the value of this key is written in one line."""
    if not value or not isinstance(value, (dict, list)) or key in IN_ONE_LINE:
        return True
    return isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value)


def block_lines(value: object, column: int) -> list[str]:
    """A group or a list in lines that begin at this column, without line ends."""
    return list(_lines(value, " " * column))


def _lines(value: object, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _keyed(str(name), one, indent)
    elif isinstance(value, list):
        for one in value:
            yield from _entry(one, indent)


def _keyed(name: str, value: object, indent: str) -> Iterator[str]:
    if is_flow(name, value):
        said = flow(value) if isinstance(value, (dict, list)) else plain(value, inside=False)
        yield f"{indent}{plain(name, inside=False)}: {said}"
        return
    yield f"{indent}{plain(name, inside=False)}:"
    yield from _lines(value, f"{indent}  ")


def _entry(value: object, indent: str) -> Iterator[str]:
    """An entry whose values are all single ones takes one line, like an option."""
    if not isinstance(value, dict) or not value or not any(isinstance(one, (dict, list)) for one in value.values()):
        yield f"{indent}- {flow(value) if isinstance(value, (dict, list)) else plain(value, inside=False)}"
        return
    first, *rest = _lines(value, f"{indent}  ")
    yield f"{indent}- {first.strip()}"
    yield from rest
