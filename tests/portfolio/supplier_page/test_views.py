"""The page of one supplier as a person of the buyer sees and changes it."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assess.assessments.models import Submission
from assess.core.db import Database
from assess.core.edit_conflicts import etag
from assess.core.forms.form import FormResult
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.portfolio.views import RECENT_ENTRIES, SupplierOverview, details_form, get_form_data, get_supplier_overview
from assess.sharing.messages import apply_date, item_key_of_step, shared_steps_of
from assess.sharing.models import ShareGrant, ShareScope, ShareView, ShareViewKind
from assess.sharing.services import end_share_grant
from assess.sharing.shared_copy import shared_copy_from_json
from assess.suppliers.duplicates import merge_suppliers
from assess.suppliers.forms import InvitationChoices, supplier_details
from assess.suppliers.models import InvitationStatus, Supplier, SupplierEvent, SupplierEventType, SupplierSize
from assess.suppliers.services import SupplierDetails
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import database_of
from tests.plans.records import a_record, scenario
from tests.portfolio.board.conftest import Council
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared


def test_staying_comes_first_then_how_it_stands(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers", sector="farming", phone="01603 555 010")
        grant = shared(session, invited(session, farm))
    page = visit(f"{council.base}/{farm.id}")
    headings = [one.get_text(strip=True) for one in page.soup.select("main h2")]
    assert headings[:4] == ["Stay and help fix it", "How it stands", "What you can do", "What it shares with you"]
    assert page.soup.select_one(f'a[href="/shared/{grant.id}"]')
    assert "Not a finding. Not for selection or exclusion." in page.text
    assert "01603 555 010" in page.text
    copy = visit(f"/shared/{grant.id}")
    assert copy.soup.select_one(f'main a[href="{council.base}/{farm.id}"]'), "and back again"


def test_a_look_at_what_is_shared_is_noted_as_on_its_own_page(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm, wash = (a_supplier(session, council.organisation, name) for name in ("Fen Edge Growers", "Acle Wash"))
        merge_suppliers(session, farm, wash, TODAY, by=council.person.id)
        grants = [shared(session, invited(session, one), scope=ShareScope.PLAN).id for one in (farm, wash)]
        kitchen = a_supplier(session, council.organisation, "Wroxham Kitchen")
        shared(session, invited(session, kitchen))
    visit(council.base)
    assert looks(app) == [], "the board shows no contents"
    for _again in range(2):
        page = visit(f"{council.base}/{farm.id}")
    assert "The supplier sees that somebody who buys for you looked here, and when." in page.text
    assert sorted(looks(app), key=str) == sorted(((of, ShareViewKind.PAGE) for of in grants), key=str), (
        "once in an hour"
    )
    assert "Result read" in visit(f"{council.base}/{farm.id}/activity-log").text
    visit(f"/shared/{grants[0]}")
    assert len(looks(app)) == 2, "the same thing as its own page"
    with database_of(app).reading() as session:
        said = session.scalars(
            select(SupplierEvent.supplier_id).where(SupplierEvent.what == SupplierEventType.RESULT_VIEWED)
        ).all()
    assert sorted(said, key=str) == sorted([farm.id, wash.id], key=str)


def test_what_ends_before_the_look_is_noted_is_not_shown(
    app: Flask, council: Council, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers")
        grant = shared(session, invited(session, farm))

    def page_then_end(reader: Session, supplier: Supplier, now: datetime) -> SupplierOverview:
        page = get_supplier_overview(reader, supplier, now)
        with database_of(app).writing() as session:
            end_share_grant(session, session.get_one(ShareGrant, grant.id), now)
        return page

    monkeypatch.setattr("assess.portfolio.views.get_supplier_overview", page_then_end)
    page = visit(f"{council.base}/{farm.id}")
    assert "Copy of" not in page.text
    assert looks(app) == []


def looks(app: Flask) -> list[tuple[uuid.UUID | None, ShareViewKind]]:
    with database_of(app).reading() as session:
        return [(one.grant_id, one.what) for one in session.scalars(select(ShareView).order_by(ShareView.id))]


def test_how_much_is_shared_is_said_of_the_supplier_whatever_signs_it_has(
    app: Flask, council: Council, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        addresses = []
        for record in (scenario(), a_record(change={"core_documents": "employer"})):
            farm = a_supplier(session, council.organisation, f"Farm {len(addresses)}")
            shared(session, invited(session, farm), record=record, scope=ShareScope.ANSWERS)
            addresses.append(f"{council.base}/{farm.id}")
    for page in (visit(address) for address in addresses):
        assert ": the short copy, its plan and some of its answers. Answers good until" in page.text
        assert "Comment, or agree a date for a step" in page.text


def test_board_page_and_copy_tell_the_same_of_a_step_that_is_done_and_one_that_has_another_date(
    app: Flask, council: Council, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), scope=ShareScope.PLAN)
        submission = session.get_one(Submission, grant.submission_id)
        moved, done, *rest = shared_steps_of(shared_copy_from_json(grant.document))
        assert apply_date(session, submission, moved.key, date(2028, 1, 1), TODAY)
        change_item(
            session,
            submission.id,
            str(item_key_of_step(session, submission, done.key)),
            ItemContent(status="done"),
            0,
            TODAY,
        )
    page = visit(f"{council.base}/{farm.id}")
    assert "As its plan stands now" in page.text
    assert f"{moved.do} By 1 January 2028" in page.text
    assert done.do not in page.text
    assert "Done: 1 step." in page.text
    cells = visit(council.base).soup.select('td[data-head="Open steps"]')
    assert [cell.get_text(" ", strip=True).split()[0] for cell in cells] == [str(1 + len(rest))]
    copy = visit(f"/shared/{grant.id}").text
    assert f"Done: 1 of {2 + len(rest)} ordinary steps" in copy
    assert f"On that day 0 of {2 + len(rest)} were done. What changed since stands at the top of this page." in copy


def test_a_short_copy_has_proposed_steps_and_says_so(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers", sector="farming")
        shared(session, invited(session, farm))
    page = visit(f"{council.base}/{farm.id}")
    assert "Proposed steps" in page.text
    assert "It may have done some since" in page.text
    assert "Open steps" not in page.text


def test_another_buyers_supplier_looks_like_none(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        strange = a_supplier(session, a_buyer(session, "The Shop"), "Fen Edge Growers")
    for way in ("", "/details", "/archive"):
        pages = [visit(f"{council.base}/{one}{way}") for one in (strange.id, uuid.uuid4())]
        assert [page.status for page in pages] == [404, 404]
        assert len({re.sub(r"[0-9A-F]{8}", "", page.html) for page in pages}) == 1


def test_details_are_changed_and_nothing_of_a_colleague_is_written_over_unseen(
    app: Flask, council: Council, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers")
        a_supplier(session, council.organisation, "Acle Wash", reference="V-2")
    here = f"{council.base}/{farm.id}"
    visit(f"{here}/details")
    page = visit.send("/details", email="nobody")
    assert page.status == 422
    assert "Enter an email address, like name@example.org, or leave it out." in page.text
    assert "already, as “Acle Wash”" in visit.send("/details", email="", reference="v-2").text
    page = visit.send("/details", reference="V-1", email="jo@farm.example")
    assert "The details were saved." in page.text
    assert "jo@farm.example" in page.text
    visit(f"{here}/details")
    with database_of(app).writing() as session:
        session.get_one(Supplier, farm.id).phone = "01603 555 010"
    page = visit.send("/details", spend_gbp="900")
    assert page.status == 409
    assert "Phone Saved now: 01603 555 010 What you typed: nothing" in page.text
    assert "£900" in visit.send("/details").text
    with database_of(app).reading() as session:
        said = session.scalars(select(SupplierEvent.what).where(SupplierEvent.supplier_id == farm.id)).all()
        assert said.count(SupplierEventType.CHANGED) == 2
        assert session.get_one(Supplier, farm.id).phone == ""


def test_it_is_taken_off_after_a_yes_and_put_back(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers")
    here = f"{council.base}/{farm.id}"
    visit(f"{here}/archive")
    assert "It is off your list." in visit.send("/archive").text
    assert "Fen Edge Growers" not in visit(council.base).text
    visit(f"{here}/archive")
    assert "It is off your list." not in visit.send("/restore").text
    assert "Fen Edge Growers" in visit(council.base).text


TYPED = {
    "name": " Fen  Edge Growers ",
    "email": "Jo@Farm.example",
    "phone": "01603 555 010",
    "company_number": "1234567",
    "reference": "V-1",
    "sector": "Car washes",
    "area": "great_yarmouth",
    "size": "small",
    "spend_gbp": "£25,000",
}


CHOICES = InvitationChoices({"car_washes": "Hand car washes"}, {"norfolk": "Norfolk"}, {})
KEPT = Supplier(sector="fishing", area="great_yarmouth")
"""What is saved of it has no bank and is no area any more."""


def typed_details(**typed: str) -> FormResult:
    return details_form(KEPT, CHOICES).read(MultiDict(typed))


def test_what_is_typed_becomes_details() -> None:
    assert supplier_details(typed_details(**TYPED).values) == SupplierDetails(
        "Fen Edge Growers",
        "jo@farm.example",
        "01603 555 010",
        "01234567",
        "V-1",
        "car_washes",
        "great_yarmouth",
        SupplierSize.SMALL,
        25000,
    )
    assert supplier_details(typed_details(name="Fen Edge").values) == SupplierDetails("Fen Edge")


@pytest.mark.parametrize(
    ("field", "typed", "means"),
    [
        ("phone", "01603 555010 ext. 12", "01603 555010 ext. 12"),
        ("spend_gbp", "12.5k", 12500),
        ("spend_gbp", "£12,500.50", 12500),
        ("spend_gbp", "1.50", 2),
        ("size", "49 staff", SupplierSize.SMALL),
        ("sector", "hand car washes", "car_washes"),
        ("sector", "Fishing", "fishing"),
        ("area", "Great Yarmouth", "great_yarmouth"),
    ],
)
def test_a_page_takes_what_a_file_takes(field: str, typed: str, means: object) -> None:
    read = typed_details(**{**TYPED, field: typed})
    assert (read.errors, read[field]) == ({}, means)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "see www.spam.example"),
        ("email", "jo"),
        ("email", "jo@farm.example, al@farm.example"),
        ("phone", "call me"),
        ("phone", "1" * 41),
        ("company_number", "12"),
        ("reference", "x" * 61),
        ("sector", "<b>"),
        ("sector", "Farming"),
        ("area", "x" * 41),
        ("size", "huge"),
        ("spend_gbp", "-5"),
        ("spend_gbp", "2000000001"),
        ("spend_gbp", "9" * 400),
        ("spend_gbp", "²"),
    ],
)
def test_a_field_that_does_not_fit_is_named(field: str, typed: str) -> None:
    assert list(typed_details(**{**TYPED, field: typed}).errors) == [field]


def test_two_states_of_a_supplier_have_two_marks() -> None:
    one = Supplier(name="Fen Edge", email="", phone="", reference="", spend_gbp=0)
    before = etag(get_form_data(one))
    assert get_form_data(one)["spend_gbp"] == "0"
    one.spend_gbp = None
    assert etag(get_form_data(one)) != before


def test_a_page_shows_what_is_shared_until_it_is_over(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        assert get_supplier_overview(session, farm, later(0)).status is InvitationStatus.NOT_ASKED
        grant = shared(session, invited(session, farm), scope=ShareScope.PLAN, days=30)
        page = get_supplier_overview(session, farm, later(1))
        assert (page.status, page.late) == (InvitationStatus.SHARED, False)
        (copy,) = page.copies
        assert copy.band
        assert copy.steps
        assert len(page.activity) == RECENT_ENTRIES
        over = get_supplier_overview(session, farm, later(30))
        assert (over.status, over.copies) == (InvitationStatus.SHARE_OVER, [])
        end_share_grant(session, grant, later(2))
        assert get_supplier_overview(session, farm, later(2)).copies == []
