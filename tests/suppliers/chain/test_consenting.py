from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from assess.kit.db import Database
from assess.people.organisations.naming import NameUnfitError
from assess.suppliers.chain.consenting import customer_of, customers_of, fixed_name, name_us, naming_of, show
from assess.suppliers.chain.models import ChainNaming, ChainShowing, Shows
from assess.suppliers.models import Supplier
from tests.conftest import TODAY
from tests.people.persons import an_organisation
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.both_databases


def test_all_is_off_until_somebody_says_otherwise(database: Database) -> None:
    with database.writing() as session:
        council, shop, farm = (a_buyer(session, name) for name in ("The Council", "A Shop", "Farm"))
        for buyer in (council, shop):
            a_supplier(session, buyer, "Farm").organisation_id = farm.id
        session.flush()
        found = customers_of(session, farm)
        assert [(one.buyer.name, one.shows, one.may_name) for one in found] == [
            ("A Shop", Shows.OFF, False),
            ("The Council", Shows.OFF, False),
        ]
        show(session, farm.id, shop.id, Shows.NUMBER, TODAY)
        assert [one.shows for one in customers_of(session, farm)] == [Shows.NUMBER, Shows.OFF]
        assert customer_of(session, shop, council.id) is None
        assert customers_of(session, council) == []


def test_a_confirmed_name_stands_for_what_was_typed_and_another_one_must_be_fit(database: Database) -> None:
    with database.writing() as session:
        council, farm, new = a_buyer(session, "Council"), a_buyer(session, "Farm"), an_organisation(session, "New")
        first, second, third = (a_supplier(session, council, name) for name in "ABC")
        first.organisation_id = second.organisation_id = farm.id
        third.organisation_id = new.id
        session.flush()
        name_us(session, first, "Something else", TODAY, may=True)
        assert [naming_of(session, one).name for one in (first, second)] == ["Farm", "Farm"]  # type: ignore[union-attr]
        assert naming_of(session, third) is None
        assert (fixed_name(session, farm.id), fixed_name(session, new.id), fixed_name(session, None)) == (
            "Farm",
            None,
            None,
        )
        for typed in ("", "  ", "x" * 121, "see https://evil.example"):
            with pytest.raises(NameUnfitError, match="the name by which you may be shown"):
                name_us(session, third, typed, TODAY, may=True)
        assert naming_of(session, third) is None, "nothing half-written"
        name_us(session, third, "", TODAY, may=False)
        assert [one.may for one in session.scalars(select(ChainNaming)).all()].count(True) == 2


def test_of_two_who_say_it_for_the_first_time_at_once_both_are_heard(database: Database) -> None:
    with database.writing() as session:
        council, farm = a_buyer(session, "Council"), a_buyer(session, "Farm")
        entry = a_supplier(session, council, "Farm").id
    ready = threading.Barrier(2)

    def say() -> None:
        ready.wait()
        with database.writing() as session:
            show(session, farm.id, council.id, Shows.NAMES, TODAY)
            name_us(session, session.get_one(Supplier, entry), "Farm", TODAY, may=True)

    threads = [threading.Thread(target=say) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as look:
        assert [one.shows for one in look.scalars(select(ChainShowing))] == [Shows.NAMES]
        assert [one.may for one in look.scalars(select(ChainNaming))] == [True]
