"""The browsers somebody is signed in with: one row each. Deleting a row signs that browser out at its next request."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assess.kit.tokens import hash_token, new_token
from assess.people.models import Person, SignedIn, Ticket

LASTS = timedelta(hours=12)
LASTS_AT_DESK = timedelta(hours=8)
MOST = 5
NOTED_EVERY = timedelta(minutes=5)
"""So often is written down that a browser is still used."""
_PROGRAMS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
_MACHINES = (
    ("an iPhone", "iPhone"),
    ("an iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("a Mac", "Macintosh|Mac OS X"),
    ("a Chromebook", "CrOS"),
    ("Linux", "Linux"),
)


def sign_in(session: Session, person: Person, browser: str, now: datetime, *, second_step: bool) -> str:
    """One more browser is signed in. Returns its token; of more than five the oldest ends."""
    token = new_token()
    session.add(
        SignedIn(
            token_hash=hash_token(token),
            person_id=person.id,
            browser=browser,
            second_step=second_step,
            made_at=now,
            used_at=now,
            proven_at=now,
            until=now + (LASTS_AT_DESK if person.desk else LASTS),
        )
    )
    session.flush()
    rows = session.scalars(
        select(SignedIn.id).where(SignedIn.person_id == person.id).order_by(SignedIn.made_at.desc(), SignedIn.id)
    ).all()
    session.execute(delete(SignedIn).where(SignedIn.id.in_(rows[MOST:])))
    return token


def prove(session: Session, signed_in_id: uuid.UUID, now: datetime, *, second_step: bool = False) -> str | None:
    """The person of this browser has just proved who they are. Its token is a new one; None when it was signed out meanwhile.

    `second_step`: they also showed one. It is never taken back.
    """
    token = new_token()
    values: dict[str, object] = {"token_hash": hash_token(token), "proven_at": now, "used_at": now}
    if second_step:
        values["second_step"] = True
    found = session.scalars(
        update(SignedIn).where(SignedIn.id == signed_in_id).values(**values).returning(SignedIn.id)
    ).first()
    return None if found is None else token


def browsers_of(session: Session, person_id: uuid.UUID, now: datetime) -> list[SignedIn]:
    """All browsers they are signed in with, the one used last first."""
    wanted = select(SignedIn).where(SignedIn.person_id == person_id, SignedIn.until > now)
    return list(session.scalars(wanted.order_by(SignedIn.used_at.desc(), SignedIn.id)))


def end(session: Session, person_id: uuid.UUID, signed_in_id: uuid.UUID) -> None:
    """Sign out one browser, if it is theirs. The links it asked for end with it."""
    session.execute(delete(SignedIn).where(SignedIn.id == signed_in_id, SignedIn.person_id == person_id))
    session.execute(delete(Ticket).where(Ticket.about == signed_in_id, Ticket.person_id == person_id))


def end_all(session: Session, person_id: uuid.UUID, *, but: uuid.UUID | None = None) -> None:
    """Sign out all browsers of a person, or all but one. For every change of password, role or right to be here.

    Every link that was mailed for this person ends too: whoever sat at one of those browsers may have asked for it.
    """
    ended = delete(SignedIn).where(SignedIn.person_id == person_id)
    session.execute(ended if but is None else ended.where(SignedIn.id != but))
    session.execute(delete(Ticket).where(Ticket.person_id == person_id, Ticket.used_at.is_(None)))


def note_used(session: Session, signed_in_id: uuid.UUID, now: datetime) -> None:
    """This browser was used just now."""
    session.execute(
        update(SignedIn)
        .where(SignedIn.id == signed_in_id, SignedIn.used_at < now)
        .values(used_at=now)
        .execution_options(keeps_books=True)
    )


def forget_ended(session: Session, now: datetime) -> None:
    """Delete the rows whose time is up."""
    session.execute(delete(SignedIn).where(SignedIn.until <= now))


def browser_name(user_agent: str) -> str:
    """In a few words, as the person would know it: “Firefox on Windows”."""
    program = next((name for name, sign in _PROGRAMS if re.search(sign, user_agent)), None)
    machine = next((name for name, sign in _MACHINES if re.search(sign, user_agent)), None)
    if program is None:
        return f"A browser on {machine}" if machine else "A browser"
    return f"{program} on {machine}" if machine else program
