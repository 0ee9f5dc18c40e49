from __future__ import annotations

import re
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from assess.engine.cross_checks import CHECK_RULES
from assess.plans.action_tracker.state import EvidenceNote, ItemState
from assess.plans.annex import COPY_RECORD_LINES, annex_of, sign_off_page_of, sign_sheet_of
from assess.plans.copies import COPIES, Copy, buyer_copy
from assess.plans.law import HEADINGS_WITH_TASKS, UK_JURISDICTIONS
from assess.plans.plan_page import business_plan
from assess.plans.print_html import attached_files, copy_html
from assess.plans.score_breakdown import score_breakdown_of
from assess.plans.words import answer_text, questions_of, with_parts
from tests.engine.real_banks import edition_of
from tests.plans.records import SCENARIOS, a_record, engine_1, scenario, settled_facts, text_of


def test_the_settings_of_the_score_are_told_with_their_source() -> None:
    annex = annex_of(scenario())
    told = {row.label for row in annex.settings} | {row.label for row in annex.judgements}
    assert len(told) == 10
    assert all(row.source.startswith("Our judgement") for row in annex.judgements)
    assert all(not row.source.startswith("Our judgement") for row in annex.settings)
    assert any("£" in row.value for row in annex.settings)


def test_the_annex_names_edition_arithmetic_code_and_digest() -> None:
    record = scenario()
    said = text_of(copy_html(record, "annex", code="K7QF-2M9D"))
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
    first = min((row for group in annex_of(record).groups for row in group.rows), key=lambda row: row.number)
    assert first.answer == "Checked: 3 May 2025, Price: £17.50"


def parts_of(html: str) -> dict[str, str]:
    """The words of each part of an annex, by its heading."""
    page = BeautifulSoup(html, "html.parser")
    return {text_of(str(part.h2)): text_of(str(part)) for part in page.select("section")}


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_annex_prints_every_question_once_under_the_sum_it_is_part_of(bank: str, title: str) -> None:
    record = scenario(bank, title)
    lines = {line["question"]: line for line in record["result"]["lines"]}
    groups = annex_of(record).groups
    rows = [row for group in groups for row in group.rows]
    asked = questions_of(record)
    assert sorted(row.number for row in rows) == list(range(1, len(asked) + 1))
    assert all(
        (row.ask, row.answer) == (asked[row.number - 1]["ask"], answer_text(asked[row.number - 1]["answer_text"]))
        for row in rows
    )
    assert {row.number for row in rows if not row.points} == {
        n for n, one in enumerate(asked, 1) if one["id"] not in lines
    }
    for group in groups:
        if group.total:
            pairs = [tuple(map(Decimal, row.points.split(" of "))) for row in group.rows]
            assert tuple(map(Decimal, group.total.split(" of "))) == tuple(map(sum, zip(*pairs, strict=True)))
    html = copy_html(record, "annex")
    said = text_of(html)
    assert all(said.count(f"{number} {' '.join(one['ask'].split())} ") == 1 for number, one in enumerate(asked, 1))
    table = BeautifulSoup(html, "html.parser").select_one(".plan-every")
    assert table is not None
    assert {str(row["class"]) for row in table.select("tr")} <= {
        "['govuk-table__row']",
        "['govuk-table__row', 'plan-every-group']",
    }


def test_proof_that_was_ticked_stands_beside_its_answer() -> None:
    record = a_record(evidence=frozenset({"core_written_terms"}))
    (row,) = (row for group in annex_of(record).groups for row in group.rows if row.proof)
    assert "written" in row.ask
    assert text_of(copy_html(record, "annex")).count("(proof ticked)") == 1


def test_the_sums_of_the_annex_are_those_of_the_points_page() -> None:
    record = scenario("car_washes", "car_washes critical")
    statement = score_breakdown_of(record)
    said = parts_of(copy_html(record, "annex"))["How the numbers come together"]
    assert all(step in said for step in (*statement.steps, statement.exposure_sum, statement.bands))
    assert all(f"{area.points} × {area.weight} = {area.product}" in said for area in statement.open)
    groups = {group.title: group.total for group in annex_of(record).groups}
    assert all(groups[area.name] == f"{area.points} of {area.possible}" for area in statement.weighed)


