"""All data of one organisation as a streamed ZIP. Columns are listed explicitly: what is not named stays inside."""

from __future__ import annotations

import enum
import json
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.submissions import latest_submission_id
from assess.core.clock import uk_date
from assess.core.db import Base, Database, JsonDict
from assess.core.documents.services import PdfStatus, PrintableDocument, load_document
from assess.core.exports import ZipBuffer, write_zip_entry
from assess.core.models import StoredPdf
from assess.identity.models import Organisation, Site
from assess.identity.organisations.services import organisation_as_data
from assess.plans.copies import Copy, business_record
from assess.question_banks.models import EditionRow

EXPORTED_COPY: Copy = "business"


@dataclass(frozen=True, slots=True)
class ExportedAssessment:
    id: uuid.UUID
    folder: str
    sector: str
    site: str | None


def exported_assessments(session: Session, organisation_id: uuid.UUID) -> Sequence[ExportedAssessment]:
    rows = session.execute(
        select(Assessment.id, EditionRow.bank, Site.name)
        .join(EditionRow, EditionRow.id == Assessment.edition_id)
        .outerjoin(Site, Site.id == Assessment.site_id)
        .where(Assessment.organisation_id == organisation_id)
        .order_by(Assessment.started_at, Assessment.id)
    )
    return [
        ExportedAssessment(key, f"{number:03}-{bank}", bank, site) for number, (key, bank, site) in enumerate(rows, 1)
    ]


