from __future__ import annotations

import csv
import gc
import io
import tracemalloc
import uuid
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import insert
from werkzeug.datastructures import MultiDict

from assess.core.db import Database
from assess.core.exports import UTF8_BOM, unescape_formulas
from assess.core.forms.form import FormResult
from assess.sharing.services import end_share_grant
from assess.suppliers import views_activity_log
from assess.suppliers.activity_log import (
    MAX_FOLLOW_UP_LENGTH,
    FollowUp,
    FollowUpMethod,
    log_follow_up,
    log_supplier_event,
)
from assess.suppliers.duplicates import merge_suppliers
from assess.suppliers.models import Supplier, SupplierEvent, SupplierEventType
from assess.suppliers.services import SupplierDetails, add_supplier
from assess.suppliers.views_activity_log import CSV_TITLES, activity_log_csv, follow_up_form, stream_activity_logs
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

TODAY = date(2026, 11, 24)


def read(way: str, on: str, agreed: str) -> FormResult:
    return follow_up_form(TODAY).read(MultiDict({"way": way, "on": on, "agreed": agreed}))


@pytest.mark.parametrize("typed", ["3 11 2026", "03/11/2026", "3.11.2026", "3-11-2026", "2026-11-03", "3 Nov 26"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    call = FollowUp(**read("call", typed, "They will begin").values)
    assert call == FollowUp(FollowUpMethod.CALL, date(2026, 11, 3), "They will begin")


@pytest.mark.parametrize(
    ("way", "on", "agreed", "field"),
    [
        ("", "3 11 2026", "x", "way"),
        ("pigeon", "3 11 2026", "x", "way"),
        ("call", "", "x", "on"),
        ("call", "31 2 2026", "x", "on"),
        ("call", "25 11 2026", "x", "on"),
        ("call", "1 1 2020", "x", "on"),
        ("call", "3 11 0000", "x", "on"),
        ("call", "3 11 2026", "", "agreed"),
        ("call", "3 11 2026", "\x00 \u202e", "agreed"),
        ("call", "3 11 2026", "by\x00 May", "agreed"),
        ("call", "3 11 2026", "x" * (MAX_FOLLOW_UP_LENGTH + 1), "agreed"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(way: str, on: str, agreed: str, field: str) -> None:
    errors = read(way, on, agreed).errors
    assert list(errors) == [field]
    assert errors[field].endswith(".")


def test_words_keep_their_lines_and_lose_what_turns_them_round() -> None:
    call = FollowUp(**read("email", "2026-11-24", " A  plan \r\nby\u202e May ").values)
    assert call == FollowUp(FollowUpMethod.EMAIL, TODAY, "A plan\nby May")


def rows_in(content: bytes) -> list[list[str]]:
    text = content.decode()
    assert text.startswith(UTF8_BOM)
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_a_file_has_iso_dates_and_nothing_that_a_spreadsheet_runs(database: Database) -> None:
    with database.writing() as session:
        ann = a_person(session, "ann@people.example")
        ann.name = "=cmd|' /C calc'!A1"
        council = a_buyer(session, "The Council", buyer=ann)
        farm, twin = a_supplier(session, council, "+Farm", reference="@7"), a_supplier(session, council, "Twin")
        log_follow_up(
            session, farm, FollowUp(FollowUpMethod.CALL, date(2026, 11, 23), "-1;=2\nthen “so”"), later(1), by=ann.id
        )
        merge_suppliers(session, twin, farm, later(2), by=ann.id)
        head, *rows = rows_in(activity_log_csv(session, twin))
        assert head == list(CSV_TITLES)
        assert len(rows) == 5
        assert all(not cell.startswith(tuple("=+-@")) for row in rows for cell in row)
        called = next(row for row in rows if row[5] == "Followed up")
        assert [unescape_formulas(cell) for cell in called] == [
            "+Farm",
            "",
            "@7",
            "2026-11-25",
            "2026-11-25T09:30:00Z",
            "Followed up",
            "=cmd|' /C calc'!A1",
            "A phone call on 23 November 2026: -1;=2\nthen “so”",
        ]
        assert {(row[0], unescape_formulas(row[1])) for row in rows if row[0] == "Twin"} == {("Twin", "+Farm")}


def test_a_file_tells_what_a_supplier_did_by_its_day_alone(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Farm", sector="farming")
        grant = shared(session, invited(session, farm), now=later(1))
        end_share_grant(session, grant, later(1))
        one = activity_log_csv(session, farm)
    for content in (one, b"".join(stream_activity_logs(published, council.id))):
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
            add_supplier(session, council.id, SupplierDetails(name, reference=str(place)), CONFTEST_TODAY, by=None)[0]
            for place, name in enumerate(names)
        ]
        merge_suppliers(session, made[0], made[1], later(1), by=None)
        a_supplier(session, shop, "Secret Farm")
    content = b"".join(stream_activity_logs(database, council.id, at_a_time=at_a_time))
    head, *rows = rows_in(content)
    assert head == list(CSV_TITLES)
    assert sorted((row[0], row[2]) for row in rows if row[5] == "Put on the list") == sorted(
        (name, str(place)) for place, name in enumerate(names)
    )
    assert b"Secret" not in content
    assert [row[1] for row in rows if row[2] == "0"] == ["A", "A"]
    assert rows_in(b"".join(stream_activity_logs(database, uuid.uuid4()))) == [list(CSV_TITLES)]


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
        asked = {"what": SupplierEventType.ASKED, "at": CONFTEST_TODAY, "details": {"due": "2026-12-24"}}
        session.execute(insert(Supplier), made)
        session.execute(insert(SupplierEvent), [{"supplier_id": one["id"], **asked} for one in made])
    gc.freeze()  # what the tests hold is looked through no more: there is a thousand times as much of it
    tracemalloc.start()
    lines = 0
    for piece in stream_activity_logs(database, council.id):
        lines += piece.count(b"\r\n")
        gc.collect()  # rows point to one another in circles: when the interpreter would free them is chance
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gc.unfreeze()
    assert lines == number + 2
    return peak


@pytest.fixture
def here(app: Flask, visit: Visitor) -> str:
    """The address of a supplier of the signed-in buyer."""
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen <i>Edge", sector="farming")
        invited(session, farm)
        a_supplier(session, a_buyer(session, "The Shop"), "Secret Farm")
    sign_in(visit, app, ann)
    return f"/organisations/{council.id}/suppliers/{farm.id}"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_call_is_noted_and_stands_in_the_activity_log_and_its_files(visit: Visitor, here: str) -> None:
    page = visit(f"{here}/activity-log")
    assert page.heading == "The activity log of Fen <i>Edge"
    assert "2 entries, the latest first" in page.text
    assert page.soup.time is not None
    visit(f"{here}/follow-ups")
    page = visit.send("/follow-ups", way="visit", on="23 11 2026", agreed="They will begin <now>")
    assert page.address == f"{here}/activity-log"
    assert "Noted." in page.text
    assert "A visit on 23 November 2026: They will begin <now>" in page.text
    assert "ann@people.example" in page.text
    printed = visit(f"{here}/activity-log/print")
    assert printed.text.index("Put on the list") < printed.text.index("Followed up")
    for address in (f"{here}/activity-log.csv", f"{here.rsplit('/', 1)[0]}/activity-log.csv"):
        page = visit(address)
        assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert page.headers["Content-Disposition"] == 'attachment; filename="trail-2026-11-24.csv"'
        assert page.html.count("\r\n") == 4
        assert "Secret" not in page.html


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_page_tells_the_hour_of_what_a_supplier_did(app: Flask, visit: Visitor, here: str) -> None:
    with database_of(app).writing() as session:
        supplier_id = uuid.UUID(here.rsplit("/", 1)[1])
        for what in (
            SupplierEventType.OPENED,
            SupplierEventType.STARTED,
            SupplierEventType.SUBMITTED,
            SupplierEventType.SHARE_OVER,
        ):
            log_supplier_event(session, supplier_id, what, CONFTEST_TODAY)
    for address in (f"{here}/activity-log", f"{here}/activity-log/print"):
        page = visit(address)
        assert "by its day alone" in page.text
        told = {
            row.select("td")[0].get_text(strip=True): (row.th.get_text(strip=True), row.time["datetime"])
            for row in page.soup.select("tbody tr")
            if row.th and row.time
        }
        assert told["Asked to answerUntil 24 December 2026"] == ("24 November 2026, 09:30", "2026-11-24T09:30:00Z")
        for words in (
            "The supplier opened the request",
            "The supplier finished its answers",
            "What was shared is over",
        ):
            assert told[words] == ("24 November 2026", "2026-11-24")
    page = visit(here)
    assert "24 November 2026: What was shared is over" in page.text
    assert "(This service" not in page.text
    assert "()" not in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_is_wrong_with_a_call_is_said_and_nothing_is_lost(visit: Visitor, here: str) -> None:
    visit(f"{here}/follow-ups")
    page = visit.send("/follow-ups", on="soon", agreed="They will begin")
    assert page.status == 422
    assert "Choose how you followed it up." in page.text
    assert "Enter a date, like 27 3 2026." in page.text
    assert page.fields("/follow-ups")["agreed"] == ["They will begin"]
    assert page.fields("/follow-ups")["on"] == ["soon"]
    assert "Followed up" not in visit(f"{here}/activity-log").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_long_activity_log_comes_in_pages(
    app: Flask, visit: Visitor, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_activity_log, "ENTRIES_PER_PAGE", 3)
    with database_of(app).writing() as session:
        for _ in range(3):
            log_supplier_event(session, uuid.UUID(here.rsplit("/", 1)[1]), SupplierEventType.CHANGED, CONFTEST_TODAY)
    page = visit(f"{here}/activity-log")
    assert len(page.soup.select("tbody tr")) == 3
    page = visit(f"{here}/activity-log?page=2")
    assert len(page.soup.select("tbody tr")) == 2
    assert visit(f"{here}/activity-log?page=99").status == 200
