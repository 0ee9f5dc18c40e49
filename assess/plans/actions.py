"""The actions of a plan in order, with dates, gains, steps and progress, and which of them are safe to show in notifications and on a wall."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from assess.engine.result import MAP_ACTION, PAPERS_ACTION
from assess.engine.step_gains import EFFORT_DAYS, PlanTask, StepGain, gains_in_best_order, gains_in_given_order
from assess.engine.what_if import Scores, scores_from_record
from assess.plans.action_tracker.state import EMPTY_STATE, STATUS_LABELS, UNTOUCHED, ItemState, TrackerState
from assess.plans.copies import has_actions_awaiting_advice
from assess.plans.pay_sums import CHECK_SUM_LABEL, failing_sums
from assess.plans.words import (
    BAND_WORDS,
    EFFORT_WORDS,
    add_days,
    answer_text,
    format_day,
    one_decimal,
    plain_number,
    question_numbers,
    round_half_up,
)

DATE_GROUPS = (("This month", 30), ("This quarter", 92), ("This year", 366))
"""Titles of the groups and the last day of each, counted from the day of the assessment."""
LATER_GROUP = "Later"
"""The group of what has no date yet, or is more than a small firm is shown."""
SMALL_FIRM_PEOPLE, SMALL_FIRM_MAX_ACTIONS = 10, 20
"""A firm of fewer people sees so many actions at most; the rest stands under “Later” (docs/rules.md 4.5)."""
GRACE_DAYS = 7
"""What is to be begun today is late after so many days (docs/rules.md 4.1)."""

_NO_DAY = 100_000

_BINDING = frozenset({"must", "likely"})
_FIRM = _BINDING | {"expected"}
"""Headings of duties that stand among the actions: one whose source nobody re-read is asked about, never pressed."""


@dataclass(frozen=True, slots=True)
class ShownActionPart:
    """One of several reasons of an action. `says`: what of the action answers it, where that is not all of it."""

    says: str
    question_number: int | None
    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One thing to do. `asked` and `answered` are empty for a duty. `due_text` is finished text such as "by 1 December 2026".

    `key` (id of a question, a check or a duty) stays the same in every submission; `id` is the name in this one's record.
    `proposed_due` is the ISO date the plan proposes, None for later. `ordinary`: it may stand on a wall and be exported, and free words may be written beside it
    (docs/rules.md 1.2, 1.5).
    `state` is what the business made of it. Since engine 2: `title` is short and makes sense alone; `parts` are shown where it has several reasons;
    `sums` are the figures that fail behind it, as finished text; `starts_today`: it is to be begun at once, and is late a week later;
    `later`: it stands under that heading; `effort_days` are those of one person; `merged_as`: as `merged_as` says it.
    """

    number: int
    id: str
    key: str
    what: Literal["action", "duty"]
    do: str
    asked: str
    answered: str
    question_number: int | None
    reason: str
    basis: str
    gain: str
    effort: str
    owner: str
    due_text: str
    evidence: str
    due_days: int
    proposed_due: str | None
    ordinary: bool
    state: ItemState
    title: str = ""
    parts: tuple[ShownActionPart, ...] = ()
    sums: tuple[str, ...] = ()
    starts_today: bool = False
    later: bool = False
    effort_days: float | None = None
    tracked_as: str = ""
    merged_as: str = ""

    @property
    def state_key(self) -> str:
        """What its state is kept under: where an action is exported without some of its questions, it may be called after another."""
        return self.tracked_as or self.key

    @property
    def name(self) -> str:
        """What it is called in one line: its title, else all that is to be done."""
        return self.title or self.do

    @property
    def late_after(self) -> str | None:
        """The last ISO date on which it is not late."""
        if self.starts_today and self.due_date and not self.state.due:
            return add_days(self.due_date, GRACE_DAYS)
        return self.due_date

    @property
    def due_date(self) -> str | None:
        """The ISO date it is to be done by: the one the business chose, else the one the plan proposes; None for later."""
        return self.state.due or self.proposed_due


@dataclass(frozen=True, slots=True)
class PlanItemGroup:
    title: str
    items: tuple[PlanItem, ...]

    @property
    def later(self) -> bool:
        return self.title == LATER_GROUP


@dataclass(frozen=True, slots=True)
class ShownSmallestSet:
    """The fewest actions that change the band: their numbers in the list, or none."""

    numbers: tuple[int, ...]
    from_word: str
    to_word: str
    score_after: str


