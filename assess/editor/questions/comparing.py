"""What somebody typed beside how it is now: shown when two people changed the same question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assess.editor.questions.fields import Control, Field
from assess.editor.questions.filling import Filled
from assess.editor.questions.parts import Part
from assess.editor.questions.rows import WAS

NOTHING = "Nothing"
TICKED = "Ticked"
_ACTION = {
    "title": "title",
    "do": "what to do",
    "priority": "how soon",
    "owner": "who does it",
    "effort": "how much work",
    "after_advice": "only after the helpline",
    "reaches": "which answer it brings",
    "which": "which action",
}


@dataclass(frozen=True, slots=True)
class Differs:
    """One field, in the words of both."""

    label: str
    theirs: str
    mine: str


def both(part: Part, theirs: Filled, mine: Filled) -> list[Differs]:
    """Every field that is not the same in both, in the order of the page."""
    here, there = dict(_words(part, mine)), dict(_words(part, theirs))
    labels = [*there, *(label for label in here if label not in there)]
    pairs = [(label, there.get(label, NOTHING), here.get(label, NOTHING)) for label in labels]
    return [Differs(*pair) for pair in pairs if pair[1] != pair[2]]


def _words(part: Part, filled: Filled) -> Iterator[tuple[str, str]]:
    yield from _of_group(part.fields, filled.single, "")
    for rows in part.rows:
        for place, group in enumerate(filled.rows.get(rows.key, ())):
            name = f"{rows.one.capitalize()} {place + 1}: "
            yield f"{name}id", next(iter(group.get("id", group.get(WAS, ()))), "") or NOTHING
            yield from _of_group([one for one in rows.fields if one.name != "id"], group, name)


def _of_group(fields: Sequence[Field], group: Mapping[str, Sequence[str]], name: str) -> Iterator[tuple[str, str]]:
    for field in fields:
        values = group.get(field.name, ())
        yield (
            f"{name}{field.label}",
            (TICKED if values else NOTHING) if field.control is Control.TICK else _said(field, values),
        )
    for key, values in group.items():
        action, _, part = key.rpartition("-")
        if action in {"action", "dk_action"} and part in _ACTION:
            begin = "“Don’t know”, " if action == "dk_action" else "Action, "
            yield f"{name}{begin}{_ACTION[part]}", " ".join(" ".join(values).split()) or NOTHING


def _said(field: Field, values: Sequence[str]) -> str:
    words = dict(field.choices)
    several = [words.get(one, one) for one in dict.fromkeys(values) if one]
    return "; ".join(" ".join(one.split()) for one in several) or NOTHING
