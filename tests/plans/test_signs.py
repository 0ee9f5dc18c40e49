from __future__ import annotations

import re

from assess.engine.checks import RULES
from assess.plans.pages import to_html
from assess.plans.signs import sign_sheet_of
from tests.plans.records import a_record, scenario, text_of


def test_the_sheet_lists_signs_with_question_answer_and_indicator() -> None:
    sheet = sign_sheet_of(a_record("farming", "farming low", change={"core_documents": "employer"}))
    (row,) = sheet.urgent
    assert row.id == "core_documents"
    assert "passports" in row.says
    assert row.answer
    assert row.indicator == "Retention of identity documents"


def test_a_sum_over_several_answers_shows_its_numbers() -> None:
    change = {"wash_price": 5, "wash_team": 3, "wash_minutes": 15}
    record = a_record("car_washes", "car_washes low", change=change)
    sheet = sign_sheet_of(record)
    row = next(row for row in (*sheet.serious, *sheet.notes) if row.id.startswith("D"))
    assert row.answer.startswith(
        "price of a wash: £5.00; people on a car: 3; minutes for a car: 15; what the work costs: £"
    )
    assert re.search(r"£\d+\.\d\d$", row.answer)


def test_no_sum_prints_a_name_that_only_programs_know() -> None:
    for name, rows in {
        "charge_above_offset": {"charge": 12.5, "offset": 11.1},
        "daily_rate_below_wage": {"daily": 60.0, "hours": 10.5, "hourly": 5.714285714},
        "crowding": {"people_per_bedroom": 3.3333333},
        "old_licence_check": {"rows": 2},
    }.items():
        assert name in RULES
        record = scenario("farming", "farming low")
        record["result"]["notes"] = ["X1"]
        record["finding_texts"] = [{"id": "X1", "says": "Check this sum", "numbers": rows}]
        (row,) = sign_sheet_of(record).notes
        assert "_" not in row.answer
        assert not re.search(r"\d\.\d{3}", row.answer)
        assert row.answer.count("£") == sum(key in {"charge", "offset", "daily", "hourly"} for key in rows)


def test_notes_and_what_is_unknown_are_on_it_and_in_no_other_copy() -> None:
    record = a_record("farming", "farming low", change={"core_documents": "dk"})
    assert [row.id for row in sign_sheet_of(record).unknown] == ["core_documents"]
    assert "Signs and notes" in text_of(to_html(record, "coordinator"))
    assert "Signs and notes" not in text_of(to_html(record, "business"))
    assert "Signs and notes" not in text_of(to_html(record, "buyer"))


def test_a_calm_submission_says_that_there_is_nothing() -> None:
    record = scenario("farming", "farming low")
    assert sign_sheet_of(record).empty
    assert "No sign was raised" in text_of(to_html(record, "coordinator"))
