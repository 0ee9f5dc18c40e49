"""The action register: what to do, why, by whom and by when, in the order of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from assess.plans.register.state import NOTHING_YET, UNTOUCHED, ItemState, RegisterState
from assess.plans.words import BANDS, EFFORTS, after, day, joined, one, rounded

GROUPS = (("This month", 30), ("This quarter", 92), ("This year", 366))
"""Titles of the groups and the last day of each, counted from the day of the assessment."""

_BINDING = frozenset({"must", "likely"})
_FIRM = _BINDING | {"expected"}
"""Headings of duties that stand among the actions: one whose source nobody re-read is asked about, never pressed."""
_FIRST = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do. `asked` and `answered` are empty for a duty. `due` is finished text such as "by 1 December 2026".

    `key` (id of a question, a check or a duty) stays the same in every submission; `id` is the name in this one's record.
    `due_on` is the ISO date the plan proposes, None while the action waits for advice. `held`: it waits for advice.
    `ordinary`: it may stand on a wall and travel, and free words may be written beside it (decisions.md 7.2, 7.5).
    `state` is what the business made of it.
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
    held: bool
    ordinary: bool
    state: ItemState

    @property
    def due_date(self) -> str | None:
        """The ISO date it is to be done by: the one the business chose, else the one the plan proposes."""
        return None if self.held else self.state.due or self.due_on


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The things to do within one stretch of time."""

    title: str
    items: tuple[Item, ...]


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
    once anything is done or dropped.
    """

    groups: tuple[ItemGroup, ...]
    first: tuple[Item, ...]
    short_set: ShortSet | None
    no_short_way: bool
    count: int

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the plan."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def ordinary(self) -> tuple[Item, ...]:
        """Those that may travel: the only ones for a wall, a calendar, a mail, a spreadsheet or a Word file (decisions.md 7.5)."""
        return tuple(item for item in self.items if item.ordinary)


def register_of(record: Mapping[str, Any], state: RegisterState = NOTHING_YET) -> Register:
    """The register of a record marked by `copies.with_ordinary`: actions and dated duties in "do first" order, grouped by when they fall due.

    What stands out of "do first" (actions about exposure, duties of later) is placed by its date among them.

    `state` is what the business made of its items.
    """
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
    )


def _group_of(item: Item) -> str | None:
    """The stretch of time something falls due in, the overdue in the first; None beyond the year of the plan."""
    return next((title for title, last in GROUPS if item.days <= last), None)


def _in_order(record: Mapping[str, Any]) -> list[Item]:
    made_on = record["made_on"]
    places = _places(record)
    actions = {action["id"]: action for action in record["actions"]}
    duties = {duty["id"]: duty for duty in record["duties"]}
    items: list[Item] = []
    for step in record["do_first"]:
        if step["what"] == "action":
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
    if action["held"]:
        return _held(action, places)
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
        held=False,
        ordinary=action["ordinary"],
        state=UNTOUCHED,
    )


def _held(action: Mapping[str, Any], places: Mapping[str, int]) -> Item:
    """An action that waits for advice: no date, no proof and no promise that would ask for the deed all the same."""
    return Item(
        number=0,
        id=action["id"],
        key=action["question"],
        what="action",
        do=action["do"],
        asked=action["why_ask"],
        answered="",
        question=places.get(action["question"]),
        reason="",
        basis="",
        gain="",
        effort="",
        owner=action["owner_name"],
        due="when you have had advice",
        evidence="",
        days=int(action["days"]),
        due_on=None,
        held=True,
        ordinary=False,
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
        held=False,
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
    by_question = {action["question"]: action["id"] for action in record["actions"]}
    if not short["questions"] or short["to_band"] is None:
        return None
    wanted = sorted(items[by_question[question]].number for question in short["questions"])
    return ShortSet(
        numbers=tuple(wanted),
        from_word=BANDS[short["from_band"]],
        to_word=BANDS[short["to_band"]],
        score_after=one(short["score_after"]),
    )
