"""The buyer's side: which shares a person may see, what changed since, the log of views, and the PDF of a share."""

from __future__ import annotations

import enum
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from assess.assessments.models import Assessment, Submission
from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import dialect_insert
from assess.core.documents.services import DocumentKind, DocumentSpec, Drawing
from assess.core.links import LinkUnknownError
from assess.core.pagination import Page, fetch_rows
from assess.engine.record import canonical_json
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation
from assess.identity.one_time_tokens import find_used_token
from assess.identity.organisations.name_confirmation import NAME_NOT_CONFIRMED, is_name_confirmed
from assess.identity.permissions import ForbiddenError, Relation, authorise
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.annex import PrintedSignOff
from assess.plans.copies import BuyerCopy
from assess.plans.plan_documents import printed_sign_off
from assess.question_banks.editions import load_edition
from assess.sharing.models import ShareGrant, ShareView, ShareViewKind
from assess.sharing.services import TOKEN_KIND, buyer_organisations, is_live, share_check_code
from assess.sharing.shared_copy import SharedCopy, shared_copy_from_json, shared_copy_html, shared_plan_of
from assess.suppliers.activity_log import log_result_viewed

PAGE_SIZE = 100


class ReceivedShareState(enum.StrEnum):
    CURRENT = "current"
    ANSWERED_AGAIN = "answered_again"
    ENDED = "ended"
    """Ended by the business, or its time is up: the list does not say which."""


@dataclass(frozen=True, slots=True)
class ReceivedShareRow:
    """One line of the list. All but the name and the state are left out once it is over."""

    id: uuid.UUID
    business: str
    note: str | None
    sector: str
    shared_on: date
    until: date
    state: ReceivedShareState


@dataclass(frozen=True, slots=True)
class ReceivedShare:
    """What a share shows at this moment. `shared` is None once the business has answered again, on the date `answered_again_on`."""

    grant: ShareGrant
    note: str | None
    state: ReceivedShareState
    answered_again_on: date | None
    shared: SharedCopy | None
    since: PlanProgress | None
    before: CopyDifference | None

    @property
    def valid_until(self) -> str:
        return copy_valid_until(self.grant)

    @property
    def until(self) -> date:
        return uk_date(self.grant.until)

    @property
    def frozen_on(self) -> date:
        """The day on which it was as it is shown."""
        return uk_date(self.grant.frozen_at)


@dataclass(frozen=True, slots=True)
class _ShareResource:
    grant: ShareGrant

    def relations(self, caller: CurrentUser | None) -> frozenset[Relation]:
        """Its recipient, or nobody. Staff act for no buyer."""
        if caller is None or caller.staff_role is not None or self.grant.accepted_at is None:
            return frozenset()
        theirs = self.grant.person_id == caller.id or self.grant.organisation_id in buyer_organisations(caller)
        return frozenset({Relation.RECIPIENT}) if theirs else frozenset()


def list_received_shares(session: Session, who: CurrentUser, now: datetime, page: int = 1) -> Page[ReceivedShareRow]:
    """A page of the shares addressed to a person, the newest first."""
    if who.staff_role is not None:  # staff act for no buyer
        return Page((), 1, more=False)
    wanted = (
        select(ShareGrant, shows_latest_submission(), Organisation)
        .join(Assessment, Assessment.id == ShareGrant.assessment_id)
        .outerjoin(Organisation, Organisation.id == Assessment.organisation_id)
        .where(_recipient_clause(who))
        .order_by(ShareGrant.accepted_at.desc(), ShareGrant.id)
    )
    found = fetch_rows(session, wanted, page, PAGE_SIZE)
    return found.with_rows(
        [_received_share_row(grant, organisation, now, latest=latest) for grant, latest, organisation in found.rows]
    )


def find_permitted_share(session: Session, who: CurrentUser, grant_id: uuid.UUID, now: datetime) -> ShareGrant | None:
    """The share, if this person may see it now; else None, whatever the reason."""
    grant = session.get(ShareGrant, grant_id)
    if grant is None or not is_live(grant, now):
        return None
    try:
        authorise(who, "shared.read", _ShareResource(grant))
    except ForbiddenError:
        return None
    return grant


