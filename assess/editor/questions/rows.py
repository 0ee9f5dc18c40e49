"""The lists of a question as rows of a form: answers, bands of a number, ticks, columns. Rows come, go and move without a script."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.editor.naming import fault_of_id, proposed_id
from assess.editor.questions.actions import action_fields, action_read, action_said, inside, outside
from assess.editor.questions.fields import Data, Field, Group, fields_read, fields_said, put

WAS = "was"
"""The field that says which entry of the file a row is; empty for a new one."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list. `named_by` tells its entries apart, `order` is how the file writes their keys.

    `own_action`: each has an action of its own to choose. `fixed`: no row comes, goes or moves, and entries without a row stay as they are.
    """

    key: str
    title: str
    one: str
    named_by: str
    fields: tuple[Field, ...]
    order: tuple[str, ...]
    own_action: bool = False
    fixed: bool = False
    hint: str = ""


def names_of(named_by: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name for each entry of the file, each another."""
    names: list[str] = []
    for entry in entries:
        name = str(entry.get(named_by, "-"))
        names.append(f"{name}~{number}" if (number := sum(one.partition("~")[0] == name for one in names)) else name)
    return names


def entries_of(data: Mapping[str, Any], key: str) -> list[Data]:
    """The entries of a list of the file; none when there is no such list."""
    value = data.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def rows_said(
    rows: Rows, data: Mapping[str, Any], owners: Mapping[str, str], shown: Collection[str] | None = None
) -> list[Group]:
    """The rows of a list as the file has it, those of `shown` if it is given."""
    entries = entries_of(data, rows.key)
    made = []
    for name, entry in zip(names_of(rows.named_by, entries), entries, strict=True):
        if shown is None or name in shown:
            action = outside(action_said(owners, entry.get("action"), data), "action") if rows.own_action else {}
            made.append({WAS: [name], **fields_said(rows.fields, entry), **action})
    return made


def row_actions(rows: Rows, data: Mapping[str, Any], owners: Mapping[str, str]) -> dict[str, tuple[Field, ...]]:
    """The fields of the own action of each entry, by the name of the entry."""
    entries = entries_of(data, rows.key) if rows.own_action else []
    names = names_of(rows.named_by, entries)
    return {name: action_fields(owners, one.get("action"), data) for name, one in zip(names, entries, strict=True)}


def rows_read(
    rows: Rows,
    typed: Sequence[Group],
    data: Mapping[str, Any],
    owners: Mapping[str, str],
    used: Collection[str] = (),
) -> tuple[list[Data], dict[str, str]]:
    """The entries as they were typed, and a sentence for each field that cannot be taken, by “options-2-label”.

    `used` are ids of entries that were there once and are gone: no new one may have them.
    """
    entries = entries_of(data, rows.key)
    held = dict(zip(names_of(rows.named_by, entries), entries, strict=True))
    taken = {*used, *held}
    errors: dict[str, str] = {}
    made: dict[str, Data] = {}
    for place, group in enumerate(typed):
        was = held.get(next(iter(group.get(WAS, ())), ""))
        entry, faults = _entry(rows, group, was, owners, data)
        if was is None and rows.named_by == "id":
            name = next(iter(group.get("id", ())), "").strip() or proposed_id(str(entry.get("label", "")), taken)
            fault = fault_of_id(name, taken)
            if fault:
                faults["id"] = fault
            taken.add(name)
            entry = {"id": name, **{key: one for key, one in entry.items() if key != "id"}}
        errors |= {f"{rows.key}-{place}-{name}": words for name, words in faults.items()}
        made[next(iter(group.get(WAS, ())), "") or f"new {place}"] = entry
    if rows.fixed:
        return [made.get(name, entry) for name, entry in held.items()], errors
    return list(made.values()), errors


def _entry(
    rows: Rows,
    group: Group,
    was: Mapping[str, Any] | None,
    owners: Mapping[str, str],
    question: Mapping[str, Any],
) -> tuple[Data, dict[str, str]]:
    before = was or {}
    fields = [field for field in rows.fields if field.name != "id" or rows.named_by != "id"]
    entry, errors = fields_read(fields, group, before, rows.order)
    if rows.own_action:
        action, faults = action_read(owners, inside(group, "action"), before.get("action"), question)
        errors |= outside(faults, "action")
        if action is not before.get("action"):
            entry = put(entry, "action", action, rows.order)
    return entry, errors


def stepped(typed: Sequence[Group], step: str, place: int) -> list[Group]:
    """The rows after one of them moved up or down or was taken out, or a new one was added at the end."""
    made = list(typed)
    if step == "add":
        return [*made, {WAS: [""]}]
    if not 0 <= place < len(made):
        return made
    row = made.pop(place)
    if step == "remove":
        return made
    made.insert(max(0, place - 1) if step == "up" else place + 1, row)
    return made
