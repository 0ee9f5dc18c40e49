"""A calculator of what an hour comes to, for up to five workers and one week. It keeps nothing: no name is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assess.core.forms.fields import ChoiceField, FormField, MoneyField, NumberField, SentForm, WholeNumberField
from assess.core.forms.form import FormResult, form_of
from assess.engine.hourly_pay import WeekWorked, hourly_pay
from assess.engine.settings import Contact, DatedSettings
from assess.plans.pay_sums import WageRate, next_change, parse_pounds, pounds, wage_rates
from assess.plans.words import exact_decimal, format_day

MOST_WORKERS = 5
NIGHTS, LEAST_HOURS, MOST_HOURS = 7, 1, 168
AGES: Mapping[str, str] = {"wage": "21 and over", "wage_18_20": "18 to 20", "wage_under_18": "Under 18"}
"""Each age by the setting that holds its wage."""
COLUMNS = ("age", "hours", "pay", "housing", "nights")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a week comes to, as finished text."""

    says: str
    follows: str


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker. `typed` and `errors` by column, empty where there is nothing."""

    number: int
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class PayCalculator:
    """`rates` are those in force `on` a day, in words; they change on `change_on`. `advice`: whom to ask about pay."""

    rows: tuple[WorkerRow, ...]
    rates: tuple[WageRate, ...]
    on: str
    change_on: str
    advice: Contact | None

    @property
    def may_grow(self) -> bool:
        return len(self.rows) < MOST_WORKERS

    @property
    def next_known(self) -> bool:
        return any(rate.next for rate in self.rates)

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [
            (f"{column}_{row.number}", f"Worker {row.number}: {row.errors[column]}")
            for row in self.rows
            for column in COLUMNS
            if row.errors[column]
        ]


def pay_calculator(sent: SentForm, settings: DatedSettings) -> PayCalculator:
    """The calculator as its form says it: “hours_1”, “pay_1” and so on; “add” asks for one more worker."""
    sent_rows = [number for number in range(1, MOST_WORKERS + 1) if any(f"{one}_{number}" in sent for one in COLUMNS)]
    count = min(max(sent_rows, default=1) + ("add" in sent), MOST_WORKERS)
    return PayCalculator(
        rows=tuple(_row(number, sent, settings) for number in range(1, count + 1)),
        rates=wage_rates(settings.basis),
        on=format_day(settings.on),
        change_on=format_day(next_change(settings.on)),
        advice=next((one for one in settings.contacts if one.id == "acas"), None),
    )


def _row(number: int, sent: SentForm, settings: DatedSettings) -> WorkerRow:
    names = {column: f"{column}_{number}" for column in COLUMNS}
    if not any(sent.get(names[column], "").strip() for column in ("hours", "pay", "housing")):
        blank = dict.fromkeys(COLUMNS, "")
        return WorkerRow(number, blank | {"age": sent.get(names["age"], "")}, blank, None)
    read = form_of({names[column]: field for column, field in _fields().items()}).read(sent)
    typed, errors = (
        {column: said.get(name, "") for column, name in names.items()} for said in (read.typed, read.errors)
    )
    return WorkerRow(number, typed, errors, None if read.errors else _outcome(number, read, settings))


def _fields() -> Mapping[str, FormField[Any]]:
    return {
        "age": ChoiceField(AGES, required="Choose the age.", invalid="Choose the age."),
        "hours": NumberField(least=LEAST_HOURS, most=MOST_HOURS, required="Enter the hours of the week, like 42.5."),
        "pay": MoneyField(required="Enter the pay of the week before tax, like 520."),
        "housing": MoneyField(),
        "nights": WholeNumberField(least=1, most=NIGHTS),
    }


def _outcome(number: int, read: FormResult, settings: DatedSettings) -> Outcome:
    hours, pay, housing = (exact_decimal(read[f"{one}_{number}"] or 0) for one in ("hours", "pay", "housing"))
    nights = Decimal(read[f"nights_{number}"] or NIGHTS)
    age = read[f"age_{number}"]
    wage, offset = parse_pounds(settings.texts[age]), parse_pounds(settings.texts["offset_day"])
    found = hourly_pay(WeekWorked(hours, pay, housing, nights), wage=wage, offset_day=offset)
    follows = [f"The legal minimum is {settings.texts[age]}, age {AGES[age].lower()}."]
    most = f"{pounds(offset * nights)} for {'1 night' if nights == 1 else f'{nights} nights'}"
    if found.taken:
        follows.append(f"{pounds(found.taken)} of the housing counts as taken out of pay: it is above {most}.")
    elif housing:
        follows.append(f"The housing changes nothing here: only what is above {most} counts.")
    follows.append(
        f"This week may be {pounds(found.short)} below the legal minimum."
        if found.short
        else "The week comes to the legal minimum or more."
    )
    return Outcome(f"An hour comes to {pounds(found.hour)}.", " ".join(follows))
