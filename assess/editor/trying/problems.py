"""Everything that is wrong with a draft, grouped by file and thing, each with the page where it is put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assess.banks.remarks import Remarked, remarked
from assess.banks.sheets import Found, Sheet
from assess.editor.workbench import Workbench, place_at
from assess.engine.problems import Place

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
    """The problems of one file by the thing they stand in."""

    name: str
    things: dict[Where, list[Found]] = field(default_factory=dict)


def grouped(at_work: Workbench, told: tuple[Found, ...]) -> tuple[OfFile, ...]:
    """The problems by file, in the order in which they were found."""
    files: dict[str, OfFile] = {}
    banks = banks_of_sheets(at_work)
    for one in told:
        group = files.setdefault(one.file, OfFile(one.file))
        where = where_of(at_work.shelf.sheets.get(one.file), one.line, banks.get(one.file))
        group.things.setdefault(where, []).append(one)
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


def remarks_of(at_work: Workbench, bank: str, question_id: str) -> tuple[Remarked, ...]:
    """The remarks on one question, those that were waived included; none while the bank cannot be compiled."""
    checked = at_work.looked.checked.get(bank)
    return tuple(one for one in remarked(checked) if one.question == question_id) if checked else ()


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
