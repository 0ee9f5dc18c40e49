from __future__ import annotations

import dataclasses
from dataclasses import replace

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from assess.core.application import Application, new_app
from assess.core.config import Settings
from assess.core.db import database
from assess.core.pages import FOOTER_LINKS, Phone, set_up_pages
from assess.engine.settings import Contact
from assess.public.views import (
    EXPLOITATION_KINDS,
    HELP_PARTS,
    SIGNS,
    LinkPeriods,
    build_retention_periods,
    build_site,
    choose_contacts,
    register_public,
)
from tests.public.conftest import CONTACTS, PERIODS

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
    paths = {path for path, _ in FOOTER_LINKS}
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
    set_up_pages(app, lambda: build_site(help_settings, CONTACTS))
    register_public(app, replace(help_settings, **mail), lambda: CONTACTS, PERIODS)  # type: ignore[arg-type]  # the same
    answer = app.test_client().get("/privacy")
    html5lib.HTMLParser(strict=True).parse(answer.text)
    for words in ("Reminders by email", "until you stop them or delete the assessment", "only if you want reminders"):
        assert (words in answer.text) is sends, words
    with app.app_context():
        database().close()


def test_the_words_of_every_page_come_from_settings_and_contacts(help_settings: Settings) -> None:
    site = build_site(help_settings, CONTACTS)
    assert (site.operator, site.contact, site.desk) == ("Fenland Network", "desk@fenland.example", "Fenland Network")
    assert site.helpline == Phone("Who of helpline", "0800 000 003")
    assert site.emergency == Phone("Who of emergency", "0999")
    assert site.exit_to == "https://weather.example"


def test_an_independent_desk_stands_in_the_place_of_the_operator(help_settings: Settings) -> None:
    bought = dataclasses.replace(help_settings, independent_desk="An independent charity")
    assert build_site(bought, CONTACTS).desk == "An independent charity"


def test_no_page_goes_out_without_the_helpline(help_settings: Settings) -> None:
    with pytest.raises(LookupError):
        build_site(help_settings, [one for one in CONTACTS if one.id != "helpline"])


def test_over_tls_the_cookies_have_their_stricter_names(help_settings: Settings) -> None:
    safe = dataclasses.replace(
        help_settings, secret_key="4f0c9a7be2d815636a1d7c80f95be243", public_url="https://assess.example"
    )
    names = [cookie.name for cookie in build_retention_periods(safe, LinkPeriods(30, 12, 4)).cookies]
    assert names == ["__Host-assess_visit", "__Host-assess_session"]


