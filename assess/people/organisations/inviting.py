"""Asking somebody to join: by a link that acts once, for the invited address alone, within seven days.

Nothing here looks up whether the address has an account, so whoever invites learns nothing of it, neither in words nor in time.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from assess.kit.db import erase_after_commit
from assess.kit.mail.addresses import fit_address
from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue, withdraw
from assess.people import tickets
from assess.people.caller import Caller
from assess.people.models import Membership, Organisation, Person, Role, Ticket
from assess.people.organisations.members import give_roles
from assess.people.organisations.models import Invitation
from assess.people.organisations.naming import name_note
from assess.people.tickets import TicketUnknownError

KIND = "join"
PATH = "/join/"
DAYS = 7
LASTS = timedelta(days=DAYS)
SUBJECT = "An invitation to work together"
"""Neutral on purpose: it shows on locked screens."""

_DOT = re.compile(r"\.(?=\S)")


class AlreadyInError(Exception):
    """They are a member: their roles can be changed."""


class AnotherAddressError(Exception):
    """The invitation is for another address than the one signed in with."""


class InvitationUnknownError(Exception):
    """There is no such invitation in this organisation."""


def fit_invited(typed: str) -> str:
    """The address as accounts have it.

    Raises:
        AddressUnfitError
    """
    return fit_address(typed).lower()


def invite(
    session: Session,
    organisation: Organisation,
    email: str,
    roles: frozenset[Role],
    base_url: str,
    now: datetime,
    *,
    silent: bool = False,
) -> Invitation:
    """Write to this address. An earlier invitation of it ends.

    `base_url` is the address of the site. `silent`: no mail goes out, because that mailbox has had enough of them.

    Raises:
        AlreadyInError: when the address is that of a member, which a manager sees anyway.
    """
    if email in session.scalars(_addresses_of(organisation.id)).all():
        raise AlreadyInError
    end(session, organisation.id, _of_address(session, organisation.id, email), now)
    invitation = Invitation(
        id=uuid.uuid4(),
        organisation_id=organisation.id,
        email=email,
        roles=" ".join(role for role in Role if role in roles),
        made_at=now,
        until=now + LASTS,
    )
    session.add(invitation)
    session.flush()
    token = tickets.issue(session, KIND, email, now, lasts=LASTS, about=organisation.id)
    if not silent:
        queue(
            session, Mail(invitation.event, email, SUBJECT, _text(organisation, f"{base_url}{PATH}{token}"), None), now
        )
    return invitation


def end(session: Session, organisation_id: uuid.UUID, invitation: Invitation | None, now: datetime) -> None:
    """Take an invitation back: its link is dead, and a mail that still waits is not sent."""
    if invitation is None:
        return
    session.execute(delete(Ticket).where(_ticket_of(organisation_id, invitation.email)))
    withdraw(session, invitation.event, now)
    session.delete(invitation)
    session.flush()


def open_invitations(session: Session, organisation_id: uuid.UUID, now: datetime) -> Sequence[Invitation]:
    """Those that can still be accepted, the newest first."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.organisation_id == organisation_id, Invitation.until > now)
        .order_by(Invitation.made_at.desc(), Invitation.email)
    ).all()


def invitation_of(session: Session, organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
    """One invitation of this organisation.

    Raises:
        InvitationUnknownError
    """
    found = session.scalars(
        select(Invitation).where(Invitation.id == invitation_id, Invitation.organisation_id == organisation_id)
    ).first()
    if found is None:
        raise InvitationUnknownError
    return found


def look(session: Session, token: str, now: datetime) -> tuple[Organisation, Invitation]:
    """What a link is about. Changes nothing, however often.

    Raises:
        TicketUnknownError
    """
    ticket = tickets.find(session, KIND, token, now)
    organisation = session.get(Organisation, ticket.about)
    invitation = _of_address(session, ticket.about, ticket.email) if ticket.about else None
    if organisation is None or invitation is None:
        raise TicketUnknownError
    return organisation, invitation


def accept(session: Session, token: str, who: Caller, now: datetime) -> uuid.UUID:
    """Join, by the one link and once. Returns the organisation. Nothing is used up when it is refused.

    Raises:
        TicketUnknownError: no such link, or used, or over.
        AnotherAddressError: whoever is signed in is not whom it is for.
        MixedError: they have a desk here and would buy.
    """
    organisation, invitation = look(session, token, now)
    if invitation.email != who.email:
        raise AnotherAddressError
    give_roles(session, organisation.id, who.id, invitation.as_roles, now)
    tickets.use(session, KIND, token, now)
    session.delete(invitation)
    session.flush()
    return organisation.id


def forget_old(session: Session, now: datetime) -> None:
    """Delete invitations nobody accepted in time."""
    gone = session.execute(delete(Invitation).where(Invitation.until <= now).returning(Invitation.id)).all()
    if gone:
        erase_after_commit(session)


def _ticket_of(organisation_id: uuid.UUID, email: str) -> ColumnElement[bool]:
    return (Ticket.kind == KIND) & (Ticket.about == organisation_id) & (Ticket.email == email)


def _of_address(session: Session, organisation_id: uuid.UUID, email: str) -> Invitation | None:
    return session.scalars(
        select(Invitation).where(Invitation.organisation_id == organisation_id, Invitation.email == email)
    ).first()


def _addresses_of(organisation_id: uuid.UUID) -> Select[str]:
    return (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
    )


def _text(organisation: Organisation, address: str) -> str:
    note = name_note(organisation)
    # no mail program makes a link of a name somebody chose
    called = _DOT.sub(". ", organisation.name) + (f" ({note})" if note else "")
    return with_foot(
        "\n\n".join(
            (
                "Hello,",
                f"Somebody at “{called}” asks you to join them on a service for businesses.",
                f"To see what for, open this page. It works once, for this address only, and for {DAYS} days:",
                address,
                "If you do not know who asks, you can leave it: nothing happens.",
            )
        )
    )
