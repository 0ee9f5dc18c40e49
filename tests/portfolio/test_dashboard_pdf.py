"""The summary on paper: whole, read aloud without a fault, four pages at most, and without names unless they are asked for."""

from __future__ import annotations

import re
import subprocess
import uuid
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import outloud
import pytest
from sqlalchemy import func, select

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.documents import services as documents_services
from assess.core.documents.printing import PdfRenderError
from assess.core.documents.services import PRINT_JOB, PdfStatus
from assess.core.jobs.services import enqueue
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import Job, StoredPdf
from assess.core.pdf import html_to_pdf
from assess.identity.models import Organisation
from assess.portfolio.dashboard import get_dashboard, summary_html
from assess.portfolio.models import BoardDuty, BoardGoods, PortfolioSnapshot
from tests.conftest import TODAY
from tests.plans.printed_pdfs import opened, tree
from tests.portfolio.dashboard.sample_portfolio import fill_world
from tests.stored_files import document_of, keep_file, keep_pdf
from tests.suppliers.factories import a_buyer, a_supplier


@pytest.mark.both_databases
def test_one_with_names_and_one_without_are_kept_and_never_an_outdated_one(published: Database) -> None:
    with published.writing() as session:
        mine = a_buyer(session, "The Council")
        a_supplier(session, mine, "Late farm")
        assert keep_pdf(session, "summary", mine.id, b"old", TODAY)
        assert keep_pdf(session, "summary_with_names", mine.id, b"Ann", TODAY)
        old = document_of(session, "summary", mine.id, TODAY)
        a_supplier(session, mine, "One more")
        new = document_of(session, "summary", mine.id, TODAY)
        assert new.file(session) is None
        assert not keep_file(session, old, b"late", TODAY)
        assert keep_file(session, new, b"new", TODAY)
        assert not keep_pdf(session, "summary", uuid.uuid4(), b"gone", TODAY)
        named = document_of(session, "summary_with_names", mine.id, TODAY)
        assert not named.is_stored(session), "there is one more to name"
    with published.reading() as session:
        found = new.file(session)
        assert found is not None
        assert found.content == b"new"
        assert old.file(session) is None
        assert set(session.scalars(select(StoredPdf.kind))) == {"summary", "summary_with_names"}
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 2


def page_of_one(published: Database) -> str:
    """The page of a buyer with one supplier, of whom there is nothing to tell."""
    with published.writing() as session:
        council = a_buyer(session, "The Shop")
        a_supplier(session, council, "Never asked")
        return summary_html(get_dashboard(session, council.id, "The Shop", TODAY), names=True)


def pages(published: Database) -> dict[bool, str]:
    """The page with and without names, of a buyer of whom there is as much to tell as can be."""
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        suppliers = fill_world(session, council)
        for number in range(20):
            good = f"A kind of goods with a long name, number {number}"
            session.add(
                BoardGoods(
                    supplier_id=suppliers[0].id,
                    buyer_id=suppliers[0].buyer_id,
                    good=good,
                    country=f"Country {number}",
                    risk_label="Not known",
                )
            )
            for supplier in suppliers[:4]:
                title = f"A duty with a title that is rather long, as those of the law are, number {number}"
                session.add(
                    BoardDuty(
                        supplier_id=supplier.id, buyer_id=supplier.buyer_id, duty=f"d{number}", title=title, done=False
                    )
                )
        for month in range(1, 12):
            groups = {"shared": month, "other": 1, "asked": 2, "declined": 1, "over": 1, "not_asked": 3}
            bands = None if month == 9 else {"low": 1, "medium": 2, "high": 2, "none": 4}
            counts = {"bands": bands, "groups": groups}
            day = TODAY.date().replace(month=month, day=1)
            session.add(PortfolioSnapshot(buyer_id=council.id, month=day, counts=counts, made_at=TODAY))
        session.flush()
        picture = get_dashboard(session, council.id, "The Council", TODAY)
    return {names: summary_html(picture, names=names) for names in (True, False)}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_summary_is_a_tagged_file_that_reads_well(published: Database, tmp_path: Path) -> None:
    content = html_to_pdf(pages(published)[True])
    path = tmp_path / "summary.pdf"
    path.write_bytes(content)
    heard = outloud.check(str(path))
    assert (heard.error, [str(one) for one in heard.findings if one.severity == "error"]) == (None, [])
    with opened(content) as file:
        assert 2 <= len(file.pages) <= 4
        assert file.Root.MarkInfo.Marked
        assert file.Root.Lang == "en-GB"
        assert str(file.docinfo["/Title"]).startswith("Our suppliers and modern slavery: summary for the board of")
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        with file.open_outline() as outline:
            titles = [item.title for item in outline.root[0].children]
        assert titles[:2] == ["Stay and help fix it", "Bands by kind of work"]
        assert titles[-1] == "What this is not"
        elements = tree(file)
        kinds = [str(element.S) for element in elements]
        levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert kinds.count("/Table") == 8
        assert kinds.count("/TH") > 60
        figures = [element for element in elements if str(element.S) == "/Figure"]
        assert figures
        assert all(str(figure.Alt).strip() for figure in figures)
    said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    said = " ".join(said.split())
    assert "The business’s own answers. Not a finding. Not for selection or exclusion." in said
    assert "as of 24 November 2026" in said
    assert "These are the businesses’ own answers. Nobody checked them." in said
    assert "1 duty of fewer than 3 suppliers is left out." in said
    for name in ("Late farm", "Never asked", "Wash 2"):
        assert name in said


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_summary_of_next_to_nothing_reads_well_too(published: Database, tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    path.write_bytes(html_to_pdf(page_of_one(published)))
    heard = outloud.check(str(path))
    assert (heard.error, [str(one) for one in heard.findings if one.severity == "error"]) == (None, [])


def test_the_same_picture_gives_the_same_text_and_no_name_by_itself(published: Database) -> None:
    found = pages(published)
    assert not [name for name in ("Late farm", "Never asked", "Wash 2") if name in found[False]]
    assert "01553" not in found[True], "a telephone number is for the list alone"
    assert "Names are left out." in found[False]
    assert "http" not in found[False].replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_it_says_how_many_there_are_to_call_first(published: Database) -> None:
    assert "<h2>The one to contact first</h2>" in page_of_one(published)
    assert "<h2>The ten to contact first</h2>" in pages(published)[True]


def order(database: Database, settings: Settings, buyer: str, *, names: bool = False) -> None:
    with database.writing() as session:
        enqueue(session, PRINT_JOB, now=TODAY, kind="summary_with_names" if names else "summary", subject=buyer)
    assert run_due_jobs(database, settings, lambda: TODAY) == 1


def files(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredPdf)) or 0


