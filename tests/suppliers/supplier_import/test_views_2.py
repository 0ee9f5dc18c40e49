from __future__ import annotations

import fcntl
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.core.application import MAX_REQUEST_BYTES
from assess.core.config import Settings
from assess.core.jobs.services import lease_next_job
from assess.core.jobs.worker import Worker, run_job
from assess.core.models import AuditEvent, Job, JobState
from assess.core.rate_limits import Limit
from assess.core.route_permissions import route_verb
from assess.core.sandbox import BUSY_MESSAGE
from assess.core.security import GUEST_COOKIE, cookie_name
from assess.identity.models import NameState
from assess.suppliers.models import ImportState, Supplier, SupplierImport, SupplierInvitation
from assess.suppliers.supplier_import.services import IMPORT_JOB
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, sign_in
from tests.suppliers.factories import a_buyer
from tests.suppliers.supplier_import.conftest import ASKED, Office, multipart
from tests.suppliers.supplier_import.supplier_lists import a_list, as_csv, as_xlsx

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def settings(mails_to_nobody: Settings) -> Settings:
    return mails_to_nobody


def work(office: Office, settings: Settings) -> None:
    """What the worker does, without the letters: nobody listens here."""
    shift = Worker.begin(office.database, settings, lambda: TODAY)
    with shift.writing() as (session, now):
        held = lease_next_job(session, shift.owner, now)
    assert held is not None
    assert held.kind.name == IMPORT_JOB
    run_job(shift, held)


def the_import(office: Office) -> SupplierImport:
    with office.database.reading() as session:
        return session.scalars(select(SupplierImport)).one()


def test_a_buyer_reads_confirms_and_sees_what_came_of_it(office: Office, settings: Settings) -> None:
    rows, bad = a_list(100)
    page = office.send("Our list.csv", as_csv(rows))
    assert page.status == 200
    assert page.heading == "We read 100 rows"
    assert "70 rows are good. 30 rows have to be repaired." in page.text
    assert "on your list already." not in page.text, "a count of nothing is left out"
    assert f"Row {bad[0]}, name: Enter the name of the supplier." in page.text
    assert "nobody has been written to" in page.text
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Supplier)) == 0, "nothing before the button"
    page = office.visit.send("/confirm")
    assert page.heading == "We are working on your list"
    assert "0 of 70 suppliers done." in page.text
    work(office, settings)
    page = office.visit(page.address)
    assert page.heading == "Your list is done"
    assert "70 suppliers: asked" in page.text
    assert "30 rows: to be repaired" in page.text
    page = office.visit(office.address)
    assert [cell.get_text() for cell in page.soup.select("tbody td")][2:] == ["100", "70", "0", "30"]
    page = office.send("again.csv", as_csv(rows))
    assert "70 suppliers are on your list already" in page.text
    assert "70 suppliers were asked before and will not be asked again." in page.text
    assert "Nobody is left to ask" in page.text
    assert "Ask 0 suppliers" not in page.text, "no button that asks nobody"


def test_repaired_rows_are_sent_again_and_added_alone(office: Office, settings: Settings) -> None:
    rows, _bad = a_list(100)
    office.send("list.xlsx", as_xlsx(rows))
    page = office.visit.send("/confirm")
    work(office, settings)
    file = office.visit.client.get(f"{page.address}/rows-to-repair.csv")
    assert file.headers["Content-Disposition"] == 'attachment; filename="suppliers-to-repair.csv"'
    lines = file.get_data(as_text=True)
    assert lines.count("\r\n") == 31
    assert "Enter the name of the supplier." in lines
    page = office.send("suppliers-to-repair.csv", file.get_data())
    assert "29 rows have to be repaired." in page.text, "not repaired yet"
    assert "1 row is good." in page.text, "the one that was there twice stands alone now"
    assert "1 supplier was asked before and will not be asked again." in page.text
    assert "We do not know" not in page.text, "number and reason are ours"


def test_faults_of_the_form_are_told_and_what_was_typed_stays(office: Office) -> None:
    page = office.send("list.csv", None, what="", due_day="31", due_month="2", message="x" * 1001)
    assert page.status == 422
    told = [link.get_text() for link in page.soup.select(".govuk-error-summary a")]
    assert told == [
        "Choose the file with your suppliers: a workbook (.xlsx) or a CSV file.",
        "Choose whether to ask the suppliers now or only to put them on your list.",
    ]
    page = office.send("list.csv", b"name\nA Farm", due_day="31", due_month="2", message="x" * 1001)
    told = [link.get_text() for link in page.soup.select(".govuk-error-summary a")]
    assert told == [
        "Choose the file again: browsers do not keep it.",
        "There is no such day: check the day and the month.",
        "Your message has 1,001 characters. Write it in 1,000 or fewer.",
    ]
    assert page.fields("/import")["due_day"] == ["31"]
    for link in page.soup.select(".govuk-error-summary a"):
        assert page.soup.select_one(str(link["href"])), link


