"""Who may see what of a submission: the record without signs for the business, and the buyer copy, built field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from assess.engine.bank import Edition
from assess.engine.buyer_view import BuyerBand, ExposureWord
from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS, ALWAYS_POOLED
from assess.engine.step_gains import EFFORT_DAYS
from assess.plans.buyer_view import RecordedBuyerBar, buyer_view_of
from assess.plans.first_page import advice_comes_first
from assess.plans.pay_sums import failing_sums, failing_sums_rank
from assess.plans.purchases import BuyerPurchases, purchases_for_buyer
from assess.plans.words import BAND_WORDS, area_name, question_numbers, questions_of

Copy = Literal["business", "large", "annex", "wall", "buyer", "coordinator"]
COPIES: tuple[Copy, ...] = ("business", "large", "annex", "wall", "buyer", "coordinator")
"""Large is the copy of the business in large print, annex what stands behind it; wall is one page for everybody who works there."""

Record = Mapping[str, Any]
"""A submission's record, as `assess.engine.record.make_record` writes it."""

_SIGN_KEYS = frozenset(
    ("sign", "signs", "can_sign", "urgent_signs", "serious_signs", "unknown_signs", "third_party", "findings", "notes")
)
# taken out at any depth, whatever they hold there: a new key of a record must have none of these names
_SENSITIVE_KEYS = frozenset({"rests_on_sign", "waits_for_advice", "pooled"})
"""They say nothing of an answer, but they name the questions to look at."""
_HIDDEN_KEYS = _SIGN_KEYS | _SENSITIVE_KEYS
_CONTAINERS = frozenset({dict, list})


def has_urgent_sign(record: Record) -> bool:
    """Whether advice is needed today. Open means in the latest submission, and each record is one submission."""
    return bool(record["result"]["urgent_signs"])


def record_as_of(record: Record, today: str) -> Record:
    """The record as it is shown on an ISO date: answers older than a year count for less in the confidence (docs/rules.md 7.1).

    A printed copy stays as it was printed.
    """
    result = record["result"]
    if today <= record["valid_until"] or result["stale"]:
        return record
    confidence = result["confidence"] * result["limits"]["stale_factor"]
    return {**record, "result": {**result, "confidence": confidence, "stale": True}}


def business_record(record: Record) -> dict[str, Any]:
    """The record as a business may hold it: no sign, no list of signs, no note for the coordinator, no action that waits for advice.

    `waiting`: whether any does. Which, how many and why is said nowhere, so all such records read alike.

    While any sign is open, the shortest way to a better band would often point at it; it is left out then. The actions stand
    by their date and by what they bring, never earlier because of a sign (docs/rules.md 4.6).
    """
    return _business_record_engine_1(record) if record["engine"] == 1 else _business_record(record)


def _business_record_engine_1(record: Record) -> dict[str, Any]:
    marked = mark_exportable_and_held(record)
    shown = [action for action in marked["actions"] if not action["held"]]
    kept: dict[str, Any] = _without_signs({**marked, "actions": shown})
    kept.pop("finding_texts")
    kept["waiting"] = has_actions_awaiting_advice(marked)
    _order_without_signs_engine_1(kept)
    if any(record["result"][signs] for signs in ("urgent_signs", "serious_signs", "unknown_signs")):
        kept["short_set"] = {**kept["short_set"], "questions": [], "to_band": None, "score_after": None, "reason": None}
    return kept


def ordinary_questions_of_record(record: Record) -> frozenset[str]:
    """Questions whose action may leave the house, whatever was answered: by what a question is, never by its answer.

    Left out: those that can raise a sign or are asked only because of one, and those whose action may have to wait for advice:
    a gap would tell. Sums over several answers are no questions, so their actions are left out too. What buyers may see only
    pooled over many suppliers leaves no house alone. Records since engine 2 say it of each question.
    """
    questions = questions_of(record)
    if record["engine"] != 1:
        return frozenset(question["id"] for question in questions if question["ordinary"])
    return frozenset(
        question["id"]
        for question in questions
        if not question["can_sign"]
        and not question["rests_on_sign"]
        and not question["waits_for_advice"]
        and question["id"] not in ADVICE_FIRST_QUESTIONS
        and not is_pooled_in_record(question)
    )


def is_pooled_in_record(question: Mapping[str, Any]) -> bool:
    """Whether buyers see the answers to this question of a record only put together over several suppliers."""
    return question.get("pooled", False) or question["id"] in ALWAYS_POOLED


def mark_exportable_and_held(record: Record) -> dict[str, Any]:
    """The record with two marks on each action: `exportable`, whether it may stand on a wall or be exported (docs/rules.md 1.5), and `held`.

    An action is held while advice comes first: by the record, or because the rules of today have it wait. Since engine 2 an action may stand for
    several questions; then each of them must be ordinary.

    The frozen `ordinary` of an action since engine 2 is another thing: that any of its questions is. It is left out here, so that nothing can
    decide by it what is exported.
    """
    allowed = ordinary_questions_of_record(record)
    advice_first = advice_comes_first(record)
    actions = [
        {
            **{key: value for key, value in action.items() if key != "ordinary"},
            "exportable": allowed.issuperset(action.get("questions", (action["question"],))),
            "held": action["held"] or (advice_first and _waits_for_advice(action)),
        }
        for action in record["actions"]
    ]
    return {**record, "actions": actions}


def has_actions_awaiting_advice(record: Record) -> bool:
    """Whether any action of a record with marks waits for advice. Of those it is only ever told that there are some."""
    return any(action["held"] for action in record["actions"])


def _waits_for_advice(action: Mapping[str, Any]) -> bool:
    return action["question"] in ADVICE_FIRST_QUESTIONS or (action["find_out"] and action["can_sign"])


