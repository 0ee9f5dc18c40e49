"""The supplier list of a buyer and its invitations: add, update, archive, invite, withdraw, and record each step of the supplier. Each step is logged once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask import abort
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assess.core.clock import uk_date
from assess.core.config import Settings
from assess.core.db import dialect_insert
from assess.core.events import publish
from assess.core.links import LinkUnknownError, find_link, hash_token
from assess.core.mail.addresses import normalise_mailbox
from assess.core.mail.services import withdraw_mails
from assess.suppliers.activity_log import log_supplier_event
from assess.suppliers.emails import mailbox_hash, send_first_email_if_due
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import (
    BuyerUnsubscribe,
    DeclineReason,
    InvitationLink,
    InvitationStatus,
    Supplier,
    SupplierEmail,
    SupplierEventType,
    SupplierInvitation,
    SupplierSize,
)
from assess.suppliers.send_limits import log_unknown_buyer_report


@dataclass(frozen=True, slots=True)
class SupplierDetails:
    """What a buyer says of a supplier: columns of `Supplier`. Empty and None: not told. The address and the number are fit already."""

    name: str
    email: str = ""
    phone: str = ""
    company_number: str | None = None
    reference: str = ""
    sector: str | None = None
    area: str | None = None
    size: SupplierSize | None = None
    spend_gbp: int | None = None

    @property
    def identity(self) -> str:
        return supplier_identity(self.name, self.email, self.company_number, self.reference)


def find_existing_supplier(session: Session, buyer_id: uuid.UUID, details: SupplierDetails) -> Supplier | None:
    return session.scalars(
        select(Supplier).where(Supplier.buyer_id == buyer_id, Supplier.identity == details.identity)
    ).first()


def add_supplier(
    session: Session, buyer_id: uuid.UUID, details: SupplierDetails, now: datetime, *, by: uuid.UUID | None
) -> tuple[Supplier, bool]:
    """Put a supplier on the list. Returns it, and whether it is new: the same one is never there twice, even when two people add it at once."""
    row = dialect_insert(session, Supplier).values(
        id=uuid.uuid4(), buyer_id=buyer_id, identity=details.identity, made_at=now, **asdict(details)
    )
    query = row.on_conflict_do_nothing(index_elements=["buyer_id", "identity"]).returning(Supplier.id)
    made = session.scalars(query).first()
    if made is None:
        found = find_existing_supplier(session, buyer_id, details)
        if found is None:  # deleted at this very moment
            return add_supplier(session, buyer_id, details, now, by=by)
        return found, False
    log_supplier_event(session, made, SupplierEventType.ADDED, now, by=by)
    publish(session, SupplierChanged(made, now))
    return session.get_one(Supplier, made), True


def update_supplier(
    session: Session, supplier: Supplier, details: SupplierDetails, now: datetime, *, by: uuid.UUID | None
) -> None:
    for name, value in asdict(details).items():
        setattr(supplier, name, value)
    supplier.identity = details.identity
    log_supplier_event(session, supplier.id, SupplierEventType.CHANGED, now, by=by)
    publish(session, SupplierChanged(supplier.id, now))


def archive_supplier(session: Session, supplier: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Take it off the list. Its activity log stays; doing it twice changes nothing."""
    if supplier.archived_at is None:
        supplier.archived_at = now
        log_supplier_event(session, supplier.id, SupplierEventType.ARCHIVED, now, by=by)
        publish(session, SupplierChanged(supplier.id, now))


