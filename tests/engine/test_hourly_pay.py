"""What an hour of a week comes to, held against sums worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assess.engine.hourly_pay import HourlyPay, WeekWorked, hourly_pay

WAGE, OFFSET = Decimal("12.71"), Decimal("11.10")


def found(hours: str, pay: str, housing: str = "0", nights: str = "7") -> HourlyPay:
    week = WeekWorked(Decimal(hours), Decimal(pay), Decimal(housing), Decimal(nights))
    return hourly_pay(week, wage=WAGE, offset_day=OFFSET)


@pytest.mark.parametrize(
    ("week", "hour", "taken", "short"),
    [
        (("40", "508.40"), "12.71", "0", "0"),
        (("40", "508.39"), "12.70975", "0", "0.01"),
        (("40", "600"), "15", "0", "0"),
        (("40", "508.40", "77.70"), "12.71", "0", "0"),
        (("40", "508.40", "80"), "12.6525", "2.30", "2.30"),
        (("40", "508.40", "77.70", "5"), "12.155", "22.20", "22.20"),
        (("10", "0", "20", "1"), "-0.89", "8.90", "136.00"),
    ],
)
def test_only_what_housing_costs_above_the_offset_of_its_nights_is_taken_off(
    week: tuple[str, ...], hour: str, taken: str, short: str
) -> None:
    assert found(*week) == HourlyPay(Decimal(hour), Decimal(taken), Decimal(short))


def test_a_week_without_hours_has_no_pay_of_an_hour() -> None:
    with pytest.raises(ArithmeticError):
        found("0", "100")
