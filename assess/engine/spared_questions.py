"""Worse answers that pay off because they hide later questions: an author check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assess.engine.bank import (
    DONT_KNOW,
    AnswerValue,
    Edition,
    Question,
)
from assess.engine.conditions import (
    FALSE,
    HIDDEN,
    NOT_ASKED,
    PENDING,
    CompiledCondition,
    Condition,
    compile_condition,
    condition_subjects,
)
from assess.engine.points import (
    add_up,
    exposure_of,
    possible_points,
    score_of,
)
from assess.engine.satisfiability import leaves

COMPARISON_BASE, COMPARISON_FLOOR = 50.0, 0.25
"""A base and a floor to compare with: which of two answers comes out better hardly hangs on them, nor on the weights, here all alike."""
_NEAR_LIMIT = 0.5

PointPool = str
_EXPOSURE_POOL: PointPool = ""


@dataclass(frozen=True, slots=True)
class SparedQuestions:
    """`worse` costs more than `better`, and comes out better when `questions`, which it spares, would be answered badly."""

    question: str
    worse: str
    better: str
    questions: tuple[str, ...]


def spared_questions(edition: Edition) -> Iterator[SparedQuestions]:
    """The worst such pair of each question, in the order of asking."""
    walk = _EditionWalk(edition)
    for question in edition.questions():
        if question.kind == "fact" or question.id not in walk.read:
            continue
        pairs = sorted(walk.pairs(question), key=lambda pair: pair[0], reverse=True)
        if pairs:
            yield pairs[0][1]


class _EditionWalk:
    """All questions with their conditions, made ready once."""

    def __init__(self, edition: Edition) -> None:
        self._questions = edition.questions()
        self._judges: dict[str, CompiledCondition] = {
            one.id: compile_condition(one.show_if) for one in self._questions if one.show_if
        }
        conditions = [one.show_if for one in self._questions if one.show_if]
        self.read = frozenset(name for condition in conditions for name in condition_subjects(condition))
        self._conditions: Sequence[Condition] = conditions

    def pairs(self, question: Question) -> Iterator[tuple[float, SparedQuestions]]:
        """Each pair where the worse answer comes out better, with what it gains."""
        answers = list(self._answers(question))
        shown = [self._shown(question.id, value) for _, value, _ in answers]
        for (worse, _, more), after_worse in zip(answers, shown, strict=True):
            for (better, _, less), after_better in zip(answers, shown, strict=True):
                spared = after_better.keys() - after_worse.keys()
                if more <= less or not spared:
                    continue
                bad = {name: possible_points(after_better[name]) for name in spared}
                gain = _comparison_score(after_better, {**bad, question.id: less}) - _comparison_score(
                    after_worse, {question.id: more}
                )
                if gain > 0:
                    named = tuple(one.id for one in self._questions if one.id in spared and bad[one.id])
                    yield gain, SparedQuestions(question.id, worse, better, named)

    def _answers(self, question: Question) -> Iterator[tuple[str, AnswerValue, float]]:
        """An answer of every kind that costs something or nothing: what it is called, its value, its points."""
        for option in question.options:
            if question.type == "choice" and option.id != DONT_KNOW and option.points is not None:
                yield option.id, option.id, option.points
        for number in self._numbers(question):
            band = next(one for one in question.bands if one.up_to is None or number <= one.up_to)
            yield f"{number:g}", number, band.points

    def _numbers(self, question: Question) -> Sequence[float]:
        if not question.bands or question.bands[-1].up_to is not None:
            return ()
        ends = [band.up_to for band in question.bands if band.up_to is not None]
        ends += [
            leaf.value
            for condition in self._conditions
            for leaf in leaves(condition)
            if leaf.subject == question.id and isinstance(leaf.value, (int, float))
        ]
        return sorted({near for end in ends for near in (end - _NEAR_LIMIT, end, end + _NEAR_LIMIT) if near >= 0})

    def _shown(self, name: str, value: AnswerValue) -> Mapping[str, Question]:
        """What is asked, or may be, once this answer is given and nothing else is known."""
        known: dict[str, object] = {}
        shown: dict[str, Question] = {}
        for one in self._questions:
            judge = self._judges.get(one.id)
            hidden = judge is not None and judge(lambda subject: known.get(subject, PENDING)) in (FALSE, NOT_ASKED)
            known[one.id] = HIDDEN if hidden else value if one.id == name else PENDING
            if not hidden and one.kind != "fact":
                shown[one.id] = one
        return shown


def _comparison_score(shown: Mapping[str, Question], costs: Mapping[str, float]) -> float:
    """The score when these questions cost this and all others nothing."""
    pools: dict[PointPool, list[float]] = {}
    for name, question in shown.items():
        pool = pools.setdefault(_EXPOSURE_POOL if question.kind == "exposure" else question.dimension, [0.0, 0.0])
        pool[0] += costs.get(name, 0.0)
        pool[1] += possible_points(question)
    points, possible = pools.pop(_EXPOSURE_POOL, (0.0, 0.0))
    gaps = [cost / most for cost, most in pools.values() if most]
    gap = add_up(gaps) / len(gaps) if gaps else 0.0
    return score_of(exposure_of(COMPARISON_BASE, points, possible), gap, COMPARISON_FLOOR)
