"""The pay sums of a business in its own figures: two amounts held against each other, the rates, and "check this sum", never more."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from assess.plans.words import exact_decimal, format_day, plain_number, round_half_up

CHECK_SUM_LABEL = "Check this sum"
RATES_CHANGE = (4, 1)
"""Month and day on which the minimum wage changes each year."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One bar of a sum, in pounds."""

    label: str
    pounds: Decimal

    @property
    def in_words(self) -> str:
        return f"{self.label}: {pounds(self.pounds)}"


@dataclass(frozen=True, slots=True)
class PaySum:
    """One sum. `says` and `follows` are finished text: the figures, and what they mean.

    `amounts` are what the law asks for and what there is. Where it `fails`, the second is short of the first, or above it.
    """

    check: str
    title: str
    says: str
    follows: str
    fails: bool
    amounts: tuple[Amount, Amount]

    @property
    def difference(self) -> str:
        """“£4.17 short” or “£0.90 above”; empty where nothing is to be checked."""
        if not self.fails:
            return ""
        least, given = (one.pounds for one in self.amounts)
        return f"{pounds(abs(least - given))} {'above' if given > least else 'short'}"

    @property
    def in_words(self) -> str:
        """The drawing of the sum as a text."""
        said = "; ".join(one.in_words for one in self.amounts)
        return f"Two bars. {said}{f': {self.difference}' if self.difference else ''}."


@dataclass(frozen=True, slots=True)
class WageRate:
    """`next` is the rate that follows, where it is settled, and `next_since` its day."""

    label: str
    value: str
    since: str
    next: str = ""
    next_since: str = ""


@dataclass(frozen=True, slots=True)
class PaySums:
    """`on` is the day whose rates these are, `change_on` the day on which they change next, both in words."""

    sums: tuple[PaySum, ...]
    rates: tuple[WageRate, ...]
    on: str
    change_on: str

    @property
    def failing(self) -> tuple[PaySum, ...]:
        return tuple(one for one in self.sums if one.fails)

    @property
    def next_known(self) -> bool:
        return any(rate.next for rate in self.rates)


RATE_SETTINGS = ("wage", "wage_18_20", "wage_under_18", "offset_day", "offset_week")


def pay_sums_of(record: Mapping[str, Any]) -> PaySums:
    """The sums of a record, whole or a business copy; none for one of engine 1, which kept no figures."""
    rows = {row["id"]: row for row in record["settings"]}
    wage = rows["wage"]["value"] if "wage" in rows else ""
    return PaySums(
        sums=tuple(pay_sum_in_words(one, wage) for one in record["result"].get("sums", ())),
        rates=wage_rates(record["settings"]),
        on=format_day(record["made_on"]),
        change_on=format_day(next_change(record["made_on"])),
    )


def wage_rates(settings: Sequence[Mapping[str, str]]) -> tuple[WageRate, ...]:
    """The rates among the rows of dated settings, in words."""
    rows = {row["id"]: row for row in settings}
    return tuple(
        WageRate(
            row["label"],
            row["value"],
            format_day(row["from"]),
            row.get("next_value", ""),
            format_day(row["next_from"]) if "next_from" in row else "",
        )
        for name in RATE_SETTINGS
        if (row := rows.get(name)) is not None
    )


def next_change(day: str) -> str:
    """The day after this one on which the rates change."""
    today = date.fromisoformat(day)
    this_year = date(today.year, *RATES_CHANGE)
    return (this_year if today < this_year else date(today.year + 1, *RATES_CHANGE)).isoformat()


