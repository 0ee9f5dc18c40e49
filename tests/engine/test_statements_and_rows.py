"""Who hears of a statement and of its day, and the row each duty in force is printed as."""

from __future__ import annotations

from datetime import date

import pytest

from assess.engine.bank import Duty
from assess.engine.reasons import TO_PEOPLE_AT_WORK
from tests.engine.test_duties import COMPANY, LARGE, FactMap, book, judged


@pytest.mark.parametrize(
    ("stated", "done"),
    [
        ("2026-03-30", False),
        ("2026-03-31", False),  # the day the year ended: it cannot be for that year
        ("2026-04-01", True),
        ("2026-11-24", True),
        ("2026-11-25", False),  # not out yet
    ],
)
def test_a_statement_dated_after_the_year_end_means_done(stated: str, *, done: bool) -> None:
    found = judged({**LARGE, "fye": "2026-03-31", "last_statement_on": stated})["uk_s54_six_months"]
    assert found.done is done
    assert (found.due, found.overdue) == ((None, False) if done else ("2026-09-30", True))


def test_one_duty_alone_carries_the_day_of_the_statement() -> None:
    found = judged({**LARGE, "is_group_member": True, "publishes_statement": True, "fye": "2026-03-31"})
    about = [name for name in found if name.startswith("uk_s54") or name == "uk_voluntary_statement"]
    assert [name for name in about if found[name].due] == ["uk_s54_six_months"]


@pytest.mark.parametrize("publishes", [None, False, True])
def test_only_who_publishes_a_statement_hears_of_registry_and_voluntary_statement_and_never_of_a_day(
    publishes: bool | None,  # noqa: FBT001
) -> None:
    small: FactMap = {**COMPANY, "turnover_gbp_incl_subsidiaries": 1, "fye": "2026-03-31"}
    found = judged(small if publishes is None else {**small, "publishes_statement": publishes})
    wanted = {None: "to_check", False: "does_not_apply", True: "applies"}[publishes]
    for name in ("uk_voluntary_statement", "uk_s54_registry"):
        assert (found[name].verdict, found[name].due) == (wanted, None)


def test_good_practice_never_has_a_day() -> None:
    facts: FactMap = {**LARGE, "fye": "2026-03-31", "publishes_statement": True}
    assert all(one.due is None for one in judged(facts).values() if one.duty.force == "good_practice")


UK_IN_FORCE = [duty for duty in book().duties if duty.id.startswith("uk_") and duty.status == "in_force"]


@pytest.mark.parametrize("duty", UK_IN_FORCE, ids=lambda duty: duty.id)
def test_every_duty_in_force_here_has_a_row_for_print_and_tells_nothing_that_was_not_read(duty: Duty) -> None:
    assert duty.line
    assert duty.read
    assert (duty.amount is None, duty.penalty is None) == (duty.evidence == "D", duty.evidence == "D")
    assert date.fromisoformat(duty.source_as_of[:10]) <= date(2026, 11, 29)


@pytest.mark.parametrize("name", sorted(TO_PEOPLE_AT_WORK))
def test_the_duties_to_people_at_work_come_first_and_were_read_again(name: str) -> None:
    duties = [duty.id for duty in book().duties if duty.status == "in_force" and duty.force == "mandatory"]
    assert duties.index(name) <= len(TO_PEOPLE_AT_WORK)
    assert next(duty for duty in book().duties if duty.id == name).evidence in {"A", "B"}
