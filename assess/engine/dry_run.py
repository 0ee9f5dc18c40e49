"""Scores past submissions by their own and by a new edition and compares, so that a difference comes from the bank alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from assess.engine.bank import Answers, AnswerValue, Edition
from assess.engine.edition_changes import CarriedAnswers, carry_over
from assess.engine.result import Band, Result
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoringSettings


class DryRunOutcome(StrEnum):
    SAME = "same"
    """The same score, signs and band, to the last digit."""
    SCORE = "score"
    """Other points or signs, the same band."""
    BAND = "band"
    NOT_COMPARABLE = "not_comparable"
    """A scored answer would be left behind, or a scored question is asked that was not: two scores of different things."""


@dataclass(frozen=True, slots=True)
class PastSubmission:
    """What one submission said. `name` is anything that tells it from the others; it goes no further than its own row."""

    name: str
    answers: Answers
    quick: bool = False
    evidence: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ScoreAndBand:
    """A score (0 to 100) and a band."""

    score: float
    band: Band


@dataclass(frozen=True, slots=True)
class DryRunRow:
    """One past submission in both editions. `because` names the questions whose line or sign differs, in the order of the new edition."""

    name: str
    outcome: DryRunOutcome
    before: ScoreAndBand
    after: ScoreAndBand
    because: tuple[str, ...]
    carried: CarriedAnswers
    newly_missing: tuple[str, ...]


def dry_run_submissions(
    old: Edition, new: Edition, past: Iterable[PastSubmission], settings: ScoringSettings
) -> Iterator[DryRunRow]:
    """Each past submission, one after the other: there may be thousands, and a person is waiting."""
    for one in past:
        yield _dry_run_row(old, new, one, settings)


def _dry_run_row(old: Edition, new: Edition, past: PastSubmission, settings: ScoringSettings) -> DryRunRow:
    carried = carry_over(old, new, past.answers)
    names = {doubt.came_from: name for name, doubt in carried.confirm.items()}
    evidence = frozenset(names.get(one, one) for one in past.evidence)
    before = score_answers(old, past.answers, settings, quick=past.quick, evidence=past.evidence)
    after = score_answers(new, answers_once_confirmed(carried), settings, quick=past.quick, evidence=evidence)
    because = _changed_questions(before, after)
    missing_before = set(_not_answered(before))
    missing = tuple(name for name in _not_answered(after) if name not in missing_before)
    lost = set(carried.left_behind) & {line.question for line in before.lines if line.answer is not None}
    return DryRunRow(
        name=past.name,
        outcome=_outcome(before, after, because, comparable=not lost and not missing),
        before=ScoreAndBand(before.score, before.band),
        after=ScoreAndBand(after.score, after.band),
        because=because,
        carried=carried,
        newly_missing=missing,
    )


def answers_once_confirmed(carried: CarriedAnswers) -> dict[str, AnswerValue]:
    return {**carried.kept, **{name: doubt.value for name, doubt in carried.confirm.items()}}


def _outcome(before: Result, after: Result, because: tuple[str, ...], *, comparable: bool) -> DryRunOutcome:
    if not comparable:
        return DryRunOutcome.NOT_COMPARABLE
    if before.band != after.band:
        return DryRunOutcome.BAND
    return DryRunOutcome.SCORE if because or before.score != after.score else DryRunOutcome.SAME


def _not_answered(result: Result) -> list[str]:
    return [line.question for line in result.lines if line.answer is None]


def _changed_questions(before: Result, after: Result) -> tuple[str, ...]:
    was, now = (
        {line.question: (line.kind, line.dimension, line.points, line.possible, line.sign) for line in result.lines}
        for result in (before, after)
    )
    moved = [name for name, worth in now.items() if was.get(name) != worth]
    moved += [name for name in was if name not in now]
    signs = {sign.id: sign.sign for sign in before.signs}, {sign.id: sign.sign for sign in after.signs}
    moved += [name for name in [*signs[1], *signs[0]] if signs[0].get(name) != signs[1].get(name)]
    return tuple(dict.fromkeys(moved))


@dataclass(slots=True)
class DryRunCounts:
    """Many past submissions counted together: nothing in it tells of one business."""

    outcomes: Counter[DryRunOutcome] = field(default_factory=Counter)
    moves: Counter[tuple[Band, Band]] = field(default_factory=Counter)
    """How many would go from which band to which, of those that can be compared."""
    because: Counter[str] = field(default_factory=Counter)
    """In how many of those that change each question has a part."""
    left_behind: Counter[str] = field(default_factory=Counter)
    to_confirm: Counter[str] = field(default_factory=Counter)
    newly_missing: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> int:
        return self.outcomes.total()

    def add(self, one: DryRunRow) -> None:
        self.outcomes[one.outcome] += 1
        if one.outcome is not DryRunOutcome.NOT_COMPARABLE:
            self.moves[one.before.band, one.after.band] += 1
        if one.outcome is not DryRunOutcome.SAME:
            self.because.update(one.because)
        self.left_behind.update(one.carried.left_behind.keys())
        self.to_confirm.update(one.carried.confirm.keys())
        self.newly_missing.update(one.newly_missing)
