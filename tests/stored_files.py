"""Documents for tests: found, kept without printing them, and read back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.core.documents.services import DocumentSubject, Drawing, PrintableDocument, load_document


def document_of(session: Session, kind: str, subject: DocumentSubject, now: datetime) -> PrintableDocument:
    """One that there is."""
    found = load_document(session, kind, subject, now)
    assert found is not None, kind
    return found


def keep_file(session: Session, document: PrintableDocument, content: bytes, now: datetime) -> bool:
    """Store this content as the file of a document that was printed as it is."""
    return document.save(session, Drawing("", source=document.spec.source(session)), content, now)


def keep_pdf(session: Session, kind: str, subject: DocumentSubject, content: bytes, now: datetime) -> bool:
    """The same of the document as it is at this moment. False: there is none."""
    found = load_document(session, kind, subject, now)
    return found is not None and keep_file(session, found, content, now)


def stored_pdf(session: Session, kind: str, subject: DocumentSubject, now: datetime) -> bytes | None:
    """The file that is handed out at this moment."""
    found = load_document(session, kind, subject, now)
    file = found.file(session) if found else None
    return file.content if file else None
