"""The page that builds a condition from menus, for whatever holds one: a question, a check."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from assess.editor.changing import thing_at
from assess.editor.conditions.menus import JOINS_OF_LINES, JOINS_OF_PARTS, choices_for, groups_of
from assess.editor.conditions.rows import Rows, condition_of, rows_of
from assess.editor.conditions.subjects import Subjects, in_words
from assess.editor.conditions.typed import Faults, Typed, read_typed, rows_from, stepped, typed_of
from assess.editor.door import at_work_or_404
from assess.editor.saving import Refused, save_change
from assess.editor.workbench import Spot, Workbench
from assess.kit.db import session
from assess.people.caller import Caller

SAVE, CLEAR = "save", "clear"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a condition stands, and how it is spoken of.

    `order` are the keys a thing of this kind may have, in the order files write them. `none` says what it means that there is no
    condition, `lead` begins the sentence that says it, `what` is for the history. `more` goes to the page as it is.
    """

    spot: Spot
    key: str
    order: tuple[str, ...]
    subjects: Subjects
    heading: str
    none: str
    lead: str
    clear: str
    what: str
    back: str
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def written(self) -> object:
        """The condition as it stands in the file, None if there is none."""
        return self.spot.data.get(self.key)


def show_builder(at_work: Workbench, bank: str, target: Target) -> str:
    """The condition as it stands, and the menus."""
    rows = rows_of(target.written, target.subjects)
    anew = "anew" in request.args
    return _page(at_work, bank, target, typed_of(rows or Rows()), menus=rows is not None or anew)


def save_builder(
    who: Caller, draft_id: uuid.UUID, bank: str, find: Callable[[Workbench], Target]
) -> Response | str | tuple[str, int]:
    """What a button of the page does: another line, the answers of another question, or the condition is saved."""
    at_work = at_work_or_404(session(), draft_id, bank)
    target = find(at_work)
    pressed = request.form.get("do", SAVE)
    typed = read_typed(request.form)
    if pressed not in {SAVE, CLEAR}:
        return _page(at_work, bank, target, stepped(typed, pressed))
    rows, faults = (Rows(), {}) if pressed == CLEAR else rows_from(typed, target.subjects)
    if faults:
        return _page(at_work, bank, target, typed, faults), 422
    refused = _saved(at_work, target, rows, who)
    if refused is None:
        return redirect(f"{request.path}?saved=yes", 303)
    return _page(at_work, bank, target, typed, refused=refused), 409


def _saved(at_work: Workbench, target: Target, rows: Rows, who: Caller) -> Refused | None:
    """Write it, and say what stands in the way if it cannot be written."""
    wanted = condition_of(rows)
    before = rows_of(target.written, target.subjects)
    if before is not None and condition_of(before) == wanted and request.form.get("seen") == target.spot.seen:
        return None  # said otherwise in the file, perhaps, and left as it is

    def edit(data: dict[str, Any]) -> None:
        put(thing_at(data, target.spot.path, request.form.get("seen", "")), target.key, wanted, target.order)

    return save_change(at_work.draft, target.spot.sheet.name, edit, who.id, target.what)


def put(thing: dict[str, Any], key: str, value: object, order: tuple[str, ...]) -> None:
    """Set one key of a thing, or take it away (None). A new key stands where files of this kind have it."""
    if value is None:
        thing.pop(key, None)
        return
    if key in thing:
        thing[key] = value
        return
    place = {name: index for index, name in enumerate(order)}
    held = sorted([*thing.items(), (key, value)], key=lambda one: place.get(one[0], len(place)))
    thing.clear()
    thing.update(held)


def _page(
    at_work: Workbench,
    bank: str,
    target: Target,
    typed: Typed,
    faults: Faults | None = None,
    *,
    menus: bool = True,
    refused: Refused | None = None,
) -> str:
    rows, open_faults = rows_from(typed, target.subjects)
    theirs = refused.theirs if refused else None
    return render_template(
        "editor/condition.html",
        draft=at_work.draft,
        bank=bank,
        target=target,
        seen=target.spot.seen,
        words=in_words(target.written, target.subjects, ""),
        typed=typed,
        typed_words="" if open_faults else in_words(condition_of(rows), target.subjects, ""),
        faults=faults or {},
        menus=menus,
        told=[one.found.message for one in at_work.told_of(target.spot) if one.place[:1] == (target.key,)],
        joins_of_lines=JOINS_OF_LINES,
        joins_of_parts=JOINS_OF_PARTS,
        choices_for=choices_for,
        groups=groups_of(target.subjects.values()),
        refused=refused,
        theirs=in_words(theirs.get(target.key), target.subjects, "") if theirs else "",
        **target.more,
    )
