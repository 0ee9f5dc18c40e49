"""Sharing with who asked: a look at what they will see, and one press."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.links import make_resume_link
from assess.assessments.submitting import reopen, submit
from assess.people.models import Organisation, Person
from assess.plans.shares.granting import end
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.suppliers.models import Status, SupplierInvitation, What
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of, sign_in
from tests.plans.asked.conftest import Farm, make_farm
from tests.plans.records import a_record, scenario
from tests.suppliers.makers import a_supplier, answered, invited


def share(visit: Visitor, farm: Farm, scope: str = "plan", days: str = "180") -> Any:
    visit(f"{farm.asked}/{farm.invitation_id}")
    form = visit.page.soup.select_one("form[action$=look]") if visit.page else None
    assert form is not None
    look = visit(f"{farm.asked}/{farm.invitation_id}/look?scope={scope}&days={days}")
    assert look.heading == "What The Council will see"
    return visit.send()


def test_the_result_says_who_asked_and_leads_to_sharing(visit: Visitor, farm: Farm) -> None:
    for place in ("result", "share"):
        page = visit(f"{farm.address}/{place}")
        assert "The Council asked for this. Share it" in page.text
    page = visit(f"{farm.asked}")
    assert "Sees that you have finished, and on which day. It sees none of your answers." in page.text


def test_what_is_looked_at_is_what_the_buyer_sees(
    app: Flask, visit: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    look = visit(f"{farm.asked}/{farm.invitation_id}/look?scope=plan&days=180")
    shown = look.soup.select_one("div.plan")
    page = visit.send()
    assert page.address == farm.asked
    assert "You shared it with The Council." in page.text
    with database_of(app).reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
        assert (grant.scope, grant.until, grant.organisation_id) == (
            Scope.PLAN,
            TODAY + timedelta(days=180),
            farm.buyer_id,
        )
        assert session.get_one(SupplierInvitation, farm.invitation_id).status is Status.SHARED
        ann = session.scalars(select(Person).where(Person.email == farm.person)).one()
    sign_in(another_visit, app, ann)
    theirs = another_visit(f"/shared/{grant.id}")
    assert theirs.status == 200
    seen = theirs.soup.select_one("div.plan")
    assert shown is not None
    assert seen is not None
    headings = [h.get_text(strip=True) for h in shown.select("h2, h3")]
    assert [h.get_text(strip=True) for h in seen.select("h2, h3")] == headings
    assert " ".join(shown.get_text(" ").split()) in " ".join(seen.get_text(" ").split())


def test_a_share_shows_in_the_list_by_the_name_of_the_buyer_and_can_be_changed_for_a_year(
    app: Flask, visit: Visitor, farm: Farm
) -> None:
    share(visit, farm)
    with database_of(app).reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
    page = visit(f"{farm.address}/share")
    assert "The Council Ordinary" in page.text or "The Council" in page.text
    assert "()" not in page.text
    page = visit(f"{farm.address}/share/with/{grant.id}")
    assert "Make a new link" not in page.text
    assert [one["value"] for one in page.soup.select("input[name=days]")] == ["30", "90", "180", "365"]
    visit.send(scope="buyer_copy", days="365")
    with database_of(app).reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
        assert (grant.scope, grant.until) == (Scope.BUYER_COPY, TODAY + timedelta(days=365))
        assert grant.supplier_id == farm.supplier_id


def test_after_a_share_is_over_the_page_says_what_the_buyer_still_sees(app: Flask, visit: Visitor, farm: Farm) -> None:
    share(visit, farm)
    with database_of(app).writing() as session:
        end(session, session.scalars(select(ShareGrant)).one(), TODAY)
        told = [event.what for event in trail_of(session, [farm.supplier_id])]
    assert told[-3:] == [What.SUBMITTED, What.SHARED, What.SHARE_OVER]
    page = visit(farm.asked)
    assert (
        "It sees that you finished, that something was shared, and that this is over, each with its day." in page.text
    )
    assert "nothing else" not in page.text


def test_pressing_twice_shares_once(app: Flask, visit: Visitor, farm: Farm) -> None:
    look = f"{farm.asked}/{farm.invitation_id}/look?scope=plan&days=30"
    visit(look)
    kept = visit.page
    visit.send()
    visit.page = kept
    page = visit.send()
    assert page.heading == "What you shared"
    with database_of(app).reading() as session:
        assert len(session.scalars(select(ShareGrant)).all()) == 1


def test_new_answers_go_to_nobody_by_themselves_and_one_by_one(
    app: Flask, visit: Visitor, farm: Farm, asked_too: Callable[[str], uuid.UUID]
) -> None:
    other = asked_too("The Shop")
    share(visit, farm)
    with database_of(app).writing() as session:
        reopen(session, farm.id, TODAY)
        submit(session, farm.id, lambda _said: scenario(), TODAY)
    page = visit(farm.asked)
    assert "Sees that there are newer answers, and none of them." in page.text
    page = visit(f"{farm.asked}/{farm.invitation_id}")
    checked = page.soup.select_one("input[name=scope][checked]")
    assert checked is not None
    assert checked["value"] == "plan", "as it was before"
    share(visit, farm)
    with database_of(app).reading() as session:
        grants = session.scalars(select(ShareGrant)).all()
        assert {grant.supplier_id for grant in grants} == {farm.supplier_id}, "nobody else has it"
        assert len(grants) == 2
    assert "The Shop" in visit(farm.asked).text
    assert visit(f"{farm.asked}/{other}").status == 200


@pytest.mark.parametrize("typed", [{}, {"scope": "all", "days": "30"}, {"scope": "plan", "days": "7"}])
def test_a_wrong_choice_shares_nothing(app: Flask, visit: Visitor, farm: Farm, typed: dict[str, str]) -> None:
    visit(f"{farm.asked}/{farm.invitation_id}/look?scope=plan&days=30")
    page = visit.send(**({"scope": "", "days": ""} | typed))
    assert page.status == 422
    with database_of(app).reading() as session:
        assert session.scalars(select(ShareGrant)).all() == []


def test_an_invitation_that_is_answered_elsewhere_or_taken_back_is_not_here(
    app: Flask, visit: Visitor, farm: Farm
) -> None:
    with database_of(app).writing() as session:
        elsewhere, _ = make_farm(session, buyer="The Shop")
    assert visit(f"{farm.asked}/{elsewhere.invitation_id}").status == 404
    with database_of(app).writing() as session:
        session.get_one(SupplierInvitation, farm.invitation_id).ended_at = TODAY
    assert visit(f"{farm.asked}/{farm.invitation_id}").status == 404
    assert "asked for this" not in visit(f"{farm.address}/result").text


def test_with_a_sign_the_pages_of_sharing_read_as_without(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        first, link = make_farm(session)
        council = session.get_one(Organisation, first.buyer_id)
        supplier = a_supplier(session, council, "Fen Edge Growers", sector="farming", reference="2")
        invitation = invited(session, supplier)
        record = a_record(change={"core_documents": "employer"})
        submission = answered(session, invitation, record=record)
        second = replace(first, id=submission.assessment_id, invitation_id=invitation.id)
        other = f"/r/{make_resume_link(session, submission.assessment_id, submission.made_at).token}"
    pages = []
    for farm, way in ((first, link), (second, other)):
        visit(way)
        visit.send(follow=False)
        page = share(visit, farm, "evidence")
        one = visit(page.soup.select_one('a[href*="/share/with/"]')["href"])
        pages.append((page.text, one.text))
    assert pages[0] == pages[1]
    assert "what proof there is, until" in pages[0][0]
    assert "Answers about signs of exploitation are never shown to a buyer" in pages[0][0]