def _order_without_signs_engine_1(kept: dict[str, Any]) -> None:
    """Order and number the actions, and what comes first, as if no action knew of a sign."""
    places = question_numbers(kept)

    def rank(action: Mapping[str, Any]) -> tuple[float, float, int]:
        worth = (action["gain"] or 0.0) / EFFORT_DAYS[action["effort"]]
        return action["days"], -worth, places.get(action["question"], len(places) + 1)

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


def _business_record(record: Record) -> dict[str, Any]:
    """The record of a business since engine 2: what waits for advice is no action of it, and no row stands higher because it is a sign.

    `advice_first`: an urgent sign or one of third-party control is open; `waiting`: some actions wait until there was advice. How many, which
    and why is said nowhere.
    """
    advice_first = advice_comes_first(record)
    marked = mark_exportable_and_held(record)
    places = question_numbers(record)
    shown = [action for action in marked["actions"] if not action["held"]]
    awaiting_advice = [action for action in marked["actions"] if action["held"]]
    ordered = sorted(
        shown,
        key=lambda action: (*action_sort_key(record, action), places.get(action["questions"][0], len(places) + 1)),
    )
    numbers = {action["id"]: f"A{number}" for number, action in enumerate(ordered, 1)}
    actions = [
        {**action, "id": numbers[action["id"]], "breaches": [] if action["can_sign"] else list(action["breaches"])}
        for action in ordered
    ]
    kept: dict[str, Any] = _without_signs({**marked, "actions": actions})
    kept.pop("finding_texts")
    kept |= {"advice_first": advice_first, "waiting": bool(awaiting_advice)}
    kept["do_first"] = [
        {**step, "id": numbers.get(step["id"], step["id"])}
        for step in record["do_first"]
        if step["what"] == "duty" or (not advice_first and step["id"] in numbers)
    ]
    for section in kept["sections"]:
        for question in section["questions"]:
            question.pop("ordinary")
    result = kept["result"]
    del result["not_looked"]
    result["breaches"] = [{"duty": duty} for duty in dict.fromkeys(row["duty"] for row in record["result"]["breaches"])]
    waiting = {one.check for action in awaiting_advice for one in failing_sums(record, action)}
    result["sums"] = [one for one in result["sums"] if one["check"] not in waiting]
    if any(record["result"][signs] for signs in ("urgent_signs", "serious_signs", "unknown_signs")):
        kept["short_set"] = {**kept["short_set"], "questions": [], "to_band": None, "score_after": None, "reason": None}
    return kept


def action_sort_key(record: Record, action: Mapping[str, Any]) -> tuple[float, int, float, float]:
    """The order in which a business reads its actions: by days, then harm, failing sums first, then gain for effort (docs/rules.md 4.3)."""
    days = float("inf") if action["days"] is None else action["days"]
    worth = (action["gain"] or 0.0) / action["effort_days"]
    return days, action["harm"], failing_sums_rank(failing_sums(record, action)), -worth


def _without_signs(value: Any) -> Any:  # noqa: ANN401  # JSON is anything
    """Every page of a plan begins here, so it looks no closer than it must: a record is made of JSON's own kinds alone."""
    if type(value) is dict:
        return {
            key: _without_signs(part) if type(part) in _CONTAINERS else part
            for key, part in value.items()
            if key not in _HIDDEN_KEYS
        }
    if type(value) is list:
        return [_without_signs(part) if type(part) in _CONTAINERS else part for part in value]
    return value


EXPOSURE_WORDS: Mapping[str, str] = {"lower": "Lower", "middle": "Middle", "higher": "Higher"}


@dataclass(frozen=True, slots=True)
class BuyerAction:
    """A step the self-check proposed, and by when. What the business decided since is not known here."""

    do: str
    parts: tuple[str, ...]
    """What it is made of, in short; empty for most."""
    due: str | None
    """ISO date; None is later."""
    at_once: bool
    """It was to be begun on the day itself."""


@dataclass(frozen=True, slots=True)
class BuyerCopy:
    """All that a buyer may ever see of a submission. `exposure` and `band` are None and `bars` empty for a quick check, and for it alone."""

    organisation: str
    area: str | None
    bank: str
    edition: int
    made_on: str
    valid_until: str
    quick: bool
    operator: str
    exposure: ExposureWord | None
    band: BuyerBand | None
    bars: tuple[RecordedBuyerBar, ...]
    actions: tuple[BuyerAction, ...]
    purchases: BuyerPurchases | None

    @property
    def word(self) -> str | None:
        return BAND_WORDS[self.band] if self.band else None

    @property
    def exposure_word(self) -> str | None:
        return EXPOSURE_WORDS[self.exposure] if self.exposure else None

    @property
    def by_date(self) -> tuple[tuple[str | None, tuple[BuyerAction, ...]], ...]:
        """The actions by the ISO date they are due; None is later."""
        return tuple((due, tuple(group)) for due, group in groupby(self.actions, key=lambda action: action.due))


def buyer_copy(record: Record, edition: Edition | None = None) -> BuyerCopy:
    """`edition`: the whole one that it answers. Raises EditionMissingError for a record of engine 1 without it."""
    view = buyer_view_of(record, edition)
    return BuyerCopy(
        organisation=record["organisation"]["name"],
        area=area_name(record["organisation"]["area"]),
        bank=record["edition"]["title"],
        edition=record["edition"]["number"],
        made_on=record["made_on"],
        valid_until=record["valid_until"],
        quick=record["quick"],
        operator=record["operator"]["name"],
        exposure=view.exposure,
        band=view.band,
        bars=view.bars,
        actions=tuple(BuyerAction(action.do, action.parts, action.due, action.at_once) for action in view.actions),
        purchases=purchases_for_buyer(record),
    )