def find_accepted_share(session: Session, who: CurrentUser, token: str, now: datetime) -> ShareGrant | None:
    """The share that this used link opened, if this person may see it now; else None."""
    try:
        used = find_used_token(session, TOKEN_KIND, token, now)
    except LinkUnknownError:
        return None
    return None if used.about is None else find_permitted_share(session, who, used.about, now)


def was_shared_with(session: Session, who: CurrentUser, grant_id: uuid.UUID, now: datetime) -> bool:
    """Whether this was shared with this person, or with an organisation they buy for, and is over now."""
    grant = session.get(ShareGrant, grant_id)
    return grant is not None and not is_live(grant, now) and Relation.RECIPIENT in _ShareResource(grant).relations(who)


def is_latest_submission(session: Session, grant: ShareGrant) -> bool:
    """`shows_latest_submission` for one share."""
    return bool(session.scalar(select(shows_latest_submission()).where(ShareGrant.id == grant.id)))


def received_share_of(session: Session, grant: ShareGrant) -> ReceivedShare:
    """What this share shows at this moment. The caller has checked who asks."""
    business = session.get_one(Assessment, grant.assessment_id)
    organisation = session.get(Organisation, business.organisation_id) if business.organisation_id else None
    shared = shared_copy_from_json(grant.document)
    note = unconfirmed_name_note(shared.buyer_copy.organisation, organisation)
    if not is_latest_submission(session, grant):
        return ReceivedShare(
            grant, note, ReceivedShareState.ANSWERED_AGAIN, _answered_again_on(session, grant), None, None, None
        )
    return ReceivedShare(
        grant,
        note,
        ReceivedShareState.CURRENT,
        None,
        shared,
        plan_progress(shared, with_current_plan(session, grant, shared)),
        _difference_to_earlier(session, grant, shared.buyer_copy),
    )


def with_valid_until(shared: SharedCopy, until: str) -> SharedCopy:
    """The copy as it is printed: it counts until this ISO date and no longer."""
    return replace(shared, buyer_copy=replace(shared.buyer_copy, valid_until=until))


def copy_valid_until(grant: ShareGrant) -> str:
    """The ISO date until which a copy of this share counts: the share's, or that of the answers, whichever is sooner."""
    stored: str = grant.document["copy"]["valid_until"]
    return min(uk_date(grant.until).isoformat(), stored)


def unconfirmed_name_note(name: str, organisation: Organisation | None) -> str | None:
    """“name not confirmed”, unless the name in the answers is that of an organisation whose name was confirmed."""
    confirmed = organisation is not None and is_name_confirmed(organisation, clock.today())
    # confirmed was the name of the organisation, while the one in the answers is typed
    same = organisation is not None and organisation.name.casefold().split() == name.casefold().split()
    return None if confirmed and same else NAME_NOT_CONFIRMED


def log_share_views(
    session: Session, grants: Sequence[ShareGrant], who: CurrentUser, what: ShareViewKind, now: datetime
) -> None:
    """Write down that they looked, once for each person, thing and hour. Several shares may be shown at once."""
    if not grants:
        return
    # another hash in each share: the looks of one person cannot be put together
    viewers = {grant.id: hashlib.sha256(f"{grant.id} {who.id}".encode()).hexdigest() for grant in grants}
    _insert_views(session, now, [{"grant_id": of, "viewer": viewer, "what": what} for of, viewer in viewers.items()])
    suppliers = {grant.supplier_id for grant in grants if grant.supplier_id is not None}
    if suppliers:
        log_result_viewed(session, suppliers, who.id, now)


def log_link_view(session: Session, link_id: uuid.UUID, what: ShareViewKind, now: datetime) -> None:
    """The same for a link without an account: of its holder only the link is known."""
    _insert_views(session, now, [{"buyer_link_id": link_id, "viewer": "", "what": what}])


