"""From answers to a result: one pure function, rules number 1 (decisions.md 3).

The steps: settle what is shown, mark and add up, work out exposure and gaps, find signs and checks, choose the band, and
say between which ends it may still move.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from assess.engine.banding import final_band, score_band
from assess.engine.bank import Answers, Edition
from assess.engine.checks import findings
from assess.engine.gaps import blend, confidence_of, exposure_of, score_of
from assess.engine.quick import quick_edition
from assess.engine.ranges import range_of
from assess.engine.result import DimensionGap, Finding, RaisedSign, Result
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
    tally = add_up(table, settled.found)
    sums = _sums(asked, table, settled.found, tally)
    fired = tuple(findings(asked, settled.found, settings, today))
    signs = _signs(table, tally, fired)
    unknown_signs = _unknown_signs(table, tally)
    unknown_share = len(tally.unknown) / len(tally.lines) if tally.lines else 0.0
    own = score_band(sums.score, settings)
    banded = final_band(
        own, signs, unknown_signs=bool(unknown_signs), unknown_share=unknown_share, settings=settings, quick=quick
    )
    shared = _evidence_share(tally, evidence) if evidence_share is None else evidence_share
    stale = months_old > settings.stale_months
    return Result(
        sector=edition.bank,
        quick=quick,
        shown=settled.shown,
        base=table.base,
        **sums._asdict(),
        score_band=own,
        band=banded.band,
        reasons=banded.reasons,
        confidence=confidence_of(unknown_share, shared, settings, stale=stale),
        unknown_share=unknown_share,
        evidence_share=shared,
        urgent_signs=tuple(sorted(sign.id for sign in signs if sign.sign == "urgent")),
        serious_signs=tuple(sorted(sign.id for sign in signs if sign.sign == "serious")),
        unknown_signs=unknown_signs,
        notes=tuple(sorted(finding.id for finding in fired if finding.sign is None)),
        signs=signs,
        findings=fired,
        lines=tally.lines,
        missing=settled.missing,
        pending=settled.pending,
        third_party=any(mark.third_party for mark in tally.flagged),
        stale=stale,
        settings=settings,
    )


class _Sums(NamedTuple):
    exposure: float
    mean_gap: float
    gap: float
    score: float
    low: float
    high: float
    dimensions: tuple[DimensionGap, ...]


def _sums(edition: Edition, table: Table, found: Found, tally: Tally) -> _Sums:
    settings = table.settings
    dimensions = gaps_of(table, tally)
    exposure = exposure_of(table.base, tally.points[-1], tally.possible[-1])
    mean_gap, gap = blend([one.gap for one in dimensions], [one.weight for one in dimensions], settings.worst_share)
    low, high = range_of(edition, table, found, tally)
    return _Sums(exposure, mean_gap, gap, score_of(exposure, gap, settings.floor), low, high, dimensions)


def _signs(table: Table, tally: Tally, fired: Sequence[Finding]) -> tuple[RaisedSign, ...]:
    raised = [
        RaisedSign(line.question, line.sign, table.indicators[line.question])
        for line, _, _, _ in tally.flagged
        if line.sign
    ]
    return (*raised, *(RaisedSign(check.id, check.sign, check.ilo) for check in fired if check.sign))


def _unknown_signs(table: Table, tally: Tally) -> tuple[str, ...]:
    """Questions that can raise a sign and whose answer nobody knows, unless not knowing is itself the sign."""
    flagged = {mark.line.question for mark in tally.flagged}
    return tuple(sorted(name for name in tally.unknown if name in table.can_sign and name not in flagged))


def _evidence_share(tally: Tally, evidence: frozenset[str]) -> float:
    """Of the good safeguard answers, the share that could be shown to somebody; "don't know" is never good."""
    good = [line.question for line in tally.lines if not line.points and line.kind == "safeguard"]
    good = [name for name in good if name not in tally.unknown]
    return len(evidence.intersection(good)) / len(good) if good else 0.0
