"""The frozen record of a submission: answers, results and every text needed to print it. Documents are drawn from it alone, so its keys are a format and never change."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from assess.engine.assessing import EditionRef, EngineInput, EngineOutput
from assess.engine.bank import Answers, Edition, Question
from assess.engine.conditions import condition_subjects
from assess.engine.due_dates import add_months
from assess.engine.duties import heading_of
from assess.engine.facts import DUTIES_TO_WORKERS
from assess.engine.free_text import FREE_TEXT_KEY, free_text_answer_paths, with_texts_removed
from assess.engine.in_words import fact_text, fill_placeholders
from assess.engine.ordinary import can_raise_sign, is_pooled, ordinary_questions, waits_for_advice
from assess.engine.plan import poor_questions
from assess.engine.points import add_up, good_answer_sentence
from assess.engine.question_types import answer_text, answers_without_details
from assess.engine.result import ENGINE_NUMBER, JudgedDuty, PlannedAction
from assess.engine.result_json import PurchaseList, purchases_for_record, result_as_data, without_private_purchases
from assess.engine.settings import DatedSettings
from assess.engine.visibility import QuestionState, question_states, quick_edition
from assess.engine.what_if import housing_charge_checks

RECORD_FORMAT = 1

REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels and no letters that read as digits, so that a reference spells no word and is read out without error."""

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class RecordOrganisation:
    """Who the plan is for. `area` is one of the operator's areas; the rest may be left out."""

    name: str
    area: str
    postcode: str | None = None
    company_number: str | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation, as printed: name, contact and where to complain."""

    name: str
    contact: str
    complaints: str
    children_team: str | None = None
    """How to reach the children's team of areas that have no contact of their own."""


