"""Shares of a business: creating, changing, ending and listing them, the offer a buyer takes up, buyers that asked for an answer, check codes, and which board rows a change refreshes."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from assess.assessments.access import may_here
from assess.assessments.events import OwnershipChanged, SubmissionMade
from assess.assessments.models import Assessment, BuyerLink, Submission
from assess.assessments.personal_data.services import FreeTextSource, source_from_columns
from assess.assessments.services import lock_assessment
from assess.assessments.submissions import latest_submission_id
from assess.core import clock
from assess.core.clock import UK_ZONE, uk_date
from assess.core.db import NO_SYNCHRONIZE, Database, JsonDict, database, dialect_insert
from assess.core.errors import NotFoundError
from assess.core.events import publish
from assess.core.links import LinkUnknownError, link_works
from assess.core.mail.services import withdraw_mails
from assess.core.models import StoredPdf
from assess.engine.record import canonical_json, reference_code
from assess.identity.current_user import CurrentUser
from assess.identity.models import NameState, OneTimeToken, Organisation, Role
from assess.identity.one_time_tokens import find_token, issue_token, revoke_tokens, use_token
from assess.plans.action_tracker.services import get_tracker_state, get_tracker_state_at
from assess.plans.buyer_view import buyer_view_of
from assess.plans.calendar import end_feed
from assess.plans.events import PlanChanged
from assess.plans.models import CheckCode, VerificationSecret
from assess.plans.plan_index import PLAN_INDEX
from assess.plans.reminders import stop_all_reminders
from assess.question_banks.editions import load_edition
from assess.sharing.models import (
    SCOPE_ORDER,
    SCOPE_TITLES,
    SHARE_EVENT_PREFIX,
    ShareGrant,
    ShareScope,
    ShareView,
    ShareViewKind,
    grant_in_force,
)
from assess.sharing.shared_copy import (
    COPY_FORMAT,
    make_shared_copy,
    narrow_shared_copy,
    shareable_duties,
    shared_copy_from_json,
    shared_copy_to_json,
)
from assess.suppliers.emails import BuyerIdentity, get_buyer_identity, government_domain, is_name_invalid
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import InvitationStatus, Supplier, SupplierInvitation
from assess.suppliers.services import invitations_answered_with, latest_buyer_name, mark_share_ended, mark_shared

BuyerSees = Literal["nothing", "latest", "older"]


@dataclass(frozen=True, slots=True)
class BuyerRequest:
    """One buyer that asked. `sees`: nothing, the latest answers, or that there are newer ones (it was shared before).

    `grant_id` and `until` are of what is shared. `scope` is what was chosen, now or before, so that it can be chosen again.
    """

    invitation_id: uuid.UUID
    assessment_id: uuid.UUID | None
    asker: BuyerIdentity
    supplier_name: str
    due: date
    status: InvitationStatus
    declined_on: date | None
    sees: BuyerSees
    grant_id: uuid.UUID | None
    scope: ShareScope | None
    until: date | None

    @property
    def words(self) -> str:
        return SCOPE_TITLES[self.scope] if self.scope and self.grant_id else ""


def get_buyer_requests(session: Session, assessment_id: uuid.UUID, now: datetime) -> list[BuyerRequest]:
    """The buyers that asked and are answered with this assessment, in the order in which they asked."""
    return [buyer_request_of(session, one, now) for one in invitations_answered_with(session, assessment_id)]


def get_organisation_buyer_requests(session: Session, organisation_id: uuid.UUID, now: datetime) -> list[BuyerRequest]:
    """The buyers whose request this organisation took as its own, or answers with an assessment of its own."""
    wanted = (
        select(SupplierInvitation)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .outerjoin(Assessment, Assessment.id == SupplierInvitation.assessment_id)
        .where(
            SupplierInvitation.ended_at.is_(None),
            or_(Supplier.organisation_id == organisation_id, Assessment.organisation_id == organisation_id),
        )
        .order_by(SupplierInvitation.made_at, SupplierInvitation.id)
    )
    return [buyer_request_of(session, invitation, now) for invitation in session.scalars(wanted)]


def find_invitation(session: Session, assessment_id: uuid.UUID, invitation_id: uuid.UUID) -> SupplierInvitation | None:
    """This invitation, if it lives and is answered with this assessment."""
    return next((one for one in invitations_answered_with(session, assessment_id) if one.id == invitation_id), None)


def buyer_request_of(session: Session, invitation: SupplierInvitation, now: datetime) -> BuyerRequest:
    supplier = session.get_one(Supplier, invitation.supplier_id)
    buyer = session.get_one(Organisation, supplier.buyer_id)
    grants = _grants_for_request(session, supplier, invitation.assessment_id)
    latest = latest_submission_id(session, invitation.assessment_id) if invitation.assessment_id else None
    living = [grant for grant in grants if is_live(grant, now)]
    current = next((grant for grant in living if grant.submission_id == latest), None)
    shown = current or (grants[0] if grants else None)
    named = latest_buyer_name(session, invitation)
    asker = get_buyer_identity(buyer, government_domain(session, buyer))
    return BuyerRequest(
        invitation_id=invitation.id,
        assessment_id=invitation.assessment_id,
        asker=replace(asker, name=named or buyer.name, over=is_name_invalid(session, buyer, named)),
        supplier_name=supplier.name,
        due=invitation.due,
        status=invitation.status,
        declined_on=uk_date(invitation.declined_at) if invitation.declined_at else None,
        sees="latest" if current else "older" if living else "nothing",
        grant_id=current.id if current else None,
        scope=shown.scope if shown else None,
        until=uk_date(current.until) if current else None,
    )


def _grants_for_request(session: Session, supplier: Supplier, assessment_id: uuid.UUID | None) -> Sequence[ShareGrant]:
    """What was shared with this buyer because it asked, the latest first."""
    if assessment_id is None:
        return ()
    wanted = select(ShareGrant).where(
        ShareGrant.assessment_id == assessment_id,
        ShareGrant.supplier_id == supplier.id,
        ShareGrant.organisation_id == supplier.buyer_id,
    )
    return session.scalars(wanted.order_by(ShareGrant.made_at.desc(), ShareGrant.id)).all()


def requests_awaiting_share(assessment_id: uuid.UUID) -> list[BuyerRequest]:
    """Those who asked under a name that nobody suspended, have not been told no, and do not see the latest answers. None, where the person may not share."""
    if not may_here("share.manage"):
        return []
    with database().reading() as session:
        rows = get_buyer_requests(session, assessment_id, clock.now())
    over = {InvitationStatus.DECLINED, InvitationStatus.EXTERNAL_RESULT}
    return [row for row in rows if row.sees != "latest" and row.status not in over and not row.asker.over]


TOKEN_KIND = "share"  # noqa: S105  # the kind of a token, no secret

DEFAULT_DAYS = 30
DAY_CHOICES = (7, 30, 60, 90)
"""For how long, counted from the day it is chosen. The last is the longest."""

BUYER_DAY_CHOICES = (30, 90, 180, 365)
"""The same for a buyer that asked: it follows the plan through the year, and the business can end it on any day."""


class ShareNotFoundError(NotFoundError):
    """No such share of this assessment."""


class ShareOverError(Exception):
    """The share was ended, or the business has answered again: it cannot be changed any more."""


class NameSuspendedError(ShareOverError):
    """Nobody can confirm any longer who the recipient is, so nothing more is shared with it."""


@dataclass(frozen=True, slots=True)
class ShareRecipient:
    """Whom the business names: an address in small letters, and the buyer it belongs to, which may be empty."""

    email: str
    buyer: str


@dataclass(frozen=True, slots=True)
class ShareOffer:
    """A share that waits to be taken up, with the token of its newest link, which is in no other place."""

    grant: ShareGrant
    token: str


def create_share(
    session: Session, submission: Submission, to: ShareRecipient, scope: ShareScope, days: int, now: datetime
) -> ShareOffer:
    """Share this submission as it is now.

    Raises ShareOverError when the business has submitted again since; AssessmentUnknownError when the assessment is
    not there; ValueError for a number of days that is not offered.
    """
    lock_assessment(session, submission.assessment_id)
    grant = _add_grant(session, submission, scope, now, _end_of_share(now, days), email=to.email, buyer=to.buyer)
    return issue_share_token(session, grant, now)


def share_with_buyer(
    session: Session,
    submission: Submission,
    invitation: SupplierInvitation,
    scope: ShareScope,
    days: int,
    now: datetime,
) -> ShareGrant:
    """Share this submission with the buyer that asked for it: it has an account, so nothing is left to take up.

    Raises ShareOverError when the business has submitted again since; NameSuspendedError; AssessmentUnknownError when
    the assessment is not there; ValueError for a number of days that is not offered, or an invitation that is
    answered with another assessment.
    """
    if days not in BUYER_DAY_CHOICES or invitation.assessment_id != submission.assessment_id:
        raise ValueError("a number of days that is not offered, or another assessment")
    lock_assessment(session, submission.assessment_id)
    supplier = session.get_one(Supplier, invitation.supplier_id)
    # read anew and held: a name that is suspended at this moment is so before or after, never in between
    buyer = session.get_one(Organisation, supplier.buyer_id, with_for_update=True, populate_existing=True)
    if buyer.name_state is NameState.SUSPENDED:
        raise NameSuspendedError
    grant = _add_grant(
        session,
        submission,
        scope,
        now,
        now + timedelta(days=days),
        email="",
        buyer=buyer.name,
        accepted_at=now,
        organisation_id=supplier.buyer_id,
        supplier_id=supplier.id,
    )
    mark_shared(session, invitation, now)
    return grant


def _add_grant(
    session: Session, submission: Submission, scope: ShareScope, now: datetime, until: datetime, **recipient: object
) -> ShareGrant:
    document = _make_document(session, submission, scope)
    grant = ShareGrant(
        assessment_id=submission.assessment_id,
        submission_id=submission.id,
        scope=scope,
        document=document,
        made_at=now,
        frozen_at=now,
        until=until,
        links_made=0,
        **recipient,
    )
    session.add(grant)
    session.flush()
    save_share_check_code(session, submission.id, document)
    return grant


def issue_share_token(session: Session, grant: ShareGrant, now: datetime) -> ShareOffer:
    """For a recipient who has not taken it up; the older one ends. Raises ShareOverError: nothing to take up."""
    if not is_live(grant, now) or grant.accepted_at is not None:
        raise ShareOverError
    token = issue_token(session, TOKEN_KIND, grant.email, now, lasts=grant.until - now, about=grant.id)
    grant.links_made += 1
    session.flush()
    return ShareOffer(grant, token)


def get_share_grants(session: Session, assessment_id: uuid.UUID) -> list[ShareGrant]:
    wanted = select(ShareGrant).where(ShareGrant.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(ShareGrant.made_at.desc(), ShareGrant.id)))


def get_share_grant(
    session: Session, assessment_id: uuid.UUID, grant_id: uuid.UUID, *, locked: bool = False
) -> ShareGrant:
    """Raises ShareNotFoundError when this assessment has none of that id."""
    found = session.get(ShareGrant, grant_id, with_for_update=True if locked else None, populate_existing=locked)
    if found is None or found.assessment_id != assessment_id:
        raise ShareNotFoundError
    return found


def suspended_organisations(session: Session, grants: Iterable[ShareGrant]) -> frozenset[uuid.UUID]:
    """Of the organisations with which these were shared, those whose name is suspended: they see nothing now."""
    ids = {grant.organisation_id for grant in grants if grant.organisation_id is not None}
    wanted = select(Organisation.id).where(Organisation.id.in_(ids), Organisation.name_state == NameState.SUSPENDED)
    return frozenset(session.scalars(wanted)) if ids else frozenset()


def is_live(grant: ShareGrant, now: datetime) -> bool:
    return grant.ended_at is None and now < grant.until


def change_share_grant(session: Session, grant: ShareGrant, scope: ShareScope, days: int, now: datetime) -> None:
    """Show less or more of it, and for how long from now. What was not shown before is shown as it is now.

    Raises ShareOverError when it was ended, its time is up, or the business has submitted again; NameSuspendedError;
    ValueError for a number of days that is not offered.
    """
    submission = session.get(Submission, grant.submission_id)
    latest = latest_submission_id(session, grant.assessment_id)
    if submission is None or submission.id != latest or not is_live(grant, now):
        raise ShareOverError
    if suspended_organisations(session, [grant]):
        raise NameSuspendedError
    if shows_more(grant, scope):  # what was frozen holds no more, so more of it can only be made anew
        grant.document = _make_document(session, submission, scope)
        grant.frozen_at = now
    elif scope is not grant.scope:
        grant.document = shared_copy_to_json(narrow_shared_copy(shared_copy_from_json(grant.document), scope))
    grant.scope = scope
    grant.until = _end_of_share(now, days, day_choices_for(grant))
    # a link that waits to be opened waits as long as the share
    session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.kind == TOKEN_KIND, OneTimeToken.about == grant.id)
        .values(until=grant.until)
    )
    _delete_share_pdf(session, grant)
    session.flush()
    save_share_check_code(session, submission.id, grant.document)
    if grant.supplier_id is not None:
        publish(session, SupplierChanged(grant.supplier_id, now))


def day_choices_for(grant: ShareGrant) -> tuple[int, ...]:
    """For how long this share may be shown from now: a buyer that asked, and has no address of its own here, may follow the year."""
    return DAY_CHOICES if grant.email else BUYER_DAY_CHOICES


def shows_more(grant: ShareGrant, scope: ShareScope) -> bool:
    return not grant.scope.shows(scope)


def end_share_grant(session: Session, grant: ShareGrant, now: datetime) -> None:
    """End it at once: its link, its files, and the mail that has not left. Ending it again changes nothing."""
    ends = grant.ended_at is None  # the buyer is told once
    grant.ended_at = grant.ended_at or now
    revoke_tokens(session, TOKEN_KIND, about=grant.id)
    _delete_share_pdf(session, grant)
    withdraw_mails(session, mail_event_prefix(grant), now)
    session.flush()
    if ends and grant.supplier_id is not None:
        mark_share_ended(session, grant.supplier_id, now)


def mail_event_prefix(grant: ShareGrant) -> str:
    return f"{SHARE_EVENT_PREFIX}{grant.id.hex} "


def find_offer(session: Session, token: str, who: CurrentUser, now: datetime) -> ShareGrant:
    """What this link offers to this person. Uses nothing up.

    Raises LinkUnknownError when it offers nothing to them: unknown, used, ended, over, or made for another address,
    all alike.
    """
    found = find_token(session, TOKEN_KIND, token, now)
    if found.email != who.email or found.about is None:
        raise LinkUnknownError
    grant = session.get(ShareGrant, found.about, populate_existing=True)
    if grant is None or not is_live(grant, now) or grant.accepted_at is not None:
        raise LinkUnknownError
    return grant


def buyer_organisations(who: CurrentUser) -> tuple[uuid.UUID, ...]:
    return tuple(sorted(organisation for organisation in who.roles if who.has(Role.BUYER, organisation)))


def accept_share_grant(
    session: Session, token: str, who: CurrentUser, now: datetime, *, organisation_id: uuid.UUID | None = None
) -> ShareGrant:
    """Take the share up, for oneself or for an organisation one buys for. Of many at once exactly one succeeds.

    Raises LinkUnknownError as `find_offer` does, and for all but the first; ValueError for an organisation they do
    not buy for.
    """
    if organisation_id is not None and not who.has(Role.BUYER, organisation_id):
        raise ValueError("they do not buy for that organisation")
    find_offer(session, token, who, now)
    used = use_token(session, TOKEN_KIND, token, now)
    grant = session.get(ShareGrant, used.about, with_for_update=True, populate_existing=True)
    if grant is None or not is_live(grant, now):  # ended at this very moment
        raise LinkUnknownError
    grant.accepted_at = now
    grant.person_id = None if organisation_id else who.id
    grant.organisation_id = organisation_id
    session.flush()
    return grant


def _make_document(session: Session, submission: Submission, scope: ShareScope) -> dict[str, object]:
    if latest_submission_id(session, submission.assessment_id) != submission.id:
        raise ShareOverError
    edition = load_edition(session, submission.edition_id).edition
    state = get_tracker_state(session, submission.id)
    return shared_copy_to_json(make_shared_copy(submission.record, edition, state, scope))


def _end_of_share(now: datetime, days: int, offered: tuple[int, ...] = DAY_CHOICES) -> datetime:
    if days not in offered:
        raise ValueError("a number of days that is not offered")
    return now + timedelta(days=days)


def _delete_share_pdf(session: Session, grant: ShareGrant) -> None:
    session.execute(delete(StoredPdf).where(StoredPdf.grant_id == grant.id))


ShareStatus = Literal["works", "waits", "answered_again", "ended", "over"]
LINK_LABEL = "A link for somebody without an account"
_VIEW_TEXTS: Mapping[ShareViewKind, str] = {ShareViewKind.PAGE: "looked at the page", ShareViewKind.FILE: "took a file"}


@dataclass(frozen=True, slots=True)
class ShareEntry:
    """`name`: the recipient as typed. `scope`: in words. `status` is “waits” while nobody has taken the share up."""

    id: uuid.UUID
    named: bool
    name: str
    scope: str
    made_on: date
    until: date
    ended_on: date | None
    status: ShareStatus
    opened: int
    opened_on: date | None
    views: tuple[ShareView, ...]
    suspended: bool = False
    """Whether nobody can confirm any longer who the recipient is: it sees nothing now, and the share can be ended."""

    @property
    def viewed_on(self) -> date | None:
        return uk_date(self.views[0].at) if self.views else None

    @property
    def can_be_ended(self) -> bool:
        return self.status in {"works", "waits", "answered_again"}


def list_share_entries(
    grants: Sequence[ShareGrant],
    links: Sequence[BuyerLink],
    of_grants: Mapping[uuid.UUID, Sequence[ShareView]],
    of_links: Mapping[uuid.UUID, Sequence[ShareView]],
    latest: int,
    now: datetime,
    suspended: Container[uuid.UUID | None] = (),
) -> tuple[ShareEntry, ...]:
    """All of them in one list, the newest first. `latest` is the id of the newest submission, `suspended` as `suspended_organisations` has it."""
    rows = [(one.made_at, entry_of_grant(one, of_grants.get(one.id, ()), latest, now, suspended)) for one in grants]
    rows += [(one.made_at, entry_of_link(one, of_links.get(one.id, ()), latest, now)) for one in links]
    return tuple(entry for _, entry in sorted(rows, key=lambda row: row[0], reverse=True))


def entry_of_grant(
    grant: ShareGrant,
    views: Sequence[ShareView],
    latest: int,
    now: datetime,
    suspended: Container[uuid.UUID | None] = (),
) -> ShareEntry:
    living: ShareStatus = "works" if grant.submission_id == latest else "answered_again"
    if living == "works" and grant.accepted_at is None:
        living = "waits"
    return ShareEntry(
        id=grant.id,
        named=True,
        name=recipient_text(grant),
        scope=SCOPE_TITLES[grant.scope],
        made_on=uk_date(grant.made_at),
        until=uk_date(grant.until),
        ended_on=None if grant.ended_at is None else uk_date(grant.ended_at),
        status="ended" if grant.ended_at else living if is_live(grant, now) else "over",
        opened=0,
        opened_on=None,
        views=tuple(views),
        suspended=grant.organisation_id in suspended,
    )


def entry_of_link(link: BuyerLink, views: Sequence[ShareView], latest: int, now: datetime) -> ShareEntry:
    living: ShareStatus = "works" if link.submission_id == latest else "answered_again"
    return ShareEntry(
        id=link.id,
        named=False,
        name=link.note or "Without a note",
        scope=LINK_LABEL,
        made_on=uk_date(link.made_at),
        until=uk_date(link.until),
        ended_on=None if link.ended_at is None else uk_date(link.ended_at),
        status="ended" if link.ended_at else living if link_works(link, now) else "over",
        opened=link.opened,
        opened_on=None if link.last_opened_at is None else uk_date(link.last_opened_at),
        views=tuple(views),
    )


def recipient_text(grant: ShareGrant) -> str:
    """The recipient as the business typed it: “Norfolk County Council (jo@council.example)”. A buyer that asked has no address here."""
    return f"{grant.buyer} ({grant.email})" if grant.buyer and grant.email else grant.buyer or grant.email


def share_view_text(view: ShareView) -> str:
    """When and at what: “24 November 2026, 9:30: looked at the page”."""
    at = view.at.astimezone(UK_ZONE)
    return f"{at.day} {at:%B %Y}, {at.hour}:{at:%M}: {_VIEW_TEXTS[view.what]}"


_SCOPES_WITH_PLAN = tuple(scope for scope in SCOPE_ORDER if scope.shows(ShareScope.PLAN))


def publish_supplier_changes_after_submission(session: Session, event: SubmissionMade) -> None:
    """What was shared before shows nothing any more, also where the request it came from is over: the buyer asked anew, or never asked."""
    shown = select(ShareGrant.supplier_id).where(
        ShareGrant.assessment_id == event.submission.assessment_id, ShareGrant.supplier_id.is_not(None)
    )
    for supplier_id in session.scalars(shown.distinct()).all():
        if supplier_id is not None:
            publish(session, SupplierChanged(supplier_id, event.now))


def publish_supplier_changes_after_plan_change(session: Session, event: PlanChanged) -> None:
    """Have the board rows of buyers that are shown this item worked out anew.

    Nothing is said of a short copy, nor of an item that no copy shows: even that something changed would tell of it.
    """
    wanted = select(ShareGrant.supplier_id).where(
        ShareGrant.submission_id == event.submission_id,
        ShareGrant.supplier_id.is_not(None),
        ShareGrant.scope.in_(_SCOPES_WITH_PLAN),
        grant_in_force(event.now),
    )
    heard = session.scalars(wanted.distinct()).all()
    # looked at last, since it reads a whole record: mostly there is no buyer
    for supplier_id in heard if heard and _is_shown_to_buyers(session, event.submission_id, event.key) else ():
        if supplier_id is not None:
            publish(session, SupplierChanged(supplier_id, event.now))


def _is_shown_to_buyers(session: Session, submission_id: int, key: str) -> bool:
    submission = session.get_one(Submission, submission_id)
    edition = load_edition(session, submission.edition_id).edition
    actions = buyer_view_of(submission.record, edition).actions
    return key in {action.key for action in actions} | shareable_duties(edition.duty_book)


BATCH_SIZE = 20
"""Made anew in one transaction."""


def upgrade_shared_copies(database: Database, now: datetime) -> int:
    """Make anew whatever was frozen before. Returns how many there were."""
    done = 0
    while True:
        with database.writing() as session:
            found = session.scalars(
                select(ShareGrant)
                .where(ShareGrant.format != COPY_FORMAT)
                .order_by(ShareGrant.id)
                .limit(BATCH_SIZE)
                .with_for_update()
            ).all()
            for grant in found:
                _upgrade_shared_copy(session, grant, now)
        if not found:
            return done
        done += len(found)


def _upgrade_shared_copy(session: Session, grant: ShareGrant, now: datetime) -> None:
    submission = session.get_one(Submission, grant.submission_id)
    edition = load_edition(session, submission.edition_id).edition
    state = get_tracker_state_at(session, submission.id, grant.frozen_at)
    grant.document = shared_copy_to_json(make_shared_copy(submission.record, edition, state, grant.scope))
    session.flush()
    save_share_check_code(session, submission.id, grant.document)
    if grant.supplier_id is not None:
        publish(session, SupplierChanged(grant.supplier_id, now))


def _delete_pdfs(session: Session, assessment_id: uuid.UUID, _text: str, _now: datetime) -> int:
    """All printed copies go, and the index of plans: they are drawn again from what is left when somebody asks for one."""
    owner = select(Assessment.organisation_id).where(Assessment.id == assessment_id)
    for where in (
        StoredPdf.submission_id.in_(select(Submission.id).where(Submission.assessment_id == assessment_id)),
        StoredPdf.grant_id.in_(select(ShareGrant.id).where(ShareGrant.assessment_id == assessment_id)),
        and_(StoredPdf.organisation_id.in_(owner), StoredPdf.kind == PLAN_INDEX.name),
    ):
        session.execute(delete(StoredPdf).where(where), execution_options=NO_SYNCHRONIZE)
    return 0


SHARE_TEXT_SOURCES = (
    source_from_columns("shares", "Shares with buyers", ShareGrant.buyer),
    FreeTextSource("printed copies", lambda _session, _assessment_id: (), _delete_pdfs),
)


def end_access_on_transfer(session: Session, event: OwnershipChanged) -> None:
    """End every share with the link that waits for its recipient, the address of the calendar, and all reminders."""
    for grant in get_share_grants(session, event.assessment_id):
        end_share_grant(session, grant, event.now)
    end_feed(session, event.assessment_id, event.now)
    stop_all_reminders(session, event.assessment_id, event.now)


def share_check_code(session: Session, document: JsonDict) -> str:
    """The code of this frozen copy: made of nothing but what a buyer sees, so the same words have the same code."""
    key = bytes.fromhex(session.scalars(select(VerificationSecret.key)).one())
    return reference_code(hmac.new(key, b"shared " + canonical_json(document), hashlib.sha256).digest())


def save_share_check_code(session: Session, submission_id: int, document: JsonDict) -> None:
    """Note that this copy was given to a recipient. Doing it twice changes nothing."""
    row = {"code": share_check_code(session, document), "submission_id": submission_id, "copy": "shared"}
    session.execute(dialect_insert(session, CheckCode).values(row).on_conflict_do_nothing())
