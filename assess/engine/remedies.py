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
    NumberBand,
    Option,
    OwnAction,
    Priority,
    Question,
    RuleStep,
    Sign,
    Value,
)
from assess.engine.marks import is_unknown, step_of
from assess.engine.result import Line
from assess.engine.settings import ScoringSettings

POOR_POINTS = 2
"""An answer is poor from so many points on, or with a sign (decisions.md 3)."""
SERIOUS_DAYS = 30
"""A serious sign is dealt with in so many days or sooner (sectors.md 1.10)."""


class Remedy(NamedTuple):
    """An action, and whether it only finds out what nobody knows yet."""

    action: Action
    find_out: bool


def is_poor(line: Line) -> bool:
    """Two points or more, or a sign."""
    return line.points >= POOR_POINTS or line.sign is not None


def remedy_of(question: Question, line: Line, answer: Value | None, settings: ScoringSettings) -> Remedy | None:
    """The action of one shown answer: None when it is good enough, or when its author wants none."""
    if not is_poor(line):
        return None
    unknown = answer is None or is_unknown(answer)
    own = _own_action(question, _chosen(question, answer, unknown=unknown, settings=settings), unknown=unknown)
    if own is None or own is NO_ACTION:
        return None
    return Remedy(own, find_out=unknown and own is not question.action)


def lifted(priority: Priority, sign: Sign | None) -> Priority:
    """The priority after a sign has raised it: urgent means at once, serious within thirty days."""
    if sign == "urgent" or priority == "immediate":
        return "immediate"
    return min(priority, SERIOUS_DAYS) if sign == "serious" else priority


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
    poor = [option for option in options if (option.points or 0) >= POOR_POINTS or option.sign]
    return sorted(poor or options, key=_gravity)


def _gravity(option: Option) -> tuple[int, float]:
    return (("urgent", "serious", None).index(option.sign), -(option.points or 0))


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
