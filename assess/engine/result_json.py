"""Results and purchases as JSON-able data, for `assess score` and for the frozen record. Keys are a published format. Supplier names stay under business_only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assess.engine.assessing import EditionRef
from assess.engine.in_words import fill_placeholders
from assess.engine.plan import ADVICE_FIRST_TEXT
from assess.engine.purchases import (
    JudgedPurchase,
    Purchase,
    PurchaseStep,
    judge_purchase,
    may_be_uk_work,
    questions_for,
    steps_for,
)
from assess.engine.reference import Reference, suggest_offers
from assess.engine.result import ENGINE_NUMBER, JudgedDuty, Plan, Result

ResultData = dict[str, object]


def result_as_data(
    result: Result,
    plan: Plan | None,
    duties: Sequence[JudgedDuty] | None,
    edition_ref: EditionRef,
    texts: Mapping[str, str] | None = None,
) -> ResultData:
    """JSON-able data of a result, at full precision; `actions` and `duties` only where they are given. `texts` fill the gaps of actions.

    This is the coordinator's view: it names every sign. Copies for others leave those out.
    """
    data: ResultData = {
        "sector": result.sector,
        "edition": {"bank": edition_ref.bank, "number": edition_ref.number, "digest": edition_ref.digest},
        "engine": ENGINE_NUMBER,
        "quick": result.quick,
        "shown": result.shown,
        "base": result.base,
        "exposure": result.exposure,
        "mean_gap": result.mean_gap,
        "gap": result.gap,
        "score": result.score,
        "range": [result.range_low, result.range_high],
        "score_band": result.score_band,
        "band": result.band,
        "reasons": list(result.reasons),
        "confidence": result.confidence,
        "unknown_share": result.unknown_share,
        "evidence_share": result.evidence_share,
        "stale": False,  # what is shown later than a year after is lowered then: `record_as_of` in `assess/plans/copies.py`
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
        "signs": [{"id": sign.id, "sign": sign.sign, "ilo": sign.ilo} for sign in result.signs],
        "findings": [
            {"id": finding.id, "sign": finding.sign, "ilo": finding.ilo, "numbers": dict(finding.numbers)}
            for finding in result.fired_checks
        ],
        "dimensions": [gap._asdict() for gap in result.dimensions],
        "lines": [line._asdict() for line in result.lines],
        "missing": list(result.missing),
        "pending": list(result.pending),
        "limits": {
            "floor": result.settings.floor,
            "medium": result.settings.medium,
            "high": result.settings.high,
            "critical": result.settings.critical,
            "worst_share": result.settings.worst_share,
            "unknown_limit": result.settings.unknown_limit,
            "stale_factor": result.settings.stale_factor,
        },
    }
    if plan is not None:
        texts = texts or {}
        data["actions"] = [
            {
                "question": action.tracking_id,
                "questions": list(action.questions),
                "kind": action.kind,
                "dimension": action.dimension,
                "title": _fill_text(action.title, texts),
                "do": _fill_text(action.do, texts),
                "priority": action.priority,
                "days": action.priority_days,
                "due": action.due_days,
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
            for action in plan.actions
        ]
    if duties is not None:
        data["duties"] = [
            {
                "id": judged.duty.id,
                "verdict": judged.verdict,
                "status": judged.duty.status,
                "force": judged.duty.force,
                "due": judged.due,
                "overdue": judged.overdue,
            }
            for judged in duties
        ]
    return data


def _fill_text(text: str | None, texts: Mapping[str, str]) -> str | None:
    return fill_placeholders(text, texts) if text and texts else text


PurchaseData = dict[str, object]

NO_BANK = ""
MAX_POSSIBLE_MATCHES = 3

BUSINESS_ONLY_KEY = "business_only"
"""The key of a line under which stands what must not travel."""

RISK_BANDS = ("high", "medium", "not_known", "lower")
"""In the order in which pages and papers show them: what is not known stands before what counts as lower, never below it."""


@dataclass(frozen=True, slots=True)
class PurchaseList:
    purchases: Sequence[Purchase]
    reference: Reference

    def judged(self) -> list[JudgedPurchase]:
        return [judge_purchase(purchase, self.reference) for purchase in self.purchases]


def purchases_as_data(bought: PurchaseList) -> list[PurchaseData]:
    """Each purchase with its risk, band and facts, in the order given (docs/rules.md 7.2). No supplier is named.

    `first` is the place of a high line among the things to do, from 1.
    """
    lines, reference = bought.judged(), bought.reference
    steps = {step.line: place for place, step in enumerate(steps_for(lines, reference), 1)}
    return [
        {**_purchase_line(judged, reference), "ask": list(questions_for(judged, reference)), "first": steps.get(number)}
        for number, judged in enumerate(lines)
    ]


def purchases_for_record(bought: PurchaseList, *, advice_first: bool) -> PurchaseData:
    """All that pages and papers need to show what a business buys, in finished words.

    `advice_first`: a grave sign or one of third-party control is open, so steps that could reach workers wait for advice (docs/rules.md 1.4).
    """
    lines, reference = bought.judged(), bought.reference
    fixed = reference.words.fixed
    return {
        "about": fixed["about"],
        "blind_spot": fixed["blind_spot"],
        "not_known": fixed["not_known"],
        "how_to_ask": ADVICE_FIRST_TEXT if advice_first else fixed["how_to_ask"],
        "lines": [
            {
                **_purchase_line(judged, reference),
                "country_name": _country_name(judged.purchase.country, reference),
                "share": judged.purchase.share,
                "band_name": fixed[f"band_{judged.band}"],
                "ask": list(questions_for(judged, reference)),
                BUSINESS_ONLY_KEY: {"supplier": judged.purchase.supplier},
            }
            for judged in lines
        ],
        "steps": [
            _purchase_step(step, lines, reference, advice_first=advice_first) for step in steps_for(lines, reference)
        ],
        "limits": {"medium": reference.marks.medium, "high": reference.marks.high},
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "publisher": source.publisher,
                "edition": source.edition,
                "year": source.year,
                "url": source.url,
                "licence": source.licence,
                "read": source.read,
            }
            for source in reference.sources.values()
        ],
        "settings": [dict(row) for row in reference.marks.basis],
    }


def without_private_purchases(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record as it may travel: no line names a supplier, and nothing stands there that the business typed.

    What lists know stands by the name of the list, other words as “In your own words (line 4)”, with the number of the line on paper.
    A record without purchases is handed back as it is.
    """
    if "purchases" not in record:
        return record
    bought = record["purchases"]
    numbers = {index: number for number, index in enumerate(printed_order(bought["lines"]), 1)}
    lines = [_shareable_line(line, numbers[index]) for index, line in enumerate(bought["lines"])]
    steps = [{**step, "good": lines[step["line"]]["good"]} for step in bought["steps"]]
    return {**record, "purchases": {**bought, "lines": lines, "steps": steps}}


