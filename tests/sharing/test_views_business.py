"""Sharing with a buyer: shown once, for a time, ended at any moment."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from assess.assessments.links import buyer_links
from assess.assessments.models import Assessment
from assess.core.db import database
from assess.plans.copies import buyer_copy
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.views_business import NEW_SHARE, read_share_choice, read_share_form
from tests.conftest import Page
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario
from tests.sharing.conftest import COUNCIL, SHOP, Buyer, GivenShare, grant_row, token_in

WHOLE = {"email": "Jo@Council.example", "buyer": "Council", "scope": "plan", "days": "60"}


def test_a_whole_form_says_whom_how_much_and_for_how_long() -> None:
    read = read_share_form(MultiDict(WHOLE))
    assert read.errors == {}
    assert read.values == {"email": "Jo@Council.example", "buyer": "Council", "scope": ShareScope.PLAN, "days": 60}


def test_each_fault_is_said_once_in_the_order_of_the_page() -> None:
    read = read_share_form(MultiDict())
    assert read.errors == {
        "email": "Enter the buyer’s email address, like name@example.org.",
        "scope": "Choose what the buyer sees.",
        "days": "Choose for how long.",
    }
    assert list(read.errors) == ["email", "scope", "days"]


def test_no_number_of_days_but_those_that_are_offered() -> None:
    for days in ("0", "31", "365", "-7", "7.0", "٧"):
        assert list(read_share_choice(MultiDict({**WHOLE, "days": days})).errors) == ["days"]


def test_the_least_is_chosen_already() -> None:
    assert (NEW_SHARE.typed["scope"], NEW_SHARE.typed["days"]) == ("buyer_copy", "30")


def test_a_number_in_the_name_of_a_buyer_is_asked_about_and_a_name_is_not() -> None:
    assert read_share_form(MultiDict({**WHOLE, "buyer": "Agnieszka Nowak"})).errors == {}
    number = {**WHOLE, "buyer": "Ring 07700 900123"}
    warned = read_share_form(MultiDict(number))
    assert list(warned.errors) == ["buyer"]
    assert read_share_form(MultiDict({**number, "keep_words": warned.warnings[0].mark})).errors == {}


def test_an_address_is_kept_in_small_letters_and_a_name_is_one_short_line(
    app: Flask, visit: Any, submitted: Submitted
) -> None:
    visit(f"{submitted.address}/share/new")
    page = visit.send(email=" Jo@Council.Example ", buyer="x" * 121, scope="plan", days="60")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#buyer"
    assert page.fields()["buyer"] == ["x" * 121]
    assert visit.send(buyer=" Norfolk \t Council ").status == 200
    with database_of(app).reading() as session:
        (grant,) = session.scalars(select(ShareGrant))
    assert (grant.email, grant.buyer, grant.scope) == ("jo@council.example", "Norfolk Council", ShareScope.PLAN)


@pytest.fixture
def home(submitted: Submitted) -> str:
    return f"{submitted.address}/"


def begun(who: Any) -> str:
    """The address of an assessment that was begun just now in this browser."""
    who("/start?bank=car_washes")
    return str(who.send(length="full").address.split("/questions")[0].rstrip("/")) + "/"


def test_nothing_can_be_shared_before_it_is_submitted(visit: Any) -> None:
    home = begun(visit)
    for page in ("share", "share/new"):
        assert visit(f"{home}{page}").address == home
    assert "Share with a buyer" not in visit(home).text


def test_the_page_says_what_a_buyer_sees_and_never_sees(visit: Any, home: str) -> None:
    page = visit(f"{home}share")
    assert "What a buyer sees" in page.text
    assert "What a buyer never sees" in page.text
    assert "steps and dates we proposed" in page.text
    assert "you plan to do" not in page.text
    assert page.soup.select_one("a[href$='buyer-copy.pdf']")


def test_the_word_a_buyer_reads_is_told_beforehand_whatever_sign_is_open(app: Flask, visit: Any, now: datetime) -> None:
    said = []
    for change in ({}, {"core_documents": "employer"}):
        record = a_record(change=change)
        made = submit_record(app, visit, record, now)
        said.append(visit(f"{made.address}/share").text)
        assert f"The word a buyer reads: {str(buyer_copy(record).word).lower()} . It counts everyday" in said[-1]
        assert "act now" not in said[-1].lower(), "the own word beside it would tell of a sign"
    assert said[0] == said[1]


def test_a_link_is_shown_once_and_listed_without_its_token(visit: Any, home: str) -> None:
    visit(f"{home}share")
    page = visit.send(note="Norfolk County Council <b>")
    address = page.soup.select_one("#link")["value"]
    assert address.startswith("http://localhost:5000/b/")
    assert "slavery" not in page.soup.select_one("a[href^='mailto:']")["href"].lower()
    page = visit(f"{home}share")
    assert address not in page.html
    assert "Norfolk County Council <b>" in page.text
    assert "Works until 24 December 2026" in page.text
    assert "Not opened yet" in page.text


def test_a_note_that_is_too_long_is_said_and_stays(visit: Any, home: str) -> None:
    for address in ("share", "sign-off"):
        visit(f"{home}{address}")
        page = visit.send(note="Council " * 12)
        assert page.status == 422
        assert page.soup.select_one(".govuk-error-summary a")["href"] == "#note"
        assert "Use 80 characters or fewer; this has 95." in page.text
        assert page.fields()["note"] == ["Council " * 12]


def test_a_link_can_be_ended_now(visit: Any, home: str) -> None:
    visit(f"{home}share")
    visit.send(note="One")
    before = visit(f"{home}share").soup.select("form[action$='/end']")
    page = visit.send("/end")
    assert "You ended it on 24 November 2026" in page.text
    assert "You ended the link: " in page.soup.select_one("main [role=status]").get_text()
    assert len(page.soup.select("form[action$='/end']")) == len(before) - 1


def test_a_link_runs_out_by_itself(app: Any, visit: Any, home: str, now: Any) -> None:
    visit(f"{home}link")
    path = visit.send().soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    visit(f"{home}share")
    visit.send()
    app.config["CLOCK"] = lambda: now + timedelta(days=31)
    visit(path)
    visit.send()
    assert "Its time was up on" in visit(f"{home}share").text


def test_a_link_of_somebody_else_cannot_be_ended(visit: Any, another_visit: Any, home: str) -> None:
    visit(f"{home}share")
    visit.send(note="One")
    action = visit(f"{home}share").soup.select_one("form[action$='/end']")["action"]
    theirs = begun(another_visit)
    fields = another_visit(theirs).fields("/leave")
    foreign = action.replace(home, theirs)
    assert another_visit.client.post(foreign, data=fields).status_code == 404
    assert another_visit.client.post(action, data=fields).status_code == 404
    assert "Works until" in visit(f"{home}share").text


def test_a_link_shows_the_submission_and_not_the_correction(visit: Any, home: str) -> None:
    visit(home)
    visit.send("/correct")
    assert "What you are correcting now is not in it." in visit(f"{home}share").text


def test_a_business_shares_with_a_named_buyer_and_reads_who_looked(visit: Any, home: str, council: Buyer) -> None:
    visit(f"{home}share/new")
    page = visit.send(email=f" {COUNCIL.upper()} ", buyer="Norfolk County Council <b>", scope="plan", days="60")
    assert page.heading == "Shared"
    token = re.search(r"/shared/accept/(.{43})", page.soup.select_one("#link")["value"])[1]  # type: ignore[index]  # it is there
    page = visit(f"{home}share")
    assert token not in page.html
    assert f"Norfolk County Council <b> ({COUNCIL})" in page.text
    assert "The short copy and your plan" in page.text
    assert "Waits until 23 January 2027" in page.text
    council.visit(f"/shared/accept/{token}")
    council.visit.send()
    council.visit(str(council.visit.page.address))
    page = visit(f"{home}share")
    assert "Works until 23 January 2027" in page.text
    assert "Looked at on 24 November 2026." in page.text
    (link,) = [link for link in page.soup.select("main li a") if "see who looked" in link.text]
    page = visit(link["href"])
    assert [session.text.strip() for session in page.soup.select("main ul.govuk-list--bullet li")] == [
        "24 November 2026, 9:30: looked at the page"
    ]


def test_what_is_missing_is_said_beside_its_field(visit: Any, home: str) -> None:
    visit(f"{home}share/new")
    page = visit.send(email="nobody", scope="all", days="365", buyer="Council")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    links = [link["href"] for link in page.soup.select(".govuk-error-summary a")]
    assert links == ["#email", "#scope", "#days"]
    assert all(page.soup.select_one(link) for link in links)
    assert page.soup.select_one("#email")["value"] == "nobody"
    assert page.soup.select_one("#buyer")["value"] == "Council"


def test_a_known_and_an_unknown_address_are_answered_alike(visit: Any, home: str, council: Buyer) -> None:
    pages = []
    for email in (COUNCIL, SHOP):
        visit(f"{home}share/new")
        page = visit.send(email=email)
        link = page.soup.select_one("#link")["value"]
        pages.append(page.text.replace(email, "x").replace(link, ""))
    assert council
    assert pages[0] == pages[1]


def test_somebody_signed_in_proves_it_again_before_a_new_buyer_sees_something(
    app: Flask, another_visit: Any, submitted: Submitted, home: str, now: datetime
) -> None:
    with database_of(app).writing() as session:
        manager = a_person(session, "ann@farm.example")
        organisation = an_organisation(session, "Fen Edge Growers Ltd", manager=manager)
        claim(session, submitted, organisation.id)
    sign_in(another_visit, app, manager)
    assert another_visit(f"{home}share/new").heading == "Share with a named buyer"
    fields = another_visit.page.fields()
    app.config["CLOCK"] = lambda: now + timedelta(minutes=16)
    looked = another_visit.client.get(f"{home}share/new")
    assert (looked.status_code, looked.headers["Location"]) == (303, f"/prove?next={home}share/new")
    sent = Page(another_visit.client.post(f"{home}share/new", data={**fields, "email": COUNCIL}))
    assert (sent.status, sent.heading) == (403, "Prove that it is you")
    assert sent.soup.select_one("input[name=email]")["value"] == COUNCIL


def claim(session: Any, submitted: Submitted, organisation_id: Any) -> None:
    session.get_one(Assessment, submitted.id).organisation_id = organisation_id


def test_no_more_than_twenty_a_day(visit: Any, home: str) -> None:
    for number in range(21):
        visit(f"{home}share/new")
        page = visit.send(email=f"buyer{number}@council.example")
    assert page.status == 429


@pytest.mark.parametrize("scope", list(ShareScope))
def test_many_buyers_see_one_assessment_and_each_sees_its_own(
    make_buyer: Callable[..., Buyer], submitted: Submitted, shared_with: Any, scope: ShareScope, app: Flask
) -> None:
    buyers = [make_buyer(email) for email in (COUNCIL, SHOP)]
    given = [shared_with(submitted, buyer, scope) for buyer in buyers]
    for buyer, mine in zip(buyers, given, strict=True):
        links = [link["href"] for link in buyer.visit("/shared").soup.select("main li a")]
        assert links == [mine.address]
        assert grant_row(app, mine).person_id == buyer.person.id


def page_of(submitted: Submitted, given: GivenShare) -> str:
    return f"{submitted.address}/share/with/{given.id}"


def test_to_show_more_is_asked_about_once_more(
    app: Flask, visit: Any, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    given = shared_with(submitted, council)
    html5lib.HTMLParser(strict=True).parse(visit(page_of(submitted, given)).html)
    page = visit.send("", scope="answers", days="60")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.heading == "Show this buyer more?"
    assert "cannot be called back" in page.text
    assert grant_row(app, given).scope is ShareScope.BUYER_COPY
    page = visit.send()
    assert page.address == page_of(submitted, given)
    assert grant_row(app, given).scope is ShareScope.ANSWERS
    assert "Some of its answers" in council.visit(given.address).text


def test_to_show_less_or_for_another_time_is_done_at_once(
    app: Flask, visit: Any, council: Buyer, submitted: Submitted, shared_with: Any, now: Any
) -> None:
    given = shared_with(submitted, council, ShareScope.EVIDENCE)
    visit(page_of(submitted, given))
    visit.send("", scope="plan", days="90")
    assert grant_row(app, given).until == now + timedelta(days=90)
    text = council.visit(given.address).text
    assert "What it plans to do" in text
    assert "Some of its answers" not in text


def test_a_choice_that_is_not_offered_is_said_beside_its_field(
    visit: Any, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    visit(page_of(submitted, shared_with(submitted, council)))
    page = visit.send("", scope="everything", days="30")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#scope"


def test_ended_from_its_page_it_is_refused_at_once(
    visit: Any, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    given = shared_with(submitted, council)
    visit(page_of(submitted, given))
    page = visit.send("/end")
    assert "You ended it on 24 November 2026" in page.text
    assert "You ended the share with Norfolk County Council" in page.soup.select_one("main [role=status]").get_text()
    assert council.visit(given.address).status == 404
    page = visit(page_of(submitted, given))
    assert page.soup.select("main form") == []


def test_a_new_link_takes_the_place_of_the_older_one(
    visit: Any, council: Buyer, submitted: Submitted, share_with: Any
) -> None:
    given = share_with(submitted)
    visit(page_of(submitted, given))
    page = visit.send("/resend")
    fresh = token_in(page.soup.select_one("#link")["value"])
    assert council.visit(f"/shared/accept/{given.token}").status == 404
    assert council.visit(f"/shared/accept/{fresh}").status == 200


def test_after_answering_again_an_old_share_can_only_be_ended(
    visit: Any, council: Buyer, submitted: Submitted, shared_with: Any, answer_again: Any
) -> None:
    given = shared_with(submitted, council)
    fields = visit(page_of(submitted, given)).fields("")
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    page = visit(page_of(submitted, given))
    assert "Shows nothing, because you have answered again." in page.text
    assert [form["action"].rpartition("/")[2] for form in page.soup.select("main form")] == ["end"]
    changed = visit.client.post(page_of(submitted, given), data={**fields, "scope": "buyer_copy", "days": "90"})
    assert changed.status_code == 200


def test_the_looks_of_a_link_have_a_page(app: Flask, visit: Any, another_visit: Any, submitted: Submitted) -> None:
    with app.app_context(), database().reading() as session:
        (link,) = buyer_links(session, submitted.id)
    assert "Nobody has looked yet." in visit(f"{submitted.address}/share/{link.id}").text
    another_visit(f"/b/{submitted.buyer_token}")
    another_visit.send()
    page = visit(f"{submitted.address}/share/{link.id}")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "24 November 2026, 9:30: looked at the page" in page.text


@pytest.mark.parametrize("page", ["with/{}", "{}"])
def test_a_share_of_somebody_else_is_not_there(
    app: Flask, another_visit: Any, council: Buyer, submitted: Submitted, shared_with: Any, now: Any, page: str
) -> None:
    given = shared_with(submitted, council)
    theirs = submit_record(app, another_visit, scenario("car_washes", "car_washes low"), now)
    fields = another_visit(f"{theirs.address}/share").fields()
    for home in (theirs.address, submitted.address):
        for of in (given.id, uuid.uuid4()):
            address = f"{home}/share/{page.format(of)}"
            assert another_visit(address).status == 404
            assert another_visit.client.post(f"{address}/end", data=fields).status_code == 404
    assert grant_row(app, given).ended_at is None
