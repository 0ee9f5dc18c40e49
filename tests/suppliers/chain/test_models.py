from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.suppliers.chain.models import ChainNaming, ChainShowing, Shows
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.both_databases


def test_what_was_said_goes_with_either_organisation_and_with_the_entry(database: Database) -> None:
    with database.writing() as session:
        council, shop, farm = (a_buyer(session, name) for name in ("Council", "Shop", "Farm"))
        for buyer in (council, shop):
            session.add(ChainShowing(organisation_id=farm.id, buyer_id=buyer.id, shows=Shows.NAMES, at=TODAY))
        session.add(ChainNaming(supplier_id=a_supplier(session, farm, "A").id, may=True, name="A", at=TODAY))
        session.flush()
        session.delete(council)
        session.flush()
        assert session.scalars(select(ChainShowing.buyer_id)).all() == [shop.id]
        session.delete(farm)
        session.flush()
        for table in (ChainShowing, ChainNaming):
            assert session.scalar(select(func.count()).select_from(table)) == 0
