"""Finished PDFs in the database: printed at the first download, the same bytes ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from assess.assessments.models import Submission
from assess.kit.db import Database
from assess.plans.copies import Copy, Record
from assess.plans.printing.models import Rendered


def kept(database: Database, submission_id: int, copy: Copy) -> bytes | None:
    """The stored file of this copy, if it was printed before."""
    with database.reading() as look:
        found = look.get(Rendered, (submission_id, copy))
        return None if found is None else found.content


def print_and_keep(
    database: Database, submission: Submission, copy: Copy, printing: Callable[[Record, Copy], bytes], now: datetime
) -> bytes:
    """Print this copy and store it. Whoever comes second in a race gets what the first one stored.

    No transaction is open while it is printed.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError: nothing was stored.
    """
    content = printing(submission.record, copy)
    row = {
        "submission_id": submission.id,
        "copy": copy,
        "digest": hashlib.sha256(content).hexdigest(),
        "content": content,
        "made_at": now,
    }
    with database.writing() as session:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        if session.get(Submission, submission.id) is not None:  # it may have been deleted meanwhile
            session.execute(insert(Rendered).values(row).on_conflict_do_nothing())
            stored = session.get(Rendered, (submission.id, copy))
            content = content if stored is None else stored.content
    return content
