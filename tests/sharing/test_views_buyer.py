from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.identity.models import Membership
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import share_check_code
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, text_of
from tests.sharing.conftest import COUNCIL, Buyer, GivenShare, an_office, grant_row
from tests.stored_files import document_of

UNKNOWN = "x" * 43


def test_before_signing_in_every_link_reads_the_same(another_visit: Any, submitted: Submitted, share_with: Any) -> None:
    given = share_with(submitted)
    pages = [another_visit(f"/shared/accept/{token}") for token in (given.token, UNKNOWN, "nonsense")]
    html5lib.HTMLParser(strict=True).parse(pages[0].html)
    assert {page.status for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert "Fen Edge" not in pages[0].html
    link = pages[0].soup.select_one("main a.govuk-button")["href"]
    assert link == f"/sign-in?next=/shared/accept/{given.token}"


def test_looking_ten_times_uses_nothing_up_and_the_button_does(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any
) -> None:
    given = share_with(submitted)
    for _ in range(10):
        page = council.visit(f"/shared/accept/{given.token}")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "Fen Edge Growers Ltd (name not confirmed)" in page.text
    assert "not for selection or exclusion" in page.text
    assert grant_row(app, given).accepted_at is None
    fields = page.fields()
    assert council.visit.send().address == given.address
    assert council.visit.client.post(f"/shared/accept/{given.token}", data=fields).status_code == 404


def test_a_wrong_account_reads_what_whoever_made_the_link_up_reads(
    council: Buyer, make_buyer: Any, submitted: Submitted, share_with: Any
) -> None:
    given, other = share_with(submitted), make_buyer("buyer@shop.example")
    fields = council.visit(f"/shared/accept/{given.token}").fields()
    pages = [other.visit(f"/shared/accept/{token}") for token in (given.token, UNKNOWN)]
    assert {page.status for page in pages} == {404}
    assert pages[0].text == pages[1].text
    assert council.visit.client.post(f"/shared/accept/{UNKNOWN}", data=fields).status_code == 404
    assert council.visit.client.post(f"/shared/accept/{given.token}", data=fields).status_code == 303


@pytest.mark.parametrize("desk", ["coordinator", "administrator"])
def test_no_member_of_staff_takes_anything_up(
    app: Flask, another_visit: Any, submitted: Submitted, share_with: Any, desk: str
) -> None:
    given = share_with(submitted)
    with database_of(app).writing() as session:
        person = a_person(session, COUNCIL, desk=desk)
    sign_in(another_visit, app, person)
    page = another_visit(f"/shared/accept/{given.token}")
    assert (page.status, page.heading) == (403, "You work for the operator of this service")
    assert grant_row(app, given).accepted_at is None


def test_whoever_buys_for_an_organisation_says_whom_it_is_for(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any
) -> None:
    office = an_office(app, "Norfolk County Council", council.person)
    given = share_with(submitted)
    page = council.visit(f"/shared/accept/{given.token}")
    assert [label.text.strip() for label in page.soup.select("main label")] == ["Only for me", "Norfolk County Council"]
    page = council.visit.send()
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    council.visit(f"/shared/accept/{given.token}")
    assert council.visit.send(**{"for": str(office)}).address == given.address
    assert grant_row(app, given).organisation_id == office


def test_a_made_up_organisation_opens_nothing(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any
) -> None:
    foreign = an_office(app, "Another council")
    given = share_with(submitted)
    council.visit(f"/shared/accept/{given.token}")
    assert council.visit.send(**{"for": str(foreign)}).status == 200
    assert grant_row(app, given).organisation_id is None
    assert grant_row(app, given).person_id == council.person.id


def test_a_used_link_leads_its_owner_to_the_copy_and_nobody_else(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, share_with: Any, ended: Any
) -> None:
    given, other = share_with(submitted), make_buyer("buyer@shop.example")
    council.takes_up(given)
    assert council.visit(f"/shared/accept/{given.token}").address == given.address
    assert other.visit(f"/shared/accept/{given.token}").status == 404
    ended(submitted, given)
    assert council.visit(f"/shared/accept/{given.token}").status == 404
    assert grant_row(app, given).person_id == council.person.id


def test_whoever_takes_a_share_up_sets_up_a_second_step_first(
    app: Flask, another_visit: Any, submitted: Submitted, share_with: Any, shared_with: Any
) -> None:
    given = share_with(submitted)
    with database_of(app).writing() as session:
        person = a_person(session, COUNCIL)
    sign_in(another_visit, app, person, second_step=False)
    assert "second step" in another_visit(f"/shared/accept/{given.token}").text
    page = another_visit.send(follow=False)
    assert page.headers["Location"] == f"/account/second-steps?next=/shared/accept/{given.token}"
    assert grant_row(app, given).accepted_at is None
    assert "Nothing yet." in another_visit("/shared").text
    taken = shared_with(submitted, Buyer(app, person, another_visit))
    for path in ("/shared", taken.address, f"{taken.address}/copy.pdf"):
        answer = another_visit.client.get(path)
        assert answer.headers["Location"] == f"/account/second-steps?next={path}"


def test_making_an_account_leads_back_to_the_link(another_visit: Any, submitted: Submitted, share_with: Any) -> None:
    path = f"/shared/accept/{share_with(submitted).token}"
    page = another_visit(path)
    links = [link["href"] for link in page.soup.select("main a")]
    assert f"/sign-up?next={path}" in links


def test_a_buyer_sees_the_copy_with_what_it_is_not(council: Buyer, submitted: Submitted, shared_with: Any) -> None:
    given = shared_with(submitted, council)
    page = council.visit(given.address)
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.status == 200
    assert page.soup.title.text == "A shared self-check – Assess"
    assert "The business’s own answers; not a finding; not for selection or exclusion." in page.text
    assert "Name not confirmed" in page.text
    assert "Medium" in page.text
    assert "Fen Edge Growers Ltd" in council.visit("/shared").text
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("scope", "seen", "unseen"),
    [
        (ShareScope.BUYER_COPY, ["What its answers call for"], ["What it plans to do", "Some of its answers"]),
        (
            ShareScope.PLAN,
            ["What it plans to do"],
            ["What its answers call for", "Some of its answers", "proof at hand"],
        ),
        (
            ShareScope.ANSWERS,
            ["What it plans to do", "Some of its answers", "The supervisor chooses"],
            ["said of proof"],
        ),
        (ShareScope.EVIDENCE, ["Some of its answers", "Where nothing is said of proof, none was noted."], []),
    ],
)
def test_a_buyer_sees_as_much_as_the_business_chose(
    council: Buyer, submitted: Submitted, shared_with: Any, scope: ShareScope, seen: list[str], unseen: list[str]
) -> None:
    text = council.visit(shared_with(submitted, council, scope).address).text
    assert [words for words in seen if words not in text] == []
    assert [words for words in unseen if words in text] == []


