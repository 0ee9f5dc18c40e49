"""Who may see what of one submission (decisions.md 7.2, 7.3 and 8).

The business sees everything it answered and all that follows from it, but never which answer raised a sign.
The buyer sees only what `BuyerCopy` names: it is built from nothing, field by field, and nothing is ever taken out of a
fuller text. The coordinator sees the record as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, Protocol, TypeVar

from assess.engine.short_sets import EFFORT_DAYS
from assess.plans.buying.for_buyer import BuyerBuying, buying_for_buyer
from assess.plans.words import BANDS, after, area_name

Copy = Literal["business", "large", "wall", "buyer", "coordinator"]
COPIES: tuple[Copy, ...] = ("business", "large", "wall", "buyer", "coordinator")
"""Large is the copy of the business in large print; wall is one page for everybody who works there."""


class _Does(Protocol):
    """A step of a copy."""

    @property
    def do(self) -> str: ...


_Step = TypeVar("_Step", bound=_Does)

Record = Mapping[str, Any]
"""A submission's record, as `assess.engine.record.make_record` writes it."""

FEWEST_QUESTIONS = 3
"""A bar of the buyer copy stands on at least so many questions, or is joined to its neighbour (decisions.md 7.3)."""

STEPS = ("Little in place", "Partly in place", "Mostly in place", "All or nearly all in place")
"""What a buyer's bar says: one of four steps, in words. No number, so that nobody can reckon back to one answer."""

_STEP_LIMITS = (0.35, 0.65, 0.9)
"""Strength, 0 to 1, from which the second, third and fourth step is reached."""

_SIGN_KEYS = frozenset(
    ("sign", "signs", "can_sign", "urgent_signs", "serious_signs", "unknown_signs", "third_party", "findings", "notes")
)
_SENSITIVE_KEYS = frozenset({"rests_on_sign", "waits_for_advice", "pooled"})
"""They say nothing of an answer, but they name the questions to look at."""
_LEFT_OUT = _SIGN_KEYS | _SENSITIVE_KEYS
_NESTED = frozenset({dict, list})

POOLED_BEFORE: Mapping[str, str] = {
    "core_buyer_pressure": "Tell the buyer in writing which terms make fair pay hard, and ask for a change."
}
"""Questions that were always to be pooled, and their action. Editions published before the bank could say `pooled` do not say it."""

ASKED_BEFORE = frozenset(
    {"Do your customers’ prices or late changes ever make it hard to pay workers fully and on time?"}
)
"""How they asked: a frozen copy knows no ids."""

_CONFIDENT, _HALF_CONFIDENT = 80, 60


def has_urgent_sign(record: Record) -> bool:
    """Whether advice is needed today. Open means in the latest submission, and each record is one submission."""
    return bool(record["result"]["urgent_signs"])


def aged(record: Record, today: str) -> Record:
    """The record as it is shown on an ISO date: answers older than a year count for less in the confidence (decisions.md 8, “Dates”).

    A printed copy stays as it was printed.
    """
    result = record["result"]
    if today <= record["valid_until"] or result["stale"]:
        return record
    confidence = result["confidence"] * result["limits"]["stale_factor"]
    return {**record, "result": {**result, "confidence": confidence, "stale": True}}


def business_record(record: Record) -> dict[str, Any]:
    """The record as a business may hold it: no sign, no list of signs, no note for the coordinator.

    While any sign is open, the shortest way to a better band would often point at it; it is left out then. The actions stand
    by their date and by what they bring, never earlier because of a sign (decisions.md 8, “Signs on paper”).
    """
    kept: dict[str, Any] = _without_signs(with_ordinary(record))
    kept.pop("finding_texts")
    _order_without_signs(kept)
    if any(record["result"][signs] for signs in ("urgent_signs", "serious_signs", "unknown_signs")):
        kept["short_set"] = {**kept["short_set"], "questions": [], "to_band": None, "score_after": None, "reason": None}
    return kept


