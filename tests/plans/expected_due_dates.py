"""When duties fall due, reckoned here anew from docs/rules.md 6.5, without a line of the code it checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

ONE_DAY = timedelta(days=1)


def last_of(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - ONE_DAY).day


def safe(end: date, months: int) -> date:
    """The same day number so many months later, clamped to a short month."""
    count = end.year * 12 + end.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(end.day, last_of(year, month)))


def end_of_month(end: date, months: int) -> date:
    """A year that ends on the last day of a month gives a period that does."""
    same = safe(end, months)
    return same.replace(day=last_of(same.year, same.month)) if (end + ONE_DAY).day == 1 else same


def next_annual(month: int, day: int) -> Callable[[date], date]:
    """The first such day after the year end."""

    def after(end: date) -> date:
        return min(d for d in (date(end.year, month, day), date(end.year + 1, month, day)) if d > end)

    return after


RULES: Mapping[str, Callable[[date], date]] = {
    "uk_s54_six_months": lambda end: safe(end, 6),
    "uk_ca2006_nonfinancial_statement": lambda end: end_of_month(end, 6),
    "au_modern_slavery_statement": lambda end: end_of_month(end, 6),
    "ch_child_labour_due_diligence": lambda end: safe(end, 6),
    "de_lksg": lambda end: safe(end, 4),
    "ca_s211_report": next_annual(5, 31),
    "no_transparency_act": next_annual(6, 30),
}
"""Duties of a company that trades in six countries and whose shares are traded."""

WORLDWIDE: Mapping[str, Any] = {
    "operates_in": ["ENG", "AU", "CA", "DE", "NO", "CH"],
    "legal_form": "company",
    "turnover_gbp_incl_subsidiaries": 400_000_000,
    "supplies_goods_or_services": True,
    "carries_on_business_in_uk": True,
    "is_traded_company": True,
    "is_small_or_medium_company": False,
    "employees_company_or_group": 900,
    "revenue_aud_consolidated": 200_000_000,
    "is_listed_canada": True,
    "employees_de": 2000,
    "revenue_nok": 90_000_000,
    "balance_nok": 90_000_000,
    "fte_avg": 900,
    "balance_chf": 90_000_000,
    "revenue_chf": 90_000_000,
    "employees_worldwide": 900,
}


def year_ends() -> list[date]:
    """200 of them: every end of a month of five years, the days around the end of February, and days in between."""
    first = [date(year, month, last_of(year, month)) for year in range(2023, 2028) for month in range(1, 13)]
    odd = [date(2024, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2026, 4, 5), date(2027, 4, 5)]
    odd += [date(year, month, 30) for year in (2025, 2026) for month in (1, 3, 5, 7, 8, 10, 12)]
    odd += [date(year, month, 29) for year in (2024, 2026) for month in (1, 3, 8, 10)]
    found = dict.fromkeys([*first, *odd])
    random = Random(54)
    while len(found) < 200:
        found[date(2023, 1, 1) + timedelta(days=random.randrange(365 * 5))] = None
    return list(found)
