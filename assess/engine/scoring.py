"""score(): from answers to a result in one pure function. ENGINE_NUMBER in result.py names the rules; a change of any sum is a new number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from assess.engine.bank import Answers, Edition
from assess.engine.checks import findings, unknown_checks, worked_sums
from assess.engine.facts import only_family_works
from assess.engine.points import blend_gaps, confidence_of, exposure_of, mean_weights, score_of
from assess.engine.result import ENGINE_NUMBER, Breach, DimensionGap, Finding, RaisedSign, Result
from assess.engine.settings import ScoringSettings
from assess.engine.totals import (
    BandFactors,
    PointTotals,
    ScoringTable,
    add_up_points,
    dimension_gaps,
    dont_knows_hiding_signs,
    final_band,
    score_band,
    score_range,
    scoring_table,
)
from assess.engine.visibility import SettledAnswers, quick_edition, settle_visibility


def score(
    edition: Edition,
    answers: Answers,
    settings: ScoringSettings,
    *,
    quick: bool = False,
    evidence: frozenset[str] = frozenset(),
    evidence_share: float | None = None,
    months_old: int = 0,
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
    settled = settle_visibility(asked, answers)
    found = settled.found
    tally = add_up_points(table, found)
    totals = _totals(asked, table, found, tally)
    fired = tuple(findings(asked, found, settings, today))
    signs = _signs(table, tally, fired)
    # where nobody knows or nobody has looked, unless that is itself the sign
    raised = {mark.line.question for mark in tally.notable if mark.line.sign}
    open_ones = {*tally.unknown, *(mark.line.question for mark in tally.notable if mark.not_looked)}
    unknown_signs = tuple(
        sorted(
            {
                *(open_ones & table.can_sign) - raised,
                *dont_knows_hiding_signs(asked, found),
                *unknown_checks(asked, found, settings),
            }
        )
    )
    unknown_share = len(tally.unknown) / len(tally.lines) if tally.lines else 0.0
    # where only the owner's family works, no answer is a breach and no gap too wide for low (docs/rules.md 3.3)
    family = only_family_works(found)
    breaches = (
        () if family else tuple(Breach(mark.line.question, duty) for mark in tally.notable for duty in mark.breaches)
    )
    thin = not family and totals.gap >= settings.low_gap
    own = score_band(totals.score, settings)
    grounds = BandFactors(signs, bool(unknown_signs), unknown_share, quick, bool(breaches), thin)
    banded = final_band(own, grounds, settings)
    not_looked = tuple(mark.line.question for mark in tally.notable if mark.not_looked)
    shared = _evidence_share(tally, evidence, not_looked) if evidence_share is None else evidence_share
    stale = months_old > settings.stale_months
    wide = [one for one in totals.dimensions if thin and one.wide and one.gap >= settings.low_gap]
    return Result(
        sector=edition.bank,
        quick=quick,
        shown=settled.shown,
        base=table.base,
        **totals._asdict(),
        score_band=own,
        low_gap=None if family else settings.low_gap,
        band=banded.band,
        reasons=banded.reasons,
        confidence=confidence_of(unknown_share, shared, settings, stale=stale),
        unknown_share=unknown_share,
        evidence_share=shared,
        urgent_signs=tuple(sorted(sign.id for sign in signs if sign.sign == "urgent")),
        serious_signs=tuple(sorted(sign.id for sign in signs if sign.sign == "serious")),
        unknown_signs=unknown_signs,
        notes=tuple(sorted(finding.id for finding in fired if finding.sign is None)),
        not_looked=not_looked,
        breaches=breaches,
        sums=tuple(worked_sums(asked, found, settings)),
        wide_areas=tuple(one.id for one in sorted(wide, key=lambda one: -one.gap)),
        signs=signs,
        findings=fired,
        lines=tally.lines,
        missing=settled.missing,
        pending=settled.pending,
        third_party=any(mark.third_party for mark in tally.notable),
        stale=stale,
        settings=settings,
    )


class _Totals(NamedTuple):
    exposure: float
    mean_gap: float
    gap: float
    score: float
    low: float
    high: float
    dimensions: tuple[DimensionGap, ...]


def _totals(edition: Edition, table: ScoringTable, found: SettledAnswers, totals: PointTotals) -> _Totals:
    settings = table.settings
    dimensions = dimension_gaps(table, totals)
    exposure = exposure_of(table.base, totals.points[-1], totals.possible[-1])
    mean_gap, gap = blend_gaps(
        [one.gap for one in dimensions],
        mean_weights(dimensions, ENGINE_NUMBER),
        [one.wide for one in dimensions],
        settings.worst_share,
    )
    low, high = score_range(edition, table, found, totals)
    return _Totals(exposure, mean_gap, gap, score_of(exposure, gap, settings.floor), low, high, dimensions)


def _signs(table: ScoringTable, totals: PointTotals, fired: Sequence[Finding]) -> tuple[RaisedSign, ...]:
    raised = [
        RaisedSign(line.question, line.sign, table.indicators[line.question])
        for line, *_ in totals.notable
        if line.sign
    ]
    return (*raised, *(RaisedSign(check.id, check.sign, check.ilo) for check in fired if check.sign))


def _evidence_share(totals: PointTotals, evidence: frozenset[str], not_looked: Sequence[str]) -> float:
    """Of all shown safeguards, the share that is good and could be shown (docs/rules.md 3.6).

    "Don't know" and "not looked" are never good.
    """
    safeguards = [line for line in totals.lines if line.kind == "safeguard"]
    bad = {*totals.unknown, *not_looked}
    good = {line.question for line in safeguards if not line.points and line.question not in bad}
    return len(evidence & good) / len(safeguards) if safeguards else 0.0