def canonical_json(data: object) -> bytes:
    """The one way to write JSON that is digested: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def content_reference(content: object) -> str:
    """A short name of this content, like "K7QF-2M9D", for people to read out and write on paper."""
    return reference_code(hashlib.sha256(canonical_json(content)).digest())


def reference_code(digest: bytes) -> str:
    """The beginning of a digest as eight letters with a dash."""
    number = int.from_bytes(digest[:8], "big")
    letters = []
    for _ in range(8):
        number, rest = divmod(number, len(REFERENCE_LETTERS))
        letters.append(REFERENCE_LETTERS[rest])
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def sign_related_questions(edition: Edition) -> frozenset[str]:
    """Questions that can raise a sign, and those that are asked only because of one. Of them nothing is ever counted."""
    return frozenset(one.id for one in edition.questions() if one.can_sign) | questions_dependent_on_signs(edition)


def questions_dependent_on_signs(edition: Edition) -> frozenset[str]:
    """Questions that are asked only because of what was said to one that can raise a sign, however far away."""
    sign_questions = {question.id for question in edition.questions() if question.can_sign}
    resting: set[str] = set()
    for question in edition.questions():
        if question.show_if is not None and (sign_questions | resting) & set(condition_subjects(question.show_if)):
            resting.add(question.id)
    return frozenset(resting)


def _sections_data(
    edition: Edition,
    inputs: EngineInput,
    assessed: EngineOutput,
    ordinary: frozenset[str],
    seen: frozenset[str],
    texts: Mapping[str, str],
) -> list[Data]:
    """`best` of a question is what it costs once its action is done, in points."""
    lines = {line.question: line for line in assessed.result.lines}
    resting, poor = questions_dependent_on_signs(edition), poor_questions(edition, assessed.result)

    def data_of(question: Question) -> Data:
        value, line = inputs.answers.get(question.id), lines.get(question.id)
        return {
            "id": question.id,
            "ask": fill_placeholders(question.ask, texts),
            "name": question.name,
            "kind": question.kind,
            "dimension": question.dimension,
            "can_sign": question.can_sign,
            "pooled": is_pooled(question),
            "waits_for_advice": waits_for_advice(question),
            "rests_on_sign": question.id in resting,
            "ordinary": question.id in ordinary,
            "answer": value,
            "answer_text": answer_text(question, value),
            "poor": question.id in poor,
            "points": None if line is None else line.points,
            "possible": None if line is None else line.possible,
            "best": assessed.plan.points_after.get(question.id),
        }

    rows: list[Data] = []
    for section in edition.sections:
        questions = [data_of(question) for question in section.questions if question.id in seen]
        if questions:
            rows.append({"id": section.id, "title": section.title, "questions": questions})
    return rows


def _dimensions_data(edition: Edition, assessed: EngineOutput) -> list[Data]:
    counts = _safeguards_per_dimension(assessed)
    words = {dimension.id: dimension for dimension in edition.dimensions}
    return [
        {
            "id": gap.id,
            "name": words[gap.id].name,
            "meaning": words[gap.id].meaning,
            "weight": gap.weight,
            "points": gap.points,
            "possible": gap.possible,
            "gap": gap.gap,
            "questions": counts[gap.id],
            "wide": gap.wide,
        }
        for gap in assessed.result.dimensions
    ]


def _safeguards_per_dimension(assessed: EngineOutput) -> Counter[str]:
    return Counter(line.dimension for line in assessed.result.lines if line.kind == "safeguard")


def _groups_data(edition: Edition, assessed: EngineOutput) -> list[Data]:
    gaps = {gap.id: gap for gap in assessed.result.dimensions}
    counts = _safeguards_per_dimension(assessed)
    rows: list[Data] = []
    for group in edition.groups:
        members = [gaps[dimension] for dimension in group.dimensions if dimension in gaps]
        points = add_up(member.points for member in members)
        possible = add_up(member.possible for member in members)
        rows.append(
            {
                "id": group.id,
                "name": group.name,
                "dimensions": list(group.dimensions),
                "points": points,
                "possible": possible,
                "gap": points / possible if possible else None,
                "questions": sum(counts[dimension] for dimension in group.dimensions),
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class _TextSource:
    edition: Edition
    answers: Answers
    """Without details: what people wrote in their own words stands beside the questions alone, whence it can be removed."""
    texts: Mapping[str, str]
    ordinary: frozenset[str]
    today: date

    def question(self, name: str) -> Question | None:
        """The question of this id, None for a check and for an action of several."""
        return next((question for question in self.edition.questions() if question.id == name), None)

    def why(self, name: str) -> Data:
        """Why a question or check asks for something: what was asked or found, what was answered, and what would show that it is good."""
        question = self.question(name)
        check = next((check for check in self.edition.checks if check.id == name), None)
        return {
            "why_ask": fill_placeholders(question.ask, self.texts)
            if question
            else (fill_placeholders(check.says, self.texts) if check else ""),
            "why_answer": answer_text(question, self.answers.get(name)) if question else None,
            "reason": fill_placeholders(question.why, self.texts) if question and question.why else None,
            "evidence": question.evidence if question else None,
        }


def _action_data(number: int, action: PlannedAction, source: _TextSource) -> Data:
    edition, texts = source.edition, source.texts
    named = action.tracking_id if action.tracking_id in action.questions else action.questions[0]
    questions = [question for name in action.questions if (question := source.question(name))]
    return {
        "id": f"A{number}",
        "question": action.tracking_id,
        "questions": list(action.questions),
        "kind": action.kind,
        "dimension": action.dimension,
        **source.why(named),
        "title": fill_placeholders(action.title, texts) if action.title else None,
        "do": fill_placeholders(action.do, texts),
        "priority": action.priority,
        "days": action.due_days,
        "due": None if action.due_days is None else (source.today + timedelta(days=action.due_days)).isoformat(),
        "owner": action.owner,
        "owner_name": edition.owners[action.owner],
        "effort": action.effort,
        "effort_days": action.effort_days,
        "gain": action.gain,
        "harm": action.harm,
        "breaches": list(action.breaches),
        "fails": action.sum_rank is not None,
        "sign": action.sign,
        "find_out": action.find_out,
        "held": action.held,
        # any of its questions; `mark_exportable_and_held` in plans/copies.py asks for all, before anything may travel
        "ordinary": not source.ordinary.isdisjoint(action.questions),
        "can_sign": not questions or any(can_raise_sign(question) for question in questions),
        "parts": [
            {
                "question": part.question,
                "title": fill_placeholders(part.title, texts) if part.title else None,
                "do": fill_placeholders(part.do, texts),
                **source.why(part.question),
            }
            for part in action.parts
        ],
    }


def _duty_data(judged: JudgedDuty, edition: Edition, assessed: EngineOutput, texts: Mapping[str, str]) -> Data:
    duty = judged.duty
    facts = {fact.id: fact for fact in edition.duty_book.facts}
    known = assessed.at_work if duty.id in DUTIES_TO_WORKERS else assessed.facts
    return {
        "id": duty.id,
        "title": duty.title,
        "jurisdiction": list(duty.jurisdiction),
        "heading": heading_of(judged),
        "verdict": judged.verdict,
        "status": duty.status,
        "force": duty.force,
        "due": judged.due,
        "overdue": judged.overdue,
        "must_do": [fill_placeholders(step.text, texts) for step in judged.must_do],
        "applies_to": fill_placeholders(duty.applies_to, texts),
        "key_number": fill_placeholders(duty.key_number, texts) if duty.key_number else None,
        "turned_on": [
            {"fact": fact, "ask": facts[fact].ask, "value_text": fact_text(facts[fact], known[fact])}
            for fact in judged.turned_on
        ],
        "waits_for": [{"fact": fact, "ask": facts[fact].ask} for fact in judged.waits_for],
        "source": duty.source,
        "url": duty.url,
        "source_as_of": duty.source_as_of,
        "in_force_from": duty.in_force_from,
        "evidence": duty.evidence,
        "reviewed_by": duty.reviewed_by,
        "reviewed_on": duty.reviewed_on,
        "approver": fill_placeholders(duty.approver, texts) if duty.approver else None,
        "publish": fill_placeholders(duty.publish, texts) if duty.publish else None,
        "consequence": fill_placeholders(duty.consequence, texts) if duty.consequence else None,
        "done": judged.done,
        **{
            key: fill_placeholders(text, texts) if (text := getattr(duty, key)) else None
            for key in ("line", "amount", "penalty", "read")
        },
    }


def make_record(
    edition: Edition,
    ref: EditionRef,
    inputs: EngineInput,
    assessed: EngineOutput,
    *,
    settings: DatedSettings,
    organisation: RecordOrganisation,
    operator: Operator,
    today: date,
    bought: PurchaseList | None = None,
    assistance: Sequence[Mapping[str, str]] = (),
) -> Data:
    """The record of a submission made on `today`, as plain JSON-able data (shape: docs/decisions/record.md)."""
    asked = quick_edition(edition) if inputs.quick else edition
    plan = assessed.plan
    ordinary = ordinary_questions(edition)
    seen = frozenset(
        name for name, state in question_states(asked, inputs.answers).items() if state is QuestionState.SHOWN
    )
    texts = settings.texts_in(organisation.area, operator.children_team)
    answers = answers_without_details(edition, inputs.answers)
    source = _TextSource(edition, answers, texts, ordinary, today)
    actions = [_action_data(index, action, source) for index, action in enumerate(plan.actions, 1)]
    questions = {question.id: question for question in edition.questions()}
    says = {check.id: check.says for check in edition.checks}
    # steps name an action by its question inside the engine and by its number in the plan on paper
    numbers = {action["question"]: str(action["id"]) for action in actions}
    content: Data = {
        "format": RECORD_FORMAT,
        "made_on": today.isoformat(),
        # for a year (docs/rules.md 7.1): the same span after which confidence falls
        "valid_until": add_months(today, 12).isoformat(),
        "quick": inputs.quick,
        "edition": {"bank": ref.bank, "title": edition.title, "number": ref.number, "digest": ref.digest},
        "engine": ENGINE_NUMBER,
        "organisation": {
            "name": organisation.name,
            "area": organisation.area,
            "postcode": organisation.postcode,
            "company_number": organisation.company_number,
        },
        "operator": {"name": operator.name, "contact": operator.contact, "complaints": operator.complaints},
        "sections": _sections_data(asked, inputs, assessed, ordinary, seen, texts),
        "charges": housing_charge_checks(asked),
        "evidence": sorted(inputs.evidence & seen),
        "dimensions": _dimensions_data(edition, assessed),
        "groups": _groups_data(edition, assessed),
        "result": result_as_data(assessed.result, None, None, ref),
        "actions": actions,
        "do_first": [
            {"what": step.what, "id": step.id if step.what == "duty" else numbers[step.id]} for step in plan.do_first
        ],
        "short_set": {
            "questions": list(plan.smallest_set.questions),
            "from_band": plan.smallest_set.from_band,
            "to_band": plan.smallest_set.to_band,
            "score_after": plan.smallest_set.score_after,
            "reason": plan.smallest_set.reason,
        },
        "buyer_view": {
            "exposure": assessed.buyer.exposure,
            "band": assessed.buyer.band,
            "bars": [{"groups": list(bar.groups), "name": bar.name, "step": bar.step} for bar in assessed.buyer.bars],
            "actions": [
                _action_data(number, action, source) for number, action in enumerate(assessed.buyer.actions, 1)
            ],
        },
        "people": _people(inputs),
        "strengths": [
            {
                "question": name,
                "ask": fill_placeholders(questions[name].ask, texts),
                "answer_text": answer_text(questions[name], answers.get(name)),
                "can_sign": questions[name].can_sign,
                "says": fill_placeholders(sentence, texts)
                if (sentence := good_answer_sentence(questions[name], answers.get(name), settings.scoring))
                else None,
            }
            for name in plan.strengths
        ],
        "duties": [_duty_data(judged, edition, assessed, texts) for judged in assessed.duties],
        "facts": dict(assessed.facts),
        "settings": [dict(row) for row in settings.basis],
        "contacts": _contacts_data(settings, organisation.area),
        "finding_texts": [
            {
                "id": finding.id,
                "says": fill_placeholders(says[finding.id], texts),
                "sign": finding.sign,
                "numbers": dict(finding.numbers),
            }
            for finding in assessed.result.fired_checks
        ],
    }
    # how (`mode`) and on which ISO day (`on`) a coordinator helped, under a key of its own if one did
    content |= _purchases_data(bought, assessed) | (
        {"together": [dict(one) for one in assistance]} if assistance else {}
    )
    free = free_text_answer_paths(edition, cast("list[Data]", content["sections"]))
    content |= {FREE_TEXT_KEY: free} if free else {}
    return {**content, "reference": content_reference(with_texts_removed(without_private_purchases(content), free))}


def _contacts_data(settings: DatedSettings, area: str) -> list[Data]:
    return [
        {
            "id": contact.id,
            "order": contact.order,
            "area": contact.area,
            "situation": contact.situation,
            "who": contact.who,
            "number": contact.number,
            "text_phone": contact.text_phone,
            "web": contact.web,
            "for_whom": contact.for_whom,
        }
        for contact in settings.contacts
        if contact.area in {None, area}
    ]


def _people(inputs: EngineInput) -> float | None:
    """How many people work there at the busiest time, where it is known."""
    number = inputs.answers.get("core_people_peak")
    return number if isinstance(number, (int, float)) else None


def _purchases_data(bought: PurchaseList | None, assessed: EngineOutput) -> Data:
    """What a business buys, under a key of its own if it said so; everything else is the same with and without."""
    if bought is None or not bought.purchases:
        return {}
    advice_first = bool(assessed.result.urgent_signs) or assessed.result.third_party
    return {"purchases": purchases_for_record(bought, advice_first=advice_first)}
