"""A walk through the pages on which a buyer puts entries together and notes calls, and on which the chain is shared."""

from __future__ import annotations

from flask import Flask

from assess.assessments.visits import open_invitation
from assess.kit.cookies import VISIT, cookie_name
from tests.conftest import TODAY, Visitor
from tests.people.access_things import Things
from tests.people.persons import database_of, sign_in
from tests.suppliers.makers import a_supplier, invited


def of_suppliers(app: Flask, things: Things) -> None:
    """Put two together and apart, tell two apart, note a call; then say what is shown, as the customer and as the supplier."""
    with database_of(app).writing() as session:
        one, other, third = (a_supplier(session, things.council, f"Acle Growers {number}") for number in "ABC")
        one.organisation_id = things.farm.id
        invitation = invited(session, one)
        token = open_invitation(session, invitation, TODAY)
    here = f"/organisations/{things.council.id}/suppliers"
    buyer, manager, supplier = (Visitor(app.test_client()) for _ in range(3))
    sign_in(buyer, app, things.people["recipient"])
    sign_in(manager, app, things.people["manager"])
    supplier.client.set_cookie(cookie_name(VISIT, secure=False), token)
    buyer(f"{here}/duplicates/pair?one={one.id}&other={third.id}")
    buyer.send("/apart")
    buyer(f"{here}/duplicates/pair?one={one.id}&other={other.id}")
    buyer.send("/pair", stands=one.id)
    buyer.send("/parts")
    buyer(f"{here}/{one.id}/calls")
    buyer.send("/calls", way="call", on="24 11 2026", agreed="Canary")
    manager(f"/organisations/{things.farm.id}/chain-sharing")
    manager.send("/chain-sharing", shows="names", naming="yes", name="Canary Growers")
    supplier(f"/asked/by/{invitation.id}/chain")
    supplier.send("/chain", naming="no")
