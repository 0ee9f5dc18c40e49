from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.suppliers.importing.placing import details_of, filled, place
from assess.suppliers.keeping import Details
from assess.suppliers.models import Size, Supplier, SupplierEvent, What
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.both_databases


def test_blanks_are_filled_and_nothing_is_overwritten() -> None:
    there = Details("A Farm", "a@farm.example", size=Size.SMALL, spend_gbp=0)
    more = Details("A FARM", "b@farm.example", "01603 123456", area="norfolk", size=Size.LARGE, spend_gbp=5)
    assert filled(there, more) == Details(
        "A Farm", "a@farm.example", "01603 123456", area="norfolk", size=Size.SMALL, spend_gbp=0
    )


def test_a_supplier_that_is_there_is_found_and_completed_and_others_are_new(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        known = a_supplier(session, council, "A Farm", reference="S-1")
        named = a_supplier(session, council, "B Farm")
        a_supplier(session, shop, "C Farm", email="c@farm.example")
        again, is_new = place(session, council.id, Details("A Farm", "a@farm.example", reference="s-1"), TODAY, by=None)
        assert (again.id, is_new, again.email) == (known.id, False, "a@farm.example")
        assert again.reference == "S-1"
        by_name, is_new = place(session, council.id, Details("b farm", "b@farm.example"), TODAY, by=None)
        assert (by_name.id, is_new, details_of(by_name).email) == (named.id, False, "b@farm.example")
        assert not place(session, council.id, Details("B Farm", "b@farm.example"), TODAY, by=None)[1], "found by both"
        new, is_new = place(session, council.id, Details("C Farm", "c@farm.example"), TODAY, by=None)
        assert (new.buyer_id, is_new) == (council.id, True)
        assert session.scalar(select(func.count()).select_from(Supplier)) == 4
        changed = select(SupplierEvent.supplier_id).where(SupplierEvent.what == What.CHANGED)
        assert sorted(session.scalars(changed)) == sorted([known.id, named.id]), "no word where nothing was filled in"
