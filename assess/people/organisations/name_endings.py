"""Each night: confirmations that are over end, a month before managers are told, and what hung on a domain nobody is at any more ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.clock import date_at
from assess.kit.jobs.registry import Work
from assess.people.models import NameState, Organisation
from assess.people.organisations.name_mails import tell_of_end
from assess.people.organisations.names import OVER, end, see_domains_held

TOLD_BEFORE = timedelta(days=30)


def end_names(work: Work) -> None:
    """The job of the night. Run twice it ends and tells nothing more."""
    with work.database.writing() as session:
        ended = see_to_names(session, work.now())
        if ended:
            who = by_job("end_names")
            deed = Deed(action="names.read", verb="ended", who=who, details={"count": ended})
            record(session, Keys.of(work.settings), deed, work.now())


def see_to_names(session: Session, now: datetime) -> int:
    """Returns how many ended or were told."""
    today, changed = date_at(now), 0
    wanted = select(Organisation).where(
        or_(Organisation.name_state == NameState.CONFIRMED, Organisation.domain.is_not(None))
    )
    for organisation in session.scalars(wanted.order_by(Organisation.id)).all():
        before = organisation.name_state
        see_domains_held(session, organisation, now)
        until = organisation.name_until
        if organisation.name_state is NameState.CONFIRMED and until is not None:
            if until <= today:
                end(session, organisation, OVER, now)
            elif until - TOLD_BEFORE <= today:
                changed += tell_of_end(session, organisation, now)
        changed += organisation.name_state is not before
    session.flush()
    return changed