def test_the_file_says_until_when_it_counts_and_its_code_is_known(
    council: Buyer, submitted: Submitted, shared_with: Any, run_jobs: Callable[[], int]
) -> None:
    given = shared_with(submitted, council, ShareScope.EVIDENCE, days=7)
    page = council.visit(given.address)
    assert "valid until 1 December 2026" in text_of(page.html)
    code = page.soup.select_one(".plan-facts").get_text().split("check code ")[1].split()[0]
    assert "matches our record" in council.visit(f"/check/{code}").text
    waiting = council.visit(f"{given.address}/copy.pdf")
    assert (waiting.status, waiting.address) == (202, f"{given.address}/pdf-progress")
    run_jobs()
    assert council.visit(waiting.address).heading == "Your file is ready"
    file = council.visit.client.get(f"{given.address}/copy.pdf")
    assert file.headers["Content-Disposition"] == 'attachment; filename="buyer-copy-2026-11-24.pdf"'
    assert file.get_data().startswith(b"%PDF-")


def test_what_was_ended_is_refused_at_the_next_request_by_every_path(
    council: Buyer,
    submitted: Submitted,
    shared_with: Any,
    share_with: Any,
    ended: Any,
    run_jobs: Callable[[], int],
) -> None:
    given = shared_with(submitted, council)
    assert council.visit(f"{given.address}/pdf-progress").status == 202
    fields = council.visit(f"/shared/accept/{share_with(submitted).token}").fields()
    ended(submitted, given)
    for path in ("", "/copy.pdf", "/pdf-progress"):
        assert council.visit(f"{given.address}{path}").status == 404
    assert council.visit.client.post(f"{given.address}/pdf-progress", data=fields).status_code == 404
    run_jobs()
    assert council.visit(f"{given.address}/copy.pdf").status == 404
    page = council.visit("/shared")
    assert "Ended" in page.text
    assert page.soup.select(f"a[href='{given.address}']") == []


def test_a_file_that_was_printed_is_refused_too(
    council: Buyer, submitted: Submitted, shared_with: Any, ended: Any, run_jobs: Callable[[], int]
) -> None:
    given = shared_with(submitted, council)
    council.visit(f"{given.address}/pdf-progress")
    run_jobs()
    assert council.visit.client.get(f"{given.address}/copy.pdf").status_code == 200
    ended(submitted, given)
    assert council.visit.client.get(f"{given.address}/copy.pdf").status_code == 404


def test_it_ends_at_the_second(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council, days=7)
    # the sign-in of this browser lasts for less than a week
    for seconds, status in ((-1, 200), (0, 404)):
        moment = now + timedelta(days=7, seconds=seconds)
        keep_signed_in(app, council, moment)
        app.config["CLOCK"] = lambda now=moment: now
        assert council.visit(given.address).status == status


def keep_signed_in(app: Flask, buyer: Buyer, now: datetime) -> None:
    app.config["CLOCK"] = lambda: now
    sign_in(buyer.visit, app, buyer.person)


def test_others_find_nothing_and_read_the_same_as_for_what_was_never_there(
    council: Buyer, make_buyer: Callable[..., Buyer], submitted: Submitted, shared_with: Any, share_with: Any
) -> None:
    given = shared_with(submitted, council)
    other = make_buyer("buyer@shop.example")
    waiting: GivenShare = share_with(submitted, "buyer@shop.example")
    pages = [
        other.visit(address)
        for address in (given.address, waiting.address, "/shared/00000000-0000-4000-8000-000000000000")
    ]
    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "Fen Edge" not in other.visit("/shared").text
    assert council.visit(given.address).status == 200