def test_a_file_that_cannot_be_read_gets_one_sentence(office: Office) -> None:
    page = office.send("photo.xlsx", b"\x89PNG\r\n")
    assert page.status == 422
    assert [link.get_text() for link in page.soup.select(".govuk-error-summary a")] == [
        "The file is not a list of suppliers. Save it from your spreadsheet as .xlsx or as CSV, and choose that file."
    ]
    page = office.send("big.csv", b"name\n" + b"A Farm\n" * 310_000)
    assert page.status == 422
    assert "larger than 2 MB" in page.text
    page = office.send("huge.csv", b"name\n" + b"A Farm\n" * 500_000)
    assert page.status == 413


def test_files_are_counted_for_the_buyer_whatever_the_browser_calls_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assess.suppliers.supplier_import.views.UPLOAD_LIMIT", Limit("supplier-import", 1, 3600))
    assert office.send("list.csv", b"name\nA Farm\n", what="list").status == 200
    office.visit.client.set_cookie(
        cookie_name(GUEST_COOKIE, secure=bool(office.app.config["SESSION_COOKIE_SECURE"])), "x" * 43
    )
    assert office.send("list.csv", b"name\nA Farm\n", what="list").status == 429


def test_unknown_columns_and_notes_are_told(office: Office) -> None:
    page = office.send("list.csv", b"Name,Favourite colour\nA Farm,green\n# a note\n", what="list")
    assert "We do not know this column and read over it: Favourite colour." in page.text
    assert "We read over 1 line that begins with" in page.text
    assert "Put on my list: 1 supplier" in page.text


def test_a_preview_can_be_discarded(office: Office) -> None:
    office.send("list.csv", b"name\nA Farm\n", what="list")
    page = office.visit.send("/discard")
    assert page.heading == "Add suppliers from a file"
    assert "You have not sent in a file yet." in page.text


def test_one_under_way_can_be_stopped_and_says_how_far_it_is(office: Office, settings: Settings) -> None:
    office.send("list.csv", as_csv(a_list(60, bad=False)[0]))
    page = office.visit.send("/confirm")
    told = office.visit.client.get(f"{page.address}/progress", headers={"Accept": "text/plain"})
    assert (told.status_code, told.get_data(as_text=True), told.headers["Retry-After"]) == (
        202,
        "0 of 60 suppliers done.",
        "2",
    )
    assert office.visit(f"{page.address}/progress").heading == "We are working on your list"
    office.visit(page.address)
    page = office.visit.send("/cancel")
    assert page.heading == "You stopped this"
    assert "60 suppliers: not worked on, because you stopped" in page.text
    work(office, settings)  # its job was ordered, and finds nothing to do
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Supplier)) == 0


def test_one_that_was_given_up_goes_on_at_a_press(office: Office, settings: Settings) -> None:
    office.send("list.csv", as_csv(a_list(3, bad=False)[0]))
    page = office.visit.send("/confirm")
    with office.database.writing() as session:
        session.scalars(select(Job)).one().state = JobState.FAILED
    page = office.visit(page.address)
    assert page.heading == "This has stopped"
    office.visit.send("/confirm")
    work(office, settings)
    assert the_import(office).state is ImportState.DONE


def test_a_day_that_has_come_meanwhile_is_told(app: Flask, office: Office) -> None:
    page = office.send("list.csv", as_csv(a_list(3, bad=False)[0]))
    app.config["CLOCK"] = lambda: TODAY.replace(month=12, day=24)
    sign_in(office.visit, app, office.jo)
    office.visit(page.address)
    page = office.visit.send("/confirm")
    assert page.status == 422
    assert "The last day to answer has come." in page.text
    assert the_import(office).state is ImportState.PREVIEW


def test_many_bad_rows_are_shown_in_pages(office: Office) -> None:
    page = office.send("list.csv", b"name,email\n" + b"A Farm,no\n" * 60, what="list")
    assert "Page 1 of 2" in page.text
    assert len(page.soup.select(".assess-faulty li")) == 50
    page = office.visit(f"{page.address}?page=2")
    assert len(page.soup.select(".assess-faulty li")) == 10
    assert office.visit(f"{page.address}?page=3").text == page.text


