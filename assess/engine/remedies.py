"""Which action a poor answer brings (decisions.md 3, "An answer is poor").

On a question that can raise a sign, its own action is written for the worst case and belongs to the answers that raise one;
every other poor answer there carries an action of its own, "don't know" one that begins "Find out". Elsewhere the question's
action serves every poor answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assess.engine.bank import (
    DONT_KNOW,
    NO_ACTION,
    Action,
    Edition,
    NumberBand,
    Option,
    OwnAction,
    Priority,
    Question,
    RuleStep,
    Sign,
    Value,
)
from assess.engine.marks import best_points, is_unknown, marker_of, step_of
from assess.engine.ordinary import can_raise_sign
from assess.engine.result import Result
from assess.engine.settings import ScoringSettings

POOR_POINTS = 2
"""An answer is poor from so many points on, with a sign, or when it is against a duty in force (decisions.md 3 and 9.12.19)."""
SERIOUS_DAYS = 30
"""A serious sign or a breach is dealt with in so many days or sooner (sectors.md 1.10, decisions.md 9.1)."""


class Remedy(NamedTuple):
    """An action, and whether it only finds out what nobody knows yet."""

    action: Action
    find_out: bool


def poor_questions(edition: Edition, result: Result) -> frozenset[str]:
    """The questions whose answer is poor. "Not looked" is, where the question can raise a sign."""
    poor = {line.question for line in result.lines if line.points >= POOR_POINTS or line.sign is not None}
    poor.update(breach.question for breach in result.breaches)
    poor.update(one.id for one in edition.questions() if one.id in result.not_looked and can_raise_sign(one))
    return frozenset(poor)


def remedy_of(
    question: Question, answer: Value | None, settings: ScoringSettings, *, not_looked: bool = False
) -> Remedy | None:
    """The action of a poor answer; None when its author wants none. `not_looked`: the answer says that nobody has looked."""
    unknown = answer is None or is_unknown(answer)
    own = _own_action(question, _chosen(question, answer, unknown=unknown, settings=settings), unknown=unknown)
    if own is None or own is NO_ACTION:
        return None
    return Remedy(own, find_out=(unknown or not_looked) and own is not question.action)


def points_after(question: Question, action: Action | None, settings: ScoringSettings) -> float:
    """What the answer costs once its action is done: that of the answer it reaches, else of the best one."""
    if action is None or action.reaches is None:
        return best_points(question)
    return marker_of(question, settings)(action.reaches).points


def lifted(priority: Priority, sign: Sign | None, *, breach: bool = False) -> Priority:
    """The priority after a sign or a breach has raised it: urgent means at once, serious and unlawful within thirty days."""
    if sign == "urgent" or priority == "immediate":
        return "immediate"
    return min(priority, SERIOUS_DAYS) if sign == "serious" or breach else priority


def days_of(priority: Priority) -> int:
    """Days within which to act, none for at once."""
    return 0 if priority == "immediate" else priority


_Part = Option | NumberBand | RuleStep


def _chosen(question: Question, answer: Value | None, *, unknown: bool, settings: ScoringSettings) -> Sequence[_Part]:
    """What of the question the answer rests on, the gravest first: options that are poor by themselves before all others."""
    if unknown:
        return [option for option in question.options if option.id == DONT_KNOW]
    if isinstance(answer, (int, float)):
        return [step_of(question, answer, settings)]
    names = answer if isinstance(answer, list) else [answer]
    options = [option for option in question.options if option.id in names]
    poor = [
        option
        for option in options
        if (option.points or 0) >= POOR_POINTS or option.sign or option.breach or option.not_looked
    ]
    return sorted(poor or options, key=_gravity)


def _gravity(option: Option) -> tuple[int, bool, float]:
    return ("urgent", "serious", None).index(option.sign), not option.breach, -(option.points or 0)


def _own_action(question: Question, parts: Sequence[_Part], *, unknown: bool) -> OwnAction:
    """The first action found; an author's `false` holds only for the part it stands on."""
    if not parts:
        return question.dk_action if question.dk_action is not None else _general(question, None)
    found: list[OwnAction] = [part.action if part.action is not None else _general(question, part) for part in parts]
    if unknown and found[0] is None:
        return question.dk_action
    return next((own for own in found if own), None)


def _general(question: Question, part: _Part | None) -> Action | None:
    """The question's own action, where it may serve this answer."""
    if not question.can_sign or (part is not None and part.sign is not None):
        return question.action
    # a housing charge above the offset is grave only together with low pay (check D3), and its action is written for both
    return question.action if question.rule == "housing_charge" and part is not None else None
