"""The fields of a form about a thing that is no question: what was typed is read into values, and values are put into the thing."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assess.banks.web_addresses import web_address
from assess.engine.problems import Place

Data = dict[str, Any]
LONGEST = {"line": 600, "text": 4000}
NO_ADDRESS = "Copy the whole address from your browser. It begins with https:// and has no spaces."
MOST_STEPS = 40
"""Steps of one duty that a form takes."""
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ID_WITH_CAPITALS = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


class Kind(enum.StrEnum):
    """What may be typed into a field."""

    ID = "id"
    CAPITAL_ID = "capital_id"
    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    """A list, one entry on each line."""
    STEPS = "steps"
    """A list of texts, each in a field of its own: one that asks for a condition keeps it."""
    ADDRESS = "address"
    ADDRESSES = "addresses"
    DAY = "day"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` leads to its value inside the thing. `binds`: a change makes an earlier review of the thing void."""

    label: str
    kind: Kind
    path: tuple[str, ...]
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    binds: bool = False
    longest: int | None = None
    """Characters, where fewer fit than in other fields of its kind."""

    @property
    def name(self) -> str:
        """What it is called in a form and on a page."""
        return "-".join(self.path)


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed: a value by field, None where there is to be none; and what is wrong, by the name of the field."""

    values: Mapping[tuple[str, ...], object] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read(fields: Iterable[Field], form: Mapping[str, str], before: Mapping[str, Any] | None = None) -> Read:
    """The values that were typed into a form. Spaces and line ends in a text count as one space.

    What stands there as it was in `before` is not read at all: it stays to the letter, whatever today’s rules are.
    """
    values: dict[tuple[str, ...], object] = {}
    errors: dict[str, str] = {}
    for one in fields:
        if before is not None and _as_it_was(one, form, before):
            continue
        value = _steps(one, form) if one.kind is Kind.STEPS else _value(one, form.get(one.name, "").strip())
        if isinstance(value, Wrong):
            errors[one.name] = value.why
        elif one.required and value in (None, []):
            errors[one.name] = f"Enter this: {one.label}."
        else:
            values[one.path] = value
    return Read(values, errors)


def _as_it_was(one: Field, form: Mapping[str, str], before: Mapping[str, Any]) -> bool:
    if one.kind is Kind.STEPS:
        return False
    return bool(form.get(one.name, "").replace("\r\n", "\n").strip() == shown(one, before))


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why what was typed cannot be taken."""

    why: str


def _steps(one: Field, form: Mapping[str, str]) -> object:
    said = []
    for index in range(MOST_STEPS):
        text = form.get(f"{one.name}-{index}")
        if text is not None:
            value = _text(one, text)
            if isinstance(value, Wrong):
                return value
            said.append((index, value))
    return said


def _value(one: Field, typed: str) -> object:
    if one.kind is Kind.FLAG:
        return True if typed else None
    if not typed:
        return None
    match one.kind:
        case Kind.LINES | Kind.ADDRESSES:
            parts = [_value_alone(one, part) for part in typed.splitlines() if part.strip()]
            return next((part for part in parts if isinstance(part, Wrong)), parts)
        case _:
            return _value_alone(one, typed)


def _value_alone(one: Field, typed: str) -> object:
    match one.kind:
        case Kind.ID | Kind.CAPITAL_ID:
            form = _ID if one.kind is Kind.ID else _ID_WITH_CAPITALS
            said = "Use small letters, digits and _ only, and begin with a letter. For example: new_duty."
            return typed if form.fullmatch(typed) else Wrong(said)
        case Kind.ADDRESS | Kind.ADDRESSES:
            return address(typed)
        case Kind.DAY:
            return day(typed)
        case Kind.NUMBER:
            return number(typed)
        case Kind.CHOICE:
            return typed if typed in {value for value, _ in one.choices} else Wrong("Choose one of these.")
        case _:
            return _text(one, typed)


