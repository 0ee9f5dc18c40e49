"""What is over is deleted once a day: links, browsers that were signed out by time, guesses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assess.people.accounts.browsers import forget_ended
from assess.people.accounts.models import CodeApp
from assess.people.accounts.throttles import forget_guesses
from assess.people.caller import IDLE
from assess.people.models import SignedIn
from assess.people.tickets import forget_old


def tidy(session: Session, now: datetime) -> None:
    """Delete what is over at this moment."""
    forget_old(session, now)
    forget_ended(session, now)
    session.execute(delete(SignedIn).where(SignedIn.used_at <= now - IDLE))
    session.execute(delete(CodeApp).where(CodeApp.confirmed_at.is_(None), CodeApp.made_at < now - 24 * IDLE))
    forget_guesses(session, now)
