"""A farm that was asked by a council, has submitted, and the browser of whoever filled it in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.assessments.links import make_resume_link
from assess.assessments.models import Submission
from assess.suppliers.models import SupplierInvitation
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, database_of
from tests.plans.records import Record, scenario
from tests.suppliers.factories import a_buyer, a_supplier, answered, invited


@dataclass(frozen=True)
class Farm:
    """Ids of what there is, and where its pages are."""

    id: uuid.UUID
    invitation_id: uuid.UUID
    supplier_id: uuid.UUID
    buyer_id: uuid.UUID
    person: str

    @property
    def address(self) -> str:
        return f"/assessments/{self.id}"

    @property
    def asked(self) -> str:
        return f"{self.address}/share/buyer-requests"


def make_farm(session: Session, record: Record | None = None, buyer: str = "The Council") -> tuple[Farm, str]:
    """It was asked, answered and submitted. Returns it with the path of a link back into it."""
    ann = a_person(session, f"{buyer.rsplit(maxsplit=1)[-1].lower()}@buyer.example")
    council = a_buyer(session, buyer, buyer=ann)
    supplier = a_supplier(session, council, "Fen Edge Growers", sector="farming")
    invitation = invited(session, supplier)
    submission: Submission = answered(session, invitation, record=record or scenario())
    link = make_resume_link(session, submission.assessment_id, submission.made_at)
    return Farm(submission.assessment_id, invitation.id, supplier.id, council.id, ann.email), f"/r/{link.token}"


@pytest.fixture
def farm(app: Flask, visit: Visitor) -> Farm:
    with database_of(app).writing() as session:
        made, link = make_farm(session)
    visit(link)
    visit.send(follow=False)
    return made


@pytest.fixture
def asked_too(app: Flask, farm: Farm) -> Callable[[str], uuid.UUID]:
    """Another buyer asked the same farm, which answers with the same assessment. Returns the id of its invitation."""

    def make(buyer: str) -> uuid.UUID:
        with database_of(app).writing() as session:
            supplier = a_supplier(session, a_buyer(session, buyer), "Fen Edge", sector="farming")
            invitation = invited(session, supplier)
            found = session.get_one(SupplierInvitation, invitation.id)
            found.assessment_id = farm.id
            return invitation.id

    return make
