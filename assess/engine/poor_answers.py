"""Which answers are poor, which action each brings, and how soon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assess.engine.bank import (
    DONT_KNOW,
    NO_ACTION,
    Action,
    AnswerValue,
    Edition,
    NumberBand,
    Option,
    OwnAction,
    Priority,
    Question,
    RuleStep,
    Sign,
)
from assess.engine.ordinary import can_raise_sign
from assess.engine.points import (
    answer_scorer,
    best_points,
    is_dont_know,
    number_outcome,
)
from assess.engine.result import Result
from assess.engine.settings import ScoringSettings

POOR_POINTS = 2
"""An answer is poor from so many points on, with a sign, or when it is against a duty in force (docs/rules.md 3.9)."""


class AnswerAction(NamedTuple):
    """An action, and whether it only finds out what nobody knows yet."""

    action: Action
    find_out: bool


def poor_questions(edition: Edition, result: Result) -> frozenset[str]:
    """The questions whose answer is poor. "Not looked" is, where the question can raise a sign."""
    poor = {line.question for line in result.lines if line.points >= POOR_POINTS or line.sign is not None}
    poor.update(breach.question for breach in result.breaches)
    poor.update(one.id for one in edition.questions() if one.id in result.not_looked and can_raise_sign(one))
    return frozenset(poor)


def answer_action(
    question: Question, answer: AnswerValue | None, settings: ScoringSettings, *, not_looked: bool = False
) -> AnswerAction | None:
    """The action of a poor answer; None when its author wants none. `not_looked`: the answer says that nobody has looked."""
    unknown = answer is None or is_dont_know(answer)
    own = _own_action(question, _answered_parts(question, answer, unknown=unknown, settings=settings), unknown=unknown)
    if own is None or own is NO_ACTION:
        return None
    return AnswerAction(own, find_out=(unknown or not_looked) and own is not question.action)


def points_after(question: Question, action: Action | None, settings: ScoringSettings) -> float:
    """What the answer costs once its action is done: that of the answer it reaches, else of the best one."""
    if action is None or action.reaches is None:
        return best_points(question)
    return answer_scorer(question, settings)(action.reaches).points


def raised_priority(priority: Priority, sign: Sign | None, *, breach: bool = False) -> Priority:
    """The priority after a sign or a breach has raised it: urgent means at once, serious and unlawful within thirty days."""
    if sign == "urgent" or priority == "immediate":
        return "immediate"
    # a serious sign or a breach is dealt with in so many days or sooner (docs/rules.md 4.1)
    return min(priority, 30) if sign == "serious" or breach else priority


def priority_days(priority: Priority) -> int:
    """Days within which to act, none for at once."""
    return 0 if priority == "immediate" else priority


_AnswerPart = Option | NumberBand | RuleStep


def _answered_parts(
    question: Question, answer: AnswerValue | None, *, unknown: bool, settings: ScoringSettings
) -> Sequence[_AnswerPart]:
    """What of the question the answer rests on, the gravest first: options that are poor by themselves before all others."""
    if unknown:
        return [option for option in question.options if option.id == DONT_KNOW]
    if isinstance(answer, (int, float)):
        return [number_outcome(question, answer, settings)]
    names = answer if isinstance(answer, list) else [answer]
    options = [option for option in question.options if option.id in names]
    poor = [
        option
        for option in options
        if (option.points or 0) >= POOR_POINTS or option.sign or option.breach or option.not_looked
    ]
    # the gravest first: by its sign, then what is against the law, then the points
    return sorted(
        poor or options,
        key=lambda one: (("urgent", "serious", None).index(one.sign), not one.breach, -(one.points or 0)),
    )


def _own_action(question: Question, parts: Sequence[_AnswerPart], *, unknown: bool) -> OwnAction:
    """The first action found; an author's `false` holds only for the part it stands on."""
    if not parts:
        return question.dk_action if question.dk_action is not None else _question_action(question, None)
    found: list[OwnAction] = [
        part.action if part.action is not None else _question_action(question, part) for part in parts
    ]
    if unknown and found[0] is None:
        return question.dk_action
    return next((own for own in found if own), None)


def _question_action(question: Question, part: _AnswerPart | None) -> Action | None:
    """The question's own action, where it may serve this answer."""
    if not question.can_sign or (part is not None and part.sign is not None):
        return question.action
    # a housing charge above the offset is grave only together with low pay (check D3), and its action is written for both
    return question.action if question.rule == "housing_charge" and part is not None else None
