"""The business's side of sharing: giving, changing and ending shares, and the link by which a recipient takes one up.

The link is no pass: it acts once, for somebody signed in with the address it was made for, and turns into a share that is looked up
anew at each request. Ending it works from the next request on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assess.assessments.answering import lock
from assess.assessments.models import Submission
from assess.assessments.submitting import latest_id
from assess.banks.editions import edition_of
from assess.kit.events import publish
from assess.kit.mail.addresses import fit_address
from assess.kit.mail.outbox import withdraw
from assess.people.caller import Caller
from assess.people.models import NameState, Organisation, Role, Ticket
from assess.people.tickets import TicketUnknownError, end_all, find, issue, use
from assess.plans.register.keeping import state_of
from assess.plans.shares.coding import remember_share
from assess.plans.shares.document import freeze, narrowed, shared_copy, thaw
from assess.plans.shares.models import EVENTS, LONGEST_BUYER, ShareFile, ShareGrant
from assess.plans.shares.scopes import Scope
from assess.suppliers.events import SupplierChanged
from assess.suppliers.following import note_share_over, note_shared
from assess.suppliers.models import Supplier, SupplierInvitation

KIND = "share"
"""The kind of ticket that turns into a share."""

USUAL_DAYS = 30
DAYS = (7, 30, 60, 90)
"""For how long, counted from the day it is chosen. The last is the longest."""

DAYS_FOR_A_BUYER = (30, 90, 180, 365)
"""The same for a buyer that asked: it follows the plan through the year, and the business can end it on any day."""


class GrantUnknownError(Exception):
    """No such share of this assessment."""


class GrantOverError(Exception):
    """The share was ended, or the business has answered again: it cannot be changed any more."""


class NameSuspendedError(GrantOverError):
    """Nobody can confirm any longer who the recipient is, so nothing more is shared with it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the business names: an address, and the buyer it belongs to, which may be empty."""

    email: str
    buyer: str

    @classmethod
    def typed(cls, email: str, buyer: str) -> Recipient:
        """From what somebody typed.

        Raises:
            AddressUnfitError: when it is no address.
        """
        return cls(fit_address(email).lower(), fit_buyer(buyer))


def fit_buyer(typed: str) -> str:
    """The name of a buyer as it is kept."""
    return " ".join(typed.split())[:LONGEST_BUYER]


@dataclass(frozen=True, slots=True)
class Given:
    """A share just made, or written again. The token is in no other place."""

    grant: ShareGrant
    token: str


def give(session: Session, submission: Submission, to: Recipient, scope: Scope, days: int, now: datetime) -> Given:
    """Share this submission as it is now.

    Raises:
        GrantOverError: when the business has submitted again since.
        AssessmentUnknownError: when the assessment is not there.
        ValueError: for a number of days that is not offered.
    """
    lock(session, submission.assessment_id)
    document = _frozen(session, submission, scope)
    grant = ShareGrant(
        assessment_id=submission.assessment_id,
        submission_id=submission.id,
        email=to.email,
        buyer=to.buyer,
        scope=scope,
        document=document,
        made_at=now,
        frozen_at=now,
        until=_until(now, days),
        written=0,
    )
    session.add(grant)
    session.flush()
    remember_share(session, submission.id, document)
    return write_again(session, grant, now)


def give_to_buyer(
    session: Session,
    submission: Submission,
    invitation: SupplierInvitation,
    scope: Scope,
    days: int,
    now: datetime,
) -> ShareGrant:
    """Share this submission with the buyer that asked for it: it has an account, so nothing is left to take up.

    Raises:
        GrantOverError: when the business has submitted again since.
        NameSuspendedError
        AssessmentUnknownError: when the assessment is not there.
        ValueError: for a number of days that is not offered, or an invitation that is answered with another assessment.
    """
    if days not in DAYS_FOR_A_BUYER or invitation.assessment_id != submission.assessment_id:
        raise ValueError("a number of days that is not offered, or another assessment")
    lock(session, submission.assessment_id)
    supplier = session.get_one(Supplier, invitation.supplier_id)
    # read anew and held: a name that is suspended at this moment is so before or after, never in between
    buyer = session.get_one(Organisation, supplier.buyer_id, with_for_update=True, populate_existing=True)
    if buyer.name_state is NameState.SUSPENDED:
        raise NameSuspendedError
    document = _frozen(session, submission, scope)
    grant = ShareGrant(
        assessment_id=submission.assessment_id,
        submission_id=submission.id,
        email="",
        buyer=buyer.name,
        scope=scope,
        document=document,
        made_at=now,
        frozen_at=now,
        until=now + timedelta(days=days),
        written=0,
        accepted_at=now,
        organisation_id=supplier.buyer_id,
        supplier_id=supplier.id,
    )
    session.add(grant)
    session.flush()
    remember_share(session, submission.id, document)
    note_shared(session, invitation, now)
    return grant


def write_again(session: Session, grant: ShareGrant, now: datetime) -> Given:
    """A new link for a recipient who has not taken it up. The older one ends.

    Raises:
        GrantOverError: when there is nothing to take up any more.
    """
    if not lives(grant, now) or grant.accepted_at is not None:
        raise GrantOverError
    token = issue(session, KIND, grant.email, now, lasts=grant.until - now, about=grant.id)
    grant.written += 1
    session.flush()
    return Given(grant, token)


def grants_of(session: Session, assessment_id: uuid.UUID) -> list[ShareGrant]:
    """All shares of an assessment, ended ones included, the newest first."""
    wanted = select(ShareGrant).where(ShareGrant.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(ShareGrant.made_at.desc(), ShareGrant.id)))


def grant_of(session: Session, assessment_id: uuid.UUID, grant_id: uuid.UUID, *, locked: bool = False) -> ShareGrant:
    """One share of this assessment.

    Raises:
        GrantUnknownError: when this assessment has none of that id.
    """
    found = session.get(ShareGrant, grant_id, with_for_update=True if locked else None, populate_existing=locked)
    if found is None or found.assessment_id != assessment_id:
        raise GrantUnknownError
    return found


def suspended_among(session: Session, grants: Iterable[ShareGrant]) -> frozenset[uuid.UUID]:
    """Of the organisations with which these were shared, those whose name is suspended: they see nothing now."""
    ids = {grant.organisation_id for grant in grants if grant.organisation_id is not None}
    wanted = select(Organisation.id).where(Organisation.id.in_(ids), Organisation.name_state == NameState.SUSPENDED)
    return frozenset(session.scalars(wanted)) if ids else frozenset()


def lives(grant: ShareGrant, now: datetime) -> bool:
    """Whether a share is neither ended nor over at this moment."""
    return grant.ended_at is None and now < grant.until


def change(session: Session, grant: ShareGrant, scope: Scope, days: int, now: datetime) -> None:
    """Show less or more of it, and for how long from now. What was not shown before is shown as it is now.

    Raises:
        GrantOverError: when it was ended, its time is up, or the business has submitted again.
        NameSuspendedError
        ValueError: for a number of days that is not offered.
    """
    submission = session.get(Submission, grant.submission_id)
    if submission is None or not lives(grant, now) or latest_id(session, grant.assessment_id) != submission.id:
        raise GrantOverError
    if suspended_among(session, [grant]):
        raise NameSuspendedError
    if widens(grant, scope):
        grant.document = _frozen(session, submission, scope)
        grant.frozen_at = now
    elif scope is not grant.scope:
        grant.document = freeze(narrowed(thaw(grant.document), scope))
    grant.scope = scope
    grant.until = _until(now, days, days_for(grant))
    # a link that waits to be opened waits as long as the share
    session.execute(update(Ticket).where(Ticket.kind == KIND, Ticket.about == grant.id).values(until=grant.until))
    _drop_files(session, grant)
    session.flush()
    remember_share(session, submission.id, grant.document)
    if grant.supplier_id is not None:
        publish(session, SupplierChanged(grant.supplier_id, now))


def days_for(grant: ShareGrant) -> tuple[int, ...]:
    """For how long this share may be shown from now: a buyer that asked, and has no address of its own here, may follow the year."""
    return DAYS if grant.email else DAYS_FOR_A_BUYER


def widens(grant: ShareGrant, scope: Scope) -> bool:
    """Whether this scope would show more than the share does."""
    return not grant.scope.shows(scope)


def end(session: Session, grant: ShareGrant, now: datetime) -> None:
    """End it at once: its link, its files, and the mail that has not left. Ending it again changes nothing."""
    ends = grant.ended_at is None
    grant.ended_at = grant.ended_at or now
    end_all(session, KIND, about=grant.id)
    _drop_files(session, grant)
    withdraw(session, event_of(grant), now)
    session.flush()
    if ends and grant.supplier_id is not None:
        note_share_over(session, grant.supplier_id, now)


def event_of(grant: ShareGrant) -> str:
    """How the events of its mails begin."""
    return f"{EVENTS}{grant.id.hex} "


def offered(session: Session, token: str, who: Caller, now: datetime) -> ShareGrant:
    """What this link offers to this person. Uses nothing up.

    Raises:
        TicketUnknownError: when it offers nothing to them: unknown, used, ended, over, or made for another address, all alike.
    """
    ticket = find(session, KIND, token, now)
    if ticket.email != who.email or ticket.about is None:
        raise TicketUnknownError
    grant = session.get(ShareGrant, ticket.about, populate_existing=True)
    if grant is None or not lives(grant, now) or grant.accepted_at is not None:
        raise TicketUnknownError
    return grant


def buys_for(who: Caller) -> tuple[uuid.UUID, ...]:
    """The organisations for which somebody buys."""
    return tuple(sorted(organisation for organisation in who.roles if who.has(Role.BUYER, organisation)))


def accept(
    session: Session, token: str, who: Caller, now: datetime, *, organisation_id: uuid.UUID | None = None
) -> ShareGrant:
    """Take the share up, for oneself or for an organisation one buys for. Of many at once exactly one succeeds.

    Raises:
        TicketUnknownError: as `offered` does, and for all but the first.
        ValueError: for an organisation they do not buy for.
    """
    if organisation_id is not None and not who.has(Role.BUYER, organisation_id):
        raise ValueError("they do not buy for that organisation")
    offered(session, token, who, now)
    ticket = use(session, KIND, token, now)
    grant = session.get(ShareGrant, ticket.about, with_for_update=True, populate_existing=True)
    if grant is None or not lives(grant, now):  # ended at this very moment
        raise TicketUnknownError
    grant.accepted_at = now
    grant.person_id = None if organisation_id else who.id
    grant.organisation_id = organisation_id
    session.flush()
    return grant


def _frozen(session: Session, submission: Submission, scope: Scope) -> dict[str, object]:
    if latest_id(session, submission.assessment_id) != submission.id:
        raise GrantOverError
    edition = edition_of(session, submission.edition_id).edition
    return freeze(shared_copy(submission.record, edition, state_of(session, submission.id), scope))


def _until(now: datetime, days: int, offered: tuple[int, ...] = DAYS) -> datetime:
    if days not in offered:
        raise ValueError("a number of days that is not offered")
    return now + timedelta(days=days)


def _drop_files(session: Session, grant: ShareGrant) -> None:
    session.execute(delete(ShareFile).where(ShareFile.grant_id == grant.id))
