"""A bank as its page lists it: every question in the order of asking, with its number, its sign, its condition in words and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assess.banks.sheets import Found, Shelf
from assess.editor.questions.rows import entries_of
from assess.editor.workbench import Spot, Workbench, place_at
from assess.engine.bank import Option, Question
from assess.engine.conditions_in_words import Names, condition_in_words
from assess.engine.nodes import DocumentError
from assess.engine.problems import Place
from assess.engine.reading_conditions import read_condition

UNREADABLE = "a condition that cannot be read"
_OF_A_QUESTION = 4
"""Steps from the top of a file to a question: sections, number, questions, number."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One question. `change` says what this draft does to it: "new", "changed", or nothing."""

    spot: Spot
    number: int
    change: str
    condition: str
    problems: int
    warnings: int


@dataclass(frozen=True, slots=True)
class ListedSection:
    """One section. `common`: other banks have it too."""

    spot: Spot
    common: bool
    questions: tuple[Listed, ...]


def listed(at_work: Workbench, before: Workbench, bank: str) -> list[ListedSection]:
    """The bank section by section. `before` is what is in force."""
    was = {str(one.data.get("id")): one.data for one in before.questions_of(bank)}
    names = names_in([one.data for one in at_work.questions_of(bank)])
    problems, warnings = counted(at_work, at_work.looked.problems), counted(at_work, at_work.looked.warnings)
    by_section: dict[tuple[str, Place], list[Listed]] = {}
    for number, spot in enumerate(at_work.questions_of(bank), 1):
        name, here = str(spot.data.get("id")), (spot.sheet.name, spot.path)
        change = "new" if name not in was else "changed" if was[name] != spot.data else ""
        said = condition_words(spot.data.get("show_if"), names)
        one = Listed(spot, number, change, said, problems[here], warnings[here])
        by_section.setdefault((spot.sheet.name, spot.path[:2]), []).append(one)
    return [
        ListedSection(spot, is_common(spot), tuple(by_section.get((spot.sheet.name, spot.path), ())))
        for spot in at_work.sections_of(bank)
    ]


def counted(at_work: Workbench, found: Iterable[Found]) -> Counter[tuple[str, Place]]:
    """How many of these each question has, by its file and its place there."""
    counts: Counter[tuple[str, Place]] = Counter()
    for one in found:
        sheet = at_work.shelf.sheets.get(one.file)
        if sheet is not None:
            counts[one.file, place_at(sheet, one.line)[:_OF_A_QUESTION]] += 1
    return counts


def is_common(spot: Spot) -> bool:
    """Whether the thing stands in a file that several banks use."""
    return "common" in spot.sheet.written


def banks_with(shelf: Shelf, spot: Spot) -> list[str]:
    """The titles of the banks that ask what stands in this file."""
    name = spot.sheet.written.get("common")
    found = []
    for bank in shelf.banks():
        sheet = shelf.at("", bank)
        if sheet is not None and (sheet is spot.sheet or name in (sheet.written.get("uses") or ())):  # type: ignore[operator]  # a list, or nothing
            found.append(str(sheet.written.get("title") or bank))
    return found


def gone_from(at_work: Workbench, before: Workbench, bank: str) -> dict[str, Mapping[str, Any]]:
    """The questions of a bank that are in force and not in the draft any more, by id."""
    here = {one.data.get("id") for one in at_work.questions_of(bank)}
    return {str(one.data["id"]): one.data for one in before.questions_of(bank) if one.data.get("id") not in here}


def names_in(questions: Iterable[Mapping[str, Any]]) -> Names:
    """What questions and answers are called, from values that may have faults."""
    made = {}
    for data in questions:
        name = str(data.get("id"))
        options = tuple(
            Option(str(one.get("id")), str(one.get("label", one.get("id")))) for one in entries_of(data, "options")
        )
        made[name] = Question(name, str(data.get("ask", name)), "choice", "fact", "", options=options)
    return Names(made)


def condition_words(raw: object, names: Names) -> str:
    """When the question is asked, in words; nothing where it is always."""
    if raw is None:
        return ""
    try:
        return condition_in_words(read_condition(raw), names)
    except DocumentError:
        return UNREADABLE
