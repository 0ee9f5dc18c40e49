"""What the texts of two editions alone tell of answers: which cannot go along, and which have to be confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from assess.engine.bank import Edition, Question
from assess.engine.carry_over import Reason

LOST = frozenset({Reason.GONE, Reason.TYPE, Reason.OPTION})
"""The answer stays behind; otherwise it goes along and has to be confirmed."""


def what_becomes(old: Edition, new: Edition) -> dict[str, Reason]:
    """The questions of the old edition of which an answer may not simply go along, and why, in the order of asking."""
    after = {question.id: question for question in new.questions()}
    heirs: dict[str | None, Question] = {
        question.replaces: question for question in new.questions() if question.replaces
    }
    found = ((question.id, _reason(question, after.get(question.id), heirs)) for question in old.questions())
    return {name: reason for name, reason in found if reason is not None}


def _reason(old: Question, same: Question | None, heirs: Mapping[str | None, Question]) -> Reason | None:
    now = same or heirs.get(old.id)
    if now is None:
        return Reason.GONE
    if now.type != old.type:
        return Reason.TYPE
    if same is None:
        return Reason.REPLACED
    if same.rev > old.rev:
        return Reason.MEANING
    if {option.id for option in old.options} - {option.id for option in same.options}:
        return Reason.OPTION if old.type == "choice" else Reason.OPTIONS
    return None


def brand_new(old: Edition, new: Edition) -> tuple[Question, ...]:
    """The questions nobody can have answered: new, and taking over from none."""
    known = {question.id for question in old.questions()}
    return tuple(one for one in new.questions() if one.id not in known and one.replaces is None)
