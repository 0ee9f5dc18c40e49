"""What is written about the names of organisations: to all desks at each decision, and to the managers of the organisation.

A mail to managers says that there is something to read and no name: it is read on locked screens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Membership, Organisation, Person, Role
from assess.people.organisations.models import NameDecision, NameDeed

SUBJECT_FOR_DESKS = "About the name of an organisation"
SUBJECT_FOR_MANAGERS = "About the name of your organisation"

_DID: Mapping[NameDeed, str] = {
    NameDeed.ASKED: "An organisation asks us to confirm its name",
    NameDeed.CONFIRMED: "The name of an organisation was confirmed",
    NameDeed.REFUSED: "The name of an organisation was refused",
    NameDeed.SUSPENDED: "The name of an organisation was suspended",
    NameDeed.SUSPENSION_LIFTED: "The suspension of a name was lifted",
    NameDeed.LIMIT_LIFTED: "The limit of the first 14 days was lifted",
    NameDeed.ENDED: "A name no longer counts as confirmed",
}
_MANAGERS_READ = frozenset(
    {NameDeed.CONFIRMED, NameDeed.REFUSED, NameDeed.SUSPENDED, NameDeed.SUSPENSION_LIFTED, NameDeed.ENDED}
)
_DOT = re.compile(r"\.(?=\S)")


def tell_of_decision(session: Session, organisation: Organisation, decision: NameDecision, now: datetime) -> None:
    """Write to all desks, and to the managers where it changes what they may do."""
    said = f"{_DID[decision.deed]}: “{_shown(organisation)}”."
    body = f"Hello,\n\n{said}\n\nTo see how and why, sign in and open “Names of organisations” at your desk."
    _to_desks(session, f"name {decision.id}", body, now)
    if decision.deed in _MANAGERS_READ:
        body = "Hello,\n\nThere is news about the name of an organisation that you manage. Sign in and open your organisation to read it."
        _to_managers(session, organisation, f"name {decision.id}", body, now)


def tell_of_end(session: Session, organisation: Organisation, now: datetime) -> bool:
    """A month before the confirmation is over, once for each day on which one is over. Returns whether anything was written."""
    event = f"name-over {organisation.id.hex} {organisation.name_until}"
    body = f"Hello,\n\nThe name “{_shown(organisation)}” is confirmed for one more month. Look at it again and confirm it, or it ends."
    _to_desks(session, event, body, now)
    body = (
        "Hello,\n\nThe name of an organisation that you manage is confirmed for one more month. We look at it again before that. "
        "Sign in, open your organisation and see that its name and company number are still right."
    )
    return _to_managers(session, organisation, event, body, now)


def _shown(organisation: Organisation) -> str:
    """The name so that no mail program makes a link of what somebody chose."""
    return _DOT.sub(". ", organisation.name)


def _to_desks(session: Session, event: str, body: str, now: datetime) -> None:
    desks = select(Person).where(Person.desk.is_not(None))
    _write(session, event, session.scalars(_active(desks)).all(), SUBJECT_FOR_DESKS, body, now)


def _to_managers(session: Session, organisation: Organisation, event: str, body: str, now: datetime) -> bool:
    managers = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation.id, Membership.role == Role.MANAGER)
    )
    return _write(session, event, session.scalars(_active(managers)).all(), SUBJECT_FOR_MANAGERS, body, now)


def _active(people: Select[Person]) -> Select[Person]:
    return people.where(Person.confirmed_at.is_not(None), Person.disabled_at.is_(None)).order_by(Person.email)


def _write(session: Session, event: str, people: Sequence[Person], subject: str, body: str, now: datetime) -> bool:
    mails = [Mail(f"{event} {one.id.hex}", one.email, subject, with_foot(body), None) for one in people]
    return any([queue(session, mail, now) for mail in mails])  # noqa: C419  # each has to be written
