"""What somebody who buys for an organisation does with the list of its suppliers."""

from __future__ import annotations

from flask import Flask

from assess.kit.events import publish
from assess.plans.shares.models import ShareGrant
from assess.suppliers.events import SupplierChanged
from tests.conftest import TODAY
from tests.kit.audit.browsers import Browser
from tests.people.access_things import Things
from tests.people.persons import database_of
from tests.suppliers.makers import a_supplier


def files(app: Flask, things: Things) -> None:
    """Order a bundle, stop it, go on with it, delete it; and order a spreadsheet."""
    with database_of(app).writing() as session:
        supplier = a_supplier(session, things.council, "Box Makers")
        session.get_one(ShareGrant, things.arguments["grant_id"]).supplier_id = supplier.id
        publish(session, SupplierChanged(supplier.id, TODAY))
    buyer = Browser(app, things.people["recipient"])
    here = f"/organisations/{things.council.id}/suppliers/files"
    bundle = buyer.post(f"{here}/bundle").headers["Location"]
    for what in ("stop", "again", "stop", "delete"):
        buyer.post(f"{bundle}/{what}")
    buyer.post(f"{here}/sheet", kind="csv")
