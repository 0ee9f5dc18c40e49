"""A result as plain data, for one line of JSON (decisions.md 5).

It holds all that the numbers rest on: whoever reads only this can add up exposure, every gap, the score and the band again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.engine.assessing import EditionRef
from assess.engine.result import (
    ENGINE,
    DimensionGap,
    Finding,
    JudgedDuty,
    Line,
    Plan,
    PlannedAction,
    RaisedSign,
    Result,
)
from assess.engine.settings import ScoringSettings
from assess.engine.texts import fill

Data = dict[str, object]


def result_as_data(
    result: Result,
    plan: Plan | None,
    duties: Sequence[JudgedDuty] | None,
    edition_ref: EditionRef,
    texts: Mapping[str, str] | None = None,
) -> Data:
    """JSON-able data of a result, at full precision; `actions` and `duties` only where they are given. `texts` fill the gaps of actions.

    This is the coordinator's view: it names every sign. Copies for others leave those out.
    """
    data: Data = {
        "sector": result.sector,
        "edition": {"bank": edition_ref.bank, "number": edition_ref.number, "digest": edition_ref.digest},
        "engine": ENGINE,
        "quick": result.quick,
        "shown": result.shown,
        "base": result.base,
        "exposure": result.exposure,
        "mean_gap": result.mean_gap,
        "gap": result.gap,
        "score": result.score,
        "range": [result.low, result.high],
        "score_band": result.score_band,
        "band": result.band,
        "reasons": list(result.reasons),
        "confidence": result.confidence,
        "unknown_share": result.unknown_share,
        "evidence_share": result.evidence_share,
        "stale": result.stale,
        "urgent_signs": list(result.urgent_signs),
        "serious_signs": list(result.serious_signs),
        "unknown_signs": list(result.unknown_signs),
        "not_looked": list(result.not_looked),
        "notes": list(result.notes),
        "breaches": [breach._asdict() for breach in result.breaches],
        "sums": [{**one._asdict(), "inputs": dict(one.inputs)} for one in result.sums],
        "wide_areas": list(result.wide_areas),
        "low_gap": result.low_gap,
        "third_party": result.third_party,
        "signs": [_sign(sign) for sign in result.signs],
        "findings": [_finding(finding) for finding in result.findings],
        "dimensions": [_dimension(gap) for gap in result.dimensions],
        "lines": [_line(line) for line in result.lines],
        "missing": list(result.missing),
        "pending": list(result.pending),
        "limits": _limits(result.settings),
    }
    if plan is not None:
        data["actions"] = [_action(action, texts or {}) for action in plan.actions]
    if duties is not None:
        data["duties"] = [_duty(judged) for judged in duties]
    return data


def _limits(settings: ScoringSettings) -> Data:
    """The settings the sums rest on, the weights left out: they stand beside each dimension."""
    return {
        "floor": settings.floor,
        "medium": settings.medium,
        "high": settings.high,
        "critical": settings.critical,
        "worst_share": settings.worst_share,
        "unknown_limit": settings.unknown_limit,
        "stale_factor": settings.stale_factor,
    }


def _sign(sign: RaisedSign) -> Data:
    return {"id": sign.id, "sign": sign.sign, "ilo": sign.ilo}


def _finding(finding: Finding) -> Data:
    return {"id": finding.id, "sign": finding.sign, "ilo": finding.ilo, "numbers": dict(finding.numbers)}


def _dimension(gap: DimensionGap) -> Data:
    return gap._asdict()


def _line(line: Line) -> Data:
    return line._asdict()


def _action(action: PlannedAction, texts: Mapping[str, str]) -> Data:
    return {
        "question": action.question,
        "questions": list(action.questions),
        "kind": action.kind,
        "dimension": action.dimension,
        "title": _filled(action.title, texts),
        "do": _filled(action.do, texts),
        "priority": action.priority,
        "days": action.days,
        "due": action.due,
        "owner": action.owner,
        "effort": action.effort,
        "effort_days": action.effort_days,
        "gain": action.gain,
        "harm": action.harm,
        "breaches": list(action.breaches),
        "sign": action.sign,
        "find_out": action.find_out,
        "held": action.held,
    }


def _filled(text: str | None, texts: Mapping[str, str]) -> str | None:
    return fill(text, texts) if text and texts else text


def _duty(judged: JudgedDuty) -> Data:
    return {
        "id": judged.duty.id,
        "verdict": judged.verdict,
        "status": judged.duty.status,
        "force": judged.duty.force,
        "due": judged.due,
        "overdue": judged.overdue,
    }
