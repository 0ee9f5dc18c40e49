from __future__ import annotations

from dataclasses import replace

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from assess.help.site import open_help, site_of
from assess.kit.application import Application, new_app
from assess.kit.config import Settings
from assess.kit.db import database
from assess.kit.pages import FOOTER, open_pages
from tests.help.conftest import CONTACTS, PERIODS

PAGES = ["/privacy", "/cookies", "/accessibility", "/complaints", "/ask-a-person"]


@pytest.fixture
def client(help_app: Application) -> FlaskClient:
    return help_app.test_client()


def text_of(client: FlaskClient, path: str) -> str:
    return " ".join(BeautifulSoup(client.get(path).text, "html5lib").select_one("main").text.split())  # type: ignore[union-attr]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_at_the_foot_is_there_proper_and_without_cookies(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    html5lib.HTMLParser(strict=True).parse(answer.text)
    page = BeautifulSoup(answer.text, "html5lib")
    assert page.title is not None
    assert page.title.text == f"{page.select_one('h1').text} – Assess"  # type: ignore[union-attr]
    assert not page.select("[data-exit]"), "the quick exit is for the advice pages alone"


def test_every_link_at_the_foot_leads_somewhere(client: FlaskClient) -> None:
    paths = {path for path, _ in FOOTER}
    assert paths == {"/help", "/check", *PAGES}
    # where a code is checked is a page of the plans, looked at there
    assert {client.get(path).status_code for path in paths - {"/check"}} == {200}


def test_the_privacy_page_says_the_numbers_that_are_set(client: FlaskClient) -> None:
    text = text_of(client, "/privacy")
    for words in ("Fenland Network", "7 months after", "2 years after", "40 days", "20 days", "ends after 31 days"):
        assert words in text, words
    assert "desk@fenland.example" in text


def test_the_privacy_page_tells_of_the_plan_the_calendar_the_files_and_the_codes(client: FlaskClient) -> None:
    text = text_of(client, "/privacy")
    for words in (
        "Nothing is recorded of who changed it",
        "A buyer’s copy shows nothing of it",
        "fetch it and keep what they fetched",
        "You can end it on the page of your calendar",
        "of each kind the first and the newest as long as the plan",
        "“Check a code”, whose link is at the foot of every page",
        "No list is kept of who asked",
    ):
        assert words in text, words


def test_the_cookies_page_lists_exactly_the_cookies_of_this_installation(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/cookies").text, "html5lib")
    assert [row.text for row in page.select("tbody th")] == ["assess_visit", "assess_session"]
    assert "13 hours after you began" in page.text
    assert "5 hours after you last saved" in page.text


def test_whoever_is_not_content_can_reach_the_operator(client: FlaskClient) -> None:
    for path in ("/complaints", "/ask-a-person", "/accessibility"):
        page = BeautifulSoup(client.get(path).text, "html5lib")
        assert page.select("main a[href='mailto:desk@fenland.example']"), path


@pytest.mark.parametrize("sends", [False, True])
def test_the_privacy_page_speaks_of_mail_only_where_mail_is_sent(help_settings: Settings, sends: bool) -> None:  # noqa: FBT001  # a case
    mail = {"mail_server": "smtp://localhost", "mail_from": "desk@fenland.example"} if sends else {}
    app = new_app(replace(help_settings, **mail))  # type: ignore[arg-type]  # two of its fields
    open_pages(app, lambda: site_of(help_settings, CONTACTS))
    open_help(app, replace(help_settings, **mail), lambda: CONTACTS, PERIODS)  # type: ignore[arg-type]  # the same
    answer = app.test_client().get("/privacy")
    html5lib.HTMLParser(strict=True).parse(answer.text)
    for words in ("Reminders by e-mail", "until you stop them or delete the assessment", "only if you want reminders"):
        assert (words in answer.text) is sends, words
    with app.app_context():
        database().close()
