from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask

from assess.suppliers.models import Status, Supplier, SupplierInvitation
from assess.suppliers.other_results.keeping import Said, tell
from assess.suppliers.other_results.models import Interviews, Scheme, Scope
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.makers import a_buyer, a_supplier, invited


@dataclass
class Told:
    """A buyer who is signed in and was told of two results."""

    app: Flask
    page: str
    invitation_id: uuid.UUID
    result_ids: list[uuid.UUID]

    @property
    def status(self) -> Status:
        with database_of(self.app).reading() as look:
            return look.get_one(SupplierInvitation, self.invitation_id).status


@pytest.fixture
def told(app: Flask, visit: Visitor) -> Told:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example", name="Ann Lee")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge Growers")
        invitation = invited(session, farm)
        grasp = Said(Scheme.GRASP, date(2026, 6, 1), Scope.ONE_SITE, Interviews.DONT_KNOW)
        smeta = Said(Scheme.SMETA, date(2025, 6, 1), Scope.WHOLE, Interviews.YES)
        ids = [tell(session, invitation, said, TODAY).id for said in (grasp, smeta)]
        page = f"/organisations/{council.id}/suppliers/{farm.id}/other-results"
        made = Told(app, page, invitation.id, ids)
    sign_in(visit, app, ann)
    return made


def test_the_buyer_reads_what_was_told_and_what_it_does_and_does_not_show(visit: Visitor, told: Told) -> None:
    text = visit(told.page).text
    for words in (
        "The business’s own answers. Not a finding. Not for selection or exclusion.",
        "It looked at One site",
        "Workers were interviewed Don’t know",
        "1 June 2025. This is more than 12 months ago",
        "Not confirmed. Ask whether workers were interviewed, how many, and away from their managers.",
        "Only the opening of a long document was seen",
    ):
        assert words in text


def test_the_buyer_accepts_it_until_a_day_and_undoes_it(visit: Visitor, told: Told) -> None:
    accept = f"/{told.result_ids[0]}/accept"
    page = visit(told.page)
    assert page.fields(accept)["until"] == ["24 11 2027"]
    for typed in ("soon", "", "23 11 2026", "25 11 2028"):
        page = visit.send(accept, until=typed)
        assert (page.status, told.status) == (422, Status.INVITED)
        assert page.soup.select_one(f'.govuk-error-summary a[href="#until-{told.result_ids[0]}"]')
        assert page.soup.select_one(f"#until-{told.result_ids[0]}")
    page = visit.send(accept, until="24 11 2028")
    assert "Accepted in place of a form until 24 November 2028 . Decided by Ann Lee on 24 November 2026." in page.text
    assert told.status is Status.OTHER_RESULT
    page = visit.send("/undo")
    assert ("Accepted in place" in page.text, told.status) == (False, Status.INVITED)


def test_the_buyer_does_not_accept_it_and_says_why_from_a_list(visit: Visitor, told: Told) -> None:
    reject = f"/{told.result_ids[1]}/refuse"
    visit(told.page)
    page = visit.send(reject)
    assert (page.status, "Choose why you do not accept it." in page.text) == (422, True)
    page = visit.send(reject, why="too_old")
    assert "Not accepted: it is too old. Decided by Ann Lee" in page.text
    assert told.status is Status.INVITED


def test_what_was_asked_anew_cannot_be_accepted(app: Flask, visit: Visitor, told: Told) -> None:
    visit(told.page)
    with database_of(app).writing() as session:
        invitation = session.get_one(SupplierInvitation, told.invitation_id)
        invited(session, session.get_one(Supplier, invitation.supplier_id))
    page = visit.send(f"/{told.result_ids[0]}/accept")
    assert (page.status, "It has to tell you of its result again." in page.text) == (422, True)


def test_another_buyer_finds_nothing(app: Flask, another_visit: Visitor, told: Told) -> None:
    with database_of(app).writing() as session:
        eve = a_person(session, "eve@shop.example")
        shop = a_buyer(session, "The Shop", buyer=eve)
        theirs = a_supplier(session, shop, "Fen Edge Growers")
        own = f"/organisations/{shop.id}/suppliers/{theirs.id}/other-results"
    sign_in(another_visit, app, eve)
    assert another_visit(told.page).status == 404
    page = another_visit(own)
    assert "This supplier told you of no result" in page.text
    token = another_visit("/start/farming").fields()["csrf_token"][0]
    for what in ("accept", "refuse", "undo"):
        answer = another_visit.client.post(f"{own}/{told.result_ids[0]}/{what}", data={"csrf_token": token})
        assert answer.status_code == 404
