"""Results of other schemes that a supplier reports: accept instead of a form until a date, refuse, undo, expire. No reports or scores are stored."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import uk_date
from assess.core.events import publish
from assess.core.jobs.services import JobContext
from assess.core.logs import log
from assess.core.mail.services import withdraw_mails
from assess.engine.due_dates import add_months
from assess.suppliers.activity_log import log_supplier_event
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import (
    ExternalResult,
    ExternalResultScope,
    ExternalResultState,
    InvitationStatus,
    RefusalReason,
    Scheme,
    Supplier,
    SupplierEventType,
    SupplierInvitation,
    WorkerInterviews,
)
from assess.suppliers.services import furthest_status


class AlreadyAcceptedError(Exception):
    """The buyer accepted it already, so it is not told anew: it has to be taken back first."""


class InvitationEndedError(Exception):
    """The invitation is over: the buyer asked anew, or took it back."""


@dataclass(frozen=True, slots=True)
class ReportedResult:
    scheme: Scheme
    result_on: date
    scope: ExternalResultScope
    interviews: WorkerInterviews


def report_result(
    session: Session, invitation: SupplierInvitation, reported: ReportedResult, now: datetime
) -> ExternalResult:
    """The supplier tells the buyer that asked; the same scheme again replaces it. Raises AlreadyAcceptedError."""
    _lock_invitation(session, invitation.id)
    found = next((one for one in results_of_invitation(session, invitation.id) if one.scheme is reported.scheme), None)
    if found is not None and found.state is ExternalResultState.TAKEN:
        raise AlreadyAcceptedError
    made = found or ExternalResult(invitation_id=invitation.id, scheme=reported.scheme)
    made.result_on, made.scope, made.interviews = reported.result_on, reported.scope, reported.interviews
    made.state, made.told_at = ExternalResultState.TOLD, now
    made.decided_at, made.decided_by, made.taken_until, made.refusal = None, "", None, None
    session.add(made)
    session.flush()
    log_supplier_event(
        session,
        invitation.supplier_id,
        SupplierEventType.EXTERNAL_RESULT_REPORTED,
        now,
        scheme=reported.scheme.value,
        result_on=reported.result_on.isoformat(),
    )
    publish(session, SupplierChanged(invitation.supplier_id, now))
    return made


def withdraw_external_result(session: Session, result: ExternalResult, now: datetime) -> None:
    """The supplier wants it told no more: the buyer sees it no longer, and it stands in place of nothing."""
    invitation = _lock_invitation(session, result.invitation_id)
    session.delete(result)
    session.flush()
    log_supplier_event(
        session,
        invitation.supplier_id,
        SupplierEventType.EXTERNAL_RESULT_REPORTED,
        now,
        scheme=result.scheme.value,
        taken_back="yes",
    )
    _update_status(session, invitation, now)


def accept_external_result(
    session: Session, result: ExternalResult, until: date, now: datetime, *, by: uuid.UUID | None, name: str
) -> None:
    """The buyer takes it in place of a form until this day. No waiting email leaves. The same again changes nothing.

    Raises:
        InvitationEndedError
    """
    invitation = _lock_invitation(session, result.invitation_id)
    if not invitation.lives:
        raise InvitationEndedError
    if result.state is ExternalResultState.TAKEN and result.taken_until == until:
        return
    result.state, result.taken_until, result.refusal = ExternalResultState.TAKEN, until, None
    result.decided_at, result.decided_by = now, name
    session.flush()
    log_supplier_event(
        session,
        invitation.supplier_id,
        SupplierEventType.EXTERNAL_RESULT_ACCEPTED,
        now,
        by=by,
        scheme=result.scheme.value,
        until=until.isoformat(),
    )
    withdraw_mails(session, invitation.events, now)
    _update_status(session, invitation, now)


def refuse_external_result(
    session: Session, result: ExternalResult, why: RefusalReason, now: datetime, *, by: uuid.UUID | None, name: str
) -> None:
    """The buyer does not take it in place of a form. The same again changes nothing."""
    invitation = _lock_invitation(session, result.invitation_id)
    if result.state is ExternalResultState.REFUSED and result.refusal is why:
        return
    result.state, result.refusal, result.taken_until = ExternalResultState.REFUSED, why, None
    result.decided_at, result.decided_by = now, name
    session.flush()
    log_supplier_event(
        session,
        invitation.supplier_id,
        SupplierEventType.EXTERNAL_RESULT_REFUSED,
        now,
        by=by,
        scheme=result.scheme.value,
        why=why.value,
    )
    _update_status(session, invitation, now)


def undo_result_decision(session: Session, result: ExternalResult, now: datetime, *, by: uuid.UUID | None) -> None:
    """Nothing is decided any more. Undoing twice changes nothing."""
    invitation = _lock_invitation(session, result.invitation_id)
    if result.state is ExternalResultState.TOLD:
        return
    what = (
        SupplierEventType.EXTERNAL_RESULT_ACCEPTED
        if result.state is ExternalResultState.TAKEN
        else SupplierEventType.EXTERNAL_RESULT_REFUSED
    )
    result.state, result.refusal, result.taken_until = ExternalResultState.TOLD, None, None
    result.decided_at, result.decided_by = None, ""
    session.flush()
    log_supplier_event(session, invitation.supplier_id, what, now, by=by, scheme=result.scheme.value, undone="yes")
    _update_status(session, invitation, now)


def results_of_invitation(session: Session, invitation_id: uuid.UUID) -> Sequence[ExternalResult]:
    query = select(ExternalResult).where(ExternalResult.invitation_id == invitation_id)
    return session.scalars(query.order_by(ExternalResult.told_at.desc(), ExternalResult.id)).all()


def results_of_suppliers(
    session: Session, supplier_ids: Sequence[uuid.UUID]
) -> Sequence[tuple[ExternalResult, SupplierInvitation]]:
    """What this buyer was told by a supplier, or by all that are put together as one, the latest first."""
    rows = session.execute(
        select(ExternalResult, SupplierInvitation)
        .join(SupplierInvitation)
        .where(SupplierInvitation.supplier_id.in_(supplier_ids))
        .order_by(ExternalResult.told_at.desc(), ExternalResult.id)
    )
    return [(result, invitation) for result, invitation in rows]


def suppliers_with_undecided_results(session: Session, buyer_id: uuid.UUID) -> Sequence[Supplier]:
    waiting = (
        select(SupplierInvitation.supplier_id)
        .join(ExternalResult)
        .where(ExternalResult.state == ExternalResultState.TOLD, SupplierInvitation.ended_at.is_(None))
    )
    query = select(Supplier).where(
        Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None), Supplier.id.in_(waiting)
    )
    return session.scalars(query.order_by(Supplier.name, Supplier.id)).all()


def end_expired_results(session: Session, now: datetime) -> int:
    """Let no result stand in place of a form after its last day. Returns how many invitations wait for a form again."""
    found = session.scalars(
        select(SupplierInvitation)
        .join(ExternalResult)
        .where(
            ExternalResult.state == ExternalResultState.TAKEN,
            ExternalResult.taken_until < uk_date(now),
            SupplierInvitation.status == InvitationStatus.EXTERNAL_RESULT,
        )
        .distinct()
    ).all()
    for invitation in found:
        _update_status(session, invitation, now)
    return sum(one.status is not InvitationStatus.EXTERNAL_RESULT for one in found)


def status_without_result(invitation: SupplierInvitation, today: date) -> InvitationStatus:
    if invitation.declined_at is not None:
        return InvitationStatus.DECLINED
    furthest = furthest_status(invitation)
    waits = invitation.sent_at is None and invitation.send_on > today
    return InvitationStatus.WAITING if waits and furthest is InvitationStatus.INVITED else furthest


def _update_status(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    today = uk_date(now)
    if any(
        one.state is ExternalResultState.TAKEN and one.taken_until is not None and one.taken_until >= today
        for one in results_of_invitation(session, invitation.id)
    ):
        invitation.status = InvitationStatus.EXTERNAL_RESULT
    elif invitation.status is InvitationStatus.EXTERNAL_RESULT:
        invitation.status = status_without_result(invitation, today)
    publish(session, SupplierChanged(invitation.supplier_id, now))


def _lock_invitation(session: Session, invitation_id: uuid.UUID) -> SupplierInvitation:
    return session.get_one(SupplierInvitation, invitation_id, with_for_update=True, populate_existing=True)


def expire_external_results(context: JobContext) -> None:
    """The job of the night. Run twice it ends nothing more."""
    with context.database.writing() as session:
        ended = end_expired_results(session, context.now())
        if ended:
            who = job_actor("end_other_results")
            event = NewAuditEvent(action="suppliers.manage", verb="ended", who=who, details={"count": ended})
            append_event(session, AuditKeys.of(context.settings), event, context.now())
            log("other_results_ended", number=ended)


def is_result_old(result_on: date, months: int, today: date) -> bool:
    return add_months(result_on, months) < today
