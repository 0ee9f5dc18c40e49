"""Everything that is wrong with a draft, grouped by file and thing, each with the page where it is put right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assess.banks.remarks import Remarked, remarked
from assess.banks.sheets import Found, Sheet
from assess.editor.files_called import file_called
from assess.editor.questions.telling import with_repair
from assess.editor.trying.holding import FIGURES
from assess.editor.workbench import Workbench, place_at
from assess.engine.problems import Place

_EXAMPLE = "BANK090"
_FIGURE = re.compile(r"”, (\w+) is ")
"""Where such a problem names the figure: In “low”, score is 11, not 12."""
_QUESTION = 4
"""Steps to a question from the top of its file: sections, which, questions, which."""


@dataclass(frozen=True, slots=True)
class Where:
    """The thing a problem stands in. `bank` is one that asks it, None for what belongs to none; `question`, `section` are ids."""

    words: str
    bank: str | None = None
    question: str | None = None
    section: str | None = None
    in_examples: bool = False


@dataclass(slots=True)
class OfFile:
    """The problems of one file by the thing they stand in. `title` is what people call the file."""

    name: str
    title: str
    things: dict[Where, list[Found]] = field(default_factory=dict)


def grouped(at_work: Workbench, told: tuple[Found, ...]) -> tuple[OfFile, ...]:
    """The problems by file, in the order in which they were found."""
    files: dict[str, OfFile] = {}
    banks = banks_of_sheets(at_work)
    for one in told:
        sheet = at_work.shelf.sheets.get(one.file)
        group = files.setdefault(one.file, OfFile(one.file, file_called(one.file, sheet)))
        where = where_of(sheet, one.line, banks.get(one.file))
        group.things.setdefault(where, []).append(with_repair(at_work.in_words(one)))
    return tuple(files.values())


def banks_of_sheets(at_work: Workbench) -> dict[str, str]:
    """For each file that holds questions, a bank that asks them."""
    found: dict[str, str] = {}
    for bank in at_work.shelf.banks():
        for sheet in at_work.sheets_of(bank):
            found.setdefault(sheet.name, bank)
    return found


def where_of(sheet: Sheet | None, line: int, bank: str | None) -> Where:
    """What stands on this line of a file."""
    if sheet is None:
        return Where("The file")
    place = place_at(sheet, line)
    thing = _at(sheet.written, place[:_QUESTION])
    if bank is not None and place[:1] == ("sections",):
        section = _at(sheet.written, place[:2]) or {}
        if thing is not None and len(place) >= _QUESTION and thing.get("id"):
            return Where(f"Question: {_words(thing)}", bank, question=str(thing["id"]))
        return Where(f"Section: {_words(section)}", bank, section=str(section.get("id") or ""))
    if bank is not None and place[:1] == ("worked_examples",):
        return Where(f"Worked example: {_words(_at(sheet.written, place[:2]) or {})}", bank, in_examples=True)
    entry = _at(sheet.written, place[:2])
    return Where(_words(entry) if entry else "The file")


def figures_in(told: Iterable[Found]) -> tuple[list[str], list[Found]]:
    """The figures of a worked example that come out otherwise, by what a page calls them, and all other problems."""
    figures, others = [], []
    for one in told:
        said = _FIGURE.search(one.message) if one.number == _EXAMPLE else None
        if said is None:
            others.append(one)
        else:
            figures.append(FIGURES.get(said[1], said[1]))
    return figures, others


def changed_in(at_work: Workbench, before: Workbench) -> frozenset[str]:
    """The ids of the questions that are new in a draft or other than in `before`."""
    was = {str(one.data.get("id")): one.data for bank in before.shelf.banks() for one in before.questions_of(bank)}
    here = [one.data for bank in at_work.shelf.banks() for one in at_work.questions_of(bank)]
    return frozenset(str(one.get("id")) for one in here if was.get(str(one.get("id"))) != one)


def remarks_of(at_work: Workbench, bank: str, question_id: str) -> tuple[Remarked, ...]:
    """The remarks on one question, those that were waived included; none while the bank cannot be compiled."""
    checked = at_work.looked.checked.get(bank)
    return tuple(one for one in remarked(checked) if one.question == question_id) if checked else ()


def by_question(remarks: Iterable[Remarked]) -> dict[str, list[Remarked]]:
    """The remarks by the question they are about, in the order of asking."""
    found: dict[str, list[Remarked]] = {}
    for one in remarks:
        found.setdefault(one.question, []).append(one)
    return found


def _at(data: Any, place: Place) -> Mapping[str, Any] | None:  # noqa: ANN401  # values as a file holds them
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data if isinstance(data, dict) else None


def _words(thing: Mapping[str, Any]) -> str:
    return next(
        (str(thing[key]) for key in ("ask", "title", "label", "says", "who", "id") if thing.get(key)), "The file"
    )