def test_a_name_that_is_not_confirmed_puts_on_the_list_and_says_what_to_do(office: Office, settings: Settings) -> None:
    with office.database.writing() as session:
        session.merge(office.council).name_state = NameState.UNCONFIRMED
    page = office.visit(office.address)
    assert "Your name is not confirmed yet" in page.text
    page = office.send("list.csv", as_csv(a_list(3, bad=False)[0]))
    assert "Your name is not confirmed yet" in page.text
    assert "Put on my list: 3 suppliers" in page.text
    page = office.visit.send("/confirm")
    work(office, settings)
    page = office.visit(page.address)
    assert "3 suppliers: put on your list, not asked" in page.text
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SupplierInvitation)) == 0


def test_another_buyer_sees_nothing_of_it(app: Flask, office: Office, another_visit: Visitor) -> None:
    page = office.send("list.csv", b"name\nA Farm\n", what="list")
    with office.database.writing() as session:
        other = a_person(session, "other@shop.example")
        shop = a_buyer(session, "The Shop", buyer=other)
    sign_in(another_visit, app, other)
    import_id = page.address.rsplit("/", 1)[1]
    for end in ("", "/rows-to-repair.csv", "/progress"):
        assert another_visit(f"/organisations/{shop.id}/suppliers/import/{import_id}{end}").status == 404
        assert another_visit(f"/organisations/{office.council.id}/suppliers/import/{import_id}{end}").status == 404
    another_visit(f"/organisations/{shop.id}/suppliers/import")
    for end in ("confirm", "discard", "cancel"):
        there = another_visit.client.post(
            f"/organisations/{shop.id}/suppliers/import/{import_id}/{end}",
            data={"csrf_token": another_visit.page.fields("/import")["csrf_token"][0]},  # type: ignore[union-attr]  # it is open
        )
        assert there.status_code == 404
    assert office.visit(f"{office.address}/{uuid.uuid4()}").status == 404


def test_files_come_to_no_other_page(office: Office) -> None:
    office.send("list.csv", b"name\nA Farm\n", what="list")
    page = office.visit.page
    assert page is not None
    fields = {"csrf_token": page.fields("/discard")["csrf_token"][0], "list": ("x.csv", b"name")}
    body, content_type = multipart(fields)
    answer = office.visit.client.post(f"{page.address}/discard", data=body, content_type=content_type)
    assert answer.status_code == 400
    page = office.visit(office.address)
    fields = {"csrf_token": page.fields("/import")["csrf_token"][0], **ASKED, "other": ("x.csv", b"name")}
    body, content_type = multipart(fields)
    assert office.visit.client.post(office.address, data=body, content_type=content_type).status_code == 400
    assert MAX_REQUEST_BYTES < 1024 * 1024


def test_an_installation_without_mail_says_so(
    open_office: Callable[[Flask], Office], app: Flask, settings: Settings
) -> None:
    app.extensions["assess.settings"] = replace(settings, mail_server=None, mail_from=None)
    office = open_office(app)
    assert "This service sends no email" in office.visit(office.address).text


def test_each_press_leaves_one_event_and_looking_none(office: Office, settings: Settings) -> None:
    for name in ("again.csv", "list.csv"):
        page = office.send(name, as_csv(a_list(3, bad=False)[0]))
        office.visit(page.address)
        office.visit.send("/discard" if name == "again.csv" else "/confirm")
    office.visit.send("/cancel")
    with office.database.reading() as session:
        events = session.scalars(
            select(AuditEvent).order_by(AuditEvent.number).offset(1)
        ).all()  # the banks came before
    views = (
        "supplier_import.add_import",
        "supplier_import.delete_import",
        "supplier_import.add_import",
        "supplier_import.confirm_import",
        "supplier_import.stop_import",
    )
    assert [event.action for event in events] == [f"suppliers.manage: {route_verb(office.app, view)}" for view in views]
    assert {event.organisation_id for event in events} == {office.council.id}
    office.send("list.csv", as_csv(a_list(3, bad=False)[0]))
    office.visit.send("/confirm")
    with office.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEvent))
    work(office, settings)  # that of the one that was stopped: it finds nothing to do
    work(office, settings)
    with office.database.reading() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number).offset(before or 0)).one()
    assert (last.action, last.who, last.details) == ("suppliers.manage: invited", IMPORT_JOB, {"count": 3})


def test_one_file_is_read_at_a_time_and_the_second_is_told_to_try_again(office: Office, settings: Settings) -> None:
    rows, _bad = a_list(5)
    with (settings.data_folder / "reading-0.lock").open("wb") as lock:  # as another process that reads a heavy file
        fcntl.flock(lock, fcntl.LOCK_EX)
        page = office.send("Our list.csv", as_csv(rows))
        assert page.status == 422
        assert BUSY_MESSAGE in page.text
    assert office.send("Our list.csv", as_csv(rows)).status == 200
