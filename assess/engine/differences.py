"""What differs between two editions of a bank, by id and in words: for whoever approves the new one, and for whoever moves to it.

Two editions are compared as they were compiled, never as text: a comment or another order of keys is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Protocol, TypeVar

from assess.engine.bank import Action, Edition
from assess.engine.conditions import Condition
from assess.engine.conditions_in_words import Names, condition_in_words, names_of


class Class(StrEnum):
    """What a change may do. The first that fits, in this order, is the change's class."""

    STRUCTURE = "structure"
    """Something came, went or moved."""
    MEANING = "meaning"
    """It is not the same question any more: answers have to be confirmed."""
    CONDITION = "condition"
    """Others see it."""
    POINTS = "points"
    """The same answers may give another score, sign or action."""
    WORDING = "wording"
    """The same thing in other words."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what` is the kind of thing (question, option …), `where` its id, `title` what people call it, `part` what of it changed.

    `before` and `after` are in words, None where there was or is nothing.
    """

    what: str
    where: str
    title: str
    part: str
    kind: Class
    before: str | None
    after: str | None


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)

_CLASS_OF: Mapping[str, Class] = {
    "type": Class.MEANING,
    "rev": Class.MEANING,
    "replaces": Class.MEANING,
    "option_map": Class.MEANING,
    "show_if": Class.CONDITION,
    "when": Class.CONDITION,
    "unless": Class.CONDITION,
    "common": Class.STRUCTURE,
    "retired": Class.STRUCTURE,
}
_WORDS = frozenset(
    {
        "ask",
        "hint",
        "unit",
        "why",
        "evidence",
        "label",
        "title",
        "name",
        "meaning",
        "says",
        "not_yet",
        "line",
        "amount",
        "penalty",
        "read",
        "document",
        "url",
        "how_far_read",
        "waived",
    }
)
"""Parts that only say the same in other words; every other part may change a number."""


