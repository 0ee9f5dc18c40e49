"""A form about a thing as a page shows it: each field with its value, what is wrong there, and what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assess.banks.settings import text_of
from assess.editor.law.fields import Field, Kind, field_at, shown
from assess.editor.law.kinds import Thing, ThingKind, things
from assess.editor.workbench import Spot, Workbench
from assess.engine.conditions import Condition
from assess.engine.conditions_in_words import Names, condition_in_words, names_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One field on a page. `value` is text, or a list of texts for steps; `under` says the condition of each step."""

    field: Field
    value: Any
    error: str | None = None
    theirs: str | None = None
    under: tuple[str, ...] = ()


def day_in_words(said: object) -> str:
    """A day of a file as people read it; what is none stays as it is."""
    return text_of(str(said), None) if said else ""


def typed_in(one: Field, form: Mapping[str, str]) -> Any:  # noqa: ANN401  # as `fields.shown`
    """What stands in a form that was sent, to be shown again."""
    if one.kind is not Kind.STEPS:
        return form.get(one.name, "")
    said: list[str] = []
    while (text := form.get(f"{one.name}-{len(said)}")) is not None:
        said.append(text)
    while said and not said[-1].strip():
        said.pop()
    return said


def form_of(
    fields: Iterable[Field],
    data: Mapping[str, Any],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    theirs: Mapping[str, Any] | None = None,
    under: tuple[str, ...] = (),
) -> list[Shown]:
    """The fields as a page shows them: what was typed if anything was, else what is written."""
    made = []
    for one in fields:
        value = shown(one, data) if typed is None else typed_in(one, typed)
        other = None
        if theirs is not None and shown(one, theirs) != value:
            now = shown(one, theirs)
            other = "; ".join(now) if isinstance(now, list) else now
        made.append(Shown(one, value, (errors or {}).get(one.name), other, under if one.kind is Kind.STEPS else ()))
    return made


def told_of(at_work: Workbench, thing: Thing) -> tuple[dict[str, str], list[str]]:
    """What the check says of a thing: by the name of its field, and what is about the whole."""
    beside: dict[str, str] = {}
    whole: list[str] = []
    for told in at_work.told_of(Spot(thing.sheet, thing.path, thing.data)):
        one = field_at(thing.kind.fields, told.place)
        if one is None:
            whole.append(told.found.message)
        else:
            beside[one.name] = f"{beside[one.name]} {told.found.message}" if one.name in beside else told.found.message
    return beside, whole


def names_at(at_work: Workbench) -> Names | None:
    """What facts and duties are called in this draft; None while no bank can be read."""
    editions = [one.edition for one in at_work.looked.checked.values() if one.edition is not None]
    return names_of(editions[0]) if editions else None


def for_whom(names: Names | None, duty_id: str) -> str | None:
    """The condition of a duty in words, None when it cannot be said."""
    duty = names.duties.get(duty_id) if names else None
    return condition_in_words(duty.when, names) if duty and names else None


def steps_under(names: Names | None, duty_id: str) -> tuple[str, ...]:
    """The condition of each step of a duty, nothing for one that everybody is asked."""
    duty = names.duties.get(duty_id) if names else None
    return tuple(_only(step.when, names) for step in duty.must_do) if duty and names else ()


def _only(when: Condition | None, names: Names) -> str:
    return "" if when is None else condition_in_words(when, names)


def like_choices(at_work: Workbench, kind: ThingKind, but: str | None = None) -> list[tuple[str, str]]:
    """The duties whose condition another one may take over."""
    return [(one.id, one.title) for one in things(at_work.shelf, kind) if one.id != but]
