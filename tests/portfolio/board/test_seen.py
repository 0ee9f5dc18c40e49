"""What counts at a moment."""

from __future__ import annotations

import pytest
from flask import Flask

from assess.kit.clock import date_at
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.seen import Seen
from assess.suppliers.models import Status, SupplierInvitation
from tests.conftest import TODAY
from tests.people.persons import database_of
from tests.portfolio.board.conftest import Council
from tests.suppliers.makers import a_supplier, invited

pytestmark = pytest.mark.both_databases


def test_late_is_who_was_asked_and_the_day_is_over(app: Flask, council: Council) -> None:
    seen = Seen(TODAY)
    assert seen.today == date_at(TODAY)
    with database_of(app).writing() as session:
        invitation = invited(session, a_supplier(session, council.organisation, "Fen Edge"))
        assert session.get_one(SupplierInvitation, invitation.id).status is Status.INVITED
    assert Filter(late=True).is_on
