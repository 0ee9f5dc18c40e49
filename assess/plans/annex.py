"""The annex (answers, evidence, settings, terms), the sign sheet for coordinators, and the sign-off page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from assess.engine.bank import ILO_INDICATORS
from assess.plans.words import (
    answer_text,
    exact_decimal,
    format_day,
    format_record_text,
    plain_number,
    questions_of,
    round_half_up,
)

TERMS: tuple[tuple[str, str], ...] = (
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

USED_SETTINGS = (
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


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question as it was asked: its number, both texts, what it cost of what it could cost, and whether proof was ticked."""

    number: int
    ask: str
    answer: str
    points: str
    proof: bool


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The questions whose points are added up together. `total`: their sum, empty where there are no points."""

    title: str
    total: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class SettingRow:
    label: str
    value: str
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Annex:
    settings: tuple[SettingRow, ...]
    judgements: tuple[SettingRow, ...]
    """Settings that nobody has published: we chose them."""
    words: tuple[tuple[str, str], ...]
    groups: tuple[AnswerGroup, ...]
    """Every question once, by what its points are added to."""


def annex_of(record: Mapping[str, Any]) -> Annex:
    """The annex of a record. Every answer is listed alike."""
    return Annex(
        settings=_settings(record["settings"], judged=False),
        judgements=_settings(record["settings"], judged=True),
        words=TERMS,
        groups=answer_groups_of(record),
    )


EXPOSURE_TITLE, NO_POINTS_TITLE = "What your kind of work brings with it", "Without points"


def answer_groups_of(record: Mapping[str, Any]) -> tuple[AnswerGroup, ...]:
    """Exposure, then the areas of safeguards in the order of the bank, then what gives no points. All lines look alike."""
    lines = {line["question"]: line for line in record["result"]["lines"]}
    noted = set(record["evidence"])
    rows: dict[str, list[AnswerRow]] = {"exposure": [], **{area["id"]: [] for area in record["dimensions"]}, "": []}
    sums: dict[str, list[Decimal]] = {name: [Decimal(0), Decimal(0)] for name in rows}
    for number, question in enumerate(questions_of(record), 1):
        line = lines.get(question["id"])
        name = "" if line is None else "exposure" if line["kind"] == "exposure" else line["dimension"]
        points = "" if line is None else f"{plain_number(line['points'])} of {plain_number(line['possible'])}"
        if line is not None:
            sums[name][0] += exact_decimal(line["points"])
            sums[name][1] += exact_decimal(line["possible"])
        answer = answer_text(question["answer_text"])
        rows[name].append(AnswerRow(number, question["ask"], answer, points, question["id"] in noted))
    titles = {
        "exposure": EXPOSURE_TITLE,
        **{area["id"]: area["name"] for area in record["dimensions"]},
        "": NO_POINTS_TITLE,
    }
    return tuple(
        AnswerGroup(
            titles[name],
            f"{plain_number(sums[name][0])} of {plain_number(sums[name][1])}" if name else "",
            tuple(found),
        )
        for name, found in rows.items()
        if found
    )


def _settings(rows: Sequence[Mapping[str, str]], *, judged: bool) -> tuple[SettingRow, ...]:
    by_id = {row["id"]: row for row in rows}
    used = [by_id[name] for name in USED_SETTINGS if name in by_id]
    return tuple(
        SettingRow(
            row["label"],
            re.sub(r"(?<=[a-z])_(?=[a-z])", " ", row["value"]),  # ids of banks in it lose their underscores
            format_day(row["from"]),
            format_record_text(row["source"]),
        )
        for row in used
        # so the source of a number begins that we chose ourselves
        if row["source"].startswith("Our judgement") is judged
    )


_NUMBER_LABELS: Mapping[str, str] = {
    "price": "price of a wash",
    "team": "people on a car",
    "minutes": "minutes for a car",
    "cost": "what the work costs",
    "daily": "pay for a day",
    "hours": "hours in a day",
    "hourly": "pay for an hour",
    "charge": "charge for a day of housing",
    "offset": "most that may be counted for it",
    "people_per_bedroom": "people to a bedroom",
    "rows": "checks of a licence that are too old",
}


@dataclass(frozen=True, slots=True)
class SignRow:
    id: str
    says: str
    answer: str
    indicator: str


@dataclass(frozen=True, slots=True)
class SignSheet:
    urgent: tuple[SignRow, ...]
    serious: tuple[SignRow, ...]
    unknown: tuple[SignRow, ...]
    notes: tuple[SignRow, ...]

    @property
    def empty(self) -> bool:
        return not (self.urgent or self.serious or self.unknown or self.notes)


def sign_sheet_of(record: Mapping[str, Any]) -> SignSheet:
    result = record["result"]
    indicators = {sign["id"]: sign["ilo"] for sign in result["signs"]}
    asked = {question["id"]: question for question in questions_of(record)}
    found = {finding["id"]: finding for finding in record["finding_texts"]}

    def rows(names: Sequence[str]) -> tuple[SignRow, ...]:
        return tuple(_sign_row(name, asked, found, indicators) for name in names)

    return SignSheet(
        urgent=rows(result["urgent_signs"]),
        serious=rows(result["serious_signs"]),
        unknown=rows(result["unknown_signs"]),
        notes=rows(result["notes"]),
    )


def _sign_row(
    name: str,
    asked: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, Mapping[str, Any]],
    indicators: Mapping[str, int | None],
) -> SignRow:
    ilo = indicators.get(name)
    indicator = "" if ilo is None else ILO_INDICATORS[ilo]
    if name in asked:
        return SignRow(name, asked[name]["ask"], answer_text(asked[name]["answer_text"]), indicator)
    finding = found[name]
    numbers = "; ".join(_number_text(key, value) for key, value in finding["numbers"].items())
    return SignRow(name, finding["says"], numbers, indicator)


def _number_text(key: str, value: float) -> str:
    number = (
        f"£{round_half_up(value, 2):,f}"
        if key in {"price", "cost", "daily", "hourly", "charge", "offset"}
        else plain_number(value if float(value).is_integer() else round_half_up(value))
    )
    return f"{_NUMBER_LABELS.get(key) or key.replace('_', ' ')}: {number}"


COPY_RECORD_LINES = 3

_BUSINESS_COPY_NOTES = (
    "The business’s own copy, with the actions as they stood when it was printed. Every answer and every point stand in the annex.",
    "It is for the people who run the business: give a buyer the buyer copy, and hang up the wall version.",
    "Inside the PDF: assessment.json for a program, and actions.csv with the ordinary actions.",
)
_COPY_NOTES: Mapping[str, tuple[str, ...]] = {
    "business": _BUSINESS_COPY_NOTES,
    "large": ("Large print.", *_BUSINESS_COPY_NOTES),
    "coordinator": (
        "This is the copy for a coordinator. It is not for the business and not for buyers.",
        "One file is inside this PDF: assessment.json, the whole record, signs included.",
    ),
}


@dataclass(frozen=True, slots=True)
class PrintedSignOff:
    """That a senior person signed it off: when (ISO), and who, where that may stand here."""

    on: str
    name: str | None = None
    job: str | None = None


@dataclass(frozen=True, slots=True)
class SignOffPage:
    """What the page prints beside its empty lines. `says` are finished sentences about this copy.

    `signed` takes the place of the empty lines for name and signature, once there is a sign-off.
    """

    check_code: str | None
    says: tuple[str, ...]
    shares: range
    signed: PrintedSignOff | None = None


def sign_off_page_of(
    code: str | None, copy: Literal["business", "large", "coordinator"], signed: PrintedSignOff | None = None
) -> SignOffPage:
    return SignOffPage(check_code=code, says=_COPY_NOTES[copy], shares=range(COPY_RECORD_LINES), signed=signed)
