from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from assess.kit.db import Database
from assess.people.models import Organisation
from assess.suppliers.importing.models import Outcome, State, SupplierImport, SupplierImportRow
from assess.suppliers.models import Supplier
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.both_databases


def test_everything_of_an_import_goes_with_its_buyer_and_a_row_outlives_its_supplier(database: Database) -> None:
    with database.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "A Farm")
        one = SupplierImport(
            buyer_id=council.id,
            file_name="list.csv",
            asks=False,
            quick=True,
            message="",
            in_busy_season=False,
            told={},
            state=State.DONE,
            made_at=TODAY,
        )
        session.add(one)
        session.flush()
        row = {"import_id": one.id, "values": {}, "faults": {}, "outcome": Outcome.ADDED}
        session.add(SupplierImportRow(number=2, supplier_id=farm.id, **row))
        session.flush()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(SupplierImportRow.__table__.insert().values(number=2, **row))
    with database.writing() as session:
        session.execute(delete(Supplier))
        assert session.scalars(select(SupplierImportRow)).one().supplier_id is None
        session.execute(delete(Organisation))
        assert session.scalar(select(func.count()).select_from(SupplierImportRow)) == 0
