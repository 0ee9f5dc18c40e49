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

from assess.kit.clock import date_at
from assess.kit.db import erase_after_commit
from assess.kit.mail.addresses import fit_address
from assess.kit.mail.events import MailMayLeave
from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue, withdraw
from assess.kit.mail.unsubscribe import MailKind
from assess.people import tickets
from assess.people.caller import Caller
from assess.people.models import Membership, NameState, Organisation, Person, Role, Ticket
from assess.people.organisations.events import NameRevoked
from assess.people.organisations.members import give_roles
from assess.people.organisations.models import EVENTS, Invitation
from assess.people.organisations.names import is_confirmed
from assess.people.tickets import TicketUnknownError

KIND = "join"
PATH = "/join/"
STOP_PATH = "/join/stop/"
DAYS = 7
LASTS = timedelta(days=DAYS)
SUBJECT = "An invitation to work together"
"""Neutral on purpose: it shows on locked screens."""

INVITATIONS = MailKind("invitations", STOP_PATH, "somebody invites it into an organisation.")
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
    secret: str,
    silent: bool = False,
) -> Invitation:
    """Write to this address. An earlier invitation of it ends.

    `base_url` is the address of the site, `secret` its key. `silent`: no mail goes out, because that mailbox has had enough of them.

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
        stop = f"{base_url}{INVITATIONS.stop_path(email, secret)}"
        text = _text(organisation, f"{base_url}{PATH}{token}", stop, now)
        queue(session, Mail(invitation.event, email, SUBJECT, text, None, stop), now)
    return invitation


def is_invitation_wanted(asked: MailMayLeave) -> bool:
    """Whether an invitation that waits is still wanted."""
    if not asked.mail.event.startswith(EVENTS):
        return True
    with asked.database.reading() as look:
        return not INVITATIONS.is_stopped(look, asked.mail.to_address, asked.settings.honoured_keys)


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


def keep_waiting_mail(session: Session, event: NameRevoked) -> None:
    """Nothing more leaves in a name that was suspended. The links that left already still let people in, where all of it says so."""
    organisation = event.organisation
    if organisation.name_state is NameState.SUSPENDED and organisation.name_changed_at is not None:
        for invitation in session.scalars(select(Invitation).where(Invitation.organisation_id == organisation.id)):
            withdraw(session, invitation.event, organisation.name_changed_at)


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


def _text(organisation: Organisation, address: str, stop: str, now: datetime) -> str:
    """A name that nobody has confirmed stands in no mail: it would be a letter in that name to a stranger. The page shows it."""
    if is_confirmed(organisation, date_at(now)):
        # no mail program makes a link of a name somebody chose
        asks = f"Somebody at “{_DOT.sub('. ', organisation.name)}” asks you to join them on a service for businesses."
    else:
        asks = "Somebody asks you to join their organisation on a service for businesses."
    return with_foot(
        "\n\n".join(
            (
                "Hello,",
                asks,
                f"To see what for, open this page. It works once, for this address only, and for {DAYS} days:",
                address,
                "If you do not know who asks, you can leave it: nothing happens.",
                "If you want no more invitations at this address, open this page and press the button:",
                stop,
            )
        )
    )
