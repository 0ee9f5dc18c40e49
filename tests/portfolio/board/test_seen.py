"""Two worlds that differ only in one copy being urgent or not rated: every page of the board is the same to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from assess.kit.clock import date_at
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.portfolio.board.filters import BANDS, Filter, Order
from assess.portfolio.board.seen import Seen
from assess.portfolio.reckoning import reckon
from assess.suppliers.models import Status, SupplierInvitation
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of
from tests.portfolio.board.conftest import Council
from tests.suppliers.makers import a_supplier, invited, shared

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')


def addresses() -> Iterator[str]:
    """Every sort, every filter, and what stands in them."""
    yield from (f"sort={order.value}" for order in Order)
    yield from (f"band={band}&sort=band" for band in BANDS)
    yield from (f"status={status.value}" for status in Status)
    yield from (
        "late=yes",
        "old=yes",
        "q=fen",
        "sector=farming",
        "weak=Pay",
        "good=Tomatoes",
        "place=Spain",
        "tier=high",
    )


def as_it(became: str, document: dict[str, Any]) -> dict[str, Any]:
    """The frozen copy as it would be, had advice been urgent, or had too little been known for a band."""
    made = deepcopy(document)
    if became == "urgent":
        made["copy"]["rating"] = made["copy"]["buying"] = made["plan"] = made["answers"] = None
    else:
        made["copy"]["rating"]["band"] = "not_rated"
        assert made["copy"]["rating"]["bars"]
        assert made["plan"] is not None
    return made


def test_urgent_and_not_rated_look_alike_everywhere(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        for name in ("Acle Wash", "Fen Edge", "Wroxham Kitchen"):
            supplier = a_supplier(session, council.organisation, name, sector="farming")
            grant = shared(session, invited(session, supplier), scope=Scope.PLAN)
            if name == "Fen Edge":
                changed, whose, document = grant.id, supplier.id, grant.document
    visit(f"{council.base}/{whose}")  # the look at what is shared stands in its trail from here on
    pages: dict[str, list[str]] = {}
    for world in ("urgent", "not rated", "as it was"):
        with database_of(app).writing() as session:
            copy = document if world == "as it was" else as_it(world, document)
            session.execute(update(ShareGrant).where(ShareGrant.id == changed).values(document=copy))
            session.expire_all()
            reckon(session, whose, TODAY)
        asked = [f"{council.base}?{query}" for query in addresses()]
        asked += [f"{council.base}/{whose}", f"{council.base}/act?kind=bundle&which=all&filter=band%3Dnone"]
        pages[world] = [TOKEN.sub("", visit(address).html) for address in asked]
    assert pages["urgent"] == pages["not rated"]
    assert pages["urgent"] != pages["as it was"], "a band makes a difference"
    text = " ".join(pages["urgent"]).casefold()
    assert "urgent" not in text
    assert "not rated" not in text


def test_late_is_who_was_asked_and_the_day_is_over(app: Flask, council: Council) -> None:
    seen = Seen(TODAY)
    assert seen.today == date_at(TODAY)
    with database_of(app).writing() as session:
        invitation = invited(session, a_supplier(session, council.organisation, "Fen Edge"))
        assert session.get_one(SupplierInvitation, invitation.id).status is Status.INVITED
    assert Filter(late=True).is_on
