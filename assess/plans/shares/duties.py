"""The duties a buyer may see: those that turn only on what a company publishes of itself anyway.

By what a duty turns on, never by what was answered: a duty that turned on an answer would tell that answer, and one that is missing
would tell no less. Nothing of these is ever drawn while an urgent sign is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assess.engine.bank import DutyBook
from assess.engine.conditions import All, Any, Applies, AtLeastOf, Condition, Leaf, Not, Term
from assess.plans.copies import Record
from assess.plans.duty_lists import HEADINGS
from assess.plans.register.state import UNTOUCHED, ItemState, RegisterState

PUBLISHED = frozenset(
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
(decisions.md 8, “Facts from answers”) and none about the people who work there or how they live is among them."""

_TITLES: Mapping[str, str] = {
    **HEADINGS,
    "must": "The law asks this of it",
    "ask_adviser": "For it to ask an adviser about: source not re-read",
    "context": "Good to know: duties of others that touch it",
}
"""The headings, where the reader is not the one who has the duty."""

_COUNTED = frozenset({"must", "likely", "expected"})
"""In force and asked of this business: under the other headings nothing is to be done yet, or not by it."""


@dataclass(frozen=True, slots=True)
class SharedDuty:
    """One duty that applies. `heading` is an id of `duty_lists.HEADINGS`; `due` an ISO date or None. `done`: the business says so."""

    id: str
    title: str
    heading: str
    due: str | None
    done: bool

    @property
    def counts(self) -> bool:
        """Whether it is to be done by a day, so that the plan can say that it is done."""
        return self.due is not None and self.heading in _COUNTED


def shared_duties(record: Record, book: DutyBook, state: RegisterState) -> tuple[SharedDuty, ...]:
    """The duties of a record that apply and that a buyer may see, in file order."""
    allowed = shareable_duties(book)
    return tuple(
        SharedDuty(
            id=duty["id"],
            title=duty["title"],
            heading=duty["heading"],
            due=duty["due"],
            done=_is_done(state.get(duty["id"], UNTOUCHED)),
        )
        for duty in record["duties"]
        if duty["verdict"] == "applies" and duty["id"] in allowed
    )


def shareable_duties(book: DutyBook) -> frozenset[str]:
    """The ids of duties that turn on at least one fact, and on published ones alone, however far away."""
    conditions: Mapping[str, Condition] = {duty.id: duty.when for duty in book.duties}
    turns_on = {name: frozenset(_facts(when, book.terms, conditions)) for name, when in conditions.items()}
    derived = frozenset(fact.id for fact in book.facts if fact.sources)
    return frozenset(name for name, facts in turns_on.items() if facts and facts <= PUBLISHED - derived)


def by_heading(duties: Sequence[SharedDuty]) -> tuple[tuple[str, tuple[SharedDuty, ...]], ...]:
    """The duties under the titles of their headings, in the order in which those are printed."""
    places = {name: place for place, name in enumerate(HEADINGS)}
    ordered = sorted(duties, key=lambda duty: places[duty.heading])
    return tuple((_TITLES[name], tuple(some)) for name, some in groupby(ordered, key=lambda duty: duty.heading))


def _facts(condition: Condition, terms: Mapping[str, Condition], duties: Mapping[str, Condition]) -> Iterator[str]:
    match condition:
        case Leaf(subject):
            yield subject
        case Term(name):
            yield from _facts(terms[name], terms, duties)
        case Applies(duty):
            yield from _facts(duties[duty], terms, duties)
        case Not(part):
            yield from _facts(part, terms, duties)
        case All(parts) | Any(parts) | AtLeastOf(_, parts):
            for part in parts:
                yield from _facts(part, terms, duties)
        case _:
            return


def _is_done(said: ItemState) -> bool:
    return said.response == "already_done" or said.status == "done"
