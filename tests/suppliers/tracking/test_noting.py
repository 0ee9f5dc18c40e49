from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from assess.kit.db import Database
from assess.people.organisations.deleting import delete_organisation
from assess.plans.shares.looking import note_look
from assess.plans.shares.models import Looked
from assess.suppliers.models import SupplierEvent, What
from assess.suppliers.tracking.lines import Way
from assess.suppliers.tracking.noting import Call, note_call, note_looked
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.plans.shares.callers import caller_of
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

pytestmark = pytest.mark.both_databases


def looks(session: object, supplier_id: object) -> int:
    return [event.what for event in trail_of(session, [supplier_id])].count(What.LOOKED)  # type: ignore[arg-type,list-item]


def test_reading_a_share_is_noted_once_for_each_person_and_day_of_the_country(published: Database) -> None:
    with published.writing() as session:
        ann, bob = (a_person(session, f"{name}@people.example") for name in ("ann", "bob"))
        council = a_buyer(session, "The Council", buyer=[ann, bob])  # type: ignore[arg-type]
        farm = a_supplier(session, council, "Farm", sector="farming")
        grant = shared(session, invited(session, farm))
        for who in (ann, ann, bob):
            for what in Looked:
                note_look(session, grant, caller_of(who, council.id), what, TODAY)
        assert looks(session, farm.id) == 2
        note_look(session, grant, caller_of(ann, council.id), Looked.PAGE, later(1))
        assert looks(session, farm.id) == 3
        grant.supplier_id = None
        note_look(session, grant, caller_of(ann, council.id), Looked.PAGE, later(2))
        assert looks(session, farm.id) == 3
        # a summer night: before and after midnight in Norfolk, the same day in UTC
        note_looked(session, [farm.id], ann.id, datetime(2027, 6, 30, 22, 30, tzinfo=UTC))
        note_looked(session, [farm.id], ann.id, datetime(2027, 6, 30, 23, 30, tzinfo=UTC))
        assert looks(session, farm.id) == 5


def test_two_looks_at_once_are_one(database: Database) -> None:
    with database.writing() as session:
        ann = a_person(session, "ann@people.example")
        farm = a_supplier(session, a_buyer(session, "The Council", buyer=ann), "Farm")
    ready = threading.Barrier(2)

    def look() -> None:
        ready.wait()
        with database.writing() as session:
            note_looked(session, [farm.id], ann.id, TODAY)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert looks(session, farm.id) == 1


def test_an_entry_cannot_be_changed_or_taken_out_and_goes_with_its_buyer(database: Database) -> None:
    with database.writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        other = a_supplier(session, a_buyer(session, "The Shop"), "Farm")
        farm = a_supplier(session, council, "Farm")
        note_call(session, farm, Call(Way.CALL, date(2026, 11, 23), "They will begin"), TODAY, by=ann.id)
        mine = SupplierEvent.supplier_id == farm.id
        for wrong in (
            update(SupplierEvent).where(mine).values(at=later(1)),
            text("UPDATE supplier_event SET details = '{}'"),
            update(SupplierEvent).where(mine).values(what=What.SENT, by_person=None),
            update(SupplierEvent).where(mine).values(supplier_id=other.id),
            delete(SupplierEvent).where(mine),
            text("DELETE FROM supplier_event"),
        ):
            inner = session.begin_nested()
            with pytest.raises(DBAPIError, match="stays as it is"):
                session.execute(wrong)
            inner.rollback()
        session.execute(update(SupplierEvent).where(mine).values(by_person=None))
        assert len(trail_of(session, [farm.id])) == 2
        delete_organisation(session, council)
        session.expire_all()
        assert session.scalar(select(func.count()).where(mine)) == 0
        assert len(trail_of(session, [other.id])) == 1
