"""The list of tasks: what is done, what is left."""

from __future__ import annotations

import gzip
import re
import uuid
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.access import texts_today
from assess.assessments.models import Assessment, ResumeLink
from assess.assessments.question_pages import count_questions
from assess.core.db import database
from assess.engine.in_words import fill_placeholders
from assess.question_banks.editions import current_edition, withdraw_published
from tests.page_words import shown_words

BANKS = ["car_washes", "farming", "hospitality"]
PAGES = [
    "/",
    "/before-you-start",
    "/start",
    "/start?q=sheep",
    "/start?q=%3Cb%3E",
    "/start?bank=farming",
    "/questions",
    "/questions/farming",
]


def count_of_assessments(app: Flask) -> int:
    with app.app_context(), database().reading() as session:
        return session.scalar(select(func.count()).select_from(Assessment)) or 0


@pytest.mark.parametrize("path", PAGES)
def test_the_way_in_is_proper_html_with_one_heading_that_is_its_title(visit: Any, path: str) -> None:
    page = visit(path)
    html5lib.HTMLParser(strict=True).parse(page.html)
    title = page.soup.title.text.removeprefix("Error: ")
    assert title == f"{page.heading} – Assess"
    assert len(page.soup.select("h1")) == 1


def test_the_first_page_says_what_is_in_it_who_runs_it_and_how_long_in_95_words(visit: Any) -> None:
    page = visit("/")
    operator = page.soup.select_one("main #operator").get_text()
    assert "Norfolk test desk" in operator
    said = " ".join(shown_words(page.html)).replace(" ".join(operator.split()), "").replace("Norfolk test desk", "")
    assert len(said.split()) <= 95, said
    for words in (
        "what to do first",
        "what the law asks",
        "no certificate, legal advice or investigation",
    ):
        assert words in said, words
    assert re.search(r"quick check takes about 1[2-5] minutes, the full one", said)
    assert [link["href"] for link in page.soup.select("main a.govuk-button")] == ["/before-you-start"]
    assert "/questions" in {link["href"] for link in page.soup.select("main a")}
    assert {"/help"} <= {link["href"] for link in page.soup.select("aside a")}
    assert "Set-Cookie" not in page.headers


def test_ten_lines_come_before_the_first_question(visit: Any) -> None:
    page = visit("/before-you-start")
    lines = [" ".join(line.get_text().split()) for line in page.soup.select("main ol li")]
    assert len(lines) == 10
    for words in (
        "Norfolk test desk runs this",
        "Police",
        "coordinator",
        "buyer",
        "a court orders it",
        "18 months",
        "3 years",
        "35 days",
    ):
        assert any(words in line for line in lines), words
    assert [link["href"] for link in page.soup.select("main a.govuk-button")] == ["/start"]


