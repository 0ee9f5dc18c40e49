"""The action register: what to do, why, by whom and by when, in the order of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from assess.plans.copies import has_held
from assess.plans.pay_sums import CHECK, failing_of
from assess.plans.register.state import NOTHING_YET, UNTOUCHED, ItemState, RegisterState
from assess.plans.words import BANDS, EFFORTS, after, day, joined, one, plain, rounded

GROUPS = (("This month", 30), ("This quarter", 92), ("This year", 366))
"""Titles of the groups and the last day of each, counted from the day of the assessment."""
LATER = "Later"
"""The group of what has no date yet, or is more than a small firm is shown."""
FEW_PEOPLE, MOST_FOR_FEW = 10, 20
"""A firm of fewer people sees so many actions at most; the rest stands under “Later” (decisions.md 9.4)."""
DAYS_OF_GRACE = 7
"""What is to be begun today is late after so many days (decisions.md 9.12.13)."""
MERGED = frozenset({"map", "papers"})
"""Actions that are made of parts, by the name they are tracked under."""

_NO_DAY = 100_000

_BINDING = frozenset({"must", "likely"})
_FIRM = _BINDING | {"expected"}
"""Headings of duties that stand among the actions: one whose source nobody re-read is asked about, never pressed."""
_FIRST = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One of several reasons of an action. `says`: what of the action answers it, where that is not all of it."""

    says: str
    question: int | None
    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do. `asked` and `answered` are empty for a duty. `due` is finished text such as "by 1 December 2026".

    `key` (id of a question, a check or a duty) stays the same in every submission; `id` is the name in this one's record.
    `due_on` is the ISO date the plan proposes, None for later. `ordinary`: it may stand on a wall and travel, and free words may be written beside it
    (decisions.md 7.2, 7.5).
    `state` is what the business made of it. Since engine 2: `title` is short and makes sense alone; `parts` are shown where it has several reasons;
    `sums` are the figures that fail behind it, as finished text; `starts_today`: it is to be begun at once, and is late a week later;
    `later`: it stands under that heading; `effort_days` are those of one person.
    """

    number: int
    id: str
    key: str
    what: Literal["action", "duty"]
    do: str
    asked: str
    answered: str
    question: int | None
    reason: str
    basis: str
    gain: str
    effort: str
    owner: str
    due: str
    evidence: str
    days: int
    due_on: str | None
    ordinary: bool
    state: ItemState
    title: str = ""
    parts: tuple[Part, ...] = ()
    sums: tuple[str, ...] = ()
    starts_today: bool = False
    later: bool = False
    effort_days: float | None = None
    tracked: str = ""

    @property
    def state_key(self) -> str:
        """What its state is kept under: where an action travels without some of its questions, it may be called after another."""
        return self.tracked or self.key

    @property
    def name(self) -> str:
        """What it is called in one line: its title, else all that is to be done."""
        return self.title or self.do

    @property
    def late_after(self) -> str | None:
        """The last ISO date on which it is not late."""
        if self.starts_today and self.due_date and not self.state.due:
            return after(self.due_date, DAYS_OF_GRACE)
        return self.due_date

    @property
    def due_date(self) -> str | None:
        """The ISO date it is to be done by: the one the business chose, else the one the plan proposes; None for later."""
        return self.state.due or self.due_on


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The things to do within one stretch of time."""

    title: str
    items: tuple[Item, ...]

    @property
    def later(self) -> bool:
        """Whether it is the group of what can wait."""
        return self.title == LATER


@dataclass(frozen=True, slots=True)
class ShortSet:
    """The fewest actions that change the band: their numbers in the register, or none."""

    numbers: tuple[int, ...]
    from_word: str
    to_word: str
    score_after: str


@dataclass(frozen=True, slots=True)
class Register:
    """Everything to do, in groups; the first three; and the short way to a better band, where there is one.

    `no_short_way`: it was looked for, and no few actions are enough. Both were true on the day of the answers, so neither is told
    once anything is done or dropped. `waiting`: some actions wait for advice. They are no items and have no number: one row says so.
    `few`: a small firm, which is shown so many actions at most. `travelling`: since engine 2, the actions made from ordinary answers alone, which are those that may travel.
    """

    groups: tuple[ItemGroup, ...]
    first: tuple[Item, ...]
    short_set: ShortSet | None
    no_short_way: bool
    count: int
    waiting: bool = False
    few: bool = False
    travelling: tuple[Item, ...] | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the plan."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def ordinary(self) -> tuple[Item, ...]:
        """Those that may travel: the only ones for a wall, a calendar, a mail, a spreadsheet or a Word file (decisions.md 7.5)."""
        if self.travelling is None:
            return tuple(item for item in self.items if item.ordinary)
        return (*self.travelling, *(item for item in self.items if item.what == "duty"))


