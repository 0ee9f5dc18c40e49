"""Answers taken along to another edition of the same bank, by the table of engine.md 4.5.

Nothing is thrown away: what cannot go along is handed back, so that whoever moved can be moved back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assess.engine.bank import Answers, Edition, Question, Value
from assess.engine.marks import stands_alone


class Reason(StrEnum):
    """Why an answer did not simply go along."""

    MEANING = "meaning"
    """The question has the same name and means something else: its `rev` is higher."""
    OPTIONS = "options"
    """One of several chosen options is no longer there."""
    OPTION = "option"
    """The one chosen option is no longer there."""
    TYPE = "type"
    """It is asked in another way: a number that was a choice."""
    REPLACED = "replaced"
    """Another question took its place."""
    GONE = "gone"
    """It is not asked any more."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An answer that went along and has to be confirmed. `came_from` is the id of the old question."""

    value: Value
    came_from: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of each answer.

    `kept` and `confirm` are by the id of the new question, `left_behind` by the id of the old one with its old answer. An answer in `confirm` is
    filled in for the person and counts as not answered until they say that it is right.
    """

    kept: Mapping[str, Value]
    confirm: Mapping[str, Doubt]
    left_behind: Mapping[str, Reason]


def carry_over(old: Edition, new: Edition, answers: Answers) -> Carried:
    """What each answer to the old edition is worth in the new one. An answer to a question the old one does not know is left behind."""
    (before, _), (after, heirs) = _asked(old), _asked(new)
    kept: dict[str, Value] = {}
    confirm: dict[str, Doubt] = {}
    left: dict[str, Reason] = {}
    for name, given in answers.items():
        value = _as_several(before.get(name), after.get(name) or heirs.get(name), given)
        one = _carried(before.get(name), after.get(name), heirs.get(name), value)
        if isinstance(one, Reason):
            left[name] = one
        elif isinstance(one, Doubt):
            confirm[heirs[name].id if one.reason is Reason.REPLACED else name] = one
        else:
            kept[name] = value
    return Carried(kept, confirm, left)


def in_todays_form(edition: Edition, answers: Mapping[str, object]) -> dict[str, object]:
    """Answers of a file that was written for an earlier edition, under the ids of this one; what nobody can tell stays as it is.

    An answer to a question that another one replaced goes there, unless that has one; an option that is called something else now gets its new id;
    one answer is the only one of several, where several may be chosen now.
    """
    questions, heirs = _asked(edition)
    made: dict[str, object] = {}
    for name, value in answers.items():
        heir = heirs.get(name) if name not in questions else None
        question = heir if heir is not None and heir.id not in answers else questions.get(name)
        made[name if question is None else question.id] = value if question is None else _renamed(question, value)
    return made


def todays_ids(edition: Edition, names: Sequence[object]) -> list[object]:
    """The same for ids of questions alone."""
    questions, heirs = _asked(edition)
    return [
        heirs[name].id if isinstance(name, str) and name not in questions and name in heirs else name for name in names
    ]


def _renamed(question: Question, value: object) -> object:
    known = {option.id for option in question.options}
    if question.type not in {"choice", "choices"}:
        return value

    def new_id(one: object) -> object:
        return question.option_map.get(one, one) if isinstance(one, str) and one not in known else one

    if isinstance(value, list):
        return [new_id(one) for one in value]
    one = new_id(value)
    return [one] if question.type == "choices" and isinstance(one, str) and one in known else one


@lru_cache(maxsize=64)
def _asked(edition: Edition) -> tuple[Mapping[str, Question], Mapping[str, Question]]:
    """The questions by id, and those that take over from another by the id of that one. Thousands of answers go along between two editions."""
    questions = edition.questions()
    return {one.id: one for one in questions}, {one.replaces: one for one in questions if one.replaces is not None}


def _carried(old: Question | None, same: Question | None, heir: Question | None, value: Value) -> Doubt | Reason | None:
    """None: it goes along as it is."""
    if old is None:
        return Reason.GONE
    if same is None:
        return Reason.GONE if heir is None else _inherited(old, heir, value)
    if not _fits(old, same):
        return Reason.TYPE
    rest = _still_there(same, value)
    if rest is None:
        return Reason.OPTION
    if same.rev > old.rev:
        return Doubt(rest, old.id, Reason.MEANING)
    return None if rest == value else Doubt(rest, old.id, Reason.OPTIONS)


def _fits(old: Question, new: Question) -> bool:
    return new.type == old.type or (old.type, new.type) == ("choice", "choices")


def _as_several(old: Question | None, new: Question | None, value: Value) -> Value:
    """One answer is the only one of several, where several may be chosen now."""
    one_of_several = old is not None and new is not None and (old.type, new.type) == ("choice", "choices")
    return [value] if one_of_several and isinstance(value, str) else value


def _inherited(old: Question, heir: Question, value: Value) -> Doubt | Reason:
    if not _fits(old, heir):
        return Reason.TYPE
    rest = _still_there(heir, _mapped(value, heir.option_map))
    return Reason.OPTION if rest is None else Doubt(rest, old.id, Reason.REPLACED)


def _mapped(value: Value, names: Mapping[str, str]) -> Value:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        chosen = [names.get(one, one) for one in value if isinstance(one, str)]
        return list(dict.fromkeys(chosen)) if chosen else value
    return value


def _still_there(question: Question, value: Value) -> Value | None:
    """What is left of an answer when only what can still be answered counts. None: nothing is."""
    if question.type == "choice":
        return value if any(option.id == value for option in question.options) else None
    if question.type == "choices" and isinstance(value, list):
        return _chosen(question, [one for one in value if isinstance(one, str)])
    if question.type == "table" and isinstance(value, list):
        return [_row(question, row) for row in value if isinstance(row, dict)]
    return value


def _chosen(question: Question, value: Sequence[str]) -> list[str] | None:
    known = {option.id for option in question.options}
    rest = [one for one in value if one in known]
    if len(rest) > 1 and any(stands_alone(one) for one in rest):
        rest = [one for one in rest if not stands_alone(one)]  # two old options became one that stands alone
    return rest or None


def _row(question: Question, row: Mapping[str, object]) -> dict[str, object]:
    return {
        column.id: row[column.id]
        for column in question.columns
        if column.id in row
        and (column.type != "choice" or row[column.id] in {None, "", *(option.id for option in column.options)})
    }
