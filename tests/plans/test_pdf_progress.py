from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.exceptions import HTTPException

from assess.core import child_process, pdf
from assess.core.db import database
from assess.core.documents import pdf_progress
from assess.core.documents.pdf_progress import MAX_REFRESHES, PDF_STATUS_TEXTS, RequestedPdf, pdf_progress_response
from assess.core.documents.services import IN_PROGRESS
from assess.core.fonts import FontsUnavailableError
from assess.core.models import Job, JobState, StoredPdf
from assess.core.pdf import AttachedFile, html_to_pdf
from assess.core.rate_limits import RENDER_PDF, ExpensiveAction, Limit
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import SCENARIOS, a_record, scenario

Works = Callable[[], int]
ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""What is looked at is the page. That a file is ordered, made and given on either database is tried with two visitors at once."""


def set_job(app: Flask, **values: object) -> None:
    with app.app_context(), database().writing() as session:
        session.execute(update(Job).values(**values))


def jobs(app: Flask) -> int:
    with app.app_context(), database().reading() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_the_page_says_what_is_made_and_how_it_stands(app: Flask, visit: Any, submitted: Submitted) -> None:
    page = visit(f"{submitted.address}/plan.pdf")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert (page.status, page.heading) == (202, "Your file is being made")
    assert page.headers["Retry-After"] == "2"
    assert "Your whole plan (PDF)" in page.text
    assert page.soup.select_one("[role=status]").text == "It is waiting for its turn."
    assert page.soup.select_one("main a[href$='/pdf-progress/plan']").text == "Look again"
    assert not page.soup.select("[autofocus], main form")
    set_job(app, state=JobState.RUNNING, attempts=1)
    assert visit(page.address).soup.select_one("[role=status]").text == "It is being made now."
    assert jobs(app) == 1, "looking again orders nothing more"


def test_nothing_that_waits_for_long_is_a_reason_to_worry_and_the_operator_hears_of_it(
    app: Flask, visit: Any, submitted: Submitted, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    page = visit(f"{submitted.address}/plan.pdf")
    app.config["CLOCK"] = lambda: now + timedelta(seconds=21)
    capsys.readouterr()
    page = visit(page.address)
    assert page.status == 202
    assert "Nothing is lost: you can close this page and come back later." in page.text
    assert page.headers["Retry-After"] == "10"
    assert '"jobs_wait"' in capsys.readouterr().out


def test_without_scripts_the_page_is_loaded_again_a_limited_number_of_times(visit: Any, submitted: Submitted) -> None:
    page = visit(f"{submitted.address}/plan.pdf")
    for session in range(1, 3):
        (refresh,) = page.soup.select("head noscript meta[http-equiv=refresh]")
        seconds, _, address = refresh["content"].partition("; url=")
        assert (seconds, address) == ("2", f"{submitted.address}/pdf-progress/plan?poll={session}")
        page = visit(address)
    (stop,) = page.soup.select("main noscript a")
    page = visit(stop["href"])
    assert page.status == 202
    assert not page.soup.select("meta[http-equiv=refresh], main noscript")
    for session in (MAX_REFRESHES + 5, -1, "x"):
        assert visit(f"{submitted.address}/pdf-progress/plan?poll={session}").status == 202


@ON_ONE
def test_once_it_is_there_it_comes_by_itself_and_by_a_link(visit: Any, submitted: Submitted, work_off: Works) -> None:
    page = visit(f"{submitted.address}/buyer-copy.pdf")
    work_off()
    page = visit(page.address)
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert (page.status, page.heading) == (200, "Your file is ready")
    (refresh,) = page.soup.select("head > meta[http-equiv=refresh]")
    assert refresh["content"] == f"0; url={submitted.address}/buyer-copy.pdf"
    assert page.soup.select_one("main a")["href"] == f"{submitted.address}/buyer-copy.pdf"


@ON_ONE
def test_a_script_gets_the_sentence_alone(visit: Any, submitted: Submitted, work_off: Works) -> None:
    page = visit(f"{submitted.address}/buyer-copy.pdf")
    said = visit.client.get(page.address, headers={"Accept": "text/plain"})
    assert (said.status_code, said.mimetype, said.text) == (202, "text/plain", "It is waiting for its turn.")
    assert said.headers["Retry-After"] == "2"
    work_off()
    assert visit.client.get(page.address, headers={"Accept": "text/plain"}).status_code == 200


def test_two_visitors_at_once_have_it_printed_once(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, work_off: Works
) -> None:
    another_visit(f"/b/{submitted.buyer_token}")
    shared = another_visit.send().address
    mine = visit(f"{submitted.address}/buyer-copy.pdf")
    theirs = another_visit(f"{shared}/plan.pdf")
    assert (mine.status, theirs.status) == (202, 202)
    assert work_off() == 1
    files = [visit.client.get(f"{submitted.address}/buyer-copy.pdf"), another_visit.client.get(f"{shared}/plan.pdf")]
    assert [file.status_code for file in files] == [200, 200]
    assert files[0].get_data() == files[1].get_data()
    with app.app_context(), database().reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 1


@ON_ONE
def test_it_reads_the_same_whatever_was_answered(app: Flask, visit: Any, now: datetime) -> None:
    records = [scenario(bank, title) for bank, title in SCENARIOS[::2]]
    records += [a_record(change={"core_documents": how}) for how in ("employer", "third", "dk")]
    made = [submit_record(app, visit, record, now) for record in records]
    for copy in ("plan", "buyer-copy"):
        pages = {visit(f"{one.address}/{copy}.pdf").html_without_token.replace(str(one.id), "ID") for one in made}
        assert len(pages) == 1


def test_ordering_again_and_again_is_limited(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each business by itself, by whatever browser; what is on its way counts for nothing, and nothing is lost."""
    monkeypatch.setattr(pdf_progress, "RENDER_PDF", ExpensiveAction((Limit("few", 3, 3600),), Limit("more", 5, 3600)))

    def ask(browser: Any, whose: Submitted) -> int:
        for _ in range(2):
            status = int(browser(f"{whose.address}/plan.pdf").status)
        set_job(app, state=JobState.DONE)
        return status

    other = submit_record(app, another_visit, scenario("farming", "farming low"), now)
    assert [ask(visit, submitted) for _ in range(4)] == [202, 202, 202, 429]
    page = visit(f"{submitted.address}/plan.pdf")
    assert page.heading == "Please wait a moment"
    assert "Whatever you saved before is safe. Wait 30 minutes and try again." in page.text
    assert visit(f"{submitted.address}/result").status == 200
    assert [ask(another_visit, other) for _ in range(3)] == [202, 202, 429], "the address has had its five"
    app.config["CLOCK"] = lambda: now + timedelta(hours=1)
    assert [ask(visit, submitted), ask(another_visit, other)] == [202, 202]


