"""Looking everything over and submitting: calm, alike, and frozen once."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest

from assess.assessments.submitting import submissions_of
from assess.kit.db import Database


def answer(visit: Any, home: str, **answers: object) -> None:
    """Give these answers, each on the page that asks it."""
    for section in visit(home).soup.select("a.govuk-task-list__link[href*='/sections/']"):
        page = visit(section["href"])
        mine = {name: value for name, value in answers.items() if page.soup.select(f'[name="{name}"]')}
        if mine:
            assert visit.send(**mine).status == 200


def database_of(app: Any) -> Database:
    return app.extensions["assess.database"]


def test_the_check_page_says_every_answer_back_with_a_way_to_change_it(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    answer(visit, home, core_people_peak="12", core_worker_types=["employees", "agency"], core_documents="worker")
    page = visit(f"{home}check")
    assert page.heading == "Check your answers"
    assert "12 people" in page.text
    assert "Fen Edge Hand Wash" in page.text
    assert "Norfolk" in page.text
    assert "Not answered yet" in page.text
    assert "From your answers" in page.text
    change = page.soup.select_one("a[href*='#core_people_peak--group']")
    assert "back=check" in change["href"]
    visit(change["href"].split("#")[0])
    page = visit.send(core_people_peak="14")
    assert page.heading == "Check your answers"
    assert "14 people" in page.text


def test_the_range_is_told_before_the_band(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}check")
    assert "Where you stand so far" in page.text
    assert "more is worse, your score is now between" in page.text
    told = page.text.split("Where you stand so far")[1].split("About your business")[0]
    assert re.search(r"between \d+\.\d and 100\.0", told)
    assert not re.search(r"\b(medium|high|act now)\b", told), "a band is shown only after submission"


def test_the_list_to_read_again_is_the_same_whatever_was_answered(visit: Any, begin: Any) -> None:
    home = begin()
    lists = []
    for said in (
        {"core_documents": "worker", "core_threats": "no"},
        {"core_documents": "employer", "core_threats": "yes"},
    ):
        answer(visit, home, **said)
        form = visit(f"{home}check").form("/submit")
        lists.append([row.text for row in form.select("dt")])
    assert lists[0] == lists[1]
    assert len(lists[0]) > 5


def test_nothing_on_the_check_page_marks_a_sign(visit: Any, begin: Any) -> None:
    home = begin()
    pages = []
    for said in ("worker", "employer"):
        answer(visit, home, core_documents=said)
        page = visit(f"{home}check")
        words = str(page.soup.main)
        for option in ("The worker does", "We keep them until the job ends or a trial is over"):
            words = words.replace(option, "…")
        pages.append(words.split("Where you stand so far")[0] + words.split("About your business")[1])
    assert pages[0].split('name="csrf_token"')[0] == pages[1].split('name="csrf_token"')[0]
    assert "urgent" not in pages[1].lower()


def test_submitting_needs_a_name_an_area_and_the_second_look(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}check")
    page = visit.send("/submit")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: Check your answers")
    assert [link["href"] for link in page.soup.select(".govuk-error-summary a")] == ["#about", "#reread"]
    assert page.soup.select_one("#reread")["aria-describedby"] == "reread-error"


def test_submitting_freezes_the_answers_and_leads_to_the_result(
    app: Any, visit: Any, begin: Any, identify: Any
) -> None:
    home = begin()
    identify(home)
    answer(visit, home, core_people_peak="12", core_documents="worker")
    visit(f"{home}check")
    page = visit.send("/submit", reread="yes", follow=False)
    assert page.status == 303
    assert page.headers["Location"] == f"{home}result"
    again = visit(f"{home}check", follow=False)
    assert again.status == 303
    with database_of(app).reading() as session:
        found = submissions_of(session, uuid.UUID(home.split("/")[2]))
        assert [one.number for one in found] == [1]
        record = found[0].record
    assert record["organisation"] == {
        "name": "Fen Edge Hand Wash", "area": "norfolk", "postcode": None, "company_number": None,
    }  # fmt: skip
    assert record["made_on"] == "2026-11-24"
    assert record["operator"]["name"] == "Norfolk test desk"
    tasks = visit(home)
    assert "You submitted this on 24 November 2026" in tasks.text
    assert not tasks.soup.select("a[href*='/sections/']")


def test_pressing_twice_makes_one_submission(app: Any, visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    page = visit(f"{home}check")
    fields = page.fields("/submit") | {"reread": ["yes"]}
    for _ in range(2):
        response = visit.client.post(f"{home}submit", data=fields)
        assert response.status_code == 303
        assert response.headers["Location"] == f"{home}result"
    with database_of(app).reading() as session:
        assert len(submissions_of(session, uuid.UUID(home.split("/")[2]))) == 1


@pytest.mark.parametrize("bank", ["farming", "car_washes", "hospitality"])
@pytest.mark.parametrize("length", ["quick", "full"])
def test_every_bank_can_be_submitted_with_nothing_but_a_name(
    visit: Any, begin: Any, identify: Any, bank: str, length: str
) -> None:
    home = begin(bank, length)
    identify(home)
    visit(f"{home}check")
    page = visit.send("/submit", reread="yes", follow=False)
    assert page.status == 303, page.text


def test_facts_and_gates_go_into_the_record(app: Any, visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    visit(f"{home}business/gates")
    visit.send(foreign="no", large="no")
    visit.send(operates_in=["ENG"])
    page = visit(f"{home}check")
    assert "England" in page.text
    visit.send("/submit", reread="yes", follow=False)
    with database_of(app).reading() as session:
        record = submissions_of(session, uuid.UUID(home.split("/")[2]))[0].record
    assert record["facts"]["operates_in"] == ["ENG"]
    assert "not_sure" not in json.dumps(record["facts"])


# ---- what does not go together --------------------------------------------------------------------------------------
def test_a_fact_against_an_ordinary_answer_is_asked_back(visit: Any, begin: Any) -> None:
    home = begin("hospitality")
    visit(f"{home}business/facts/receives_tips")
    visit.send(receives_tips="no")
    assert "Can both be right?" not in visit(f"{home}check").text
    answer(visit, home, hosp_tips="all")
    page = visit(f"{home}check")
    asked = page.soup.select_one("#both ~ ul li")
    assert "Do your workers get tips or a service charge?" in asked.text
    assert "You said: No" in asked.text
    links = [link["href"] for link in asked.select("a")]
    assert links[0].endswith("/business/facts/receives_tips")
    assert links[1].endswith("#hosp_tips--group")
    visit(f"{home}business/facts/receives_tips")
    visit.send(receives_tips="yes")
    assert "Can both be right?" not in visit(f"{home}check").text


def test_a_fact_against_any_other_answer_is_passed_over_without_a_word(visit: Any, begin: Any) -> None:
    home = begin("car_washes")
    visit(f"{home}business/facts/engages_compulsory_school_age")
    visit.send(engages_compulsory_school_age="no")
    before = visit(f"{home}check").soup
    answer(visit, home, wash_under_18="no_permit")
    page = visit(f"{home}check")
    assert "Can both be right?" not in page.text
    assert page.soup.select_one("#both") is None
    assert before.select_one("#both") is None
    assert "of school age" not in visit(f"{home}business/facts").text


def test_the_law_is_offered_after_the_questions_with_the_number_of_its_own(visit: Any, begin: Any) -> None:
    home = begin("car_washes")
    page = visit(home)
    headings = [heading.text for heading in page.soup.select("main h2")]
    assert headings.index("Questions") < headings.index("The law")
    offered = next(link for link in page.soup.select("a") if "which laws bind you" in link.text)
    number = int(offered.text.split(":")[1].split()[0])
    assert number > 2
    checked = next(link for link in visit(f"{home}check").soup.select("a") if "which laws bind you" in link.text)
    assert checked.text == offered.text
    visit(f"{home}business/gates")
    visit.send(foreign="no", large="no")
    later = next(link for link in visit(home).soup.select("a") if "which laws bind you" in link.text)
    assert int(later.text.split(":")[1].split()[0]) < number
    for sector in ("shellfish", "still stand in the field", "a licence for alcohol", "a room", "What work do you do"):
        assert sector not in visit(f"{home}business/facts").text