def failing_sums(record: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[PaySum, ...]:
    """The sums that fail behind an action of this record: those of its checks, else the one its own question brings."""
    if not action.get("fails"):
        return ()
    failing = [one for one in pay_sums_of(record).sums if one.fails]
    own = tuple(one for one in failing if one.check in action["questions"])
    return own or tuple(one for one in failing if one.check in _unlisted_checks(record))


def failing_sums_rank(failing: Sequence[PaySum]) -> float:
    """The place of the first of these among failing sums: what a worker gets comes before what a price pays. Without any it is the last."""
    order = ("One day", "One wash", "Housing", "Labour provider")
    return min((order.index(one.title) for one in failing), default=math.inf)


def pay_sum_in_words(given: Mapping[str, Any], wage: str) -> PaySum:
    """A sum of a result in words. `wage` is the main minimum wage as it is printed, such as “£10.00”."""
    return _kind_of(given["inputs"]).words(given, wage)


def _wash_sum(given: Mapping[str, Any], wage: str) -> PaySum:
    """A price below the bare wages is held against them alone; above, against wages with what an employer pays on top."""
    inputs = given["inputs"]
    people, minutes = inputs["team"], inputs["minutes"]
    bare = exact_decimal(people) * exact_decimal(minutes) * parse_pounds(wage) / 60
    wages, price = Amount("Wages in one wash", _pence(bare)), Amount("You charge", _pence(given["value"]))
    says = (
        f"{_counted(people, 'person', 'people')} × {_counted(minutes, 'minute', 'minutes')} × {wage} = "
        f"{pounds(wages.pounds)} of wages. You charge {pounds(price.pounds)}."
    )
    if given["fails"] and price.pounds < wages.pounds:
        follows = f"Each wash loses {pounds(wages.pounds - price.pounds)} before water and rent."
    else:
        wages = Amount("Wages, holiday pay and National Insurance", _pence(given["limit"]))
        with_costs = f"With holiday pay and National Insurance the wages come to {pounds(wages.pounds)}"
        follows = (
            f"{with_costs}: each wash may be {pounds(wages.pounds - price.pounds)} short before water and rent."
            if given["fails"]
            else f"{with_costs}, so this price covers them. Water, rent and other costs come on top."
        )
    return PaySum(given["check"], "One wash", says, follows, given["fails"], (wages, price))


def _day_sum(given: Mapping[str, Any], wage: str) -> PaySum:
    inputs = given["inputs"]
    minutes = inputs.get("break", 0.0)
    paused = f"less {_counted(minutes, 'minute', 'minutes')} of unpaid break," if minutes else "without a break,"
    least, hour = (
        Amount("Legal minimum an hour", _pence(given["limit"])),
        Amount("An hour pays", _pence(given["value"])),
    )
    says = (
        f"{pounds(inputs['daily'])} for {_counted(inputs['hours'], 'hour', 'hours')}, {paused} "
        f"is {pounds(hour.pounds)} an hour. The legal minimum is {wage} from age 21."
    )
    follows = "So a day comes to the legal minimum or more."
    if given["fails"]:
        hours = exact_decimal(inputs["hours"]) - exact_decimal(minutes) / 60
        day = _pence(hours * exact_decimal(given["limit"])) - _pence(inputs["daily"])
        follows = f"So an hour may be {pounds(least.pounds - hour.pounds)} below the legal minimum, and the day {pounds(day)}."
    return PaySum(given["check"], "One day", says, follows, given["fails"], (least, hour))


def _housing_sum(given: Mapping[str, Any], _wage: str) -> PaySum:
    most, charge = (
        Amount("The most without touching pay", _pence(given["limit"])),
        Amount("You charge", _pence(given["value"])),
    )
    says = (
        f"You charge {pounds(charge.pounds)} a day for housing. "
        f"{pounds(most.pounds)} a day is the most you may take for a home without touching the minimum wage."
    )
    above = f"The {pounds(charge.pounds - most.pounds)} above it counts as money taken out of pay."
    if given["fails"]:
        follows = f"{above} So pay may fall below the legal minimum."
    elif given["value"] > given["limit"]:
        follows = f"{above} You told us that pay is well above the minimum."
    else:
        follows = "So the charge by itself takes no pay below the legal minimum."
    return PaySum(given["check"], "Housing", says, follows, given["fails"], (most, charge))


def _provider_sum(given: Mapping[str, Any], wage: str) -> PaySum:
    factor = exact_decimal(given["limit"]) / parse_pounds(wage) if parse_pounds(wage) else Decimal(0)
    least, rate = (
        Amount("Legal pay and its costs", _pence(given["limit"])),
        Amount("You pay for an hour", _pence(given["value"])),
    )
    says = (
        f"You pay the labour provider {pounds(rate.pounds)} for an hour of work. "
        f"{plain_number(round_half_up(factor, 2))} × {wage} = {pounds(least.pounds)} is the least that can cover legal pay and its costs."
    )
    follows = (
        f"So this rate may be {pounds(least.pounds - rate.pounds)} an hour short."
        if given["fails"]
        else "This rate is at or above that least. Whether it covers holiday, National Insurance and pension you have to add up."
    )
    return PaySum(given["check"], "Labour provider", says, follows, given["fails"], (least, rate))


class _SumKind(NamedTuple):
    """`known_by` is an input that no other sum has; `area` the area it is about; `of_pay`: what is short is owed to workers."""

    known_by: str
    words: Callable[[Mapping[str, Any], str], PaySum]
    area: str
    of_pay: bool = False


_SUM_KINDS: Sequence[_SumKind] = (
    _SumKind("price", _wash_sum, "business_transparency"),
    _SumKind("daily", _day_sum, "wages_deductions", of_pay=True),
    _SumKind("charge", _housing_sum, "accommodation_transport", of_pay=True),
    _SumKind("rate", _provider_sum, "labour_providers"),
)


def _kind_of(inputs: Mapping[str, Any]) -> _SumKind:
    return next(kind for kind in _SUM_KINDS if kind.known_by in inputs)


def _failing_kinds(record: Mapping[str, Any]) -> frozenset[_SumKind]:
    return frozenset(_kind_of(one["inputs"]) for one in record["result"].get("sums", ()) if one["fails"])


def areas_with_failing_sum(record: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the areas in which a sum of the pay page is to be checked."""
    return frozenset(kind.area for kind in _failing_kinds(record))


def may_still_be_owed(before: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether pay was short by the answers before and is not by these: correcting a figure pays nobody."""
    return any(kind.of_pay for kind in _failing_kinds(before) - _failing_kinds(record))


def pounds(value: float | Decimal) -> str:
    """An amount of money: "£12.39"."""
    return f"£{_pence(value):,f}"


def _pence(value: float | Decimal) -> Decimal:
    return round_half_up(value, 2)


def _counted(number: float, one: str, many: str) -> str:
    return f"{plain_number(number)} {one if number == 1 else many}"


def parse_pounds(printed: str) -> Decimal:
    digits = printed.replace("£", "").replace(",", "")
    return Decimal(digits) if digits.replace(".", "", 1).isdecimal() else Decimal(0)


def _unlisted_checks(record: Mapping[str, Any]) -> Sequence[str]:
    """Failing sums that no action is called after: each is the sign of its own question."""
    named = {name for action in record["actions"] for name in action["questions"]}
    return [one["check"] for one in record["result"]["sums"] if one["fails"] and one["check"] not in named]
