"""The check code of a shared copy. It is known from the moment of sharing, so printing, by whomever, changes nothing of what it tells."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.engine.record import canonical, in_letters
from assess.kit.db import Document
from assess.plans.check_code.models import CheckCode, CodeKey

SHARED = "shared"
"""What the table of codes calls such a copy."""


def code_of_share(session: Session, document: Document) -> str:
    """The code of this frozen copy: made of nothing but what a buyer sees, so the same words have the same code."""
    key = bytes.fromhex(session.scalars(select(CodeKey.key)).one())
    return in_letters(hmac.new(key, b"shared " + canonical(document), hashlib.sha256).digest())


def remember_share(session: Session, submission_id: int, document: Document) -> None:
    """Note that this copy was given to somebody. Doing it twice changes nothing."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"code": code_of_share(session, document), "submission_id": submission_id, "copy": SHARED}
    session.execute(insert(CheckCode).values(row).on_conflict_do_nothing())