@pytest.mark.parametrize("facts", [False, True])
def test_the_annex_holds_all_duties_with_their_whole_text_and_source(*, facts: bool) -> None:
    record = a_record(facts=settled_facts("farming") if facts else {})
    said = parts_of(copy_html(record, "annex"))["The law in full"]
    home = [duty for duty in record["duties"] if UK_JURISDICTIONS & set(duty["jurisdiction"])]
    for duty in home:
        if duty["verdict"] == "does_not_apply":
            assert (duty["line"] or duty["title"]) in said
            continue
        assert duty["title"] in said
        assert re.sub(r" ?\[S\d+\]", "", duty["source"]) in said
        for step in duty["must_do"] if duty["heading"] in HEADINGS_WITH_TASKS else ():
            assert " ".join(step.split()) in said
    assert "[S" not in said
    abroad = [duty for duty in record["duties"] if duty not in home and duty["verdict"] == "to_check"]
    assert bool(abroad) is not facts
    assert all(duty["title"] in said for duty in abroad)


def test_the_annex_lists_what_was_said_about_a_step_and_nothing_that_waits() -> None:
    record = scenario("farming", "farming critical")
    items = business_plan(record).action_list.items
    held = next(action for action in record["actions"] if action["held"])
    note = EvidenceNote(1, "Payslips of October", "records", "2026-10-31", None, "shown")
    state = {
        items[0].key: ItemState(response="accepted", owner="Jo", due="2027-01-15", status="under_way", notes=(note,)),
        held["question"]: ItemState(response="accepted", owner="Nobody reads this"),
    }
    said = parts_of(copy_html(record, "annex", state))["What you said about the steps"]
    for words in (items[0].name, "Under way", "Payslips of October", "Jo", "By 15 January 2027"):
        assert words in said
    assert items[1].name not in said
    assert "Nobody reads this" not in said
    assert "You had not answered about a step" in text_of(copy_html(record, "annex"))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_annex_lists_the_steps_a_buyer_sees_and_no_others(bank: str, title: str) -> None:
    record = scenario(bank, title)
    page = BeautifulSoup(copy_html(record, "annex"), "html.parser")
    found = [text_of(str(row)) for row in page.select("section[aria-labelledby=buyer] li")]
    steps = buyer_copy(record).actions
    assert len(found) == len(steps)
    assert found == [" ".join(with_parts(step.do, step.parts).split()) for step in steps]
    assert not [said for said in found if "these parts." in said or ". Its parts" in said]


def test_the_annex_of_a_grave_record_has_the_parts_of_a_calm_one() -> None:
    pages = [copy_html(one, "annex") for one in (a_record(), a_record(change={"core_documents": "employer"}))]
    assert list(parts_of(pages[0])) == list(parts_of(pages[1]))
    for page in pages:
        said = text_of(page)
        assert "Signs and notes" not in said
        assert said.index("If someone may be in danger") < said.index("Every question, answer and point")


@pytest.mark.parametrize("title", ["farming medium", "farming critical"])
def test_a_record_of_engine_1_has_an_annex_too(title: str) -> None:
    record = engine_1(title)
    said = text_of(copy_html(record, "annex", {}, CODE, edition=edition_of("farming")))
    for question in questions_of(record):
        assert " ".join(question["ask"].split()) in said
    for heading in (
        "How the numbers come together",
        "Your duties",
        "The steps a buyer sees",
        "Where the numbers come from",
    ):
        assert heading in said
    assert score_breakdown_of(record).steps[-1] in said


def test_it_attaches_nothing_and_says_on_every_page_whose_it_is() -> None:
    record = scenario()
    assert attached_files(record, "annex") == ()
    assert "Your own copy. Not for the wall, not for a buyer." in copy_html(record, "annex")


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
        assert html.count(CODE) == {"wall": 0, "buyer": 3, "annex": 3}.get(copy, 2)
        assert record["reference"] not in html
    assert f"Your own copy. Not for the wall, not for a buyer. Check code {CODE}" in copy_html(
        record, "business", code=CODE
    )
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
