"""What stands on which page of the printed plan: rows are counted and measured here, so that no plan has more than eight pages.

Type never shrinks. What does not fit moves on: from page 2 to page 3, from there into the annex; the law into “and more”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assess.engine.due_dates import add_months
from assess.plans.action_tracker.phrases import due_words, owner_words, state_words
from assess.plans.actions import ActionList, PlanItem, is_touched
from assess.plans.charts import Month, months_in_words, twelve_months
from assess.plans.copies import BuyerCopy, buyer_copy, ordinary_questions_of_record
from assess.plans.first_page import HelpContact
from assess.plans.law import LawRow, source_date_text
from assess.plans.plan_page import PlanPage
from assess.plans.purchases import PlanPurchases
from assess.plans.risk_position import RiskPosition, risk_position_of
from assess.plans.words import (
    add_days,
    exact_decimal,
    first_lower,
    first_upper,
    format_day,
    plain_number,
    questions_of,
    round_half_up,
    whole_number,
    with_parts,
)

DAYS_OF_PAGE_TWO = 30
MOST_STEPS = 10
"""Of those due in these days."""
MOST_PARTS = 8
MOST_LAW_ROWS, MOST_COMING = 18, 3
MOST_LAW_DATES = 5
MOST_COSTLY = 5
MOST_CONTACTS = 9
BEGUN_WITH_PURCHASES = "You have begun this: see “What you buy” in the annex"
LONGEST_TYPED = 40
"""Characters of a name somebody typed, on the pages of steps."""

_HEIGHT = 262.0
"""Of the print area, in millimetres; all heights below are so."""
_LINE, _SMALL_LINE, _ROW_GAP = 5.05, 4.4, 2.6
_PAGE_HEADING, _TABLE_HEAD, _SECOND_HEADING = 17.5, 9.0, 25.0
"""With the row of titles of a table: of a page, of a table that goes on, and further down a page."""
_STRIP, _WAITING_ROW, _CLOSED_ROW, _PURCHASES_ROW, _LEFT_ROW = 41.0, 34.0, 12.0, 17.0, 6.6
_STEP_WIDTH, _SMALL_STEP_WIDTH, _WHO_WIDTH, _BY_WIDTH = 29.8, 34.7, 7.1, 6.5
"""Of the columns of steps, in the size of their type."""


@dataclass(frozen=True, slots=True)
class PrintedStep:
    """A line to tick. `title` is what page 1 calls it, empty where there is no room for titles; `do` names the parts of a step that is made of several.

    `state`: what was decided about it so far; `due` is its ISO date, None for later.
    """

    number: int
    title: str
    do: str
    who: str
    by: str
    show: str
    state: str
    due: str | None

    @property
    def height(self) -> float:
        said = _lines(self.do, _STEP_WIDTH, bold=self.title)
        said += sum(_lines(text, _SMALL_STEP_WIDTH) for text in (self.show, self.state))
        narrow = max(_lines(self.who, _WHO_WIDTH), _lines(self.by, _BY_WIDTH))
        return max(said * _LINE, narrow * _SMALL_LINE) + _ROW_GAP


@dataclass(frozen=True, slots=True)
class PrintedSteps:
    """The steps of pages 2 and 3. `until`: the ISO date to which the first go; `after` what follows; `left` those without a line, which the annex lists.

    `months`: there is room for the twelve months below. `done` and `refused` are the numbers of what is closed.
    """

    until: str
    first: tuple[PrintedStep, ...]
    after: tuple[PrintedStep, ...]
    left: tuple[PrintedStep, ...]
    months: bool
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


_WIDTHS = {
    **dict.fromkeys(" '’!.,:;Jijl", 0.28),
    **dict.fromkeys('()-[]/\\"“”Ifrt', 0.42),
    **dict.fromkeys("DGHNOQU&w", 0.79),
    **dict.fromkeys("MWm@%…", 0.95),
}
"""How wide the letters of Noto Sans are, in the size of the type; most are no wider than 0.63, those of other scripts than 1.1."""


def _width(text: str) -> float:
    return sum(_WIDTHS.get(sign, 0.63 if sign < "\u0590" else 1.1) for sign in text)


def _lines(text: str, width: float, bold: str = "") -> int:
    """The lines that the text takes on this width, after words in bold type. A word that is longer breaks anywhere."""
    lines, used = 0, width
    words = [*((word, 1.06) for word in bold.split(" ") if word), *((word, 1.0) for word in text.split(" ") if word)]
    for word, weight in words:
        needed = _width(word) * weight
        if used + _WIDTHS[" "] + needed > width:
            lines, used = lines + 1, 0.0
        else:
            used += _WIDTHS[" "]
        more, used = divmod(used + needed, width)
        lines += int(more)
    return lines


_PHONE_SPACE = re.compile(r"(?<=\d{3}) (?=\d{3})")


def _unbroken_phones(text: str) -> str:
    return _PHONE_SPACE.sub("\N{NO-BREAK SPACE}", text)


def cut_typed(text: str) -> str:
    return text if len(text) <= LONGEST_TYPED else f"{text[: LONGEST_TYPED - 1]}…"


# --- pages 2 and 3 -----------------------------------------------------------------------------------


def _steps_of(plan: PlanPage, law_dates: int) -> PrintedSteps:
    until = add_days(plan.head.made_on, DAYS_OF_PAGE_TWO)
    closed = [item for item in plan.action_list.items if item.state.is_closed]
    open_ones = [item for item in plan.action_list.items if not item.state.is_closed]
    soon = [item for item in open_ones if not item.later and (item.due_date or "9") <= until]
    rest = [item for item in open_ones if item not in soon]
    # a date of the business may have moved a step behind others
    ordered = [*soon, *sorted(rest, key=lambda item: ("9" if item.later else item.due_date) or "9")]
    first = min(len(soon), MOST_STEPS)
    if plan.copy == "business":
        above = _PAGE_HEADING + _WAITING_ROW * plan.action_list.waiting + _CLOSED_ROW * bool(closed)
        room = (1 if plan.head.quick else 2) * _HEIGHT - _PURCHASES_ROW * bool(plan.purchases)
        strip = _STRIP + law_dates * _LINE
        # what would cost a step its line is left out: titles, and of a quick check the months
        for titled, months in ((True, True), (False, True), (False, not plan.head.quick)):
            steps = [_step(item, plan.purchases, titled=titled) for item in ordered]
            heights = [step.height for step in steps]
            first, shown = _places(heights, min(len(soon), MOST_STEPS), above, room - strip * months)
            if shown == len(steps):
                break
    else:  # these have as many pages as they need
        steps, shown, months = [_step(item, plan.purchases) for item in ordered], len(ordered), True
    return PrintedSteps(
        until=until,
        first=tuple(steps[:first]),
        after=tuple(steps[first:shown]),
        left=tuple(steps[shown:]),
        months=months,
        done=tuple(item.number for item in closed if item.state.is_done),
        refused=tuple(item.number for item in closed if not item.state.is_done),
    )


def _places(heights: Sequence[float], most: int, above: float, room: float) -> tuple[int, int]:
    """How many of the steps are the first ones, `most` at most and on the first page, and how many have a line in this height of all pages."""
    used, first = above, 0
    while first < most and used + heights[first] <= min(_HEIGHT, room - _LEFT_ROW):
        used += heights[first]
        first += 1
    for count in range(len(heights), first, -1):
        if _end_of(heights[first:count], used) + _LEFT_ROW * (count < len(heights)) <= room:
            return first, count
    return first, first


def _end_of(heights: Sequence[float], used: float) -> float:
    """Where these end that follow on what is used of the first page, in the height of all pages. No row stands on two, and no heading alone."""
    end, page = used + _SECOND_HEADING, 1
    for place, height in enumerate(heights):
        if end + height > page * _HEIGHT:
            end = page * _HEIGHT + (_TABLE_HEAD if place else _PAGE_HEADING)
            page += 1
        end += height
    return end


def _step(item: PlanItem, purchases: PlanPurchases | None, *, titled: bool = True) -> PrintedStep:
    begun = purchases is not None and purchases.has_begun(item.key)
    names = [first_lower(part.says) for part in item.parts if part.says]
    more = len(names) - MOST_PARTS
    told = [*names[:MOST_PARTS], *([f"and {more} more: your list on the screen has them"] if more > 0 else [])]
    by = due_words(item).removeprefix("by ").partition(";")[0]
    return PrintedStep(
        number=item.number,
        title=f"{item.title.rstrip('.')}." if titled and item.title and item.title != item.do else "",
        do=_unbroken_phones(with_parts(item.do, told)),
        who=cut_typed(owner_words(item)) if item.state.owner else item.owner,
        by="Start today" if item.starts_today and not item.state.due else first_upper(by),
        show=f"Show: {first_lower(item.evidence)}" if item.evidence else "",
        state=". ".join(
            filter(None, (state_words(item) if is_touched(item) else "", BEGUN_WITH_PURCHASES if begun else ""))
        ),
        due=None if item.later else item.due_date,
    )


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

_LAW_HEIGHT, _LAW_LINE, _LAW_HEADING = 228.0, 4.4, 9.0
_LAW_WIDTH, _PENALTY_WIDTH, _READ_WIDTH, _PAGE_WIDTH = 20.5, 15.9, 13.8, 46.0
"""Of the columns of law and of the page, in the size of their type."""
_NOT_ON_PAPER = frozenset({"coming", "debated"})
BREACHED_TITLE = "By your answers, you do not do all of this yet. There may be more that we did not ask."


def _law_of(record: Mapping[str, Any], plan: PlanPage) -> PrintedLaw:
    if plan.law is None:
        return _law_engine_1(plan)
    breached = {row["duty"] for row in record["result"]["breaches"]}
    found = [(group.title, group.rows) for group in plan.law.groups if group.id not in _NOT_ON_PAPER]
    against = tuple(row for _, rows in found for row in rows if row.id in breached)
    groups = [(BREACHED_TITLE, against)] if against else []
    groups += [(title, tuple(row for row in rows if row.id not in breached)) for title, rows in found]
    duties = {duty["id"]: duty for duty in record["duties"]}
    coming = [row for group in plan.law.groups if group.id == "coming" for row in group.rows]
    told = [(row.line, _in_force_words(duties[row.id])) for row in coming[:MOST_COMING]]
    under_table = [": ".join(pair) for pair in told], list(plan.law.questions)
    below = sum(
        _LAW_HEADING + sum(_lines(text, _PAGE_WIDTH) for text in texts) * _LINE for texts in under_table if texts
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
        room -= _LAW_HEADING
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
    asked = _lines(f"{row.amount}. {row.when}", _LAW_WIDTH, bold=f"{row.line}:")
    others = max(_lines(row.penalty, _PENALTY_WIDTH), _lines(row.read or row.source, _READ_WIDTH))
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
    exposure, gap, score = (whole_number(value) for value in (result["exposure"], 100 * result["gap"], result["score"]))
    return f"By points: {said}. For you: {exposure} × ({plain_number(floor)} + {plain_number(1 - floor)} × {gap}%), about {score} of 100; less is better."
