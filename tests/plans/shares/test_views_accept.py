from __future__ import annotations

from typing import Any

import html5lib
import pytest
from flask import Flask

from tests.people.persons import a_person, database_of, sign_in
from tests.plans.conftest import Submitted
from tests.plans.shares.conftest import COUNCIL, Buyer, an_office, grant_row

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
def test_nobody_at_a_desk_takes_anything_up(
    app: Flask, another_visit: Any, submitted: Submitted, share_with: Any, desk: str
) -> None:
    given = share_with(submitted)
    with database_of(app).writing() as session:
        person = a_person(session, COUNCIL, desk=desk)
    sign_in(another_visit, app, person)
    page = another_visit(f"/shared/accept/{given.token}")
    assert (page.status, page.heading) == (403, "You work for whoever runs this service")
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
    assert "Nothing." in another_visit("/shared").text
    taken = shared_with(submitted, Buyer(app, person, another_visit))
    for path in ("/shared", taken.address, f"{taken.address}/copy.pdf"):
        answer = another_visit.client.get(path)
        assert answer.headers["Location"] == f"/account/second-steps?next={path}"


def test_making_an_account_leads_back_to_the_link(another_visit: Any, submitted: Submitted, share_with: Any) -> None:
    path = f"/shared/accept/{share_with(submitted).token}"
    page = another_visit(path)
    links = [link["href"] for link in page.soup.select("main a")]
    assert f"/sign-up?next={path}" in links
