"""What is wrong with a question, beside the field where it is put right, or with a link to the page that has the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from assess.banks.sheets import Found
from assess.editor.questions.parts import Part, part_for
from assess.editor.workbench import Told
from assess.engine.problems import CATALOGUE

REPAIRS: Mapping[str, str] = {
    "BANK036": "Choose a theme from the list.",
    "BANK037": "Choose who does it from the list.",
    "BANK038": "Untick it, and tick a source that exists.",
    "BANK039": "Tick at least one source.",
    "BANK050": "Give each answer its points, 0 if it is good.",
    "BANK051": "Use 0 to 10, and no more than the most points together.",
    "BANK053": "Let “Up to” grow from band to band, and leave it empty in the last one.",
    "BANK054": "Let one step begin at 0 ticks, and use each number once.",
    "BANK056": "Give an answer a sign, or let a check raise it.",
    "BANK057": "Give it an action of its own, or choose “No action” if nothing is to be done.",
    "BANK058": "Take the action out, or give an answer 2 points or more or a sign.",
    "BANK059": "Add an answer with the id dk.",
    "BANK060": "Take it out and add it again with the id none, or one that begins with na_.",
    "BANK061": "Add what is named here.",
    "BANK062": "Take it out, or change how the question is answered.",
    "BANK065": "Tick an indicator.",
}
"""What to do about a problem where there are fields; the catalogue says it for whoever writes the text."""


def for_fields(told: Iterable[Told]) -> tuple[Told, ...]:
    """The same problems with repairs for whoever has fields before them."""
    return tuple(replace(one, found=with_repair(one.found)) for one in told)


def with_repair(found: Found) -> Found:
    """One problem with the repair for whoever has fields before them."""
    here = REPAIRS.get(found.number)
    there = CATALOGUE[found.number].repair if here else ""
    return replace(found, message=f"{found.message.removesuffix(there)}{here}") if here else found


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A problem without a field of its own on this page. `part` is the page that has it, None when it is none of the question’s."""

    found: Found
    part: str | None


def beside(told: Iterable[Told], part: Part) -> dict[str, list[Found]]:
    """The problems of a page by the name of their field; "options-2" is the whole of a row."""
    names = _names(part)
    placed: dict[str, list[Found]] = {}
    for one in told:
        name = _name(one, part)
        if name is not None and (name in names or name.rpartition("-")[0] in names):
            placed.setdefault(name, []).append(one.found)
    return placed


def elsewhere(told: Iterable[Told], part: Part | None) -> list[Elsewhere]:
    """The problems that stand at no field: on the page of the question (None) all of them, on that of a part those it has to tell at its top."""
    if part is None:
        return [Elsewhere(one.found, part_for(one.place, one.found.number)) for one in told]
    names = _names(part)
    return [
        Elsewhere(one.found, part.id)
        for one in told
        if part_for(one.place, one.found.number) == part.id
        and ((name := _name(one, part)) is None or (name not in names and name.rpartition("-")[0] not in names))
    ]


def _names(part: Part) -> frozenset[str]:
    return frozenset([*(one.name for one in part.fields), *part.actions, *(one.key for one in part.rows)])


def _name(one: Told, part: Part) -> str | None:
    """The field of a place, where the page has it. Rows of a page that shows only some of them are told at its top."""
    if part_for(one.place, one.found.number) != part.id or not one.place:
        return None
    if any(rows.key == one.place[0] and rows.fixed and rows.own_action for rows in part.rows):
        return None
    key = [str(step) for step in one.place]
    if len(key) > 1 and key[0] in {"ilo", "sources"}:
        return key[0]
    return "-".join(key[:2] if any(rows.key == key[0] for rows in part.rows) else key[:1])
