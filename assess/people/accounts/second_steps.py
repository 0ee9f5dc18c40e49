"""Second steps together: which ones somebody has, and taking a code of either kind."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assess.people.accounts import code_apps, passkeys, recovery
from assess.people.accounts.browsers import end_all
from assess.people.accounts.models import Passkey
from assess.people.accounts.people import end_links


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """What somebody can show beside a password or a mail. `codes_left`: recovery codes."""

    code_app: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether signing in asks for one."""
        return self.code_app or self.passkeys > 0


def steps_of(session: Session, person_id: uuid.UUID) -> SecondSteps:
    """What this person can show."""
    return SecondSteps(
        code_apps.has_code_app(session, person_id),
        passkeys.count(session, person_id),
        recovery.count_left(session, person_id),
    )


def take_code(session: Session, person_id: uuid.UUID, typed: str, keys: Sequence[str], now: datetime) -> None:
    """Take a code of the app, or a recovery code. Either is good once.

    Raises:
        CodeWrongError
    """
    if recovery.looks_like_recovery_code(typed):
        recovery.take(session, person_id, typed)
    else:
        code_apps.take(session, person_id, typed, keys, now)


def tidy_up(session: Session, person_id: uuid.UUID) -> None:
    """After a step was removed: recovery codes stand in for a step, so without any step they go too."""
    if not steps_of(session, person_id).any:
        recovery.remove(session, person_id)


def forget_all(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """For somebody who lost phone and codes: no second step any more, every browser signed out, every mailed link void."""
    code_apps.remove(session, person_id)
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    recovery.remove(session, person_id)
    end_all(session, person_id)
    end_links(session, person_id, now)
