from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
import vobject
from flask import Flask

from assess.assessments.answering import start
from assess.assessments.links import make_resume_link
from assess.banks.editions import latest
from assess.kit.db import database
from assess.kit.tokens import new_token
from assess.plans.calendar import views
from assess.plans.document import business_plan
from assess.plans.register.keeping import Change, change
from assess.plans.unasked import shown_unasked
from tests.plans.conftest import Submitted


def make_address(visit: Any, submitted: Submitted) -> str:
    """Press the button and take the path of the new address from the page."""
    visit(f"{submitted.address}/calendar")
    page = visit.send("/calendar")
    assert page.status == 200
    return str(page.soup.select_one("#link")["value"]).removeprefix("http://localhost:5000")


def test_an_address_is_made_and_any_program_reads_it_without_a_cookie(
    visit: Any, another_visit: Any, submitted: Submitted
) -> None:
    answer = another_visit.client.get(make_address(visit, submitted))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="actions.ics"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    calendar = vobject.readOne(answer.get_data().decode())
    assert calendar.x_wr_calname.value == "Action plan"
    told = re.search(r"It holds (\d+) entries now", visit(f"{submitted.address}/calendar").text)
    assert told is not None
    assert len(calendar.contents["vevent"]) == int(told[1]) > 1


def test_the_address_is_shown_once_and_says_how_to_subscribe(visit: Any, submitted: Submitted) -> None:
    address = make_address(visit, submitted)
    page = visit.page
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.soup.find("a", string="Subscribe on this device")["href"] == f"webcal://localhost:5000{address}"
    for program in ("iPhone", "Google Calendar", "Outlook"):
        assert program in page.text
    again = visit(f"{submitted.address}/calendar")
    html5lib.HTMLParser(strict=True).parse(again.html)
    assert address not in again.html
    assert "No calendar has looked it up yet." in again.text


def test_the_page_says_what_is_in_it_and_whether_it_is_used(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    address = make_address(visit, submitted)
    app.config["CLOCK"] = lambda: now + timedelta(minutes=5)
    another_visit.client.get(address)
    another_visit.client.get(address)
    said = visit(f"{submitted.address}/calendar").text
    assert "Calendars looked it up 2 times, last on 24 November 2026." in said
    assert "It names nobody" in said


def test_a_new_address_ends_the_old_one_at_the_next_request(
    visit: Any, another_visit: Any, submitted: Submitted
) -> None:
    old = make_address(visit, submitted)
    new = make_address(visit, submitted)
    assert [another_visit.client.get(path).status_code for path in (old, new)] == [404, 200]


def test_ending_works_at_the_next_request_and_looks_like_an_address_that_never_was(
    visit: Any, another_visit: Any, submitted: Submitted
) -> None:
    address = make_address(visit, submitted)
    assert another_visit.client.get(address).status_code == 200
    visit(f"{submitted.address}/calendar")
    assert visit.send("/calendar/end", follow=False).status == 303
    ended = another_visit.client.get(address)
    never = another_visit.client.get(f"/c/{new_token()}.ics")
    assert (ended.status_code, ended.get_data()) == (404, never.get_data())
    assert "Make an address" in visit(f"{submitted.address}/calendar").text


def test_the_dates_can_be_taken_once_as_a_file(visit: Any, submitted: Submitted) -> None:
    page = visit(f"{submitted.address}/calendar")
    (link,) = [link["href"] for link in page.soup.select("main a") if link["href"].endswith(".ics")]
    answer = visit.client.get(link)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="actions.ics"'
    assert answer.get_data().startswith(b"BEGIN:VCALENDAR\r\n")


def test_the_file_holds_what_the_page_counts_and_the_feed_strikes_out_the_rest(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    address = make_address(visit, submitted)
    whole = another_visit.client.get(address).get_data(as_text=True)
    count = whole.count("BEGIN:VEVENT")
    keys = [item.key for item in shown_unasked(business_plan(submitted.record).register, submitted.record)]
    with app.extensions["assess.database"].writing() as session:
        for key, said in (
            (keys[0], Change(response="accepted", status="done", done_on="2026-11-24")),
            (keys[1], Change(response="already_done", status="done")),
            (keys[2], Change(response="will_not", reason="cost")),
        ):
            change(session, submitted.submission_id, key, said, 0, now)
    assert f"It holds {count - 3} entries now" in visit(f"{submitted.address}/calendar").text
    file = visit.client.get(f"{submitted.address}/calendar/actions.ics").get_data(as_text=True)
    assert (file.count("BEGIN:VEVENT"), file.count("STATUS:CANCELLED")) == (count - 3, 0)
    feed = another_visit.client.get(address).get_data(as_text=True)
    assert (feed.count("BEGIN:VEVENT"), feed.count("STATUS:CANCELLED")) == (count, 3)


def test_a_stranger_finds_nothing(another_visit: Any, submitted: Submitted) -> None:
    for path in ("calendar", "calendar/actions.ics"):
        assert another_visit.client.get(f"{submitted.address}/{path}").status_code == 404


def test_nothing_of_an_address_or_of_who_fetches_it_is_logged(
    visit: Any, another_visit: Any, submitted: Submitted, capsys: pytest.CaptureFixture[str]
) -> None:
    address = make_address(visit, submitted)
    another_visit.client.get(address, environ_overrides={"REMOTE_ADDR": "203.0.113.77"})
    logged = capsys.readouterr()
    assert '"/c/<token>.ics"' in logged.out
    for private in (address.removeprefix("/c/").removesuffix(".ics"), "203.0.113.77"):
        assert private not in logged.out + logged.err


def test_one_address_can_be_fetched_only_so_often_and_others_go_on(
    visit: Any, another_visit: Any, submitted: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "FETCHING", views.Limit("calendar", 2, 3600))
    address = make_address(visit, submitted)
    assert [another_visit.client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert another_visit.client.get(make_address(visit, submitted)).status_code == 200


def test_whoever_guesses_is_told_to_wait(another_visit: Any) -> None:
    seen = [another_visit.client.get(f"/c/{new_token()}.ics").status_code for _ in range(31)]
    assert seen == [404] * 30 + [429]


def test_before_the_first_submission_the_way_leads_to_the_tasks(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = latest(session, "farming")
        assert edition is not None
        begun = start(session, edition.id, quick=False, now=now).id
        link = make_resume_link(session, begun, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    for path in ("calendar", "calendar/actions.ics"):
        page = visit(f"/assessments/{begun}/{path}", follow=False)
        assert (page.status, page.headers["Location"]) == (303, f"/assessments/{begun}/")
