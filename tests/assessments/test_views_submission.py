"""Leaving, deleting, correcting, going on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urljoin

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import text

from assess.assessments import views_submission
from assess.assessments.submissions import get_submission
from assess.core.rate_limits import CORRECT, SUBMIT, ExpensiveAction, Limit
from tests.assessments.conftest import id_of, submission_numbers, submit
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import database_of
from tests.mobile_browser import has_no_fault, phone


def test_leaving_closes_this_browser_and_keeps_the_answers(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}link")
    path = visit.send().soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    visit(home)
    page = visit.send("/leave")
    assert page.heading == "You have left"
    assert visit(home).status == 404
    another_visit(path)
    assert another_visit.send().address == home


def test_every_page_of_an_assessment_can_be_left_from_its_menu(visit: Any, begin: Any, identify: Any) -> None:
    home = begin(length="quick")
    identify(home)
    pages = [visit(f"{home}{end}") for end in ("", "link", "check", "business", "history", "delete")]
    visit(f"{home}check")
    submit(visit, home)
    pages += [visit(f"{home}result{end}") for end in ("", "/points", "/actions", "/duties")]
    for page in pages:
        assert page.status == 200, page.address
        button = page.soup.select_one("header nav button[form]")
        assert button.get_text() == "Leave on this device", page.address
        assert urljoin(page.address, page.soup.find("form", id=button["form"])["action"]) == f"{home}leave"
    html5lib.HTMLParser(strict=True).parse(page.html)
    for path in ("/", "/help", "/privacy", "/start"):
        assert not visit(path).soup.select("header button[form]"), path


def test_leaving_clears_what_the_browser_kept(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}link")
    visit.send()
    visit(home)
    page = visit.send("/leave", follow=False)
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visit.client.get_cookie("assess_visit") is None
    assert visit("/goodbye").heading == "You have left"
    assert visit.client.get_cookie("assess_session") is None


def test_whoever_has_no_link_is_offered_one_before_leaving(visit: Any, begin: Any) -> None:
    home = begin()
    visit(home)
    page = visit.send("/leave")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.heading == "You have no link to come back with"
    assert "nobody can open these answers again" in page.text
    ways = [link["href"] for link in page.soup.select("main a[href]")]
    assert ways.index(f"{home}link") < ways.index(f"{home}delete")
    assert visit(home).status == 200, "nothing is left yet"
    visit(f"{home}leave")
    page = visit.send("/leave")
    assert page.heading == "You have left"
    assert "Nobody can open your answers any more." in page.text
    assert "kept" not in page.text
    assert visit(home).status == 404


def test_a_link_that_was_ended_is_no_way_back(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}link")
    visit.send()
    visit(f"{home}link")
    visit.send("/end")
    visit(home)
    assert visit.send("/leave").heading == "You have no link to come back with"


def test_deleting_needs_a_tick_and_says_what_is_lost_and_what_stays(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    page = visit(f"{home}delete")
    assert "Fen Edge Hand Wash" in page.text
    assert "backups" in page.text
    page = visit.send()
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#sure"
    page = visit.send(sure="yes")
    assert page.heading == "Everything is deleted"
    assert page.address == "/goodbye"
    assert page.response.request.query_string == b""
    assert [visit.client.get_cookie(name) for name in ("assess_visit", "assess_session")] == [None, None]
    assert visit("/goodbye").heading == "You have left"
    assert visit(home).status == 404


def test_a_submitted_one_can_be_deleted_with_all_its_links(
    visit: Any, another_visit: Any, begin: Any, identify: Any
) -> None:
    home = begin()
    identify(home)
    submit(visit, home)
    visit(f"{home}link")
    path = visit.send().soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    assert "results and plans" in visit(f"{home}delete").text
    visit.send(sure="yes")
    assert another_visit(path).status == 404


def test_a_correction_makes_a_new_version_and_the_old_one_stays(
    app: Any, visit: Any, begin: Any, identify: Any
) -> None:
    home = begin()
    identify(home)
    submit(visit, home)
    visit(home)
    visit.send("/correct")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="8")
    submit(visit, home)
    with database_of(app).reading() as session:
        assert submission_numbers(session, id_of(home)) == [1, 2]


def test_a_correction_has_a_way_back_to_the_plan(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    submit(visit, home)
    for start in (home, f"{home}result/actions"):
        visit(home)
        visit.send("/correct")
        page = visit(start)
        assert "Keep my plan as it is" in page.text
        visit.page = page
        page = visit.send("/discard-correction")
        assert page.address == f"{home}result"
        assert "You are correcting" not in page.text
        assert "You submitted this on" in visit(home).text


def test_there_is_no_way_back_to_a_plan_that_was_never_made(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(home)
    assert "Keep my plan" not in page.text
    fields = page.fields("/leave")
    assert visit.client.post(f"{home}discard-correction", data=fields).location == home
    assert "You submitted this on" not in visit(home).text
    another_visit("/")
    assert another_visit.client.post(f"{home}discard-correction", data=fields).status_code in {400, 404}


def test_correcting_what_was_never_submitted_changes_nothing(visit: Any, begin: Any) -> None:
    home = begin()
    fields = visit(home).fields("/leave")
    assert visit.client.post(f"{home}correct", data=fields).status_code == 303
    assert "You are correcting" not in visit(home).text


def test_a_submitted_quick_check_goes_on_as_a_new_version(visit: Any, begin: Any, identify: Any) -> None:
    home = begin(length="quick")
    identify(home)
    submit(visit, home)
    fields = visit(home).fields("/leave")
    assert visit.client.post(f"{home}full", data=fields).status_code == 303
    page = visit(home)
    assert "full assessment" in page.text
    assert "You are correcting" in page.text


def test_the_goodbye_page_says_nothing_about_who_was_here(visit: Any) -> None:
    page = visit("/goodbye?deleted=yes")
    assert page.heading == "You have left"
    assert "account" not in page.text, "none can be had where no mail is sent"


def test_correcting_and_submitting_without_end_is_limited_and_nothing_is_lost(
    visit: Any, begin: Any, identify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CORRECT", "SUBMIT"):
        monkeypatch.setattr(
            views_submission, name, ExpensiveAction((Limit(name, 2, 3600),), Limit(f"{name} from", 99, 3600))
        )
    home = begin()
    identify(home)
    for _ in range(2):
        visit(f"{home}check")
        visit.send("/submit", reread=None)  # refused for what is missing: counts for nothing
        assert visit.send("/submit", reread="yes").status == 200
        visit(home)
        page = visit.send("/correct")
        assert page.status == 200
    visit(f"{home}check")
    page = visit.send("/submit", reread="yes")
    assert (page.status, page.heading) == (429, "Please wait a moment")
    assert "Whatever you saved before is safe. Wait 30 minutes and try again." in page.text
    assert page.soup.select_one("form button").text.strip() == "Send it again"
    assert page.fields("/submit")["reread"] == ["yes"]
    assert "Fen Edge Hand Wash" in visit(f"{home}check").text
    visit.send("/submit", reread="yes")
    monkeypatch.setattr(views_submission, "SUBMIT", SUBMIT)
    visit(f"{home}check")
    assert visit.send("/submit", reread="yes").status == 200
    visit(home)
    assert visit.send("/correct").status == 429
    assert visit(f"{home}result").status == 200, "what was submitted stays as it was"


def test_a_tired_person_never_meets_these_limits() -> None:
    for what in (CORRECT, SUBMIT):
        assert all(limit.most >= 30 for limit in what.each)
        assert what.address.most >= 10 * what.each[0].most


@pytest.fixture
def open_in_two(app: Any, visit: Any, begin: Any, identify: Any) -> tuple[str, Any]:
    """A correction of a submitted assessment, open in two windows: its address, and the second window."""
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="8")
    identify(home)
    submit(visit, home)
    visit(home)
    visit.send("/correct")
    other = type(visit)(app.test_client())
    other.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    return home, other


def test_who_keeps_the_plan_costs_a_colleague_no_page_of_answers(visit: Any, open_in_two: tuple[str, Any]) -> None:
    home, colleague = open_in_two
    colleague(f"{home}sections/people")
    visit(home)
    visit.send("/discard-correction")
    page = colleague.send(core_people_peak="15", core_worker_types=["family", "agency"])
    assert page.status == 409
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "This page is not saved." in page.text
    assert "somebody decided to keep the plan as it is" in page.text
    assert page.soup.select_one("#core_people_peak")["value"] == "15"
    assert {box["value"] for box in page.soup.select("input[name=core_worker_types][checked]")} == {"family", "agency"}
    assert "You submitted this on" in visit(home).text, "nothing is opened before somebody says so"
    assert colleague.send().status == 200
    assert "You are correcting" in visit(home).text
    page = visit(f"{home}sections/people")
    assert page.soup.select_one("#core_people_peak")["value"] == "15"
    assert page.soup.select("input[name=reopen]") == []


def test_faults_and_what_a_third_one_wrote_meanwhile_are_seen_on_the_way_back(
    visit: Any, open_in_two: tuple[str, Any]
) -> None:
    home, colleague = open_in_two
    colleague(f"{home}sections/people")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="12")
    visit(home)
    visit.send("/discard-correction")
    page = colleague.send(core_people_peak="many")
    assert page.status == 409
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#core_people_peak"
    page = colleague.send(core_people_peak="15")
    assert page.status == 409
    assert "Keep what is saved now: 12 people" in page.text


def test_a_page_that_says_nothing_new_leads_on_when_the_answers_are_closed(
    visit: Any, open_in_two: tuple[str, Any]
) -> None:
    home, colleague = open_in_two
    colleague(f"{home}sections/people")
    visit(home)
    visit.send("/discard-correction")
    page = colleague.send()
    assert (page.status, page.address) == (200, home)


def answer(visit: Any, home: str, **answers: object) -> None:
    """Give these answers, each on the page that asks it."""
    for section in visit(home).soup.select("a.govuk-task-list__link[href*='/sections/']"):
        page = visit(section["href"])
        mine = {name: value for name, value in answers.items() if page.soup.select(f'[name="{name}"]')}
        if mine:
            assert visit.send(**mine).status == 200


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


def test_no_score_is_told_before_submitting(visit: Any, begin: Any) -> None:
    home = begin()
    answer(visit, home, core_people_peak="12", core_documents="employer")
    text = visit(f"{home}check").text
    assert not re.search(r"\b(score|medium|high|act now)\b|\d\.\d", text.split("From your answers")[0])


def test_each_question_is_said_once_and_those_to_read_twice_come_first(visit: Any, begin: Any) -> None:
    home = begin(length="quick")
    for _ in range(6):
        visit(home)
        visit.send(
            **{name.removesuffix(".seen"): "dk" for name in visit.page.fields() if name.startswith(("core", "wash"))}
        )
    page = visit(f"{home}check")
    names = [row.get_text(strip=True) for row in page.soup.select("main dt")]
    assert len(names) == len(set(names)) > 10
    twice = page.soup.select_one("#twice").find_next("dl")
    assert twice.select_one("#core_documents")
    assert twice.find_previous("dl") is None


def test_a_refused_submission_keeps_the_tick_and_what_was_typed(visit: Any, begin: Any) -> None:
    home = begin(length="quick")
    visit(f"{home}check")
    page = visit.send("/submit", reread="yes", name="Fen Edge Hand Wash")
    assert page.status == 422
    assert [link["href"] for link in page.soup.select(".govuk-error-summary a")] == ["#area"]
    assert page.soup.select_one("#reread").has_attr("checked")
    assert page.soup.select_one("#name")["value"] == "Fen Edge Hand Wash"
    page = visit.send("/submit", area="norfolk")
    assert page.address == f"{home}result"


def test_the_list_to_read_again_is_the_same_whatever_was_answered(visit: Any, begin: Any) -> None:
    home = begin()
    lists = []
    for said in (
        {"core_documents": "worker", "core_threats": "no"},
        {"core_documents": "employer", "core_threats": "yes"},
    ):
        answer(visit, home, **said)
        twice = visit(f"{home}check").soup.select_one("#twice").find_next("dl")
        lists.append([row.get_text() for row in twice.select("dt")])
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
        pages.append(words)
    assert pages[0].split('name="csrf_token"')[0] == pages[1].split('name="csrf_token"')[0]
    assert "urgent" not in pages[1].lower()


def test_submitting_needs_a_name_an_area_and_the_second_look(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}check")
    page = visit.send("/submit")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: Check your answers")
    assert [link["href"] for link in page.soup.select(".govuk-error-summary a")] == ["#name", "#area", "#reread"]
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
        assert submission_numbers(session, id_of(home)) == [1]
        record = get_submission(session, id_of(home)).record
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
        assert submission_numbers(session, id_of(home)) == [1]


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
        record = get_submission(session, id_of(home)).record
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


Begin = Callable[..., str]


def told(page: Any) -> list[str]:
    """The days, and what was done on each."""
    return [" ".join(part.text.split()) for part in page.soup.select("main h2.govuk-heading-s, main li")]


def test_it_is_linked_from_the_tasks_and_says_what_was_done(visit: Any, begin: Begin) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="9")
    link = visit(home).soup.find("a", string="See what happened here")
    page = visit(link["href"])
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.heading == "What happened here"
    assert page.soup.title.text == "What happened here – Assess"
    assert told(page) == [
        "24 November 2026",
        "Answers were saved, by you or someone with your link",
        "The self-check was begun, by you or someone with your link",
    ]
    assert page.soup.select_one(".govuk-back-link")["href"] == home
    for odd in ("0", "-3", "x", "99999999999999999999"):
        assert visit(f"{home}history?page={odd}").status == 200


@pytest.mark.parametrize("backend", ["sqlite"])
def test_one_line_says_how_often(visit: Any, begin: Begin) -> None:
    home = begin()
    for days in range(3):
        visit(f"{home}sections/people")
        visit.send(core_people_peak=str(days + 1))
    assert "Answers were saved 3 times, by" in visit(f"{home}history").text
    assert visit(f"{home}history?page=2").text == visit(f"{home}history").text


def test_strangers_find_nothing(another_visit: Any, begin: Begin) -> None:
    assert another_visit(f"{begin()}history").status == 404


def test_it_is_the_same_whatever_was_answered(app: Flask, begin: Begin) -> None:
    """Two businesses do the same; one of them gives the gravest answer there is."""
    seen = []
    for papers in ("worker", "employer"):
        who = Visitor(app.test_client())
        home = begin(who=who)
        who(f"{home}sections/hiring")
        assert who.page is not None
        assert who.page.soup.select('input[name="core_documents"]')
        who.send(core_documents=papers)
        page = who(f"{home}history")
        seen.append(page.html.replace(home.split("/")[2], "ID"))
    assert seen[0].split("<main")[1].split("</main>")[0] == seen[1].split("<main")[1].split("</main>")[0]
    with app.extensions["assess.database"].reading() as session:
        told = session.execute(
            text("SELECT action, details FROM audit_event WHERE action LIKE 'assessment.answer%'")
        ).all()
    assert len(told) == 2
    assert len({str(row) for row in told}) == 1


@pytest.mark.long
@pytest.mark.journey
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_on_a_phone_it_can_be_read(visit: Any, begin: Begin, browser: Browser, live: str) -> None:
    home = begin()
    with phone(browser, live, visit) as page:
        page.goto(home)
        page.get_by_role("link", name="See what happened here").click()
        assert page.locator("h1").inner_text() == "What happened here"
        has_no_fault(page)


def made(visit: Any, home: str, pin: str = "") -> str:
    visit(f"{home}link")
    page = visit.send(pin=pin)
    assert page.status == 200, page.text
    return str(page.soup.select_one("#link")["value"])


def path_of(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def test_a_link_is_shown_once_with_every_way_to_take_it_along(visit: Any, begin: Any) -> None:
    home = begin()
    address = made(visit, home)
    page = visit.page
    assert address.startswith("http://localhost:5000/r/")
    sms = page.soup.select_one("a[href^='sms:']")["href"]
    mail = page.soup.select_one("a[href^='mailto:']")["href"]
    for message in (sms, mail):
        words = unquote(message)
        assert address in words
        assert "slavery" not in words.lower()
        assert "self-check" in words
    code = page.soup.select_one(".assess-card__address").text
    assert re.fullmatch(r"[2-9BCDFGHJKMNPQRSTVWXYZ]{4}(-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}){2}", code)
    assert code not in unquote(sms + mail)
    assert page.soup.select_one("figure[role=img][aria-label] svg")
    assert address not in visit(f"{home}link").text
    assert page.soup.select("script[src$='keep.js']")


def test_the_link_leads_back_from_another_browser(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7")
    path = path_of(made(visit, home))
    page = another_visit(path)
    assert page.heading == "Go on with your self-check"
    assert another_visit(f"{home}").status == 404
    another_visit(path)
    page = another_visit.send()
    assert page.address == home
    assert another_visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "7"
    assert "Opened 1 time" in visit(f"{home}link").text


def test_a_pin_is_asked_for_and_guessing_it_ends(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    path = path_of(made(visit, home, pin="12 34"))
    another_visit(path)
    assert another_visit.send(pin="").status == 422
    page = another_visit.send(pin="9999")
    assert "not the PIN" in page.text
    assert another_visit.send(pin="1234").address == home
    third = type(another_visit)(another_visit.client.application.test_client())
    third(path)
    statuses = [third.client.post(path, data=third.page.fields() | {"pin": ["0000"]}).status_code for _ in range(8)]
    assert statuses[-1] == 429


@pytest.mark.parametrize("pin", ["123", "123456789", "abcd"])
def test_an_unfit_pin_gets_a_sentence(visit: Any, begin: Any, pin: str) -> None:
    home = begin()
    visit(f"{home}link")
    page = visit.send(pin=pin)
    assert page.status == 422
    assert "4 to 8 digits" in page.soup.select_one("#pin-error").text


def test_an_ended_link_opens_nothing_and_looks_like_one_that_never_was(
    visit: Any, another_visit: Any, begin: Any
) -> None:
    home = begin()
    path = path_of(made(visit, home))
    visit(f"{home}link")
    visit.send("/end")
    ended, unknown = another_visit(path), another_visit("/r/" + "A" * 43)
    assert ended.status == unknown.status == 404
    assert ended.text == unknown.text
    assert ended.heading == "This link does not work"
    assert "Open the newest link you have" in ended.text
    assert "sign in" not in ended.text, "nobody has an account here"
    assert ended.soup.select_one("main a[href='/go']")
    assert visit(home).status == 200


@pytest.mark.parametrize("token", ["x", "A" * 42, "A" * 44, "%2e%2e", "A" * 2000])
def test_nonsense_opens_nothing(visit: Any, token: str) -> None:
    assert visit(f"/r/{token}").status == 404


def test_a_preview_of_the_link_opens_nothing(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    path = path_of(made(visit, home))
    another_visit(path)
    assert another_visit.client.get_cookie("assess_visit") is None
    assert "Not opened yet" in visit(f"{home}link").text


def test_every_other_browser_is_ended_the_one_that_began_too_and_looks_as_if_its_time_were_up(
    visit: Any, another_visit: Any, begin: Any, app: Flask
) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7")
    path = path_of(made(visit, home))
    another_visit(path)
    another_visit.send()
    third = type(another_visit)(app.test_client())
    third(path)
    third.send()
    another_visit(f"{home}link")
    page = another_visit.send("/end-other-devices")
    assert "open in this browser only" in page.text
    assert another_visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "7"
    ended = [visit(home), third(home)]
    assert visit.client.post(f"{home}delete").status_code != 303
    assert visit("/").soup.select(f"a[href*='{home}']") == []
    third(path)
    assert third.send().address == home, "its link opens it again"
    app.config["CLOCK"] = lambda: TODAY + timedelta(hours=13)
    over = another_visit(home)
    assert {(page.status, page.heading, page.text) for page in ended} == {(over.status, over.heading, over.text)}


def test_other_self_checks_of_a_browser_stay_open(visit: Any, another_visit: Any, begin: Any) -> None:
    other, home = begin(), begin()
    another_visit(path_of(made(visit, home)))
    another_visit.send()
    another_visit(f"{home}link")
    another_visit.send("/end-other-devices")
    assert visit(other).status == 200
    assert visit(home).status != 200


def test_correcting_an_answer_begins_and_ends_at_the_list_of_all_answers(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="8", core_first_language="none")
    identify(home)
    submit(visit, home)
    visit(home)
    page = visit.send("/correct")
    assert page.heading == "Check your answers"
    assert "Press a name to change its answer." in page.text
    change = page.soup.select_one("#core_first_language a")["href"]
    visit(change)
    saved = visit.send(core_first_language="under25", follow=False)
    assert saved.response.headers["Location"] == f"{home}check#core_first_language", "back to the row that was changed"
    result = visit(f"{home}result/keep")
    assert result.soup.find("a", string="Go on correcting")["href"] == f"{home}check"
    assert result.soup.select_one(".govuk-back-link")["href"] == home
    assert visit(f"{home}result").soup.select_one(".govuk-back-link")["href"] == home


def test_name_and_place_that_come_with_the_answers_count_as_no_submission(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}check")
    visit.send("/submit", reread=None, name="Fen Edge Hand Wash", area="norfolk")
    visit(f"{home}check")
    visit.send("/submit", reread="yes")
    text = visit(f"{home}history").text
    assert "The answers were submitted, by" in text
    assert "Name and place were saved, by" in text
