"""What somebody of a buyer does on its board and on the page of a supplier."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from assess.portfolio.board.models import BulkAct, SavedFilter
from assess.suppliers.models import Supplier
from tests.kit.audit.browsers import Browser
from tests.people.access_things import Things
from tests.people.persons import database_of


def board(app: Flask, things: Things) -> None:
    """Puts a share on the list, changes it, takes it off and puts it back, alone and with many; saves a filter."""
    jo, here = Browser(app, things.people["recipient"]), f"/organisations/{things.council.id}/suppliers"
    jo.get(here)
    jo.post(f"{here}/unlisted/{things.arguments['grant_id']}", to="new")
    with database_of(app).reading() as look:
        listed = select(Supplier.id).where(Supplier.buyer_id == things.council.id, Supplier.name != "A Farm")
        supplier = look.scalars(listed).one()
    jo.get(f"{here}/{supplier}")
    jo.drawn(f"{here}/{supplier}/details", "/details", name="Canary Growers", email="canary@farm.example")
    jo.drawn(f"{here}/{supplier}/off", "/off")
    jo.drawn(f"{here}/{supplier}/off", "/back")
    jo.drawn(f"{here}/act?kind=take_off&which=ticked&supplier={supplier}", "/act")
    with database_of(app).reading() as look:
        act = look.scalars(select(BulkAct.id).where(BulkAct.buyer_id == things.council.id)).one()
    jo.drawn(f"{here}/act/{act}", "/undo")
    jo.drawn(f"{here}?late=yes", "/filters", name="Canary")
    with database_of(app).reading() as look:
        saved = look.scalars(select(SavedFilter.id).where(SavedFilter.buyer_id == things.council.id)).one()
    jo.post(f"{here}/filters/{saved}/delete")