def test_a_business_says_on_one_page_what_it_does_and_how_much_time_it_has(visit: Any, app: Flask) -> None:
    page = visit("/start")
    assert [box["value"] for box in page.soup.select("input[type=radio]")] == [*BANKS, "quick", "full"]
    made = visit.send("/start", bank="farming", length="quick", follow=False)
    assert made.status == 303
    found = re.fullmatch(r"/assessments/([0-9a-f-]{36})/", made.headers["Location"])
    assert found
    with app.app_context(), database().reading() as session:
        assessment = session.get(Assessment, uuid.UUID(found[1]))
        assert assessment is not None
        assert (assessment.quick, assessment.edition_id) == (True, current_edition(session, "farming").id)
        assert session.scalars(select(ResumeLink)).all() == [], "a link is made when somebody asks for one"
    cookie = made.headers["Set-Cookie"]
    assert cookie.startswith("assess_visit=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visit(made.headers["Location"]).status == 200


@pytest.mark.parametrize(("said", "bank"), [("sheep", "farming"), ("car wash", "car_washes"), ("55100", "hospitality")])
def test_whoever_does_not_know_which_questions_fit_says_what_the_business_does(
    visit: Any, app: Flask, said: str, bank: str
) -> None:
    page = visit(f"/start?q={said}")
    assert page.status == 200
    first = page.soup.select("main li a")[0]
    assert visit(first["href"]).soup.select_one("input[name=bank][checked]")["value"] == bank
    assert count_of_assessments(app) == 0


def test_of_a_kind_of_business_without_questions_the_page_says_so(visit: Any) -> None:
    page = visit("/start?q=coal mining")
    found = [row for row in page.soup.select("main li") if "coal" in row.text.lower()]
    assert found
    assert all("no questions for it yet" in row.text and row.select("a") == [] for row in found)
    assert "has nothing like “qqqq”" in visit("/start?q=qqqq").text


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, ["#bank", "#length"]),
        ({"bank": "farming", "length": "long"}, ["#length"]),
        ({"bank": "mining", "length": "quick"}, ["#bank"]),
    ],
)
def test_nothing_starts_before_both_are_chosen(visit: Any, app: Flask, sent: dict[str, str], wrong: list[str]) -> None:
    visit("/start")
    page = visit.send("/start", **sent)
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    assert [link["href"] for link in page.soup.select(".govuk-error-summary a")] == wrong
    assert all(page.soup.find(id=name.removeprefix("#")) for name in wrong)
    assert count_of_assessments(app) == 0


def test_an_unknown_bank_is_not_found(visit: Any) -> None:
    assert visit("/questions/mining").status == 404


def test_a_form_without_its_token_starts_nothing(app: Flask) -> None:
    assert app.test_client().post("/start", data={"bank": "farming", "length": "full"}).status_code == 400
    assert count_of_assessments(app) == 0


def test_looking_around_stores_nothing_and_leaves_no_cookie(visit: Any, app: Flask) -> None:
    for path in ("/", "/before-you-start", "/questions", "/questions/farming"):
        assert "Set-Cookie" not in visit(path).headers, path
    assert count_of_assessments(app) == 0


def test_the_first_page_leads_back_and_tells_the_next_person_at_the_device_nothing(
    visit: Any, another_visit: Any, identify: Any
) -> None:
    visit("/start?bank=farming")
    link = visit.send("/start", length="full", follow=False).headers["Location"]
    identify(link)
    page = visit("/")
    assert [(a.text, a["href"]) for a in page.soup.select("main a[href^='/assessments/']")] == [
        ("Go on with the check opened on this device", link)
    ]
    assert not [word for word in ("Fen Edge", "Farming", "November", "of 1") if word in page.text]
    assert "/assessments/" not in another_visit("/").html


def test_leaving_on_the_first_page_takes_the_way_back_from_it(visit: Any) -> None:
    visit("/start?bank=farming")
    home = visit.send("/start", length="full", follow=False).headers["Location"]
    visit("/")
    assert visit.send().heading == "You have no link to come back with"
    assert visit.send(for_good="yes").heading == "You have left"
    assert "/assessments/" not in visit("/").html
    assert visit(home).status == 404


@pytest.mark.parametrize("bank", BANKS)
def test_every_question_can_be_read_and_printed_beforehand(visit: Any, app: Flask, bank: str) -> None:
    page = visit(f"/questions/{bank}")
    with app.app_context(), database().reading() as session:
        edition = current_edition(session, bank).edition
        texts = texts_today()
    shown = page.soup.select(".assess-question")
    assert len(shown) == len(edition.questions())
    for number, (question, found) in enumerate(zip(edition.questions(), shown, strict=True), 1):
        said = " ".join(found.get_text().split())
        assert said.startswith(f"{number}. {' '.join(fill_placeholders(question.ask, texts).split())}")
        assert ("quick check" in found.h3.get_text()) == question.quick
        assert [option.text for option in found.select(".assess-choices li")] == [
            fill_placeholders(option.label, texts) for option in question.options if not option.retired
        ]
        assert ("Asked only if" in said) == (question.show_if is not None)
        assert not question.why or "Why we ask:" in said
    assert not page.soup.select("form, input")
    assert "{" not in page.text


