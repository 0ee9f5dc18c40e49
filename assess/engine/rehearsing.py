"""A new edition tried on what was answered before: who would stand where, because of which question, and what can no longer be compared.

Each past submission is scored twice with the same settings, once by its own edition and once by the new one with the answers that
would go along. So a difference comes from the bank and from nothing else. Answers that would have to be confirmed count as confirmed:
it says what happens when nothing but the bank changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from assess.engine.bank import Answers, Edition, Value
from assess.engine.carry_over import Carried, carry_over
from assess.engine.result import Band, Line, Result
from assess.engine.scoring import score
from assess.engine.settings import ScoringSettings


class Outcome(StrEnum):
    """How a past submission would stand."""

    SAME = "same"
    """The same score, signs and band, to the last digit."""
    SCORE = "score"
    """Other points or signs, the same band."""
    BAND = "band"
    """Another band."""
    NOT_COMPARABLE = "not_comparable"
    """A scored answer would be left behind, or a scored question is asked that was not: two scores of different things."""


@dataclass(frozen=True, slots=True)
class Past:
    """What one submission said. `name` is anything that tells it from the others; it goes no further than its own row."""

    name: str
    answers: Answers
    quick: bool = False
    evidence: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """A score (0 to 100) and a band."""

    score: float
    band: Band


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One past submission in both editions. `because` names the questions whose line or sign differs, in the order of the new edition."""

    name: str
    outcome: Outcome
    before: Standing
    after: Standing
    because: tuple[str, ...]
    carried: Carried
    newly_missing: tuple[str, ...]


def rehearse(old: Edition, new: Edition, past: Iterable[Past], settings: ScoringSettings) -> Iterator[Rehearsed]:
    """Each past submission, one after the other: there may be thousands, and somebody is waiting."""
    for one in past:
        yield _rehearsed(old, new, one, settings)


def _rehearsed(old: Edition, new: Edition, past: Past, settings: ScoringSettings) -> Rehearsed:
    carried = carry_over(old, new, past.answers)
    names = {doubt.came_from: name for name, doubt in carried.confirm.items()}
    evidence = frozenset(names.get(one, one) for one in past.evidence)
    before = score(old, past.answers, settings, quick=past.quick, evidence=past.evidence)
    after = score(new, taken_along(carried), settings, quick=past.quick, evidence=evidence)
    because = _because(before, after)
    missing_before = set(_not_answered(before))
    missing = tuple(name for name in _not_answered(after) if name not in missing_before)
    lost = set(carried.left_behind) & {line.question for line in before.lines if line.answer is not None}
    return Rehearsed(
        name=past.name,
        outcome=_outcome(before, after, because, comparable=not lost and not missing),
        before=Standing(before.score, before.band),
        after=Standing(after.score, after.band),
        because=because,
        carried=carried,
        newly_missing=missing,
    )


def taken_along(carried: Carried) -> dict[str, Value]:
    """The answers as they would stand once everything in doubt is confirmed."""
    return {**carried.kept, **{name: doubt.value for name, doubt in carried.confirm.items()}}


def _outcome(before: Result, after: Result, because: tuple[str, ...], *, comparable: bool) -> Outcome:
    if not comparable:
        return Outcome.NOT_COMPARABLE
    if before.band != after.band:
        return Outcome.BAND
    return Outcome.SCORE if because or before.score != after.score else Outcome.SAME


def _not_answered(result: Result) -> list[str]:
    return [line.question for line in result.lines if line.answer is None]


def _because(before: Result, after: Result) -> tuple[str, ...]:
    was, now = ({line.question: _worth(line) for line in result.lines} for result in (before, after))
    moved = [name for name, worth in now.items() if was.get(name) != worth]
    moved += [name for name in was if name not in now]
    signs = {sign.id: sign.sign for sign in before.signs}, {sign.id: sign.sign for sign in after.signs}
    moved += [name for name in [*signs[1], *signs[0]] if signs[0].get(name) != signs[1].get(name)]
    return tuple(dict.fromkeys(moved))


def _worth(line: Line) -> tuple[object, ...]:
    return line.kind, line.dimension, line.points, line.possible, line.sign


@dataclass(slots=True)
class Tally:
    """Many past submissions counted together: nothing in it tells of one business."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    moves: Counter[tuple[Band, Band]] = field(default_factory=Counter)
    """How many would go from which band to which, of those that can be compared."""
    because: Counter[str] = field(default_factory=Counter)
    """In how many of those that change each question has a part."""
    left_behind: Counter[str] = field(default_factory=Counter)
    to_confirm: Counter[str] = field(default_factory=Counter)
    newly_missing: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> int:
        """How many there are."""
        return self.outcomes.total()

    def add(self, one: Rehearsed) -> None:
        """Count one more."""
        self.outcomes[one.outcome] += 1
        if one.outcome is not Outcome.NOT_COMPARABLE:
            self.moves[one.before.band, one.after.band] += 1
        if one.outcome is not Outcome.SAME:
            self.because.update(one.because)
        self.left_behind.update(one.carried.left_behind.keys())
        self.to_confirm.update(one.carried.confirm.keys())
        self.newly_missing.update(one.newly_missing)


def tally(rehearsed: Iterable[Rehearsed]) -> Tally:
    """All of them counted."""
    counted = Tally()
    for one in rehearsed:
        counted.add(one)
    return counted
