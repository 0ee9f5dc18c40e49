"""The cover printed beside the site, with the real press."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from assess.assessments.models import Assessment, Submission
from assess.assessments.retention import delete_assessment
from assess.core.db import Database
from assess.core.documents import services as documents_services
from assess.core.documents.printing import PdfRenderError
from assess.core.documents.services import PRINT_JOB, PdfStatus
from assess.core.jobs.services import enqueue
from assess.core.models import Job, StoredPdf
from assess.identity.models import Membership, Organisation, Role
from assess.plans.action_tracker.state import ItemState
from assess.plans.check_codes import check_code_of
from assess.plans.models import CheckCode
from assess.plans.plan_index import (
    PAGE_SIZE,
    AssessmentRow,
    PlanIndex,
    PlanIndexLine,
    assessment_page,
    next_due,
    plan_index_html,
    plan_index_of,
)
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.plans.action_tracker.conftest import keep_record
from tests.plans.plan_index.organisations import Firm, a_firm, add_plan
from tests.plans.records import scenario
from tests.stored_files import document_of, keep_file, keep_pdf


@pytest.mark.both_databases
def test_one_cover_is_kept_and_never_an_outdated_one(app: Flask, firm: Firm, now: datetime) -> None:
    database, mine = database_of(app), firm.organisation.id
    with database.writing() as session:
        assert keep_pdf(session, "plan_index", mine, b"old", now)
        lines = plan_index_of(session, mine, "Fen Edge Group", now.date()).lines
        old = document_of(session, "plan_index", mine, now)
        session.get_one(Organisation, mine).name = "Fen Edge"
        session.flush()
        new = document_of(session, "plan_index", mine, now)
        assert new.file(session) is None
        assert not keep_file(session, old, b"late", now)
        assert keep_file(session, new, b"new", now)
        assert not keep_pdf(session, "plan_index", uuid.uuid4(), b"gone", now)
    with database.reading() as session:
        found = new.file(session)
        assert found is not None
        assert found.content == b"new"
        assert new.is_stored(session)
        assert old.file(session) is None
        assert not old.is_stored(session)
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 1
        assert set(session.scalars(select(CheckCode.code))) == {line.code for line in lines}, "whoever asks is told"


TODAY = date(2026, 11, 24)


@pytest.mark.both_databases
def test_the_list_goes_by_place_and_says_how_each_stands(app: Flask, firm: Firm, now: datetime) -> None:
    with database_of(app).writing() as session:
        a_firm(session, now, name="Somebody else", email="bob@other.example")
    with database_of(app).reading() as session:
        page = assessment_page(session, firm.organisation.id, 1)
    assert (page.number, page.pages, page.total) == (1, 1, 3)
    north, south, begun = page.rows
    assert [row.site for row in page.rows] == ["North farm", "South yard", None]
    assert (north.band, north.submitted_on, north.valid_until) == ("Medium", "2026-11-24", "2027-11-24")
    assert south.band == "Act now"
    assert north.next_due is not None
    assert north.next_due >= "2026-11-24"
    assert begun == AssessmentRow(firm.assessments[2], None, begun.sector, "2026-11-24", correcting=False)
    assert [north.is_over(date(2027, 11, day)) for day in (24, 25)] == [False, True]


@pytest.mark.both_databases
def test_it_has_pages(app: Flask, now: datetime) -> None:
    with database_of(app).writing() as session:
        organisation = an_organisation(session, "Many")
        for number in range(PAGE_SIZE + 1):
            add_plan(session, organisation, f"Place {number:03}", None, now)
    with database_of(app).reading() as session:
        first, last, beyond = (assessment_page(session, organisation.id, number) for number in (0, 2, 99))
        nothing = assessment_page(session, uuid.uuid4(), 1)
    assert len(first.rows) == PAGE_SIZE
    assert [row.site for row in last.rows] == ["Place 020"]
    assert beyond == last
    assert (nothing.rows, nothing.pages, nothing.total) == ([], 1, 0)


@pytest.mark.both_databases
def test_the_next_step_is_the_first_that_is_open() -> None:
    record = scenario()
    first = next_due(record, {})
    assert first is not None
    days: list[str] = []
    state: dict[str, ItemState] = {}
    for action in record["actions"]:
        state[action["question"]] = ItemState(response="accepted", status="done", done_on="2026-11-24")
        days.append(next_due(record, state) or "")
    assert days[-1] == "" or days[-1] >= first
    assert set(days) != {first}, "what is done is not due"


@pytest.mark.both_databases
def test_the_cover_has_what_is_current_and_says_how_many_are_not(app: Flask, firm: Firm) -> None:
    with database_of(app).reading() as session:
        cover = plan_index_of(session, firm.organisation.id, "Fen Edge Group", TODAY)
        codes = [
            check_code_of(session, one, "business")
            for one in session.scalars(select(Submission).order_by(Submission.id))
        ]
        later = plan_index_of(session, firm.organisation.id, "Fen Edge Group", TODAY + timedelta(days=366))
    assert cover.on == "2026-11-24"
    assert [(line.site, line.band, line.valid_until) for line in cover.lines] == [
        ("North farm", "Medium", "2027-11-24"),
        ("South yard", "Act now", "2027-11-24"),
    ]
    assert [line.code for line in cover.lines] == codes[::-1]
    assert cover.others == 1
    assert (later.lines, later.others) == ([], 3)


LINE = PlanIndexLine(1, "North <b>farm</b>", "Farming", "2026-11-24", "2027-11-24", "Medium", "K7QF-2M9D")


def test_the_page_says_what_it_is_and_what_it_is_not() -> None:
    page = plan_index_html(PlanIndex("Fen & Edge", "2026-11-24", [LINE], 2))
    assert "<title>All plans of Fen &amp; Edge, 24 November 2026</title>" in page
    assert escape("North <b>farm</b>") in page
    assert "24 November 2027" in page
    assert "K7QF-2M9D" in page
    assert "2 self-checks that are not sent in" in page
    for words in ("not a certificate", "Nobody checked them", "not for buyers"):
        assert words in page
    assert "Not on this page" not in plan_index_html(PlanIndex("Fen", "2026-11-24", [LINE], 0))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_tells_of_no_question_no_action_and_no_sign(app: Flask, firm: Firm) -> None:
    with database_of(app).reading() as session:
        page = plan_index_html(plan_index_of(session, firm.organisation.id, "Fen Edge Group", date(2026, 11, 24)))
    for record in (scenario(), scenario("car_washes", "car_washes critical")):
        for section in record["sections"]:
            for question in section["questions"]:
                assert question["id"] not in page
                assert escape(question["ask"]) not in page
        for action in record["actions"]:
            assert escape(action["do"]) not in page
    assert "advice" not in page
    assert "urgent" not in page
    assert "sign" not in page.replace("sign-off", "").split("<body>")[1]


def order(app: Flask, organisation: str, now: datetime) -> None:
    with database_of(app).writing() as session:
        enqueue(session, PRINT_JOB, now=now, kind="plan_index", subject=organisation)


def covers(app: Flask) -> int:
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(StoredPdf)) or 0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_is_a_tagged_file_with_every_plan(
    app: Flask, firm: Firm, work_off: Callable[[], int], now: datetime
) -> None:
    order(app, firm.organisation.id.hex, now)
    assert work_off() == 1
    with database_of(app).reading() as session:
        content = session.scalars(select(StoredPdf.content)).one()
    with pikepdf.open(io.BytesIO(content)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang).startswith("en")
        assert len(file.pages) == 1


def test_a_firm_that_is_gone_or_has_no_plan_gets_none(
    app: Flask, firm: Firm, work_off: Callable[[], int], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_services, "render_pdf", None)  # whoever printed now would stumble
    with database_of(app).writing() as session:
        empty = an_organisation(session, "Nothing yet").id
    order(app, "0" * 32, now)
    order(app, empty.hex, now)
    assert work_off() == 2
    assert covers(app) == 0
    assert firm.organisation.id != empty


def test_what_goes_wrong_stores_nothing_and_is_tried_again(
    app: Flask, firm: Firm, work_off: Callable[[], int], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> bytes:
        raise PdfRenderError("The press ended with 9.")

    monkeypatch.setattr(documents_services, "render_pdf", fail)
    order(app, firm.organisation.id.hex, now)
    work_off()
    assert covers(app) == 0


def test_a_cover_is_ordered_once_and_then_it_is_there(app: Flask, firm: Firm, now: datetime) -> None:
    database, mine = database_of(app), firm.organisation.id
    with database.writing() as session:
        wanted = document_of(session, "plan_index", mine, now)
        tomorrow = document_of(session, "plan_index", mine, now + timedelta(days=1))
        assert wanted.status(session, now) is PdfStatus.NOT_ORDERED
        wanted.enqueue(session, now)
        wanted.enqueue(session, now)
        assert session.scalar(select(func.count()).where(Job.name == PRINT_JOB)) == 1
        assert wanted.status(session, now) is PdfStatus.WAITING
        keep_file(session, wanted, b"file", now)
        assert wanted.status(session, now) is PdfStatus.READY
        assert wanted.file(session) is not None
        assert tomorrow.status(session, now) is PdfStatus.NOT_ORDERED
    assert wanted.name(now) == "index-of-plans-2026-11-24.pdf"


@pytest.mark.both_databases
@pytest.mark.parametrize("how", ["its plan", "moved", "the firm", "another plan"])
def test_a_cover_goes_as_soon_as_it_tells_of_what_is_gone(database: Database, now: datetime, how: str) -> None:

    made = keep_record(database, scenario(), now)
    with database.writing() as session:
        ours, theirs = an_organisation(session, "Ours"), an_organisation(session, "Theirs")
        found = session.get(Assessment, made.assessment_id)
        assert found is not None
        found.organisation_id = (theirs if how == "another plan" else ours).id
        session.flush()
        session.add(
            StoredPdf(
                organisation_id=ours.id, kind="plan_index", key="0" * 64, digest="", content=b"cover", made_at=now
            )
        )
    with database.writing() as session:
        if how == "moved":
            _move(session.get(Assessment, made.assessment_id), theirs.id)
        elif how == "the firm":
            session.execute(delete(Organisation).where(Organisation.id == ours.id))
        else:
            delete_assessment(session, made.assessment_id)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == (how == "another plan")


def _move(found: Assessment | None, to: uuid.UUID) -> None:
    assert found is not None
    found.organisation_id = to


PAGES = ("/plans", "/plan-index", "/plan-index.pdf", "/plan-index/pdf-progress")


def test_the_list_leads_to_everything(app: Flask, visit: Any, firm: Firm) -> None:
    sign_in(visit, app, firm.manager)
    page = visit(f"{firm.address}/plans")
    assert page.heading == "All plans of Fen Edge Group"
    assert "Medium. Sent in on 24 November 2026, valid until 24 November 2027." in page.text
    assert "Next step due" in page.text
    assert "Begun on 24 November 2026. Not sent in yet." in page.text
    for link in page.soup.select("main a[href]"):
        assert visit(link["href"], follow=False).status in {200, 303}, link
    app.config["CLOCK"] = lambda: CONFTEST_TODAY + timedelta(days=366)
    sign_in(visit, app, firm.manager)
    assert "That is over: please answer again." in visit(f"{firm.address}/plans").text


def test_a_firm_without_any_is_told_what_to_do(app: Flask, visit: Any) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@farm.example")
        firm = an_organisation(session, "New firm", manager=ann)
    sign_in(visit, app, ann)
    assert "There is no self-check here yet." in visit(f"/organisations/{firm.id}/plans").text
    assert "No plan is current yet." in visit(f"/organisations/{firm.id}/plan-index").text
    assert visit(f"/organisations/{firm.id}/plan-index.pdf").address == f"/organisations/{firm.id}/plan-index"


def test_the_cover_is_printed_and_taken_away(
    app: Flask, visit: Any, firm: Firm, work_off: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_services, "render_pdf", lambda html, _attached: b"%PDF- " + html.encode())
    sign_in(visit, app, firm.manager)
    page = visit(f"{firm.address}/plan-index")
    assert "North farm" in page.text
    assert "Act now. Sent in on 24 November 2026, valid until 24 November 2027. Check code" in page.text
    assert "Not on this page: 1 self-check" in page.text
    page = visit(f"{firm.address}/plan-index.pdf")
    assert (page.status, page.heading) == (202, "Your file is being made")
    assert work_off() >= 1
    page = visit(f"{firm.address}/plan-index.pdf")
    assert page.headers["Content-Type"] == "application/pdf"
    assert 'filename="index-of-plans-2026-11-24.pdf"' in page.headers["Content-Disposition"]
    code = visit(f"{firm.address}/plan-index").text.split("Check code ")[1][:9]
    assert visit(f"/check/{code}").status == 200
    # a plan that is gone is on no cover
    with database_of(app).writing() as session:
        session.execute(delete(Assessment).where(Assessment.id == firm.assessments[0]))
    assert visit(f"{firm.address}/plan-index.pdf").status == 202
    assert "South yard" not in visit(f"{firm.address}/plan-index").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [None, Role.BUYER, Role.SIGNER, "desk"])
def test_it_is_for_those_who_answer_or_sign_and_for_nobody_else(app: Flask, visit: Any, firm: Firm, role: Any) -> None:
    assert visit(f"{firm.address}/plans", follow=False).headers["Location"].startswith("/sign-in")
    with database_of(app).writing() as session:
        who = a_person(session, "bob@x.example", desk="administrator" if role == "desk" else None)
        if isinstance(role, Role):
            session.add(
                Membership(organisation_id=firm.organisation.id, person_id=who.id, role=role, made_at=CONFTEST_TODAY)
            )
    sign_in(visit, app, who)
    statuses = {visit(f"{firm.address}{page}").status for page in PAGES}
    assert statuses == ({200, 202} if role is Role.SIGNER else {404})
    if role is Role.SIGNER:
        page = visit(f"{firm.address}/plans")
        assert "/copy" not in page.html
        assert f"{firm.address}/start" not in page.html
