from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.answering import start
from assess.assessments.links import make_resume_link
from assess.assessments.submitting import reopen
from assess.banks.editions import latest
from assess.engine.purchases import KINDS
from assess.kit.db import database
from assess.plans.actions import register_of
from assess.plans.copies import business_record
from assess.plans.register.keeping import Change, change
from tests.plans.buying.bought import hotel, one_of_each_kind
from tests.plans.conftest import submit_record
from tests.plans.records import a_record, scenario

PAGES = ["", "/points", "/actions", "/duties"]


@pytest.mark.parametrize("part", PAGES)
def test_the_result_is_proper_html_with_one_heading_and_a_neutral_title(visit: Any, submitted: Any, part: str) -> None:
    page = visit(f"{submitted.address}/result{part}")
    assert page.status == 200
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    assert page.soup.title.text in {
        "Your result – Assess",
        "The sums behind your result – Assess",
        "Your action plan – Assess",
        "What the law asks – Assess",
    }
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_four_pages_lead_to_each_other_and_to_the_files(visit: Any, submitted: Any) -> None:
    for part in PAGES:
        page = visit(f"{submitted.address}/result{part}")
        links = {link["href"] for link in page.soup.select("main a")}
        here = f"{submitted.address}/result{part}"
        assert {f"{submitted.address}/result{other}" for other in PAGES} - {here} <= links
        assert {f"{submitted.address}/plan.pdf", f"{submitted.address}/buyer-copy.pdf"} <= links
        assert page.soup.select_one("[aria-current=page]")


def test_what_is_bought_has_a_page_of_its_own_only_where_something_was_said_of_it(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    for part in ("", "/actions", "/what-if"):
        assert not visit(f"{submitted.address}/result{part}").soup.select('main a[href$="/result/buys"]')
    gone = visit(f"{submitted.address}/result/buys", follow=False)
    assert (gone.status, gone.headers["Location"]) == (303, f"{submitted.address}/result")
    made = submit_record(app, visit, hotel(), now)
    for part in (*PAGES, "/what-if"):
        assert visit(f"{made.address}/result{part}").soup.select('main a[href$="/result/buys"]')
    page = visit(f"{made.address}/result/buys")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert (page.soup.title.text, len(page.soup.select("h1"))) == ("Your purchases – Assess", 1)
    assert page.soup.select("main [style], main style, main script") == []
    assert page.headers["Cache-Control"] == "private, no-store"
    assert f"{made.address}/plan.pdf" in {link["href"] for link in page.soup.select("main a")}


def test_every_kind_of_fact_names_source_edition_and_year_on_screen(app: Flask, visit: Any, now: datetime) -> None:
    record = hotel(one_of_each_kind())
    made = submit_record(app, visit, record, now)
    said = " ".join(visit(f"{made.address}/result/buys").soup.select_one("main").get_text(" ").split())
    facts = [fact for line in record["purchases"]["lines"] for fact in line["facts"]]
    assert {fact["kind"] for fact in facts} == set(KINDS)
    for fact in facts:
        assert fact["says"] in said
        assert f"{fact['source']}, edition {fact['edition']}" in said
        assert str(fact["year"]) in fact["edition"]


def test_every_style_and_drawing_obeys_the_content_policy(visit: Any, submitted: Any) -> None:
    for part in PAGES:
        page = visit(f"{submitted.address}/result{part}")
        assert page.soup.select("[style]") == []
        assert page.soup.select("main style, main script") == []


def test_what_comes_first_is_what_is_still_to_be_done(app: Flask, visit: Any, submitted: Any, now: datetime) -> None:
    first = register_of(business_record(submitted.record)).first[0]
    assert first.name in visit(f"{submitted.address}/result").soup.select_one(".plan-first").get_text(" ")
    with app.app_context(), database().writing() as session:
        change(session, submitted.submission_id, first.key, Change(response="already_done", status="done"), 0, now)
    assert first.name not in visit(f"{submitted.address}/result").soup.select_one(".plan-first").get_text(" ")


def test_the_kept_link_leads_to_the_plan_once_there_is_one(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    visit(f"/r/{link.token}")
    assert visit.send().address == f"{submitted.address}/result/actions"
    with app.app_context(), database().writing() as session:
        reopen(session, submitted.id, now)
    visit(f"/r/{link.token}")
    assert visit.send().address == f"{submitted.address}/", "whoever corrects comes back to the questions"


def test_somebody_else_finds_nothing(another_visit: Any, submitted: Any) -> None:
    for part in (*(f"/result{part}" for part in PAGES), "/plan.pdf", "/buyer-copy.pdf"):
        assert another_visit(f"{submitted.address}{part}").status == 404


def test_before_anything_is_submitted_the_pages_lead_back(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = latest(session, "farming")
        assert edition.id is not None
        begun = start(session, edition.id, quick=False, now=now).id
        link = make_resume_link(session, begun, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    for part in ("/result", "/result/points", "/plan.pdf", "/buyer-copy.pdf"):
        page = visit(f"/assessments/{begun}{part}", follow=False)
        assert (page.status, page.headers["Location"]) == (303, f"/assessments/{begun}/")


def test_on_screen_an_urgent_sign_brings_advice_before_the_result(app: Flask, visit: Any, now: datetime) -> None:
    record = a_record("farming", "farming low", change={"core_documents": "employer"})
    made = submit_record(app, visit, record, now)
    said = visit(f"{made.address}/result").text
    assert said.index("Act now: get advice before you do anything else.") < said.index(
        "Some of your answers need advice today."
    )
    assert "to do first" not in said
    assert "How you stand by points" not in said
    assert "Where you stand" not in said


def test_what_is_older_than_a_year_says_so_and_counts_for_less(app: Flask, visit: Any, now: datetime) -> None:
    later = now + timedelta(days=370)
    app.config["CLOCK"] = lambda: later
    record = scenario("farming", "farming low")
    made = submit_record(app, visit, record, later)
    page = visit(f"{made.address}/result")
    assert "more than a year old" in page.text
    points = visit(f"{made.address}/result/points").text
    assert f"printed as {record['result']['confidence'] * 0.8:.0f}%." in points


def test_while_something_is_corrected_the_old_result_says_so(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        reopen(session, submitted.id, now)
    assert "This is what you submitted before." in visit(f"{submitted.address}/result").text
