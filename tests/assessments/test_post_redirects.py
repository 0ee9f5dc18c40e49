"""A page that answers a form is shown by GET, again and again, to the visit that sent the form and to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import func, select, text
from werkzeug.exceptions import ServiceUnavailable

from assess.assessments import views_answers
from assess.core import post_redirects
from assess.core.post_redirects import StoredPage
from tests.assessments.conftest import submit
from tests.conftest import TODAY, FormClient
from tests.mobile_browser import has_no_fault, phone

SURNAME = "Kowalczyk"
TYPED = f"{SURNAME} & daughters"


class PlainClient(FlaskClient):
    """Follows nothing by itself."""


def refused(visit: Any, begin: Any) -> tuple[str, str]:
    """Sends a form with an error. Returns the address of the form and the one it led to."""
    home = begin()
    address = f"{home}business"
    visit(address)
    fields = visit.page.fields() | {"name": [TYPED], "area": ["nowhere"]}
    client = visit.client
    client.__class__ = PlainClient
    answer = client.post(address, data=fields)
    assert answer.status_code == 303
    assert not answer.get_data()
    return address, answer.headers["Location"]


def rows(app: Flask) -> int:
    with app.extensions["assess.database"].reading() as session:
        return int(session.scalar(select(func.count()).select_from(StoredPage)) or 0)


@pytest.mark.both_databases
def test_a_form_with_errors_is_seen_again_with_what_was_typed(visit: Any, begin: Any) -> None:
    address, shown = refused(visit, begin)
    assert re.fullmatch(re.escape(address) + r"\?shown=[0-9a-f]{32}", shown)
    for _ in range(2):
        page = visit(shown)
        assert page.status == 422
        assert page.fields()["name"] == [TYPED]
        assert page.headers["Cache-Control"] == "private, no-store"
    assert visit.send(name="Fen Edge", area="norfolk", follow=False).status == 303


def test_nothing_of_it_can_be_read_in_the_database_or_with_another_cookie(
    app: Flask, visit: Any, another_visit: Any, begin: Any
) -> None:
    address, shown = refused(visit, begin)
    with app.extensions["assess.database"].reading() as session:
        stored = session.execute(select(StoredPage.sealed)).scalar_one()
        assert TYPED.encode() not in stored
        assert len(stored) % 4096 == 28  # nonce and tag beside a length that tells little
    another_visit("/go")
    assert SURNAME not in another_visit(shown).html
    cookie = visit.client.get_cookie("assess_visit")
    another_visit.client.set_cookie("assess_visit", cookie.value)
    assert another_visit(shown).address == address, "who may see the form and did not send it sees the form"
    assert not another_visit.page.soup.select(".govuk-error-summary"), (
        "the name is saved, and the page with the error is not shown"
    )


def test_a_page_of_another_address_is_not_shown(visit: Any, begin: Any) -> None:
    _address, shown = refused(visit, begin)
    page = visit(shown.replace("business", "link"))
    assert (page.status, page.heading) == (200, "Keep a link to come back with")


def test_a_page_is_seen_for_a_quarter_of_an_hour_and_is_then_deleted(app: Flask, visit: Any, begin: Any) -> None:
    address, shown = refused(visit, begin)
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=14, seconds=59)
    assert visit(shown).status == 422
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=15)
    page = visit(shown, follow=False)
    assert (page.status, page.headers["Location"]) == (303, address)
    with app.extensions["assess.database"].writing() as session:
        post_redirects.delete_stored_pages(session, TODAY + timedelta(minutes=15))
    assert rows(app) == 0


def test_it_ends_with_the_visit_for_a_copy_of_the_cookie_too(app: Flask, visit: Any, begin: Any) -> None:
    address, shown = refused(visit, begin)
    copied = {name: visit.client.get_cookie(name).value for name in ("assess_visit", "assess_session")}
    visit(address.removesuffix("business"))
    visit.send("/leave")
    if visit.page.heading != "You have left":
        visit.send("/leave")
    assert rows(app) == 0
    for name, value in copied.items():
        visit.client.set_cookie(name, value)
    assert SURNAME not in visit(shown).html


def test_what_was_shown_before_a_submission_is_over_in_every_browser(
    visit: Any, another_visit: Any, begin: Any, identify: Any
) -> None:
    """What a plan would bring may stand there, and advice may come first now."""
    address, shown = refused(visit, begin)
    visit.client.__class__ = FormClient
    home = address.removesuffix("business")
    visit(f"{home}link")
    another_visit("/r/" + visit.send().soup.select_one("#link")["value"].rpartition("/r/")[2])
    another_visit.send()
    identify(home)
    assert SURNAME in visit(shown).html
    submit(another_visit, home)
    assert visit(shown, follow=False).status == 303
    assert SURNAME not in visit(shown).html


@pytest.mark.parametrize("path", ["/r/a%0d%0aX", "/r/a%3Fx"])
def test_an_odd_address_makes_no_page_fail(visit: Any, path: str) -> None:
    assert visit(f"{path}?shown=1").status == 404


def test_who_is_shut_out_meanwhile_sees_nothing_of_it(app: Flask, visit: Any, begin: Any) -> None:
    _address, shown = refused(visit, begin)
    with app.extensions["assess.database"].writing() as session:
        session.execute(text("DELETE FROM guest_session"))
    page = visit(shown)
    assert page.status == 404
    assert SURNAME not in page.html


def test_a_page_that_says_the_database_is_busy_is_not_written_into_it(
    app: Flask, visit: Any, begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = begin()
    visit.client.__class__ = PlainClient
    visit(f"{home}business")
    fields = visit.page.fields() | {"name": [TYPED], "area": ["norfolk"]}

    def busy(*_given: object, **_named: object) -> None:
        raise ServiceUnavailable

    monkeypatch.setattr(views_answers, "mark_used_and_commit", busy)
    answer = visit.client.post(f"{home}business", data=fields)
    assert answer.status_code == 503
    assert rows(app) == 0


def test_looking_again_at_an_address_that_takes_forms_alone_does_nothing(app: Flask, visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}link")
    assert visit.send().status == 200
    card = visit.send("/card", pin="12")
    assert (card.status, card.address) == (422, f"{home}link/card")
    with app.extensions["assess.database"].reading() as session:
        before = session.execute(text("SELECT id, pin_hash FROM resume_link")).all()
    gone = visit(f"{home}link/card?shown={'0' * 32}&pin=4711")
    assert (gone.status, gone.heading) == (404, "We cannot show this page again")
    assert visit(f"{home}link/card").status == 405
    with app.extensions["assess.database"].reading() as session:
        assert session.execute(text("SELECT id, pin_hash FROM resume_link")).all() == before


def test_a_page_too_long_or_from_a_busy_address_is_the_answer_itself(
    visit: Any, begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = begin()
    visit.client.__class__ = PlainClient
    visit(f"{home}business")
    fields = visit.page.fields() | {"name": [TYPED], "area": ["nowhere"]}
    for name, limit in (("MAX_STORED_BYTES", 100), ("PAGES_FROM_ADDRESS", 0)):
        with monkeypatch.context() as patched:
            patched.setattr(post_redirects, name, limit)
            assert visit.client.post(f"{home}business", data=fields).status_code == 422
    assert visit.client.post(f"{home}business", data=fields).status_code == 303


def test_back_meets_no_error_and_loses_nothing(visit: Any, begin: Any, browser: Browser, live: str) -> None:
    home = begin()
    with phone(browser, live, visit) as page:
        page.goto(f"{home}link")
        page.get_by_role("button", name="Make my link").click()
        link = page.locator("#link").input_value()
        has_no_fault(page)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", level=1).wait_for()
        page.go_back()
        assert page.locator("#link").input_value() == link, "who wants the link again has it"
        page.reload()
        assert page.locator("#link").input_value() == link

        page.goto(f"{home}business")
        page.locator("#name").fill(TYPED)
        page.locator("#company_number").fill("none")
        page.locator("main form button").last.click()
        page.locator(".govuk-error-summary").wait_for()
        page.goto(home)
        page.go_back()
        page.locator(".govuk-error-summary").wait_for()
        assert page.locator("#name").input_value() == TYPED
        has_no_fault(page)
