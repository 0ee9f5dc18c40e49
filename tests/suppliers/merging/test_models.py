from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assess.kit.db import Database
from assess.suppliers.merging.models import ToldApart
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.both_databases


def test_a_couple_stands_in_one_order_and_goes_with_either_entry(database: Database) -> None:
    with database.writing() as session:
        council = a_buyer(session, "The Council")
        smaller, larger = sorted((a_supplier(session, council, name) for name in "AB"), key=lambda one: one.id)
        inner = session.begin_nested()
        session.add(ToldApart(one_id=larger.id, other_id=smaller.id, at=TODAY))
        with pytest.raises(IntegrityError):
            session.flush()
        inner.rollback()
        session.add(ToldApart(one_id=smaller.id, other_id=larger.id, at=TODAY))
        session.flush()
        session.delete(larger)
        session.flush()
        assert session.scalar(select(func.count()).select_from(ToldApart)) == 0