def register_of(record: Mapping[str, Any], state: RegisterState = NOTHING_YET) -> Register:
    """The register of a record marked by `copies.with_ordinary`: actions and dated duties in "do first" order, grouped by when they fall due.

    What stands out of "do first" (actions about exposure, duties of later) is placed by its date among them.

    `state` is what the business made of its items.
    """
    if record["engine"] != 1:
        return _own_register(record, state)
    ordered = [replace(item, state=state.get(item.key, UNTOUCHED)) for item in _in_order(record)]
    grouped = [[item for item in ordered if _group_of(item) == title] for title, _ in GROUPS]
    numbered = [replace(item, number=number) for number, item in enumerate((i for g in grouped for i in g), 1)]
    by_id = {item.id: item for item in numbered}
    moved_on = any(item.state.settled for item in numbered)
    return Register(
        groups=tuple(
            ItemGroup(title, tuple(by_id[item.id] for item in items))
            for (title, _), items in zip(GROUPS, grouped, strict=True)
            if items
        ),
        first=tuple(by_id[step["id"]] for step in record["do_first"][:_FIRST] if step["id"] in by_id),
        short_set=None if moved_on else _short_set(record, by_id),
        no_short_way=bool(numbered) and not moved_on and record["short_set"]["reason"] == "no_short_set",
        count=len(numbered),
        waiting=record.get("waiting", False) or has_held(record),
    )


def groups_from(made_on: str, engine: int) -> tuple[tuple[str, int], ...]:
    """Titles of the groups and the last day of each. Since engine 2 a title names its day, which stays true whenever it is read."""
    if engine == 1:
        return GROUPS
    return tuple((f"By {day(after(made_on, last))}", last) for _, last in GROUPS)


def _own_register(record: Mapping[str, Any], state: RegisterState) -> Register:
    """The register since engine 2: actions in the order of the record, duties among them by their dates."""
    ordered = [replace(item, state=state.get(item.key, UNTOUCHED)) for item in _own_order(record)]
    titles = groups_from(record["made_on"], record["engine"])
    last = titles[-1][1]
    groups = [
        (title, [item for item in ordered if not item.later and before < max(item.days, 0) <= most])
        for (title, most), before in zip(titles, (-1, *(days for _, days in titles)), strict=False)
    ]
    groups.append((LATER, [item for item in ordered if item.later or (item.what == "action" and item.days > last)]))
    numbered = [replace(item, number=number) for number, item in enumerate((i for _, g in groups for i in g), 1)]
    by_id = {item.id: item for item in numbered}
    moved_on = any(item.state.settled for item in numbered)
    return Register(
        groups=tuple(ItemGroup(title, tuple(by_id[item.id] for item in items)) for title, items in groups if items),
        first=tuple(by_id[step["id"]] for step in record["do_first"] if step["id"] in by_id)[:_FIRST],
        short_set=None if moved_on else _short_set(record, by_id),
        no_short_way=bool(numbered) and not moved_on and record["short_set"]["reason"] == "no_short_set",
        count=len(numbered),
        waiting=record.get("waiting", False) or has_held(record),
        few=_is_few(record),
        travelling=_travelling(record, state),
    )


def _own_order(record: Mapping[str, Any]) -> list[Item]:
    shown = [action for action in record["actions"] if not action["held"]]
    most = MOST_FOR_FEW if _is_few(record) else len(shown)
    items = [_own_action(action, record, later=place >= most) for place, action in enumerate(shown)]
    duties = {duty["id"]: duty for duty in record["duties"]}
    pressing = [step["id"] for step in record["do_first"] if step["what"] == "duty"]
    wanted = {name: duties[name] for name in pressing if duties[name]["heading"] in _FIRM}
    wanted |= {duty["id"]: duty for duty in record["duties"] if _is_dated_and_binding(duty)}
    for duty in sorted(wanted.values(), key=lambda duty: str(duty["due"])):
        item = _duty(duty, record["made_on"])
        items.insert(next((place for place, other in enumerate(items) if _comes_after(other, item)), len(items)), item)
    return items


