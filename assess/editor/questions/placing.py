"""Questions and sections come, move and go inside the values of one file. Each edit here is given to `changing.change_sheet`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assess.banks.drafts.keeping import DraftError
from assess.editor.changing import MovedOnError, thing_at
from assess.editor.questions.fields import Data
from assess.editor.questions.rows import entries_of
from assess.editor.workbench import mark_of
from assess.engine.problems import Place

ALONE = "It is the only question of its section. Retire the section, or put another question there first."
LAST = "The file needs one section at least."
GONE = "Somebody else took this away meanwhile. Look at the bank again."


class PlacingError(DraftError):
    """It cannot stand there. The message says why, for the page."""


def place_of(data: Mapping[str, Any], question_id: str) -> Place | None:
    """Where a question stands in the values of a file."""
    for number, section in enumerate(entries_of(data, "sections")):
        for index, question in enumerate(entries_of(section, "questions")):
            if question.get("id") == question_id:
                return ("sections", number, "questions", index)
    return None


def question_in(data: Data, question_id: str, seen: str) -> Data:
    """The question with this id, wherever it stands by now, if it is still as it was seen.

    Raises:
        MovedOnError: when it is another by now, or gone.
    """
    place = place_of(data, question_id)
    if place is None:
        raise MovedOnError(None)
    return thing_at(data, place, seen)


def section_in(data: Data, section_id: str) -> Data:
    """The section with this id.

    Raises:
        PlacingError: when it is gone.
    """
    found = next((one for one in entries_of(data, "sections") if one.get("id") == section_id), None)
    if found is None:
        raise PlacingError(GONE)
    return found


def add_question(data: Data, section_id: str, question: Data, after: str | None = None) -> None:
    """Put a new question at the end of a section, or behind another."""
    questions = section_in(data, section_id)["questions"]
    places = [index for index, one in enumerate(questions) if one.get("id") == after]
    questions.insert(places[0] + 1 if places else len(questions), question)


def add_section(data: Data, section: Data) -> None:
    """Put a new section at the end of the file."""
    data["sections"].append(section)


def rename_section(data: Data, section_id: str, title: str, seen: str) -> None:
    """Call a section something else.

    Raises:
        MovedOnError: when somebody else called it something else meanwhile.
    """
    section = section_in(data, section_id)
    if mark_of(section["title"]) != seen:
        raise MovedOnError({"title": section["title"]})
    section["title"] = title


def move_section(data: Data, section_id: str, *, up: bool) -> None:
    """One place up or down among the sections of the file; at the end nothing happens."""
    sections = data["sections"]
    _step(sections, sections.index(section_in(data, section_id)), up=up)


def retire_section(data: Data, section_id: str) -> None:
    """Take a section out with all its questions.

    Raises:
        PlacingError: when it is the last one.
    """
    section = section_in(data, section_id)
    if len(data["sections"]) == 1:
        raise PlacingError(LAST)
    data["sections"].remove(section)


def move_question(data: Data, question_id: str, *, up: bool) -> None:
    """One place up or down; from the end of a section into the next one of the file.

    Raises:
        PlacingError: when its section would be empty, or it is gone.
    """
    number, index = _found(data, question_id)
    questions = data["sections"][number]["questions"]
    if index == (0 if up else len(questions) - 1):
        target = number - 1 if up else number + 1
        if 0 <= target < len(data["sections"]):
            question = _taken(questions, index)
            there = data["sections"][target]["questions"]
            there.insert(len(there) if up else 0, question)
        return
    _step(questions, index, up=up)


def move_to_section(data: Data, question_id: str, section_id: str) -> None:
    """To the end of another section of the file.

    Raises:
        PlacingError: when its section would be empty, or one of both is gone.
    """
    number, index = _found(data, question_id)
    target = section_in(data, section_id)
    if target is data["sections"][number]:
        return
    target["questions"].append(_taken(data["sections"][number]["questions"], index))


def retire_question(data: Data, question_id: str, seen: str) -> None:
    """Take a question out.

    Raises:
        MovedOnError: when somebody else changed it meanwhile.
        PlacingError: when its section would be empty.
    """
    question_in(data, question_id, seen)
    number, index = _found(data, question_id)
    _taken(data["sections"][number]["questions"], index)


def forget_answers(data: Data, ids: frozenset[str]) -> None:
    """Take the answers to these questions out of the worked examples of a file."""
    for example in entries_of(data, "worked_examples"):
        for key in ("answers", "change"):
            held = example.get(key)
            if isinstance(held, dict) and ids & set(held):
                example[key] = {name: value for name, value in held.items() if name not in ids}


def _found(data: Data, question_id: str) -> tuple[int, int]:
    place = place_of(data, question_id)
    if place is None:
        raise PlacingError(GONE)
    return int(place[1]), int(place[3])


def _taken(questions: list[Data], index: int) -> Data:
    if len(questions) == 1:
        raise PlacingError(ALONE)
    return questions.pop(index)


def _step(things: list[Data], index: int, *, up: bool) -> None:
    target = index - 1 if up else index + 1
    if 0 <= target < len(things):
        things.insert(target, things.pop(index))