@pytest.fixture
def mine(published: Database) -> str:
    """A buyer with one supplier."""
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        a_supplier(session, council, "Late farm")
        return council.id.hex


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_renderer_prints_it(published: Database, settings: Settings, mine: str) -> None:
    order(published, settings, mine)
    with published.reading() as session:
        assert session.scalars(select(StoredPdf.content)).one().startswith(b"%PDF-")


def test_it_is_printed_once_and_what_is_gone_never(
    published: Database, settings: Settings, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def press(html: str, _attached: object) -> bytes:
        printed.append(html)
        return b"%PDF-"

    monkeypatch.setattr(documents_services, "render_pdf", press)
    with published.writing() as session:
        empty = a_buyer(session, "Nobody yet").id.hex
    for buyer in (mine, mine, empty, "0" * 32):
        order(published, settings, buyer, names=True)
    assert (len(printed), files(published)) == (1, 1)
    assert "Late farm" in printed[0]


def test_what_goes_wrong_or_changed_meanwhile_stores_nothing(
    published: Database, settings: Settings, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> bytes:
        raise PdfRenderError("The press ended with 9.")

    def change(*_given: object) -> bytes:
        with published.writing() as session:
            a_supplier(session, session.get_one(Organisation, uuid.UUID(mine)), "One more")
        return b"%PDF-"

    monkeypatch.setattr(documents_services, "render_pdf", fail)
    order(published, settings, mine)
    monkeypatch.setattr(documents_services, "render_pdf", change)
    order(published, settings, mine, names=True)
    assert files(published) == 0


def test_a_summary_is_ordered_once_and_then_it_is_there(published: Database) -> None:
    with published.writing() as session:
        mine = a_buyer(session, "The Council")
        a_supplier(session, mine, "Late farm")
        wanted, named = (document_of(session, kind, mine.id, TODAY) for kind in ("summary", "summary_with_names"))
        tomorrow = document_of(session, "summary", mine.id, TODAY + timedelta(days=1))
        assert wanted.status(session, TODAY) is PdfStatus.NOT_ORDERED
        wanted.enqueue(session, TODAY)
        wanted.enqueue(session, TODAY)
        named.enqueue(session, TODAY)
        assert session.scalar(select(func.count()).where(Job.name == PRINT_JOB)) == 2
        assert wanted.status(session, TODAY) is PdfStatus.WAITING
        keep_file(session, wanted, b"file", TODAY)
        assert wanted.status(session, TODAY) is PdfStatus.READY
        assert wanted.file(session) is not None
        assert named.file(session) is None
        assert tomorrow.status(session, TODAY) is PdfStatus.NOT_ORDERED
    assert wanted.name(TODAY) == "summary-for-the-board-2026-11-24.pdf"
    assert wanted.spec.title
    assert wanted.spec.meanwhile
