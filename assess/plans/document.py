"""A submission's record turned into what the templates print: one tree for the screen and for paper.

Nothing is computed here but wording and order. The business copy is drawn from a record without signs, so that no
template could print one; only the coordinator's has a sheet of signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assess.engine.purchase_data import as_it_travels
from assess.plans.actions import Item, Register, register_of
from assess.plans.annex import Annex, annex_of
from assess.plans.buying.story import Buying, buying_of
from assess.plans.copies import Record, business_record, has_urgent_sign, with_ordinary
from assess.plans.duty_lists import DutyLists, duty_lists_of
from assess.plans.first_page import Head, Help, Rating, head_of, help_of, rating_of
from assess.plans.law_rows import Law, law_of
from assess.plans.progress import Progress, progress_of
from assess.plans.register.state import NOTHING_YET, RegisterState
from assess.plans.sign_off import Signed, SignOff, sign_off_of
from assess.plans.signs import SignSheet, sign_sheet_of
from assess.plans.steps import Steps, steps_of
from assess.plans.sums import Statement, statement_of
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
    """What goes well: whole themes without a gap, and single answers from the others."""

    whole: tuple[str, ...]
    single: tuple[Strength, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan of a business. `urgent`: advice is needed today, so the first page carries only that.

    `code` is the check code, None where no service made the copy.

    `first` are the three things to do first of those that are not settled yet.
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
    return _plan(copy, business_record(record), state, code, urgent=has_urgent_sign(record), signs=None, signed=signed)


def coordinator_plan(
    record: Record, state: RegisterState = NOTHING_YET, code: str | None = None, signed: Signed | None = None
) -> Plan:
    """The copy of the coordinator on duty: everything, signs and notes included, but whom the business buys from."""
    marked = with_ordinary(as_it_travels(record))
    urgent = has_urgent_sign(record)
    return _plan("coordinator", marked, state, code, urgent=urgent, signs=sign_sheet_of(record), signed=signed)


def _plan(
    copy: PlanCopy,
    record: Record,
    state: RegisterState,
    code: str | None,
    *,
    urgent: bool,
    signs: SignSheet | None,
    signed: Signed | None,
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
        strengths=strengths_of(record),
        annex=annex_of(record),
        sign_off=sign_off_of(code, copy, signed),
        signs=signs,
    )


def _first_open(record: Record, register: Register) -> tuple[Item, ...]:
    by_id = {item.id: item for item in register.items}
    steps = [by_id[step["id"]] for step in record["do_first"] if step["id"] in by_id]
    return tuple(item for item in steps if not item.state.settled)[:FIRST]


def strengths_of(record: Mapping[str, Any]) -> Strengths:
    """What goes well, short: themes without any gap by name, and the first answers of the others."""
    whole = {area["id"]: area["name"] for area in record["dimensions"] if area["points"] == 0}
    asked = {question["id"]: question for section in record["sections"] for question in section["questions"]}
    single = [row for row in record["strengths"] if asked[row["question"]]["dimension"] not in whole]
    return Strengths(
        whole=tuple(whole.values()),
        single=tuple(Strength(row["ask"], joined(row["answer_text"])) for row in single[:MOST_STRENGTHS]),
        more=max(0, len(single) - MOST_STRENGTHS),
    )
