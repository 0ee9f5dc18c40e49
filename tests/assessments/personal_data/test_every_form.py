"""Every newer form in which people write freely asks about a worker's details before it keeps them, once, and never forbids."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import Tag
from flask import Flask

from assess.assessments.personal_data.services import get_free_texts
from tests.assessments.conftest import id_of
from tests.assessments.personal_data.conftest import TABLE, TEXT
from tests.identity.accounts_factory import database_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

DETAILS = "Zdravko sleeps in caravan 4, his mobile is 07700 900123"


def said_in(box: Tag) -> str:
    return str(box.text.strip() if box.name == "textarea" else box["value"])


def asks_and_then_keeps(visit: Any, address: str, field: str, form: str | None = None, **typed: Any) -> None:
    """It asks about this field with everything typed still there; a tick keeps the text, and without details nothing is asked."""
    visit(address)
    page = visit.send(form, **{field: DETAILS}, **typed)
    assert page.status == 422, page.text
    assert page.soup.title.text.startswith("Error: ")
    banner = page.soup.select_one(".govuk-notification-banner")
    assert "This may hold a worker’s details" in banner.text
    assert DETAILS not in banner.text
    box = page.soup.find(id=banner.select_one("a")["href"].removeprefix("#"))
    assert said_in(box) == DETAILS
    assert banner.find_parent("form") is box.find_parent("form"), "the tick is sent with the text"
    ticks = [tick["value"] for tick in banner.select("input")]
    assert len(ticks) == 1
    other = visit.send(form, **{field: f"{DETAILS}!"}, keep_words=ticks)
    assert other.status == 422, "the tick was for other words"
    ticks = [tick["value"] for tick in other.soup.select(".govuk-notification-banner input")]
    assert visit.send(form, keep_words=ticks).status == 200


def kept_in(app: Flask, home: str) -> list[str]:
    """The places in which the words are kept, as the list for taking out says them."""
    with database_of(app).reading() as session:
        return [
            place for words in get_free_texts(session, id_of(home)) if DETAILS in words.text for place in words.where
        ]


def test_a_comment(app: Flask, visit: Any, written: str) -> None:
    asks_and_then_keeps(visit, f"{written}comments/{TEXT}", "words", f"comments/{TEXT}", for_delegate="yes")
    assert kept_in(app, written) == ["Comments"]


def test_what_is_given_to_a_colleague_and_what_she_answers(
    app: Flask, visit: Any, another_visit: Any, written: str
) -> None:
    asks_and_then_keeps(visit, f"{written}delegation/section/people", "note")
    another_visit(str(visit.page.soup.select_one("#link")["value"]).removeprefix("http://localhost:5000"))
    hers = another_visit.send().address
    asks_and_then_keeps(another_visit, hers, TEXT)
    asks_and_then_keeps(another_visit, hers, f"{TABLE}__0__place")
    given = f"{written}delegation/{hers.rsplit('/', 1)[1]}"
    asks_and_then_keeps(visit, given, "words", "/send-back")
    assert "Parts you gave to colleagues" in kept_in(app, written)
    assert "Answers of colleagues" in kept_in(app, written)


def test_what_is_said_about_a_sign_off_and_a_share(
    app: Flask, visit: Any, another_visit: Any, written: str, identify: Any
) -> None:
    identify(written)
    visit(f"{written}check")
    assert visit.send("/submit", reread="yes", follow=False).status == 303
    asks_and_then_keeps(visit, f"{written}sign-off", "note", "/sign-off")
    another_visit(str(visit.page.soup.select_one("#link")["value"]).removeprefix("http://localhost:5000"))
    theirs = another_visit.send().address
    asks_and_then_keeps(another_visit, theirs, "words", "/send-back")
    asks_and_then_keeps(another_visit, theirs, "job", theirs, name="Jo Fenn", read="yes")
    asks_and_then_keeps(visit, f"{written}share", "note")
    asks_and_then_keeps(visit, f"{written}share/new", "buyer", email="jo@council.example")
    assert kept_in(app, written).count("Sign-off") >= 1
    assert {"Links for buyers", "Shares with buyers"} <= set(kept_in(app, written))


def test_a_name_is_expected_where_a_buyer_is_named(visit: Any, written: str, identify: Any) -> None:
    identify(written)
    visit(f"{written}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(f"{written}share")
    assert visit.send(note="For Agnieszka Nowak at the council").status == 200
    visit(f"{written}share/new")
    assert visit.send(email="jo@council.example", buyer="Agnieszka Nowak").status == 200
