from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.plans.shares.models import Looked, ShareGrant, ShareLook
from assess.plans.shares.scopes import Scope
from assess.plans.talk.models import Move, Side
from tests.people.persons import database_of
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record
from tests.plans.shares.conftest import Buyer
from tests.plans.talk.conftest import FARM, NAME, Shared

Talked = Callable[..., Shared]


def test_a_buyer_writes_on_the_whole_and_reads_it_again(council: Buyer, talked: Talked) -> None:
    shared = talked()
    page = council.visit(f"/shared/{shared.id}")
    assert page.soup.select_one(f"a[href='{shared.theirs}']")
    page = council.visit(shared.theirs)
    assert page.heading == f"Talk with {FARM}"
    assert page.soup.title.text == "Talk about a share – Assess"
    assert page.text.index("Stay and help fix it") < page.text.index("never write the name of a worker")
    assert "never ask who said something" in page.text
    done = council.visit.send(words="We can pay for the locks.\nWhen do you need it?")
    assert (done.status, done.address) == (200, shared.theirs)
    assert "You, 24 November 2026" in done.text
    assert "We can pay for the locks. When do you need it?" in done.text
    (said,) = shared.said()
    assert (said.side, said.move, said.step) == (Side.BUYER, Move.COMMENT, None)


def test_a_buyer_proposes_a_date_for_a_step(council: Buyer, talked: Talked) -> None:
    shared = talked()
    page = council.visit(shared.theirs)
    links = [link["href"] for link in page.soup.select("main li a[href*='step=']")]
    assert links == [f"{shared.theirs}?step={step.key}" for step in shared.steps]
    page = council.visit(links[0])
    assert shared.step.do in page.heading
    assert "No date is agreed yet." in page.text
    done = council.visit.send(date="27 3 2027")
    assert "Proposed a date: 27 March 2027" in done.text
    assert "You proposed 27 March 2027. It waits for an answer." in done.text
    assert "Agree to" not in done.text
    (said,) = shared.said()
    assert (said.move, said.step, said.due) == (Move.PROPOSED, shared.step.key, date(2027, 3, 27))
    assert "You proposed 27 March 2027" in council.visit(shared.theirs).text


def test_the_steps_on_it_are_looked_at_as_on_the_page_of_the_copy(app: Flask, council: Buyer, talked: Talked) -> None:
    shared = talked()
    for address in (shared.theirs, f"{shared.theirs}?step={shared.step.key}", f"/shared/{shared.id}"):
        council.visit(address)
        with database_of(app).reading() as look:
            (noted,) = look.scalars(select(ShareLook)).all()
        assert (noted.grant_id, noted.what) == (shared.id, Looked.PAGE)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"words": " "}, "Write what you want to say."),
        ({"words": "x" * 1001}, "letters or fewer"),
        ({"date": "yesterday"}, "date"),
        ({"date": "1 1 2026"}, "This day has passed. Enter today or a later day."),
        ({"date": "1 1 2036"}, "Enter a day within 3 years."),
    ],
)
def test_what_cannot_be_kept_is_said_and_comes_back_as_it_was_typed(
    council: Buyer, talked: Talked, typed: dict[str, str], sentence: str
) -> None:
    shared = talked()
    council.visit(f"{shared.theirs}?step={shared.step.key}")
    page = council.visit.send(**typed)
    assert page.status == 422
    assert sentence in page.text
    (name,) = typed
    field = page.soup.select_one(f"#{name}")
    assert (field.text if name == "words" else field["value"]).strip() == typed[name].strip()
    assert page.soup.select_one(f".govuk-error-summary a[href='#{name}']")
    assert shared.said() == []


