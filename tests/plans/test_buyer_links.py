"""A link for a buyer: what its page and its file show, and when it shows nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.links import buyer_links, end_buyer_link
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import database
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario, text_of


def open_copy(visit: Any, submitted: Submitted) -> Any:
    visit(f"/b/{submitted.buyer_token}")
    return visit.send()


def links_of(app: Flask, submitted: Submitted) -> list[Any]:
    with app.app_context(), database().reading() as session:
        return buyer_links(session, submitted.id)


def test_a_link_leads_to_a_page_with_a_button_and_opens_nothing_by_itself(
    app: Flask, another_visit: Any, submitted: Submitted
) -> None:
    page = another_visit(f"/b/{submitted.buyer_token}")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.status == 200
    assert "Fen Edge Growers Ltd" in page.text
    assert "not for selection or exclusion" in page.text
    assert "What the business has decided or done since is not in it." in page.text
    assert "assess_visit" not in str(page.headers)
    assert links_of(app, submitted)[0].opened == 0


def test_the_button_opens_the_copy_and_the_address_holds_no_token(
    app: Flask, another_visit: Any, submitted: Submitted
) -> None:
    page = open_copy(another_visit, submitted)
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.address == f"/buyer/{links_of(app, submitted)[0].id}"
    assert submitted.buyer_token not in page.html
    assert page.soup.title.text == "A shared self-check – Assess"
    assert "Stay and help fix it" in page.text
    assert links_of(app, submitted)[0].opened == 1
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_buyer_can_take_the_copy_along(another_visit: Any, submitted: Submitted, work_off: Callable[[], int]) -> None:
    page = open_copy(another_visit, submitted)
    (link,) = [link["href"] for link in page.soup.select("main a") if link["href"].endswith(".pdf")]
    waiting = another_visit(link)
    assert (waiting.status, waiting.address) == (202, f"{page.address}/pdf-progress")
    assert waiting.soup.select_one(".govuk-back-link")["href"] == page.address
    assert work_off() == 1
    assert another_visit(waiting.address).heading == "Your file is ready"
    file = another_visit.client.get(link)
    assert file.headers["Content-Disposition"] == 'attachment; filename="buyer-copy-2026-11-24.pdf"'
    assert file.get_data().startswith(b"%PDF-")


def test_the_page_and_the_paper_say_the_same(another_visit: Any, submitted: Submitted) -> None:
    page = open_copy(another_visit, submitted)
    on_paper = text_of(page.html)
    for words in ("Medium", "Mostly in place", "What its answers call for", "By 24 December 2026"):
        assert words in on_paper
    assert "steps this self-check proposed on 24 November 2026" in on_paper
    assert "Ask the business what it has decided and done." in on_paper
    assert "plans to do" not in on_paper


@pytest.mark.parametrize("level", ["low", "medium", "critical"])
@pytest.mark.parametrize("grave", [{"core_documents": "employer"}, {"core_min_wage": "some_not"}, {"core_debt": "dk"}])
def test_with_a_sign_the_page_and_its_code_are_as_without(
    app: Flask, visit: Any, now: datetime, level: str, grave: dict[str, Any]
) -> None:
    pages = []
    for change in ({}, grave):
        made = submit_record(app, visit, a_record("farming", f"farming {level}", change=change), now)
        page = open_copy(visit, made)
        pages.append((page.text, len(page.html)))
    assert pages[0] == pages[1]
    assert "check code" in pages[0][0]


@pytest.mark.parametrize("newer", [{"core_documents": "employer"}, {"core_longest_week": 47}])
def test_once_the_business_has_answered_again_an_older_link_shows_nothing_whatever_was_said(
    app: Flask, another_visit: Any, submitted: Submitted, now: datetime, newer: dict[str, Any]
) -> None:
    page = open_copy(another_visit, submitted)
    address = page.address
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
    assert "Medium" in another_visit(address).text, "a correction that is not submitted changes nothing"
    with app.app_context(), database().writing() as session:
        submit_assessment(session, submitted.id, lambda _said: a_record(change=newer), now)
    for path in (f"/b/{submitted.buyer_token}", address, f"{address}/plan.pdf", f"{address}/pdf-progress"):
        page = another_visit(path)
        assert page.status == 404
        assert page.heading == "The business has answered again"
        assert "Medium" not in page.text
        assert "rgent" not in page.text


def test_ended_expired_and_unknown_links_read_alike(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    unknown = another_visit(f"/b/{'x' * 43}")
    nonsense = another_visit("/b/nonsense")
    app.config["CLOCK"] = lambda: now + timedelta(days=31)
    expired = another_visit(f"/b/{submitted.buyer_token}")
    app.config["CLOCK"] = lambda: now
    page = visit(f"/b/{submitted.buyer_token}")
    with app.app_context(), database().writing() as session:
        end_buyer_link(session, submitted.id, links_of(app, submitted)[0].id, now)
    ended = another_visit(f"/b/{submitted.buyer_token}")
    pressed = visit.send()
    pages = [unknown, nonsense, expired, ended, pressed]
    assert page.status == 200
    assert {found.status for found in pages} == {404}
    assert {found.heading for found in pages} == {"This link does not work"}
    assert len({found.text for found in pages}) == 1


def test_after_the_business_ends_a_link_no_byte_comes_out(
    app: Flask, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    address = open_copy(another_visit, submitted).address
    with app.app_context(), database().writing() as session:
        end_buyer_link(session, submitted.id, links_of(app, submitted)[0].id, now)
    assert another_visit(address).status == 404
    assert another_visit(f"{address}/plan.pdf").status == 404
    assert another_visit(f"{address}/pdf-progress").status == 404


def test_a_buyer_sees_nothing_else_of_the_business(another_visit: Any, submitted: Submitted) -> None:
    open_copy(another_visit, submitted)
    for path in ("/result", "/plan.pdf", "/buyer-copy.pdf", "/"):
        assert another_visit(f"{submitted.address}{path}").status == 404
    assert another_visit(f"/buyer/{uuid.uuid4()}").status == 404


def test_an_old_copy_says_that_it_is_old(app: Flask, visit: Any, now: datetime) -> None:
    later = now + timedelta(days=370)
    app.config["CLOCK"] = lambda: later
    made = submit_record(app, visit, scenario("farming", "farming low"), later)
    assert "more than a year old" in open_copy(visit, made).text