def test_the_list_of_questions_says_how_many_there_are(visit: Any, app: Flask) -> None:
    with app.app_context(), database().reading() as session:
        edition = current_edition(session, "farming").edition
    full = count_questions(edition)
    assert (
        f"There are {full.total} questions. You are asked at least {full.always} of them"
        in visit("/questions/farming").text
    )
    assert f"Farming and growing : {full.total} questions" in visit("/questions").text.replace("growing:", "growing :")


def test_the_list_of_questions_travels_packed_and_is_the_same_for_everybody(visit: Any, app: Flask) -> None:
    plain = visit("/questions/hospitality")
    packed = app.test_client().get("/questions/hospitality", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data).decode() == plain.html
    assert len(packed.data) < 40_000


def test_a_withdrawn_edition_starts_nothing_new(visit: Any, app: Flask, now: Any) -> None:
    with app.app_context(), database().writing() as change:
        withdraw_published(change, "farming", current_edition(change, "farming").ref.number, now)
    assert [box["value"] for box in visit("/start").soup.select("input[name=bank]")] == ["car_washes", "hospitality"]
    assert visit.send("/start", bank="farming", length="full").status == 422


def status(page: Any, title: str) -> str:
    item = next(item for item in page.soup.select(".govuk-task-list__item") if title in item.text)
    return " ".join(item.select_one(".govuk-task-list__status").text.split())


def test_everything_is_not_started_at_first(visit: Any, begin: Any) -> None:
    page = visit(begin())
    assert page.heading == "Car washes"
    assert page.soup.title.text.startswith("Your self-check")
    assert "full assessment" in page.text
    assert "questions left, about" in page.text
    assert {status(page, "Name and place"), status(page, "See which laws bind you")} == {"Not started"}
    assert status(page, "The people who work for you") == "Not started"


def test_the_words_follow_the_answers(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/speaking_up")
    visit.send(core_speak_up=["none"])
    page = visit(home)
    assert status(page, "Speaking up") == "In progress"
    assert "2 questions left" in page.text
    visit(f"{home}sections/speaking_up")
    visit.send(core_private_talks="dk", core_known_concern="no")
    assert status(visit(home), "Speaking up") == "Done"
    visit(f"{home}business")
    visit.send(name="Fen Edge")
    assert status(visit(home), "Name and place") == "In progress"
    visit(f"{home}business")
    page = visit.send(area="other")
    assert status(page, "Name and place") == "Done"
    assert page.heading == "Fen Edge"


def test_a_section_that_depends_on_others_has_no_link_yet(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(home)
    assert status(page, "Agencies") in {"Depends on other answers", "Not started"}
    for item in page.soup.select(".govuk-task-list__item"):
        waits = "Depends on other answers" in item.text
        assert waits != bool(item.select("a"))


def test_the_quick_check_can_go_on_with_the_same_answers(visit: Any, begin: Any) -> None:
    home = begin(length="quick")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="9")
    page = visit(f"{home}overview")
    assert "quick check" in page.text
    page = visit.send("/full")
    assert "full assessment" in page.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "9"
    assert visit.page.soup.select("[name=core_first_language]")


def test_a_correction_says_what_becomes_of_the_earlier_one(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(home)
    page = visit.send("/correct")
    assert "You are correcting your answers" in page.text
    assert page.soup.select("a[href*='/sections/']")


def test_what_is_bought_is_a_task_that_may_be_left_out(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(home)
    assert status(page, "What you buy") == "Not started"
    left = page.text.split("full assessment. ")[1].split(" left")[0]
    visit(f"{home}purchases")
    visit.send("/add", own="soap\nlaundry")
    page = visit(home)
    assert status(page, "What you buy") == "2 lines"
    assert left in page.text, "it is no question, and counts as none"
