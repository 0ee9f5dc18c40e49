"""A record turned into the view model that templates print, for the screen and for paper. Wording and order only; nothing is computed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assess.engine.result_json import without_private_purchases
from assess.plans.action_tracker.state import EMPTY_STATE, UNTOUCHED, ItemState, TrackerState
from assess.plans.actions import (
    ActionList,
    ActionProgress,
    PlanItem,
    Steps,
    action_list_of,
    notification_safe_items,
    progress_of,
    steps_of,
)
from assess.plans.annex import Annex, PrintedSignOff, SignOffPage, SignSheet, annex_of, sign_off_page_of, sign_sheet_of
from assess.plans.copies import (
    Record,
    business_record,
    has_urgent_sign,
    mark_exportable_and_held,
    ordinary_questions_of_record,
)
from assess.plans.first_page import (
    Headline,
    HelpContacts,
    PlanHead,
    Rating,
    head_of,
    headline_of,
    help_contacts_of,
    rating_of,
)
from assess.plans.law import DutyLists, Law, duty_lists_of, law_of
from assess.plans.pay_sums import PaySums, pay_sums_of
from assess.plans.purchases import PlanPurchases, purchases_of
from assess.plans.score_breakdown import ScoreBreakdown, score_breakdown_of
from assess.plans.words import answer_text

MAX_STRENGTHS = 9
MAX_FIRST_ACTIONS = 3

PlanCopy = Literal["business", "large", "coordinator"]
"""The copies that hold the whole plan."""


@dataclass(frozen=True, slots=True)
class Strength:
    """`says`: the bank's sentence in "we" for this answer; empty where it has none."""

    ask: str
    answer: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Strengths:
    """What goes well: everyday answers alone. Of a sign question neither praise nor silence may tell."""

    answers: tuple[Strength, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The whole plan of a business. `urgent`: advice is needed today, so the first page carries only that.

    `code` is the check code, None where no service made the copy.

    `first` are the three things to do first of those that are not closed yet. `headline` is none for a record of engine 1; with one, `urgent` says
    that advice comes first. `pay` are the pay sums, empty for a record of engine 1.
    """

    copy: PlanCopy
    code: str | None
    head: PlanHead
    help: HelpContacts
    urgent: bool
    rating: Rating
    score_breakdown: ScoreBreakdown
    action_list: ActionList
    first: tuple[PlanItem, ...]
    progress: ActionProgress
    steps: Steps
    duties: DutyLists
    law: Law | None
    purchases: PlanPurchases | None
    strengths: Strengths
    annex: Annex
    sign_off: SignOffPage
    signs: SignSheet | None
    headline: Headline | None
    pay: PaySums

    @property
    def title(self) -> str:
        name = "Coordinator’s copy" if self.copy == "coordinator" else "Action plan"
        return f"{name} for {self.head.organisation}{' (large print)' if self.copy == 'large' else ''}"


def business_plan(
    record: Record,
    state: TrackerState = EMPTY_STATE,
    copy: Literal["business", "large"] = "business",
    code: str | None = None,
    signed: PrintedSignOff | None = None,
) -> PlanPage:
    """The copy of the business, in one of its two sizes. `state` is what it made of its actions since."""
    return _plan(copy, record, business_record(record), state, code, signed)


def coordinator_plan(
    record: Record, state: TrackerState = EMPTY_STATE, code: str | None = None, signed: PrintedSignOff | None = None
) -> PlanPage:
    """The copy for a coordinator: everything, signs and notes included, but whom the business buys from."""
    marked = mark_exportable_and_held(without_private_purchases(record))
    return _plan("coordinator", record, marked, state, code, signed)


def _plan(
    copy: PlanCopy, whole: Record, record: Record, state: TrackerState, code: str | None, signed: PrintedSignOff | None
) -> PlanPage:
    """`record` is as much of the `whole` one as this copy may hold."""
    action_list = action_list_of(record, state)
    headline = None if whole["engine"] == 1 else headline_of(whole)  # a record of engine 1 keeps the words of its day
    by_id = {item.id: item for item in action_list.items}
    steps = [by_id[step["id"]] for step in record["do_first"] if step["id"] in by_id]
    return PlanPage(
        copy=copy,
        code=code,
        head=head_of(record),
        help=help_contacts_of(record),
        urgent=has_urgent_sign(whole) if headline is None else headline.alone,
        rating=rating_of(record),
        score_breakdown=score_breakdown_of(record),
        action_list=action_list,
        first=tuple(item for item in steps if not item.state.is_closed)[:MAX_FIRST_ACTIONS],
        progress=progress_of(action_list.items),
        steps=steps_of(record, state),
        duties=duty_lists_of(record),
        law=law_of(record),
        purchases=purchases_of(record),
        strengths=strengths_of(record, ordinary_questions_of_record(whole)),
        annex=annex_of(record),
        sign_off=sign_off_page_of(code, copy, signed),
        signs=sign_sheet_of(whole) if copy == "coordinator" else None,
        headline=headline,
        pay=pay_sums_of(record),
    )


def strengths_of(record: Mapping[str, Any], ordinary: Collection[str]) -> Strengths:
    """What goes well, short: the first good answers to ordinary questions, and how many more there are."""
    good = [row for row in record["strengths"] if row["question"] in ordinary]
    return Strengths(
        answers=tuple(
            Strength(row["ask"], answer_text(row["answer_text"]), row.get("says") or "") for row in good[:MAX_STRENGTHS]
        ),
        more=max(0, len(good) - MAX_STRENGTHS),
    )


MAX_WALL_ACTIONS = 5
"""So many actions fit on one page in large type, and people can keep so many in mind."""

_TYPE_SIZES = ((420, 18), (770, 16), (math.inf, 13))
"""Characters of all actions together, and the points at which they fit beside a long name of a business. Tried out with each bank."""


@dataclass(frozen=True, slots=True)
class WallLine:
    do: str
    due: str


@dataclass(frozen=True, slots=True)
class WallPage:
    """All that hangs on the wall. `more` counts the open actions that might hang there and found no place."""

    organisation: str
    made_on: str
    lines: tuple[WallLine, ...]
    more: int
    help: HelpContacts

    @property
    def points(self) -> int:
        """The size of the actions in points: the largest at which all of them fit on the page."""
        length = sum(len(line.do) for line in self.lines)
        return next(size for most, size in _TYPE_SIZES if length <= most)


def wall_page_of(record: Mapping[str, Any], state: TrackerState = EMPTY_STATE) -> WallPage:
    """The wall version of a record: the ordinary open actions that fall due first, in the order that ordinary answers alone give.

    Of a record of engine 1, whose order knew of every answer, as they are asked.
    """
    open_ones = [item for item in _displayable_actions(record, state) if item.due_date and not item.state.is_closed]
    first = record["engine"] == 1
    ordered = sorted(open_ones, key=lambda item: (item.due_date or "", (item.question_number or 0) if first else 0))
    return WallPage(
        organisation=record["organisation"]["name"],
        made_on=record["made_on"],
        lines=tuple(WallLine(item.name, item.due_date or "") for item in ordered[:MAX_WALL_ACTIONS]),
        more=max(0, len(ordered) - MAX_WALL_ACTIONS),
        help=help_contacts_of(record),
    )


def state_for_wall_page(record: Mapping[str, Any], state: TrackerState) -> TrackerState:
    """As much of the state as the wall shows; it gives the same page as the whole state."""
    shown = {
        item.state_key: ItemState(status="done") if item.state.is_closed else ItemState(due=item.state.due)
        for item in _displayable_actions(record, state)
    }
    return {key: item for key, item in shown.items() if item != UNTOUCHED}


def _displayable_actions(record: Mapping[str, Any], state: TrackerState) -> list[PlanItem]:
    """Actions alone: a duty has its day from the law, and is no step for those who pass."""
    shown = notification_safe_items(action_list_of(business_record(record), state), record)
    return [item for item in shown if item.what == "action"]
