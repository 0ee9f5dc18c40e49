from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import docx
import html5lib
import pikepdf
import pytest
from flask import Flask, url_for

from assess.assessments.answering import start
from assess.assessments.links import make_resume_link
from assess.banks.editions import latest
from assess.kit.db import database
from assess.plans.papers import print_job, views
from assess.plans.printing.render import PrintingFailedError
from tests.plans.conftest import submit_record
from tests.plans.records import a_record, scenario

Works = Callable[[], int]


def test_all_papers_of_the_sector_are_listed_by_kind_each_with_two_files(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/papers")
    assert page.status == 200
    assert page.heading == "Ready papers"
    assert "Written from: " in page.soup.select_one("details").get_text(" ")
    html = visit.client.get(f"{submitted.address}/papers").get_data(as_text=True)
    for address in ("job-terms", "helpline-poster", "hiring-check", "time-sheet", "fair-work-rules"):
        assert f"{submitted.address}/papers/{address}.docx" in html
        assert f"{submitted.address}/papers/{address}.pdf" in html


def test_the_list_is_the_same_whatever_was_answered(app: Flask, visit: Any, now: datetime) -> None:
    bodies = []
    for record in (scenario("farming", "farming low"), scenario("farming", "farming critical"), a_record()):
        made = submit_record(app, visit, record, now)
        html = visit.client.get(f"{made.address}/papers").get_data(as_text=True)
        main = html[html.index("<h1") : html.index("not legal advice")]
        bodies.append(main.replace(str(made.id), "ID"))
    assert len(set(bodies)) == 1


def test_a_paper_comes_as_a_word_file_with_a_neutral_name(visit: Any, submitted: Any) -> None:
    found = visit.client.get(f"{submitted.address}/papers/job-terms.docx")
    assert found.status_code == 200
    assert found.headers["Content-Type"] == views.WORD
    assert found.headers["Content-Disposition"] == 'attachment; filename="job-terms.docx"'
    assert found.headers["Cache-Control"] == "private, no-store"
    assert docx.Document(io.BytesIO(found.get_data())).paragraphs[0].text == "Your job in writing"


def test_a_pdf_is_printed_beside_the_site_once_and_is_then_there_for_everybody(
    app: Flask, visit: Any, submitted: Any, now: datetime, work_off: Works
) -> None:
    page = visit(f"{submitted.address}/papers/time-sheet.pdf")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert (page.status, page.heading) == (202, "Your file is being made")
    assert page.address == f"{submitted.address}/papers/time-sheet/making"
    assert "Time sheet for one week (PDF)" in page.text
    assert page.soup.select_one("a.govuk-back-link")["href"] == f"{submitted.address}/papers"
    assert work_off() == 1
    page = visit(page.address)
    assert page.heading == "Your file is ready"
    assert page.soup.select_one("main a")["href"] == f"{submitted.address}/papers/time-sheet.pdf"
    first = visit.client.get(f"{submitted.address}/papers/time-sheet.pdf")
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == 'attachment; filename="time-sheet.pdf"'
    assert first.headers["Cache-Control"] == "private, no-store"
    with pikepdf.open(io.BytesIO(first.get_data())) as file:
        assert file.docinfo["/Title"] == "Time sheet for one week"
    other = submit_record(app, visit, scenario("hospitality", "hospitality low"), now)
    assert visit.client.get(f"{other.address}/papers/time-sheet.pdf").get_data() == first.get_data()
    assert work_off() == 0


def test_when_it_cannot_be_printed_a_page_says_so_and_a_person_can_try_again(
    app: Flask, visit: Any, submitted: Any, now: datetime, monkeypatch: pytest.MonkeyPatch, work_off: Works
) -> None:
    def failing(_html: str) -> bytes:
        raise PrintingFailedError

    address = f"{submitted.address}/papers/time-sheet"
    with monkeypatch.context() as broken:
        broken.setattr(print_job, "render_page", failing)
        assert visit(f"{address}.pdf").status == 202
        for hours in range(3):
            app.config["CLOCK"] = lambda hours=hours: now + timedelta(hours=hours)
            assert work_off() == 1
    app.config["CLOCK"] = lambda: now
    page = visit(f"{address}/making")
    assert (page.status, page.heading) == (500, "Sorry, we could not make the file")
    assert "You can take the Word file instead." in page.text
    assert visit.send("/making").status == 202
    assert work_off() == 1
    assert visit.client.get(f"{address}.pdf").status_code == 200


def test_a_paper_that_is_not_there_is_not_found(visit: Any, submitted: Any) -> None:
    for name in ("nothing.pdf", "nothing.docx", "nothing/making", "job_terms.docx", "time-sheet.txt"):
        assert visit.client.get(f"{submitted.address}/papers/{name}").status_code == 404


def test_strangers_get_nothing(another_visit: Any, submitted: Any) -> None:
    for end in ("papers", "papers/time-sheet.docx", "papers/time-sheet.pdf", "papers/time-sheet/making"):
        assert another_visit.client.get(f"{submitted.address}/{end}").status_code == 404


def test_links_are_made_from_the_names_of_the_endpoints(app: Flask, submitted: Any) -> None:
    with app.test_request_context():
        assert url_for("papers.show_papers", assessment_id=submitted.id) == f"{submitted.address}/papers"
        made = url_for("papers.word_file", assessment_id=submitted.id, address="time-sheet")
        assert made == f"{submitted.address}/papers/time-sheet.docx"


def test_before_anything_is_submitted_the_list_leads_back(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = latest(session, "farming")
        assert edition is not None
        found = start(session, edition.id, quick=False, now=now)
        link = make_resume_link(session, found.id, now)
        address = f"/assessments/{found.id}"
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    answer = visit.client.get(f"{address}/papers")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{address}/"


def test_an_action_names_the_papers_that_help_with_it(visit: Any, submitted: Any) -> None:
    page = visit(submitted.item("core_policy"))
    links = {link["href"] for link in page.soup.select("main a") if "/papers/" in link["href"]}
    assert links == {f"{submitted.address}/papers/fair-work-rules.{ending}" for ending in ("docx", "pdf")}
    assert "A paper you can use: Our rules for fair work" in " ".join(page.soup.main.get_text(" ").split())
    html5lib.HTMLParser(strict=True).parse(page.html)


def test_the_list_is_proper_html_with_links_that_say_which_paper(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/papers")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    links = [link.get_text() for link in page.soup.select("main li a")]
    assert "Word file: Your job in writing" in links
    assert len(set(links)) == len(links)
    assert page.soup.select("[style]") == []
