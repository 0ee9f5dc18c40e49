from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from assess.engine.cross_checks import CHECK_RULES
from assess.plans.annex import COPY_RECORD_LINES, annex_of, sign_off_page_of, sign_sheet_of
from assess.plans.copies import COPIES, Copy
from assess.plans.print_html import attached_files, copy_html
from tests.plans.records import SCENARIOS, a_record, scenario, settled_facts, text_of


def test_every_shown_question_is_listed_once_with_its_answer() -> None:
    record = scenario()
    annex = annex_of(record)
    questions = [row for section in record["sections"] for row in section["questions"]]
    assert [row.number for row in annex.answers] == list(range(1, len(questions) + 1))
    assert [row.ask for row in annex.answers] == [row["ask"] for row in questions]
    assert all(row.answer for row in annex.answers)


def test_proof_is_listed_by_the_question_it_belongs_to() -> None:
    record = a_record(evidence=frozenset({"core_written_terms"}))
    (row,) = annex_of(record).evidence
    assert "written" in row
    said = text_of(copy_html(scenario(), "business"))
    assert "Proof ticked with your answers None was ticked when you submitted." in said
    assert "Proof you noted since stands beside the actions." in said


def test_the_settings_of_the_score_are_told_with_their_source() -> None:
    annex = annex_of(scenario())
    told = {row.label for row in annex.settings} | {row.label for row in annex.judgements}
    assert len(told) == 10
    assert all(row.source.startswith("Our judgement") for row in annex.judgements)
    assert all(not row.source.startswith("Our judgement") for row in annex.settings)
    assert any("£" in row.value for row in annex.settings)


def test_the_annex_names_edition_arithmetic_code_and_digest() -> None:
    record = scenario()
    said = text_of(copy_html(record, "business", code="K7QF-2M9D"))
    for word in (
        "check code K7QF-2M9D",
        f"begins {record['edition']['digest'][:12]}.",
        "edition 3",
        "arithmetic number 2",
    ):
        assert word in said
    assert record["edition"]["digest"] not in said


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
@pytest.mark.parametrize("copy", COPIES)
def test_no_name_that_only_programs_know_and_no_iso_date_is_printed(bank: str, title: str, copy: Copy) -> None:
    for record in (scenario(bank, title), a_record(bank, title, facts=settled_facts(bank))):
        said = text_of(copy_html(record, copy))
        assert not re.search(r"\b\d{4}-\d\d\b|\b[a-z]+_[a-z]", said)


def test_dates_and_pounds_of_a_table_stand_in_words() -> None:
    record = scenario()
    record["sections"][0]["questions"][0]["answer_text"] = ["Checked: 2025-05-03, Price, in pounds: 17.5"]
    assert annex_of(record).answers[0].answer == "Checked: 3 May 2025, Price: £17.50"


CODE = "K7QF-2M9D"


@pytest.mark.parametrize("copy", ["business", "large", "coordinator"])
def test_the_page_has_lines_for_a_pen_and_says_what_the_copy_is(copy: Copy) -> None:
    record = scenario()
    page = BeautifulSoup(copy_html(record, copy, code=CODE), "html.parser").select_one(".plan-sign-off")
    assert page is not None
    said = text_of(str(page))
    for word in ("Name:", "Role:", "Date:", "Signature:", f"Check code {CODE}"):
        assert word in said
    assert len(page.select(".plan-shares li")) == COPY_RECORD_LINES
    assert "It does not say that anybody checked the answers." in said


@pytest.mark.parametrize("copy", ["business", "large", "coordinator"])
def test_every_file_inside_is_named(copy: Copy) -> None:
    says = " ".join(sign_off_page_of(CODE, copy).says)  # type: ignore[arg-type]  # the three that hold the plan
    assert all(file.name in says for file in attached_files(scenario(), copy))
    assert ("actions.csv" in says) is (copy != "coordinator")


def test_each_copy_but_the_walls_prints_the_code_it_was_given_and_none_of_its_own() -> None:
    record = scenario()
    for copy in COPIES:
        html = copy_html(record, copy, code=CODE)
        assert html.count(CODE) == {"wall": 0, "buyer": 3}.get(copy, 4)
        assert record["reference"] not in html
    assert f"Action plan · check code {CODE}" in copy_html(record, "business", code=CODE)
    assert f"Buyer copy · check code {CODE}" in copy_html(record, "buyer", code=CODE)


def test_a_copy_no_service_made_says_that_it_has_no_code() -> None:
    record = scenario()
    for copy in COPIES:
        said = text_of(copy_html(record, copy))
        assert "/check" not in said
        assert record["reference"] not in said
        assert said.count("check code") == ("it has no check code" in said) == (copy != "wall")


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
        assert name in CHECK_RULES
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
    assert "Signs and notes" in text_of(copy_html(record, "coordinator"))
    assert "Signs and notes" not in text_of(copy_html(record, "business"))
    assert "Signs and notes" not in text_of(copy_html(record, "buyer"))


def test_a_calm_submission_says_that_there_is_nothing() -> None:
    record = scenario("farming", "farming low")
    assert sign_sheet_of(record).empty
    assert "No sign was raised" in text_of(copy_html(record, "coordinator"))
