"""The frozen copy that a share shows: built field by field from what may be shared, stored as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any, Literal

from assess.engine.bank import Check, DutyBook, Edition
from assess.engine.conditions import Applies, Condition, Leaf, Term, condition_subjects, innermost_conditions
from assess.engine.question_types import QUESTION_TYPES
from assess.plans.action_tracker.state import (
    GRADE_LABELS,
    PROOF_KIND_LABELS,
    UNTOUCHED,
    EvidenceNote,
    ItemState,
    TrackerState,
    label_of,
    owner_roles,
)
from assess.plans.annex import PrintedSignOff
from assess.plans.buyer_view import LANGUAGES_AND_VISAS, RecordedBuyerAction, RecordedBuyerBar, buyer_view_of
from assess.plans.copies import BuyerAction, BuyerCopy, Record, buyer_copy
from assess.plans.first_page import help_contacts_of
from assess.plans.law import DUTY_HEADINGS
from assess.plans.print_html import render_print_template
from assess.plans.purchases import BuyerPurchase, BuyerPurchases
from assess.plans.words import answer_text, format_day
from assess.sharing.models import ShareScope

NEVER_SHARED = LANGUAGES_AND_VISAS | {"core_worker_types"}
"""Ordinary, and never shared: what tells of languages, visas, or how the people who work there are employed."""

"""Kinds of questions whose answer is picked or counted. Rows of a table and typed words may name people and firms."""


def shareable_questions(record: Record, edition: Edition) -> frozenset[str]:
    """Questions whose answers a buyer may see when the business says so.

    Left out: all that are not ordinary, those about languages and visas, tables and typed words, and every question that a sum or a
    comparison over several answers looks at: several harmless answers together could spell out a grave one.
    """
    summed = frozenset(name for check in edition.checks for name in _check_inputs(check))
    picked = frozenset(question.id for question in edition.questions() if QUESTION_TYPES[question.type].shareable)
    return (frozenset(buyer_view_of(record, edition).questions) & picked) - summed - NEVER_SHARED


def _check_inputs(check: Check) -> Iterator[str]:
    yield from check.inputs.values()
    for condition in (check.when, check.unless):
        if condition is not None:
            yield from condition_subjects(condition)


COPY_FORMAT = 2
"""Of what is stored. What was frozen in another one is made anew before it is shown (`services.upgrade_shared_copies`)."""

NO_DATE = "9999-12-31"
"""Where what is due later stands among dates."""


class OutdatedFormatError(Exception):
    """A copy as an earlier release froze it."""


SharedActionStatus = Literal["proposed", "planned", "done", "not_planned"]
ACTION_STATUS_TEXTS: Mapping[str, str] = {
    "proposed": "proposed, not answered yet",
    "planned": "planned",
    "done": "done",
    "not_planned": "not planned: ask the business why",
}


@dataclass(frozen=True, slots=True)
class SharedAction:
    """An ordinary step as the business plans it. `due` is an ISO date, None later. `owner` is a job, never a name.

    `at_once`: it was to be begun on the day itself, and the business has set no other date. `parts`: what it is made of, in short.
    `proofs`: what kind of proof is noted and from when, in our words alone; empty unless the scope shows it.
    """

    do: str
    parts: tuple[str, ...]
    due: str | None
    at_once: bool
    owner: str
    status: SharedActionStatus
    proofs: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return ACTION_STATUS_TEXTS[self.status]


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """One answer. `proof`: whether proof is at hand; None unless the scope shows it."""

    section: str
    ask: str
    answer: str
    proof: bool | None = None


@dataclass(frozen=True, slots=True)
class SharedCopy:
    """All that one share shows. `plan`, `answers` and `duties` are None where the scope does not hold them, and only there."""

    scope: ShareScope
    buyer_copy: BuyerCopy
    plan: tuple[SharedAction, ...] | None = None
    answers: tuple[SharedAnswer, ...] | None = None
    duties: tuple[SharedDuty, ...] | None = None

    @property
    def duties_by_heading(self) -> tuple[tuple[str, tuple[SharedDuty, ...]], ...]:
        return group_by_heading(self.duties or ())

    @property
    def done(self) -> int:
        return sum(action.status == "done" for action in self.plan or ())

    @property
    def answers_by_section(self) -> tuple[tuple[str, tuple[SharedAnswer, ...]], ...]:
        groups = groupby(self.answers or (), key=lambda answer: answer.section)
        return tuple((title, tuple(answers)) for title, answers in groups)


def make_shared_copy(record: Record, edition: Edition, state: TrackerState, scope: ShareScope) -> SharedCopy:
    """The copy of a submission as a buyer sees it. `state` is what the business made of its actions."""
    return SharedCopy(
        scope,
        buyer_copy(record, edition),
        plan=shared_plan_of(record, edition, state, scope),
        answers=_shared_answers(record, edition, scope) if scope.shows(ShareScope.ANSWERS) else None,
        duties=shared_duties(record, edition.duty_book, state) if scope.shows(ShareScope.PLAN) else None,
    )


def narrow_shared_copy(shared: SharedCopy, scope: ShareScope) -> SharedCopy:
    """The same copy with less in it. Nothing is ever added."""
    plan, answers = shared.plan, shared.answers
    if not scope.shows(ShareScope.EVIDENCE):
        plan = plan and tuple(replace(action, proofs=()) for action in plan)
        answers = answers and tuple(replace(answer, proof=None) for answer in answers)
    return SharedCopy(
        scope,
        shared.buyer_copy,
        plan=plan if scope.shows(ShareScope.PLAN) else None,
        answers=answers if scope.shows(ShareScope.ANSWERS) else None,
        duties=shared.duties if scope.shows(ShareScope.PLAN) else None,
    )


def shared_plan_of(
    record: Record, edition: Edition, state: TrackerState, scope: ShareScope
) -> tuple[SharedAction, ...] | None:
    """The ordinary steps as the business plans them, by date; None where the scope does not hold them."""
    if not scope.shows(ShareScope.PLAN):
        return None
    jobs = frozenset(owner_roles(edition))
    actions = buyer_view_of(record, edition).actions
    rows = [_shared_action(action, state.get(action.key, UNTOUCHED), jobs, scope) for action in actions]
    return tuple(sorted(rows, key=lambda row: row.due or NO_DATE))


def _shared_action(
    action: RecordedBuyerAction, state: ItemState, jobs: frozenset[str], scope: ShareScope
) -> SharedAction:
    return SharedAction(
        do=action.do,
        parts=action.parts,
        due=state.due or action.due,
        at_once=action.at_once and not state.due,
        # a name the business typed may be a person's: only a job from the bank's own list leaves the house
        owner=state.owner if state.owner in jobs else action.owner,
        status=_action_status(state),
        # decided when it is made: what a scope does not show is not in the copy at all
        proofs=tuple(_proof_text(note) for note in state.notes) if scope.shows(ShareScope.EVIDENCE) else (),
    )


def _action_status(state: ItemState) -> SharedActionStatus:
    if state.response == "will_not":
        return "not_planned"
    if state.is_done:
        return "done"
    return "planned" if state.response == "accepted" or state.status == "under_way" else "proposed"


def _proof_text(note: EvidenceNote) -> str:
    """What kind, from when, how far it was looked at. Never its title: those are the business's own words."""
    dated = f"dated {format_day(note.dated)}" if note.dated else ""
    until = f"good until {format_day(note.good_until)}" if note.good_until else ""
    parts = (label_of(PROOF_KIND_LABELS, note.kind, "A proof"), dated, until, label_of(GRADE_LABELS, note.grade))
    return "; ".join(part for part in parts if part)


