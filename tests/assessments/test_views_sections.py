"""Answering, section by section: nothing valid is ever lost, and no page says which answer raised what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


def test_a_section_is_answered_and_the_next_one_appears(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}sections/people")
    assert page.heading == "Section 1 of 14 The people who work for you"
    assert page.soup.title.text.startswith("The people who work for you")
    page = visit.send(core_people_peak="12", core_near_minimum="yes", core_housing="own")
    assert page.address == f"{home}sections/hiring"
    page = visit(f"{home}sections/people")
    assert page.soup.select_one("#core_people_peak")["value"] == "12"
    assert page.soup.select_one("input[name=core_near_minimum][checked]")["value"] == "yes"


def test_an_error_costs_nothing_else_and_keeps_what_was_typed(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_people_peak="about <twelve>", core_near_minimum="yes")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: The people who work for you")
    link = page.soup.select_one(".govuk-error-summary a")
    assert link["href"] == "#core_people_peak"
    assert link.text.startswith("How many people work for you")
    field = page.soup.select_one("#core_people_peak")
    assert field["value"] == "about <twelve>"
    assert field.find_parent("fieldset")["aria-describedby"].endswith("core_people_peak--error")
    assert "Enter a number" in page.soup.select_one("#core_people_peak--error").text
    again = visit(f"{home}sections/people")
    assert again.soup.select_one("input[name=core_near_minimum][checked]")["value"] == "yes"
    assert again.soup.select_one("#core_people_peak")["value"] == ""


def test_questions_that_become_relevant_appear_on_the_same_page_with_a_notice(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}sections/people")
    assert not page.soup.select("[name=core_agency_pct]")
    page = visit.send(core_worker_types=["employees", "agency"])
    assert page.address == f"{home}sections/people"
    assert "There is 1 more question on this page" in page.text
    assert page.soup.select_one("[name=core_agency_pct]")
    page = visit.send(core_agency_pct="30")
    assert page.address == f"{home}sections/hiring"


def test_an_answer_to_a_hidden_question_comes_back_with_it(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["agency"])
    visit.send(core_agency_pct="30")
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["employees"])
    assert not visit(f"{home}sections/people").soup.select("[name=core_agency_pct]")
    visit.send(core_worker_types=["agency"])
    assert visit(f"{home}sections/people").soup.select_one("#core_agency_pct")["value"] == "30"


def test_boxes_can_be_taken_back_and_radios_stay(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_travel=["own"], core_isolated="yes", core_people_peak="5")
    visit(f"{home}sections/people")
    visit.send(core_travel=None, core_isolated=None, core_people_peak="")
    page = visit(f"{home}sections/people")
    assert not page.soup.select("input[name=core_travel][checked]")
    assert page.soup.select("input[name=core_isolated][checked]")
    assert page.soup.select_one("#core_people_peak")["value"] == ""


def test_dont_know_stands_beside_a_number_and_not_with_it(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_people_peak="5", core_people_peak__dk="dk")
    assert "not both" in page.soup.select_one("#core_people_peak--error").text
    visit.send(core_people_peak="", core_people_peak__dk="dk")
    assert visit(f"{home}sections/people").soup.select_one("[name='core_people_peak.dk']").has_attr("checked")


def test_none_of_these_stands_alone(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_visa_tied=["none", "skilled"])
    assert page.status == 422
    assert "alone" in page.soup.select_one("#core_visa_tied--error").text
    assert len(page.soup.select("input[name=core_visa_tied][checked]")) == 2


def test_a_table_grows_and_shrinks_without_scripts(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_housing=["ours"])
    assert len(page.soup.select(".assess-row")) == 1
    for number in range(10):
        fields = {
            f"core_housing_table__{number}__people": str(number),
            f"core_housing_table__{number}__kind": "caravan",
        }
        page = visit.send(**fields, add="core_housing_table")
        assert len(page.soup.select(".assess-row")) == number + 2
    page = visit.send(remove="core_housing_table.3")
    people = [field["value"] for field in page.soup.select("input[name$='.people']")]
    assert people == ["0", "1", "2", "4", "5", "6", "7", "8", "9"]
    assert page.soup.select_one("button[name=remove][value='core_housing_table.0']").text == "Remove row 1"
    assert page.soup.select_one("form button").text == "Save"


def test_a_bad_cell_is_named_by_its_row(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_housing=["ours"])
    page = visit.send(core_housing_table__0__people="many")
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#core_housing_table-0-people"
    assert "Row 1, People living there" in page.text
    assert page.soup.select_one("#core_housing_table-0-people")["value"] == "many"


def test_none_to_list_is_an_answer(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_housing=["ours"])
    visit.send(core_housing_table__none="yes")
    assert visit(f"{home}sections/people").soup.select_one("#core_housing_table--none").has_attr("checked")


def test_proof_is_a_single_tick_and_never_words(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}sections/hiring")
    assert not page.soup.select("textarea, input[type=file]")
    visit.send(core_documents="worker", core_documents__proof="yes")
    assert visit(f"{home}sections/hiring").soup.select_one("#core_documents--proof").has_attr("checked")


def second_browser(app: Any, visit: Any) -> Any:
    """The same visit in another window."""
    other = type(visit)(app.test_client())
    for name in ("assess_visit",):
        other.client.set_cookie(name, visit.client.get_cookie(name).value)
    return other


def test_two_people_on_one_answer_see_both_texts_and_choose(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    other = second_browser(app, visit)
    for who in (visit, other):
        who(f"{home}sections/people")
    visit.send(core_people_peak="12")
    page = other.send(core_people_peak="15", core_near_minimum="no")
    assert page.status == 409
    assert "Keep what is saved now: 12 people" in page.text
    assert "Put in what you answered: 15 people" in page.text
    again = other.send()
    assert again.status == 409
    page = other.send(core_people_peak__pick="mine")
    assert page.address == f"{home}sections/hiring"
    page = visit(f"{home}sections/people")
    assert page.soup.select_one("#core_people_peak")["value"] == "15"
    assert page.soup.select_one("input[name=core_near_minimum][checked]")["value"] == "no"


def test_theirs_can_be_kept(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    other = second_browser(app, visit)
    for who in (visit, other):
        who(f"{home}sections/people")
    visit.send(core_people_peak="12")
    other.send(core_people_peak="15")
    other.send(core_people_peak__pick="theirs")
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "12"


def test_who_did_not_touch_an_answer_is_not_asked_about_it(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="10")
    other = second_browser(app, visit)
    for who in (visit, other):
        who(f"{home}sections/people")
    visit.send(core_people_peak="12")
    page = other.send(core_near_minimum="no")
    assert page.status == 200
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "12"


def test_nobody_else_can_look_or_write(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    for address in ("", "sections/people", "check", "business", "link", "share", "delete"):
        assert another_visit(f"{home}{address}").status == 404, address
    assert another_visit("/assessments/00000000-0000-0000-0000-000000000000/").status == 404
    assert visit(f"{home}sections/nothing").status == 404
    assert visit(f"{home}sections/{'x' * 300}").status == 404


@pytest.mark.parametrize(
    "hostile",
    [
        {"core_near_minimum": "zzz"},
        {"core_near_minimum": ["yes", "no"]},
        {"core_people_peak": "9" * 400},
        {"core_people_peak": "1e999"},
        {"core_people_peak": "-5"},
        {"core_people_peak__seen": "99999999999999999999"},
        {"core_people_peak__seen": "x", "core_people_peak": "5"},
        {"core_worker_types": ["agency", "' OR 1=1 --", "<script>"]},
        {"unknown_question": "x", "is_admin": "1", "assessment_id": "x"},
        {"remove": "core_housing_table.99999999999"},
        {"remove": "..", "add": "nothing"},
        {"core_housing_table__0__people": "٣", "core_housing_table__seen": "0"},
        {"core_people_peak": "\u202e12\ud83d"},
        {"core_near_minimum": "x" * 100_000},
    ],
)
def test_hostile_posts_get_a_sentence_and_never_a_fault_of_ours(
    visit: Any, begin: Any, hostile: dict[str, Any]
) -> None:
    home = begin()
    visit(f"{home}sections/people")
    fields = {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in hostile.items()
    }
    page = visit.send(**fields)
    assert page.status in {200, 409, 413, 422}
    assert "<script>" not in str(page.soup.main)
    assert visit(f"{home}sections/people").status == 200


def test_a_nul_is_refused_before_anything_is_read(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    assert visit.send(core_people_peak="1\x00").status == 400


def test_a_form_without_its_token_is_refused(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    assert visit.send(csrf_token=None, core_people_peak="5").status == 400


def test_a_visit_that_is_over_says_so_and_gives_back_what_was_typed(app: Any, visit: Any, begin: Any, now: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    app.config["CLOCK"] = lambda: now + timedelta(hours=5)
    page = visit.send(core_people_peak="12")
    assert page.status == 403
    assert page.heading == "Your visit has ended"
    assert page.soup.select_one("input[name=core_people_peak]")["value"] == "12"


def test_the_page_says_the_same_whatever_the_answer_means(visit: Any, begin: Any) -> None:
    home = begin()
    texts = []
    for answer in ("worker", "employer"):
        visit(f"{home}sections/hiring")
        visit.send(core_documents=answer)
        page = visit(f"{home}sections/hiring")
        texts.append(page.text)
    assert texts[0] == texts[1]
