"""Which conflicts are real."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from assess.assessments.models import FormPart
from assess.assessments.services import save_answers
from assess.assessments.views_answers import real_conflicts
from assess.core.db import Database
from tests.engine.real_banks import edition_of


@pytest.mark.both_databases
def test_only_what_a_person_changed_can_be_in_conflict(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "old", "b": "old", "c": "old"}, {}, now)
        seen = {"a": 1, "b": 1, "c": 1, "d": 0}
        save_answers(session, begun, {"a": "theirs", "b": "theirs", "c": None, "d": "theirs"}, seen, now)
        saved = save_answers(session, begun, {"a": "mine", "b": "old", "c": "old", "d": None}, seen, now)
        assert {conflict.question for conflict in saved.conflicts} == {"a", "b", "c", "d"}
        real = real_conflicts(session, begun, FormPart.ANSWER, saved.conflicts, seen)
    assert [(conflict.question, conflict.yours, conflict.theirs) for conflict in real] == [("a", "mine", "theirs")]


def test_name_and_place_are_kept_beside_a_fault(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business")
    page = visit.send(name="  Fen Edge\tGrowers ", area="norfolk", postcode="NR1", company_number="1234567")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: Name and place")
    assert page.soup.select_one("#postcode")["value"] == "NR1"
    page = visit(f"{home}business")
    assert page.soup.select_one("#name")["value"] == "Fen Edge Growers"
    assert page.soup.select_one("#company_number")["value"] == "01234567"
    assert page.soup.select_one("input[name=area][checked]")["value"] == "norfolk"
    assert page.soup.select_one("#postcode")["value"] == ""


def test_nobody_has_to_give_a_name_or_a_place_before_the_end(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business")
    page = visit.send(name=" ", postcode="nr13ju", company_number="")
    assert page.status == 200, page.text
    assert visit(f"{home}business").soup.select_one("#postcode")["value"] == "NR1 3JU"


def test_an_area_nobody_offered_is_refused(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business")
    page = visit.send(name="Fen Edge", area="mars")
    assert page.status == 422
    assert "Choose one of the answers in the list." in page.text


@pytest.mark.parametrize("sent", ["", "  "])
def test_an_area_that_was_not_chosen_takes_none_back(visit: Any, begin: Any, sent: str) -> None:
    home = begin()
    visit(f"{home}business")
    visit.send(name="Fen Edge", area="norfolk")
    visit(f"{home}business")
    assert visit.send(name="Fen Edge", area=sent).status == 200
    assert visit(f"{home}business").soup.select_one("input[name=area][checked]")["value"] == "norfolk"


def test_somebody_elses_name_is_not_written_over_unseen(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    other = type(visit)(app.test_client())
    other.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    for who in (visit, other):
        who(f"{home}business")
    visit.send(name="One")
    page = other.send(name="Two")
    assert page.status == 422
    assert "This was changed to “One” meanwhile" in page.text
    assert page.soup.select_one("#name")["value"] == "Two"
    other.send()
    assert visit(f"{home}business").soup.select_one("#name")["value"] == "Two"


def test_the_gates_come_first_and_no_leaves_less_to_ask(visit: Any, begin: Any) -> None:
    home = begin()
    address = next(a["href"] for a in visit(home).soup.select("a") if "which laws bind" in a.text)
    assert address.endswith("/business/gates")
    visit(address)
    page = visit.send(foreign="no", large="no")
    assert page.address.endswith("/business/facts")
    assert 1 <= len(page.soup.select(".assess-asked")) <= 4
    places = [box["value"] for box in page.soup.select("input[name=operates_in]")]
    assert places == ["ENG", "WLS", "SCT", "NIR", "none", "dk"]


@pytest.mark.parametrize(
    ("yours", "in_words", "pick", "stored"),
    [("yes", "Yes", "theirs", "no"), ("dk", "Not sure", "mine", None)],
)
def test_two_people_on_one_gate_see_both_answers_and_choose(
    app: Any, visit: Any, begin: Any, yours: str, in_words: str, pick: str, stored: str | None
) -> None:
    home = begin()
    other = second_browser(app, visit)
    for who in (visit, other):
        who(f"{home}business/gates")
    visit.send(foreign="no", large="no")
    page = other.send(foreign=yours, large="no")
    assert page.status == 409, "an answer that is not saved is never lost without a word"
    assert "Keep what is saved now: No" in page.text
    assert f"Put in what you answered: {in_words}" in page.text
    assert page.soup.select("#foreign-mine")
    assert not page.soup.select("#large-mine"), "both say the same"
    page = other.send(foreign__pick=pick)
    assert page.address.endswith("/business/facts")
    ticked = other(f"{home}business/gates").soup.select_one("input[name=foreign][checked]")
    assert (ticked and ticked["value"]) == stored


def test_a_gate_answer_nobody_touched_is_not_disputed(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business/gates")
    visit.send(foreign="yes", large="no")
    other = second_browser(app, visit)
    for who in (visit, other):
        who(f"{home}business/gates")
    visit.send(foreign="no")
    page = other.send(large="yes")
    assert page.address.endswith("/business/facts")
    page = visit(f"{home}business/gates")
    assert [box["value"] for box in page.soup.select("input[type=radio][checked]")] == ["no", "yes"]


def test_every_fact_is_asked_once_and_not_sure_is_always_there(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business/gates")
    page = visit.send(foreign="no", large="no")
    asked: list[str] = []
    while page.address.endswith("/business/facts"):
        names = [group["id"].removesuffix("--group") for group in page.soup.select(".assess-asked")]
        assert not set(names) & set(asked)
        asked += names
        unsure = {}
        for name in names:
            if page.soup.select(f"input[name='{name}.dk']"):
                unsure[f"{name}__dk"] = "dk"
            else:
                assert page.soup.select(f"input[name={name}][value=dk]"), name
                unsure[name] = "dk"
        page = visit.send(**unsure)
        assert page.status == 200
    assert page.address == home
    assert len(asked) > 10


def test_facts_left_open_are_passed_over_and_come_back_another_time(visit: Any, begin: Any) -> None:
    home = begin()
    first = visit(f"{home}business/facts")
    names = [
        box["name"] for box in first.soup.select(".assess-asked input[type=radio], .assess-asked input[type=checkbox]")
    ]
    page = first
    for _ in range(40):
        page = visit.send()
        if page.address == home:
            break
        assert not set(names[:1]) & {box["name"] for box in page.soup.select(".assess-asked input[name]")}
    assert page.address == home, "nobody is kept here"
    assert visit(f"{home}business/facts").soup.select_one(f'[name="{names[0]}"]') is not None


def test_a_fact_that_is_not_a_number_keeps_what_was_typed(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}business/facts/turnover_gbp")
    assert page.soup.select_one("label[for=turnover_gbp]").text == "Pounds"
    page = visit.send(turnover_gbp="a lot")
    assert page.status == 422
    assert page.soup.select_one("#turnover_gbp")["value"] == "a lot"
    page = visit.send(turnover_gbp="£2,400,000")
    assert page.heading == "Check your answers"
    assert "£2,400,000" in page.text


def test_two_people_on_one_fact_choose(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    other = type(visit)(app.test_client())
    other.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    for who in (visit, other):
        who(f"{home}business/facts/has_website")
    visit.send(has_website="yes")
    page = other.send(has_website="no")
    assert page.status == 409
    assert "Keep what is saved now: Yes" in page.text
    page = other.send(has_website__pick="mine")
    assert page.heading == "Check your answers"


@pytest.mark.parametrize("name", ["nothing", "has_website%00", "x" * 200, "../gates"])
def test_a_fact_that_does_not_exist_is_not_found(visit: Any, begin: Any, name: str) -> None:
    home = begin()
    assert visit(f"{home}business/facts/{name}").status in {200, 404}
    assert visit(f"{home}business/facts/nothing").status == 404


@pytest.mark.parametrize(
    "hostile",
    [
        {"foreign": "zzz"},
        {"foreign": ["yes", "no"], "large": "x" * 5000},
        {"foreign__seen": "-1", "foreign": "no"},
        {"unknown": "1"},
    ],
)
def test_hostile_gates_get_a_sentence(visit: Any, begin: Any, hostile: dict[str, Any]) -> None:
    home = begin()
    visit(f"{home}business/gates")
    assert visit.send(**hostile).status in {200, 422}


def test_nothing_can_be_changed_once_submitted(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    for address in ("business", "business/gates", "business/facts", "business/facts/has_website", "sections/people"):
        visit(f"{home}{address}")
    fields = visit.page.fields()
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    for address in ("business", "business/gates", "business/facts", "business/facts/has_website", "sections/people"):
        assert visit(f"{home}{address}").address == home
        response = visit.client.post(
            f"{home}{address}", data={**fields, "name": "Other", "has_website": "no", "has_website.seen": "0"}
        )
        assert response.status_code in {303, 422}
    assert visit(home).heading == "Fen Edge Hand Wash"


def test_a_section_is_answered_and_the_next_one_appears(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}sections/people")
    assert page.heading == "Section 1 of up to 14, page 1 of 3 The people who work for you"
    assert page.soup.title.text.startswith("The people who work for you")
    page = visit.send(core_people_peak="12", core_first_language="under25")
    assert page.address == f"{home}sections/people/2"
    assert visit.send().address == f"{home}sections/people/3"
    assert visit.send().address == f"{home}sections/hiring"
    page = visit(f"{home}sections/people")
    assert page.soup.select_one("#core_people_peak")["value"] == "12"
    assert page.soup.select_one("input[name=core_first_language][checked]")["value"] == "under25"


def test_an_error_costs_nothing_else_and_keeps_what_was_typed(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_people_peak="about <twelve>", core_first_language="under25")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: The people who work for you")
    link = page.soup.select_one(".govuk-error-summary a")
    assert link["href"] == "#core_people_peak"
    assert link.text.startswith("How many people work for you")
    field = page.soup.select_one("#core_people_peak")
    assert field["value"] == "about <twelve>"
    assert field.find_parent("fieldset")["aria-describedby"].endswith("core_people_peak--error")
    assert "Enter a whole number of people" in page.soup.select_one("#core_people_peak--error").text
    again = visit(f"{home}sections/people")
    assert again.soup.select_one("input[name=core_first_language][checked]")["value"] == "under25"
    assert again.soup.select_one("#core_people_peak")["value"] == ""


def test_a_question_that_hangs_on_an_answer_stands_on_a_later_page(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_worker_types=["employees"])
    assert page.address == f"{home}sections/people/2"
    assert not page.soup.select("[name=core_agency_pct]")
    visit(f"{home}sections/people")
    page = visit.send(core_worker_types=["employees", "agency"])
    assert page.address == f"{home}sections/people/2"
    assert page.soup.select_one("[name=core_agency_pct]")


def test_an_answer_to_a_hidden_question_comes_back_with_it(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["agency"])
    visit.send(core_agency_pct="30")
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["employees"])
    assert not visit(f"{home}sections/people/2").soup.select("[name=core_agency_pct]")
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["agency"])
    assert visit(f"{home}sections/people/2").soup.select_one("#core_agency_pct")["value"] == "30"


def test_boxes_can_be_taken_back_and_radios_stay(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["agency"], core_first_language="under25", core_people_peak="5")
    visit(f"{home}sections/people")
    visit.send(core_worker_types=None, core_first_language=None, core_people_peak="")
    page = visit(f"{home}sections/people")
    assert not page.soup.select("input[name=core_worker_types][checked]")
    assert page.soup.select("input[name=core_first_language][checked]")
    assert page.soup.select_one("#core_people_peak")["value"] == ""


def test_dont_know_stands_beside_a_number_and_not_with_it(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_people_peak="5", core_people_peak__dk="dk")
    assert "not both" in page.soup.select_one("#core_people_peak--error").text
    visit.send(core_people_peak="", core_people_peak__dk="dk")
    assert visit(f"{home}sections/people").soup.select_one("[name='core_people_peak.dk']").has_attr("checked")


def test_a_number_that_is_hard_to_believe_is_asked_back_and_kept_once_it_is_said_to_be_right(
    visit: Any, begin: Any
) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_people_peak="9000", core_first_language="under25")
    assert page.status == 422
    link = page.soup.select_one(".govuk-error-summary a")
    assert link["href"] == "#core_people_peak"
    assert "Is 9,000 people right?" in link.text
    assert page.soup.select_one("#core_people_peak")["value"] == "9000"
    tick = page.soup.select_one("#core_people_peak--sure")
    assert (tick["value"], tick.has_attr("checked")) == ("9000", False)
    assert page.soup.select_one("input[name=core_first_language][checked]")["value"] == "under25", "the rest is saved"
    page = visit.send(core_people_peak="9001", core_people_peak__sure="9000")
    assert "Is 9,001 people right?" in page.text, "the tick was about another number"
    page = visit.send(core_people_peak__sure="9001")
    assert page.address == f"{home}sections/people/2"
    page = visit(f"{home}sections/people")
    assert page.soup.select_one("#core_people_peak")["value"] == "9001"
    assert page.soup.select_one("#core_people_peak--sure") is None
    assert visit.send(core_visa_tied="none").address == f"{home}sections/people/2", "and is not asked again"


def test_a_likely_number_is_not_asked_back(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    assert visit.send(core_people_peak="1").address == f"{home}sections/people/2"


def test_a_crowded_place_is_asked_back_on_the_check_page(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people/2")
    visit.send(core_housing=["ours"])
    places = {"core_housing_table__0__people": "14", "core_housing_table__0__bedrooms": "2"}
    more = {"core_housing_table__1__people": "8", "core_housing_table__1__bedrooms": "2"}
    visit.send(**places, add="core_housing_table")
    visit.send(**more)
    page = visit(f"{home}check")
    assert "14 people in 2 bedrooms: is that right?" in page.text
    assert "8 people in 2 bedrooms" not in page.text, "that many are crowded and no slip"
    assert page.soup.select_one("#unlikely + ul a")["href"].endswith("back=check#core_housing_table--group")


def test_none_of_these_stands_alone(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_visa_tied=["none", "skilled"])
    assert page.status == 422
    assert "alone" in page.soup.select_one("#core_visa_tied--error").text
    assert len(page.soup.select("input[name=core_visa_tied][checked]")) == 2


def test_a_table_grows_and_shrinks_without_scripts(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people/2")
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


def test_a_row_is_added_to_a_table_alone_whatever_the_button_says(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    page = visit.send(core_people_peak="12", add="core_people_peak")
    assert page.status == 200, page.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "12"


def test_a_bad_cell_is_named_by_its_row(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people/2")
    visit.send(core_housing=["ours"])
    page = visit.send(core_housing_table__0__people="many")
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#core_housing_table-0-people"
    assert "Row 1, People living there" in page.text
    assert page.soup.select_one("#core_housing_table-0-people")["value"] == "many"


def test_none_to_list_is_an_answer(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people/2")
    visit.send(core_housing=["ours"])
    visit.send(core_housing_table__none="yes")
    assert visit(f"{home}sections/people/3").soup.select_one("#core_housing_table--none").has_attr("checked")


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
    page = other.send(core_people_peak="15", core_first_language="under25")
    assert page.status == 409
    assert "Keep what is saved now: 12 people" in page.text
    assert "Put in what you answered: 15 people" in page.text
    again = other.send()
    assert again.status == 409
    page = other.send(core_people_peak__pick="mine")
    assert page.address == f"{home}sections/people/2"
    page = visit(f"{home}sections/people")
    assert page.soup.select_one("#core_people_peak")["value"] == "15"
    assert page.soup.select_one("input[name=core_first_language][checked]")["value"] == "under25"


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
    page = other.send(core_first_language="under25")
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
    assert page.heading == "Your session has ended"
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


def test_an_address_of_a_page_that_is_gone_leads_to_the_last_of_its_section(visit: Any, begin: Any) -> None:
    home = begin("farming")
    assert visit(f"{home}sections/people/99").address == f"{home}sections/people/3"
    section = edition_of("farming").sections[-1].id
    visit(f"{home}sections/{section}/99")
    assert visit.page.status == 200
    assert visit.page.soup.select(".assess-asked"), "a page with no question left is not shown"


def test_what_a_form_sends_goes_to_an_address_without_a_fragment(visit: Any, begin: Any) -> None:
    home = begin()
    assert visit(f"{home}sections/people").soup.select_one("main form")["action"] == f"{home}sections/people"
    assert (
        visit(f"{home}sections/people?back=check").soup.select_one("main form")["action"]
        == f"{home}sections/people?back=check"
    )
