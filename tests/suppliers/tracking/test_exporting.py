from __future__ import annotations

import csv
import io
import tracemalloc
import uuid
from datetime import date

import pytest
from sqlalchemy import insert

from assess.kit.db import Database
from assess.kit.formulas import unguarded
from assess.kit.spreadsheets import MARK
from assess.plans.shares.granting import end
from assess.suppliers.keeping import Details, add
from assess.suppliers.merging.keeping import put_together
from assess.suppliers.models import Supplier, SupplierEvent, What
from assess.suppliers.tracking.exporting import TITLES, trail_file, trail_of_all
from assess.suppliers.tracking.lines import Way
from assess.suppliers.tracking.noting import Call, note_call
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared


def rows_in(content: bytes) -> list[list[str]]:
    text = content.decode()
    assert text.startswith(MARK)
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_a_file_has_iso_dates_and_nothing_that_a_spreadsheet_runs(database: Database) -> None:
    with database.writing() as session:
        ann = a_person(session, "ann@people.example")
        ann.name = "=cmd|' /C calc'!A1"
        council = a_buyer(session, "The Council", buyer=ann)
        farm, twin = a_supplier(session, council, "+Farm", reference="@7"), a_supplier(session, council, "Twin")
        note_call(session, farm, Call(Way.CALL, date(2026, 11, 23), "-1;=2\nthen “so”"), later(1), by=ann.id)
        put_together(session, twin, farm, later(2), by=ann.id)
        head, *rows = rows_in(trail_file(session, twin))
        assert head == list(TITLES)
        assert len(rows) == 5
        assert all(not cell.startswith(tuple("=+-@")) for row in rows for cell in row)
        called = next(row for row in rows if row[5] == "Followed up")
        assert [unguarded(cell) for cell in called] == [
            "+Farm",
            "",
            "@7",
            "2026-11-25",
            "2026-11-25T09:30:00Z",
            "Followed up",
            "=cmd|' /C calc'!A1",
            "A phone call on 23 November 2026: -1;=2\nthen “so”",
        ]
        assert {(row[0], unguarded(row[1])) for row in rows if row[0] == "Twin"} == {("Twin", "+Farm")}


def test_a_file_tells_what_a_supplier_did_by_its_day_alone(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Farm", sector="farming")
        grant = shared(session, invited(session, farm), now=later(1))
        end(session, grant, later(1))
        one = trail_file(session, farm)
    for content in (one, b"".join(trail_of_all(published, council.id))):
        rows = [row[3:7] for row in rows_in(content)[1:]]
        assert rows == [
            ["2026-11-24", "2026-11-24T09:30:00Z", "Put on the list", "Somebody who has left"],
            ["2026-11-24", "2026-11-24T09:30:00Z", "Asked to answer", "Somebody who has left"],
            ["2026-11-25", "", "The supplier opened the request", "The supplier"],
            ["2026-11-25", "", "The supplier began to answer", "The supplier"],
            ["2026-11-25", "", "The supplier finished its answers", "The supplier"],
            ["2026-11-25", "", "The supplier shared its result", "The supplier"],
            ["2026-11-25", "", "What was shared is over", ""],
        ]


@pytest.mark.parametrize("at_a_time", [1, 2, 100])
def test_all_of_one_buyer_and_nothing_of_another_whatever_the_pieces(database: Database, at_a_time: int) -> None:
    with database.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        names = ["B", "A", "Ä", "a", "B", "C"]
        made = [
            add(session, council.id, Details(name, reference=str(place)), TODAY, by=None)[0]
            for place, name in enumerate(names)
        ]
        put_together(session, made[0], made[1], later(1), by=None)
        a_supplier(session, shop, "Secret Farm")
    content = b"".join(trail_of_all(database, council.id, at_a_time=at_a_time))
    head, *rows = rows_in(content)
    assert head == list(TITLES)
    assert sorted((row[0], row[2]) for row in rows if row[5] == "Put on the list") == sorted(
        (name, str(place)) for place, name in enumerate(names)
    )
    assert b"Secret" not in content
    assert [row[1] for row in rows if row[2] == "0"] == ["A", "A"]
    assert rows_in(b"".join(trail_of_all(database, uuid.uuid4()))) == [list(TITLES)]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_five_times_as_many_suppliers_take_no_more_memory(database: Database) -> None:
    few, many = (peak_of(database, number) for number in (300, 1500))
    assert many < few * 1.5, (few, many)


def peak_of(database: Database, number: int) -> int:
    """The most bytes that were held while the file of a buyer with so many suppliers was written."""
    with database.writing() as session:
        council = a_buyer(session, f"Council of {number}")
        like = a_supplier(session, council, "Supplier")
        base = {column.name: getattr(like, column.name) for column in Supplier.__table__.columns}
        made = [{**base, "id": uuid.uuid4(), "name": f"Supplier {one}", "identity": str(one)} for one in range(number)]
        asked = {"what": What.ASKED, "at": TODAY, "details": {"due": "2026-12-24"}}
        session.execute(insert(Supplier), made)
        session.execute(insert(SupplierEvent), [{"supplier_id": one["id"], **asked} for one in made])
    tracemalloc.start()
    lines = sum(piece.count(b"\r\n") for piece in trail_of_all(database, council.id))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == number + 2
    return peak