@dataclass(frozen=True, slots=True)
class ActionList:
    """Everything to do, in groups, and the short way to a better band, where there is one.

    `no_smallest_set`: it was looked for, and no few actions are enough. Both were true on the day of the answers, so neither is told
    once anything is done or dropped. `waiting`: some actions wait for advice. They are no items and have no number: one row says so.
    `few`: a small firm, which is shown so many actions at most. `exportable`: since engine 2, the actions made from ordinary answers alone: only those may be exported.
    """

    groups: tuple[PlanItemGroup, ...]
    smallest_set: ShownSmallestSet | None
    no_smallest_set: bool
    count: int
    waiting: bool = False
    few: bool = False
    exportable: tuple[PlanItem, ...] | None = None

    @property
    def items(self) -> tuple[PlanItem, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def ordinary(self) -> tuple[PlanItem, ...]:
        """Those that may be exported: the only ones for a wall, a calendar, a mail, a spreadsheet or a Word file (docs/rules.md 1.5)."""
        if self.exportable is None:
            return tuple(item for item in self.items if item.ordinary)
        return (*self.exportable, *(item for item in self.items if item.what == "duty"))


def action_list_of(record: Mapping[str, Any], state: TrackerState = EMPTY_STATE) -> ActionList:
    """The actions and dated duties of a record with marks in "do first" order, grouped by when they fall due.

    What stands out of "do first" (actions about exposure, duties of later) is placed by its date among them. `state` is
    what the business made of its items.
    """
    return _action_list_engine_1(record, state) if record["engine"] == 1 else _action_list(record, state)


def _action_list_engine_1(record: Mapping[str, Any], state: TrackerState) -> ActionList:
    ordered = [replace(item, state=state.get(item.key, UNTOUCHED)) for item in _ordered_items_engine_1(record)]
    groups = [(title, [item for item in ordered if _date_group_engine_1(item) == title]) for title, _ in DATE_GROUPS]
    return _make_action_list(record, groups)


def _make_action_list(record: Mapping[str, Any], groups: Sequence[tuple[str, Sequence[PlanItem]]]) -> ActionList:
    numbered = [replace(item, number=number) for number, item in enumerate((i for _, g in groups for i in g), 1)]
    by_id = {item.id: item for item in numbered}
    moved_on = any(item.state.is_closed for item in numbered)
    return ActionList(
        groups=tuple(PlanItemGroup(title, tuple(by_id[item.id] for item in items)) for title, items in groups if items),
        smallest_set=None if moved_on else _smallest_set(record, by_id),
        no_smallest_set=bool(numbered) and not moved_on and record["short_set"]["reason"] == "no_short_set",
        count=len(numbered),
        waiting=record.get("waiting", False) or has_actions_awaiting_advice(record),
    )


def date_groups(made_on: str, engine: int) -> tuple[tuple[str, int], ...]:
    """Titles of the groups and the last day of each. Since engine 2 a title names its day, which stays true whenever it is read."""
    if engine == 1:
        return DATE_GROUPS
    return tuple((f"By {format_day(add_days(made_on, last))}", last) for _, last in DATE_GROUPS)


def _action_list(record: Mapping[str, Any], state: TrackerState) -> ActionList:
    """The list since engine 2: actions in the order of the record, duties among them by their dates."""
    ordered = [replace(item, state=state.get(item.key, UNTOUCHED)) for item in _ordered_items(record)]
    titles = date_groups(record["made_on"], record["engine"])
    last = titles[-1][1]
    groups = [
        (title, [item for item in ordered if not item.later and before < max(item.due_days, 0) <= most])
        for (title, most), before in zip(titles, (-1, *(days for _, days in titles)), strict=False)
    ]
    later = [item for item in ordered if item.later or (item.what == "action" and item.due_days > last)]
    found = _make_action_list(record, [*groups, (LATER_GROUP, later)])
    return replace(found, few=_is_small_firm(record), exportable=_exportable_items(record, state))


def _ordered_items(record: Mapping[str, Any]) -> list[PlanItem]:
    shown = [action for action in record["actions"] if not action["held"]]
    most = SMALL_FIRM_MAX_ACTIONS if _is_small_firm(record) else len(shown)
    items = [_action_item(action, record, later=place >= most) for place, action in enumerate(shown)]
    duties = {duty["id"]: duty for duty in record["duties"]}
    pressing = [step["id"] for step in record["do_first"] if step["what"] == "duty"]
    wanted = {name: duties[name] for name in pressing if duties[name]["heading"] in _FIRM}
    # those to do first and those with a date, each once
    wanted |= {duty["id"]: duty for duty in record["duties"] if _is_dated_and_binding(duty)}
    for duty in sorted(wanted.values(), key=lambda duty: str(duty["due"])):
        item = _duty_item(duty, record["made_on"])
        items.insert(next((place for place, other in enumerate(items) if _comes_after(other, item)), len(items)), item)
    return items


def _is_small_firm(record: Mapping[str, Any]) -> bool:
    """Whether this is the own copy of a firm of few people. People nobody knows of are many."""
    people = record.get("people")
    return "advice_first" in record and people is not None and people < SMALL_FIRM_PEOPLE


def _comes_after(other: PlanItem, duty: PlanItem) -> bool:
    """Whether a duty stands before this one: before what is due on its day or later, but after what is to be begun at once."""
    if other.later:
        return True
    return other.due_days > max(duty.due_days, 0) or (other.what == "action" and other.due_days == duty.due_days > 0)


def _action_item(action: Mapping[str, Any], record: Mapping[str, Any], *, later: bool = False) -> PlanItem:
    made_on, days, numbers = record["made_on"], action["days"], question_numbers(record)
    merged = merged_as(action, record)
    failing = failing_sums(record, action)
    summed = {one.check for one in failing}
    # a sum is printed with its figures, so its check need not say it again
    parts = [part for part in action["parts"] if part["question"] not in summed]
    several = bool(merged) or len(parts) > 1
    why = None if several or not parts else parts[0]
    duties = {duty["id"]: duty for duty in record["duties"]}
    laws = [
        duties[name].get("line") or duties[name]["title"]
        for name in action["breaches"]
        if name in duties and duties[name]["verdict"] != "does_not_apply"
    ]
    return PlanItem(
        number=0,
        id=action["id"],
        key=action["question"],
        what="action",
        do=action["do"],
        asked=why["why_ask"] if why else "",
        answered=answer_text(why["why_answer"]) if why else "",
        question_number=numbers.get(action["questions"][0]),
        reason="" if merged else action["reason"] or "",
        basis=f"The law asks for it: {'; '.join(laws)}" if laws else "From your answers",
        gain="",
        effort=effort_words(action["effort_days"]),
        owner=action["owner_name"],
        due_text=_due_text(made_on, days),
        evidence="" if merged else action["evidence"] or "",
        due_days=_NO_DAY if days is None else int(days),
        proposed_due=action["due"],
        ordinary=action["exportable"],
        state=UNTOUCHED,
        title=action["title"] or "",
        parts=tuple(_shown_action_part(part, numbers, is_merged=bool(merged)) for part in parts) if several else (),
        sums=tuple(f"{CHECK_SUM_LABEL}: {one.says} {one.follows}" for one in failing),
        starts_today=days == 0,
        later=later or days is None,
        effort_days=action["effort_days"],
        merged_as=merged,
    )


def merged_as(action: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Which of the two actions of many parts this one of a record is: MAP_ACTION, PAPERS_ACTION, or none of them.

    Where a question or check of the bank is called like one of the two, the engine tracks that action under its name with a hyphen.
    """
    name: str = action["question"]
    for merged in (MAP_ACTION, PAPERS_ACTION):
        if name == f"{merged}-":
            return merged
        if name == merged and name not in action.get("questions", (name,)) and name not in question_numbers(record):
            return merged
    return ""


def _shown_action_part(part: Mapping[str, Any], numbers: Mapping[str, int], *, is_merged: bool) -> ShownActionPart:
    says = (part["title"] or part["do"]) if is_merged else ""
    return ShownActionPart(says, numbers.get(part["question"]), part["why_ask"], answer_text(part["why_answer"]))


def _exportable_items(record: Mapping[str, Any], state: TrackerState) -> tuple[PlanItem, ...]:
    """The actions of the buyer's view with what became of them here: each is tracked under the action that stands for its questions."""
    tracked = {name: action["question"] for action in record["actions"] for name in action["questions"]}
    items = []
    for action in record["buyer_view"]["actions"]:
        # all its questions are ordinary, so that “any” of the frozen key is “every” here
        item = _action_item({**action, "exportable": action["ordinary"]}, record)
        key = tracked.get(action["questions"][0], item.key)
        items.append(replace(item, tracked_as=key, state=state.get(key, UNTOUCHED)))
    return tuple(items)


def _due_text(made_on: str, days: int | None) -> str:
    """By when. What is due at once is to be begun, not to be over by tonight."""
    if days is None:
        return "later"
    return f"start today, {format_day(made_on)}" if days == 0 else f"by {format_day(add_days(made_on, days))}"


def effort_words(days: float) -> str:
    if days < 1:
        return "half a day"
    return "a day" if days == 1 else f"about {plain_number(days)} days"


def _date_group_engine_1(item: PlanItem) -> str | None:
    """The stretch of time something falls due in, the overdue in the first; None beyond the year of the plan."""
    return next((title for title, last in DATE_GROUPS if item.due_days <= last), None)


def _ordered_items_engine_1(record: Mapping[str, Any]) -> list[PlanItem]:
    made_on = record["made_on"]
    numbers = question_numbers(record)
    actions = {action["id"]: action for action in record["actions"] if not action["held"]}
    duties = {duty["id"]: duty for duty in record["duties"]}
    items: list[PlanItem] = []
    for step in record["do_first"]:
        if step["what"] == "action":
            if step["id"] in actions:
                items.append(_action_item_engine_1(actions[step["id"]], made_on, numbers))
        elif duties[step["id"]]["heading"] in _FIRM:
            items.append(_duty_item(duties[step["id"]], made_on))
    known = {item.id for item in items}
    # actions about exposure stay out of "do first": nothing may reward having fewer workers of some kind
    others = [_action_item_engine_1(action, made_on, numbers) for name, action in actions.items() if name not in known]
    later = [duty for duty in record["duties"] if duty["id"] not in known and _is_dated_and_binding(duty)]
    others += [_duty_item(duty, made_on) for duty in sorted(later, key=lambda duty: str(duty["due"]))]
    for item in others:
        items.insert(
            next((place for place, other in enumerate(items) if _is_later_engine_1(other, item)), len(items)), item
        )
    return items


def _is_later_engine_1(other: PlanItem, item: PlanItem) -> bool:
    """Whether an item in its place comes after one that looks for its own: by date, and a duty before an action of that day.

    A duty in its place was put there before what brings points, so only what is due at once comes before it.
    """
    if other.what == "duty":
        return other.due_days > item.due_days and (item.what == "duty" or item.due_days <= 0)
    return other.due_days > item.due_days or (other.due_days == item.due_days and item.what == "duty")


def _is_dated_and_binding(duty: Mapping[str, Any]) -> bool:
    return duty["due"] is not None and duty["verdict"] == "applies" and duty["heading"] in _BINDING


def _action_item_engine_1(action: Mapping[str, Any], made_on: str, numbers: Mapping[str, int]) -> PlanItem:
    days = int(action["days"])
    # words that stay true on every later day: what is printed today is read in spring
    at_once = "at once, " if days == 0 else ""
    return PlanItem(
        number=0,
        id=action["id"],
        key=action["question"],
        what="action",
        do=action["do"],
        asked=action["why_ask"],
        answered=answer_text(action["why_answer"]),
        question_number=numbers.get(action["question"]),
        reason=action["reason"] or "",
        basis="From your answers",
        gain=gain_text(action["gain"]),
        effort=EFFORT_WORDS[action["effort"]],
        owner=action["owner_name"],
        due_text=f"{at_once}by {format_day(add_days(made_on, days))}",
        evidence=action["evidence"] or "",
        due_days=days,
        proposed_due=add_days(made_on, days),
        ordinary=action["exportable"],
        state=UNTOUCHED,
    )


def gain_text(gain: float | None) -> str:
    if gain is None:
        return ""
    if round_half_up(gain) <= 0:
        return "less than 0.1 off your score" if gain > 0 else ""
    return f"{one_decimal(gain)} off your score"


def _duty_item(duty: Mapping[str, Any], made_on: str) -> PlanItem:
    due = str(duty["due"])
    return PlanItem(
        number=0,
        id=duty["id"],
        key=duty["id"],
        what="duty",
        do=duty["title"],
        asked="",
        answered="",
        question_number=None,
        reason=duty["must_do"][0] if duty["must_do"] else "",
        basis=_duty_basis(duty),
        gain="",
        effort="",
        owner=duty["approver"] or "",
        due_text=f"by {format_day(due)}; now, if not done yet" if duty["overdue"] else f"by {format_day(due)}",
        evidence="",
        due_days=(date.fromisoformat(due) - date.fromisoformat(made_on)).days,
        proposed_due=due,
        ordinary=True,
        state=UNTOUCHED,
    )


def _duty_basis(duty: Mapping[str, Any]) -> str:
    if duty["heading"] == "must":
        return f"Law: {duty['source']}"
    if duty["heading"] == "expected":
        return f"The government expects it: {duty['source']}"
    return f"Law, likely to apply, not yet confirmed by a lawyer: {duty['source']}"


def _smallest_set(record: Mapping[str, Any], items: Mapping[str, PlanItem]) -> ShownSmallestSet | None:
    short = record["short_set"]
    by_question = {item.key: item.number for item in items.values()}
    if short["to_band"] is None or not short["questions"] or not set(short["questions"]) <= set(by_question):
        return None
    return ShownSmallestSet(
        numbers=tuple(sorted(by_question[question] for question in short["questions"])),
        from_word=BAND_WORDS[short["from_band"]],
        to_word=BAND_WORDS[short["to_band"]],
        score_after=one_decimal(short["score_after"]),
    )


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step. `number` is that of the action list; days, points and scores are finished text."""

    number: int
    do: str
    days: str
    takes_off: str
    after: str
    done: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps in order, those that are done first. `rows` is empty where nothing is promised, or for a record of long ago.

    `total` is what all steps take off together, `done_off` what those that are done do; `refused` are the numbers of steps that will not be
    done, which are left out. `finding_out`: some steps only find out, and count as if what is found were good.
    `proven`: no other order inside a date would bring the score down sooner.
    """

    rows: tuple[StepRow, ...] = ()
    now: str = ""
    total: str = ""
    after: str = ""
    days: str = ""
    done_off: str = ""
    done: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    finding_out: bool = False
    proven: bool = True


def steps_of(record: Mapping[str, Any], state: TrackerState = EMPTY_STATE) -> Steps:
    """The steps of a record with marks, whole or a business copy, as things stand in the tracker."""
    scores = scores_from_record(record)
    items = {item.key: item for item in action_list_of(record, state).items if item.what == "action"}
    promised = promised_actions(record)
    refused = tuple(
        sorted(items[action["question"]].number for action in promised if items[action["question"]].state.is_refused)
    )
    wanted = [action for action in promised if not items[action["question"]].state.is_refused]
    if scores is None or not promised:
        return Steps()
    if record["engine"] != 1:
        return replace(_steps(scores, _visible_actions(record, wanted, items), items), refused=refused)
    return replace(_steps_engine_1(scores, wanted, items), refused=refused)


def promised_actions(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The actions that promise something: those of safeguards that wait for no advice.

    As the questions are asked; since engine 2 in the order of the record, which is the only one.
    """
    promised = [action for action in record["actions"] if action["gain"] is not None and not action["held"]]
    if record["engine"] != 1:
        return promised
    numbers = question_numbers(record)
    return sorted(
        (action for action in promised if action["question"] in numbers), key=lambda action: numbers[action["question"]]
    )


def _steps_engine_1(scores: Scores, actions: Sequence[Mapping[str, Any]], items: Mapping[str, PlanItem]) -> Steps:
    done = [action for action in actions if items[action["question"]].state.is_done]
    left = sorted((action for action in actions if action not in done), key=lambda action: int(action["days"]))
    dates = [list(group) for _, group in groupby(left, key=lambda action: int(action["days"]))]
    steps = gains_in_best_order(scores, [[task_of(action, scores) for action in group] for group in (done, *dates)])
    start = round_half_up(scores.score([]))
    rows = _step_rows(start, steps, items, frozenset(action["question"] for action in done))
    end = round_half_up(steps[-1].score_after) if steps else start
    return Steps(
        rows=rows,
        now=one_decimal(start),
        total=one_decimal(start - end),
        after=one_decimal(end),
        days=plain_number(sum(step.days for step in steps)),
        done_off=one_decimal(start - round_half_up(steps[len(done) - 1].score_after)) if done else "",
        done=tuple(sorted(row.number for row in rows if row.done)),
        finding_out=any(action["find_out"] for action in actions),
        proven=all(step.exact for step in steps),
    )


def _visible_actions(
    record: Mapping[str, Any], actions: Sequence[Mapping[str, Any]], items: Mapping[str, PlanItem]
) -> list[Mapping[str, Any]]:
    """A small firm is not shown what is for later, unless that is done."""
    few = action_list_of(record).few
    return [
        one for one in actions if not (few and items[one["question"]].later) or items[one["question"]].state.is_done
    ]


def _steps(scores: Scores, actions: Sequence[Mapping[str, Any]], items: Mapping[str, PlanItem]) -> Steps:
    """The steps in the order of the action list, what is done among them."""
    ordered = sorted(actions, key=lambda action: items[action["question"]].number)
    tasks = [task_of(action, scores) for action in ordered]
    steps = gains_in_given_order(scores, tasks)
    start = round_half_up(scores.score([]))
    done = frozenset(action["question"] for action in ordered if items[action["question"]].state.is_done)
    # done ones lie among the others, so what they took off is worked out apart
    improved = [name for task in tasks if task.question in done for name in task.improves]
    rows = _step_rows(start, steps, items, done)
    end = round_half_up(steps[-1].score_after) if steps else start
    return Steps(
        rows=rows,
        now=one_decimal(start),
        total=one_decimal(start - end),
        after=one_decimal(end),
        days=plain_number(sum(step.days for step in steps)),
        done_off=one_decimal(start - round_half_up(scores.score(improved))) if done else "",
        done=tuple(row.number for row in rows if row.done),
        finding_out=any(action["find_out"] for action in ordered),
    )


def task_of(action: Mapping[str, Any], scores: Scores) -> PlanTask:
    """An action as a task: its days, and what it brings to its best, which since engine 2 may be several questions."""
    if "effort_days" not in action:
        return PlanTask(action["question"], EFFORT_DAYS[action["effort"]])
    improved = tuple(name for name in action["questions"] if name in scores.lines)
    return PlanTask(action["question"], action["effort_days"], improved)


def _step_rows(
    start: Decimal, steps: Sequence[StepGain], items: Mapping[str, PlanItem], done: Collection[str]
) -> tuple[StepRow, ...]:
    """Each step takes off the difference of the scores as they are printed, so that a pencil comes to the same."""
    rows = []
    before = start
    for step in steps:
        item = items[step.question]
        after = round_half_up(step.score_after)
        is_done = step.question in done
        off = one_decimal(before - after)
        rows.append(StepRow(item.number, item.name, plain_number(step.days), off, one_decimal(after), is_done))
        before = after
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """How far everything is: every item counts once."""

    count: int
    done: int
    under_way: int
    not_started: int
    not_doing: int
    not_answered: int

    @property
    def begun(self) -> bool:
        return self.not_answered < self.count

    @property
    def line(self) -> str:
        """The summary in one sentence; parts that are nothing are left out."""
        parts = (
            (self.done, STATUS_LABELS["done"].lower()),
            (self.under_way, STATUS_LABELS["under_way"].lower()),
            (self.not_started, STATUS_LABELS["open"].lower()),
            (self.not_doing, "will not be done"),
            (self.not_answered, "not answered yet"),
        )
        shown = [f"{number} {words}" for number, words in parts if number]
        return f"Of {self.count}: {', '.join(shown)}." if shown else ""


def progress_of(items: Sequence[PlanItem]) -> ActionProgress:
    words = [_stage(item) for item in items]
    return ActionProgress(
        len(items), *(words.count(stage) for stage in ("done", "under_way", "not_started", "not_doing", "none"))
    )


def _stage(item: PlanItem) -> str:
    state = item.state
    if state == UNTOUCHED:
        return "none"
    if state.is_done:
        return "done"
    if state.is_refused:
        return "not_doing"
    if state.status == "under_way":
        return "under_way"
    return "none" if state.response is None else "not_started"


def is_touched(item: PlanItem) -> bool:
    return item.state != UNTOUCHED


LABOUR_SUPPLY = frozenset({"recruitment_fees", "labour_providers", "subcontracting"})
"""Themes left out whatever was answered: who brings workers, who sends them, and how they are paid for it.

Who brings them reads the wall and stands beside the phone as well. “Write down every person or firm who brings you workers” would
warn them before the business has had advice, and name the one who hung it up as the one who asks. By the theme of an action, so that a gap
tells nothing.
"""


def notification_safe_items(action_list: ActionList, record: Mapping[str, Any]) -> tuple[PlanItem, ...]:
    """Ordinary actions and duties without those themes, and without the one-page map, whatever its parts are."""
    exportable = record["buyer_view"]["actions"] if action_list.exportable is not None else ()
    actions = {action["question"]: action for action in (*record["actions"], *exportable)}
    return tuple(item for item in action_list.ordinary if not _is_about_labour_supply(actions.get(item.key)))


def _is_about_labour_supply(action: Mapping[str, Any] | None) -> bool:
    """The map is the only action from exposure questions without a theme of its own; it asks through whom people come."""
    if action is None:
        return False
    return (action["kind"] == "exposure" and action["dimension"] is None) or action["dimension"] in LABOUR_SUPPLY
