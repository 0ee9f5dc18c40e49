"""What a supplier did with an invitation: opened it, began, finished, shared, said no. Each step is noted once, and none goes back.

It is called by the rooms above, in the transaction of what it tells of.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.kit.events import publish
from assess.kit.mail.outbox import withdraw
from assess.kit.tokens import hash_token, looks_like_token
from assess.suppliers.brakes import note_not_known
from assess.suppliers.events import SupplierChanged
from assess.suppliers.letters import mark_of
from assess.suppliers.models import (
    Decline,
    InvitationLink,
    Status,
    StoppedMailbox,
    Supplier,
    SupplierInvitation,
    SupplierLetter,
    What,
)
from assess.suppliers.trail import write

ORDER = tuple(Status)
FROM_ANSWERS = frozenset({Status.STARTED, Status.SUBMITTED})
"""Where it stands because of an assessment: without that it stands there no more."""


class InvitationUnknownError(Exception):
    """No such invitation, or the buyer took it back: both look alike."""


def invitation_of(session: Session, token: str, *, stops: bool = False) -> SupplierInvitation:
    """The invitation to which this link leads. `stops`: the link that ends the mail; it works for good, whatever the buyer did since.

    Raises:
        InvitationUnknownError
    """
    if not looks_like_token(token):
        raise InvitationUnknownError
    link = session.get(InvitationLink, hash_token(token))
    found = None if link is None or link.stops is not stops else session.get(SupplierInvitation, link.invitation_id)
    if found is None or not (found.lives or stops):
        raise InvitationUnknownError
    return found


def named_by(session: Session, token: str) -> str | None:
    """The name of the buyer that stood beside this link; None: nobody kept it."""
    link = session.get(InvitationLink, hash_token(token))
    return None if link is None else link.buyer


def letter_of(session: Session, token: str) -> str | None:
    """The letter that carries this link, by its event; None: the buyer made the link itself."""
    link = session.get(InvitationLink, hash_token(token))
    return None if link is None else link.outbox_event


def last_named(session: Session, invitation: SupplierInvitation) -> str | None:
    """The name of the buyer beside the newest link to this invitation."""
    wanted = select(InvitationLink.buyer).where(
        InvitationLink.invitation_id == invitation.id, InvitationLink.stops.is_(False)
    )
    newest = wanted.order_by(InvitationLink.made_at.desc(), InvitationLink.token_hash)
    return session.scalars(newest.limit(1)).first()


def note_opened(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """Somebody opened the link and pressed the button. A preview of the link opens nothing."""
    if invitation.opened_at is None:
        invitation.opened_at = now
        _go_on(session, invitation, Status.OPENED, What.OPENED, now)


def note_started(session: Session, invitation: SupplierInvitation, assessment_id: uuid.UUID, now: datetime) -> None:
    """The supplier answers it with this assessment from now on. Another one than before begins at its own beginning."""
    another = invitation.assessment_id not in {None, assessment_id}
    invitation.assessment_id = assessment_id
    if another and invitation.status is Status.SUBMITTED:
        invitation.submitted_at, invitation.status = None, Status.OPENED
    if invitation.started_at is None or another:
        invitation.started_at = now
        _go_on(session, invitation, Status.STARTED, What.STARTED, now)
    else:
        publish(session, SupplierChanged(invitation.supplier_id, now))


def answered_with(session: Session, assessment_id: uuid.UUID) -> Sequence[SupplierInvitation]:
    """The invitations that are answered with this assessment: one from each buyer that asked."""
    wanted = select(SupplierInvitation).where(
        SupplierInvitation.assessment_id == assessment_id, SupplierInvitation.ended_at.is_(None)
    )
    return session.scalars(wanted.order_by(SupplierInvitation.made_at, SupplierInvitation.id)).all()


def note_finished(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """What this one invitation is answered with was submitted, now or before it was taken for this."""
    invitation.submitted_at = now
    _go_on(session, invitation, Status.SUBMITTED, What.SUBMITTED, now)


def note_removed(session: Session, invitations: Sequence[SupplierInvitation], now: datetime) -> None:
    """What these were answered with is deleted: they stand as before anybody began, or what was shared is over. Called after it."""
    for invitation in invitations:
        invitation.assessment_id = None
        invitation.started_at = invitation.submitted_at = invitation.shared_at = None
        if invitation.status is Status.SHARED:
            invitation.status = Status.SHARE_OVER
        elif invitation.status in FROM_ANSWERS:
            invitation.status = reached(invitation)
        write(session, invitation.supplier_id, What.ANSWERS_REMOVED, now)
        publish(session, SupplierChanged(invitation.supplier_id, now))


def reached(invitation: SupplierInvitation) -> Status:
    """How far an invitation got, by its own moments, leaving out that somebody said no."""
    for moment, status in (
        (invitation.shared_at, Status.SHARED),
        (invitation.submitted_at, Status.SUBMITTED),
        (invitation.started_at, Status.STARTED),
        (invitation.opened_at, Status.OPENED),
    ):
        if moment is not None:
            return status
    return Status.INVITED


def note_shared(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """The supplier shared its result with the buyer that asked."""
    invitation.shared_at = now
    _go_on(session, invitation, Status.SHARED, What.SHARED, now)
    withdraw(session, invitation.events, now)


def note_share_over(session: Session, supplier_id: uuid.UUID, now: datetime) -> None:
    """What was shared is over."""
    write(session, supplier_id, What.SHARE_OVER, now)
    publish(session, SupplierChanged(supplier_id, now))


def decline(session: Session, invitation: SupplierInvitation, why: Decline, now: datetime) -> None:
    """The supplier says no. It may think again: whatever it does next counts. Saying the same again changes nothing."""
    if invitation.decline is why:
        return
    invitation.declined_at = now
    invitation.decline = why
    invitation.status = Status.DECLINED
    write(session, invitation.supplier_id, What.DECLINED, now, why=why.value)
    withdraw(session, invitation.events, now)
    publish(session, SupplierChanged(invitation.supplier_id, now))


def think_again(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """The supplier takes its no back. Where it said none, nothing changes."""
    if invitation.status is Status.DECLINED:
        invitation.declined_at = invitation.decline = None
        invitation.status = reached(invitation)
        write(session, invitation.supplier_id, What.THOUGHT_AGAIN, now)
        publish(session, SupplierChanged(invitation.supplier_id, now))


def answer_for(
    session: Session, invitation: SupplierInvitation, organisation_id: uuid.UUID | None, now: datetime
) -> None:
    """The supplier says which organisation it answers for, or that it is none. The buyer is told nothing of it."""
    supplier = session.get_one(Supplier, invitation.supplier_id)
    if supplier.organisation_id != organisation_id:
        supplier.organisation_id = organisation_id
        publish(session, SupplierChanged(supplier.id, now))


def stop_mail(session: Session, invitation: SupplierInvitation, secret: str, now: datetime) -> None:
    """No more mail from this buyer to this mailbox. Stopping twice changes nothing."""
    supplier = session.get_one(Supplier, invitation.supplier_id)
    key = (supplier.buyer_id, mark_of(supplier.email, secret))
    if session.get(StoppedMailbox, key) is None:
        session.add(StoppedMailbox(buyer_id=key[0], mark=key[1], at=now))
        write(session, supplier.id, What.MAIL_STOPPED, now)
        publish(session, SupplierChanged(supplier.id, now))
    _note_on_letters(session, invitation, now, stopped=True)
    withdraw(session, invitation.events, now)


def say_not_known(session: Session, invitation: SupplierInvitation, settings: Settings, now: datetime) -> None:
    """“I do not know them”: no more mail comes, and enough of these stop the letters of the buyer. It is not told of the press."""
    supplier = session.get_one(Supplier, invitation.supplier_id)
    if supplier.email:
        stop_mail(session, invitation, settings.key, now)
    _note_on_letters(session, invitation, now, stopped=False)
    # a link sent by hand may go to somebody without an address on the list
    note_not_known(
        session, supplier.buyer_id, mark_of(supplier.email or f"{supplier.id.hex}@", settings.key), settings, now
    )


def _note_on_letters(session: Session, invitation: SupplierInvitation, now: datetime, *, stopped: bool) -> None:
    column = SupplierLetter.stopped_at if stopped else SupplierLetter.not_known_at
    of = SupplierLetter.event.startswith(invitation.events), column.is_(None)
    session.execute(update(SupplierLetter).where(*of).values({column: now}))


def _go_on(session: Session, invitation: SupplierInvitation, to: Status, what: What, now: datetime) -> None:
    said_no = invitation.status is Status.DECLINED and to is not Status.OPENED
    anew = invitation.status is Status.SHARE_OVER and to is not Status.OPENED
    if said_no or anew or ORDER.index(to) > ORDER.index(invitation.status):
        invitation.status = to
        invitation.declined_at = None if said_no else invitation.declined_at
        invitation.decline = None if said_no else invitation.decline
    write(session, invitation.supplier_id, what, now)
    publish(session, SupplierChanged(invitation.supplier_id, now))