def test_trying_again_and_again_is_limited_too(
    app: Flask, visit: Any, submitted: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_progress, "RENDER_PDF", ExpensiveAction((Limit("few", 2, 3600),), Limit("more", 9, 3600)))
    visit(f"{submitted.address}/plan.pdf")
    statuses = []
    for _ in range(2):
        set_job(app, state=JobState.FAILED, attempts=3)
        assert visit(f"{submitted.address}/pdf-progress/plan").status == 500
        statuses.append(visit.send("/pdf-progress/plan").status)
    assert statuses == [202, 429]


def test_whoever_works_with_a_plan_never_meets_the_limit() -> None:
    assert min(limit.most for limit in RENDER_PDF.each) >= 60
    assert RENDER_PDF.address.most >= 10 * RENDER_PDF.each[0].most


def test_every_way_has_its_words() -> None:
    assert set(PDF_STATUS_TEXTS) == IN_PROGRESS
    assert all(PDF_STATUS_TEXTS.values())


def test_a_file_of_what_was_deleted_between_two_looks_is_not_waited_for(app: Flask) -> None:
    """The page to go back to says why."""
    nowhere = RequestedPdf(
        "business", 99, limit_subject=uuid.uuid4(), file_url="/file", progress_url="/waiting", back_url="/back"
    )
    for method in ("GET", "POST"):
        with app.test_request_context("/waiting", method=method), pytest.raises(HTTPException) as told:
            pdf_progress_response(nowhere)
        response = told.value.response
        assert response is not None
        assert (response.status_code, response.headers["Location"]) == (303, "/back")
    assert jobs(app) == 0


