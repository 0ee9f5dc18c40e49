"""The types the engine returns: result with lines, signs and gaps; actions and plan; judged duties. Line, DimensionGap, Breach and WorkedSum are stored by field name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assess.engine.bank import AnswerValue, Duty, Effort, MustDo, Priority, Sign
from assess.engine.settings import ScoringSettings

ENGINE_NUMBER = 2
"""Number of the rules of arithmetic. A change of any sum is a new number; records made under an earlier one keep theirs."""

ScoreBand = Literal["low", "medium", "high", "critical"]
Band = Literal["low", "medium", "high", "critical", "not_rated"]
BandReason = Literal["sign", "unknown_sign", "breach", "gap", "points", "dont_know", "quick"]
"""A rule that alone would give the final band, in this order. Low has none."""


class Line(NamedTuple):
    """One shown, scored question: what was answered and what it cost."""

    question: str
    kind: Literal["exposure", "safeguard"]
    dimension: str
    answer: AnswerValue | None
    points: float
    possible: float
    sign: Sign | None


class DimensionGap(NamedTuple):
    """The safeguards of one dimension: gap = points / possible, 0 to 1.

    `questions` are those shown; `wide`: it can be one of the three widest (under engine 1 each can).
    """

    id: str
    weight: float
    points: float
    possible: float
    gap: float
    questions: int = 0
    wide: bool = True


class FiredCheck(NamedTuple):
    """A check that fired. `numbers` are the inputs and the sum it made, for the words beside it."""

    id: str
    sign: Sign | None
    ilo: int | None
    numbers: Mapping[str, float]


class Breach(NamedTuple):
    """An answer that is in itself against a duty in force: the ids of the question and of the duty."""

    question: str
    duty: str


class WorkedSum(NamedTuple):
    """A sum that could be worked out: what the business has, what the law asks for, and whether it falls short.

    `value` and `limit` are pounds: the price of one wash and the wages in it (D1), the pay of an hour and the minimum wage (D2), the
    charge of a day and the offset (D3), the rate of an hour and what it must cover (D4). `inputs` are the answers it rests on.
    """

    check: str
    inputs: Mapping[str, float]
    value: float
    limit: float
    fails: bool


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
    `not_looked` are the questions whose answer says that nobody looked; `breaches` and `sums` are in the order of the bank; `wide_areas` the ids of
    the dimensions with a gap from the low limit on, the widest first.
    `low_gap` is the gap from which it cannot be low, None where that rule does not hold.
    `missing` are shown questions without an answer, in order (facts too); `pending` those that may still be shown.
    `third_party` is true when a sign of third-party control was raised.
    `settings` are those the sums rest on.
    """

    sector: str
    quick: bool
    shown: int
    base: float
    exposure: float
    gap: float
    mean_gap: float
    score: float
    range_low: float
    range_high: float
    score_band: ScoreBand
    low_gap: float | None
    band: Band
    reasons: tuple[BandReason, ...]
    confidence: float
    unknown_share: float
    evidence_share: float
    urgent_signs: tuple[str, ...]
    serious_signs: tuple[str, ...]
    unknown_signs: tuple[str, ...]
    notes: tuple[str, ...]
    not_looked: tuple[str, ...]
    breaches: tuple[Breach, ...]
    sums: tuple[WorkedSum, ...]
    wide_areas: tuple[str, ...]
    signs: tuple[RaisedSign, ...]
    fired_checks: tuple[FiredCheck, ...]
    dimensions: tuple[DimensionGap, ...]
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    pending: tuple[str, ...]
    third_party: bool
    settings: ScoringSettings


class ActionPart(NamedTuple):
    """One of the reasons of an action: the question or check whose answer brings it, and what it would say alone."""

    question: str
    title: str | None
    do: str


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of the plan, with everything that asks for it.

    `question` is the id it is tracked under: a question or check, MAP or PAPERS; `questions` are all that it answers, in the order of the bank.
    `do` is what to print (already the advice-first text where that binds, see `held`; then neither a title nor a part says what to do); `title` is
    short and makes sense alone.
    `gain` in points of score as if all its questions were put right at once, None for exposure questions, checks and what is only found out; `sign`
    never leaves the coordinator's view. `days` are those of its own priority, 0 for immediate; `due` are those it was given in the plan, None for
    later. `harm` is 1 (life and freedom) to 6 (paper and training); `effort_days` are days of one person. `sum_rank` is the place of a sum that
    falls short among such sums, None where none does. `merged_as` is MAP or PAPERS for those two actions; a bank may have a question of that name, and
    they are then tracked under the name with a dash.
    """

    tracking_id: str
    questions: tuple[str, ...]
    kind: Literal["exposure", "safeguard", "check"]
    dimension: str | None
    title: str | None
    do: str
    priority: Priority
    priority_days: int
    due_days: int | None
    owner: str
    effort: Effort
    effort_days: float
    gain: float | None
    sign: Sign | None
    harm: int
    breaches: tuple[str, ...]
    sum_rank: int | None
    find_out: bool
    held: bool
    parts: tuple[ActionPart, ...]
    merged_as: str | None = None

    @property
    def pressing(self) -> bool:
        """Whether it may never be pushed out of its days: a sign, a breach, a failing sum, or what has to be found out about a sign."""
        return bool(self.sign or self.breaches or self.merged_as == PAPERS_ACTION) or self.sum_rank is not None


MAP_ACTION, PAPERS_ACTION = "map", "papers"
"""What two actions are, and are tracked under: those of exposure questions as one, and all that is found out about signs as one."""

DutyVerdict = Literal["applies", "does_not_apply", "to_check"]


@dataclass(frozen=True, slots=True)
class JudgedDuty:
    """A duty held against the facts: verdict, due date (ISO) where it has one, and the facts it turned on or waits for.

    `done`: what the business said of itself shows that it is done for this time.
    """

    duty: Duty
    verdict: DutyVerdict
    due: str | None
    overdue: bool
    must_do: tuple[MustDo, ...]
    turned_on: tuple[str, ...]
    waits_for: tuple[str, ...]
    done: bool = False


NoSmallestSet = Literal["already_low", "no_short_set"]
"""Nothing is better than low; or no set of up to four actions changes the band."""


@dataclass(frozen=True, slots=True)
class SmallestSet:
    """The fewest actions that change the final band. Empty `questions` with `reason` when no set changes it."""

    questions: tuple[str, ...]
    from_band: Band
    to_band: Band | None
    score_after: float | None
    reason: NoSmallestSet | None = None


@dataclass(frozen=True, slots=True)
class DoFirstStep:
    """One entry of "do first": a planned action or a duty, by id."""

    what: Literal["action", "duty"]
    id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All actions in order, all steps in "do first" order, the smallest set, and what is already good (question ids).

    `after`: what each shown safeguard costs once its action is done, in points.
    """

    actions: tuple[PlannedAction, ...]
    do_first: tuple[DoFirstStep, ...]
    smallest_set: SmallestSet
    strengths: tuple[str, ...]
    points_after: Mapping[str, float]
