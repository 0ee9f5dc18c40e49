"""Printed papers in the database: made at the first download of a text, the same bytes for everybody ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from assess.kit.db import Database
from assess.plans.papers.models import PaperFile

KEPT_FOR = timedelta(days=400)
"""Longer than a year: a paper without rates is printed once between two reviews."""


def kept(database: Database, html: str) -> bytes | None:
    """The stored file of this page, if it was printed before."""
    with database.reading() as look:
        found = look.get(PaperFile, _key(html))
        return None if found is None else found.content


def print_and_keep(database: Database, html: str, printing: Callable[[str], bytes], now: datetime) -> bytes:
    """Print this page and store it. Whoever comes second in a race gets what the first one stored. Old texts go.

    No transaction is open while it is printed.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError: nothing was stored.
    """
    content = printing(html)
    with database.writing() as session:
        session.execute(delete(PaperFile).where(PaperFile.made_at < now - KEPT_FOR))
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = {"text": _key(html), "content": content, "made_at": now}
        session.execute(insert(PaperFile).values(row).on_conflict_do_nothing())
        stored = session.get(PaperFile, _key(html))
        return content if stored is None else stored.content


def _key(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()
