"""Decides whether any answers can make a condition true, by a bounded exact search. A search that grows too large counts as "can be true"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from assess.engine.bank import DONT_KNOW
from assess.engine.conditions import (
    AllOf,
    AnyOf,
    AtLeastOf,
    CompiledCondition,
    Condition,
    Leaf,
    Not,
    NoValue,
    Operand,
    Verdict,
    compile_condition,
    condition_subjects,
)
from assess.engine.points import is_exclusive_option

MAX_STEPS = 5_000
"""Answers tried before a condition is believed."""
MAX_COMBINED_OPTIONS = 6
"""Up to so many options, every combination of them is tried; beyond, one at a time, pairs and all."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a condition may read: a question or a fact. Facts have no condition of their own."""

    id: str
    type: str
    options: tuple[str, ...] = ()
    show_if: Condition | None = None


def can_be_true(condition: Condition, subjects: Mapping[str, Subject]) -> bool:
    """Whether some set of answers makes the condition true.

    `subjects` holds, in the order of asking, what may be read; whatever is not in it reads as never asked.
    The condition and those of the subjects hold no terms and no duties.
    """
    read = _subjects_needed(condition, subjects)
    conditions = [condition, *(one.show_if for one in read if one.show_if)]
    steps = [
        (one.id, None if one.show_if is None else compile_condition(one.show_if), _representatives(one, conditions))
        for one in read
    ]
    return _AnswerSearch(compile_condition(condition), steps).finds()


def _subjects_needed(condition: Condition, subjects: Mapping[str, Subject]) -> list[Subject]:
    """What the condition reads, what decides on that, and so on; in the order of asking."""
    wanted: set[str] = set()
    open_ones = list(condition_subjects(condition))
    while open_ones:
        name = open_ones.pop()
        subject = subjects.get(name)
        if subject is not None and name not in wanted:
            wanted.add(name)
            open_ones += condition_subjects(subject.show_if) if subject.show_if else ()
    return [subject for name, subject in subjects.items() if name in wanted]


class _AnswerSearch:
    """Depth first, one subject after the other; a branch ends as soon as the condition is settled."""

    def __init__(
        self, judge: CompiledCondition, steps: Sequence[tuple[str, CompiledCondition | None, Sequence[object]]]
    ) -> None:
        self._judge = judge
        self._steps = steps
        self._found: dict[str, object] = {}
        self._known = {name for name, _, _ in steps}
        self._left = MAX_STEPS

    def finds(self, depth: int = 0) -> bool:
        self._left -= 1
        if self._left < 0:
            # too large to settle: believed, so that no bank is refused for a condition that can be true
            return True
        verdict = self._judge(self._lookup)
        if verdict is not Verdict.UNKNOWN or depth == len(self._steps):
            return verdict is Verdict.TRUE
        name, show_if, values = self._steps[depth]
        shown = show_if is None or show_if(self._lookup) is Verdict.TRUE
        for value in values if shown else (NoValue.HIDDEN,):
            self._found[name] = value
            if self.finds(depth + 1):
                return True
        # the branches beside this one have not asked it yet
        del self._found[name]
        return False

    def _lookup(self, name: str) -> object:
        return self._found.get(name, NoValue.PENDING if name in self._known else NoValue.HIDDEN)


def _representatives(subject: Subject, conditions: Iterable[Condition]) -> Sequence[object]:
    operands = [leaf.value for condition in conditions for leaf in leaves(condition) if leaf.subject == subject.id]
    match subject.type:
        case "choice":
            return list(subject.options)
        case "choices":
            return list(_sets(subject.options, operands))
        case "yes_no":
            return [True, False]
        case "number" | "percentage" | "money":
            limits = [
                operand for operand in operands if isinstance(operand, (int, float)) and not isinstance(operand, bool)
            ]
            # just below, at and just above each limit: more than that no test can tell apart
            near = {0.0, *(limit + step for limit in limits for step in (-0.5, 0, 0.5))}
            most = 100 if subject.type == "percentage" else float("inf")
            return [DONT_KNOW, *sorted(value for value in near if 0 <= value <= most)]
        case "date":
            return [DONT_KNOW, *_days(operands)]
        case _:
            return ["-"]


def leaves(condition: Condition) -> Iterator[Leaf]:
    match condition:
        case Leaf():
            yield condition
        case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            return


def _sets(options: Sequence[str], operands: Iterable[Operand]) -> Iterator[object]:
    """Choices that the tests can tell apart: those named in every combination, with and without one that is not named."""
    named = {word for operand in operands for word in (operand if isinstance(operand, tuple) else (operand,))}
    alone = [option for option in options if is_exclusive_option(option)]
    together = [option for option in options if option in named and not is_exclusive_option(option)]
    others = [option for option in options if option not in named and not is_exclusive_option(option)][:1]
    sizes = range(len(together) + 1) if len(together) <= MAX_COMBINED_OPTIONS else (0, 1, 2, len(together))
    for size in sizes:
        for chosen in combinations(together, size):
            for more in ([], others) if others else ([],):
                if chosen or more:
                    yield [*chosen, *more]
    for option in alone:
        yield [option]
    for operand in operands:
        if isinstance(operand, tuple) and set(operand) <= set(options) and not any(map(is_exclusive_option, operand)):
            yield list(operand)


def _days(operands: Iterable[Operand]) -> list[str]:
    days: set[str] = set()
    for operand in operands:
        try:
            day = date.fromisoformat(str(operand))
            days |= {(day + timedelta(days=step)).isoformat() for step in (-1, 0, 1)}
        except (ValueError, OverflowError):
            continue
    return sorted(days) or ["2000-01-01"]
