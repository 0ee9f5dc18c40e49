"""The only way from a record to anything a buyer sees: it follows from ordinary questions and dates alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.engine.bank import Edition
from assess.engine.buyer_view import BuyerBand, ExposureWord, OrdinaryTotals, buyer_view_from_totals
from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS, ALWAYS_POOLED, buyer_bars, ordinary_questions
from assess.engine.result import Line
from assess.engine.what_if import RECORDED_LIMITS, RecordedLimits
from assess.plans.words import add_days, questions_of

LANGUAGES_AND_VISAS = frozenset({"core_first_language", "core_languages", "core_visa_tied"})
"""They are ordinary, but no buyer is ever told of them, not as an answer and not as a part of an action."""

_LOW_GAP, _MIDDLE, _HIGHER = 0.25, 50.0, 70.0
"""For records made before these were settings: what they were when the buyer's view was made."""


class EditionMissingError(Exception):
    """A record of engine 1 can be shown to a buyer only beside the edition that it answers."""


BAR_LABELS = ("Little in place", "Partly in place", "Mostly in place", "All or nearly all in place")
"""What a buyer's bar says: one of four levels, in words. No number, so that nobody can work back to one answer."""


@dataclass(frozen=True, slots=True)
class RecordedBuyerBar:
    """One bar: the groups it stands for, and how far along it is, 1 to 4."""

    name: str
    step: int

    @property
    def words(self) -> str:
        return BAR_LABELS[self.step - 1]


@dataclass(frozen=True, slots=True)
class RecordedBuyerAction:
    """One action that ordinary answers call for. `key`: what the business tracks it under. `due`: ISO date, None later.

    `at_once`: it was to be begun on the day itself. `owner` is a job of the bank's own list, `parts` what it is made of, in short.
    """

    key: str
    do: str
    parts: tuple[str, ...]
    due: str | None
    at_once: bool
    owner: str


@dataclass(frozen=True, slots=True)
class RecordedBuyerView:
    """What a record says a buyer may see. `exposure` and `band` are None and `bars` empty for a quick check. `actions` are in the order of their days.

    `questions`: the ordinary questions of the record, in the order in which they are asked.
    """

    exposure: ExposureWord | None
    band: BuyerBand | None
    bars: tuple[RecordedBuyerBar, ...]
    actions: tuple[RecordedBuyerAction, ...]
    questions: tuple[str, ...]


def buyer_view_of(record: Mapping[str, Any], edition: Edition | None) -> RecordedBuyerView:
    """`edition`: the whole one it answers, also for a quick check. Raises EditionMissingError: engine 1 without it."""
    if "buyer_view" in record:
        view = record["buyer_view"]
        tracked = {question: row["question"] for row in record["actions"] for question in row["questions"]}
        return RecordedBuyerView(
            exposure=view["exposure"],
            band=view["band"],
            bars=tuple(RecordedBuyerBar(row["name"], row["step"]) for row in view["bars"]),
            actions=tuple(one for row in view["actions"] if (one := _action_from_record(row, tracked))),
            questions=tuple(row["id"] for row in questions_of(record) if row["ordinary"]),
        )
    if edition is None:
        raise EditionMissingError
    return _view_engine_1(record, edition)


def _action_from_record(row: Mapping[str, Any], tracked: Mapping[str, str]) -> RecordedBuyerAction | None:
    """An action of the record. One that is only about languages and visas is left out, whatever was answered."""
    parts = [part for part in row["parts"] if part["question"] not in LANGUAGES_AND_VISAS]
    if not parts:
        return None
    return RecordedBuyerAction(
        key=tracked.get(parts[0]["question"], row["question"]),
        do=row["do"],
        parts=tuple(part["title"] or part["do"] for part in parts) if row["question"] not in row["questions"] else (),
        due=row["due"],
        at_once=row["priority"] == "immediate",
        owner=row["owner_name"],
    )


@dataclass(frozen=True, slots=True)
class _ViewLimits(RecordedLimits):
    """The limits of the day, and those that were no settings then."""

    low_gap: float = _LOW_GAP
    exposure_middle: float = _MIDDLE
    exposure_higher: float = _HIGHER


def _view_engine_1(record: Mapping[str, Any], edition: Edition) -> RecordedBuyerView:
    """From the frozen lines of a record of engine 1. Its ordinary actions keep their own dates."""
    may = ordinary_questions(edition)
    asked = [row["id"] for row in questions_of(record) if row["id"] in may and _was_ordinary(row)]
    actions = _actions_engine_1(record, asked)
    if record["quick"]:
        return RecordedBuyerView(None, None, (), actions, tuple(asked))
    result = record["result"]
    counted = frozenset(asked) - {"core_first_language"}  # it gives no points any more
    sums = OrdinaryTotals(
        base=result["base"],
        lines=[Line(**{**row, "sign": None}) for row in result["lines"] if row["question"] in counted],
        weights={row["id"]: row["weight"] for row in result["dimensions"]},
        breaches=False,
        low_rule=True,
    )
    found = buyer_view_from_totals(
        sums, buyer_bars(edition), _ViewLimits(**{name: result["limits"][name] for name in RECORDED_LIMITS})
    )
    bars = tuple(RecordedBuyerBar(bar.name, bar.step) for bar in found.bars)
    return RecordedBuyerView(found.exposure, found.band, bars, actions, tuple(asked))


def _was_ordinary(question: Mapping[str, Any]) -> bool:
    """By what the record itself says of a question, and by what is known since."""
    kept = (
        question["can_sign"],
        question["rests_on_sign"],
        question["waits_for_advice"],
        question.get("pooled", False),
    )
    return not any(kept) and question["id"] not in ADVICE_FIRST_QUESTIONS | ALWAYS_POOLED


def _actions_engine_1(record: Mapping[str, Any], asked: Sequence[str]) -> tuple[RecordedBuyerAction, ...]:
    places = {question: place for place, question in enumerate(asked) if question not in LANGUAGES_AND_VISAS}
    rows = [row for row in record["actions"] if row["question"] in places]
    rows.sort(key=lambda row: (row["days"], places[row["question"]]))
    return tuple(
        RecordedBuyerAction(
            key=row["question"],
            do=row["do"],
            parts=(),
            due=add_days(record["made_on"], row["days"]),
            at_once=row["days"] == 0,
            owner=row["owner_name"],
        )
        for row in rows
    )
