"""What is searched and sorted by, and whose it is."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from assess.kit.db import Database
from assess.plans.shares.models import ShareGrant
from assess.portfolio.models import Standing, StandingBar
from assess.portfolio.reckoning import reckon
from assess.suppliers.models import Status
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

pytestmark = pytest.mark.both_databases


def test_a_row_is_found_by_small_letters_of_its_name_and_reference(published: Database) -> None:
    with published.writing() as session:
        a_supplier(session, a_buyer(session, "The Council"), "FEN Straße", reference="V-É1")
        row = session.scalars(select(Standing)).one()
        assert (row.sort_name, row.searched) == ("fen strasse", "fen strasse\nv-é1")


def test_whichever_of_two_copies_is_deleted_takes_along_what_came_of_both(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        root, part = (a_supplier(session, council, name, sector="farming") for name in ("Head", "Part"))
        shared(session, invited(session, root), now=later(1))
        older = shared(session, invited(session, part))
        part.merged_into = root.id
        session.flush()
        reckon(session, root.id, later(1))
        row = session.scalars(select(Standing)).one()
        assert row.grant_id != older.id
        row.call_points, row.call_reasons = 9, ["High band"]
        session.flush()
        session.execute(delete(ShareGrant).where(ShareGrant.id == older.id))  # the rule of the database alone
        session.expire_all()
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band, row.call_points, row.call_reasons) == (Status.SHARE_OVER, None, 100, [])
        assert session.scalars(select(StandingBar)).all() == []
