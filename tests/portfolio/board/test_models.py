from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.people.models import Organisation
from assess.portfolio.board.models import BulkAct, BulkItem, Kind, SavedFilter
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.both_databases


def test_all_of_it_goes_with_the_buyer(database: Database) -> None:
    with database.writing() as session:
        council, jo = a_buyer(session, "The Council"), a_person(session, "jo@x.example")
        act = BulkAct(buyer_id=council.id, by_person=jo.id, kind=Kind.TAKE_OFF, made_at=TODAY)
        session.add(act)
        session.flush()
        session.add(BulkItem(bulk_action_id=act.id, supplier_id=a_supplier(session, council, "Farm").id))
        session.add(SavedFilter(buyer_id=council.id, person_id=jo.id, name="x", query="late=yes", made_at=TODAY))
        session.flush()
        session.delete(session.get_one(Organisation, council.id))
        session.flush()
        for table in (BulkAct, BulkItem, SavedFilter):
            assert session.scalar(select(func.count()).select_from(table)) == 0