def unarchive_supplier(session: Session, supplier: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Put it back on the list. Doing it twice changes nothing."""
    if supplier.archived_at is not None:
        supplier.archived_at = None
        log_supplier_event(session, supplier.id, SupplierEventType.UNARCHIVED, now, by=by)
        publish(session, SupplierChanged(supplier.id, now))


def merged_group(session: Session, supplier: Supplier) -> Sequence[Supplier]:
    """All entries that are shown together with this one, the one that stands for them first."""
    root = supplier.merged_into or supplier.id
    query = select(Supplier).where((Supplier.id == root) | (Supplier.merged_into == root))
    return sorted(session.scalars(query), key=lambda one: (one.id != root, one.made_at, one.id))


@dataclass(frozen=True, slots=True)
class InvitationDetails:
    """What is asked of a supplier. `send_on`: the first day on which the email may go."""

    sector: str
    quick: bool
    due: date
    message: str
    send_on: date


def invite_supplier(
    session: Session,
    supplier: Supplier,
    ask: InvitationDetails,
    settings: Settings,
    now: datetime,
    *,
    by: uuid.UUID | None,
) -> SupplierInvitation:
    """Ask this supplier. An older invitation ends, with its emails that have not left."""
    for older in active_invitations(session, supplier.id):
        _end_invitation(session, older, now)
    last = select(func.max(SupplierInvitation.number)).where(SupplierInvitation.supplier_id == supplier.id)
    made = SupplierInvitation(
        supplier_id=supplier.id,
        number=(session.scalar(last) or 0) + 1,
        sector=ask.sector,
        quick=ask.quick,
        due=ask.due,
        message=ask.message,
        status=InvitationStatus.WAITING if ask.send_on > uk_date(now) else InvitationStatus.INVITED,
        send_on=ask.send_on,
        made_at=now,
    )
    session.add(made)
    session.flush()
    log_supplier_event(session, supplier.id, SupplierEventType.ASKED, now, by=by, due=ask.due.isoformat())
    send_first_email_if_due(session, supplier, made, settings, now)
    publish(session, SupplierChanged(supplier.id, now))
    return made


def active_invitations(session: Session, supplier_id: uuid.UUID) -> Sequence[SupplierInvitation]:
    return session.scalars(
        select(SupplierInvitation).where(
            SupplierInvitation.supplier_id == supplier_id, SupplierInvitation.ended_at.is_(None)
        )
    ).all()


def latest_invitations(session: Session, supplier_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, SupplierInvitation]:
    query = (
        select(SupplierInvitation)
        .where(SupplierInvitation.supplier_id.in_(supplier_ids), SupplierInvitation.ended_at.is_(None))
        .order_by(SupplierInvitation.number)
    )
    return {one.supplier_id: one for one in session.scalars(query)}


def withdraw_invitation(
    session: Session, invitation: SupplierInvitation, now: datetime, *, by: uuid.UUID | None
) -> None:
    """Ask no more: its links end and no email of it leaves. Doing it twice changes nothing."""
    if invitation.ended_at is None:
        _end_invitation(session, invitation, now)
        log_supplier_event(session, invitation.supplier_id, SupplierEventType.TAKEN_BACK, now, by=by)
        publish(session, SupplierChanged(invitation.supplier_id, now))


def change_due_date(
    session: Session, invitation: SupplierInvitation, due: date, now: datetime, *, by: uuid.UUID | None
) -> None:
    """Give the supplier until another day. The same day changes nothing."""
    if invitation.due != due:
        invitation.due = due
        log_supplier_event(
            session, invitation.supplier_id, SupplierEventType.DUE_CHANGED, now, by=by, due=due.isoformat()
        )
        publish(session, SupplierChanged(invitation.supplier_id, now))


def _end_invitation(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    invitation.ended_at = now
    withdraw_mails(session, invitation.events, now)
    session.flush()


def supplier_or_404(session: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Supplier:
    """This supplier of this buyer. Another buyer's looks like one that is not there."""
    return session.scalars(
        select(Supplier).where(Supplier.id == supplier_id, Supplier.buyer_id == organisation_id)
    ).first() or abort(404)


def supplier_identity(name: str, email: str, company_number: str | None, reference: str) -> str:
    """What tells a supplier from the others of one buyer, as 64 hexadecimal digits.

    Its reference if it has one, else its company number with the name, else its mailbox with the name. The name counts beside a number, for one company may have several sites. Upper case, spaces and dots at the end do not.
    """
    if reference.strip():
        parts: tuple[str, ...] = ("reference", _normalise_name(reference))
    elif company_number:
        parts = ("company", company_number.upper(), _normalise_name(name))
    else:
        parts = ("mailbox", normalise_mailbox(email) if email else "", _normalise_name(name))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _normalise_name(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


STATUS_ORDER = tuple(InvitationStatus)
ANSWER_STATUSES = frozenset({InvitationStatus.STARTED, InvitationStatus.SUBMITTED})
"""Where it stands because of an assessment: without that it stands there no more."""


def get_invitation_by_token(session: Session, token: str, *, stops: bool = False) -> SupplierInvitation:
    """The invitation to which this link leads. `stops`: the link that ends the mail; it works for good, whatever the buyer did since.

    Raises:
        LinkUnknownError
    """
    link = find_link(session, InvitationLink, InvitationLink.token_hash, token, InvitationLink.stops.is_(stops))
    found = session.get(SupplierInvitation, link.invitation_id)
    if found is None or not (found.lives or stops):
        raise LinkUnknownError
    return found


def buyer_name_of_link(session: Session, token: str) -> str | None:
    """The name of the buyer that stood beside this link; None: nobody kept it."""
    link = session.get(InvitationLink, hash_token(token))
    return None if link is None else link.buyer


def email_of_link(session: Session, token: str) -> str | None:
    """The email that carries this link, by its event; None: the buyer made the link itself."""
    link = session.get(InvitationLink, hash_token(token))
    return None if link is None else link.outbox_event


def latest_buyer_name(session: Session, invitation: SupplierInvitation) -> str | None:
    query = select(InvitationLink.buyer).where(
        InvitationLink.invitation_id == invitation.id, InvitationLink.stops.is_(False)
    )
    return session.scalars(query.order_by(InvitationLink.made_at.desc(), InvitationLink.token_hash).limit(1)).first()


def mark_opened(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    if invitation.opened_at is None:
        invitation.opened_at = now
        _advance_status(session, invitation, InvitationStatus.OPENED, SupplierEventType.OPENED, now)


def mark_started(session: Session, invitation: SupplierInvitation, assessment_id: uuid.UUID, now: datetime) -> None:
    """The supplier answers it with this assessment from now on. Another one than before begins at its own beginning."""
    another = invitation.assessment_id not in {None, assessment_id}  # the first one is no other
    invitation.assessment_id = assessment_id
    if another and invitation.status is InvitationStatus.SUBMITTED:
        invitation.submitted_at, invitation.status = None, InvitationStatus.OPENED
    if invitation.started_at is None or another:
        invitation.started_at = now
        _advance_status(session, invitation, InvitationStatus.STARTED, SupplierEventType.STARTED, now)
    else:
        publish(session, SupplierChanged(invitation.supplier_id, now))


def invitations_answered_with(session: Session, assessment_id: uuid.UUID) -> Sequence[SupplierInvitation]:
    return session.scalars(
        select(SupplierInvitation)
        .where(SupplierInvitation.assessment_id == assessment_id, SupplierInvitation.ended_at.is_(None))
        .order_by(SupplierInvitation.made_at, SupplierInvitation.id)
    ).all()


def mark_submitted(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """What this one invitation is answered with was submitted, now or before it was taken for this."""
    invitation.submitted_at = now
    _advance_status(session, invitation, InvitationStatus.SUBMITTED, SupplierEventType.SUBMITTED, now)


def mark_answers_removed(session: Session, invitations: Sequence[SupplierInvitation], now: datetime) -> None:
    """What these were answered with is deleted: they stand as before the supplier began, or what was shared is over. Called after it."""
    for invitation in invitations:
        invitation.assessment_id = None
        invitation.started_at = invitation.submitted_at = invitation.shared_at = None
        if invitation.status is InvitationStatus.SHARED:
            invitation.status = InvitationStatus.SHARE_OVER
        elif invitation.status in ANSWER_STATUSES:
            invitation.status = furthest_status(invitation)
        log_supplier_event(session, invitation.supplier_id, SupplierEventType.ANSWERS_REMOVED, now)
        publish(session, SupplierChanged(invitation.supplier_id, now))


def furthest_status(invitation: SupplierInvitation) -> InvitationStatus:
    """How far an invitation got, by its own moments, leaving out that the supplier said no."""
    for reached_at, status in (
        (invitation.shared_at, InvitationStatus.SHARED),
        (invitation.submitted_at, InvitationStatus.SUBMITTED),
        (invitation.started_at, InvitationStatus.STARTED),
        (invitation.opened_at, InvitationStatus.OPENED),
    ):
        if reached_at is not None:
            return status
    return InvitationStatus.INVITED


def mark_shared(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """What was asked for is shared: publishes `SupplierChanged`, so that the board row is refreshed at once."""
    invitation.shared_at = now
    _advance_status(session, invitation, InvitationStatus.SHARED, SupplierEventType.SHARED, now)
    withdraw_mails(session, invitation.events, now)


def mark_share_ended(session: Session, supplier_id: uuid.UUID, now: datetime) -> None:
    log_supplier_event(session, supplier_id, SupplierEventType.SHARE_OVER, now)
    publish(session, SupplierChanged(supplier_id, now))


def decline_invitation(session: Session, invitation: SupplierInvitation, why: DeclineReason, now: datetime) -> None:
    """The supplier says no. It may think again: whatever it does next counts. Saying the same again changes nothing."""
    if invitation.decline is why:
        return
    invitation.declined_at = now
    invitation.decline = why
    invitation.status = InvitationStatus.DECLINED
    log_supplier_event(session, invitation.supplier_id, SupplierEventType.DECLINED, now, why=why.value)
    withdraw_mails(session, invitation.events, now)
    publish(session, SupplierChanged(invitation.supplier_id, now))


def undo_decline(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """The supplier takes its no back. Where it said none, nothing changes."""
    if invitation.status is InvitationStatus.DECLINED:
        invitation.declined_at = invitation.decline = None
        invitation.status = furthest_status(invitation)
        log_supplier_event(session, invitation.supplier_id, SupplierEventType.DECLINE_UNDONE, now)
        publish(session, SupplierChanged(invitation.supplier_id, now))


def set_answering_organisation(
    session: Session, invitation: SupplierInvitation, organisation_id: uuid.UUID | None, now: datetime
) -> None:
    """The supplier says which organisation it answers for, or that it is none. The buyer is told nothing of it."""
    supplier = session.get_one(Supplier, invitation.supplier_id)
    if supplier.organisation_id != organisation_id:
        supplier.organisation_id = organisation_id
        publish(session, SupplierChanged(supplier.id, now))


def unsubscribe_from_buyer(session: Session, invitation: SupplierInvitation, secret: str, now: datetime) -> None:
    """No more mail from this buyer to this mailbox. Stopping twice changes nothing."""
    supplier = session.get_one(Supplier, invitation.supplier_id)
    key = (supplier.buyer_id, mailbox_hash(supplier.email, secret))
    if session.get(BuyerUnsubscribe, key) is None:
        session.add(BuyerUnsubscribe(buyer_id=key[0], mark=key[1], at=now))
        log_supplier_event(session, supplier.id, SupplierEventType.MAIL_STOPPED, now)
        publish(session, SupplierChanged(supplier.id, now))
    _mark_emails(session, invitation, now, stopped=True)
    withdraw_mails(session, invitation.events, now)


def report_unknown_buyer(session: Session, invitation: SupplierInvitation, settings: Settings, now: datetime) -> None:
    """“I do not know them”: no more mail comes, and enough of these stop the emails of the buyer. It is not told of the report."""
    supplier = session.get_one(Supplier, invitation.supplier_id)
    if supplier.email:
        unsubscribe_from_buyer(session, invitation, settings.key, now)
    _mark_emails(session, invitation, now, stopped=False)
    # a link sent by hand may go to a supplier without an address on the list
    log_unknown_buyer_report(
        session, supplier.buyer_id, mailbox_hash(supplier.email or f"{supplier.id.hex}@", settings.key), settings, now
    )


def _mark_emails(session: Session, invitation: SupplierInvitation, now: datetime, *, stopped: bool) -> None:
    column = SupplierEmail.stopped_at if stopped else SupplierEmail.not_known_at
    of = SupplierEmail.event.startswith(invitation.events), column.is_(None)
    session.execute(update(SupplierEmail).where(*of).values({column: now}))


def _advance_status(
    session: Session, invitation: SupplierInvitation, to: InvitationStatus, what: SupplierEventType, now: datetime
) -> None:
    said_no = invitation.status is InvitationStatus.DECLINED and to is not InvitationStatus.OPENED
    anew = invitation.status is InvitationStatus.SHARE_OVER and to is not InvitationStatus.OPENED
    if said_no or anew or STATUS_ORDER.index(to) > STATUS_ORDER.index(invitation.status):
        invitation.status = to
        invitation.declined_at = None if said_no else invitation.declined_at
        invitation.decline = None if said_no else invitation.decline
    log_supplier_event(session, invitation.supplier_id, what, now)
    publish(session, SupplierChanged(invitation.supplier_id, now))
