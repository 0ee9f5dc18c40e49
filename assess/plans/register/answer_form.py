"""The form of one item: what was typed, what it means, and what is wrong with it.

Free words are read only beside ordinary items. Beside all others there is nothing but fixed choices, the same whatever was
answered, so that no form tells which answer was grave and none collects words about a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from marshmallow import ValidationError

from assess.assessments.careful.asking import Asked, is_question, ticks_in
from assess.assessments.fields import Cleaner, Day, Words, sentences
from assess.assessments.typed import LONGEST_RAW, as_typed
from assess.plans.actions import Item
from assess.plans.register.keeping import Change
from assess.plans.register.options import REASONS, SOMEONE_ELSE, STATUSES
from assess.plans.register.phrases import responses_for
from assess.plans.register.private_words import asked_about
from assess.plans.register.state import Response, Status

LONGEST_OWNER = 60
LONGEST_REASON = 200
YEARS_AHEAD = 3

Faults = dict[str, str]
"""By the name of the field, one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an answer may lie between: the day of the submission and today, ISO, and the owners that can be picked."""

    made_on: str
    today: str
    roles: Sequence[str]

    @property
    def last_due(self) -> str:
        """The latest day something can be planned for."""
        made = date.fromisoformat(self.made_on)
        leap = (made.month, made.day) == (2, 29)
        return made.replace(year=made.year + YEARS_AHEAD, day=28 if leap else made.day).isoformat()


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """The form as it stands. `ticks`: marks of texts that are to be kept as they are, whatever they look like."""

    response: str = ""
    reason: str = ""
    reason_text: str = ""
    owner: str = ""
    owner_text: str = ""
    due: str = ""
    status: str = ""
    done_on: str = ""
    ticks: frozenset[str] = frozenset()


def typed_of(item: Item, roles: Sequence[str]) -> TypedAnswer:
    """An item as its form shows it, with the date the plan proposes where no other was chosen."""
    state = item.state
    named = bool(state.owner) and state.owner not in roles
    return TypedAnswer(
        response=state.response or "",
        reason=state.reason,
        reason_text=state.reason_text,
        owner=SOMEONE_ELSE if named else state.owner,
        owner_text=state.owner if named else "",
        due=as_typed(item.due_date, "date") if item.due_date else "",
        status=state.status,
        done_on=as_typed(state.done_on, "date") if state.done_on else "",
    )


def read_answer(form: Mapping[str, str], item: Item) -> TypedAnswer:
    """What was sent. Beside an item that is not ordinary, free words are not even looked at."""

    def text(name: str) -> str:
        return form.get(name, "")[:LONGEST_RAW].strip()

    return TypedAnswer(
        response=text("response"),
        reason=text("reason"),
        reason_text=text("reason_text") if item.ordinary else "",
        owner=text("owner"),
        owner_text=text("owner_text") if item.ordinary else "",
        due=text("due"),
        status=text("status"),
        done_on=text("done_on"),
        ticks=ticks_in(form),
    )


def change_of(typed: TypedAnswer, item: Item, bounds: Bounds) -> tuple[Change, Faults]:
    """What the form says, and what is wrong with it. With faults, the change is not to be kept.

    What does not belong to an answer falls away: a reason where something is done, dates where it is not.
    """
    faults: Faults = {}
    if typed.response not in responses_for(item):
        faults["response"] = "Choose what you say to this."
        return Change(), faults
    response = cast("Response", typed.response)
    owner = _owner(typed, item, bounds, faults)
    if response == "will_not":
        if typed.reason not in REASONS:
            faults["reason"] = "Choose why you will not do this."
        words = _words("reason_text", LONGEST_REASON, typed, item, faults)
        return Change(response=response, reason=typed.reason, reason_text=words, owner=owner), faults
    done = response == "already_done" or typed.status == "done"
    done_on = _done_on(typed, bounds, faults, needed=response == "accepted") if done else None
    due = None if response == "already_done" else _due(typed.due, item, bounds, faults)
    status = typed.status if typed.status in STATUSES else "open"
    return Change(
        response=response,
        owner=owner,
        due=due,
        status="done" if done else cast("Status", status),
        done_on=done_on,
    ), faults


def _owner(typed: TypedAnswer, item: Item, bounds: Bounds, faults: Faults) -> str:
    """Empty for whom the plan names."""
    if typed.owner == SOMEONE_ELSE and item.ordinary:
        words = _words("owner_text", LONGEST_OWNER, typed, item, faults)
        if not words and "owner_text" not in faults:
            faults["owner_text"] = "Enter who does it: a job, such as “site manager”, is best."
        return words
    if typed.owner and typed.owner not in bounds.roles:
        faults["owner"] = "Choose who does it from the list."
    return "" if typed.owner == item.owner else typed.owner


def _due(text: str, item: Item, bounds: Bounds, faults: Faults) -> str | None:
    """None for the date the plan proposes."""
    if not text:
        return None
    chosen = _day("due", text, faults)
    if chosen is None or chosen in {item.due_on, item.state.due}:
        return None if chosen == item.due_on else chosen
    if chosen < bounds.made_on:
        faults["due"] = "Choose a day after you sent in your answers."
    elif chosen > bounds.last_due:
        faults["due"] = f"Choose a day within {YEARS_AHEAD} years."
    return chosen


def _done_on(typed: TypedAnswer, bounds: Bounds, faults: Faults, *, needed: bool) -> str | None:
    if not typed.done_on:
        return bounds.today if needed else None
    day = _day("done_on", typed.done_on, faults)
    if day is not None and day > bounds.today:
        faults["done_on"] = "This day is still to come. Enter the day it was done."
    return day


def _day(name: str, text: str, faults: Faults) -> str | None:
    return clean(Day(typed=True, may_be_unknown=False), name, text, faults)


def _words(name: str, longest: int, typed: TypedAnswer, item: Item, faults: Faults) -> str:
    words = clean(Words(longest), name, getattr(typed, name), faults) or ""
    for one in asked_about({name: words}, typed.ticks, _stored(item)):
        faults[name] = one.sentence
    return words


def _stored(item: Item) -> frozenset[str]:
    return frozenset({item.state.reason_text, item.state.owner})


def asked_in(typed: TypedAnswer, faults: Mapping[str, str], item: Item) -> tuple[Asked, ...]:
    """What the page asks about free words, where a sentence beside their box says so."""
    texts = {
        name: " ".join(getattr(typed, name).split())
        for name in ("owner_text", "reason_text")
        if is_question(faults.get(name, ""))
    }
    return asked_about(texts, typed.ticks, _stored(item))


def clean(cleaner: Cleaner[str], name: str, text: str, faults: Faults) -> str | None:
    """The clean value of a field, or None and a fault."""
    try:
        return cleaner.deserialize(text)
    except ValidationError as refusal:
        faults[name] = " ".join(sentences(refusal))
        return None