def _text(one: Field, typed: str) -> str | Wrong | None:
    text = " ".join(typed.split())
    most = one.longest or LONGEST["line" if one.kind in {Kind.LINE, Kind.LINES} else "text"]
    if len(text) > most:
        return Wrong(f"Write {most} characters at most.")
    return text or None


def address(typed: str) -> str | Wrong:
    """A web address that begins with https://."""
    typed = typed.strip()
    found = web_address(typed)
    return typed if found and found.scheme == "https" else Wrong(NO_ADDRESS)


def day(typed: str) -> str | Wrong:
    """A day, as 2026-11-24 or 24/11/2026; kept as the first."""
    parts = re.fullmatch(r"([0-9]{1,2})[/. ]([0-9]{1,2})[/. ]([0-9]{4})", typed.strip())
    try:
        found = date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(typed.strip())
    except ValueError:
        return Wrong("Enter a day, for example 24/11/2026.")
    return found.isoformat()


def number(typed: str) -> float | Wrong:
    """A number without words: 12, 12.5, 45,000."""
    plain = typed.strip().removeprefix("£").replace(",", "")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", plain):
        return Wrong("Enter a number, for example 12.50.")
    return float(plain) if "." in plain else int(plain)


def put(thing: Data, fields: Iterable[Field], values: Mapping[tuple[str, ...], object]) -> None:
    """Put what was read into the thing, in place. What the form does not ask for stays."""
    for one in fields:
        if one.path not in values:
            continue
        here = thing
        for step in one.path[:-1]:
            here = here.setdefault(step, {})
        value = values[one.path]
        if one.kind is Kind.STEPS:
            value = _merged(here.get(one.path[-1]) or [], value)
        if value is None or value == []:
            here.pop(one.path[-1], None)
        else:
            here[one.path[-1]] = value


def _merged(before: Sequence[Any], said: Any) -> list[Any]:  # noqa: ANN401  # pairs of place and text, from `read`
    """Steps with their new words; one that stands under a condition keeps it, one without words goes."""
    typed = dict(said)
    kept = [_reworded(old, typed.get(index, step_text(old))) for index, old in enumerate(before)]
    new = [text for index, text in sorted(typed.items()) if index >= len(before)]
    return [one for one in (*kept, *new) if one is not None]


def _reworded(old: object, text: str | None) -> object:
    if text is None:
        return None
    return {**old, "text": text} if isinstance(old, dict) else text


def step_text(step: object) -> str:
    """The words of a step."""
    return str(step.get("text", "")) if isinstance(step, dict) else str(step)


def shown(one: Field, thing: Mapping[str, Any]) -> Any:  # noqa: ANN401  # text, or a list of texts for steps
    """What a form shows of a field: the value as it would be typed."""
    here: Any = thing
    for step in one.path:
        here = here.get(step) if isinstance(here, dict) else None
    if one.kind is Kind.STEPS:
        return [step_text(step) for step in here or []]
    if one.kind in {Kind.LINES, Kind.ADDRESSES}:
        return "\n".join(map(str, here)) if isinstance(here, list) else ""
    if one.kind is Kind.FLAG:
        return "yes" if here is True else ""
    if one.kind is Kind.DAY:
        return _as_typed(str(here or ""))
    return "" if here is None else str(here)


def _as_typed(said: str) -> str:
    """A day as people type it; what is none stays as it is."""
    try:
        return date.fromisoformat(said).strftime("%d/%m/%Y")
    except ValueError:
        return said


def field_at(fields: Iterable[Field], place: Place) -> Field | None:
    """The field that a place inside the thing belongs to."""
    return next((one for one in fields if place[: len(one.path)] == one.path), None)


def binding_changed(fields: Iterable[Field], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether anything changed that a review of the thing had looked at."""
    return any(one.binds and shown(one, before) != shown(one, after) for one in fields)
