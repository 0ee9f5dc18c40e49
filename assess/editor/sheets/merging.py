"""Three texts beside each other: what the workbook was made from, what the workbook says, and what the draft says now.

What only the workbook changed is taken. What both changed, each in its way, is a conflict for a person to settle. Pure rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.banks.rewriting import same
from assess.editor.sheets.cells import IN_PLACES, PLACE, SECTION, SECTIONS, Address, Cells
from assess.editor.sheets.taking_in import GONE, Change


@dataclass(frozen=True, slots=True)
class Beside:
    """A change with what was there when the workbook was made, and what is there now. Either may be `GONE`."""

    change: Change
    before: object
    now: object


@dataclass(frozen=True, slots=True)
class Merged:
    """`taken` will be written; of `conflicts` a person says which; `already` stand in the draft as the workbook wants them."""

    taken: tuple[Beside, ...]
    conflicts: tuple[Beside, ...]
    already: int


def merged(changes: Sequence[Change], base: Cells, now: Cells) -> Merged:
    """Sort the changes by what became of the same values in the draft."""
    taken, conflicts, already = [], [], 0
    here, there = _groups(base), _groups(now)
    for change in changes:
        at, before, today = change.at, base.get(change.at, GONE), now.get(change.at, GONE)
        around = at._replace(part=at.part[:-1])
        if _alike(today, change.new):
            already += 1
        elif _alike(before, today) and (around in here) == (around in there):
            taken.append(Beside(change, before, today))
        else:
            conflicts.append(Beside(change, before, today))
    return Merged(tuple(taken), tuple(conflicts), already)


def _groups(cells: Cells) -> set[Address]:
    """Everything that holds a value: a thing, an entry of a list, a group of keys."""
    return {at._replace(part=at.part[:depth]) for at in cells for depth in range(len(at.part))}


def _alike(one: object, other: object) -> bool:
    if one is GONE or other is GONE:
        return one is other
    return same(one, other)


def with_changes(cells: Cells, changes: Mapping[Address, object]) -> Cells:
    """The values after these changes. A single value makes way for a group of them, and a group for a single one."""
    after = dict(cells)
    for at, new in changes.items():
        if new is GONE:
            after.pop(at, None)
            continue
        if at not in after:
            for depth in range(1, len(at.part)):
                after.pop(at._replace(part=at.part[:depth]), None)
            for other in [one for one in after if one[:3] == at[:3] and one.part[: len(at.part)] == at.part]:
                del after[other]
        after[at] = new
    return after


def homeless(cells: Cells) -> list[Address]:
    """Values of things that are not there: a question without its section, a label without its option. They would be lost."""
    places = {at._replace(part=at.part[:-1]) for at in cells if at.part[-1] == PLACE}
    sections = {(at.file, at.id) for at in places if at.what == SECTIONS and not at.part}
    lists = {at._replace(part=at.part[:-1]) for at in places if at.part}
    return [at for at, value in cells.items() if _lost(at, value, places, sections, lists)]


def _lost(
    at: Address, value: object, places: set[Address], sections: set[tuple[str, str]], lists: set[Address]
) -> bool:
    if at.part == (SECTION,) and (at.file, str(value)) not in sections:
        return True
    if at.what in IN_PLACES and at._replace(part=()) not in places:
        return True
    return any(
        at._replace(part=at.part[:depth]) in lists and at._replace(part=at.part[: depth + 1]) not in places
        for depth in range(len(at.part))
    )