PAPER = '<html lang="en-GB"><head><title>Paper</title></head><body><h1>Paper</h1></body></html>'


def job(attached: Sequence[dict[str, str]] = ()) -> io.BytesIO:
    return io.BytesIO(json.dumps({"page": PAPER, "attached": attached}).encode())


def test_a_finished_page_is_printed_as_it_stands() -> None:
    target = io.BytesIO()
    assert pdf.run_job(job(), target) == 0
    assert target.getvalue() == html_to_pdf(PAPER)


def test_files_travel_inside() -> None:
    content, target = b"a,b\n\xff", io.BytesIO()
    file = {"name": "a.csv", "description": "A list", "dated": "2026-11-24", "relationship": "Data"}
    assert pdf.run_job(job([{**file, "content": base64.b64encode(content).decode()}]), target) == 0
    assert target.getvalue() == html_to_pdf(PAPER, [AttachedFile(**file, content=content)])  # type: ignore[arg-type]  # a word of two
    assert target.getvalue() != html_to_pdf(PAPER)


def test_the_renderer_loads_neither_the_site_nor_the_database() -> None:
    code = "import sys, assess.core.pdf; print([one for one in ('flask', 'sqlalchemy') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_what_is_missing_is_said_in_one_sentence_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object) -> bytes:
        raise FontsUnavailableError("No fonts.")

    monkeypatch.setattr(pdf, "html_to_pdf", missing)
    target = io.BytesIO()
    assert pdf.run_job(job(), target) == pdf.EXIT_UNAVAILABLE
    assert target.getvalue() == b""
    assert capsys.readouterr().err == "No fonts.\n"


LIMITED = "from assess.core.child_process import limit_this_process; from assess.core.pdf import PDF_LIMITS; limit_this_process(PDF_LIMITS); "


def run(code: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", LIMITED + code], capture_output=True, check=False, timeout=30)


@pytest.mark.parametrize(
    ("greedy", "why"),
    [
        ("bytearray(2 * 1024**3)", b"MemoryError"),
        ("[open('/dev/null') for _ in range(100)]", b"Too many open files"),
    ],
)
def test_what_printing_does_not_need_is_taken_away(greedy: str, why: bytes) -> None:
    done = run(f"kept = {greedy}")
    assert done.returncode != 0
    assert why in done.stderr


def test_limits_are_those_of_the_child_and_it_stands_back_for_others() -> None:
    done = run(
        "import resource, os; "
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0], os.nice(0))"
    )
    memory, seconds, nice = map(int, done.stdout.split())
    assert (memory, seconds) == (pdf.PDF_LIMITS.memory_bytes, pdf.PDF_LIMITS.cpu_seconds)
    assert nice >= min(19, os.nice(0) + 5)


def test_a_limit_the_system_does_not_know_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []

    def refuse(which: int, limits: Any) -> None:
        called.append((which, limits))
        raise ValueError("not supported")

    monkeypatch.setattr(child_process.resource, "setrlimit", refuse)
    monkeypatch.setattr(child_process.signal, "alarm", called.append)
    monkeypatch.setattr(child_process.os, "nice", called.append)
    child_process.limit_this_process(pdf.PDF_LIMITS)
    assert len(called) == 6
