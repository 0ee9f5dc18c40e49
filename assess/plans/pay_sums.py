"""The pay sums of a business in its own figures: what was worked out, against what, and whether it is to be checked.

A sum never says that anybody underpays: it rests on answers alone, so a person has to check it. No buyer ever sees one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assess.plans.words import day, exact, plain, rounded

CHECK = "Check this sum"

RATES = ("wage", "wage_18_20", "wage_under_18", "offset_day", "offset_week")
"""The settings of the table of wages, in its order."""


@dataclass(frozen=True, slots=True)
class PaySum:
    """One sum. `says` and `follows` are finished text: the figures, and what they mean."""

    check: str
    title: str
    says: str
    follows: str
    fails: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """One row of the table of wages."""

    label: str
    value: str
    since: str


@dataclass(frozen=True, slots=True)
class PaySums:
    """All sums that could be worked out, and the rates they are held against."""

    sums: tuple[PaySum, ...]
    rates: tuple[Rate, ...]

    @property
    def failing(self) -> tuple[PaySum, ...]:
        """Those to check."""
        return tuple(one for one in self.sums if one.fails)


def pay_sums_of(record: Mapping[str, Any]) -> PaySums:
    """The sums of a record, whole or a business copy; none for one of engine 1, which kept no figures."""
    rows = {row["id"]: row for row in record["settings"]}
    wage = next((row["value"] for name, row in rows.items() if name == "wage"), "")
    return PaySums(
        sums=tuple(in_words(one, wage) for one in record["result"].get("sums", ())),
        rates=tuple(
            Rate(row["label"], row["value"], day(row["from"])) for name in RATES if (row := rows.get(name)) is not None
        ),
    )


def failing_of(record: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[PaySum, ...]:
    """The sums that fail behind an action of this record: those of its checks, else the one its own question brings."""
    if not action.get("fails"):
        return ()
    failing = [one for one in pay_sums_of(record).sums if one.fails]
    own = tuple(one for one in failing if one.check in action["questions"])
    return own or tuple(one for one in failing if one.check in _unlisted(record))


def place_of(failing: Sequence[PaySum]) -> float:
    """The place of the first of these among failing sums: what a worker gets comes before what a price pays. Without any it is the last."""
    order = ("One day", "One wash", "Housing", "Labour provider")
    return min((order.index(one.title) for one in failing), default=math.inf)


def in_words(given: Mapping[str, Any], wage: str) -> PaySum:
    """A sum of a result in words. `wage` is the main minimum wage as it is printed, such as “£10.00”."""
    inputs: Mapping[str, float] = given["inputs"]
    words = next(make for needed, make in _KINDS if needed in inputs)
    title, says, follows = words(given, wage)
    return PaySum(given["check"], title, says, follows, given["fails"])


def _wash(given: Mapping[str, Any], wage: str) -> tuple[str, str, str]:
    inputs = given["inputs"]
    people, minutes = inputs["team"], inputs["minutes"]
    says = (
        f"{_counted(people, 'person', 'people')} × {_counted(minutes, 'minute', 'minutes')} at {wage} an hour "
        f"{'costs' if people == 1 else 'cost'} {pounds(given['limit'])} with holiday pay and National Insurance. "
        f"You charge {pounds(given['value'])}."
    )
    if given["fails"]:
        return "One wash", says, "So this price may not cover legal pay. Other costs come on top."
    return "One wash", says, "So this price covers the wages in it. Other costs come on top."


def _day(given: Mapping[str, Any], wage: str) -> tuple[str, str, str]:
    inputs = given["inputs"]
    minutes = inputs.get("break", 0.0)
    paused = f"less {_counted(minutes, 'minute', 'minutes')} of unpaid break," if minutes else "without a break,"
    says = (
        f"{pounds(inputs['daily'])} for {_counted(inputs['hours'], 'hour', 'hours')}, {paused} "
        f"is {pounds(given['value'])} an hour. The legal minimum is {wage} from age 21."
    )
    follows = (
        "So a day may be paid below the legal minimum."
        if given["fails"]
        else "So a day comes to the legal minimum or more."
    )
    return "One day", says, follows


def _housing(given: Mapping[str, Any], _wage: str) -> tuple[str, str, str]:
    says = (
        f"You charge {pounds(given['value'])} a day for housing. "
        f"{pounds(given['limit'])} a day is the most you may take for a home without touching the minimum wage."
    )
    if given["fails"]:
        return (
            "Housing",
            says,
            "What is above it counts as money taken out of pay. So pay may fall below the legal minimum.",
        )
    if given["value"] > given["limit"]:
        return (
            "Housing",
            says,
            "What is above it counts as money taken out of pay. You told us that pay is well above the minimum.",
        )
    return "Housing", says, "So the charge by itself takes no pay below the legal minimum."


def _provider(given: Mapping[str, Any], wage: str) -> tuple[str, str, str]:
    factor = exact(given["limit"]) / _amount(wage) if _amount(wage) else Decimal(0)
    says = (
        f"You pay the labour provider {pounds(given['value'])} for an hour of work. "
        f"{plain(rounded(factor, 2))} × {wage} = {pounds(given['limit'])} is the least that can cover legal pay and its costs."
    )
    return (
        "Labour provider",
        says,
        "So this rate may not cover legal pay." if given["fails"] else "So this rate can cover legal pay.",
    )


_KINDS = (("price", _wash), ("daily", _day), ("charge", _housing), ("rate", _provider))
"""What each sum is known by: an input that no other has."""


def pounds(value: float) -> str:
    """An amount of money: "£12.39"."""
    return f"£{rounded(value, 2):,f}"


def _counted(number: float, one: str, many: str) -> str:
    return f"{plain(number)} {one if number == 1 else many}"


def _amount(printed: str) -> Decimal:
    digits = printed.replace("£", "").replace(",", "")
    return Decimal(digits) if digits.replace(".", "", 1).isdecimal() else Decimal(0)


def _unlisted(record: Mapping[str, Any]) -> Sequence[str]:
    """Failing sums that no action is called after: each is the sign of its own question."""
    named = {name for action in record["actions"] for name in action["questions"]}
    return [one["check"] for one in record["result"]["sums"] if one["fails"] and one["check"] not in named]
