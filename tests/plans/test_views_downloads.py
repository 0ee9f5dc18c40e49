from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import docx
import html5lib
import openpyxl
import pikepdf
import pytest
import vobject
from flask import Flask, url_for

from assess.assessments.links import make_resume_link
from assess.assessments.services import start_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core import rate_limits
from assess.core.db import database
from assess.core.documents import services as documents_services
from assess.core.documents.printing import PdfRenderError
from assess.core.links import new_token
from assess.plans import views_downloads
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.actions import notification_safe_items
from assess.plans.exports import ACTIONS_SHEET
from assess.plans.plan_page import business_plan
from assess.question_banks.editions import current_edition
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario


def make_address(visit: Any, submitted: Submitted) -> str:
    """Press the button and take the path of the new address from the page."""
    visit(f"{submitted.address}/calendar")
    page = visit.send("/calendar")
    assert page.status == 200
    return str(page.soup.select_one("#link")["value"]).removeprefix("http://localhost:5000")


def test_an_address_is_made_and_any_program_reads_it_without_a_cookie(
    visit: Any, another_visit: Any, submitted: Submitted
) -> None:
    answer = another_visit.client.get(make_address(visit, submitted))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="actions.ics"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    calendar = vobject.readOne(answer.get_data().decode())
    assert calendar.x_wr_calname.value == "Action plan"
    told = re.search(r"It holds (\d+) entries now", visit(f"{submitted.address}/calendar").text)
    assert told is not None
    assert len(calendar.contents["vevent"]) == int(told[1]) > 1


def test_the_address_is_shown_once_and_says_how_to_subscribe(visit: Any, submitted: Submitted) -> None:
    address = make_address(visit, submitted)
    page = visit.page
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.soup.find("a", string="Subscribe on this device")["href"] == f"webcal://localhost:5000{address}"
    for program in ("iPhone", "Google Calendar", "Outlook"):
        assert program in page.text
    again = visit(f"{submitted.address}/calendar")
    html5lib.HTMLParser(strict=True).parse(again.html)
    assert address not in again.html
    assert "No calendar has looked it up yet." in again.text