def printed_order(lines: Sequence[Mapping[str, Any]]) -> list[int]:
    """The places of these lines, the riskiest first. Alike ones stay in the order in which they were given."""
    return sorted(
        range(len(lines)), key=lambda place: (RISK_BANDS.index(lines[place]["band"]), -(lines[place]["risk"] or 0))
    )


def own_words_label(number: int) -> str:
    """What stands for words of the business's own in all that travels. `number` is that of the line on paper."""
    return f"In your own words (line {number})"


def _shareable_line(line: Mapping[str, Any], number: int) -> PurchaseData:
    kept = {key: part for key, part in line.items() if key != BUSINESS_ONLY_KEY}
    if line["known_as"] is not None:
        return {**kept, "good": line["known_as"]}
    return {**kept, "good": own_words_label(number), "name": own_words_label(number), "perhaps": []}


def _country_name(country: str | None, reference: Reference) -> str | None:
    return None if country is None else reference.countries[country].name


def _purchase_line(judged: JudgedPurchase, reference: Reference) -> PurchaseData:
    return {
        "good": judged.purchase.good,
        "known_as": judged.offer.key if judged.offer else None,
        "name": judged.offer.name if judged.offer else judged.purchase.good,
        # what words of the business's own may mean, by name: a person decides, nothing is taken for granted
        "perhaps": []
        if judged.offer
        else [offer.name for offer in suggest_offers(reference, judged.purchase.good, NO_BANK, MAX_POSSIBLE_MATCHES)],
        "country": judged.purchase.country,
        "origin_known": judged.origin_known,
        "risk": judged.risk,
        "band": judged.band,
        "facts": [
            {
                "kind": fact.kind,
                "risk": fact.risk,
                "source": fact.source,
                "edition": fact.edition,
                "year": fact.year,
                "url": fact.url,
                "says": fact.says,
                "beside": None if fact.beside is None else asdict(fact.beside),
            }
            for fact in judged.facts
        ],
        "about": reference.words.fixed["about"],
    }


def _purchase_step(
    step: PurchaseStep, lines: Sequence[JudgedPurchase], reference: Reference, *, advice_first: bool
) -> PurchaseData:
    waits = step.todo.after_advice or may_be_uk_work(fact.kind for fact in lines[step.line].facts)
    held = advice_first and waits
    return {
        "line": step.line,
        "good": lines[step.line].purchase.good,
        "do": ADVICE_FIRST_TEXT if held else step.todo.do,
        "held": held,
        "days": step.todo.days,
        "owner": step.todo.owner,
        "owner_name": reference.owners[step.todo.owner],
        "effort": step.todo.effort,
        "kind": step.kind,
        "severity": step.severity,
        "weight": step.weight,
    }
