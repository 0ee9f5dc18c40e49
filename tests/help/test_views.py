from __future__ import annotations

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from assess.engine.settings import Contact
from assess.help.views import CONTENTS, whom_to_call
from assess.kit.application import Application

PAGES = ["/help", *(f"/help/{endpoint.split('.')[1]}" for endpoint, _ in CONTENTS[1:])]
NEVER_IN_A_TITLE = ("slave", "exploit", "traffick", "victim", "abuse", "police", "helpline", "worker")


@pytest.fixture
def client(help_app: Application) -> FlaskClient:
    client = help_app.test_client()
    client.set_cookie("assess_visit", "a" * 43)
    return client


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html5lib")


@pytest.mark.parametrize("path", PAGES)
def test_an_advice_page_leaves_nothing_behind(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
def test_an_advice_page_asks_for_nothing_and_brings_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    page = soup(client, path)
    assert not page.select("form, input, iframe, img")
    assert all(tag.get("src", tag.get("href", "")).startswith("/static/") for tag in page.select("[src], link[href]"))


@pytest.mark.parametrize("path", PAGES)
def test_title_and_address_say_nothing_of_what_a_page_holds(client: FlaskClient, path: str) -> None:
    page = soup(client, path)
    assert page.title is not None
    assert page.h1 is not None
    assert page.title.text == f"{page.h1.text} – Assess"
    assert len(page.select("h1")) == 1
    assert not [word for word in NEVER_IN_A_TITLE if word in (page.title.text + path).lower()]


@pytest.mark.parametrize("path", PAGES)
def test_an_advice_page_is_proper_html(client: FlaskClient, path: str) -> None:
    html5lib.HTMLParser(strict=True).parse(client.get(path).text)


@pytest.mark.parametrize("path", PAGES)
def test_an_advice_page_can_be_left_at_once_and_says_what_leaving_does_not_do(client: FlaskClient, path: str) -> None:
    page = soup(client, path)
    assert [link["href"] for link in page.select("[data-exit], [data-exit-skip]")] == ["https://weather.example"] * 2
    assert "This does not delete your history or your calls" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_every_number_and_name_on_an_advice_page_comes_from_the_settings(client: FlaskClient, path: str) -> None:
    numbers = {link.text for link in soup(client, path).select("a[href^=tel]")}
    assert {"0800 000 003", "0999"} <= numbers
    assert numbers <= {"0999", "0101", "0800 000 003", "0300 000 009", "0344 000 007"}


def test_every_page_leads_to_every_other(client: FlaskClient) -> None:
    for path in PAGES:
        nav = soup(client, path).select_one("nav.assess-contents")
        assert nav is not None
        assert [link["href"] for link in nav.select("a")] == [other for other in PAGES if other != path]
        current = nav.select_one("[aria-current=page]")
        assert current is not None
    assert [words for _, words in CONTENTS] == [soup(client, path).select_one("h1").text for path in PAGES]  # type: ignore[union-attr]


def test_calls_come_by_urgency_and_those_not_sure_enough_are_left_out(client: FlaskClient) -> None:
    page = soup(client, "/help/call")
    assert [heading.text for heading in page.select(".assess-calls h3")] == [
        "Situation of emergency",
        "Situation of police",
        "Situation of helpline",
        "Situation of acas",
        "Situation of norfolk_team",
        "A child, or an adult who needs care, may be at risk",
    ]
    assert [heading.text for heading in page.select("main h2")][:3] == [
        "Anywhere in the United Kingdom",
        "In Norfolk",
        "In other places",
    ]
    assert "We last checked these on 1 November 2026." in page.text
    assert "Your council’s children’s team" in page.text


def test_no_opening_hours_are_promised(client: FlaskClient) -> None:
    for path in PAGES:
        text = soup(client, path).text.lower()
        assert not [word for word in ("24/7", "24 hours", "365", "monday", "opening hours") if word in text]


def test_only_the_areas_served_have_their_own_numbers() -> None:
    def row(name: str, area: str | None, order: int) -> Contact:
        return Contact(name, order, area, "s", "w", "1", None, None, "f", "x", "2026-11-24", "2026-12-24")

    contacts = [row("c", "mid_norfolk", 7), row("b", None, 2), row("a", None, 1), row("d", "suffolk", 7)]
    found = whom_to_call(contacts, ["mid_norfolk", "other"])
    assert [one.id for one in found.everywhere] == ["a", "b"]
    assert [(area, [one.id for one in rows]) for area, rows in found.by_area] == [("Mid Norfolk", ["c"])]


def test_no_file_in_the_cache_of_the_browser_tells_that_help_was_looked_at(client: FlaskClient) -> None:
    def files_of(path: str) -> set[str]:
        found = soup(client, path).select("script[src], link[href], img[src]")
        return {str(tag.get("src") or tag.get("href")) for tag in found}

    for path in PAGES:
        assert files_of(path) == files_of("/privacy"), path
