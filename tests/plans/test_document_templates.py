"""Papers printed beside the site, run as a worker runs it, with the real press where a file is looked at."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import outloud
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from flask import Flask
from sqlalchemy import func, select, update

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.documents import printing
from assess.core.documents import services as documents_services
from assess.core.documents.printing import PdfRenderError
from assess.core.documents.services import PdfStatus, PrintableDocument
from assess.core.jobs.services import all_schedules, due_jobs, enqueue, get_job_type
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import Job, JobState, StoredPdf
from assess.core.pdf import html_to_pdf
from assess.plans.charts import WIDTH, band_shape, bar, step_bar
from assess.plans.copies import ordinary_questions_of_record
from assess.plans.document_templates import (
    DOCUMENT_TEMPLATE,
    GROUP_ORDER,
    JOB_INTERVAL,
    NOT_ADVICE,
    RETENTION,
    TICK,
    TO_CHANGE,
    document_template_docx,
    document_template_html,
    document_template_spec,
    find_document_template,
    footer_lines,
    list_document_templates,
    templates_for_question,
    templates_for_sector,
)
from assess.plans.plan_page import MAX_STRENGTHS, business_plan, coordinator_plan, strengths_of
from assess.question_banks import content_versions
from assess.question_banks.content_versions import add_content_version
from assess.question_banks.document_templates import DocumentTemplate, document_templates_from
from assess.question_banks.files import BankFilesRefusedError, ContentFiles, bundled_files
from assess.question_banks.models import ContentVersionReason
from tests.engine.real_banks import BANKS, TODAY
from tests.plans.document_templates.template_files import IDS, PAPERS, paper_called, printed, words_of
from tests.plans.printed_pdfs import kids, tree
from tests.plans.printed_pdfs import opened as printed_pdfs_opened
from tests.plans.records import SCENARIOS, scenario
from tests.stored_files import document_of, keep_file, keep_pdf, stored_pdf


def test_the_foot_says_to_whoever_changes_a_template_how_old_it_is_and_what_it_rests_on() -> None:
    assert footer_lines(paper_called("buyer_letter"))[0] == f"{TO_CHANGE} {NOT_ADVICE}"
    assert footer_lines(paper_called("who_to_call"))[1].startswith(
        "Reviewed 24 November 2026. To be looked at again by 24 December 2026. Written from: Modern Slavery & Exploitation Helpline"
    )


def test_a_template_for_workers_says_only_what_it_is_not_and_how_old_it_is() -> None:
    for name in ("helpline_poster", "job_terms", "first_hour_card"):
        assert footer_lines(paper_called(name)) == (f"{NOT_ADVICE} Reviewed 24 November 2026.",)


def document_called(name: str) -> PrintableDocument:
    return PrintableDocument(DOCUMENT_TEMPLATE, name, document_template_spec(paper_called(name)))


WANTED = document_called("time_sheet")
CHANGED_PAPER = replace(paper_called("time_sheet"), title="Time sheet for two weeks")
CHANGED = PrintableDocument(DOCUMENT_TEMPLATE, "time_sheet", document_template_spec(CHANGED_PAPER))


@pytest.mark.both_databases
def test_each_text_has_its_file_and_whoever_comes_second_leaves_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert keep_pdf(session, "template", "time_sheet", b"%PDF one", now)
        assert keep_pdf(session, "template", "time_sheet", b"%PDF two", now)
        assert keep_pdf(session, "template", "job_terms", b"%PDF terms", now)
    with database.reading() as session:
        found = document_of(session, "template", "time_sheet", now).file(session)
        assert found is not None
        assert (found.content, found.digest, found.made_at) == (
            b"%PDF one",
            hashlib.sha256(b"%PDF one").hexdigest(),
            now,
        )
        assert stored_pdf(session, "template", "job_terms", now) == b"%PDF terms"
        assert not CHANGED.is_stored(session)


@pytest.mark.both_databases
def test_another_text_takes_the_place_of_the_one_before(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert keep_pdf(session, "template", "time_sheet", b"before", now)
        late = document_of(session, "template", "time_sheet", now)
        texts = {name: one.text for name, one in bundled_files().files.items()}
        texts["papers/time_sheet.yaml"] = texts["papers/time_sheet.yaml"].replace("for one week", "for two weeks", 1)
        changes = {name: text.encode() for name, text in texts.items()}
        add_content_version(session, changes, now, reason=ContentVersionReason.PUBLISHED)
        assert stored_pdf(session, "template", "time_sheet", now) is None
        assert not keep_file(session, late, b"late", now)
        assert keep_pdf(session, "template", "time_sheet", b"after", now)
    with database.reading() as session:
        assert stored_pdf(session, "template", "time_sheet", now) == b"after"
    assert files(database) == 1


@pytest.mark.both_databases
def test_texts_that_are_long_gone_go(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert keep_pdf(session, "template", "time_sheet", b"old", now - RETENTION - timedelta(days=1))
        assert keep_pdf(session, "template", "job_terms", b"recent", now - RETENTION + timedelta(days=1))
        assert keep_pdf(session, "template", "helpline_poster", b"new", now)
    with database.reading() as session:
        assert set(session.scalars(select(StoredPdf.template))) == {"job_terms", "helpline_poster"}


ONE_PAGE = ("fair_work_rules", "first_hour_card", "helpline_poster", "time_sheet", "who_to_call", "pay_explained")


def read(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(said.split())


@pytest.mark.parametrize("name", IDS)
def test_every_template_can_be_read_aloud(name: str, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(printed(name))
    result = outloud.check(str(path))
    assert result.error is None
    assert result.errors == 0


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_every_word_comes_back_in_its_order(paper: DocumentTemplate, tmp_path: Path) -> None:
    said = read(printed(paper.id), tmp_path)
    place = 0
    for text in [paper.title, *words_of(paper), *footer_lines(paper)]:
        found = said.find(" ".join(text.split()), place)
        assert found >= 0, text
        place = found


@pytest.mark.parametrize("name", IDS)
def test_a_file_has_title_language_headings_and_tables_with_headers(name: str) -> None:
    file = printed_pdfs_opened(printed(name))
    assert file.Root.Lang == "en-GB"
    assert file.docinfo["/Title"] == paper_called(name).title
    day = paper_called(name).reviewed.replace("-", "")
    assert file.docinfo["/CreationDate"] == f"D:{day}000000Z"
    elements = tree(file)
    levels = [int(str(element.S)[2]) for element in elements if re.fullmatch(r"/H\d", str(element.S))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    tables = [element for element in elements if element.S == "/Table"]
    assert len(tables) == sum(kind == "table" for kind, _held in paper_called(name).blocks)
    for table in tables:
        assert [str(kid.S) for kid in kids(table)][:2] == ["/Caption", "/THead"]


@pytest.mark.parametrize("name", ONE_PAGE)
def test_what_is_put_up_or_handed_out_fits_one_page(name: str) -> None:
    assert len(printed_pdfs_opened(printed(name)).pages) == 1


def test_no_page_is_left_with_the_foot_alone(tmp_path: Path) -> None:
    for name in IDS:
        path = tmp_path / "paper.pdf"
        path.write_bytes(printed(name))
        said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
        last = said.split("\f")[:-1][-1]
        assert not last.startswith("For you to use"), name


def test_the_same_template_gives_the_same_bytes_and_a_new_rate_another_page() -> None:
    paper = paper_called("pay_check")
    assert html_to_pdf(document_template_html(paper)) == printed("pay_check")
    before = {
        one.id: document_template_html(one)
        for one in document_templates_from(bundled_files(), TODAY.replace(month=3, day=1))
    }
    after = {one.id: document_template_html(one) for one in PAPERS}
    changed = {name for name in IDS if before[name] != after[name]}
    assert "pay_check" in changed
    assert "fair_work_rules" not in changed


def test_what_an_author_writes_is_text_and_never_markup() -> None:
    paper = replace(paper_called("buyer_letter"), title="<img src=x>", blocks=(("text", "<script>"), ("line", "a & b")))
    html = document_template_html(paper)
    assert "<img src=x>" not in html
    assert "&lt;script&gt;" in html
    assert "a &amp; b:" in html


Works = Callable[..., int]


@pytest.fixture
def work(database: Database, database_url: str, now: datetime) -> Works:
    """`work(after)` does what is due at that time after now."""
    settings = Settings(env="development", database_url=database_url)
    return lambda after=timedelta(): run_due_jobs(database, settings, lambda: now + after)


def order(database: Database, name: str, now: datetime, **arguments: str) -> None:
    with database.writing() as session:
        enqueue(session, name, now=now, **arguments)


def files(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredPdf)) or 0


def jobs(database: Database, state: JobState) -> int:
    with database.reading() as session:
        found = session.scalar(select(func.count()).where(Job.name == "print_document", Job.state == state))
        return found or 0


def test_a_template_is_printed_once_however_often_it_is_ordered(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    order(database, "print_document", now, kind="template", subject="time_sheet")
    assert work() == 1
    with database.reading() as session:
        found = WANTED.file(session)
    assert found is not None
    assert found.content == printed("time_sheet")
    monkeypatch.setattr(documents_services, "render_pdf", None)  # whoever printed now would stumble
    order(database, "print_document", now, kind="template", subject="time_sheet")
    assert work() == 1
    assert jobs(database, JobState.DONE) == 2
    assert files(database) == 1


def test_a_template_that_is_no_longer_there_is_left_alone(database: Database, work: Works, now: datetime) -> None:
    order(database, "print_document", now, kind="template", subject="gone")
    assert work() == 1
    assert jobs(database, JobState.DONE) == 1
    assert files(database) == 0


def test_whatever_is_missing_is_printed_ahead_one_by_one(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_services, "render_pdf", lambda html, _attached: html.encode())
    order(database, "print_papers", now)
    assert work() == 2, "the round itself and the first paper"
    assert work(JOB_INTERVAL) == 1, "the others leave room for what somebody waits for"
    assert work(len(IDS) * JOB_INTERVAL) == len(IDS) - 2
    assert files(database) == len(IDS)
    order(database, "print_papers", now)
    assert work(timedelta(days=1)) == 1, "nothing is missing"


def test_whoever_asks_for_a_template_does_not_stand_in_that_line(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_services, "render_pdf", lambda html, _attached: html.encode())
    order(database, "print_papers", now)
    work()
    last = document_called(IDS[-1])
    with database.writing() as session:
        last.enqueue(session, now)
    assert work() == 1
    with database.reading() as session:
        assert last.file(session) is not None


def test_what_nobody_waits_for_stands_last_even_when_all_of_it_is_overdue(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_services, "render_pdf", lambda html, _attached: html.encode())
    order(database, "print_papers", now)
    work()
    with database.writing() as session:
        document_called(IDS[-1]).enqueue(session, now + timedelta(hours=1))
        due = session.scalars(due_jobs(now + timedelta(hours=2))).all()
    assert len(due) == len(IDS), "one was printed and one is ordered twice"
    assert not str(due[0].key).startswith("ahead")
    assert all(str(job.key).startswith("ahead") for job in due[1:])


def test_what_cannot_be_printed_is_set_aside_and_not_ordered_anew_each_day(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_given: object) -> bytes:
        raise PdfRenderError

    monkeypatch.setattr(documents_services, "render_pdf", failing)
    order(database, "print_papers", now)
    for hour in range(4):
        work(timedelta(hours=hour))
    assert jobs(database, JobState.FAILED) == len(IDS)
    assert files(database) == 0
    order(database, "print_papers", now)
    assert work(timedelta(days=1)) == 1
    monkeypatch.setattr(documents_services, "render_pdf", lambda html, _attached: html.encode())
    order(database, "print_document", now, kind="template", subject="time_sheet")
    assert work(timedelta(days=1)) == 1
    assert files(database) == 1


def test_it_is_due_as_soon_as_new_rates_begin_and_has_the_time_the_renderer_may_take() -> None:
    (table,) = [one for one in all_schedules() if one.name == "print_papers"]
    assert table.at is not None
    assert table.at.hour == 0
    assert printing.MAX_RENDER_SECONDS < get_job_type("print_document").seconds <= printing.MAX_RENDER_SECONDS + 30


@pytest.mark.usefixtures("in_site")
def test_a_question_gets_its_templates_the_most_fitting_first() -> None:
    found = templates_for_question("core_written_terms", TODAY)
    assert [ref.id for ref in found] == ["job_terms", "first_hour_card"]
    assert (found[0].address, found[0].title) == ("job-terms", "Your job in writing")
    assert found[0].says == "Written job terms to fill in and give to each worker before the first day."
    assert found[0].sources
    assert templates_for_question("no_such_question", TODAY) == ()
    assert templates_for_question("core_written_terms") == found


@pytest.fixture
def in_site(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.usefixtures("in_site")
@pytest.mark.parametrize("bank", BANKS)
def test_a_sector_gets_every_template_once_by_kind(bank: str) -> None:
    groups = templates_for_sector(bank, TODAY)
    assert [group.id for group in groups] == list(GROUP_ORDER)
    assert sorted(ref.id for group in groups for ref in group.papers) == sorted(IDS)


@pytest.mark.usefixtures("in_site")
def test_a_template_is_found_by_its_address() -> None:
    found = find_document_template("time-sheet", TODAY)
    assert found is not None
    assert found.id == "time_sheet"
    assert find_document_template("time_sheet", TODAY) is None


def test_files_that_cannot_be_used_leave_the_last_good_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_versions, "_last_made", {})
    with pytest.raises(BankFilesRefusedError):
        list_document_templates(ContentFiles(), TODAY)
    good = list_document_templates(bundled_files(), TODAY)
    assert list_document_templates(ContentFiles(), TODAY) == good


def standing(database: Database, now: datetime, wanted: PrintableDocument = WANTED) -> PdfStatus:
    with database.reading() as session:
        return wanted.status(session, now)


def order_wanted(database: Database, now: datetime) -> None:
    with database.writing() as session:
        WANTED.enqueue(session, now)


def test_a_template_is_ordered_once_for_all_who_wait_and_then_it_is_there(database: Database, now: datetime) -> None:
    assert standing(database, now) is PdfStatus.NOT_ORDERED
    order_wanted(database, now)
    order_wanted(database, now)
    assert standing(database, now) is PdfStatus.WAITING
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1
        assert WANTED.file(session) is None
    with database.writing() as session:
        keep_file(session, WANTED, b"file", now)
    assert standing(database, now) is PdfStatus.READY
    assert standing(database, now, CHANGED) is PdfStatus.NOT_ORDERED


def test_one_that_was_given_up_can_be_ordered_again(database: Database, now: datetime) -> None:
    order_wanted(database, now)
    with database.writing() as session:
        session.execute(update(Job).values(state=JobState.FAILED))
    assert standing(database, now) is PdfStatus.GIVEN_UP
    order_wanted(database, now)
    assert standing(database, now) is PdfStatus.WAITING


def test_each_template_has_a_name_and_a_key_of_its_own(now: datetime) -> None:
    assert WANTED.spec.title == "Time sheet for one week (PDF)"
    assert WANTED.name(now) == "time-sheet.pdf"
    assert "Word file" in WANTED.spec.meanwhile
    keys = {document_called(paper.id).job_key for paper in PAPERS}
    assert len(keys) == len(PAPERS)
    assert max(map(len, keys)) < 100


def opened(paper: DocumentTemplate) -> Document:
    return docx.Document(io.BytesIO(document_template_docx(paper)))


def test_the_same_template_gives_the_same_bytes() -> None:
    paper = paper_called("hiring_check")
    assert document_template_docx(paper) == document_template_docx(paper)


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_headings_and_tables_are_real_ones(paper: DocumentTemplate) -> None:
    file = opened(paper)
    heads = [one.text for one in file.paragraphs if one.style is not None and one.style.name.startswith("Heading")]
    assert heads == [paper.title, *[held for kind, held in paper.blocks if kind == "heading"]]
    given = [held for kind, held in paper.blocks if kind == "table"]
    assert len(file.tables) == len(given)
    for table, held in zip(file.tables, given, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == held["columns"]
        assert len(table.rows) == 1 + len(held.get("rows", [])) + held.get("empty", 0)
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == held["caption"]


def test_properties_are_neutral_and_the_language_is_british_english() -> None:
    file = opened(paper_called("payroll_check"))
    properties = file.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "A look at our own pay records"
    assert properties.language == "en-GB"
    assert str(properties.created)[:19] == str(properties.modified)[:19] == "2026-11-24 00:00:00"
    assert {one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_each_numbered_list_begins_with_one() -> None:
    numbers = [
        one._p.pPr.numPr.numId.val
        for one in opened(paper_called("who_to_call")).paragraphs
        if one.style is not None and one.style.name == "List Number"
    ]
    other = [one.numId for one in opened(paper_called("who_to_call")).part.numbering_part.element.num_lst]
    assert len(numbers) == 6
    assert set(numbers) == {max(other)}


def test_lines_to_fill_in_run_to_the_margin_and_boxes_can_be_ticked() -> None:
    file = opened(paper_called("first_hour_card"))
    line = next(one for one in file.paragraphs if one.text.startswith("Your supervisor:"))
    (stop,) = line.paragraph_format.tab_stops
    assert round(stop.position.mm) == 174
    assert sum(one.text.startswith(TICK) for one in file.paragraphs) == 5


def test_every_file_opens_in_an_office_and_reads_back_equal(tmp_path: Path) -> None:
    for paper in PAPERS:
        (tmp_path / f"{paper.id}.docx").write_bytes(document_template_docx(paper))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, sorted(tmp_path.glob("*.docx")))], check=True, capture_output=True, timeout=180)
    for paper in PAPERS:
        made = subprocess.run(
            ["pdftotext", str(tmp_path / f"{paper.id}.pdf"), "-"], capture_output=True, text=True, check=True
        ).stdout
        for text in [paper.title, *words_of(paper), *footer_lines(paper)]:
            assert whatever_the_lines(text) in whatever_the_lines(made), (paper.id, text)


def whatever_the_lines(text: str) -> str:
    """Where lines end depends on the fonts of the machine, and the reader takes a hyphen at the end of one for its own."""
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_only_the_coordinator_has_a_sheet_of_signs(bank: str, title: str) -> None:
    record = scenario(bank, title)
    assert business_plan(record).signs is None
    assert coordinator_plan(record).signs is not None


def test_both_copies_tell_of_the_same_score() -> None:
    record = scenario()
    business, coordinator = business_plan(record), coordinator_plan(record)
    assert business.score_breakdown == coordinator.score_breakdown
    assert business.title == "Action plan for Fen Edge Growers Ltd"
    assert coordinator.title == "Coordinator’s copy for Fen Edge Growers Ltd"


def test_advice_is_urgent_exactly_when_an_urgent_sign_is_open() -> None:
    for bank, title in SCENARIOS:
        record = scenario(bank, title)
        assert business_plan(record).urgent is bool(record["result"]["urgent_signs"])


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_strengths_are_good_answers_to_ordinary_questions_and_never_whole_areas(bank: str, title: str) -> None:
    record = scenario(bank, title)
    ordinary = ordinary_questions_of_record(record)
    good = [row for row in record["strengths"] if row["question"] in ordinary]
    found = strengths_of(record, ordinary)
    assert [strength.ask for strength in found.answers] == [row["ask"] for row in good[:MAX_STRENGTHS]]
    assert found.more == max(0, len(good) - MAX_STRENGTHS)
    assert all(strength.answer for strength in found.answers)
    assert found == business_plan(record).strengths == coordinator_plan(record).strengths


def test_a_good_answer_to_a_sign_question_is_no_strength() -> None:
    record = scenario("farming", "farming low")
    shown = {strength.ask for strength in business_plan(record).strengths.answers}
    asked = [question for section in record["sections"] for question in section["questions"]]
    grave = {row["ask"] for row in asked if row["can_sign"] and row["points"] == 0}
    assert grave
    assert shown
    assert not grave & shown


BANDS = ("low", "medium", "high", "critical", "not_rated")


def widths(svg: str) -> list[float]:
    return [float(width) for width in re.findall(r'<rect x="0" y="0" width="([\d.]+)"', svg)]


@pytest.mark.parametrize(("value", "width"), [(0, 0), (50, WIDTH / 2), (100, WIDTH), (130, WIDTH), (-4, 0)])
def test_a_bar_is_as_long_as_its_number(value: float, width: float) -> None:
    assert widths(bar("x", value)) == [width]


def test_every_drawing_is_sound_xml_with_a_title_and_no_style() -> None:
    drawings = [bar("A & B <c>", 40), bar("x", 40, "striped"), step_bar("y", 3, 4), *map(band_shape, BANDS)]
    for drawing in drawings:
        root = ET.fromstring(drawing)  # noqa: S314  # our own drawing
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert title.text
        assert "style" not in drawing
    assert "A &amp; B &lt;c&gt;" in drawings[0]


def test_an_exposure_is_told_from_a_safeguard_without_colour() -> None:
    assert bar("x", 60, "striped").count("<path") > bar("x", 60).count("<path")


def test_a_step_bar_shows_whole_steps_only() -> None:
    assert step_bar("x", 3, 4).count('fill="#0b4f4a"') == 3


def test_each_band_has_a_shape_of_its_own() -> None:
    assert len({band_shape(band) for band in BANDS}) == len(BANDS)
