"""The row of a supplier on the board."""

from __future__ import annotations

from sqlalchemy import delete, select

from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.plans.shares.granting import end
from assess.portfolio.models import Standing, StandingBar
from assess.portfolio.reckoning import reckon
from assess.suppliers.models import Status
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared


def test_a_row_follows_its_supplier_from_the_list_to_the_share_and_back(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Fen Edge Growers", sector="farming")
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band, row.grant_id) == (Status.NOT_ASKED, None, None)
        invitation = invited(session, farm)
        assert session.scalars(select(Standing.status)).one() is Status.INVITED
        grant = shared(session, invitation)
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.grant_id) == (Status.SHARED, grant.id)
        assert row.band in {"low", "medium", "high", "critical"}
        assert session.scalars(select(StandingBar)).all()
        end(session, grant, later(1))
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band) == (Status.SHARE_OVER, None)
        assert session.scalars(select(StandingBar)).all() == []


def test_what_came_from_a_copy_goes_when_the_business_deletes_it(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm))
        delete_assessment(session, grant.assessment_id)
        session.expire_all()
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band, row.shown_until) == (Status.SHARE_OVER, None, None)
        assert session.scalars(select(StandingBar)).all() == []
        reckon(session, farm.id, TODAY)
        assert session.scalars(select(Standing.band)).one() is None
        session.execute(delete(Standing))