def _shared_answers(record: Record, edition: Edition, scope: ShareScope) -> tuple[SharedAnswer, ...]:
    may = shareable_questions(record, edition)
    proven = frozenset(record["evidence"])
    shows_proof = scope.shows(ShareScope.EVIDENCE)
    return tuple(
        SharedAnswer(
            section=section["title"],
            ask=question["ask"],
            answer=answer_text(question["answer_text"]) or "Not answered",
            proof=question["id"] in proven if shows_proof else None,
        )
        for section in record["sections"]
        for question in section["questions"]
        if question["id"] in may
    )


def shared_copy_to_json(shared: SharedCopy) -> dict[str, Any]:
    """As it is frozen: some keys have other names than the fields, for they are older and stay."""
    stored = asdict(shared)
    copy = stored.pop("buyer_copy")
    copy["buying"] = copy.pop("purchases")
    for action in stored["plan"] or ():
        action["stands"] = action.pop("status")
    return {"format": COPY_FORMAT, **stored, "scope": shared.scope.value, "copy": copy}


def shared_copy_from_json(document: Mapping[str, Any]) -> SharedCopy:
    """Raises OutdatedFormatError when it was frozen in an earlier format, which nobody is shown any more."""
    if document["format"] != COPY_FORMAT:
        raise OutdatedFormatError
    return SharedCopy(
        scope=ShareScope(document["scope"]),
        buyer_copy=_buyer_copy_from_json(document["copy"]),
        plan=_rows_from_json(document["plan"], _shared_action_from_json),
        answers=_rows_from_json(document["answers"], lambda row: SharedAnswer(**row)),
        duties=_rows_from_json(document["duties"], lambda row: SharedDuty(**row)),
    )


def _shared_action_from_json(row: Mapping[str, Any]) -> SharedAction:
    known = {key: value for key, value in row.items() if key != "stands"}
    return SharedAction(**{**known, **_as_tuples(row, "parts", "proofs"), "status": row["stands"]})


def _rows_from_json(rows: Any, make: Any) -> tuple[Any, ...] | None:  # noqa: ANN401  # JSON is anything
    return None if rows is None else tuple(make(row) for row in rows)


def _as_tuples(row: Mapping[str, Any], *names: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(row[name]) for name in names}


