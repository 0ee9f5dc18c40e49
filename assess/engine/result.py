"""What the engine returns: a result that holds its whole explanation, actions, and judged duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assess.engine.bank import Duty, Effort, MustDo, Priority, Sign, Value
from assess.engine.settings import ScoringSettings

ENGINE = 1
"""Number of the rules of arithmetic. A change of any sum is a new number; old submissions keep theirs."""

ScoreBand = Literal["low", "medium", "high", "critical"]
Band = Literal["low", "medium", "high", "critical", "not_rated"]
BandReason = Literal[
    "urgent_sign",
    "three_serious_signs",
    "serious_sign",
    "unknown_sign",
    "too_many_unknown",
    "quick_check_cannot_say_low",
]


class Line(NamedTuple):
    """One shown, scored question: what was answered and what it cost."""

    question: str
    kind: Literal["exposure", "safeguard"]
    dimension: str
    answer: Value | None
    points: float
    possible: float
    sign: Sign | None


class DimensionGap(NamedTuple):
    """The safeguards of one dimension: gap = points / possible, 0 to 1."""

    id: str
    weight: float
    points: float
    possible: float
    gap: float


class Finding(NamedTuple):
    """A check that fired. `numbers` are the inputs and the sum it made, for the words beside it."""

    id: str
    sign: Sign | None
    ilo: int | None
    numbers: Mapping[str, float]


class RaisedSign(NamedTuple):
    """A sign and the first ILO indicator of the question or check that raised it."""

    id: str
    sign: Sign
    ilo: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """Everything the engine says of one set of answers, to full precision.

    exposure, score, confidence and range run 0 to 100, more exposure and score is worse; gap runs 0 to 1.
    `urgent_signs`, `serious_signs`, `unknown_signs`, `notes` are sorted ids of questions or checks.
    `missing` are shown questions without an answer, in order (facts too); `pending` those that may still be shown.
    `third_party` is true when a sign of third-party control was raised.
    `stale` is true when the answers were so old that confidence was lowered; `settings` are those the sums rest on.
    """

    sector: str
    quick: bool
    shown: int
    base: float
    exposure: float
    gap: float
    mean_gap: float
    score: float
    low: float
    high: float
    score_band: ScoreBand
    band: Band
    reasons: tuple[BandReason, ...]
    confidence: float
    unknown_share: float
    evidence_share: float
    urgent_signs: tuple[str, ...]
    serious_signs: tuple[str, ...]
    unknown_signs: tuple[str, ...]
    notes: tuple[str, ...]
    signs: tuple[RaisedSign, ...]
    findings: tuple[Finding, ...]
    dimensions: tuple[DimensionGap, ...]
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    pending: tuple[str, ...]
    third_party: bool
    stale: bool
    settings: ScoringSettings


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of the plan.

    `question` is a question or check id; `do` is what to print (already the advice-first text where that binds, see `held`);
    `gain` in points of score, None for exposure questions and checks; `sign` never leaves the coordinator's view.
    `days` orders: 0 for immediate.
    """

    question: str
    kind: Literal["exposure", "safeguard", "check"]
    dimension: str | None
    do: str
    priority: Priority
    days: int
    owner: str
    effort: Effort
    gain: float | None
    sign: Sign | None
    find_out: bool
    held: bool


DutyVerdict = Literal["applies", "does_not_apply", "to_check"]


@dataclass(frozen=True, slots=True)
class JudgedDuty:
    """A duty held against the facts: verdict, due date (ISO) where it has one, and the facts it turned on or waits for."""

    duty: Duty
    verdict: DutyVerdict
    due: str | None
    overdue: bool
    must_do: tuple[MustDo, ...]
    turned_on: tuple[str, ...]
    waits_for: tuple[str, ...]


NoShortSet = Literal["already_low", "no_short_set"]
"""Nothing is better than low; or no set of up to four actions changes the band."""


@dataclass(frozen=True, slots=True)
class ShortSet:
    """The fewest actions that change the final band. Empty `questions` with `reason` when no short set exists."""

    questions: tuple[str, ...]
    from_band: Band
    to_band: Band | None
    score_after: float | None
    reason: NoShortSet | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of "do first": a planned action or a duty, by id."""

    what: Literal["action", "duty"]
    id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All actions in order, all steps in "do first" order, the short set, and what is already good (question ids)."""

    actions: tuple[PlannedAction, ...]
    do_first: tuple[Step, ...]
    short_set: ShortSet
    strengths: tuple[str, ...]
