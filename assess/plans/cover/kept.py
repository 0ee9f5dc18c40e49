"""The printed cover in the database: one for each organisation, never an outdated one."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.people.models import Organisation
from assess.plans.check_code.codes import remember
from assess.plans.cover.listing import CoverLine
from assess.plans.cover.models import CoverFile
from assess.plans.printing.kept import Finished


def digest_of(html: str) -> str:
    """What tells this cover from others: the SHA-256 of its page in hexadecimal."""
    return hashlib.sha256(html.encode()).hexdigest()


def kept(session: Session, organisation_id: uuid.UUID, html: str) -> Finished | None:
    """The stored file, if it is the one of this page."""
    found = session.get(CoverFile, organisation_id)
    if found is None or found.text != digest_of(html):
        return None
    return Finished(found.content, hashlib.sha256(found.content).hexdigest(), found.made_at)


def is_kept(session: Session, organisation_id: uuid.UUID, html: str) -> bool:
    """Whether the file of this page is there, without reading it."""
    text = select(CoverFile.text).where(CoverFile.organisation_id == organisation_id)
    return session.scalar(text) == digest_of(html)


def keep(
    session: Session,
    organisation_id: uuid.UUID,
    html: str,
    content: bytes,
    lines: Iterable[CoverLine],
    now: datetime,
) -> None:
    """Store the file in the place of the one before, and the codes that stand on it. Of what was deleted nothing is stored."""
    # held until the end of this transaction, so that nobody deletes it before the file hangs on it
    held = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(read=True, key_share=True)
    if session.scalar(held) is None:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"text": digest_of(html), "content": content, "made_at": now}
    stored = insert(CoverFile).values(organisation_id=organisation_id, **row)
    session.execute(
        stored.on_conflict_do_update(
            index_elements=["organisation_id"], set_={name: stored.excluded[name] for name in row}
        )
    )
    for line in lines:
        submission = session.get(Submission, line.submission_id, with_for_update={"read": True, "key_share": True})
        if submission is not None:
            remember(session, submission, "business")
