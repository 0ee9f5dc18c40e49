"""From answers to a result: one pure function, rules number 2 (decisions.md 3, 9.1 and 9.12.14 to 24).

The steps: settle what is shown, mark and add up, work out exposure and gaps, find signs, checks and breaches, choose the band,
and say between which ends it may still move.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from assess.engine.banding import Grounds, final_band, score_band
from assess.engine.bank import Answers, Edition
from assess.engine.checks import findings, sums, unknown_checks
from assess.engine.facts import only_family_works
from assess.engine.gaps import blend, confidence_of, exposure_of, mean_weights, score_of
from assess.engine.quick import quick_edition
from assess.engine.ranges import closed_gates, range_of
from assess.engine.result import ENGINE, Breach, DimensionGap, Finding, RaisedSign, Result
from assess.engine.settings import ScoringSettings
from assess.engine.tally import Table, Tally, add_up, gaps_of, table_of
from assess.engine.visibility import Found, settle

__all__ = ["quick_edition", "score"]


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

    `edition` is the full one, also for a quick check. `evidence` are the questions whose good answer could be shown to somebody;
    `evidence_share` (0 to 1) replaces the share counted from it. `today` is read by check D6 alone.

    Raises:
        AnswerError: when an answer to a shown question is none that the question offers.

    """
    asked = quick_edition(edition) if quick else edition
    table = table_of(asked, settings)
    settled = settle(asked, answers)
    found = settled.found
    tally = add_up(table, found)
    totals = _totals(asked, table, found, tally)
    fired = tuple(findings(asked, found, settings, today))
    signs = _signs(table, tally, fired)
    unknown_signs = tuple(
        sorted(
            {
                *_unknown_signs(table, tally),
                *closed_gates(asked, found),
                *unknown_checks(asked, found, settings),
            }
        )
    )
    unknown_share = len(tally.unknown) / len(tally.lines) if tally.lines else 0.0
    # where only the owner's family works, no answer is a breach and no gap too wide for low (decisions.md 9.12.19)
    family = only_family_works(found)
    breaches = (
        () if family else tuple(Breach(mark.line.question, duty) for mark in tally.notable for duty in mark.breaches)
    )
    thin = not family and totals.gap >= settings.low_gap
    own = score_band(totals.score, settings)
    grounds = Grounds(signs, bool(unknown_signs), unknown_share, quick, bool(breaches), thin)
    banded = final_band(own, grounds, settings)
    not_looked = tuple(mark.line.question for mark in tally.notable if mark.not_looked)
    shared = _evidence_share(tally, evidence, not_looked) if evidence_share is None else evidence_share
    stale = months_old > settings.stale_months
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
        sums=tuple(sums(asked, found, settings)),
        wide_areas=_wide_areas(totals.dimensions, settings) if thin else (),
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


def _totals(edition: Edition, table: Table, found: Found, tally: Tally) -> _Totals:
    settings = table.settings
    dimensions = gaps_of(table, tally)
    exposure = exposure_of(table.base, tally.points[-1], tally.possible[-1])
    mean_gap, gap = blend(
        [one.gap for one in dimensions],
        mean_weights(dimensions, ENGINE),
        [one.wide for one in dimensions],
        settings.worst_share,
    )
    low, high = range_of(edition, table, found, tally)
    return _Totals(exposure, mean_gap, gap, score_of(exposure, gap, settings.floor), low, high, dimensions)


def _signs(table: Table, tally: Tally, fired: Sequence[Finding]) -> tuple[RaisedSign, ...]:
    raised = [
        RaisedSign(line.question, line.sign, table.indicators[line.question]) for line, *_ in tally.notable if line.sign
    ]
    return (*raised, *(RaisedSign(check.id, check.sign, check.ilo) for check in fired if check.sign))


def _unknown_signs(table: Table, tally: Tally) -> set[str]:
    """Questions that can raise a sign where nobody knows or nobody has looked, unless that is itself the sign."""
    raised = {mark.line.question for mark in tally.notable if mark.line.sign}
    open_ones = {*tally.unknown, *(mark.line.question for mark in tally.notable if mark.not_looked)}
    return (open_ones & table.can_sign) - raised


def _evidence_share(tally: Tally, evidence: frozenset[str], not_looked: Sequence[str]) -> float:
    """Of all shown safeguards, the share that is good and could be shown to somebody (decisions.md 9.12.32).

    "Don't know" and "not looked" are never good.
    """
    safeguards = [line for line in tally.lines if line.kind == "safeguard"]
    bad = {*tally.unknown, *not_looked}
    good = {line.question for line in safeguards if not line.points and line.question not in bad}
    return len(evidence & good) / len(safeguards) if safeguards else 0.0


def _wide_areas(dimensions: Sequence[DimensionGap], settings: ScoringSettings) -> tuple[str, ...]:
    wide = [one for one in dimensions if one.wide and one.gap >= settings.low_gap]
    return tuple(one.id for one in sorted(wide, key=lambda one: -one.gap))
