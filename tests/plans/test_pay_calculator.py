"""The calculator for five workers: what an hour comes to, said beside what was typed, and nothing of it kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.access import settings_today
from assess.core.db import database
from assess.core.models import AuditEvent
from assess.core.pages import day

WEEK = {"age_1": "wage", "hours_1": "48", "pay_1": "£520", "housing_1": "100"}


def worked_out(visit: Any, **typed: str) -> Any:
    visit("/pay-calculator")
    return visit.send(**typed)


def outcomes(page: Any) -> list[str]:
    return [one.get_text(" ", strip=True) for one in page.soup.select(".plan-worker p.govuk-body")]


def test_an_hour_is_worked_out_with_housing_above_the_offset_taken_off(visit: Any) -> None:
    page = worked_out(visit, **WEEK)
    [said] = outcomes(page)
    assert said == (
        "An hour comes to £10.37. The legal minimum is £12.71, age 21 and over. "
        "£22.30 of the housing counts as taken out of pay: it is above £77.70 for 7 nights. "
        "This week may be £112.38 below the legal minimum."
    )
    assert page.soup.select_one("#pay_1")["value"] == "£520"


def test_each_age_has_its_wage_and_each_night_its_offset(visit: Any) -> None:
    young = {"age_1": "wage_18_20", "hours_1": "40", "pay_1": "434", "housing_1": "11.10", "nights_1": "1"}
    child = {"age_2": "wage_under_18", "hours_2": "10", "pay_2": "79.99"}
    said = outcomes(worked_out(visit, **young, **child))
    assert said[0] == (
        "An hour comes to £10.85. The legal minimum is £10.85, age 18 to 20. "
        "The housing changes nothing here: only what is above £11.10 for 1 night counts. The week comes to the legal minimum or more."
    )
    assert said[1].endswith("£8.00, age under 18. This week may be £0.01 below the legal minimum.")


def test_what_cannot_be_read_is_said_beside_its_field_and_the_rest_is_worked_out(visit: Any) -> None:
    page = worked_out(visit, **WEEK, age_2="wage", hours_2="0", pay_2="x", nights_2="8")
    assert page.status == 422
    links = {link["href"]: link.text for link in page.soup.select(".govuk-error-summary a")}
    assert list(links) == ["#hours_2", "#pay_2", "#nights_2"]
    assert links["#hours_2"] == "Worker 2: Enter a number of 1 or more."
    assert page.soup.select_one("#hours_2-error")
    assert page.soup.select_one("#pay_2")["value"] == "x"
    assert len(outcomes(page)) == 1


def test_workers_are_added_one_by_one_up_to_five(visit: Any) -> None:
    page = visit("/pay-calculator")
    for count in range(1, 6):
        assert len(page.soup.select(".plan-worker")) == count
        assert bool(page.soup.select("button[name=add]")) == (count < 5)
        page = worked_out(visit, **{f"age_{number}": "wage" for number in range(1, count + 1)}, add="yes")
    assert len(worked_out(visit, hours_9="3", hours_5="3").soup.select(".plan-worker")) == 5


@pytest.mark.parametrize(
    "typed", ["9" * 400, "-1", "nan", "1e9", "\u0661", "<b>", "'; --", "1" * 70_000, "\x00"], ids=range(9)
)
def test_hostile_figures_get_a_sentence(visit: Any, typed: str) -> None:
    page = worked_out(visit, age_1=typed[:50], hours_1=typed, pay_1=typed, housing_1=typed, nights_1=typed)
    assert page.status in {400, 413, 422}


def test_nothing_typed_is_stored_logged_or_sent_on(app: Flask, visit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def events() -> int:
        with app.app_context(), database().reading() as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0

    before = events()
    page = worked_out(visit, **{**WEEK, "pay_1": "517.31"})
    assert events() == before
    assert "517" not in page.response.request.full_path, "no browser keeps it in its history"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers
    logged = capsys.readouterr().out
    assert '"/pay-calculator"' in logged
    assert "517" not in logged
    form = page.form()
    names = [field["name"] for field in page.soup.select(".plan-worker input, .plan-worker select")]
    assert form.action in {None, ""}
    assert not [name for name in names if "name" in name]


def test_it_says_whom_to_ask_about_pay_from_the_dated_contacts(visit: Any, app: Flask) -> None:
    with app.test_request_context():
        [acas] = [one for one in settings_today().contacts if one.id == "acas"]
    said = visit("/pay-calculator").soup.select_one("#calculator ~ p:has(a[href^=tel])").text
    assert (
        said == f"To ask about pay, call {acas.who}: {acas.number}. We last checked this number on {day(acas.checked)}."
    )


def test_the_pay_sums_of_a_result_lead_to_it(visit: Any, submitted: Any) -> None:
    assert visit(f"/assessments/{submitted.id}/result/pay").soup.select_one("a[href='/pay-calculator']")