def _is_few(record: Mapping[str, Any]) -> bool:
    """Whether this is the own copy of a firm of few people. People nobody knows of are many."""
    people = record.get("people")
    return "advice_first" in record and people is not None and people < FEW_PEOPLE


def _comes_after(other: Item, duty: Item) -> bool:
    """Whether a duty stands before this one: before what is due on its day or later, but after what is to be begun at once."""
    if other.later:
        return True
    return other.days > max(duty.days, 0) or (other.what == "action" and other.days == duty.days > 0)


def _own_action(action: Mapping[str, Any], record: Mapping[str, Any], *, later: bool = False) -> Item:
    made_on, days, places = record["made_on"], action["days"], _places(record)
    together = action["question"] in MERGED
    failing = failing_of(record, action)
    told = {one.check for one in failing}
    # a sum is printed with its figures, so its check need not say it again
    parts = [part for part in action["parts"] if part["question"] not in told]
    several = together or len(parts) > 1
    why = None if several or not parts else parts[0]
    return Item(
        number=0,
        id=action["id"],
        key=action["question"],
        what="action",
        do=action["do"],
        asked=why["why_ask"] if why else "",
        answered=joined(why["why_answer"]) if why else "",
        question=places.get(action["questions"][0]),
        reason="" if together else action["reason"] or "",
        basis=_basis(action, record),
        gain="",
        effort=effort_words(action["effort_days"]),
        owner=action["owner_name"],
        due=_own_due(made_on, days),
        evidence="" if together else action["evidence"] or "",
        days=_NO_DAY if days is None else int(days),
        due_on=action["due"],
        ordinary=action["ordinary"],
        state=UNTOUCHED,
        title=action["title"] or "",
        parts=tuple(_part(part, places, together=together) for part in parts) if several else (),
        sums=tuple(f"{CHECK}: {one.says} {one.follows}" for one in failing),
        starts_today=days == 0,
        later=later or days is None,
        effort_days=action["effort_days"],
    )


def _part(part: Mapping[str, Any], places: Mapping[str, int], *, together: bool) -> Part:
    says = (part["title"] or part["do"]) if together else ""
    return Part(says, places.get(part["question"]), part["why_ask"], joined(part["why_answer"]))


def _travelling(record: Mapping[str, Any], state: RegisterState) -> tuple[Item, ...]:
    """The actions of the buyer's view with what became of them here: each is tracked under the action that stands for its questions."""
    tracked = {name: action["question"] for action in record["actions"] for name in action["questions"]}
    items = []
    for action in record["buyer_view"]["actions"]:
        item = _own_action(action, record)
        key = tracked.get(action["questions"][0], item.key)
        items.append(replace(item, tracked=key, state=state.get(key, UNTOUCHED)))
    return tuple(items)


