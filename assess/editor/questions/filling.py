"""A page of a question filled in: as the file has it, as somebody typed it, and what the file is to hold after it.

The way back is exact: `written(…, filled_of(…))` is what was there, for every page of every question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assess.banks.schema import LONGEST_EVIDENCE
from assess.editor.questions.actions import OWN, USUAL, action_read, action_said, inside, outside
from assess.editor.questions.fields import Data, Group, fields_read, fields_said, put
from assess.editor.questions.parts import OPTION_MAP, ORDER, Lists, Part
from assess.editor.questions.rows import entries_of, names_of, rows_read, rows_said, stepped
from assess.engine.marks import COUNTED_POINTS
from assess.engine.remedies import POOR_POINTS

MOST_ROWS = 60
TOO_LONG = f"Shorten this to {LONGEST_EVIDENCE} characters or fewer, because the question has a name."
_STEP = re.compile(r"(add|remove|up|down):([a-z_]+)(?::(\d{1,3}))?")


class Form(Protocol):
    """What a browser sent."""

    def getlist(self, key: str) -> list[str]: ...  # noqa: D102  # as werkzeug has it

    def keys(self) -> Collection[str]: ...  # noqa: D102  # the same


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields: those of the thing, and for each list its rows."""

    single: Group
    rows: Mapping[str, Sequence[Group]] = field(default_factory=dict)


def filled_of(part: Part, data: Mapping[str, Any], lists: Lists) -> Filled:
    """The page as the file has it."""
    single = fields_said(part.fields, _flat(data))
    for key in part.actions:
        single |= outside(action_said(lists.owners, data.get(key), data), key)
    rows = {
        one.key: rows_said(one, data, lists.owners, poor_ones(data, one.key) if one.own_action else None)
        for one in part.rows
    }
    return Filled(single, rows)


def typed_in(part: Part, form: Form) -> Filled:
    """The page as it was sent. Rows stand in the order of their fields “was”."""
    names = list(form.keys())
    single = {
        name: form.getlist(name)
        for name in names
        if name in {one.name for one in part.fields} or any(name.startswith(f"{key}-") for key in part.actions)
    }
    rows: dict[str, list[Group]] = {}
    for one in part.rows:
        begins = {name: name.split("-", 2) for name in names if name.startswith(f"{one.key}-")}
        places = sorted({int(told[1]) for told in begins.values() if len(told) > 2 and told[1].isdecimal()})[:MOST_ROWS]  # noqa: PLR2004  # list, place, field
        rows[one.key] = [
            {told[2]: form.getlist(name) for name, told in begins.items() if told[1:2] == [str(place)] and told[2:]}
            for place in places
        ]
    return Filled(single, rows)


def after_step(filled: Filled, step: str) -> Filled | None:
    """The page after the button of a row: “up:options:2”. None when this is no such button."""
    told = _STEP.fullmatch(step)
    if told is None or told.group(2) not in filled.rows:
        return None
    key, place = told.group(2), int(told.group(3) or 0)
    rows = stepped(filled.rows[key], told.group(1), place)
    return Filled(filled.single, {**filled.rows, key: rows[:MOST_ROWS]})


def written(
    part: Part, filled: Filled, data: Mapping[str, Any], lists: Lists, used: Collection[str] = ()
) -> tuple[Data, dict[str, str]]:
    """What the question holds after this page, and a sentence for each field that cannot be taken, by its name on the page."""
    flat, errors = fields_read(part.fields, filled.single, _flat(data), ORDER)
    made = _folded(flat, data)
    if made != data and "name" in made and len(str(made.get("evidence", ""))) > LONGEST_EVIDENCE:
        errors |= {"evidence": TOO_LONG} if part.id == "words" else {}
    for key in part.actions:
        action, faults = _action(lists, inside(filled.single, key), data, key)
        errors |= outside(faults, key)
        if action is not data.get(key):
            made = put(made, key, action, ORDER)
    for one in part.rows:
        entries, faults = rows_read(one, filled.rows.get(one.key, ()), data, lists.owners, used)
        errors |= faults
        if entries != entries_of(data, one.key):
            made = put(made, one.key, entries or None, ORDER)
    return made, errors


def _action(
    lists: Lists, typed: Mapping[str, Sequence[str]], data: Mapping[str, Any], key: str
) -> tuple[object, dict[str, str]]:
    """The action of a question is there when something is typed into it."""
    if key == "action":
        which = OWN if any(_says(typed.get(name)) for name in ("title", "do", "priority", "owner", "effort")) else USUAL
        typed = {**typed, "which": [which]}
    return action_read(lists.owners, typed, data.get(key), data)


def _says(values: Sequence[str] | None) -> bool:
    return any(one.strip() for one in values or ())


def _flat(data: Mapping[str, Any]) -> Data:
    """The question with each answer of the old one that became another as a key of its own."""
    return {**data, **{f"{OPTION_MAP}.{old}": new for old, new in _became(data).items()}}


def _became(data: Mapping[str, Any]) -> Data:
    value = data.get(OPTION_MAP)
    return value if isinstance(value, dict) else {}


def _folded(flat: Mapping[str, Any], data: Mapping[str, Any]) -> Data:
    """The other way round. Without the old question there is nothing to become."""
    begin = f"{OPTION_MAP}."
    became = {name.removeprefix(begin): new for name, new in flat.items() if name.startswith(begin)}
    made = {name: value for name, value in flat.items() if not name.startswith(begin)}
    if made.get("replaces") != data.get("replaces"):
        became = {}
    return made if became == _became(data) else put(made, OPTION_MAP, became or None, ORDER)


def poor_ones(data: Mapping[str, Any], key: str) -> frozenset[str]:
    """The names of answers that bring an action, or say something about one: poor ones, those with a sign, those with an own action."""
    entries = entries_of(data, key)
    named_by = "up_to" if key == "bands" else "id"
    names = names_of(named_by, entries)
    return frozenset(
        name
        for name, entry in zip(names, entries, strict=True)
        if "action" in entry or entry.get("sign") or entry.get("breach") or _cost(data, entry) >= POOR_POINTS
    )


def _cost(data: Mapping[str, Any], entry: Mapping[str, Any]) -> float:
    if data.get("ticks"):
        return COUNTED_POINTS if entry.get("id") == "dk" else 0
    points = entry.get("points")
    return points if isinstance(points, (int, float)) and not isinstance(points, bool) else 0
