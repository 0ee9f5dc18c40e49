from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from assess.engine.bank import Deadline
from assess.engine.dates import add_months, due_on, last_day_of_month, months_after, needs_year_end, next_after

TODAY = date(2026, 11, 24)
EVERY_DAY = [date(2024, 1, 1) + timedelta(days=days) for days in range((date(2033, 1, 1) - date(2024, 1, 1)).days)]

# obligations.md 6: year end, UK expected date (6, safe), 6 months by month ends (also Australia and public accounts),
# Switzerland (6, safe), Germany (4, safe), private accounts (9, month ends)
YEAR_ENDS = [
    ("2025-12-31", "2026-06-30", "2026-06-30", "2026-06-30", "2026-04-30", "2026-09-30"),
    ("2026-02-28", "2026-08-28", "2026-08-31", "2026-08-28", "2026-06-28", "2026-11-30"),
    ("2026-03-31", "2026-09-30", "2026-09-30", "2026-09-30", "2026-07-31", "2026-12-31"),
    ("2026-04-05", "2026-10-05", "2026-10-05", "2026-10-05", "2026-08-05", "2027-01-05"),
    ("2026-06-30", "2026-12-30", "2026-12-31", "2026-12-30", "2026-10-30", "2027-03-31"),
    ("2026-08-31", "2027-02-28", "2027-02-28", "2027-02-28", "2026-12-31", "2027-05-31"),
    ("2026-09-30", "2027-03-30", "2027-03-31", "2027-03-30", "2027-01-30", "2027-06-30"),
]


def after_year_end(months: int, rule: str, *, if_traded: int | None = None) -> Deadline:
    month_rule = "safe" if rule == "safe" else "end_of_month"
    return Deadline(kind="months_after_fye", n=months, month_rule=month_rule, n_if_traded=if_traded)


@pytest.mark.parametrize("row", YEAR_ENDS, ids=lambda row: row[0])
def test_the_table_of_year_ends_holds(row: tuple[str, ...]) -> None:
    year_end = date.fromisoformat(row[0])
    deadlines = [
        after_year_end(6, "safe"),
        after_year_end(6, "end_of_month"),
        after_year_end(6, "safe"),
        after_year_end(4, "safe"),
        after_year_end(9, "end_of_month", if_traded=6),
    ]
    found = [due_on(deadline, year_end, TODAY, traded=False) for deadline in deadlines]
    assert [str(day) for day in found] == list(row[1:])
    assert str(due_on(deadlines[-1], year_end, TODAY, traded=True)) == row[2]


def test_thirty_first_of_august_and_six_months_is_the_last_of_february_in_leap_years_too() -> None:
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_on_every_day_the_safe_rule_is_never_later_than_the_other_and_at_most_three_days_earlier() -> None:
    for day in EVERY_DAY:
        for months in (4, 6, 9):
            safe, other = months_after(day, months, "safe"), months_after(day, months, "end_of_month")
            assert timedelta(0) <= other - safe <= timedelta(days=3)
            assert (safe.year * 12 + safe.month) - (day.year * 12 + day.month) == months
            assert safe.day == day.day or (safe.day < day.day and safe == last_day_of_month(safe))
            assert (other == last_day_of_month(other)) or day != last_day_of_month(day)


def test_later_year_ends_never_give_earlier_days() -> None:
    for earlier, later in pairwise(EVERY_DAY):
        assert months_after(earlier, 6, "safe") <= months_after(later, 6, "safe")
        assert months_after(earlier, 6, "end_of_month") <= months_after(later, 6, "end_of_month")


@pytest.mark.parametrize("month_day", ["04-01", "05-31", "06-30"])
def test_on_every_day_the_next_day_of_the_year_is_later_and_within_a_year(month_day: str) -> None:
    for day in EVERY_DAY:
        found = next_after(day, month_day)
        assert day < found <= add_months(day, 12)
        assert f"{found:%m-%d}" == month_day


@pytest.mark.parametrize(
    ("month_day", "year_end", "due"),
    [
        ("05-31", "2026-03-31", "2026-05-31"),  # Canada
        ("05-31", "2026-06-30", "2027-05-31"),
        ("05-31", "2026-05-31", "2027-05-31"),
        ("06-30", "2025-12-31", "2026-06-30"),  # Norway
        ("06-30", "2026-12-31", "2027-06-30"),
    ],
)
def test_canada_and_norway_count_to_the_first_such_day_after_the_year_end(
    month_day: str, year_end: str, due: str
) -> None:
    deadline = Deadline(kind="fixed_annual", month_day=month_day, after_year_end=True)
    assert str(due_on(deadline, date.fromisoformat(year_end), TODAY, traded=False)) == due
    assert due_on(deadline, None, TODAY, traded=False) is None


def test_a_day_that_comes_every_year_is_the_next_one_after_today() -> None:
    deadline = Deadline(kind="fixed_annual", month_day="04-01")
    assert due_on(deadline, None, TODAY, traded=False) == date(2027, 4, 1)
    assert due_on(deadline, None, date(2027, 4, 1), traded=False) == date(2028, 4, 1)
    assert due_on(deadline, None, date(2027, 3, 31), traded=False) == date(2027, 4, 1)


def test_a_year_end_long_ago_or_still_to_come_stands_for_itself() -> None:
    for year_end, due in [("2019-12-31", "2020-06-30"), ("2027-01-31", "2027-07-31")]:
        assert str(due_on(after_year_end(6, "safe"), date.fromisoformat(year_end), TODAY, traded=False)) == due


def test_without_a_year_end_there_is_no_day() -> None:
    assert due_on(after_year_end(6, "safe"), None, TODAY, traded=False) is None


@pytest.mark.parametrize(
    "deadline",
    [
        Deadline(kind="none"),
        Deadline(kind="continuous"),
        Deadline(kind="each_pay_day"),
        Deadline(kind="before", event="the first day of work"),
        Deadline(kind="at_event", event="arrival"),
        Deadline(kind="days_after_request", n=30),
        Deadline(kind="days_after_event", n=7, event="the child starts"),
        Deadline(kind="end_of_following_month", event="the customer paid the tip"),
        Deadline(kind="every_years", n=3, from_="the first day of the policy"),
        Deadline(kind="record_retention", n=6, from_="the record"),
        Deadline(kind="from_date", date="2029-07-26"),
    ],
    ids=lambda deadline: deadline.kind,
)
def test_the_other_kinds_have_no_day(deadline: Deadline) -> None:
    assert due_on(deadline, date(2026, 3, 31), TODAY, traded=True) is None
    assert not needs_year_end(deadline)
