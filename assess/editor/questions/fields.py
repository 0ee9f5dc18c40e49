"""One value of a file as a field of a form: how it is said there, and what is read back from it.

A field that comes back as it was said keeps what the file holds, to the letter: so a form that nobody touched changes nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assess.banks.schema_fields import LONGEST_TEXT
from assess.editor.naming import proposed_id

Data = dict[str, Any]
Group = dict[str, list[str]]
"""What stands in the fields of one thing, by the name of the field; a list, as a browser sends it."""
TICKED = "yes"
_CHOICE = re.compile(r"([a-z0-9_]{1,60}):\s+(\S.*)")


class Control(StrEnum):
    """How a field looks."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    SELECT = "select"
    RADIOS = "radios"
    TICK = "tick"
    MANY = "many"
    FIRST = "first"
    """Several, of which the first counts most: a list to choose that one, then a box for each."""
    CHOICES = "choices"
    """The choices of a cell of a table: a line for each, “id: words” or only words."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `name` is the key in the file, `missing` what is said when it is left empty and may not be."""

    name: str
    control: Control
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    longest: int = LONGEST_TEXT
    ids: bool = False
    """Whether what is chosen is an id, which stays a word even if it looks like a number."""


class TypedError(ValueError):
    """What was typed cannot be taken. The message says what to type."""


def said(field: Field, value: object) -> list[str]:
    """A value as its field shows it."""
    if field.control is Control.TICK:
        return [TICKED] if value is True else []
    if field.control in {Control.MANY, Control.FIRST}:
        words = [_one(part) for part in value] if isinstance(value, list) else []
        return [*words[:1], *words] if words and field.control is Control.FIRST else words
    if field.control is Control.CHOICES:
        rows = value if isinstance(value, list) else []
        return ["\n".join(f"{row.get('id')}: {row.get('label')}" for row in rows if isinstance(row, dict))]
    return [_one(value)]


def _one(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def read(field: Field, typed: Sequence[str], held: object) -> object:
    """The value that was typed, None where nothing was. `held` is what the file holds.

    Raises:
        TypedError: when it cannot be taken.
    """
    if _tidy(field, typed) == _tidy(field, said(field, held)) and not (held is None and field.missing):
        return held
    match field.control:
        case Control.TICK:
            return True if typed else None
        case Control.MANY | Control.FIRST:
            return _several(field, typed, held) or None
        case Control.CHOICES:
            return _choices(typed[0] if typed else "") or None
        case _:
            return _single(field, " ".join((typed[0] if typed else "").split()))


def _tidy(field: Field, typed: Sequence[str]) -> object:
    """What counts of what was typed: spaces and ends of lines do not, nor the order of boxes."""
    if field.control is Control.MANY:
        return frozenset(typed)
    if field.control is Control.FIRST:
        return next(iter(typed), ""), frozenset(typed) - {""}
    if field.control is Control.TICK:
        return bool(typed)
    lines = (typed[0] if typed else "").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()] or [""]


def _single(field: Field, text: str) -> object:
    if not text:
        if field.missing:
            raise TypedError(field.missing)
        return None
    if field.control in {Control.NUMBER, Control.WHOLE}:
        return _number(text, whole=field.control is Control.WHOLE)
    if field.control in {Control.SELECT, Control.RADIOS}:
        if text not in {value for value, _ in field.choices}:
            raise TypedError("Choose one from the list.")
        return int(text) if text.isdigit() and not field.ids else text
    if len(text) > field.longest:
        raise TypedError(f"Shorten this to {field.longest:,} characters or fewer.")
    return text


def _number(text: str, *, whole: bool) -> float:
    try:
        number = float(text.removeprefix("£").replace(",", ""))
    except ValueError:
        raise TypedError("Enter a number, such as 2.") from None
    if not math.isfinite(number) or number < 0:
        raise TypedError("Enter a number that is 0 or more.")
    if number.is_integer():
        return int(number)
    if whole:
        raise TypedError("Enter a whole number, such as 2.")
    return number


def _several(field: Field, typed: Sequence[str], held: object) -> list[object]:
    """Those that stood there keep their order, those that are new come after them. The main one, where there is one, comes first."""
    wanted = {one for one in typed if one}
    known = {value for value, _ in field.choices}
    before = held if isinstance(held, list) else []
    rest = [one for one in before if _one(one) in wanted]
    standing = {_one(one) for one in rest}
    rest += [
        int(value) if value.isdigit() else value
        for value in dict.fromkeys(typed)
        if value in known - standing and value
    ]
    if field.control is Control.FIRST and typed and typed[0]:
        rest.sort(key=lambda one: _one(one) != typed[0])
    return rest


def _choices(text: str) -> list[object]:
    rows: list[Data] = []
    for line in text.splitlines():
        words = " ".join(line.split())
        if not words:
            continue
        told = _CHOICE.fullmatch(words)
        label = told.group(2) if told else words
        name = told.group(1) if told else proposed_id(label, {row["id"] for row in rows})
        rows.append({"id": name, "label": label})
    return list(rows)


def put(data: Mapping[str, Any], name: str, value: object, order: Sequence[str]) -> Data:
    """The thing with this key at this value, None to take it out. A new key stands after the last of those that come before it in `order`."""
    if value is None:
        return {key: one for key, one in data.items() if key != name}
    if name in data:
        return {key: value if key == name else one for key, one in data.items()}
    rank = order.index(name) if name in order else len(order)
    before = [key for key in data if key in order and order.index(key) < rank]
    made: Data = {} if before else {name: value}
    for key, one in data.items():
        made[key] = one
        if before and key == before[-1]:
            made[name] = value
    return made


def fields_said(fields: Sequence[Field], data: Mapping[str, Any]) -> Group:
    """What the fields show of a thing."""
    return {field.name: said(field, data.get(field.name)) for field in fields}


def fields_read(
    fields: Sequence[Field], typed: Mapping[str, Sequence[str]], held: Mapping[str, Any], order: Sequence[str]
) -> tuple[Data, dict[str, str]]:
    """The thing with what was typed, and a sentence for each field that cannot be taken."""
    data, errors = dict(held), dict[str, str]()
    for field in fields:
        try:
            value = read(field, typed.get(field.name, ()), held.get(field.name))
        except TypedError as fault:
            errors[field.name] = str(fault)
            continue
        if value is not held.get(field.name):
            data = put(data, field.name, value, order)
    return data, errors