def _buyer_copy_from_json(stored: Mapping[str, Any]) -> BuyerCopy:
    purchases = stored["buying"]
    return BuyerCopy(
        **{
            **{key: value for key, value in stored.items() if key != "buying"},
            "bars": tuple(RecordedBuyerBar(**bar) for bar in stored["bars"]),
            "actions": tuple(BuyerAction(**{**row, **_as_tuples(row, "parts")}) for row in stored["actions"]),
            "purchases": purchases
            and BuyerPurchases(
                **{**purchases, "purchases": tuple(BuyerPurchase(**bought) for bought in purchases["purchases"])}
            ),
        }
    )


PUBLISHED_FACTS = frozenset(
    [
        "operates_in",
        "legal_form",
        "supplies_goods_or_services",
        "incorporated_in",
        "is_group_member",
        "has_subsidiaries",
        "parent_statement_covers_us",
        "turnover_gbp_incl_subsidiaries",
        "turnover_gbp",
        "employees_company_or_group",
        "employees_worldwide",
        "is_small_or_medium_company",
        "is_traded_company",
        "is_quoted_company",
        "is_bank_or_insurer",
        "produces_sells_distributes_or_imports_goods",
        "is_retail_seller_or_manufacturer",
        "is_listed_canada",
        "revenue_aud_consolidated",
        "assets_cad",
        "revenue_cad",
        "employees_avg_consolidated",
        "employees_de",
        "employees_fr_group",
        "revenue_nok",
        "balance_nok",
        "fte_avg",
        "balance_chf",
        "revenue_chf",
        "turnover_eur_worldwide",
        "turnover_eur_in_eu",
        "gross_receipts_usd_worldwide",
        "revenue_nzd",
    ]
)
"""What stands in a company's accounts, its register of companies and its annual report. No fact that is read from answers
(docs/rules.md 6.1) and none about the people who work there or how they live is among them."""

_HEADING_TITLES: Mapping[str, str] = {
    **DUTY_HEADINGS,
    "must": "The law asks this of it",
    "ask_adviser": "For it to ask an adviser about: source not re-read",
    "context": "Good to know: duties of others that touch it",
}
"""The headings, where the reader is not the one who has the duty."""

_COUNTED_HEADINGS = frozenset({"must", "likely", "expected"})
"""In force and asked of this business: under the other headings nothing is to be done yet, or not by it."""


@dataclass(frozen=True, slots=True)
class SharedDuty:
    """One duty that applies. `heading` is an id of `law.DUTY_HEADINGS`; `due` an ISO date or None. `done`: the business says so."""

    id: str
    title: str
    heading: str
    due: str | None
    done: bool

    @property
    def counts(self) -> bool:
        """Whether it is to be done by a day, so that the plan can say that it is done."""
        return self.due is not None and self.heading in _COUNTED_HEADINGS


def shared_duties(record: Record, book: DutyBook, state: TrackerState) -> tuple[SharedDuty, ...]:
    """The duties of a record that apply and that a buyer may see, in file order."""
    allowed = shareable_duties(book)
    return tuple(
        SharedDuty(
            id=duty["id"],
            title=duty["title"],
            heading=duty["heading"],
            due=duty["due"],
            done=state.get(duty["id"], UNTOUCHED).is_done,
        )
        for duty in record["duties"]
        if duty["verdict"] == "applies" and duty["id"] in allowed
    )


def shareable_duties(book: DutyBook) -> frozenset[str]:
    """The ids of duties that turn on at least one fact, and on published ones alone, however far away."""
    conditions: Mapping[str, Condition] = {duty.id: duty.when for duty in book.duties}
    turns_on = {name: frozenset(_condition_facts(when, book.terms, conditions)) for name, when in conditions.items()}
    derived = frozenset(fact.id for fact in book.facts if fact.sources)
    return frozenset(name for name, facts in turns_on.items() if facts and facts <= PUBLISHED_FACTS - derived)


def group_by_heading(duties: Sequence[SharedDuty]) -> tuple[tuple[str, tuple[SharedDuty, ...]], ...]:
    places = {name: place for place, name in enumerate(DUTY_HEADINGS)}
    ordered = sorted(duties, key=lambda duty: places[duty.heading])
    return tuple((_HEADING_TITLES[name], tuple(some)) for name, some in groupby(ordered, key=lambda duty: duty.heading))


def _condition_facts(
    condition: Condition, terms: Mapping[str, Condition], duties: Mapping[str, Condition]
) -> Iterator[str]:
    for part in innermost_conditions(condition):
        match part:
            case Leaf(subject):
                yield subject
            case Term(name):
                yield from _condition_facts(terms[name], terms, duties)
            case Applies(duty):
                yield from _condition_facts(duties[duty], terms, duties)
            case _:
                continue


def shared_copy_html(shared: SharedCopy, record: Record, code: str, signed: PrintedSignOff | None = None) -> str:
    """The whole document. Of the record only its numbers to call are read: everything else stands in the frozen copy."""
    return render_print_template(
        "sharing/shared_copy_print.html", shared=shared, code=code, signed=signed, help=help_contacts_of(record)
    )
