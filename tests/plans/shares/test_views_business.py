"""Sharing with a buyer: shown once, for a time, ended at any moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def submitted(visit: Any, begin: Any, identify: Any) -> str:
    home = begin()
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    return str(home)


def test_nothing_can_be_shared_before_it_is_submitted(visit: Any, begin: Any) -> None:
    home = begin()
    assert visit(f"{home}share").address == home
    assert "Share with a buyer" not in visit(home).text


def test_the_page_says_what_a_buyer_sees_and_never_sees(visit: Any, submitted: str) -> None:
    page = visit(f"{submitted}share")
    assert "What a buyer sees" in page.text
    assert "What a buyer never sees" in page.text
    assert "steps this self-check proposed" in page.text
    assert "you plan to do" not in page.text
    assert page.soup.select_one("a[href$='buyer-copy.pdf']")


def test_a_link_is_shown_once_and_listed_without_its_token(visit: Any, submitted: str) -> None:
    visit(f"{submitted}share")
    page = visit.send(note="Norfolk County Council <b>")
    address = page.soup.select_one("#link")["value"]
    assert address.startswith("http://localhost:5000/b/")
    assert "slavery" not in page.soup.select_one("a[href^='mailto:']")["href"].lower()
    page = visit(f"{submitted}share")
    assert address not in page.html
    assert "Norfolk County Council <b>" in page.text
    assert "Works until 24 December 2026" in page.text
    assert "Not opened yet" in page.text


def test_a_link_can_be_ended_now(visit: Any, submitted: str) -> None:
    visit(f"{submitted}share")
    visit.send(note="One")
    visit(f"{submitted}share")
    page = visit.send("/end")
    assert "You ended it on 24 November 2026" in page.text
    assert not page.soup.select("form[action$='/end']")


def test_a_link_runs_out_by_itself(app: Any, visit: Any, submitted: str, now: Any) -> None:
    visit(f"{submitted}link")
    path = visit.send().soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    visit(f"{submitted}share")
    visit.send()
    app.config["CLOCK"] = lambda: now + timedelta(days=31)
    visit(path)
    visit.send()
    assert "Its time was up on" in visit(f"{submitted}share").text


def test_a_link_of_somebody_else_cannot_be_ended(visit: Any, another_visit: Any, submitted: str, begin: Any) -> None:
    visit(f"{submitted}share")
    visit.send(note="One")
    action = visit(f"{submitted}share").soup.select_one("form[action$='/end']")["action"]
    home = begin(who=another_visit)
    fields = another_visit(home).fields("/leave")
    foreign = action.replace(submitted, home)
    assert another_visit.client.post(foreign, data=fields).status_code == 404
    assert another_visit.client.post(action, data=fields).status_code == 404
    assert "Works until" in visit(f"{submitted}share").text


def test_a_link_shows_the_submission_and_not_the_correction(visit: Any, submitted: str) -> None:
    visit(submitted)
    visit.send("/correct")
    assert "What you are correcting now is not in it." in visit(f"{submitted}share").text
