"""Printed papers in the database: one file for each text, the same bytes for everybody."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.plans.papers.models import PaperFile
from assess.plans.printing.kept import Finished

KEPT_FOR = timedelta(days=400)
"""Longer than a year: a paper without rates is printed once between two reviews."""


def kept(session: Session, html: str) -> Finished | None:
    """The stored file of this page, if it was printed before."""
    found = session.get(PaperFile, digest_of(html))
    if found is None:
        return None
    return Finished(found.content, hashlib.sha256(found.content).hexdigest(), found.made_at)


def is_kept(session: Session, html: str) -> bool:
    """Whether the file of this page is there, without reading it."""
    return session.scalar(select(PaperFile.text).where(PaperFile.text == digest_of(html))) is not None


def keep(session: Session, html: str, content: bytes, now: datetime) -> None:
    """Store the file of this page. What is there already stays; texts that are long gone go."""
    session.execute(delete(PaperFile).where(PaperFile.made_at < now - KEPT_FOR))
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"text": digest_of(html), "content": content, "made_at": now}
    session.execute(insert(PaperFile).values(row).on_conflict_do_nothing())


def digest_of(html: str) -> str:
    """What tells this page from others: its SHA-256 in hexadecimal."""
    return hashlib.sha256(html.encode()).hexdigest()
