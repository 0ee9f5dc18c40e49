from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.links import buyer_links
from assess.kit.db import database
from assess.plans.shares.scopes import Scope
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario
from tests.plans.shares.conftest import Buyer, Given, grant_row, token_in


def page_of(submitted: Submitted, given: Given) -> str:
    return f"{submitted.address}/share/with/{given.id}"


def test_to_show_more_is_asked_about_once_more(
    app: Flask, visit: Any, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    given = shared_with(submitted, council)
    html5lib.HTMLParser(strict=True).parse(visit(page_of(submitted, given)).html)
    page = visit.send("", scope="answers", days="60")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.heading == "Show this buyer more?"
    assert "cannot be called back" in page.text
    assert grant_row(app, given).scope is Scope.BUYER_COPY
    page = visit.send()
    assert page.address == page_of(submitted, given)
    assert grant_row(app, given).scope is Scope.ANSWERS
    assert "Some of its answers" in council.visit(given.address).text


def test_to_show_less_or_for_another_time_is_done_at_once(
    app: Flask, visit: Any, council: Buyer, submitted: Submitted, shared_with: Any, now: Any
) -> None:
    given = shared_with(submitted, council, Scope.EVIDENCE)
    visit(page_of(submitted, given))
    visit.send("", scope="plan", days="90")
    assert grant_row(app, given).until == now + timedelta(days=90)
    text = council.visit(given.address).text
    assert "What it plans to do" in text
    assert "Some of its answers" not in text


def test_a_choice_that_is_not_offered_is_said_beside_its_field(
    visit: Any, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    visit(page_of(submitted, shared_with(submitted, council)))
    page = visit.send("", scope="everything", days="30")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#scope"


def test_ended_from_its_page_it_is_refused_at_once(
    visit: Any, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    given = shared_with(submitted, council)
    visit(page_of(submitted, given))
    page = visit.send("/end")
    assert "You ended it on 24 November 2026" in page.text
    assert "You ended the share with Norfolk County Council" in page.soup.select_one("main [role=status]").get_text()
    assert council.visit(given.address).status == 404
    page = visit(page_of(submitted, given))
    assert page.soup.select("main form") == []


def test_a_new_link_takes_the_place_of_the_older_one(
    visit: Any, council: Buyer, submitted: Submitted, share_with: Any
) -> None:
    given = share_with(submitted)
    visit(page_of(submitted, given))
    page = visit.send("/again")
    fresh = token_in(page.soup.select_one("#link")["value"])
    assert council.visit(f"/shared/accept/{given.token}").status == 404
    assert council.visit(f"/shared/accept/{fresh}").status == 200


def test_after_answering_again_an_old_share_can_only_be_ended(
    visit: Any, council: Buyer, submitted: Submitted, shared_with: Any, answer_again: Any
) -> None:
    given = shared_with(submitted, council)
    fields = visit(page_of(submitted, given)).fields("")
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    page = visit(page_of(submitted, given))
    assert "Shows nothing, because you have answered again." in page.text
    assert [form["action"].rpartition("/")[2] for form in page.soup.select("main form")] == ["end"]
    changed = visit.client.post(page_of(submitted, given), data={**fields, "scope": "buyer_copy", "days": "90"})
    assert changed.status_code == 200


def test_the_looks_of_a_link_have_a_page(app: Flask, visit: Any, another_visit: Any, submitted: Submitted) -> None:
    with app.app_context(), database().reading() as look:
        (link,) = buyer_links(look, submitted.id)
    assert "Nobody has looked yet." in visit(f"{submitted.address}/share/{link.id}").text
    another_visit(f"/b/{submitted.buyer_token}")
    another_visit.send()
    page = visit(f"{submitted.address}/share/{link.id}")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "24 November 2026, 9:30: looked at the page" in page.text


@pytest.mark.parametrize("page", ["with/{}", "{}"])
def test_a_share_of_somebody_else_is_not_there(
    app: Flask, another_visit: Any, council: Buyer, submitted: Submitted, shared_with: Any, now: Any, page: str
) -> None:
    given = shared_with(submitted, council)
    theirs = submit_record(app, another_visit, scenario("car_washes", "car_washes low"), now)
    fields = another_visit(f"{theirs.address}/share").fields()
    for home in (theirs.address, submitted.address):
        for of in (given.id, uuid.uuid4()):
            address = f"{home}/share/{page.format(of)}"
            assert another_visit(address).status == 404
            assert another_visit.client.post(f"{address}/end", data=fields).status_code == 404
    assert grant_row(app, given).ended_at is None
