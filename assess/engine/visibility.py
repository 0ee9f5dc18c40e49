"""Which questions are shown, may still be shown, or are hidden for good, given the answers so far.

Conditions look only backwards, so one pass in the order of asking settles everything: no cache of answers, no map of who
depends on whom, nothing to undo.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from weakref import WeakKeyDictionary

from assess.engine.bank import Answers, Edition, Value
from assess.engine.conditions import HIDDEN, PENDING, TRUE, UNANSWERED, UNKNOWN, Blank, Judge, compiled, looks_at


class Shown(Enum):
    """The state of a question: shown, still pending, or hidden."""

    SHOWN = "shown"
    PENDING = "pending"
    HIDDEN = "hidden"


Found = dict[str, Value | Blank]
"""Question id to its answer, or to why there is none (`Blank`)."""


@dataclass(frozen=True, slots=True)
class Routes:
    """The questions of an edition in order, each with its condition ready to be judged.

    `absent` are subjects of conditions that this edition does not ask before they are looked at: they read as hidden.
    """

    steps: tuple[tuple[str, Judge | None], ...]
    absent: Found


_ROUTES: WeakKeyDictionary[Edition, Routes] = WeakKeyDictionary()


def routes_of(edition: Edition) -> Routes:
    """The routes of an edition, made once and kept as long as the edition lives."""
    kept = _ROUTES.get(edition)
    if kept is None:
        kept = _ROUTES[edition] = _routes(edition)
    return kept


def _routes(edition: Edition) -> Routes:
    questions = edition.questions()
    conditions = [question.show_if for question in questions if question.show_if is not None]
    conditions += [condition for check in edition.checks for condition in (check.when, check.unless) if condition]
    return Routes(
        steps=tuple(
            (question.id, None if question.show_if is None else compiled(question.show_if)) for question in questions
        ),
        absent={subject: HIDDEN for condition in conditions for subject in looks_at(condition)},
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What is settled: every question's answer or why there is none; the shown without an answer; those that may still be shown.

    `shown` is how many are shown.
    """

    found: Found
    missing: tuple[str, ...]
    pending: tuple[str, ...]
    shown: int


def settle(edition: Edition, answers: Answers) -> Settled:
    """Go through the questions once. Answers to hidden questions are left aside."""
    routes = routes_of(edition)
    found = dict(routes.absent)
    lookup, given = found.__getitem__, answers.get
    missing, pending, hidden = [], [], 0
    for name, judged in routes.steps:
        if judged is None or (verdict := judged(lookup)) is TRUE:
            answer = given(name)
            if answer is None:
                missing.append(name)
                found[name] = UNANSWERED
            else:
                found[name] = answer
        elif verdict is UNKNOWN:
            pending.append(name)
            found[name] = PENDING
        else:
            hidden += 1
            found[name] = HIDDEN
    return Settled(found, tuple(missing), tuple(pending), len(routes.steps) - len(pending) - hidden)


_NOT_SHOWN = {PENDING: Shown.PENDING, HIDDEN: Shown.HIDDEN}


def shown(edition: Edition, answers: Answers) -> dict[str, Shown]:
    """The state of every question, in the order of asking."""
    found = settle(edition, answers).found
    return {
        question.id: _NOT_SHOWN.get(value, Shown.SHOWN)
        if isinstance(value := found[question.id], Blank)
        else Shown.SHOWN
        for question in edition.questions()
    }
