"""Login sessions, one row per browser, at most five per person. Deleting the row signs the browser out."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assess.core.links import hash_token, new_token
from assess.identity.models import LoginSession, OneTimeToken, Person

LOGIN_LIFETIME = timedelta(hours=12)
STAFF_LOGIN_LIFETIME = timedelta(hours=8)
MAX_SESSIONS = 5
LAST_USED_INTERVAL = timedelta(minutes=5)
"""So often is written down that a browser is still used."""
_BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
_DEVICES = (
    ("an iPhone", "iPhone"),
    ("an iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("a Mac", "Macintosh|Mac OS X"),
    ("a Chromebook", "CrOS"),
    ("Linux", "Linux"),
)


def create_login_session(session: Session, person: Person, browser: str, now: datetime, *, second_step: bool) -> str:
    """One more browser is signed in. Returns its token; of more than five the oldest ends."""
    token = new_token()
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            person_id=person.id,
            browser=browser,
            second_step=second_step,
            made_at=now,
            used_at=now,
            proven_at=now,
            until=now + (STAFF_LOGIN_LIFETIME if person.desk else LOGIN_LIFETIME),
        )
    )
    session.flush()
    rows = session.scalars(
        select(LoginSession.id)
        .where(LoginSession.person_id == person.id)
        .order_by(LoginSession.made_at.desc(), LoginSession.id)
    ).all()
    session.execute(delete(LoginSession).where(LoginSession.id.in_(rows[MAX_SESSIONS:])))  # the oldest go
    return token


def renew_login_session(
    session: Session, signed_in_id: uuid.UUID, now: datetime, *, second_step: bool = False
) -> str | None:
    """The person of this browser has just proved who they are. Its token is a new one; None when it was signed out meanwhile.

    `second_step`: they also showed one. It is never taken back.
    """
    token = new_token()
    values: dict[str, object] = {"token_hash": hash_token(token), "proven_at": now, "used_at": now}
    if second_step:
        values["second_step"] = True
    found = session.scalars(
        update(LoginSession).where(LoginSession.id == signed_in_id).values(**values).returning(LoginSession.id)
    ).first()
    return None if found is None else token


def login_sessions_of(session: Session, person_id: uuid.UUID, now: datetime) -> list[LoginSession]:
    """All browsers they are signed in with, the one used last first."""
    query = select(LoginSession).where(LoginSession.person_id == person_id, LoginSession.until > now)
    return list(session.scalars(query.order_by(LoginSession.used_at.desc(), LoginSession.id)))


def end_login_session(session: Session, person_id: uuid.UUID, signed_in_id: uuid.UUID) -> None:
    """Sign out one browser, if it is theirs. The links it asked for end with it."""
    session.execute(delete(LoginSession).where(LoginSession.id == signed_in_id, LoginSession.person_id == person_id))
    session.execute(delete(OneTimeToken).where(OneTimeToken.about == signed_in_id, OneTimeToken.person_id == person_id))


def end_all_login_sessions(session: Session, person_id: uuid.UUID, *, but: uuid.UUID | None = None) -> None:
    """Sign out all browsers of a person, or all but one. For every change of password, role or right to be here.

    Every link that was mailed for this person ends too: who sat at one of those browsers may have asked for it.
    """
    ended = delete(LoginSession).where(LoginSession.person_id == person_id)
    session.execute(ended if but is None else ended.where(LoginSession.id != but))
    session.execute(delete(OneTimeToken).where(OneTimeToken.person_id == person_id, OneTimeToken.used_at.is_(None)))


def mark_session_used(session: Session, signed_in_id: uuid.UUID, now: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == signed_in_id, LoginSession.used_at < now)  # of two at once the later moment stays
        .values(used_at=now)
        .execution_options(not_audited=True)
    )


def delete_expired_login_sessions(session: Session, now: datetime) -> None:
    session.execute(delete(LoginSession).where(LoginSession.until <= now))


def browser_name(user_agent: str) -> str:
    """In a few words, as the person would know it: “Firefox on Windows”."""
    program = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), None)
    machine = next((name for name, sign in _DEVICES if re.search(sign, user_agent)), None)
    if program is None:
        return f"A browser on {machine}" if machine else "A browser"
    return f"{program} on {machine}" if machine else program
