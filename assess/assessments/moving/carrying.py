"""What becomes of everything said when an assessment goes on to a newer edition, and when it goes back. Pure: no database, no clock.

Going on follows `engine/carry_over.py`. Going back gives what stood before, to the letter; only what was said since to a question that
is the same in both stays as it was said last. So going back at once changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from assess.assessments.facts_form import NOT_SURE
from assess.assessments.owning.models import Because
from assess.engine.bank import Edition, Fact, Question, Value
from assess.engine.carry_over import carry_over
from assess.engine.facts import FactValue

Stands = TypeVar("Stands")


@dataclass(frozen=True, slots=True)
class Said:
    """All that hangs on the questions of an edition: answers, ticks of proof and facts by their ids, and what waits to be confirmed."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    proof: Mapping[str, bool] = field(default_factory=dict)
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    waiting: Mapping[str, Because] = field(default_factory=dict)
    waiting_facts: Mapping[str, Because] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Back:
    """What stands after going back. `lost` are the questions of the newer edition whose answer, given since, does not go back."""

    said: Said
    lost: tuple[str, ...]


def go_on(old: Edition, new: Edition, said: Said) -> Said:
    """What stands in the newer edition. What is not in it stays behind: whoever calls keeps `said`."""
    carried = carry_over(old, new, said.answers)
    asked = {question.id for question in new.questions()}
    facts = {name: value for name, value in said.facts.items() if _fact_fits(old, new, name, value)}
    waits = {name: because for name, because in said.waiting.items() if name in carried.kept}
    return Said(
        answers={**carried.kept, **{name: doubt.value for name, doubt in carried.confirm.items()}},
        proof={name: ticked for name, ticked in said.proof.items() if name in asked},
        facts=facts,
        waiting={**waits, **dict.fromkeys(carried.confirm, Because.CHANGED)},
        waiting_facts={name: because for name, because in said.waiting_facts.items() if name in facts},
    )


def go_back(old: Edition, new: Edition, before: Said, now: Said) -> Back:
    """What stands in the old edition again: `before`, with what was said since to questions that are the same."""
    moved = go_on(old, new, before)
    asked = {question.id for question in new.questions()}
    known = {fact.id for fact in new.duty_book.facts}

    def answer_stays(name: str, _value: Value | None) -> bool:
        # somebody may have answered what only the old one asks, from a page that was drawn before the move
        return same_question(old, new, name) or (_is_asked(old, name) and name not in asked)

    def fact_stays(name: str, value: FactValue | None) -> bool:
        return name in known and (value is None or _fact_fits(new, old, name, value))

    answers, later = _back(before.answers, moved.answers, now.answers, answer_stays)
    proof, _ = _back(before.proof, moved.proof, now.proof, lambda name, _ticked: name in asked and _is_asked(old, name))
    facts, later_facts = _back(before.facts, moved.facts, now.facts, fact_stays)
    waits = _waits(before.waiting, moved.waiting, now.waiting, later, lambda name: same_question(old, new, name))
    said = Said(
        answers,
        proof,
        facts,
        {name: because for name, because in waits.items() if name in answers},
        _waits(before.waiting_facts, moved.waiting_facts, now.waiting_facts, later_facts, known.__contains__),
    )
    lost = (
        question.id
        for question in new.questions()
        if question.id in now.answers
        and now.answers[question.id] != moved.answers.get(question.id)
        and question.id not in later
    )
    return Back(said, tuple(lost))


def same_question(old: Edition, new: Edition, name: str) -> bool:
    """Whether both editions ask this, mean the same and give the same choices.

    Choices count whichever was chosen: what comes back must not tell which it was.
    """
    was, now = _question(old, name), _question(new, name)
    return was is not None and now is not None and _shape(was) == _shape(now)


def _shape(question: Question) -> tuple[object, ...]:
    columns = {(one.id, one.type, frozenset(option.id for option in one.options)) for one in question.columns}
    return (question.type, question.rev, frozenset(option.id for option in question.options), frozenset(columns))


def _back(
    before: Mapping[str, Stands],
    moved: Mapping[str, Stands],
    now: Mapping[str, Stands],
    stays: Callable[[str, Stands | None], bool],
) -> tuple[dict[str, Stands], frozenset[str]]:
    """What stood before, but for what was changed since and `stays`; and the names of that."""
    back, later = dict(before), set()
    for name in {*moved, *now}:
        value = now.get(name)
        if value == moved.get(name) or not stays(name, value):
            continue
        later.add(name)
        if value is None:
            back.pop(name, None)
        else:
            back[name] = value
    return back, frozenset(later)


def _waits(
    before: Mapping[str, Because],
    moved: Mapping[str, Because],
    now: Mapping[str, Because],
    later: frozenset[str],
    same: Callable[[str], bool],
) -> dict[str, Because]:
    """What waited before, but for what was confirmed or changed since in words that mean the same."""
    return {
        name: because
        for name, because in before.items()
        if name not in later and not (name in moved and name not in now and same(name))
    }


def _question(edition: Edition, name: str) -> Question | None:
    return next((question for question in edition.questions() if question.id == name), None)


def _is_asked(edition: Edition, name: str) -> bool:
    return _question(edition, name) is not None


def _fact(edition: Edition, name: str) -> Fact | None:
    return next((fact for fact in edition.duty_book.facts if fact.id == name), None)


def _fact_fits(old: Edition, new: Edition, name: str, value: FactValue) -> bool:
    was, now = _fact(old, name), _fact(new, name)
    if was is None or now is None or was.type != now.type:
        return False
    chosen = value if isinstance(value, list | tuple) else [value]
    known = {NOT_SURE, *(option.id for option in now.options)}
    return not now.options or all(one in known for one in chosen)
