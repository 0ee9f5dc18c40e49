"""The annex: all that was answered, the proof at hand, the settings used, and what the words mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.plans.words import day, in_words, joined

WORDS: tuple[tuple[str, str], ...] = (
    ("Exposure", "what your kind of work brings with it; nobody’s fault"),
    ("Safeguard", "what you do so that nobody is exploited"),
    ("Gap", "the share of points your safeguards leave open"),
    ("Score", "exposure and gap together, 0 to 100; less is better"),
    ("Band", "the score in a word; some answers count whatever the score"),
    (
        "Confidence",
        "how far answers can be relied on: less with each “don’t know”, more with proof ticked beside good answers",
    ),
)
"""The few terms a reader meets, in plain words."""


USED = (
    "wage",
    "offset_day",
    "oncost",
    "labour_provider_good",
    "labour_provider_low",
    "base",
    "floor",
    "worst_share",
    "bands",
    "unknown_limit",
)
"""The settings a score rests on, by id. The weights stand beside the areas; the others only fill texts."""

_OURS = "Our judgement"
"""How the source of a number begins that we chose ourselves."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question as asked and answered."""

    number: int
    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One number the result rests on, since when it holds, and where it comes from."""

    label: str
    value: str
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Annex:
    """Everything behind the plan."""

    answers: tuple[AnswerRow, ...]
    evidence: tuple[str, ...]
    settings: tuple[SettingRow, ...]
    judgements: tuple[SettingRow, ...]
    """Settings that nobody has published: we chose them."""
    words: tuple[tuple[str, str], ...]


def annex_of(record: Mapping[str, Any]) -> Annex:
    """The annex of a record. Every answer is listed alike."""
    questions = [question for section in record["sections"] for question in section["questions"]]
    answers = tuple(
        AnswerRow(number, question["ask"], joined(question["answer_text"]))
        for number, question in enumerate(questions, 1)
    )
    noted = set(record["evidence"])
    proof = [row for row, question in zip(answers, questions, strict=True) if question["id"] in noted]
    return Annex(
        answers=answers,
        evidence=tuple(f"{row.number}. {row.ask}" for row in proof),
        settings=_settings(record["settings"], judged=False),
        judgements=_settings(record["settings"], judged=True),
        words=WORDS,
    )


def _without_ids(value: str) -> str:
    """A value as people write it: ids of banks in it lose their underscores."""
    return re.sub(r"(?<=[a-z])_(?=[a-z])", " ", value)


def _settings(rows: Sequence[Mapping[str, str]], *, judged: bool) -> tuple[SettingRow, ...]:
    by_id = {row["id"]: row for row in rows}
    used = [by_id[name] for name in USED if name in by_id]
    return tuple(
        SettingRow(row["label"], _without_ids(row["value"]), day(row["from"]), in_words(row["source"]))
        for row in used
        if row["source"].startswith(_OURS) is judged
    )