def ordinary_questions(record: Record) -> frozenset[str]:
    """Questions whose action may leave the house, whatever was answered: by what a question is, never by its answer.

    Left out: those that can raise a sign or are asked only because of one, and those whose action may have to wait for advice:
    a gap would tell. Sums over several answers are no questions, so their actions are left out too. What buyers may see only
    pooled over many suppliers leaves no house alone.
    """
    return frozenset(
        question["id"]
        for section in record["sections"]
        for question in section["questions"]
        if not question["can_sign"]
        and not question["rests_on_sign"]
        and not question["waits_for_advice"]
        and not is_pooled(question)
    )


def is_pooled(question: Mapping[str, Any]) -> bool:
    """Whether buyers see the answers to this question of a record only put together over several suppliers."""
    return question.get("pooled", False) or question["id"] in POOLED_BEFORE


def without_pooled(steps: Iterable[_Step]) -> tuple[_Step, ...]:
    """The steps of a copy that was frozen before pooled questions were left out, without theirs: a copy knows no ids."""
    theirs = frozenset(POOLED_BEFORE.values())
    return tuple(step for step in steps if step.do not in theirs)


def with_ordinary(record: Record) -> dict[str, Any]:
    """The record with `ordinary` on each action: whether it may stand on a wall or travel (decisions.md 7.5)."""
    allowed = ordinary_questions(record)
    actions = [{**action, "ordinary": action["question"] in allowed} for action in record["actions"]]
    return {**record, "actions": actions}


def _order_without_signs(kept: dict[str, Any]) -> None:
    """Order and number the actions, and what comes first, as if no action knew of a sign."""
    asked = [question["id"] for section in kept["sections"] for question in section["questions"]]
    places = {question: place for place, question in enumerate(asked)}

    def rank(action: Mapping[str, Any]) -> tuple[float, float, int]:
        worth = (action["gain"] or 0.0) / EFFORT_DAYS[action["effort"]]
        return action["days"], -worth, places.get(action["question"], len(places))

    ordered = sorted(kept["actions"], key=rank)
    first = {step["id"] for step in kept["do_first"] if step["what"] == "action"}
    duties = [step for step in kept["do_first"] if step["what"] == "duty"]
    today: list[dict[str, str]] = []
    later: list[dict[str, str]] = []
    for number, action in enumerate(ordered, 1):
        if action["id"] in first:
            (today if action["days"] == 0 else later).append({"what": "action", "id": f"A{number}"})
    kept["actions"] = [{**action, "id": f"A{number}"} for number, action in enumerate(ordered, 1)]
    kept["do_first"] = [*today, *duties, *later]


def _without_signs(value: Any) -> Any:  # noqa: ANN401  # JSON is anything
    """Every page of a plan begins here, so it looks no closer than it must: a record is made of JSON's own kinds alone."""
    if type(value) is dict:
        return {
            key: _without_signs(part) if type(part) in _NESTED else part
            for key, part in value.items()
            if key not in _LEFT_OUT
        }
    if type(value) is list:
        return [_without_signs(part) if type(part) in _NESTED else part for part in value]
    return value


@dataclass(frozen=True, slots=True)
class BuyerBar:
    """One bar: the groups it stands for, and how far along it is, 1 to 4."""

    name: str
    step: int

    @property
    def words(self) -> str:
        """How far along it is, in words."""
        return STEPS[self.step - 1]


@dataclass(frozen=True, slots=True)
class BuyerAction:
    """A step the self-check proposed, and by when. What the business decided since is not known here."""

    do: str
    due: str | None
    """ISO date; None means at once."""


