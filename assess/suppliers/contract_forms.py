"""Forms of a contract and the labels of its fields, values and changes. No database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from assess.core.clock import uk_date
from assess.core.forms.fields import (
    ChoiceField,
    DateField,
    FormField,
    ParagraphField,
    TextField,
    WholePoundsField,
    date_as_typed,
)
from assess.core.forms.form import Form, form_of
from assess.core.pages import day
from assess.question_banks.contracts import ContractRules
from assess.suppliers import models

BY_TIER = "by_tier"
"""What a buyer chooses who leaves it to the tier what is asked."""
FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
MOST_LINES = 200

DefaultLevels = Callable[[models.RiskTier], models.RequestLevel]
"""What a tier asks of a supplier by itself."""


def _day_field(what: str) -> DateField:
    sentence = f"Enter {what} as day, month and year, for example 27 3 2027."
    return DateField(invalid=sentence, earliest=FIRST_DAY, too_early=sentence, latest=_LAST_DAY, too_late=sentence)


class ContractDetailsForm(Form):
    title = TextField(models.MAX_CONTRACT_TITLE_LENGTH, required="Enter the title of the contract.")
    reference = TextField(models.MAX_CONTRACT_REFERENCE_LENGTH)
    value_gbp = WholePoundsField(invalid="Enter the value in pounds, for example 120,000, or leave it empty.")
    starts = _day_field("the first day")
    ends = _day_field("the last day")
    regime = ChoiceField(models.Regime, required="Choose which rules the contract follows.")
    review_on = _day_field("the day of the review")

    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, values: Mapping[str, Any], **_more: object) -> None:
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends < starts:
            raise ValidationError("Enter a last day that is not before the first day.", "ends")


class HeadingsForm(Form):
    """Each heading with a level and a short note. One that nobody chose for is not known: it is kept by no second name."""

    @classmethod
    def of(cls, names: Sequence[str]) -> Form:
        declared: dict[str, FormField[Any]] = {}
        for name in names:
            declared[f"level_{name}"] = ChoiceField(
                models.HeadingLevel, invalid="Choose low, medium, high or not known."
            )
            declared[f"note_{name}"] = TextField(models.MAX_CONTRACT_NOTE_LENGTH)
        return form_of(declared, cls)

    @post_load
    def _by_kind(self, values: Mapping[str, Any], **_more: object) -> dict[str, dict[str, str]]:
        kinds: dict[str, dict[str, str]] = {"levels": {}, "notes": {}}
        for field, value in values.items():
            kind, _, name = field.partition("_")
            if value and value is not models.HeadingLevel.NOT_KNOWN:
                kinds[f"{kind}s"][name] = str(value)
        return kinds


class TierForm(Form):
    """The tier a buyer decides, why, and what is asked of the supplier."""

    tier = ChoiceField(models.RiskTier, required="Choose a tier.")
    tier_reason = ParagraphField(
        models.MAX_CONTRACT_REASON_LENGTH, lines=MOST_LINES, required="Enter your reason. It is kept with your name."
    )
    asks = ChoiceField((BY_TIER, *models.RequestLevel), invalid="Choose what to ask of the supplier.")
    asks_reason = ParagraphField(models.MAX_CONTRACT_REASON_LENGTH, lines=MOST_LINES)

    def __init__(self, asked_by: DefaultLevels) -> None:
        super().__init__()
        self.asked_by = asked_by

    @validates_schema(skip_on_field_errors=False)
    def _says_why(self, values: Mapping[str, Any], **_more: object) -> None:
        if "tier" in values and "asks" in values and values.get("asks_reason") == "" and self._differs(values):
            raise ValidationError("Enter why you ask for something else than the tier does.", "asks_reason")

    @post_load
    def _as_kept(self, values: dict[str, Any], **_more: object) -> dict[str, Any]:
        if self._differs(values):
            return values
        return {**values, "asks": self.asked_by(values["tier"]), "asks_reason": ""}

    def _differs(self, values: Mapping[str, Any]) -> bool:
        return values["asks"] not in {None, BY_TIER, self.asked_by(values["tier"])}


class StepsForm(Form):
    design = ParagraphField(models.MAX_CONTRACT_STEPS_LENGTH, lines=MOST_LINES)
    terms = ParagraphField(models.MAX_CONTRACT_STEPS_LENGTH, lines=MOST_LINES)
    management = ParagraphField(models.MAX_CONTRACT_STEPS_LENGTH, lines=MOST_LINES)


def form_data_from(values: Mapping[str, Any], asked_by: DefaultLevels) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in values.items():
        if name in {"levels", "notes"}:
            shown |= {f"{name[:-1]}_{heading}": str(text) for heading, text in value.items()}
        elif isinstance(value, date):
            shown[name] = date_as_typed(value)
        else:
            shown[name] = "" if value is None else str(value)
    if "asks" in values:
        tier, asks = values.get("tier"), values["asks"]
        shown["asks"] = BY_TIER if asks is None or (tier and asks is asked_by(tier)) else asks.value
    return shown


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
    found: list[ContractChange] = []
    for name, label in FIELD_LABELS.items():
        old, new = before.get(name), after.get(name)
        if name in {"levels", "notes"}:
            old, new = old or {}, new or {}
            found += [
                ContractChange(
                    f"{one.name}: {label.lower()}", *(_heading(name, each.get(one.id)) for each in (old, new))
                )
                for one in texts.characteristics.values()
                if old.get(one.id) != new.get(one.id)
            ]
        elif old != new and not (old in (None, "") and new in (None, "")):
            found.append(ContractChange(label, format_value(name, old, texts), format_value(name, new, texts)))
    return found


def _heading(name: str, value: Any) -> str:  # noqa: ANN401  # a level or a note
    if name == "levels":
        return LEVEL_LABELS[models.HeadingLevel(value or models.HeadingLevel.NOT_KNOWN)]
    return EMPTY_LABEL if value is None else str(value)