def test_nothing_is_logged_of_the_advice_pages(help_app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    client = help_app.test_client()
    client.get("/help/you?from=the+boss")
    client.get("/help/nothing-here")
    assert capsys.readouterr() == ("", "")
    client.get("/privacy")
    assert "/privacy" in capsys.readouterr().out


NEVER_IN_A_TITLE = ("slave", "exploit", "traffick", "victim", "abuse", "police", "helpline", "worker")


@pytest.fixture
def client_help_views(help_app: Application) -> FlaskClient:
    client = help_app.test_client()
    client.set_cookie("assess_visit", "a" * 43)
    return client


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html5lib")


def test_an_advice_page_leaves_nothing_behind(client_help_views: FlaskClient) -> None:
    answer = client_help_views.get("/help")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_an_advice_page_asks_for_nothing_and_brings_nothing_from_elsewhere(client_help_views: FlaskClient) -> None:
    page = soup(client_help_views, "/help")
    assert not page.select("form, input, iframe, img")
    assert all(tag.get("src", tag.get("href", "")).startswith("/static/") for tag in page.select("[src], link[href]"))


def test_title_and_address_say_nothing_of_what_a_page_holds(client_help_views: FlaskClient) -> None:
    page = soup(client_help_views, "/help")
    assert page.title is not None
    assert page.h1 is not None
    assert page.title.text == f"{page.h1.text} – Assess"
    assert len(page.select("h1")) == 1
    assert not [word for word in NEVER_IN_A_TITLE if word in (page.title.text).lower()]


def test_an_advice_page_is_proper_html(client_help_views: FlaskClient) -> None:
    html5lib.HTMLParser(strict=True).parse(client_help_views.get("/help").text)


def test_an_advice_page_can_be_left_at_once_and_says_what_leaving_does_not_do(client_help_views: FlaskClient) -> None:
    page = soup(client_help_views, "/help")
    assert [link["href"] for link in page.select("[data-exit], [data-exit-skip]")] == ["https://weather.example"] * 2
    assert "This does not delete your history or your calls" in page.text
    assert (
        page.select_one(".govuk-exit-this-page + main p").text
        == "Leave, then close the tab. Back may show this site again."
    )  # type: ignore[union-attr]


def test_every_number_and_name_on_an_advice_page_comes_from_the_settings(client_help_views: FlaskClient) -> None:
    numbers = {link.text for link in soup(client_help_views, "/help").select("a[href^=tel]")}
    assert {"0800 000 003", "0999"} <= numbers
    assert numbers <= {"0999", "0101", "0800 000 003", "0300 000 009", "0344 000 007"}


def test_every_part_is_opened_on_the_spot_and_nothing_on_the_page_is_a_step_for_back(
    client_help_views: FlaskClient,
) -> None:
    page = soup(client_help_views, "/help")
    assert [part.text.strip() for part in page.select("main details > summary")] == [words for _, words in HELP_PARTS]
    assert not page.select("main details[open]")
    assert all(part.get_text(strip=True) for part in page.select("main details > div"))
    inside = [link["href"] for link in page.select("a[href]") if str(link["href"]).startswith(("#", "/help"))]
    assert set(inside) == {"/help", "/help#part-6", "/help#part-7"}, "a number says nothing, in a history or out of it"


def test_a_part_that_is_named_is_a_link_to_it_and_pay_leads_to_the_calculator(client_help_views: FlaskClient) -> None:
    page = soup(client_help_views, "/help")
    links = page.select("main a[href^='/help#']")
    assert len(links) == 3
    for link in links:
        assert page.select_one(f"{str(link['href']).removeprefix('/help')} > summary").text.strip() == link.text  # type: ignore[union-attr]
    named = [words for _, words in HELP_PARTS if f"“{words}”" in page.text]
    assert not named, "in quotes, and no link"
    assert page.select_one("#part-1 a[href='/pay-calculator']")


def test_calls_come_by_urgency_and_those_not_sure_enough_are_left_out(client_help_views: FlaskClient) -> None:
    page = soup(client_help_views, "/help")
    assert [heading.text for heading in page.select(".assess-calls h4")] == [
        "Situation of emergency",
        "Situation of police",
        "Situation of helpline",
        "Situation of acas",
        "Situation of norfolk_team",
        "A child, or an adult who needs care, may be at risk",
    ]
    assert [heading.text for heading in page.select("main details h3:has(+ .assess-calls)")] == [
        "Anywhere in the United Kingdom",
        "In Norfolk",
        "In other places",
    ]
    assert "We last checked these on 1 November 2026." in page.text
    assert "Your council’s children’s team" in page.text


def test_no_opening_hours_are_promised(client_help_views: FlaskClient) -> None:
    text = soup(client_help_views, "/help").text.lower()
    assert not [word for word in ("24/7", "24 hours", "365", "monday", "opening hours") if word in text]


def test_only_the_areas_served_have_their_own_numbers() -> None:
    def row(name: str, area: str | None, order: int) -> Contact:
        return Contact(name, order, area, "s", "w", "1", None, None, "f", "x", "2026-11-24", "2026-12-24")

    contacts = [row("c", "mid_norfolk", 7), row("b", None, 2), row("a", None, 1), row("d", "suffolk", 7)]
    found = choose_contacts(contacts, ["mid_norfolk", "other"])
    assert [one.id for one in found.everywhere] == ["a", "b"]
    assert [(area, [one.id for one in rows]) for area, rows in found.by_area] == [("Mid Norfolk", ["c"])]


def test_no_file_in_the_cache_of_the_browser_tells_that_help_was_looked_at(client_help_views: FlaskClient) -> None:
    def files_of(path: str) -> set[str]:
        found = soup(client_help_views, path).select("script[src], link[href], img[src]")
        return {str(tag.get("src") or tag.get("href")) for tag in found}

    assert files_of("/help") == files_of("/privacy")


def test_every_list_has_something_to_read_and_no_sentence_is_long() -> None:
    sentences = [
        *(noticed for signs in SIGNS for noticed in signs.noticed),
        *(meaning for _, meaning in EXPLOITATION_KINDS),
    ]
    assert all(signs.noticed for signs in SIGNS)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert max(len(part.split()) for sentence in sentences for part in sentence.split(". ")) <= 25


def test_quotes_are_those_people_write() -> None:
    text = repr((SIGNS, EXPLOITATION_KINDS))
    assert "’" in text
    assert '"' not in "".join(noticed for signs in SIGNS for noticed in signs.noticed)