def views_of_grants(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ShareView]]:
    return _load_views(session, ShareView.grant_id.in_(list(ids)), links=False)


def views_of_links(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ShareView]]:
    return _load_views(session, ShareView.buyer_link_id.in_(list(ids)), links=True)


def _load_views(session: Session, which: ColumnElement[bool], *, links: bool) -> dict[uuid.UUID, list[ShareView]]:
    found: dict[uuid.UUID, list[ShareView]] = {}
    for view in session.scalars(select(ShareView).where(which).order_by(ShareView.at.desc(), ShareView.id.desc())):
        of = view.buyer_link_id if links else view.grant_id
        if of is not None:
            found.setdefault(of, []).append(view)
    return found


def _insert_views(session: Session, now: datetime, views: Sequence[Mapping[str, object]]) -> None:
    # the hour is part of the key: the second look in it is no new row
    when = {"hour": now.replace(minute=0, second=0, microsecond=0), "at": now}
    session.execute(
        dialect_insert(session, ShareView).values([{**view, **when} for view in views]).on_conflict_do_nothing()
    )


def _recipient_clause(who: CurrentUser) -> ColumnElement[bool]:
    theirs = or_(ShareGrant.person_id == who.id, ShareGrant.organisation_id.in_(buyer_organisations(who)))
    return and_(ShareGrant.accepted_at.is_not(None), theirs)


def shows_latest_submission() -> ColumnElement[bool]:
    """Whether what is shared is still what the business last submitted (docs/rules.md 5.3)."""
    newest = aliased(Submission)
    last = select(func.max(newest.id)).where(newest.assessment_id == ShareGrant.assessment_id)
    return ShareGrant.submission_id == last.correlate(ShareGrant).scalar_subquery()


def _received_share_row(
    grant: ShareGrant, organisation: Organisation | None, now: datetime, *, latest: bool
) -> ReceivedShareRow:
    copy = shared_copy_from_json(grant.document).buyer_copy
    state = ReceivedShareState.CURRENT if latest else ReceivedShareState.ANSWERED_AGAIN
    return ReceivedShareRow(
        id=grant.id,
        business=copy.organisation,
        note=unconfirmed_name_note(copy.organisation, organisation),
        sector=copy.bank,
        shared_on=uk_date(grant.frozen_at),
        until=uk_date(grant.until),
        state=state if is_live(grant, now) else ReceivedShareState.ENDED,
    )


def _answered_again_on(session: Session, grant: ShareGrant) -> date | None:
    newest = select(func.max(Submission.made_at)).where(Submission.assessment_id == grant.assessment_id)
    made_at = session.scalar(newest)
    return None if made_at is None else uk_date(made_at)


def _difference_to_earlier(session: Session, grant: ShareGrant, copy: BuyerCopy) -> CopyDifference | None:
    """Against what the same recipient was shown before of the same business, unless the business ended that."""
    wanted = (
        select(ShareGrant)
        .where(
            ShareGrant.assessment_id == grant.assessment_id,
            ShareGrant.submission_id < grant.submission_id,
            ShareGrant.accepted_at.is_not(None),
            ShareGrant.ended_at.is_(None),
            # one of the two is set, and equal on both sides
            ShareGrant.person_id == grant.person_id
            if grant.person_id
            else ShareGrant.organisation_id == grant.organisation_id,
        )
        .order_by(ShareGrant.submission_id.desc(), ShareGrant.made_at.desc())
    )
    earlier = session.scalars(wanted.limit(1)).first()
    return None if earlier is None else copy_difference(shared_copy_from_json(earlier.document).buyer_copy, copy)


def with_current_plan(session: Session, grant: ShareGrant, shared: SharedCopy) -> SharedCopy:
    """The copy with the plan as it stands now, where its scope holds the plan; else the copy as it was frozen."""
    wanted = select(Submission.record, Submission.edition_id).where(Submission.id == grant.submission_id)
    found = None if shared.plan is None else session.execute(wanted).one_or_none()
    if found is None:
        return shared
    edition, state = load_edition(session, found.edition_id).edition, get_tracker_state(session, grant.submission_id)
    return replace(shared, plan=shared_plan_of(found.record, edition, state, shared.scope))


