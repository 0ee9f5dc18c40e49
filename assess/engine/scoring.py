"""score(): from answers to a result in one pure function. ENGINE_NUMBER in result.py names the rules; a change of any sum is a new number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from assess.engine.bank import Answers, Edition
from assess.engine.cross_checks import JudgedChecks, judge_checks
from assess.engine.facts import only_family_works
from assess.engine.points import blend_gaps, confidence_of, exposure_of, mean_weights, score_of
from assess.engine.result import (
    ENGINE_NUMBER,
    Band,
    BandReason,
    Breach,
    DimensionGap,
    FiredCheck,
    RaisedSign,
    Result,
    ScoreBand,
)
from assess.engine.settings import ScoringSettings
from assess.engine.totals import (
    BandFactors,
    PointTotals,
    ScoringTable,
    add_up_points,
    dimension_gaps,
    dont_knows_hiding_signs,
    final_band,
    score_band_of,
    score_range,
    scoring_table,
)
from assess.engine.visibility import SettledAnswers, quick_edition, settle_visibility


def score_answers(
    edition: Edition,
    answers: Answers,
    settings: ScoringSettings,
    *,
    quick: bool = False,
    evidence: frozenset[str] = frozenset(),
    evidence_share: float | None = None,
    today: date | None = None,
) -> Result:
    """Everything the engine says of these answers.

    `edition` is the full one, also for a quick check. `evidence` are the questions whose good answer could be shown;
    `evidence_share` (0 to 1) replaces the share counted from it. `today` is read by check D6 alone.

    Raises:
        AnswerError: when an answer to a shown question is none that the question offers.

    """
    asked = quick_edition(edition) if quick else edition
    table = scoring_table(asked, settings)
    visibility = settle_visibility(asked, answers)
    settled = visibility.answers
    point_totals = add_up_points(table, settled)
    score_totals = _score_totals(asked, table, settled, point_totals)
    checks = judge_checks(asked, settled, settings, today)
    rating = _rate(asked, table, settled, point_totals, score_totals, checks, quick=quick)
    not_looked = tuple(scored.line.question for scored in point_totals.notable if scored.not_looked)
    if evidence_share is None:
        evidence_share = _evidence_share(point_totals, evidence, not_looked)
    return Result(
        sector=edition.bank,
        quick=quick,
        shown=visibility.shown,
        base=table.base,
        **score_totals._asdict(),
        **rating._asdict(),
        confidence=confidence_of(rating.unknown_share, evidence_share),
        evidence_share=evidence_share,
        urgent_signs=tuple(sorted(sign.id for sign in rating.signs if sign.sign == "urgent")),
        serious_signs=tuple(sorted(sign.id for sign in rating.signs if sign.sign == "serious")),
        notes=tuple(sorted(finding.id for finding in checks.fired if finding.sign is None)),
        not_looked=not_looked,
        sums=checks.sums,
        fired_checks=checks.fired,
        lines=point_totals.lines,
        missing=visibility.missing,
        pending=visibility.pending,
        third_party=any(scored.third_party for scored in point_totals.notable),
        settings=settings,
    )


class _ScoreTotals(NamedTuple):
    exposure: float
    mean_gap: float
    gap: float
    score: float
    range_low: float
    range_high: float
    dimensions: tuple[DimensionGap, ...]


class _Rating(NamedTuple):
    """The band and what it rests on, under the names of `Result`."""

    band: Band
    reasons: tuple[BandReason, ...]
    score_band: ScoreBand
    low_gap: float | None
    signs: tuple[RaisedSign, ...]
    unknown_signs: tuple[str, ...]
    unknown_share: float
    breaches: tuple[Breach, ...]
    wide_areas: tuple[str, ...]


def _rate(
    edition: Edition,
    table: ScoringTable,
    settled: SettledAnswers,
    point_totals: PointTotals,
    score_totals: _ScoreTotals,
    checks: JudgedChecks,
    *,
    quick: bool,
) -> _Rating:
    settings = table.settings
    signs = _signs(table, point_totals, checks.fired)
    unknown_signs = _unknown_signs(edition, table, settled, point_totals, checks.unknown)
    unknown_share = len(point_totals.unknown) / len(point_totals.lines) if point_totals.lines else 0.0
    # where only the owner's family works, no answer is a breach and no gap too wide for low (docs/rules.md 3.3)
    only_family = only_family_works(settled)
    breaches = (
        ()
        if only_family
        else tuple(Breach(scored.line.question, duty) for scored in point_totals.notable for duty in scored.breaches)
    )
    gap_too_wide = not only_family and score_totals.gap >= settings.low_gap
    score_band = score_band_of(score_totals.score, settings)
    factors = BandFactors(signs, bool(unknown_signs), unknown_share, quick, bool(breaches), gap_too_wide)
    band, reasons = final_band(score_band, factors, settings)
    wide = [one for one in score_totals.dimensions if gap_too_wide and one.wide and one.gap >= settings.low_gap]
    return _Rating(
        band=band,
        reasons=reasons,
        score_band=score_band,
        low_gap=None if only_family else settings.low_gap,
        signs=signs,
        unknown_signs=unknown_signs,
        unknown_share=unknown_share,
        breaches=breaches,
        wide_areas=tuple(one.id for one in sorted(wide, key=lambda one: -one.gap)),
    )


def _unknown_signs(
    edition: Edition,
    table: ScoringTable,
    settled: SettledAnswers,
    point_totals: PointTotals,
    unknown_checks: Sequence[str],
) -> tuple[str, ...]:
    """Where nobody knows or nobody has looked, unless that is itself the sign."""
    raised = {scored.line.question for scored in point_totals.notable if scored.line.sign}
    open_ones = {
        *point_totals.unknown,
        *(scored.line.question for scored in point_totals.notable if scored.not_looked),
    }
    return tuple(
        sorted(
            {
                *(open_ones & table.can_sign) - raised,
                *dont_knows_hiding_signs(edition, settled),
                *unknown_checks,
            }
        )
    )


def _score_totals(
    edition: Edition, table: ScoringTable, settled: SettledAnswers, point_totals: PointTotals
) -> _ScoreTotals:
    settings = table.settings
    dimensions = dimension_gaps(table, point_totals)
    exposure = exposure_of(table.base, point_totals.points[-1], point_totals.possible[-1])
    mean_gap, gap = blend_gaps(
        [one.gap for one in dimensions],
        mean_weights(dimensions, ENGINE_NUMBER),
        [one.wide for one in dimensions],
        settings.worst_share,
    )
    score = score_of(exposure, gap, settings.floor)
    low, high = score_range(edition, table, settled, point_totals, score)
    return _ScoreTotals(exposure, mean_gap, gap, score, low, high, dimensions)


def _signs(table: ScoringTable, point_totals: PointTotals, fired: Sequence[FiredCheck]) -> tuple[RaisedSign, ...]:
    raised = [
        RaisedSign(line.question, line.sign, table.indicators[line.question])
        for line, *_ in point_totals.notable
        if line.sign
    ]
    return (*raised, *(RaisedSign(check.id, check.sign, check.ilo) for check in fired if check.sign))


def _evidence_share(point_totals: PointTotals, evidence: frozenset[str], not_looked: Sequence[str]) -> float:
    """Of all shown safeguards, the share that is good and could be shown (docs/rules.md 3.6).

    "Don't know" and "not looked" are never good.
    """
    safeguards = sum(point_totals.counts[:-1])  # the last slot is that of the exposure
    if not (evidence and safeguards):
        return 0.0
    bad = {*point_totals.unknown, *not_looked}
    good = {line.question for line in point_totals.lines if line.kind == "safeguard" and not line.points} - bad
    return len(evidence & good) / safeguards
