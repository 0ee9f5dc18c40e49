"""Asking about free text on a page of questions: a text that is asked about counts as not saved yet, everything else is saved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from assess.assessments.careful.asking import Asked, ask_about
from assess.assessments.careful.kept import free_texts
from assess.assessments.section_form import Posted
from assess.engine.bank import Question
from assess.engine.own_words import writes_freely


def ask_in_section(
    posted: Posted, questions: Iterable[Question], stored: Mapping[str, object], ticks: Collection[str]
) -> list[Asked]:
    """What to ask about the texts of a posted page. An answer with such a text leaves `changes` and gets a sentence in `faults`.

    `stored` are the answers kept so far, by question.
    """
    asked: list[Asked] = []
    for question in questions:
        value = posted.changes.get(question.id)
        if value is None or not writes_freely(question):
            continue
        known = set(free_texts(question, stored.get(question.id)))
        found = list(_about(question, posted, known, ticks))
        if not found:
            continue
        asked += [one for _row, _column, one in found]
        del posted.changes[question.id]
        if question.type == "table":
            cells: dict[int, dict[str, list[str]]] = {}
            for row, column, one in found:
                cells.setdefault(row, {})[column] = [one.sentence]
            posted.faults[question.id] = cells
        else:
            posted.faults[question.id] = [one.sentence for _row, _column, one in found]
    return asked


def _about(
    question: Question, posted: Posted, known: Collection[str], ticks: Collection[str]
) -> Iterator[tuple[int, str, Asked]]:
    if question.type == "text":
        one = ask_about(str(posted.changes[question.id]), question.id, question.ask, ticks=ticks, stored=known)
        if one is not None:
            yield 0, "", one
        return
    rows = posted.typed[question.id].rows
    for number, row in enumerate(rows):
        for column in question.columns:
            if column.type != "text":
                continue
            text = " ".join(row.get(column.id, "").split())
            box, label = f"{question.id}-{number}-{column.id}", f"{column.label} (row {number + 1})"
            one = ask_about(text, box, label, ticks=ticks, stored=known)
            if one is not None:
                yield number, column.id, one