def test_the_page_says_what_is_in_it_and_whether_it_is_used(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    address = make_address(visit, submitted)
    app.config["CLOCK"] = lambda: now + timedelta(minutes=5)
    another_visit.client.get(address)
    another_visit.client.get(address)
    said = visit(f"{submitted.address}/calendar").text
    assert "Calendars looked it up 2 times, last on 24 November 2026." in said
    assert "It names nobody" in said


def test_a_new_address_ends_the_old_one_at_the_next_request(
    visit: Any, another_visit: Any, submitted: Submitted
) -> None:
    old = make_address(visit, submitted)
    new = make_address(visit, submitted)
    assert [another_visit.client.get(path).status_code for path in (old, new)] == [404, 200]


def test_ending_works_at_the_next_request_and_looks_like_an_address_that_never_was(
    visit: Any, another_visit: Any, submitted: Submitted
) -> None:
    address = make_address(visit, submitted)
    assert another_visit.client.get(address).status_code == 200
    visit(f"{submitted.address}/calendar")
    assert visit.send("/calendar/end", follow=False).status == 303
    ended = another_visit.client.get(address)
    never = another_visit.client.get(f"/c/{new_token()}.ics")
    assert (ended.status_code, ended.get_data()) == (404, never.get_data())
    assert "Make an address" in visit(f"{submitted.address}/calendar").text


def test_the_dates_can_be_taken_once_as_a_file(visit: Any, submitted: Submitted) -> None:
    page = visit(f"{submitted.address}/calendar")
    (link,) = [link["href"] for link in page.soup.select("main a") if link["href"].endswith(".ics")]
    answer = visit.client.get(link)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="actions.ics"'
    assert answer.get_data().startswith(b"BEGIN:VCALENDAR\r\n")


def test_the_file_holds_what_the_page_counts_and_the_feed_strikes_out_the_rest(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    address = make_address(visit, submitted)
    whole = another_visit.client.get(address).get_data(as_text=True)
    count = whole.count("BEGIN:VEVENT")
    keys = [item.key for item in notification_safe_items(business_plan(submitted.record).action_list, submitted.record)]
    with app.extensions["assess.database"].writing() as session:
        for key, said in (
            (keys[0], ItemContent(response="accepted", status="done", done_on="2026-11-24")),
            (keys[1], ItemContent(response="already_done", status="done")),
            (keys[2], ItemContent(response="will_not", reason="cost")),
        ):
            change_item(session, submitted.submission_id, key, said, 0, now)
    assert f"It holds {count - 3} entries now" in visit(f"{submitted.address}/calendar").text
    file = visit.client.get(f"{submitted.address}/calendar/actions.ics").get_data(as_text=True)
    assert (file.count("BEGIN:VEVENT"), file.count("STATUS:CANCELLED")) == (count - 3, 0)
    feed = another_visit.client.get(address).get_data(as_text=True)
    assert (feed.count("BEGIN:VEVENT"), feed.count("STATUS:CANCELLED")) == (count, 3)


def test_a_stranger_finds_nothing(another_visit: Any, submitted: Submitted) -> None:
    for path in ("calendar", "calendar/actions.ics"):
        assert another_visit.client.get(f"{submitted.address}/{path}").status_code == 404


def test_nothing_of_an_address_or_of_who_fetches_it_is_logged(
    visit: Any, another_visit: Any, submitted: Submitted, capsys: pytest.CaptureFixture[str]
) -> None:
    address = make_address(visit, submitted)
    another_visit.client.get(address, environ_overrides={"REMOTE_ADDR": "203.0.113.77"})
    logged = capsys.readouterr()
    assert '"/c/<token>.ics"' in logged.out
    for private in (address.removeprefix("/c/").removesuffix(".ics"), "203.0.113.77"):
        assert private not in logged.out + logged.err


def test_one_address_can_be_fetched_only_so_often_and_others_go_on(
    visit: Any, another_visit: Any, submitted: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_downloads, "FETCH_CALENDAR_LIMIT", rate_limits.Limit("calendar", 2, 3600))
    address = make_address(visit, submitted)
    assert [another_visit.client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert another_visit.client.get(make_address(visit, submitted)).status_code == 200


def test_whoever_guesses_is_told_to_wait(another_visit: Any) -> None:
    seen = [another_visit.client.get(f"/c/{new_token()}.ics").status_code for _ in range(31)]
    assert seen == [404] * 30 + [429]


def test_before_the_first_submission_the_way_leads_to_the_tasks(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = current_edition(session, "farming")
        assert edition is not None
        begun = start_assessment(session, edition.id, quick=False, now=now).id
        link = make_resume_link(session, begun, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    for path in ("calendar", "calendar/actions.ics"):
        page = visit(f"/assessments/{begun}/{path}", follow=False)
        assert (page.status, page.headers["Location"]) == (303, f"/assessments/{begun}/")


KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def rows_in(content: bytes) -> dict[str, dict[str, str]]:
    return {row["Id"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_has_a_neutral_name_its_type_and_is_kept_by_nobody(visit: Any, submitted: Submitted, kind: str) -> None:
    answer = visit.client.get(f"{submitted.address}/actions.{kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == KINDS[kind]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="actions-2026-11-24.{kind}"'
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_gets_nothing(another_visit: Any, submitted: Submitted, kind: str) -> None:
    assert another_visit.client.get(f"{submitted.address}/actions.{kind}").status_code == 404
    assert another_visit.client.get(f"/assessments/{uuid.UUID(int=7)}/actions.{kind}").status_code == 404


def test_all_three_show_what_the_business_made_of_an_action(
    app: Flask, visit: Any, submitted: Submitted, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        said = ItemContent(response="accepted", owner="=Ann", due="2027-01-15", status="under_way")
        change_item(session, submitted.submission_id, "core_time_records", said, 0, now)
    read = {kind: visit.client.get(f"{submitted.address}/actions.{kind}").get_data() for kind in KINDS}
    row = rows_in(read["csv"])["core_time_records"]
    assert (row["Who"], row["By when"], row["Status"], row["Our answer"]) == (
        "'=Ann",
        "2027-01-15",
        "Under way",
        "We will do this",
    )
    sheet = openpyxl.load_workbook(io.BytesIO(read["xlsx"]))[ACTIONS_SHEET]
    line = next(line for line in sheet.iter_rows() if line[-1].value == "core_time_records")
    assert (line[3].value, line[4].value) == ("=Ann", datetime(2027, 1, 15))  # noqa: DTZ001  # as the format has it
    document = docx.Document(io.BytesIO(read["docx"]))
    assert any("=Ann" in cell.text for table in document.tables for cell in table._cells)


def test_the_next_submission_takes_over_under_the_same_ids(
    app: Flask, visit: Any, submitted: Submitted, now: datetime
) -> None:
    before = rows_in(visit.client.get(f"{submitted.address}/actions.csv").get_data())
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        submit_assessment(session, submitted.id, lambda _said: a_record(change={"core_time_records": "daily"}), now)
    after = rows_in(visit.client.get(f"{submitted.address}/actions.csv").get_data())
    assert set(before) - set(after) == {"core_time_records"}
    assert set(after) <= set(before)


def test_whoever_asks_all_day_is_told_to_wait(
    visit: Any, submitted: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_downloads, "EXPORT_LIMIT", rate_limits.Limit("export", 2, 3600))
    seen = [visit.client.get(f"{submitted.address}/actions.csv").status_code for _ in range(3)]
    assert seen == [200, 200, 429]


def test_before_the_first_submission_there_is_nothing_to_take_away(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = current_edition(session, "farming")
        assert edition is not None
        begun = start_assessment(session, edition.id, quick=False, now=now).id
        link = make_resume_link(session, begun, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    for kind in KINDS:
        answer = visit.client.get(f"/assessments/{begun}/actions.{kind}")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/assessments/{begun}/")


Works = Callable[[], int]


def test_all_templates_of_the_sector_are_listed_by_kind_each_with_two_files(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/document-templates")
    assert page.status == 200
    assert page.heading == "Document templates"
    assert "Modern Slavery Prevention Fund" in page.soup.select_one("main details").get_text(" ")
    html = visit.client.get(f"{submitted.address}/document-templates").get_data(as_text=True)
    for address in ("job-terms", "helpline-poster", "hiring-check", "time-sheet", "fair-work-rules"):
        assert f"{submitted.address}/document-templates/{address}.docx" in html
        assert f"{submitted.address}/document-templates/{address}.pdf" in html


def test_the_list_is_the_same_whatever_was_answered(app: Flask, visit: Any, now: datetime) -> None:
    bodies = []
    for record in (scenario("farming", "farming low"), scenario("farming", "farming critical"), a_record()):
        made = submit_record(app, visit, record, now)
        html = visit.client.get(f"{made.address}/document-templates").get_data(as_text=True)
        main = html[html.index("<h1") : html.index("not legal advice")]
        bodies.append(main.replace(str(made.id), "ID"))
    assert len(set(bodies)) == 1


def test_a_template_comes_as_a_word_file_with_a_neutral_name(visit: Any, submitted: Any) -> None:
    found = visit.client.get(f"{submitted.address}/document-templates/job-terms.docx")
    assert found.status_code == 200
    assert found.headers["Content-Type"] == views_downloads.DOCX_MEDIA_TYPE
    assert found.headers["Content-Disposition"] == 'attachment; filename="job-terms.docx"'
    assert found.headers["Cache-Control"] == "private, no-store"
    assert docx.Document(io.BytesIO(found.get_data())).paragraphs[0].text == "Your job in writing"


def test_a_pdf_is_printed_beside_the_site_once_and_is_then_there_for_everybody(
    app: Flask, visit: Any, submitted: Any, now: datetime, work_off: Works
) -> None:
    page = visit(f"{submitted.address}/document-templates/time-sheet.pdf")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert (page.status, page.heading) == (202, "Your file is being made")
    assert page.address == f"{submitted.address}/document-templates/time-sheet/pdf-progress"
    assert "Time sheet for one week (PDF)" in page.text
    assert page.soup.select_one("a.govuk-back-link")["href"] == f"{submitted.address}/document-templates"
    assert work_off() == 1
    page = visit(page.address)
    assert page.heading == "Your file is ready"
    assert page.soup.select_one("main a")["href"] == f"{submitted.address}/document-templates/time-sheet.pdf"
    first = visit.client.get(f"{submitted.address}/document-templates/time-sheet.pdf")
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == 'attachment; filename="time-sheet.pdf"'
    assert first.headers["Cache-Control"] == "private, no-store"
    with pikepdf.open(io.BytesIO(first.get_data())) as file:
        assert file.docinfo["/Title"] == "Time sheet for one week"
    other = submit_record(app, visit, scenario("hospitality", "hospitality low"), now)
    assert visit.client.get(f"{other.address}/document-templates/time-sheet.pdf").get_data() == first.get_data()
    assert work_off() == 0


def test_when_it_cannot_be_printed_a_page_says_so_and_a_person_can_try_again(
    app: Flask, visit: Any, submitted: Any, now: datetime, monkeypatch: pytest.MonkeyPatch, work_off: Works
) -> None:
    def failing(*_given: Any) -> bytes:
        raise PdfRenderError

    address = f"{submitted.address}/document-templates/time-sheet"
    with monkeypatch.context() as broken:
        broken.setattr(documents_services, "render_pdf", failing)
        assert visit(f"{address}.pdf").status == 202
        for hours in range(3):
            app.config["CLOCK"] = lambda hours=hours: now + timedelta(hours=hours)
            assert work_off() == 1
    app.config["CLOCK"] = lambda: now
    page = visit(f"{address}/pdf-progress")
    assert (page.status, page.heading) == (500, "Sorry, we could not make the file")
    assert "You can take the Word file instead." in page.text
    assert visit.send("/pdf-progress").status == 202
    assert work_off() == 1
    assert visit.client.get(f"{address}.pdf").status_code == 200


def test_a_template_that_is_not_there_is_not_found(visit: Any, submitted: Any) -> None:
    for name in ("nothing.pdf", "nothing.docx", "nothing/pdf-progress", "job_terms.docx", "time-sheet.txt"):
        assert visit.client.get(f"{submitted.address}/document-templates/{name}").status_code == 404


def test_strangers_get_nothing(another_visit: Any, submitted: Any) -> None:
    for end in (
        "document-templates",
        "document-templates/time-sheet.docx",
        "document-templates/time-sheet.pdf",
        "document-templates/time-sheet/pdf-progress",
    ):
        assert another_visit.client.get(f"{submitted.address}/{end}").status_code == 404


def test_links_are_made_from_the_names_of_the_endpoints(app: Flask, submitted: Any) -> None:
    with app.test_request_context():
        assert (
            url_for("plan_downloads.show_document_templates", assessment_id=submitted.id)
            == f"{submitted.address}/document-templates"
        )
        made = url_for(
            "plan_downloads.download_document_template_docx", assessment_id=submitted.id, address="time-sheet"
        )
        assert made == f"{submitted.address}/document-templates/time-sheet.docx"


def test_before_anything_is_submitted_the_list_leads_back(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = current_edition(session, "farming")
        assert edition is not None
        found = start_assessment(session, edition.id, quick=False, now=now)
        link = make_resume_link(session, found.id, now)
        address = f"/assessments/{found.id}"
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    answer = visit.client.get(f"{address}/document-templates")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{address}/"


def test_an_action_names_the_templates_that_help_with_it(visit: Any, submitted: Any) -> None:
    page = visit(submitted.item("core_policy"))
    links = {link["href"] for link in page.soup.select("main a") if "/document-templates/" in link["href"]}
    assert links == {f"{submitted.address}/document-templates/fair-work-rules.{ending}" for ending in ("docx", "pdf")}
    assert "A document template you can use: Our rules for fair work" in " ".join(page.soup.main.get_text(" ").split())
    html5lib.HTMLParser(strict=True).parse(page.html)


def test_the_list_is_proper_html_with_links_that_say_which_template(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/document-templates")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    links = [link.get_text() for link in page.soup.select("main li a")]
    assert "Word file: Your job in writing" in links
    assert len(set(links)) == len(links)
    assert page.soup.select("[style]") == []
