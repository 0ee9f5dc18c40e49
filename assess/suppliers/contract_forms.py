"""Forms of a contract and the labels of its fields, values and changes. No database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from assess.core.clock import uk_date
from assess.core.pages import day
from assess.question_banks.contracts import ContractRules
from assess.suppliers import models

FormData = Mapping[str, str]
MAX_POUNDS = 1_000_000_000_000
BY_TIER = "by_tier"
"""What a buyer chooses who leaves it to the tier what is asked."""
_POUNDS_PATTERN = re.compile(r"\d{1,13}(?:\.00?)?")
_DATE_PATTERN = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(slots=True)
class ContractForm:
    """A form as it was read: `values` by the name of the column, `errors` by the name of the field."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def clean_contract_details(typed: FormData) -> ContractForm:
    parsed = ContractForm()
    values, errors = parsed.values, parsed.errors
    values["title"] = _clean_line(parsed, typed, "title", "the title", models.MAX_CONTRACT_TITLE_LENGTH)
    if not values["title"] and "title" not in errors:
        errors["title"] = "Enter the title of the contract."
    values["reference"] = _clean_line(parsed, typed, "reference", "the reference", models.MAX_CONTRACT_REFERENCE_LENGTH)
    values["value_gbp"] = _clean_pounds(parsed, typed)
    for name, what in (("starts", "the first day"), ("ends", "the last day"), ("review_on", "the day of the review")):
        values[name] = _clean_date(parsed, typed, name, what)
    if values["starts"] and values["ends"] and values["ends"] < values["starts"]:
        errors["ends"] = "Enter a last day that is not before the first day."
    values["regime"] = _enum_member(models.Regime, typed.get("regime", ""))
    if values["regime"] is None:
        errors["regime"] = "Choose which rules the contract follows."
    return parsed


def clean_headings(typed: FormData, names: Sequence[str]) -> ContractForm:
    """The six headings, each with a level and a short note. A heading nobody chose for is not known."""
    parsed = ContractForm(values={"levels": {}, "notes": {}})
    for name in names:
        level = _enum_member(models.HeadingLevel, typed.get(f"level_{name}", "") or models.HeadingLevel.NOT_KNOWN)
        if level is None:
            parsed.errors[f"level_{name}"] = "Choose low, medium, high or not known."
            continue
        # what is not there is not known: two ways to say it would be one too many
        if level is not models.HeadingLevel.NOT_KNOWN:
            parsed.values["levels"][name] = level.value
        note = _clean_line(parsed, typed, f"note_{name}", "the note", models.MAX_CONTRACT_NOTE_LENGTH)
        if note:
            parsed.values["notes"][name] = note
    return parsed


def clean_tier(typed: FormData, asked_by: Callable[[models.RiskTier], models.RequestLevel]) -> ContractForm:
    """The tier a buyer decides, why, and what is asked of the supplier. `asked_by`: what a tier asks by itself."""
    parsed = ContractForm()
    values, errors = parsed.values, parsed.errors
    tier = _enum_member(models.RiskTier, typed.get("tier", ""))
    if tier is None:
        errors["tier"] = "Choose a tier."
    values["tier_reason"] = _clean_text(parsed, typed, "tier_reason", "your reason", models.MAX_CONTRACT_REASON_LENGTH)
    if not values["tier_reason"] and "tier_reason" not in errors:
        errors["tier_reason"] = "Enter your reason. It is kept with your name."
    values["asks_reason"] = _clean_text(parsed, typed, "asks_reason", "your reason", models.MAX_CONTRACT_REASON_LENGTH)
    said = typed.get("asks", "") or BY_TIER
    usual = asked_by(tier) if tier else None
    asks = usual if said == BY_TIER else _enum_member(models.RequestLevel, said)
    if asks is None and tier is not None:
        errors["asks"] = "Choose what to ask of the supplier."
    if usual is not None and asks is not None and asks is not usual and not values["asks_reason"]:
        errors.setdefault("asks_reason", "Enter why you ask for something else than the tier does.")
    if asks is usual:
        values["asks_reason"] = ""
    return ContractForm({"tier": tier, **values, "asks": asks}, errors)


def clean_steps(typed: FormData) -> ContractForm:
    parsed = ContractForm()
    for name in ("design", "terms", "management"):
        parsed.values[name] = _clean_text(parsed, typed, name, "the text", models.MAX_CONTRACT_STEPS_LENGTH)
    return parsed


def form_data_from(
    values: Mapping[str, Any], asked_by: Callable[[models.RiskTier], models.RequestLevel]
) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in values.items():
        if name in {"levels", "notes"}:
            shown |= {f"{name[:-1]}_{heading}": str(said) for heading, said in value.items()}
        elif isinstance(value, date):
            shown[name] = format_form_date(value)
        else:
            shown[name] = "" if value is None else str(value)
    if "asks" in values:
        tier, asks = values.get("tier"), values["asks"]
        shown["asks"] = BY_TIER if asks is None or (tier and asks is asked_by(tier)) else asks.value
    return shown


def format_form_date(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day.month} {day.year}"


