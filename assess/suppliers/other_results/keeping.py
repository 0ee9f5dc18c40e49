"""A result of another scheme: told by the supplier, accepted in place of a form by the buyer or not, and undone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.events import publish
from assess.kit.mail.outbox import withdraw
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import Status, Supplier, SupplierInvitation, What
from assess.suppliers.other_results.models import Interviews, OtherResult, Refusal, Scheme, Scope, State
from assess.suppliers.trail import write


class AcceptedAlreadyError(Exception):
    """The buyer accepted it already, so it is not told anew: it has to be taken back first."""


class AskedAnewError(Exception):
    """The invitation is over: the buyer asked anew, or took it back."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a supplier tells of a result."""

    scheme: Scheme
    result_on: date
    scope: Scope
    interviews: Interviews


def tell(session: Session, invitation: SupplierInvitation, said: Said, now: datetime) -> OtherResult:
    """The supplier tells the buyer that asked. The same scheme again replaces what was said.

    Raises:
        AcceptedAlreadyError
    """
    _hold(session, invitation.id)
    found = next((one for one in told_with(session, invitation.id) if one.scheme is said.scheme), None)
    if found is not None and found.state is State.TAKEN:
        raise AcceptedAlreadyError
    made = found or OtherResult(invitation_id=invitation.id, scheme=said.scheme)
    made.result_on, made.scope, made.interviews = said.result_on, said.scope, said.interviews
    made.state, made.told_at = State.TOLD, now
    made.decided_at, made.decided_by, made.taken_until, made.refusal = None, "", None, None
    session.add(made)
    session.flush()
    write(
        session,
        invitation.supplier_id,
        What.OTHER_RESULT_TOLD,
        now,
        scheme=said.scheme.value,
        result_on=said.result_on.isoformat(),
    )
    publish(session, SupplierChanged(invitation.supplier_id, now))
    return made


def take_back(session: Session, result: OtherResult, now: datetime) -> None:
    """The supplier wants it told no more: the buyer sees it no longer, and it stands in place of nothing."""
    invitation = _hold(session, result.invitation_id)
    session.delete(result)
    session.flush()
    write(
        session,
        invitation.supplier_id,
        What.OTHER_RESULT_TOLD,
        now,
        scheme=result.scheme.value,
        taken_back="yes",
    )
    _settle(session, invitation, now)


def accept(
    session: Session, result: OtherResult, until: date, now: datetime, *, by: uuid.UUID | None, name: str
) -> None:
    """The buyer takes it in place of a form until this day. No letter that waits leaves. The same again changes nothing.

    Raises:
        AskedAnewError
    """
    invitation = _hold(session, result.invitation_id)
    if not invitation.lives:
        raise AskedAnewError
    if result.state is State.TAKEN and result.taken_until == until:
        return
    result.state, result.taken_until, result.refusal = State.TAKEN, until, None
    result.decided_at, result.decided_by = now, name
    session.flush()
    write(
        session,
        invitation.supplier_id,
        What.OTHER_RESULT_TAKEN,
        now,
        by=by,
        scheme=result.scheme.value,
        until=until.isoformat(),
    )
    withdraw(session, invitation.events, now)
    _settle(session, invitation, now)


def refuse(
    session: Session, result: OtherResult, why: Refusal, now: datetime, *, by: uuid.UUID | None, name: str
) -> None:
    """The buyer does not take it in place of a form. The same again changes nothing."""
    invitation = _hold(session, result.invitation_id)
    if result.state is State.REFUSED and result.refusal is why:
        return
    result.state, result.refusal, result.taken_until = State.REFUSED, why, None
    result.decided_at, result.decided_by = now, name
    session.flush()
    write(
        session,
        invitation.supplier_id,
        What.OTHER_RESULT_REFUSED,
        now,
        by=by,
        scheme=result.scheme.value,
        why=why.value,
    )
    _settle(session, invitation, now)


