from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.kit.encryption import use_keys
from assess.kit.jobs.models import Job
from assess.people.models import Organisation
from assess.suppliers.importing.checking import CheckedRow, Fault
from assess.suppliers.importing.keeping import (
    KEPT_FOR_REPAIR,
    KEPT_UNCONFIRMED,
    TooLateError,
    Wishes,
    confirm,
    count_rows,
    discard,
    forget_old,
    has_what_to_repair,
    import_of,
    imports_of,
    rows_of,
    stop,
    store,
)
from assess.suppliers.importing.models import Outcome, State, SupplierImport, SupplierImportRow
from assess.suppliers.keeping import Details
from tests.conftest import TODAY
from tests.readable import NoKeys
from tests.suppliers.makers import a_buyer, a_supplier, invited

pytestmark = pytest.mark.both_databases

ASKS = Wishes(asks=True, sector="farming", quick=False, due=date(2026, 12, 24), message="", in_busy_season=False)
BAD = CheckedRow(
    2, {"name": "Canary Cages", "email": "x"}, None, None, (Fault("email", "Row 2, email: No. Repair it."),)
)
GOOD = CheckedRow(3, {}, Details("A Farm", "a@farm.example"), None, ())


def kept(database: Database, *rows: CheckedRow, name: str = "list.csv", due: date | None = None) -> SupplierImport:
    with database.writing() as session:
        council = a_buyer(session, "The Council")
        wishes = (
            ASKS
            if due is None
            else Wishes(asks=True, sector=None, quick=True, due=due, message="", in_busy_season=False)
        )
        return store(session, council.id, name, rows or (BAD, GOOD), wishes, {}, TODAY, by=None)


def test_what_was_read_waits_and_is_that_of_one_buyer(published: Database) -> None:
    one, other = kept(published, name="C:\\Users\\jo\\list\u202e.csv"), kept(published)
    with published.reading() as look:
        assert import_of(look, one.buyer_id, one.id) is not None
        assert import_of(look, other.buyer_id, one.id) is None
        assert [found.id for found in imports_of(look, one.buyer_id)] == [one.id]
        assert (one.state, one.file_name) == (State.PREVIEW, "list.csv")
        counts = count_rows(look, one)
        assert (counts.all, counts.good, counts.bad, counts.on_list, counts.worked) == (2, 1, 1, 0, 0)
        assert [row.number for row in rows_of(look, one.id, [Outcome.BAD])] == [2]
        assert look.scalar(select(func.count()).select_from(Job)) == 0


def test_who_is_on_the_list_was_asked_or_has_no_address_is_counted(published: Database) -> None:
    rows = [
        CheckedRow(2, {}, Details("Asked", "a@x.example"), None, ()),
        CheckedRow(3, {}, Details("Listed", "b@x.example"), None, ()),
        CheckedRow(4, {}, Details("No mail"), None, ()),
        CheckedRow(5, {}, Details("No mail here", reference="5"), None, ()),
    ]
    one = kept(published, *rows)
    with published.writing() as session:
        a_supplier(session, a_buyer(session, "Another"), "No mail")
        own = session.get_one(Organisation, one.buyer_id)
        invited(session, a_supplier(session, own, "Asked", email="a@x.example"))
        a_supplier(session, own, "Listed", email="b@x.example")
        a_supplier(session, own, "No mail here", reference="5", email="there@x.example")
        counts = count_rows(session, one)
    assert (counts.on_list, counts.already_asked, counts.without_address) == (3, 1, 1)


def test_confirming_twice_orders_one_job_and_stopping_forgets_what_waited(published: Database) -> None:
    one = kept(published)
    with published.writing() as session:
        found = import_of(session, one.buyer_id, one.id, lock=True)
        assert found is not None
        confirm(session, found, TODAY, TODAY.date())
        confirm(session, found, TODAY, TODAY.date())
        assert session.scalar(select(func.count()).select_from(Job)) == 1
        discard(session, found)
        assert found.state is State.CONFIRMED, "what is under way is not discarded"
        stop(session, found, TODAY)
        stop(session, found, TODAY + timedelta(days=1))
        assert (found.state, found.ended_at) == (State.CANCELLED, TODAY)
        session.flush()
        session.expire_all()
        assert [bool(row.values) for row in rows_of(session, one.id, list(Outcome))] == [True, False]


def test_a_day_that_is_over_is_told_before_anything_is_done(published: Database) -> None:
    one = kept(published, due=date(2026, 11, 25))
    with published.writing() as session:
        found = session.get_one(SupplierImport, one.id)
        with pytest.raises(TooLateError, match="later day"):
            confirm(session, found, TODAY, date(2026, 11, 25))
        assert found.state is State.PREVIEW


def test_previews_are_forgotten_after_a_week_and_repairs_after_three_months(published: Database) -> None:
    preview, done = kept(published), kept(published)
    with published.writing() as session:
        session.get_one(SupplierImport, done.id).state = State.DONE
        session.get_one(SupplierImport, done.id).ended_at = TODAY
        assert forget_old(session, TODAY + KEPT_UNCONFIRMED) == 0
        assert has_what_to_repair(session, done.id)
        assert forget_old(session, TODAY + KEPT_UNCONFIRMED + timedelta(seconds=1)) == 1
        forget_old(session, TODAY + KEPT_FOR_REPAIR)
        assert has_what_to_repair(session, done.id)
        forget_old(session, TODAY + KEPT_FOR_REPAIR + timedelta(seconds=1))
    with published.writing() as session:
        assert not has_what_to_repair(session, done.id)
        assert session.get(SupplierImport, preview.id) is None
        rows = session.scalars(select(SupplierImportRow)).all()
        assert {(row.import_id, bool(row.values), bool(row.faults)) for row in rows} == {(done.id, False, False)}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_a_discarded_file_said_is_nowhere_in_the_database_file(published: Database) -> None:
    use_keys(published.engine, NoKeys())  # the file is searched for words
    one = kept(published)
    path = published.engine.url.database
    assert path is not None

    def there() -> bool:
        files = [Path(path), Path(f"{path}-wal")]
        return any(b"Canary Cages" in file.read_bytes() for file in files if file.exists())

    assert there(), "else this test could not fail"
    with published.writing() as session:
        discard(session, session.get_one(SupplierImport, one.id))
    assert not there()
