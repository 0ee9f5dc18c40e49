"""What stands on which page of the printed plan: rows are counted and measured here, so that no plan has more than eight pages.

Type never shrinks. What does not fit moves on: from page 2 to page 3, from there into one line; the law into “and more”.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from assess.engine.due_dates import add_months
from assess.plans.action_tracker.phrases import due_words, owner_words, state_words
from assess.plans.actions import ActionList, PlanItem, is_touched
from assess.plans.copies import BuyerCopy, buyer_copy, ordinary_questions_of_record
from assess.plans.first_page import HelpContact
from assess.plans.law import LawRow, source_date_text
from assess.plans.months import Month, months_in_words, twelve_months
from assess.plans.plan_page import PlanPage
from assess.plans.purchases import PlanPurchases
from assess.plans.risk_position import RiskPosition, risk_position_of
from assess.plans.words import (
    add_days,
    exact_decimal,
    first_lower,
    format_day,
    plain_number,
    questions_of,
    round_half_up,
)

DAYS_OF_PAGE_TWO = 30
MOST_STEPS = 10
"""On each of the two pages of steps."""
MOST_PARTS = 8
MOST_LAW_ROWS, MOST_COMING = 18, 3
MOST_LAW_DATES = 5
MOST_COSTLY = 5
MOST_CONTACTS = 9
BEGUN_WITH_PURCHASES = "You have begun this: see “What you buy” in the annex"
LONGEST_TYPED = 40
"""Characters of a name somebody typed, on the pages of steps."""

_HEIGHT = 262.0
"""Of the print area, in millimetres; all measures below are so."""
_LINE, _SMALL_LINE, _ROW_GAP, _HEADING, _PAGE_HEADING = 5.05, 4.4, 2.6, 9.0, 17.0
_STEP_CHARACTERS, _SMALL_STEP_CHARACTERS, _NARROW_CHARACTERS = 54, 62, 13
"""So many characters are sure to fit on a line of a step, of the small print below it, and of who and by when."""
_STRIP = 38.0
_WAITING_ROW = 25.0


@dataclass(frozen=True, slots=True)
class PrintedStep:
    """A line to tick. `look_for`: the parts of a step that is made of several; `state`: what was decided about it so far."""

    number: int
    do: str
    look_for: str
    who: str
    by: str
    show: str
    state: str

    @property
    def height(self) -> float:
        words = sum(_lines(text, _STEP_CHARACTERS) for text in (self.do, self.look_for)) * _LINE
        small = sum(_lines(text, _SMALL_STEP_CHARACTERS) for text in (self.show, self.state)) * _SMALL_LINE
        narrow = max(_lines(text, _NARROW_CHARACTERS) for text in (self.who, self.by)) * _SMALL_LINE
        return max(words + small, narrow) + _ROW_GAP


@dataclass(frozen=True, slots=True)
class PrintedSteps:
    """The steps of pages 2 and 3. `until`: the ISO date to which the first go; `after` by their date, None for later; `left`: those without a line.

    `joined`: both fit on one page. `done` and `refused` are the numbers of what is closed.
    """

    until: str
    first: tuple[PrintedStep, ...]
    after: tuple[tuple[str | None, tuple[PrintedStep, ...]], ...]
    left: int
    joined: bool
    done: tuple[int, ...]
    refused: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Months:
    """Twelve calendar months from that of the answers. `law_dates` are ISO dates and what the law asks by then."""

    today: date
    months: tuple[Month, ...]
    law_dates: tuple[tuple[str, str], ...]

    @property
    def alt_text(self) -> str:
        return months_in_words(self.months, [f"{format_day(day)} {first_lower(what)}" for day, what in self.law_dates])


@dataclass(frozen=True, slots=True)
class PrintedLaw:
    """`groups`: titles and rows; `more` rows found no place. `looked` is the day we read the oldest source of these."""

    groups: tuple[tuple[str, tuple[LawRow, ...]], ...]
    more: int
    coming: tuple[tuple[str, str], ...]
    looked: str


@dataclass(frozen=True, slots=True)
class AreaStrength:
    """How strong the safeguards of an area are, 0 to 100."""

    name: str
    strength: int


@dataclass(frozen=True, slots=True)
class CostlyAnswer:
    name: str
    points: str
    possible: str


@dataclass(frozen=True, slots=True)
class PrintedPlan:
    """`buyer_view`: what a buyer reads, None for a record of engine 1. `costly`: of everyday answers alone, so that none tells of a sign."""

    steps: PrintedSteps
    months: Months
    law: PrintedLaw
    areas: tuple[AreaStrength, ...]
    costly: tuple[CostlyAnswer, ...]
    formula: str
    position: RiskPosition
    contacts: tuple[HelpContact, ...]
    more_contacts: int
    buyer_view: BuyerCopy | None


def printed_plan_of(whole: Mapping[str, Any], plan: PlanPage) -> PrintedPlan:
    """`whole`: the record itself, with signs, of which `plan` is a copy."""
    here = set(whole.get("facts", {}).get("operates_in", ()))
    contacts = [one for one in plan.help.everybody if _is_for(one, here)]
    months = _months_of(whole, plan.action_list)
    return PrintedPlan(
        steps=_steps_of(plan, len(months.law_dates)),
        months=months,
        law=_law_of(whole, plan),
        areas=tuple(
            AreaStrength(area["name"], int(round_half_up(100 - 100 * area["gap"], 0))) for area in whole["dimensions"]
        ),
        costly=_costly_answers_of(whole),
        formula=_formula_of(whole),
        position=risk_position_of(whole),
        contacts=tuple(contacts[:MOST_CONTACTS]),
        more_contacts=len(plan.help.everybody) - len(contacts[:MOST_CONTACTS]),
        buyer_view=None if whole["engine"] == 1 else buyer_copy(whole),
    )


_NATIONS_OF_CONTACTS = {"scotland_support": "SCT", "northern_ireland_support": "NIR"}


def _is_for(contact: HelpContact, here: set[str]) -> bool:
    nation = _NATIONS_OF_CONTACTS.get(contact.id)
    return nation is None or nation in here


def _lines(text: str, characters: int) -> int:
    return math.ceil(len(text) / characters)


_PHONE_SPACE = re.compile(r"(?<=\d{3}) (?=\d{3})")


def _unbroken_phones(text: str) -> str:
    return _PHONE_SPACE.sub("\N{NO-BREAK SPACE}", text)


def cut_typed(text: str) -> str:
    return text if len(text) <= LONGEST_TYPED else f"{text[: LONGEST_TYPED - 1]}…"


# --- pages 2 and 3 -----------------------------------------------------------------------------------


def _steps_of(plan: PlanPage, law_dates: int) -> PrintedSteps:
    action_list, quick = plan.action_list, plan.head.quick
    until = add_days(plan.head.made_on, DAYS_OF_PAGE_TWO)
    closed = [item for item in action_list.items if item.state.is_closed]
    open_ones = [item for item in action_list.items if not item.state.is_closed]
    soon = [item for item in open_ones if not item.later and (item.due_date or "9") <= until]
    strip = _STRIP + law_dates * _LINE
    room = _HEIGHT - _PAGE_HEADING - (_WAITING_ROW if action_list.waiting else 0) - (2 * _LINE if closed else 0)
    first = [_step(item, plan.purchases) for item in soon[:MOST_STEPS]]
    first = list(_fitting_steps(first, room - (strip if quick else 0)))
    soon_left = soon[len(first) :]
    rest = [item for item in open_ones if item not in soon]
    # a date of the business may have moved a step behind others
    later = [*soon_left, *sorted(rest, key=lambda item: ("9" if item.later else item.due_date) or "9")]
    steps = [(None if item.later else item.due_date, _step(item, plan.purchases)) for item in later]
    grouped = [(due, [step for _, step in group]) for due, group in groupby(steps, key=lambda pair: pair[0])]
    used = sum(step.height for step in first)
    whole = sum(_HEADING + sum(step.height for step in group) for _, group in grouped)
    joined = quick or (len(steps) <= MOST_STEPS and used + whole + strip + _HEADING + 2 * _LINE <= room)
    room_after = (room - used if joined else _HEIGHT - _PAGE_HEADING) - strip - 3 * _LINE
    after = [] if quick else list(_fitting_groups(grouped, room_after))
    return PrintedSteps(
        until=until,
        first=tuple(first),
        after=tuple(after),
        left=len(later) - sum(len(group) for _, group in after),
        joined=joined,
        done=tuple(item.number for item in closed if item.state.is_done),
        refused=tuple(item.number for item in closed if not item.state.is_done),
    )


def _step(item: PlanItem, purchases: PlanPurchases | None) -> PrintedStep:
    begun = purchases is not None and purchases.has_begun(item.key)
    names = [first_lower(part.says) for part in item.parts if part.says]
    more = len(names) - MOST_PARTS
    look_for = "; ".join(names[:MOST_PARTS]) + (
        f"; and {more} more: your list on the screen has them" if more > 0 else ""
    )
    typed = bool(item.state.owner)
    by = due_words(item)
    return PrintedStep(
        number=item.number,
        do=_unbroken_phones(item.do),
        look_for=f"These: {look_for}." if names else "",
        who=cut_typed(owner_words(item)) if typed else item.owner,
        by="Start today" if item.starts_today and not item.state.due else by.removeprefix("by ").partition(";")[0],
        show=f"Show: {first_lower(item.evidence)}" if item.evidence else "",
        state=". ".join(
            filter(None, (state_words(item) if is_touched(item) else "", BEGUN_WITH_PURCHASES if begun else ""))
        ),
    )


def _fitting_steps(steps: Sequence[PrintedStep], room: float) -> Iterator[PrintedStep]:
    for step in steps:
        room -= step.height
        if room < 0:
            return
        yield step


def _fitting_groups(
    groups: Sequence[tuple[str | None, Sequence[PrintedStep]]], room: float
) -> Iterator[tuple[str | None, tuple[PrintedStep, ...]]]:
    places = MOST_STEPS
    for due, group in groups:
        room -= _HEADING
        fitting = tuple(_fitting_steps(group[:places], room))
        if not fitting:
            return
        yield due, fitting
        if len(fitting) < len(group):
            return
        room -= sum(step.height for step in fitting)
        places -= len(fitting)


def _months_of(record: Mapping[str, Any], action_list: ActionList) -> Months:
    today = date.fromisoformat(record["made_on"])
    dated = [item for item in action_list.items if item.due_date and not item.later and not item.state.is_closed]
    steps = [item.due_date or "" for item in dated if item.what == "action"]
    law = [(item.due_date or "", item.do) for item in dated if item.what == "duty"]
    law += [
        (duty["in_force_from"], duty.get("line") or duty["title"])
        for duty in record["duties"]
        if duty["heading"] == "coming" and duty["verdict"] == "applies" and _is_iso(duty["in_force_from"])
    ]
    ends = add_months(today.replace(day=1), 12).isoformat()
    shown = sorted({pair for pair in law if record["made_on"] <= pair[0] < ends})[:MOST_LAW_DATES]
    return Months(
        today=today,
        months=twelve_months(record["made_on"], steps, [day for day, _ in shown]),
        law_dates=tuple(shown),
    )


def _is_iso(text: str | None) -> bool:
    try:
        return bool(text) and date.fromisoformat(str(text)) is not None
    except ValueError:
        return False


# --- the law -------------------------------------------------------------------------------------------

_LAW_HEIGHT, _LAW_LINE = 228.0, 4.4
_LAW_CHARACTERS, _PENALTY_CHARACTERS, _READ_CHARACTERS = 38, 30, 26
_WIDE_CHARACTERS = 88
"""On a line that is as wide as the page."""
_NOT_ON_PAPER = frozenset({"coming", "debated"})


def _law_of(record: Mapping[str, Any], plan: PlanPage) -> PrintedLaw:
    if plan.law is None:
        return _law_engine_1(plan)
    breached = {row["duty"] for row in record["result"]["breaches"]}
    found = [(group.title, group.rows) for group in plan.law.groups if group.id not in _NOT_ON_PAPER]
    against = tuple(row for _, rows in found for row in rows if row.id in breached)
    groups = [("The law asks for this. By your own answers, you do not do all of it yet.", against)] if against else []
    groups += [(title, tuple(row for row in rows if row.id not in breached)) for title, rows in found]
    duties = {duty["id"]: duty for duty in record["duties"]}
    coming = [row for group in plan.law.groups if group.id == "coming" for row in group.rows]
    told = [(row.line, _in_force_words(duties[row.id])) for row in coming[:MOST_COMING]]
    under_table = [": ".join(pair) for pair in told], list(plan.law.questions)
    below = sum(
        _HEADING + sum(_lines(text, _WIDE_CHARACTERS) for text in texts) * _LINE for texts in under_table if texts
    )
    below += 2 * _LINE * (plan.law.statement_not_required + bool(plan.law.elsewhere))
    shown = tuple(_fitting_law_rows([group for group in groups if group[1]], _LAW_HEIGHT - below))
    count = sum(len(rows) for _, rows in shown)
    hidden = sum(len(group.rows) for group in plan.law.groups) - count - len(coming[:MOST_COMING])
    return PrintedLaw(
        groups=shown,
        more=hidden,
        coming=tuple(told),
        looked=source_date_text(min((duties[row.id]["source_as_of"] for _, rows in shown for row in rows), default="")),
    )


def _in_force_words(duty: Mapping[str, Any]) -> str:
    return source_date_text(duty["in_force_from"]) if _is_iso(duty["in_force_from"]) else duty["in_force_from"] or ""


def _fitting_law_rows(
    groups: Sequence[tuple[str, tuple[LawRow, ...]]], room: float
) -> Iterator[tuple[str, tuple[LawRow, ...]]]:
    places = MOST_LAW_ROWS
    for title, rows in groups:
        room -= _HEADING
        fitting: list[LawRow] = []
        for row in rows[:places]:
            room -= _law_row_height(row)
            if room < 0:
                break
            fitting.append(row)
        if fitting:
            yield title, tuple(fitting)
        places -= len(fitting)
        if len(fitting) < len(rows):
            return


def _law_row_height(row: LawRow) -> float:
    asked = _lines(f"{row.line}: {row.amount}. {row.when}", _LAW_CHARACTERS)
    others = max(_lines(row.penalty, _PENALTY_CHARACTERS), _lines(row.read or row.source, _READ_CHARACTERS))
    return max(asked, others) * _LAW_LINE + 1.8


def _law_engine_1(plan: PlanPage) -> PrintedLaw:
    """Titles with their day and where to read them: short lines are newer."""
    groups = [
        (
            heading.title,
            tuple(
                LawRow(
                    id=one.id,
                    title=one.title,
                    line=one.title,
                    amount="",
                    penalty="",
                    read="",
                    url=one.url,
                    source=one.source,
                    looked=one.source_as_of,
                    in_force=True,
                    when=f"By {one.due}" if one.due else "",
                    reviewed=one.reviewed,
                    steps=(),
                )
                for one in (*heading.tasks, *heading.others)
            ),
        )
        for heading in plan.duties.headings
        if heading.id not in _NOT_ON_PAPER
    ]
    shown = tuple(_fitting_law_rows(groups, _LAW_HEIGHT))
    count = sum(len(rows) for _, rows in shown)
    return PrintedLaw(shown, sum(len(rows) for _, rows in groups) - count, (), "")


# --- where you stand -----------------------------------------------------------------------------------


def _costly_answers_of(record: Mapping[str, Any]) -> tuple[CostlyAnswer, ...]:
    """The ordinary answers that cost most, as the average of the areas counts them. Of no other answer may it be told that it did."""
    ordinary = ordinary_questions_of_record(record)
    weights = {area["id"]: area["weight"] for area in record["dimensions"]}
    names = {question["id"]: question.get("name") or question["ask"] for question in questions_of(record)}
    lines = [
        line
        for line in record["result"]["lines"]
        if line["kind"] == "safeguard" and line["points"] > 0 and line["question"] in ordinary
    ]
    lines.sort(key=lambda line: -line["points"] * weights.get(line["dimension"], 1))
    return tuple(
        CostlyAnswer(names[line["question"]], plain_number(line["points"]), plain_number(line["possible"]))
        for line in lines[:MOST_COSTLY]
    )


def _formula_of(record: Mapping[str, Any]) -> str:
    """How the number behind the word comes about, in whole numbers. None of it stands where nothing could be rated."""
    result, limits = record["result"], record["result"]["limits"]
    floor = exact_decimal(limits["floor"])
    said = f"what your work brings × ({plain_number(floor)} + {plain_number(1 - floor)} × what your safeguards lack)"
    if result["band"] == "not_rated":
        return f"By points: {said}."
    exposure, gap, score = (
        f"{round_half_up(value, 0)}" for value in (result["exposure"], 100 * result["gap"], result["score"])
    )
    return f"By points: {said}. For you: {exposure} × ({plain_number(floor)} + {plain_number(1 - floor)} × {gap}%), about {score} of 100; less is better."
