"""What a condition of a bank may read: the questions that are asked before, with their words and answers, as a draft has them now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from assess.banks.schema_fields import options_as_text
from assess.editor.conditions.rows import Subject
from assess.editor.workbench import Workbench
from assess.engine.bank import Option, Question, QuestionType
from assess.engine.conditions import Condition, looks_at
from assess.engine.conditions_in_words import Names, condition_in_words
from assess.engine.nodes import DocumentError
from assess.engine.reading_conditions import read_condition

Subjects = Mapping[str, Subject]
NOT_READ = "This condition cannot be read."


def subjects_of(at_work: Workbench, bank: str, before: str | None = None) -> dict[str, Subject]:
    """Every question of a bank in the order of asking, or those that come before one of them."""
    found: dict[str, Subject] = {}
    for section in at_work.sections_of(bank):
        for question in _groups(section.data.get("questions")):
            if question.get("id") == before:
                return found
            subject = subject_of(question, str(section.data.get("title", "")))
            found[subject.id] = subject
    return found


def subject_of(question: Mapping[str, Any], group: str) -> Subject:
    """A question as it is written in a file, whatever is wrong with it."""
    name = str(question.get("id", ""))
    options = tuple(
        (str(one.get("id", "")), str(one.get("label", one.get("id", "")))) for one in _groups(question.get("options"))
    )
    return Subject(name, str(question.get("ask", name)), str(question.get("type", "")), options, group)


def in_words(written: object, subjects: Subjects, otherwise: str = "always") -> str:
    """A condition said back, `otherwise` when there is none. Ids nobody knows are said as they are."""
    if written is None:
        return otherwise
    condition = _read(written)
    return NOT_READ if condition is None else condition_in_words(condition, _names(subjects))


def rests_on(written: object, name: str) -> bool:
    """Whether a condition looks at this question."""
    condition = None if written is None else _read(written)
    return condition is not None and name in looks_at(condition)


def _names(subjects: Subjects) -> Names:
    return Names(
        {
            one.id: Question(
                id=one.id,
                ask=one.words,
                type=cast("QuestionType", one.type),
                kind="fact",
                dimension="",
                options=tuple(Option(name, label) for name, label in one.options),
            )
            for one in subjects.values()
        }
    )


def _read(written: object) -> Condition | None:
    try:
        return read_condition(options_as_text(written))
    except DocumentError:
        return None


def _groups(value: object) -> Iterator[Mapping[str, Any]]:
    entries: Iterable[object] = value if isinstance(value, list) else ()
    return (one for one in entries if isinstance(one, dict))
