"""One business assessed in one call: result, facts, duties and plan from the same answers on the same day.

The web, the command line and the tests all come through here, so that no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assess.engine.bank import Answers, Edition
from assess.engine.buyer_view import BuyerView, build_buyer_view
from assess.engine.duties import judge_duties
from assess.engine.facts import FactValue, settle_facts
from assess.engine.ordinary import ordinary_questions
from assess.engine.plan import build_plan
from assess.engine.question_types import answers_without_details
from assess.engine.result import JudgedDuty, Plan, Result
from assess.engine.scoring import score_answers
from assess.engine.settings import DatedSettings
from assess.engine.visibility import question_states, quick_edition


@dataclass(frozen=True, slots=True)
class EditionRef:
    """Which edition: the bank's id, the edition's number (0 for files that were never published) and its digest."""

    bank: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class EngineInput:
    """What a business has said: answers, the facts it gave itself, and for which answers it could show proof.

    `evidence_share` (0 to 1) replaces the share counted from `evidence`; worked examples use it.
    """

    answers: Answers
    facts: Mapping[str, FactValue]
    evidence: frozenset[str] = frozenset()
    evidence_share: float | None = None
    quick: bool = False


@dataclass(frozen=True, slots=True)
class EngineOutput:
    """All that the engine makes of it. `facts`, `derived` and `at_work` are those of `facts.SettledFacts`."""

    result: Result
    facts: Mapping[str, FactValue]
    derived: Mapping[str, FactValue]
    duties: tuple[JudgedDuty, ...]
    plan: Plan
    buyer: BuyerView
    at_work: Mapping[str, FactValue] = field(default_factory=dict)


def assess(edition: Edition, inputs: EngineInput, settings: DatedSettings, today: date) -> EngineOutput:
    """Score the answers, judge the duties and order the plan, as things stand on `today`."""
    edition_asked = quick_edition(edition) if inputs.quick else edition
    answers = answers_without_details(edition, inputs.answers)
    result = score_answers(
        edition,
        answers,
        settings.scoring,
        quick=inputs.quick,
        evidence=inputs.evidence,
        evidence_share=inputs.evidence_share,
        today=today,
    )
    # visibility is settled three times: by `score_answers`, which others call alone; here for the facts; and by
    # `build_buyer_view` over another edition, in which only ordinary questions exist, so that no answer about a sign can show one
    states = question_states(edition_asked, answers)
    settled = settle_facts(edition_asked, answers, states, inputs.facts, ordinary_questions(edition))
    duties = judge_duties(edition.duty_book, settled.facts, today, at_work=settled.at_work)
    buyer = build_buyer_view(edition, answers, settings.scoring, today, quick=inputs.quick)
    return EngineOutput(
        result=result,
        facts=settled.facts,
        derived=settled.derived,
        duties=duties,
        plan=build_plan(edition, answers, result, settings.scoring, duties, today, buyer.actions),
        buyer=buyer,
        at_work=settled.at_work,
    )