def differences(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Everything that differs, in the order of the new edition; what is gone comes after what is there."""
    before, after = names_of(old), names_of(new)
    found = [
        *_listed("section", old.sections, new.sections, before, after, leave=("questions",)),
        *_questions(old, new, before, after),
        *_listed("check", old.checks, new.checks, before, after),
        *_listed("dimension", old.dimensions, new.dimensions, before, after),
        *_listed("group", old.groups, new.groups, before, after),
        *_listed("source", tuple(old.sources.values()), tuple(new.sources.values()), before, after),
        *_listed("gate", old.duty_book.gates, new.duty_book.gates, before, after),
        *_listed("fact", old.duty_book.facts, new.duty_book.facts, before, after),
        *_listed("duty", old.duty_book.duties, new.duty_book.duties, before, after),
        *_mapped("owner", old.owners, new.owners),
        *_terms(old, new, before, after),
    ]
    if old.title != new.title:
        found.insert(0, Change("bank", new.bank, new.title, "title", Class.WORDING, old.title, new.title))
    return tuple(found)


def _questions(old: Edition, new: Edition, before: Names, after: Names) -> Iterator[Change]:
    homes = {question.id: section.id for section in old.sections for question in section.questions}
    for section in new.sections:
        for question in section.questions:
            home = homes.get(question.id)
            if home is not None and home != section.id:
                yield Change("question", question.id, question.ask, "section", Class.STRUCTURE, home, section.id)
    for was, now in _pairs(old.questions(), new.questions()):
        yield from _one("question", was, now, before, after, leave=("options",))
        if was is not None and now is not None:
            yield from _listed("option", was.options, now.options, before, after, inside=f"{now.id}.")
    yield from _order("question", old.questions(), new.questions())


def _listed(
    what: str,
    old: Sequence[Thing],
    new: Sequence[Thing],
    before: Names,
    after: Names,
    *,
    leave: Sequence[str] = (),
    inside: str = "",
) -> Iterator[Change]:
    for was, now in _pairs(old, new):
        yield from _one(what, was, now, before, after, leave=leave, inside=inside)
    yield from _order(what, old, new, inside)


def _pairs(old: Sequence[Thing], new: Sequence[Thing]) -> Iterator[tuple[Thing | None, Thing | None]]:
    was = {one.id: one for one in old}
    now = {one.id for one in new}
    yield from ((was.get(one.id), one) for one in new)
    yield from ((one, None) for one in old if one.id not in now)


def _one(
    what: str,
    was: Thing | None,
    now: Thing | None,
    before: Names,
    after: Names,
    *,
    leave: Sequence[str] = (),
    inside: str = "",
) -> Iterator[Change]:
    if was is None or now is None:
        for thing, said_of in ((was, (_title(was), None)), (now, (None, _title(now)))):
            if thing is not None:
                yield Change(what, f"{inside}{thing.id}", _title(thing), "whole", Class.STRUCTURE, *said_of)
        return
    where, title = f"{inside}{now.id}", _title(now)
    for one in fields(now):  # type: ignore[arg-type]  # all of them are records
        old_value, new_value = getattr(was, one.name), getattr(now, one.name)
        if one.name not in leave and old_value != new_value:
            said = _said(old_value, before), _said(new_value, after)
            yield Change(what, where, title, one.name, class_of(one.name), *said)


def class_of(part: str) -> Class:
    """The class of a change to one part of a thing."""
    return _CLASS_OF.get(part, Class.WORDING if part in _WORDS else Class.POINTS)


def _order(what: str, old: Sequence[Thing], new: Sequence[Thing], inside: str = "") -> Iterator[Change]:
    """Those that stand elsewhere among the ones both have: as few as possible."""
    here = {one.id: place for place, one in enumerate(old)}
    both = [one for one in new if one.id in here]
    stay = _longest_rise([here[one.id] for one in both])
    for one in both:
        if here[one.id] not in stay:
            places = f"number {here[one.id] + 1}", f"number {[other.id for other in new].index(one.id) + 1}"
            yield Change(what, f"{inside}{one.id}", _title(one), "place", Class.STRUCTURE, *places)


def _longest_rise(numbers: Sequence[int]) -> frozenset[int]:
    """The most numbers that stand in rising order as they are: those did not move."""
    best: list[list[int]] = []
    for number in numbers:
        before: list[int] = max((rise for rise in best if rise[-1] < number), key=len, default=[])
        best.append([*before, number])
    longest: list[int] = max(best, key=len, default=[])
    return frozenset(longest)


def _mapped(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if was != now:
            kind = Class.WORDING if was is not None and now is not None else Class.STRUCTURE
            yield Change(what, name, now or was or name, "name", kind, was, now)


def _terms(old: Edition, new: Edition, before: Names, after: Names) -> Iterator[Change]:
    was, now = old.duty_book.terms, new.duty_book.terms
    for name in [*now, *(name for name in was if name not in now)]:
        if was.get(name) != now.get(name):
            kind = Class.CONDITION if name in was and name in now else Class.STRUCTURE
            said = [
                condition_in_words(terms[name], names) if name in terms else None
                for terms, names in ((was, before), (now, after))
            ]
            yield Change("term", name, name, "meaning", kind, *said)


def _title(thing: object) -> str:
    for name in ("ask", "label", "title", "says", "name", "document", "id"):
        text = getattr(thing, name, None)
        if text:
            return str(text)
    return ""


def _said(value: object, names: Names) -> str | None:  # noqa: PLR0911  # one way of saying for each kind of value
    if value is None or value == ():
        return None
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, Condition):
        return condition_in_words(value, names)
    if isinstance(value, Action):
        return _action_said(value)
    if isinstance(value, tuple):
        return "; ".join(str(_said(one, names)) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_said(one, names)}" for name, one in value.items()) or None
    if hasattr(value, "__slots__"):
        return ", ".join(
            f"{name.replace('_', ' ')} {said}"
            for name in value.__slots__
            if (said := _said(getattr(value, name), names))
        )
    return f"{value}"


def _action_said(action: Action) -> str:
    when = "at once" if action.priority == "immediate" else f"within {action.priority} days"
    more = "; only after advice" if action.after_advice else ""
    more += "" if action.reaches is None else f"; brings {action.reaches}"
    title = f"{action.title}: " if action.title else ""
    return f"{title}{action.do} ({when}; {action.owner}; effort {action.effort}{more})"


def touches_answers(changes: Sequence[Change]) -> bool:
    """Whether any answer may be worth something else: all but other words."""
    return any(change.kind is not Class.WORDING for change in changes)


def changed_questions(changes: Sequence[Change]) -> tuple[str, ...]:
    """The ids of the questions that changed in any way, each once."""
    named = (change.where.partition(".")[0] for change in changes if change.what in {"question", "option"})
    return tuple(dict.fromkeys(named))