QUICK_CHECK_TEXT = "Quick check done"
"""What stands for a result in the copy of a quick check."""


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """What became of the plan since it was shared. `moved`: steps and their new ISO date, None later."""

    count: int
    done_then: int
    done_now: int
    moved: tuple[tuple[str, str | None], ...]

    @property
    def anything(self) -> bool:
        return self.done_then != self.done_now or bool(self.moved)


@dataclass(frozen=True, slots=True)
class CopyChange:
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CopyDifference:
    """How a copy, made on the ISO date `again_on`, differs from the one shared before, made on `before_on`.

    Every difference begins with the first date, whether or not anything that a buyer sees is another.
    """

    again_on: str
    before_on: str
    result: tuple[CopyChange, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def anything(self) -> bool:
        return bool(self.result or self.new or self.gone)


def plan_progress(then: SharedCopy, current: SharedCopy) -> PlanProgress | None:
    """What became of the plan; None where the share does not show the plan."""
    if then.plan is None or current.plan is None:
        return None
    before = {action.do: action.due for action in then.plan}
    moved = tuple(
        (action.do, action.due) for action in current.plan if action.do in before and before[action.do] != action.due
    )
    return PlanProgress(len(current.plan), then.done, current.done, moved)


def copy_difference(before: BuyerCopy, after: BuyerCopy) -> CopyDifference:
    bars = {bar.name: bar.words for bar in before.bars}
    rows = [
        ("Result", before.word or QUICK_CHECK_TEXT, after.word or QUICK_CHECK_TEXT),
        ("Exposure", before.exposure_word, after.exposure_word),
        *((bar.name, bars.get(bar.name), bar.words) for bar in after.bars),
    ]
    had, has = (dict.fromkeys(action.do for action in copy.actions) for copy in (before, after))
    return CopyDifference(
        again_on=after.made_on,
        before_on=before.made_on,
        result=tuple(CopyChange(what, was, now) for what, was, now in rows if was and now and was != now),
        new=tuple(do for do in has if do not in had),
        gone=tuple(do for do in had if do not in has),
    )


def buyer_sign_off(session: Session, grant: ShareGrant) -> PrintedSignOff | None:
    """The sign-off a buyer reads of now. It is no part of what was frozen: the business can take it back, and then it is gone here too."""
    return printed_sign_off(session, grant.submission_id, "buyer")


def share_digest(grant: ShareGrant, signed: PrintedSignOff | None = None) -> str:
    """What tells this file from an earlier one of the same share: SHA-256 of all that is printed."""
    printed = [grant.document, copy_valid_until(grant), *([] if signed is None else [signed.on])]
    return hashlib.sha256(canonical_json(printed)).hexdigest()


def share_document(session: Session, grant_id: uuid.UUID, now: datetime) -> DocumentSpec | None:
    """None once nobody may see it any more: the share is over or deleted, or the business has answered again."""
    grant = session.get(ShareGrant, grant_id, populate_existing=True)
    if grant is None or not is_live(grant, now) or not is_latest_submission(session, grant):
        return None
    signed = buyer_sign_off(session, grant)

    def draw(session: Session) -> Drawing:
        submission = session.get_one(Submission, grant.submission_id)
        shared = with_valid_until(shared_copy_from_json(grant.document), copy_valid_until(grant))
        code = share_check_code(session, grant.document)
        return Drawing(shared_copy_html(shared, submission.record, code, signed))

    return DocumentSpec(
        key=share_digest(grant, signed),
        title="The shared copy (PDF)",
        file_name="buyer-copy-{day}.pdf",
        meanwhile="You can read the copy on its page.",
        draw=draw,
        assessment_id=grant.assessment_id,
    )


SHARED_COPY = DocumentKind("share", "grant_id", share_document)
"""Each share has a PDF of its own, so files tell nothing about other buyers."""