def parse_date(text: str) -> date | None:
    """A day as people write it: 27 3 2027, 27/3/2027, 2027-03-27. Raises ValueError when none, or far from our time."""
    said = " ".join(text.split())
    if not said:
        return None
    parts = _DATE_PATTERN.fullmatch(said)
    found = date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(said)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(text)
    return found


def _clean_date(parsed: ContractForm, typed: FormData, name: str, what: str) -> date | None:
    try:
        return parse_date(typed.get(name, ""))
    except ValueError:
        parsed.errors[name] = f"Enter {what} as day, month and year, for example 27 3 2027."
        return None


def _clean_pounds(parsed: ContractForm, typed: FormData) -> int | None:
    said = re.sub(r"[£,\s]", "", typed.get("value_gbp", ""))
    if not said:
        return None
    if not (said.isascii() and _POUNDS_PATTERN.fullmatch(said)) or int(said.partition(".")[0]) > MAX_POUNDS:
        parsed.errors["value_gbp"] = "Enter the value in whole pounds, for example 120,000, or leave it empty."
        return None
    return int(said.partition(".")[0])


def _clean_line(parsed: ContractForm, typed: FormData, name: str, what: str, longest: int) -> str:
    return " ".join(_clean_text(parsed, typed, name, what, longest).split())


def _clean_text(parsed: ContractForm, typed: FormData, name: str, what: str, longest: int) -> str:
    """What was typed, without what no page and no file can show. Too long a text is not cut: the buyer has to choose."""
    lines = typed.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"}).strip()
    if len(text) > longest:
        parsed.errors[name] = f"Shorten {what} to {longest:,} characters or fewer. It has {len(text):,}."
    return text


def _enum_member(kind: Any, said: str) -> Any:  # noqa: ANN401  # an enum and its member
    return next((one for one in kind if one.value == said), None)


LEVEL_LABELS: Mapping[models.HeadingLevel, str] = {
    models.HeadingLevel.LOW: "Low",
    models.HeadingLevel.MEDIUM: "Medium",
    models.HeadingLevel.HIGH: "High",
    models.HeadingLevel.NOT_KNOWN: "Not known",
}
CONTRACT_EVENT_LABELS: Mapping[models.ContractEventType, str] = {
    models.ContractEventType.ENTERED: "Put on the register",
    models.ContractEventType.CHANGED: "Changed",
    models.ContractEventType.DELETED: "Taken off the register",
}
FIELD_LABELS: Mapping[str, str] = {
    "title": "Title",
    "reference": "Reference",
    "value_gbp": "Value",
    "starts": "First day",
    "ends": "Last day",
    "regime": "Rules",
    "review_on": "Review on",
    "levels": "Level",
    "notes": "Note",
    "tier": "Tier",
    "tier_reason": "Reason for the tier",
    "asks": "Asked of the supplier",
    "asks_reason": "Why it is asked",
    "proposed": "Proposed tier",
    "decided_by": "Decided by",
    "design": "Steps in design",
    "terms": "Steps in terms",
    "management": "Steps in management",
}
EMPTY_LABEL = "nothing"


@dataclass(frozen=True, slots=True)
class ContractChange:
    name: str
    before: str
    after: str


def day_at(now: datetime) -> str:
    return day(uk_date(now))


def format_pounds(value: int | None) -> str:
    return "" if value is None else f"£{value:,}"


def format_value(name: str, value: Any, texts: ContractRules) -> str:  # noqa: ANN401  # plain values of any field
    if value in (None, "", {}):
        return EMPTY_LABEL
    if name in {"starts", "ends", "review_on"}:
        return day(str(value))
    if name == "value_gbp":
        return format_pounds(int(value))
    if name == "regime":
        return texts.regimes[value].short
    if name in {"tier", "proposed"}:
        return texts.tiers[value].name
    return texts.asks[value] if name == "asks" else str(value)


def list_changes(before: Mapping[str, Any], after: Mapping[str, Any], texts: ContractRules) -> list[ContractChange]:
    return list(_changes(before, after, texts))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], texts: ContractRules) -> Iterator[ContractChange]:
    for name, label in FIELD_LABELS.items():
        old, new = before.get(name), after.get(name)
        if name in {"levels", "notes"}:
            yield from _headings(name, label, old or {}, new or {}, texts)
        elif old != new and not (old in (None, "") and new in (None, "")):
            yield ContractChange(label, format_value(name, old, texts), format_value(name, new, texts))


def _headings(
    name: str, label: str, old: Mapping[str, Any], new: Mapping[str, Any], texts: ContractRules
) -> Iterator[ContractChange]:
    for one in texts.characteristics.values():
        if old.get(one.id) != new.get(one.id):
            yield ContractChange(
                f"{one.name}: {label.lower()}", *(_heading(name, each.get(one.id)) for each in (old, new))
            )


def _heading(name: str, value: Any) -> str:  # noqa: ANN401  # a level or a note
    if name == "levels":
        return LEVEL_LABELS[models.HeadingLevel(value or models.HeadingLevel.NOT_KNOWN)]
    return EMPTY_LABEL if value is None else str(value)