def undo(session: Session, result: OtherResult, now: datetime, *, by: uuid.UUID | None) -> None:
    """Nothing is decided any more. Undoing twice changes nothing."""
    invitation = _hold(session, result.invitation_id)
    if result.state is State.TOLD:
        return
    what = What.OTHER_RESULT_TAKEN if result.state is State.TAKEN else What.OTHER_RESULT_REFUSED
    result.state, result.refusal, result.taken_until = State.TOLD, None, None
    result.decided_at, result.decided_by = None, ""
    session.flush()
    write(session, invitation.supplier_id, what, now, by=by, scheme=result.scheme.value, undone="yes")
    _settle(session, invitation, now)


def told_with(session: Session, invitation_id: uuid.UUID) -> Sequence[OtherResult]:
    """What a supplier told on one invitation, the latest first."""
    wanted = select(OtherResult).where(OtherResult.invitation_id == invitation_id)
    return session.scalars(wanted.order_by(OtherResult.told_at.desc(), OtherResult.id)).all()


def told_by(session: Session, supplier_ids: Sequence[uuid.UUID]) -> Sequence[tuple[OtherResult, SupplierInvitation]]:
    """What this buyer was told by a supplier, or by all that are put together as one, the latest first."""
    wanted = select(OtherResult, SupplierInvitation).join(SupplierInvitation)
    rows = session.execute(
        wanted.where(SupplierInvitation.supplier_id.in_(supplier_ids)).order_by(
            OtherResult.told_at.desc(), OtherResult.id
        )
    )
    return [(result, invitation) for result, invitation in rows]


def undecided(session: Session, buyer_id: uuid.UUID) -> Sequence[Supplier]:
    """Who on the list of this buyer told of a result that nobody has accepted or refused yet, by name."""
    waiting = (
        select(SupplierInvitation.supplier_id)
        .join(OtherResult)
        .where(OtherResult.state == State.TOLD, SupplierInvitation.ended_at.is_(None))
    )
    wanted = select(Supplier).where(
        Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None), Supplier.id.in_(waiting)
    )
    return session.scalars(wanted.order_by(Supplier.name, Supplier.id)).all()


def run_out(session: Session, now: datetime) -> int:
    """Let no result stand in place of a form after its last day. Returns how many invitations wait for a form again."""
    over = (
        select(SupplierInvitation)
        .join(OtherResult)
        .where(
            OtherResult.state == State.TAKEN,
            OtherResult.taken_until < date_at(now),
            SupplierInvitation.status == Status.OTHER_RESULT,
        )
        .distinct()
    )
    found = session.scalars(over).all()
    for invitation in found:
        _settle(session, invitation, now)
    return sum(one.status is not Status.OTHER_RESULT for one in found)


def status_without(invitation: SupplierInvitation, today: date) -> Status:
    """How far an invitation got by itself, by its own dates."""
    if invitation.declined_at is not None:
        return Status.DECLINED
    steps = (
        (invitation.shared_at, Status.SHARED),
        (invitation.submitted_at, Status.SUBMITTED),
        (invitation.started_at, Status.STARTED),
        (invitation.opened_at, Status.OPENED),
    )
    furthest = next((status for moment, status in steps if moment is not None), None)
    waits = invitation.sent_at is None and invitation.send_on > today
    return furthest or (Status.WAITING if waits else Status.INVITED)


def _settle(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    """The invitation stands as its dates and what was accepted say."""
    today = date_at(now)
    stands = any(
        one.state is State.TAKEN and one.taken_until is not None and one.taken_until >= today
        for one in told_with(session, invitation.id)
    )
    if stands:
        invitation.status = Status.OTHER_RESULT
    elif invitation.status is Status.OTHER_RESULT:
        invitation.status = status_without(invitation, today)
    publish(session, SupplierChanged(invitation.supplier_id, now))


def _hold(session: Session, invitation_id: uuid.UUID) -> SupplierInvitation:
    """One at a time decides on what belongs to an invitation."""
    wanted = select(SupplierInvitation).where(SupplierInvitation.id == invitation_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
