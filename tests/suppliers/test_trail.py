"""The trail: what it says, its order, and that the database keeps it as it was written."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.suppliers.models import Supplier, SupplierEvent, What
from assess.suppliers.trail import WORDS, trail_of, words_of, write
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, later


def test_there_are_words_for_everything() -> None:
    assert set(WORDS) == set(What)
    assert WORDS[What.ANSWERS_REMOVED] == "The supplier removed its answers"


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
