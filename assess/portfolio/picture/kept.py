"""The printed summary in the database: one of each buyer with names and one without, never an outdated one."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.people.models import Organisation
from assess.plans.printing.kept import Finished
from assess.portfolio.picture.models import SummaryFile


def digest_of(html: str) -> str:
    """What tells this summary from others: the SHA-256 of its page in hexadecimal."""
    return hashlib.sha256(html.encode()).hexdigest()


def kept(session: Session, buyer_id: uuid.UUID, html: str, *, names: bool) -> Finished | None:
    """The stored file, if it is the one of this page."""
    found = session.get(SummaryFile, (buyer_id, names))
    if found is None or found.text != digest_of(html):
        return None
    return Finished(found.content, hashlib.sha256(found.content).hexdigest(), found.made_at)


def is_kept(session: Session, buyer_id: uuid.UUID, html: str, *, names: bool) -> bool:
    """Whether the file of this page is there, without reading it."""
    text = select(SummaryFile.text).where(SummaryFile.buyer_id == buyer_id, SummaryFile.names.is_(names))
    return session.scalar(text) == digest_of(html)


def keep(session: Session, buyer_id: uuid.UUID, html: str, content: bytes, now: datetime, *, names: bool) -> None:
    """Store the file in the place of the one before. Of a buyer that is gone nothing is stored."""
    # held until the end of this transaction, so that nobody deletes it before the file hangs on it
    held = select(Organisation.id).where(Organisation.id == buyer_id).with_for_update(read=True, key_share=True)
    if session.scalar(held) is None:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"text": digest_of(html), "content": content, "made_at": now}
    stored = insert(SummaryFile).values(buyer_id=buyer_id, names=names, **row)
    session.execute(
        stored.on_conflict_do_update(
            index_elements=["buyer_id", "names"], set_={name: stored.excluded[name] for name in row}
        )
    )
