from __future__ import annotations

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from assess.kit.application import Application
from assess.kit.pages import FOOTER

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
    assert {path for path, _ in FOOTER} == {"/help", *PAGES}
    assert {client.get(path).status_code for path, _ in FOOTER} == {200}


def test_the_privacy_page_says_the_numbers_that_are_set(client: FlaskClient) -> None:
    text = text_of(client, "/privacy")
    for words in ("Fenland Network", "7 months after", "2 years after", "40 days", "20 days", "ends after 31 days"):
        assert words in text, words
    assert "desk@fenland.example" in text


def test_the_cookies_page_lists_exactly_the_cookies_of_this_installation(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/cookies").text, "html5lib")
    assert [row.text for row in page.select("tbody th")] == ["assess_visit", "assess_session"]
    assert "13 hours after you began" in page.text
    assert "5 hours after you last saved" in page.text


def test_whoever_is_not_content_can_reach_the_operator(client: FlaskClient) -> None:
    for path in ("/complaints", "/ask-a-person", "/accessibility"):
        page = BeautifulSoup(client.get(path).text, "html5lib")
        assert page.select("main a[href='mailto:desk@fenland.example']"), path