@dataclass(frozen=True, slots=True)
class BuyerCopy:
    """All that a buyer may ever see of a submission. `rating` is None while an urgent sign is open, and so is `buying`.

    `buying` holds words of risk, and beside urgent advice the name of a trade, say agency labour, would be read as its reason.
    """

    organisation: str
    area: str | None
    bank: str
    edition: int
    made_on: str
    valid_until: str
    quick: bool
    operator: str
    rating: BuyerRating | None
    actions: tuple[BuyerAction, ...]
    buying: BuyerBuying | None

    @property
    def by_date(self) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
        """The actions by the ISO date they are due; None is at once."""
        groups = groupby(self.actions, key=lambda action: action.due)
        return tuple((due, tuple(action.do for action in group)) for due, group in groups)


@dataclass(frozen=True, slots=True)
class BuyerRating:
    """Band, confidence as a word, and the bars. No number and no line."""

    band: str
    confidence: str
    bars: tuple[BuyerBar, ...]

    @property
    def word(self) -> str:
        """The band as people read it."""
        return BANDS[self.band]


def buyer_copy(record: Record) -> BuyerCopy:
    """The buyer copy of a record, field by field."""
    return BuyerCopy(
        organisation=record["organisation"]["name"],
        area=area_name(record["organisation"]["area"]),
        bank=record["edition"]["title"],
        edition=record["edition"]["number"],
        made_on=record["made_on"],
        valid_until=record["valid_until"],
        quick=record["quick"],
        operator=record["operator"]["name"],
        rating=None if has_urgent_sign(record) else _rating(record),
        actions=_actions(record),
        buying=None if has_urgent_sign(record) else buying_for_buyer(record),
    )


def _rating(record: Record) -> BuyerRating:
    result = record["result"]
    return BuyerRating(
        band=result["band"],
        confidence=confidence_word(result["confidence"]),
        bars=buyer_bars(record["groups"]),
    )


def confidence_word(confidence: float) -> str:
    """How far the answers can be relied on, 0 to 100, as a word."""
    if confidence >= _CONFIDENT:
        return "high"
    return "medium" if confidence >= _HALF_CONFIDENT else "low"


def buyer_bars(groups: Sequence[Mapping[str, Any]]) -> tuple[BuyerBar, ...]:
    """The bars in their fixed order. A group that stands on too few questions is joined to the next, the last to the one before."""
    joined: list[_Group] = []
    waiting = _Group((), 0, 0, 0)
    for group in groups:
        if not group["questions"]:
            continue
        waiting = waiting.with_(_Group((group["name"],), group["questions"], group["points"], group["possible"]))
        if waiting.questions >= FEWEST_QUESTIONS:
            joined.append(waiting)
            waiting = _Group((), 0, 0, 0)
    if waiting.questions:
        if not joined:
            return ()
        joined[-1] = joined[-1].with_(waiting)
    return tuple(group.bar() for group in joined)


@dataclass(frozen=True, slots=True)
class _Group:
    names: tuple[str, ...]
    questions: int
    points: float
    possible: float

    def with_(self, other: _Group) -> _Group:
        return _Group(
            self.names + other.names,
            self.questions + other.questions,
            self.points + other.points,
            self.possible + other.possible,
        )

    def bar(self) -> BuyerBar:
        strength = 1 - self.points / self.possible
        step = 1 + sum(strength >= limit for limit in _STEP_LIMITS)
        return BuyerBar(name="; ".join(self.names), step=step)


def _actions(record: Record) -> tuple[BuyerAction, ...]:
    """Ordinary actions, by date and then as they are asked: never by what a sign or a score did to them.

    Left out: actions of questions that can raise a sign or that are asked only because of one, of sums over several
    answers, and of questions whose action would wait for advice, whether it does now or not: a gap would tell.
    """
    asked = [question["id"] for section in record["sections"] for question in section["questions"]]
    may = ordinary_questions(record)
    allowed = {question: place for place, question in enumerate(asked) if question in may}
    ordinary = [action for action in record["actions"] if action["question"] in allowed]
    ordinary.sort(key=lambda action: (action["days"], allowed[action["question"]]))
    return tuple(
        BuyerAction(
            do=action["do"],
            due=None if action["days"] == 0 else after(record["made_on"], action["days"]),
        )
        for action in ordinary
    )