def test_words_that_may_hold_a_workers_details_are_asked_about_and_never_refused(
    council: Buyer, talked: Talked
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    page = council.visit.send(words="Ring Zdravka Ivanova on 07700 900123.")
    assert page.status == 422
    assert "Keep it as it is" in page.text
    mark = page.soup.select_one("input[type=checkbox][name=keep_words]")["value"]
    assert council.visit.send(keep_words=mark).status == 200
    assert len(shared.said()) == 1


def test_a_word_is_taken_back_in_the_first_minutes_alone(
    app: Flask, council: Buyer, talked: Talked, now: datetime
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    council.visit.send(words="Too soon.")
    app.config["CLOCK"] = lambda: now + timedelta(minutes=14)
    council.visit(shared.theirs)
    page = council.visit.send(f"{shared.theirs}/1/take-back")
    assert (page.status, shared.said()) == (200, [])
    council.visit.send(words="This stays.")
    kept = council.visit(shared.theirs)
    assert kept.soup.select_one("form[action$='/2/take-back']")
    app.config["CLOCK"] = lambda: now + timedelta(minutes=30)
    page = council.visit.send(f"{shared.theirs}/2/take-back")
    assert page.status == 422
    assert "answered or changed meanwhile" in page.text
    assert council.visit(shared.theirs).soup.select_one("form[action$='/take-back']") is None
    assert [one.words for one in shared.said()] == ["This stays."]


def test_with_a_sign_there_are_the_same_steps_to_talk_about(
    app: Flask, visit: Any, council: Buyer, talked: Talked, now: datetime
) -> None:
    pages = []
    for change in ({}, {"core_documents": "employer"}):
        shared = talked(submit_record(app, visit, a_record(change=change), now))
        pages.append((shared.steps, council.visit(shared.theirs).text))
    assert pages[0] == pages[1]
    assert "Talk about one step" in pages[0][1]


def test_a_step_nobody_has_is_not_there(council: Buyer, talked: Talked) -> None:
    shared = talked()
    assert council.visit(f"{shared.theirs}?step={'0' * 16}").heading == f"Talk with {FARM}"
    assert council.visit.send(words="Hello there.", step="0" * 16).status == 404


def test_when_the_share_is_over_the_buyer_reads_nothing_more(
    council: Buyer, submitted: Submitted, talked: Talked, ended: Any, answer_again: Any
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    council.visit.send(words="Hello there.")
    other = talked()
    ended(submitted, shared)
    page = council.visit(shared.theirs)
    assert (page.status, page.heading) == (404, "This is no longer shared with you")
    assert "Hello there." not in page.text
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert council.visit(other.theirs).heading == "The business has answered again"


def test_another_buyer_sees_no_talk(make_buyer: Any, council: Buyer, talked: Talked) -> None:
    shared = talked()
    council.visit(shared.theirs)
    council.visit.send(words="Hello there.")
    shop = make_buyer("jo@shop.example")
    assert shop.visit(shared.theirs).status == 404


def test_the_names_are_those_of_organisations(
    app: Flask, council: Buyer, visit: Any, talked: Talked, for_the_office: Any
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    assert f"Your side is shown as {NAME}." in council.visit.page.text
    council.visit.send(words="Hello there.")
    assert f"{NAME}, 24 November 2026" in visit(shared.ours).text
    for_the_office(shared)
    assert "The Council of Norfolk, 24 November 2026" in visit(shared.ours).text
    with database_of(app).reading() as look:
        assert look.get_one(ShareGrant, shared.id).scope is Scope.PLAN


def test_a_buyer_says_yes_or_no_to_the_date_of_the_business(council: Buyer, visit: Any, talked: Talked) -> None:
    shared = talked()
    visit(f"{shared.ours}?step={shared.step.key}")
    visit.send(date="1 2 2027", words="Not before the pay day.")
    page = council.visit(f"{shared.theirs}?step={shared.step.key}")
    assert f"{FARM} proposes 1 February 2027" in page.text
    done = council.visit.send(f"{shared.theirs}/date", says="yes")
    assert "Agreed: by 1 February 2027" in done.text
    again = {**done.fields("/talk"), "due": "2027-02-01", "says": "no"}
    assert council.visit.client.post(f"{shared.theirs}/date", data=again).status_code == 422
    assert [one.move for one in shared.said()] == [Move.PROPOSED, Move.AGREED]
