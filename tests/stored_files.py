"""Documents for tests: found, kept without printing them, and read back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.core.documents.services import Drawing, Owner, PrintedDocument, find_document


def document_of(session: Session, kind: str, owner: Owner, now: datetime) -> PrintedDocument:
    """One that there is."""
    found = find_document(session, kind, owner, now)
    assert found is not None, kind
    return found


def keep_file(session: Session, document: PrintedDocument, content: bytes, now: datetime) -> bool:
    """Store this content as the file of a document that was printed as it is."""
    return document.save(session, Drawing("", source=document.page.source(session)), content, now)


def keep_pdf(session: Session, kind: str, owner: Owner, content: bytes, now: datetime) -> bool:
    """The same of the document as it is at this moment. False: there is none."""
    found = find_document(session, kind, owner, now)
    return found is not None and keep_file(session, found, content, now)


def stored_pdf(session: Session, kind: str, owner: Owner, now: datetime) -> bytes | None:
    """The file that is handed out at this moment."""
    found = find_document(session, kind, owner, now)
    file = found.file(session) if found else None
    return file.content if file else None