def still_belongs_to(session: Session, assessment_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    """Whether it belongs to the organisation at this moment: it may have gone while the file is on its way."""
    wanted = select(Assessment.id).where(Assessment.id == assessment_id, Assessment.organisation_id == organisation_id)
    return session.scalar(wanted) is not None


def json_documents(session: Session, listed: ExportedAssessment) -> Iterator[tuple[str, JsonDict]]:
    """The name and content of each JSON file of an assessment.

    Records are those of a business: they name no sign. So their digest is that of the full record, which stays here.
    """
    assessment = session.get_one(Assessment, listed.id)
    head: JsonDict = {
        "id": str(assessment.id),
        "sector": listed.sector,
        "site": listed.site,
        "quick": assessment.quick,
        "started_at": assessment.started_at.isoformat(),
        "changed_at": assessment.changed_at.isoformat(),
        "submitted_at": assessment.submitted_at.isoformat() if assessment.submitted_at else None,
    }
    own = table_rows(session, ASSESSMENT_TABLES, "assessment_id", listed.id)
    yield "self-check.json", head | own | related_rows(session, RELATED_TABLES, listed.id)
    for submission in session.scalars(
        select(Submission).where(Submission.assessment_id == listed.id).order_by(Submission.number)
    ):
        yield (
            f"submission-{submission.number}.json",
            {
                "number": submission.number,
                "made_at": submission.made_at.isoformat(),
                "digest_of_full_record": submission.digest,
                "record": business_record(submission.record),
                "register": table_rows(session, SUBMISSION_TABLES, "submission_id", submission.id),
            },
        )


def plan_pdfs(session: Session, listed: ExportedAssessment) -> Iterator[tuple[str, bytes]]:
    """The printed plans of an assessment, as they were printed: name and content. Each is read when its turn comes."""
    printed = session.execute(
        select(StoredPdf.id, Submission.number, StoredPdf.made_at)
        .join(Submission, Submission.id == StoredPdf.submission_id)
        .where(Submission.assessment_id == listed.id, StoredPdf.kind == EXPORTED_COPY)
        .order_by(Submission.number, StoredPdf.made_at, StoredPdf.key)
    ).all()
    for place, (pdf_id, number, made_at) in enumerate(printed, 1):
        content = session.scalar(select(StoredPdf.content).where(StoredPdf.id == pdf_id))
        if content is not None:
            yield f"plan-{number}-{uk_date(made_at).isoformat()}-{place}.pdf", content


def missing_pdfs(session: Session, listed: Sequence[ExportedAssessment], now: datetime) -> dict[uuid.UUID, PdfStatus]:
    """Which of these have a plan that is not printed as it stands now, and how far that is."""
    found = {one: document.status(session, now) for one, document in _current_plans(session, listed, now)}
    return {one: status for one, status in found.items() if status is not PdfStatus.READY}


def enqueue_missing_pdfs(session: Session, listed: Sequence[ExportedAssessment], now: datetime) -> int:
    """Have everything printed that is not. Returns how many were missing."""
    missing = [document for _, document in _current_plans(session, listed, now) if not document.is_stored(session)]
    for document in missing:
        document.enqueue(session, now)
    return len(missing)


def _current_plans(
    session: Session, listed: Sequence[ExportedAssessment], now: datetime
) -> Iterator[tuple[uuid.UUID, PrintableDocument]]:
    for one in listed:
        submission_id = latest_submission_id(session, one.id)
        if submission_id and (document := load_document(session, EXPORTED_COPY, submission_id, now)):
            yield one.id, document


def stream_export(database: Database, organisation_id: uuid.UUID, now: datetime) -> Iterator[bytes]:
    """The ZIP, part by part, each assessment in a transaction of its own; what is deleted meanwhile is left out."""
    sink = ZipBuffer()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        with database.reading() as session:
            organisation = session.get(Organisation, organisation_id)
            head = organisation_as_data(session, organisation, now) if organisation else {}
            listed = exported_assessments(session, organisation_id)
            missing = missing_pdfs(session, listed, now)
        write_zip_entry(
            archive, "READ-ME.txt", _read_me(listed, [one for one in listed if one.id in missing], now), now
        )
        write_zip_entry(archive, "organisation.json", _json_bytes(head), now)
        yield sink.take()
        for one in listed:
            with database.reading() as session:
                if not still_belongs_to(session, one.id, organisation_id):
                    continue
                for name, document in json_documents(session, one):
                    write_zip_entry(archive, f"{one.folder}/{name}", _json_bytes(document), now)
                    yield sink.take()
                for name, content in plan_pdfs(session, one):
                    write_zip_entry(archive, f"{one.folder}/{name}", content, now, method=zipfile.ZIP_STORED)
                    yield sink.take()
    yield sink.take()


def _json_bytes(document: JsonDict) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _read_me(listed: Sequence[ExportedAssessment], missing: Sequence[ExportedAssessment], now: datetime) -> bytes:
    lines = [
        f"All data of your organisation on {uk_date(now).isoformat()}.",
        "",
        "It holds everything that was answered. Keep it where only those can read it who may read the answers.",
        "",
        "organisation.json: name, sites, people and invitations.",
        *(f"{one.folder}: {one.sector}{', ' + one.site if one.site else ''}" for one in listed),
        "In each folder: self-check.json, one file for each time it was submitted, and the plans that were printed (PDF).",
    ]
    if missing:
        lines += ["", "The plan as it stands now was not printed yet for:", *(one.folder for one in missing)]
    return "\r\n".join([*lines, ""]).encode()


ColumnNames = Sequence[str]

ASSESSMENT_TABLES: Mapping[str, tuple[str, ColumnNames]] = {
    "answers": ("answer", ("part", "question", "value", "revision", "changed_at")),
    "history_of_answers": ("answer_event", ("part", "question", "revision", "before", "after", "at")),
    "purchases": (
        "purchase_line",
        ("number", "good", "country", "share", "supplier", "removed", "revision", "changed_at"),
    ),
    "history_of_purchases": ("purchase_event", ("number", "revision", "said", "at")),
    "comments": ("comment", ("question", "words", "for_delegate", "by_member", "at", "settled_at")),
    "delegations": (
        "delegation",
        ("section", "question", "note", "made_at", "until", "opened_at", "done_at", "sent_back_at", "ended_at"),
    ),
    "sign_off": ("sign_off", ("name", "job", "on_paper", "signed_at", "taken_back_at")),
    "asked_to_sign_off": ("sign_off_request", ("note", "made_at", "until", "opened_at", "ended_at")),
    "history_of_sign_off": ("sign_off_event", ("number", "what", "words", "at")),
    "shares": ("share_grant", ("email", "buyer", "scope", "made_at", "until", "ended_at", "accepted_at")),
    "buyer_links": ("buyer_link", ("note", "made_at", "until", "ended_at", "opened", "last_opened_at")),
    "moves_to_newer_questions": ("edition_upgrade", ("version", "moved_at", "undone_at")),
    "words_taken_out": ("redaction", ("began_at", "finished_at", "places")),
    "help_by_a_coordinator": ("assisted_session", ("mode", "made_at", "began_at", "until", "ended_at")),
}
"""What belongs to an assessment: name in the file, table, columns. No hash of a link, and nobody's id."""

EXCLUDED_TABLES: Mapping[str, str] = {
    "assisted_answer": "which answers were typed with a coordinator is said in the record, by its days",
    "audit_subject": "the audit log is no answer of anybody",
    "calendar_feed": "it opens the calendar",
    "check_code": "it is printed on what is taken along",
    "job": "an order to the machine",
    "personal_data_finding": "what the machine found in free texts that are taken along",
    "outbox": "emails on their way, with links in them that open something",
    "portfolio_file_plan": "what a buyer ordered to take away",
    "stored_pdf": "plans are taken along as files, where they were printed; copies for buyers are made anew from them",
    "reminder": "an address somebody gave for email to themselves, maybe without the knowledge of the others",
    "resume_link": "it opens the assessment",
    "submission": "taken along as a file of its own",
    "supplier_feedback_source": "that a buyer counted an answer, and not which",
    "submission_seal": "its salts would let whoever finds the file guess at words that were taken out of it",
    "unconfirmed_answer": "which answers wait to be looked at: nothing anybody answered",
    "board_row": "how it stands on the board of a buyer, worked out from the share",
    "supplier_invitation": "what a buyer keeps of whom it asked",
    "share_thread": "how far the business has read what a buyer wrote",
    "guest_session": "it opens the assessment",
}
"""Tables of an assessment or submission that stay inside, and why."""

RELATED_TABLES: Mapping[str, tuple[str, str, ColumnNames]] = {
    "answers_of_colleagues": ("delegated_answer", "delegation", ("question", "value", "proof", "state", "changed_at")),
    "history_of_delegations": ("delegation_event", "delegation", ("what", "count", "words", "at")),
    "looks_at_shares": ("share_view", "share_grant", ("what", "at")),
    "talks_about_shares": ("share_message", "share_grant", ("number", "step", "side", "move", "words", "due", "at")),
    "looks_at_buyer_links": ("share_view", "buyer_link", ("what", "at")),
}
"""What hangs on something of the assessment: name in the file, table, the table it hangs on, columns. Nothing tells who looked."""

SUBMISSION_TABLES: Mapping[str, tuple[str, ColumnNames]] = {
    "items": (
        "tracked_action",
        ("key", "response", "reason", "reason_text", "owner", "due", "status", "done_on", "revision", "changed_at"),
    ),
    "notes": ("tracked_action_evidence", ("key", "number", "title", "kind", "dated", "good_until", "grade")),
    "history": ("tracked_action_event", ("key", "revision", "what", "before", "after", "at")),
}
"""The same of a submission: its action tracker."""


def table_rows(
    session: Session, wanted: Mapping[str, tuple[str, ColumnNames]], by: str, whose: uuid.UUID | int
) -> dict[str, list[JsonDict]]:
    """Of each table the rows whose column `by` is this, in the order of their key. Tables that are not there are left out."""
    found: dict[str, list[JsonDict]] = {}
    for name, (table_name, columns) in wanted.items():
        table = Base.metadata.tables.get(table_name)
        if table is None:
            continue
        kept = [table.columns[column] for column in columns if column in table.columns]
        query = select(*kept).where(table.columns[by] == whose).order_by(*table.primary_key.columns)
        found[name] = _json_rows(session, query)
    return found


def related_rows(
    session: Session, wanted: Mapping[str, tuple[str, str, ColumnNames]], whose: uuid.UUID
) -> dict[str, list[JsonDict]]:
    """Of each table the rows that hang on something of this assessment, in the order of their key."""
    found: dict[str, list[JsonDict]] = {}
    for name, (table_name, parent_name, columns) in wanted.items():
        table, parent = Base.metadata.tables[table_name], Base.metadata.tables[parent_name]
        query = (
            select(*(table.columns[column] for column in columns))
            .join(parent)
            .where(parent.columns["assessment_id"] == whose)
            .order_by(*table.primary_key.columns)
        )
        found[name] = _json_rows(session, query)
    return found


def _json_rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[JsonDict]:
    return [{key: to_json_value(value) for key, value in row.items()} for row in session.execute(query).mappings()]


def to_json_value(value: Any) -> Any:  # noqa: ANN401  # JSON is anything
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
