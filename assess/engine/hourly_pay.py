"""What an hour comes to, for one week of one person: pay less what housing costs above the offset, held against the minimum wage."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class WeekWorked:
    """Amounts in pounds before tax. `nights` are those in the housing that `housing` was taken for."""

    hours: Decimal
    pay: Decimal
    housing: Decimal
    nights: Decimal


@dataclass(frozen=True, slots=True)
class HourlyPay:
    """`taken`: the part of the housing that counts as money taken out of pay. `short`: what the week lacks to the minimum, 0 for nothing."""

    hour: Decimal
    taken: Decimal
    short: Decimal


def hourly_pay(week: WeekWorked, *, wage: Decimal, offset_day: Decimal) -> HourlyPay:
    """Raises ZeroDivisionError for a week without hours."""
    taken = max(Decimal(0), week.housing - offset_day * week.nights)
    counted = week.pay - taken
    return HourlyPay(counted / week.hours, taken, max(Decimal(0), wage * week.hours - counted))
