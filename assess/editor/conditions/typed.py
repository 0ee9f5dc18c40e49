"""The lines of a condition as somebody typed them: read from a form, grown or cut by a button, made into a condition once they are whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, cast

from assess.editor.conditions.rows import WITHOUT_VALUE, Choice, Joined, Line, Part, Plain, Rows, Subject

MOST_LINES = 20
"""In one part. More can be read and kept, not added."""
MOST_PARTS = 10
NOT = "not "
"""Before the word of a test or of a way to join: turned round."""
SHOW, ADD, REMOVE, PART = "show", "add", "remove", "part"
"""What the buttons do that save nothing."""


class Form(Protocol):
    """What was sent: names with one value or several."""

    def get(self, name: str, default: str) -> str: ...  # noqa: D102  # as any form does
    def getlist(self, name: str) -> list[str]: ...  # noqa: D102  # the same
    def __contains__(self, name: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line. `shown` is the subject whose answers stood on the page: they say nothing about another one."""

    subject: str = ""
    shown: str = ""
    test: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedPart:
    """Lines that belong together."""

    lines: tuple[TypedLine, ...] = (TypedLine(),)
    joined: str = "all"
    n: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole form."""

    parts: tuple[TypedPart, ...] = (TypedPart(),)
    joined: str = "all"
    n: str = ""


Faults = dict[str, str]
"""The id of a field and what to do about it."""


def field(part: int, line: int | None, name: str) -> str:
    """What a field is called: “p0-l2-subject”, or “p0-joined” for a part."""
    return f"p{part}-{name}" if line is None else f"p{part}-l{line}-{name}"


def typed_of(rows: Rows) -> Typed:
    """A condition as the form shows it. One that is true for everybody has an empty line to begin with."""
    parts = tuple(
        TypedPart(
            tuple(_typed_line(line) for line in part.lines), _turned(part.joined, turned=part.turned), str(part.n)
        )
        for part in rows.parts
    )
    return Typed(parts or (TypedPart(),), _turned(rows.joined, turned=rows.turned), str(rows.n))


def _typed_line(line: Line) -> TypedLine:
    values = tuple(_said(value) for value in line.values)
    return TypedLine(line.subject, line.subject, _turned(line.test, turned=line.turned), values)


def _said(value: Plain) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _turned(word: str, *, turned: bool) -> str:
    return f"{NOT}{word}" if turned else word


# --- from a form ---


def read_typed(form: Form) -> Typed:
    """All that was typed, whatever it is."""
    parts = tuple(_read_part(form, number) for number in _numbers(form, "p{}-joined", MOST_PARTS * 2))
    return Typed(parts or (TypedPart(),), form.get("joined", "all"), form.get("n", "").strip())


def _read_part(form: Form, part: int) -> TypedPart:
    lines = tuple(
        TypedLine(
            form.get(field(part, line, "subject"), ""),
            form.get(field(part, line, "shown"), ""),
            form.get(field(part, line, "test"), ""),
            tuple(value.strip() for value in form.getlist(field(part, line, "value"))),
        )
        for line in _numbers(form, f"p{part}-l{{}}-subject", MOST_LINES * 2)
    )
    return TypedPart(
        lines or (TypedLine(),),
        form.get(field(part, None, "joined"), "all"),
        form.get(field(part, None, "n"), "").strip(),
    )


def _numbers(form: Form, name: str, most: int) -> Iterator[int]:
    for number in range(most):
        if name.format(number) not in form:
            return
        yield number


# --- buttons ---


def stepped(typed: Typed, pressed: str) -> Typed:
    """The form after a button that saves nothing: “add-0”, “remove-0-2”, “part”, “show”. Whatever else was typed is kept."""
    word, *places = pressed.split("-")
    at = [number for place in places if (number := _whole(place)) is not None]
    if word == PART and len(typed.parts) < MOST_PARTS:
        return replace(typed, parts=(*_settled(typed), TypedPart()))
    if word == ADD and at and at[0] < len(typed.parts):
        return replace(typed, parts=_with_line(_settled(typed), at[0]))
    if word == REMOVE and len(at) == len(("part", "line")):
        return replace(typed, parts=_without_line(_settled(typed), *at))
    return replace(typed, parts=_settled(typed))


def _settled(typed: Typed) -> tuple[TypedPart, ...]:
    """With the answers of whatever question is chosen now."""
    return tuple(
        replace(
            part,
            lines=tuple(one if one.shown == one.subject else TypedLine(one.subject, one.subject) for one in part.lines),
        )
        for part in typed.parts
    )


def _with_line(parts: Sequence[TypedPart], at: int) -> tuple[TypedPart, ...]:
    grown = [
        replace(part, lines=(*part.lines, TypedLine())) if place == at and len(part.lines) < MOST_LINES else part
        for place, part in enumerate(parts)
    ]
    return tuple(grown)


def _without_line(parts: Sequence[TypedPart], at: int, line: int) -> tuple[TypedPart, ...]:
    cut = [
        replace(part, lines=tuple(one for number, one in enumerate(part.lines) if (place, number) != (at, line)))
        for place, part in enumerate(parts)
    ]
    return tuple(part for part in cut if part.lines) or (TypedPart(),)


# --- to a condition ---


def rows_from(typed: Typed, subjects: Mapping[str, Subject]) -> tuple[Rows, Faults]:
    """What was typed as lines, and what to do before it can be used. Empty lines are left out."""
    faults: Faults = {}
    parts: list[Part] = []
    for number, part in enumerate(typed.parts):
        lines = [
            _line_from(line, subjects, field(number, place, ""), faults)
            for place, line in enumerate(part.lines)
            if line.subject
        ]
        if lines:
            how = _join_from(part, len(lines), field(number, None, ""), "lines", faults)
            parts.append(Part(tuple(line for line in lines if line), *how))
    return Rows(tuple(parts), *_join_from(typed, len(parts), "", "parts", faults)), faults


def _join_from(
    typed: Typed | TypedPart, count: int, prefix: str, what: str, faults: Faults
) -> tuple[Joined, int, bool]:
    word = typed.joined.removeprefix(NOT)
    joined = cast("Joined", word if word in {"all", "any", "at_least"} else "all")
    n = _whole(typed.n) or 0
    if joined == "at_least" and count > 1 and not 1 <= n <= count:
        faults[f"{prefix}n"] = f"There are {count} {what}. Write how many have to be true, from 1 to {count}."
    return joined, n if joined == "at_least" else 1, typed.joined.startswith(NOT)


def _line_from(line: TypedLine, subjects: Mapping[str, Subject], prefix: str, faults: Faults) -> Line | None:
    subject = subjects.get(line.subject)
    if subject is None:
        faults[f"{prefix}subject"] = "Choose a question of the list. This one is not asked before."
        return None
    if line.shown != line.subject:
        faults[f"{prefix}subject"] = "Press “Show its answers”, then choose the answers."
        return None
    test = line.test.removeprefix(NOT)
    if test not in subject.tests:
        faults[f"{prefix}test"] = "Choose what has to be true of it."
        return None
    values, fault = ((), "") if test in WITHOUT_VALUE else _values(line.values, subject, test)
    if fault:
        faults[f"{prefix}value"] = fault
    return Line(subject.id, test, values, line.test.startswith(NOT))


def _values(typed: tuple[str, ...], subject: Subject, test: Choice) -> tuple[tuple[Plain, ...], str]:
    if test in {"one_of", "any_of", "exactly"}:
        chosen = tuple(name for name, _ in subject.options if name in typed)
        return chosen, "" if chosen else "Tick at least one answer."
    first = typed[0] if typed else ""
    if subject.type == "yes_no":
        return (first == "yes",), "" if first in {"yes", "no"} else "Choose yes or no."
    if subject.type == "date":
        return (first,), "" if _is_day(first) else "Write the date with the year first, such as 2026-11-24."
    number = _number(first)
    return (number or 0,), "Write a number, such as 3 or 12.50." if number is None else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _whole(text: str) -> int | None:
    """A small number without signs; a long row of digits is none."""
    return int(text) if text.isdecimal() and len(text) <= len("999") else None


def _number(text: str) -> float | None:
    """A number as people write it; a whole one is an int."""
    try:
        number = float(text.replace(",", "").removeprefix("£").removesuffix("%").strip())
    except ValueError:
        return None
    if not math.isfinite(number) or number < 0:
        return None
    return int(number) if number.is_integer() else number
