"""Ten codes for when the phone is lost: shown once, each good once. Only hashes are kept, and a code that was used is gone."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.models import RecoveryCode

NUMBER = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that people take for one another."""
_LENGTH = 24
"""24 of 31 characters are 118 random bits: with 112 or more a plain hash is enough, nobody works them out from it."""
_LENGTHS = (_LENGTH, 16)
"""Codes were shorter once; those that people still have are good until they are used or renewed."""
_GROUP = 4


def renew(session: Session, person_id: uuid.UUID, now: datetime) -> list[str]:
    """Ten new codes, as they are to be written down. The earlier ones end."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(NUMBER)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_hash(person_id, code), made_at=now) for code in codes)
    session.flush()
    return ["-".join(code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP)) for code in codes]


def take(session: Session, person_id: uuid.UUID, typed: str) -> None:
    """Use a code up. Of many at once exactly one gets it.

    Raises:
        CodeWrongError
    """
    code = re.sub(r"[\s-]", "", typed).casefold()
    used = delete(RecoveryCode).where(
        RecoveryCode.person_id == person_id, RecoveryCode.code_hash == _hash(person_id, code)
    )
    if session.scalars(used.returning(RecoveryCode.id)).first() is None:
        raise CodeWrongError


def looks_like_recovery_code(typed: str) -> bool:
    """Whether this is meant as one of these and not as a code of an app."""
    return len(re.sub(r"[\s-]", "", typed)) in _LENGTHS


def count_left(session: Session, person_id: uuid.UUID) -> int:
    """How many are left."""
    counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id)
    return session.scalar(counted) or 0


def remove(session: Session, person_id: uuid.UUID) -> None:
    """Forget all of them: without another second step they are for nothing."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _hash(person_id: uuid.UUID, code: str) -> str:
    return hashlib.sha256(f"{person_id} {code}".encode()).hexdigest()
