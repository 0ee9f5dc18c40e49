"""Every kind of printed document, made by a process that has no app: a worker."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import outloud
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assess.assessments.models import Submission
from assess.assessments.retention import delete_assessment
from assess.core import pdf_tagging
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.documents.services import PRINT_JOB, DocumentKind, PrintableDocument, load_document
from assess.core.events import providers_of
from assess.core.models import Job, JobState, StoredPdf
from assess.core.pdf import html_to_pdf
from assess.identity.models import Organisation
from assess.sharing.models import ShareGrant
from tests.any_script import ALL_NAMES, LONG_WORD, NAMES, read_text
from tests.conftest import TODAY
from tests.identity.accounts_factory import an_organisation
from tests.plans.plan_index.organisations import Firm, a_firm
from tests.plans.records import NAME
from tests.portfolio.bulk_exports.conftest import Council, a_council

WORKER = Path(__file__).with_name("worker_process.py")


@pytest.fixture
def published(banks_url: str) -> Iterator[Database]:
    opened = Database(banks_url)
    yield opened
    opened.close()


@pytest.fixture
def firm(published: Database) -> Firm:
    with published.writing() as session:
        return a_firm(session, TODAY)


@pytest.fixture
def council(published: Database, settings: Settings) -> Council:
    return a_council(published, settings, ("Acle Fruit",))


@pytest.fixture
def documents(published: Database, firm: Firm, council: Council) -> list[PrintableDocument]:
    """One document of each kind there is."""
    with published.reading() as session:
        mine = select(Submission.id).where(Submission.assessment_id == firm.assessments[1])
        owners = {
            "submission_id": lambda _kind: session.scalars(mine).one(),
            "grant_id": lambda _kind: council.grants["Acle Fruit"],
            "organisation_id": lambda kind: firm.organisation.id if kind.name == "plan_index" else council.id,
            "template": lambda _kind: "time_sheet",
        }
        found = [
            load_document(session, kind.name, owners[kind.subject_column](kind), TODAY)
            for kind in providers_of(DocumentKind)
        ]
    assert None not in found
    return [one for one in found if one is not None]


def test_every_kind_is_printed_by_a_worker(
    published: Database, banks_url: str, documents: list[PrintableDocument]
) -> None:
    with published.writing() as session:
        for document in documents:
            document.enqueue(session, TODAY)
    subprocess.run([sys.executable, str(WORKER), banks_url, TODAY.isoformat()], check=True, timeout=300)
    with published.reading() as session:
        assert {job.arguments["kind"]: (job.state, job.error) for job in session.scalars(select(Job))} == {
            document.kind.name: (JobState.DONE, None) for document in documents
        }
        for document in documents:
            found = document.file(session)
            assert found is not None, document.kind.name
            assert found.content.startswith(b"%PDF-"), document.kind.name


def test_names_in_any_script_fit_into_every_kind_and_are_read_back(
    published: Database,
    firm: Firm,
    documents: list[PrintableDocument],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boxes: list[Any] = []
    mend = pdf_tagging.fix_tags

    def look(document: Any, pdf: Any, **more: Any) -> None:
        boxes[:] = [
            (box.position_x + box.width, page.width, box.text)
            for page in document.pages
            for box in page._page_box.descendants()
            if getattr(box, "text", "").strip()
        ]
        mend(document, pdf, **more)

    monkeypatch.setattr(pdf_tagging, "fix_tags", look)
    path = tmp_path / "document.pdf"
    for document in documents:
        with published.reading() as session:
            html = document.spec.draw(session).html
        for name in (NAME, firm.organisation.name, "Acle Fruit"):
            html = html.replace(name, ALL_NAMES)
        if document.kind.name == "template":
            html = html.replace("</h1>", f" {ALL_NAMES}</h1>")
        assert ALL_NAMES in html or document.kind.name == "summary", document.kind.name
        path.write_bytes(html_to_pdf(html))
        heard = outloud.check(str(path))
        assert (document.kind.name, heard.error, heard.errors) == (document.kind.name, None, 0)
        assert not [box for box in boxes if box[0] > box[1]], document.kind.name
        if ALL_NAMES in html:
            said = read_text(path)
            lost = [
                name
                for name in (*NAMES.values(), LONG_WORD)
                for word in name.split()
                if word not in said.replace(" ", "")
            ]
            assert not lost, document.kind.name


def keep_all(database: Database, documents: list[PrintableDocument], *, stored: bool = True) -> None:
    with database.writing() as session:
        for document in documents:
            assert document.save(session, document.spec.draw(session), b"%PDF-", TODAY) is stored, document.kind.name


def left(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(StoredPdf.kind)))


EVERYTHING = {"business", "large", "annex", "wall", "buyer", "coordinator", "plan_index", "template", "share"} | {
    "summary",
    "summary_with_names",
}


@pytest.mark.both_databases
def test_a_document_goes_with_its_owner_and_with_what_it_lists(
    published: Database, firm: Firm, council: Council, documents: list[PrintableDocument]
) -> None:
    keep_all(published, documents)
    assert left(published) == EVERYTHING
    with published.writing() as session:
        delete_assessment(session, firm.assessments[0])
    assert left(published) == EVERYTHING - {"plan_index"}, "the index listed another assessment"
    with published.writing() as session:
        delete_assessment(session, firm.assessments[1])
    assert left(published) == {"template", "share", "summary", "summary_with_names"}
    with published.writing() as session:
        session.delete(session.get_one(ShareGrant, council.grants["Acle Fruit"]))
    assert left(published) == {"template"}


@pytest.mark.both_databases
def test_no_index_is_stored_while_an_assessment_on_it_is_deleted(
    published: Database, firm: Firm, documents: list[PrintableDocument]
) -> None:
    index = [one for one in documents if one.kind.name == "plan_index"]
    other = threading.Thread(target=keep_all, args=(published, index), kwargs={"stored": False})
    with published.writing() as session:
        delete_assessment(session, firm.assessments[1])
        other.start()
        other.join(1)  # the other has to wait for this transaction
    other.join()
    assert left(published) == set()


@pytest.mark.both_databases
def test_no_summary_is_stored_while_a_share_that_it_rests_on_is_deleted(
    published: Database, council: Council, documents: list[PrintableDocument]
) -> None:
    summaries = [one for one in documents if one.kind.name.startswith("summary")]
    other = threading.Thread(target=keep_all, args=(published, summaries), kwargs={"stored": False})
    with published.writing() as session:
        session.delete(session.get_one(ShareGrant, council.grants["Acle Fruit"]))
        session.flush()
        other.start()
        other.join(1)  # as above
    other.join()
    assert left(published) == set()


@pytest.mark.both_databases
def test_a_document_goes_with_its_organisation(
    published: Database, firm: Firm, council: Council, documents: list[PrintableDocument]
) -> None:
    keep_all(published, documents)
    with published.writing() as session:
        session.delete(session.get_one(Organisation, firm.organisation.id))
        session.delete(session.get_one(Organisation, council.id))
    assert left(published) == {"template", "share"}


@pytest.mark.both_databases
@pytest.mark.parametrize("owners", [(), ("template", "organisation_id")])
def test_a_document_has_one_owner(published: Database, owners: tuple[str, ...]) -> None:
    with published.writing() as session:
        values = {"template": "time_sheet", "organisation_id": an_organisation(session, "Fen Edge").id}
    row = StoredPdf(kind="x", key="", digest="", content=b"", made_at=TODAY, **{one: values[one] for one in owners})
    with pytest.raises(IntegrityError), published.writing() as session:
        session.add(row)


def test_every_name_and_key_fits_into_its_column(documents: list[PrintableDocument]) -> None:
    assert {kind.name for kind in providers_of(DocumentKind)} == EVERYTHING
    assert len(providers_of(DocumentKind)) == len(EVERYTHING)
    table, longest = StoredPdf.__table__.c, max(len(document.job_key_ahead) for document in documents)
    assert max(map(len, EVERYTHING)) <= table.kind.type.length  # type: ignore[attr-defined]  # it is a String
    assert longest <= Job.__table__.c.key.type.length  # type: ignore[attr-defined]  # as above
    assert len(f"{PRINT_JOB} coordinator {2**31} {2**63}") <= Job.__table__.c.key.type.length  # type: ignore[attr-defined]  # as above
