"""What a buyer does to ask one supplier, and what a supplier does with it: every page of both that takes something."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.mail.models import Outgoing
from assess.people.models import Organisation
from assess.plans.shares.offers import OFFERS
from assess.suppliers.models import Supplier, SupplierInvitation
from tests.conftest import Page
from tests.kit.audit.browsers import Browser
from tests.kit.audit.walk_of_a_business import HOST
from tests.people.access_things import Things
from tests.people.persons import confirm_name, database_of

WHAT: dict[str, Any] = {
    "sector": "farming",
    "length": "full",
    "due_day": "24",
    "due_month": "12",
    "due_year": "2026",
}


def asking(app: Flask, things: Things) -> None:
    """One supplier is put on the list, asked, reminded and let go; one answers, shares, and says for whom."""
    with database_of(app).writing() as session:
        confirm_name(session.get_one(Organisation, things.farm.id))
    buyer = Browser(app, things.people["own_buyer"])
    base = f"/organisations/{things.farm.id}/suppliers"
    buyer.post(f"{base}/new/look", name="A Yard", **WHAT)
    buyer.post(f"{base}/new", name="A Yard", **WHAT)
    buyer.post(f"{base}/new", name="A Mill", email="mill@yard.example", **WHAT)
    with database_of(app).writing() as session:
        yard = _named(session, "A Yard")
        yard.email = "yard@yard.example"
        here = f"{base}/{yard.id}/ask"
    buyer.post(f"{here}/remind")
    buyer.post(f"{here}/due", due_day="31", due_month="12", due_year="2026")
    link = _link(buyer.post(f"{here}/link"))
    invitation_id = _invitation(app, "A Yard")
    supplier = Browser(app)
    supplier.post(link)
    of_it = f"/asked/by/{invitation_id}"
    supplier.post(f"{of_it}/no", why="rather_not")
    supplier.post(f"{of_it}/yes-after-all")
    supplier.post(f"{of_it}/stop")
    supplier.post(f"{of_it}/begin")
    supplier.post(f"{of_it}/leave")
    Browser(app).post("/letters", number="00000-00000", email="yard@yard.example")
    Browser(app).post(f"{link}/not-known")
    mark = app.config["SECRET_KEY"]
    Browser(app).post(OFFERS.stop_path("yard@yard.example", mark), **{"List-Unsubscribe": "One-Click"})
    supplier.post(_stop_link(app, "A Mill"), **{"List-Unsubscribe": "One-Click"})
    _answering(app, things)
    buyer.post(f"{here}/look", **WHAT)
    buyer.post(here, **WHAT)
    buyer.post(f"{here}/end")


def _answering(app: Flask, things: Things) -> None:
    manager = Browser(app, things.people["manager"])
    asked = things.arguments["asked_id"]
    manager.post(f"/assessments/{things.submission.assessment_id}/share/asked/{asked}", scope="plan", days="30")
    manager.post(things.links["request"])
    manager.post(f"/asked/by/{asked}/for", organisation=str(things.farm.id))
    manager.post(f"/asked/by/{asked}/take", assessment=str(things.elsewhere.assessment_id))


def _named(session: Session, name: str) -> Supplier:
    return session.scalars(select(Supplier).where(Supplier.name == name)).one()


def _invitation(app: Flask, name: str) -> uuid.UUID:
    with database_of(app).reading() as look:
        wanted = select(SupplierInvitation.id).where(SupplierInvitation.supplier_id == _named(look, name).id)
        return look.scalars(wanted).one()


def _stop_link(app: Flask, name: str) -> str:
    with database_of(app).reading() as look:
        invitation = look.get_one(SupplierInvitation, _invitation(app, name))
        body = look.scalars(select(Outgoing.body).where(Outgoing.event.startswith(invitation.events))).one()
    found = re.search(r"/asked/stop/[\w-]{43}", body)
    assert found is not None
    return found.group()


def _link(made: Page) -> str:
    found = made.soup.select_one("#link")
    assert found is not None
    return str(found["value"]).removeprefix(HOST)
