"""The way back: a link shown once, with or without a PIN, and neutral in every message."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from tests.conftest import TODAY


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
    assert page.soup.select_one(".assess-card__address").text == address
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


@pytest.mark.parametrize("pin", ["123", "123456789", "abcd", "١٢٣٤"])
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
    assert ended.heading == "This link does not work any more"
    assert "sign in" in ended.text
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
    page = another_visit.send("/others")
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
    another_visit.send("/others")
    assert visit(other).status == 200
    assert visit(home).status != 200