def test_whoever_buys_for_the_organisation_sees_it_until_they_no_longer_do(
    app: Flask, council: Buyer, make_buyer: Callable[..., Buyer], submitted: Submitted, share_with: Any
) -> None:
    colleague = make_buyer("second@council.example")
    office = an_office(app, "Norfolk County Council", council.person, colleague.person)
    given = share_with(submitted)
    council.visit(f"/shared/accept/{given.token}")
    assert council.visit.send(**{"for": str(office)}).status == 200
    assert colleague.visit(given.address).status == 200
    with database_of(app).writing() as session:
        session.query(Membership).filter(Membership.person_id == colleague.person.id).delete()
    assert colleague.visit(given.address).status == 404
    assert council.visit(given.address).status == 200


@pytest.mark.parametrize("newer", [{"core_documents": "employer"}, {"core_longest_week": 47}])
def test_once_the_business_has_answered_again_it_says_only_that_and_when(
    council: Buyer, submitted: Submitted, shared_with: Any, answer_again: Any, newer: dict[str, Any]
) -> None:
    given = shared_with(submitted, council, ShareScope.EVIDENCE)
    answer_again(submitted, a_record(change=newer))
    page = council.visit(given.address)
    assert page.status == 200
    assert "The business has answered again on 24 November 2026. Ask for the new plan." in page.text
    for words in ("Medium", "rgent", "Fen Edge"):
        assert words not in page.text
    for path in ("/copy.pdf", "/pdf-progress"):
        assert council.visit(f"{given.address}{path}").status == 404
    assert "The business has answered again." in council.visit("/shared").text


def test_shared_anew_the_two_copies_are_compared(
    council: Buyer, submitted: Submitted, shared_with: Any, answer_again: Any
) -> None:
    shared_with(submitted, council)
    answer_again(submitted, a_record(change={"core_policy": "no", "core_time_records": "daily"}))
    text = council.visit(shared_with(submitted, council).address).text
    assert "Since the copy of 24 November 2026" in text
    assert "Answered again on 24 November 2026." in text
    assert "No longer called for:" in text


IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")


@pytest.mark.parametrize("grave", [{"core_documents": "employer"}, {"core_min_wage": "some_not"}, {"core_debt": "dk"}])
@pytest.mark.parametrize("scope", list(ShareScope))
def test_with_a_sign_every_page_code_and_file_is_as_without(
    app: Flask,
    visit: Any,
    council: Buyer,
    shared_with: Any,
    answer_again: Any,
    now: datetime,
    scope: ShareScope,
    grave: Any,
) -> None:
    seen = []
    for change in ({}, grave):
        made = submit_record(app, visit, a_record(), now)
        shared_with(made, council, scope)
        answer_again(made, a_record(change=change))
        given = shared_with(made, council, scope)
        pages = [council.visit(f"{given.address}{rest}") for rest in ("", "/messages", "/pdf-progress")]
        with database_of(app).reading() as session:
            grant = session.get_one(ShareGrant, given.id)
            code, document = share_check_code(session, grant.document), document_of(session, "share", given.id, now)
            page, html = document.spec.key, document.spec.draw(session).html
        headers = [[row for row in page.headers.items() if row[0] not in {"Date", "Set-Cookie"}] for page in pages]
        words = [IDS.sub("ID", page.text) for page in pages]
        seen.append((code, page, html, words, [len(page.html) for page in pages], IDS.sub("ID", repr(headers))))
    for one, other in zip(*seen, strict=True):
        assert one == other
    assert "Answered again on 24 November 2026." in seen[0][3][0]
    assert "from “" not in seen[0][3][0]


def test_whoever_is_not_signed_in_is_led_to_where_they_can(
    another_visit: Any, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    given = shared_with(submitted, council)
    for address in ("/shared", given.address, f"{given.address}/copy.pdf"):
        response = another_visit.client.get(address)
        assert response.status_code == 303
        assert response.headers["Location"] == f"/sign-in?next={address}"


def test_a_long_list_has_pages(council: Buyer, submitted: Submitted, shared_with: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("assess.sharing.viewing.PAGE_SIZE", 2)
    for _ in range(3):
        shared_with(submitted, council)
    assert len(council.visit("/shared").soup.select("main li.assess-panel")) == 2
    assert len(council.visit("/shared?page=2").soup.select("main li.assess-panel")) == 1


def test_what_is_over_says_so_to_its_recipient_alone(
    council: Buyer, make_buyer: Callable[..., Buyer], submitted: Submitted, shared_with: Any, ended: Any
) -> None:
    given, other = shared_with(submitted, council), make_buyer("buyer@shop.example")
    ended(submitted, given)
    page = council.visit(given.address)
    assert (page.status, page.heading) == (404, "This is no longer shared with you")
    assert "Fen Edge" not in page.text
    assert other.visit(given.address).heading == "We cannot find that page"