def _basis(action: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    duties = {duty["id"]: duty for duty in record["duties"]}
    asked = [
        duties[name].get("line") or duties[name]["title"]
        for name in action["breaches"]
        if name in duties and duties[name]["verdict"] != "does_not_apply"
    ]
    return f"The law asks for it: {'; '.join(asked)}" if asked else "From your answers"


def _own_due(made_on: str, days: int | None) -> str:
    """By when. What is due at once is to be begun, not to be over by tonight."""
    if days is None:
        return "later"
    return f"start today, {day(made_on)}" if days == 0 else f"by {day(after(made_on, days))}"


def effort_words(days: float) -> str:
    """How much work something is for one person, in words."""
    if days < 1:
        return "half a day"
    return "a day" if days == 1 else f"about {plain(days)} days"


def _group_of(item: Item) -> str | None:
    """The stretch of time something falls due in, the overdue in the first; None beyond the year of the plan."""
    return next((title for title, last in GROUPS if item.days <= last), None)


def _in_order(record: Mapping[str, Any]) -> list[Item]:
    made_on = record["made_on"]
    places = _places(record)
    actions = {action["id"]: action for action in record["actions"] if not action["held"]}
    duties = {duty["id"]: duty for duty in record["duties"]}
    items: list[Item] = []
    for step in record["do_first"]:
        if step["what"] == "action":
            if step["id"] in actions:
                items.append(_action(actions[step["id"]], made_on, places))
        elif duties[step["id"]]["heading"] in _FIRM:
            items.append(_duty(duties[step["id"]], made_on))
    known = {item.id for item in items}
    # actions about exposure stay out of "do first": nothing may reward having fewer workers of some kind
    others = [_action(action, made_on, places) for name, action in actions.items() if name not in known]
    later = [duty for duty in record["duties"] if duty["id"] not in known and _is_dated_and_binding(duty)]
    others += [_duty(duty, made_on) for duty in sorted(later, key=lambda duty: str(duty["due"]))]
    for item in others:
        items.insert(next((place for place, other in enumerate(items) if _is_later(other, item)), len(items)), item)
    return items


def _is_later(other: Item, item: Item) -> bool:
    """Whether an item in its place comes after one that looks for its own: by date, and a duty before an action of that day.

    A duty in its place was put there before what brings points, so only what is due at once comes before it.
    """
    if other.what == "duty":
        return other.days > item.days and (item.what == "duty" or item.days <= 0)
    return other.days > item.days or (other.days == item.days and item.what == "duty")


def _places(record: Mapping[str, Any]) -> dict[str, int]:
    questions = [question["id"] for section in record["sections"] for question in section["questions"]]
    return {question: number for number, question in enumerate(questions, 1)}


def _is_dated_and_binding(duty: Mapping[str, Any]) -> bool:
    return duty["due"] is not None and duty["verdict"] == "applies" and duty["heading"] in _BINDING


def _action(action: Mapping[str, Any], made_on: str, places: Mapping[str, int]) -> Item:
    days = int(action["days"])
    return Item(
        number=0,
        id=action["id"],
        key=action["question"],
        what="action",
        do=action["do"],
        asked=action["why_ask"],
        answered=joined(action["why_answer"]),
        question=places.get(action["question"]),
        reason=action["reason"] or "",
        basis="From your answers",
        gain=gain_text(action["gain"]),
        effort=EFFORTS[action["effort"]],
        owner=action["owner_name"],
        due=_due(made_on, days),
        evidence=action["evidence"] or "",
        days=days,
        due_on=after(made_on, days),
        ordinary=action["ordinary"],
        state=UNTOUCHED,
    )


def _due(made_on: str, days: int) -> str:
    """By when, in words that stay true on every later day: what is printed today is read in spring."""
    at_once = "at once, " if days == 0 else ""
    return f"{at_once}by {day(after(made_on, days))}"


def gain_text(gain: float | None) -> str:
    """What an action takes off the score, in words; empty where nothing is promised."""
    if gain is None:
        return ""
    if rounded(gain) <= 0:
        return "less than 0.1 off your score" if gain > 0 else ""
    return f"{one(gain)} off your score"


def _duty(duty: Mapping[str, Any], made_on: str) -> Item:
    due = str(duty["due"])
    return Item(
        number=0,
        id=duty["id"],
        key=duty["id"],
        what="duty",
        do=duty["title"],
        asked="",
        answered="",
        question=None,
        reason=_first(duty["must_do"]),
        basis=_duty_basis(duty),
        gain="",
        effort="",
        owner=duty["approver"] or "",
        due=f"by {day(due)}; now, if not done yet" if duty["overdue"] else f"by {day(due)}",
        evidence="",
        days=_days_between(made_on, due),
        due_on=due,
        ordinary=True,
        state=UNTOUCHED,
    )


def _duty_basis(duty: Mapping[str, Any]) -> str:
    if duty["heading"] == "must":
        return f"Law: {duty['source']}"
    if duty["heading"] == "expected":
        return f"The government expects it: {duty['source']}"
    return f"Law, likely to apply, not yet confirmed by a lawyer: {duty['source']}"


def _first(steps: Sequence[str]) -> str:
    return steps[0] if steps else ""


def _days_between(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def _short_set(record: Mapping[str, Any], items: Mapping[str, Item]) -> ShortSet | None:
    short = record["short_set"]
    by_question = {item.key: item.number for item in items.values()}
    if short["to_band"] is None or not short["questions"] or not set(short["questions"]) <= set(by_question):
        return None
    wanted = sorted(by_question[question] for question in short["questions"])
    return ShortSet(
        numbers=tuple(wanted),
        from_word=BANDS[short["from_band"]],
        to_word=BANDS[short["to_band"]],
        score_after=one(short["score_after"]),
    )
