"""“This buyer asked for it”, for whoever may share."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Flask

from assess.suppliers.following import decline
from assess.suppliers.models import Decline, SupplierInvitation
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of
from tests.plans.asked.conftest import Farm


def test_each_that_waits_has_a_line_of_its_own_until_it_was_told_no(
    app: Flask, visit: Visitor, farm: Farm, asked_too: Callable[[str], uuid.UUID]
) -> None:
    other = asked_too("The Shop")
    text = visit(f"{farm.address}/result").text
    assert "The Council asked for this." in text
    assert "The Shop asked for this." in text
    with database_of(app).writing() as session:
        decline(session, session.get_one(SupplierInvitation, other), Decline.RATHER_NOT, TODAY)
    assert "The Shop" not in visit(f"{farm.address}/result").text
