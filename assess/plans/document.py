"""A submission's record turned into what the templates print: one tree for the screen and for paper.

Nothing is computed here but wording and order. The business copy is drawn from a record without signs, so that no
template could print one; only the coordinator's has a sheet of signs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assess.engine.purchase_data import as_it_travels
from assess.plans.actions import Item, Register, register_of
from assess.plans.annex import Annex, annex_of
from assess.plans.buying.story import Buying, buying_of
from assess.plans.copies import Record, business_record, has_urgent_sign, ordinary_questions, with_ordinary
from assess.plans.duty_lists import DutyLists, duty_lists_of
from assess.plans.first_page import Head, Help, Rating, head_of, help_of, rating_of
from assess.plans.law_rows import Law, law_of
from assess.plans.pay_sums import PaySums, pay_sums_of
from assess.plans.progress import Progress, progress_of
from assess.plans.register.state import NOTHING_YET, RegisterState
from assess.plans.sign_off import Signed, SignOff, sign_off_of
from assess.plans.signs import SignSheet, sign_sheet_of
from assess.plans.steps import Steps, steps_of
from assess.plans.sums import Statement, statement_of
from assess.plans.verdict import Verdict, verdict
from assess.plans.words import joined

MOST_STRENGTHS = 8
FIRST = 3

PlanCopy = Literal["business", "large", "coordinator"]
"""The copies that hold the whole plan."""


@dataclass(frozen=True, slots=True)
class Strength:
    """One thing that is in place already: what was asked and what is done."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class Strengths:
    """What goes well: everyday answers alone. Of a sign question neither praise nor silence may tell."""

    answers: tuple[Strength, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan of a business. `urgent`: advice is needed today, so the first page carries only that.

    `code` is the check code, None where no service made the copy.

    `first` are the three things to do first of those that are not settled yet. `verdict` is none for a record of engine 1; with one, `urgent` says
    that advice comes first. `pay` are the pay sums, empty for a record of engine 1.
    """

    copy: PlanCopy
    code: str | None
    head: Head
    help: Help
    urgent: bool
    rating: Rating
    statement: Statement
    register: Register
    first: tuple[Item, ...]
    progress: Progress
    steps: Steps
    duties: DutyLists
    law: Law | None
    buying: Buying | None
    strengths: Strengths
    annex: Annex
    sign_off: SignOff
    signs: SignSheet | None
    verdict: Verdict | None
    pay: PaySums

    @property
    def title(self) -> str:
        """The title of the document and its main heading."""
        name = "Coordinator’s copy" if self.copy == "coordinator" else "Action plan"
        return f"{name} for {self.head.organisation}{' (large print)' if self.copy == 'large' else ''}"


def business_plan(
    record: Record,
    state: RegisterState = NOTHING_YET,
    copy: Literal["business", "large"] = "business",
    code: str | None = None,
    signed: Signed | None = None,
) -> Plan:
    """The copy of the business, in one of its two sizes. `state` is what it made of its actions since."""
    said = _verdict(record)
    return _plan(
        copy,
        business_record(record),
        state,
        code,
        said,
        urgent=_urgent(record, said),
        signs=None,
        signed=signed,
        ordinary=ordinary_questions(record),
    )


def coordinator_plan(
    record: Record, state: RegisterState = NOTHING_YET, code: str | None = None, signed: Signed | None = None
) -> Plan:
    """The copy for a coordinator: everything, signs and notes included, but whom the business buys from."""
    marked = with_ordinary(as_it_travels(record))
    said = _verdict(record)
    return _plan(
        "coordinator",
        marked,
        state,
        code,
        said,
        urgent=_urgent(record, said),
        signs=sign_sheet_of(record),
        signed=signed,
        ordinary=ordinary_questions(record),
    )


def _verdict(record: Record) -> Verdict | None:
    """The verdict of a whole record; none under engine 1, whose words stay."""
    return None if record["engine"] == 1 else verdict(record)


def _urgent(record: Record, said: Verdict | None) -> bool:
    return has_urgent_sign(record) if said is None else said.alone


def _plan(
    copy: PlanCopy,
    record: Record,
    state: RegisterState,
    code: str | None,
    said: Verdict | None,
    *,
    urgent: bool,
    signs: SignSheet | None,
    signed: Signed | None,
    ordinary: Collection[str],
) -> Plan:
    head, register = head_of(record), register_of(record, state)
    return Plan(
        copy=copy,
        code=code,
        head=head,
        help=help_of(record),
        urgent=urgent,
        rating=rating_of(record),
        statement=statement_of(record),
        register=register,
        first=_first_open(record, register),
        progress=progress_of(register.items),
        steps=steps_of(record, state),
        duties=duty_lists_of(record),
        law=law_of(record),
        buying=buying_of(record),
        strengths=strengths_of(record, ordinary),
        annex=annex_of(record),
        sign_off=sign_off_of(code, copy, signed),
        signs=signs,
        verdict=said,
        pay=pay_sums_of(record),
    )


def _first_open(record: Record, register: Register) -> tuple[Item, ...]:
    by_id = {item.id: item for item in register.items}
    steps = [by_id[step["id"]] for step in record["do_first"] if step["id"] in by_id]
    return tuple(item for item in steps if not item.state.settled)[:FIRST]


def strengths_of(record: Mapping[str, Any], ordinary: Collection[str]) -> Strengths:
    """What goes well, short: the first good answers to ordinary questions, and how many more there are."""
    good = [row for row in record["strengths"] if row["question"] in ordinary]
    return Strengths(
        answers=tuple(Strength(row["ask"], joined(row["answer_text"])) for row in good[:MOST_STRENGTHS]),
        more=max(0, len(good) - MOST_STRENGTHS),
    )
