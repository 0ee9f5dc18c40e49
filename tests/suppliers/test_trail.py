"""The trail: what it says, its order, and that the database keeps it as it was written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.suppliers.models import Supplier, SupplierEvent, What
from assess.suppliers.trail import WORDS, trail_of, words_of, write
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, later

pytestmark = pytest.mark.both_databases


def test_there_are_words_for_everything() -> None:
    assert set(WORDS) == set(What)
    assert WORDS[What.ANSWERS_REMOVED] == "The supplier’s answers were removed"


def test_what_was_undone_does_not_read_as_if_it_stood() -> None:
    said = {
        (what, key): words_of(SupplierEvent(what=what, details={key: "yes"} if key else {}))
        for what in (What.OTHER_RESULT_TAKEN, What.OTHER_RESULT_REFUSED, What.OTHER_RESULT_TOLD)
        for key in ("", "undone", "taken_back")
    }
    assert said[What.OTHER_RESULT_TAKEN, ""] == WORDS[What.OTHER_RESULT_TAKEN]
    assert "undone" in said[What.OTHER_RESULT_TAKEN, "undone"]
    assert "undone" in said[What.OTHER_RESULT_REFUSED, "undone"]
    assert "took back" in said[What.OTHER_RESULT_TOLD, "taken_back"]


def test_the_oldest_comes_first(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    write(session, farm.id, What.CALLED, later(2))
    write(session, farm.id, What.ASKED, later(1), due="2026-12-24")
    assert [event.what for event in trail_of(session, [farm.id])] == [What.ADDED, What.ASKED, What.CALLED]


def test_the_order_of_a_day_does_not_give_back_the_hour_of_what_a_supplier_did(session: Session) -> None:
    council = a_buyer(session, "The Council")
    days = []
    for order in ((1, 2, 3, 4), (4, 3, 2, 1)):
        farm = a_supplier(session, council, f"Farm {order[0]}")
        for hour, what in zip(order, (What.OPENED, What.STARTED, What.SUBMITTED, What.SHARED), strict=True):
            write(session, farm.id, what, later(1) + timedelta(hours=hour))
        for hour, what in ((2, What.CALLED), (5, What.CHANGED)):
            write(session, farm.id, what, later(1) + timedelta(hours=hour, minutes=30))
        write(session, farm.id, What.ASKED, later(2))
        days.append([event.what for event in trail_of(session, [farm.id])][1:])
    assert days[0] == days[1]
    assert days[0] == [
        What.CALLED,
        What.CHANGED,
        What.OPENED,
        What.STARTED,
        What.SUBMITTED,
        What.SHARED,
        What.ASKED,
    ]


def test_of_two_entries_that_are_one_neither_is_told_to_have_acted_first(session: Session) -> None:
    council = a_buyer(session, "The Council")
    both = [a_supplier(session, council, name).id for name in ("Farm", "Farm Ltd")]
    for day, order in ((1, both), (2, both[::-1])):
        for hour, one in enumerate(order):
            write(session, one, What.SUBMITTED, later(day) + timedelta(hours=hour))
    acts = [event.supplier_id for event in trail_of(session, both) if event.what is What.SUBMITTED]
    assert acts[:2] == acts[2:]


@pytest.mark.parametrize("what", ["change", "remove"])
def test_nobody_changes_it_or_removes_it_alone(session: Session, what: str) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    statement = update(SupplierEvent).values(at=TODAY) if what == "change" else delete(SupplierEvent)
    if what == "change":
        statement = update(SupplierEvent).values(at=later(1))
    with pytest.raises(DBAPIError, match="stays as it is"):
        session.execute(statement.where(SupplierEvent.supplier_id == farm.id))


def test_it_goes_with_its_supplier(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    farm_id = farm.id
    session.execute(delete(Supplier).where(Supplier.id == farm_id))
    assert trail_of(session, [farm_id]) == []
