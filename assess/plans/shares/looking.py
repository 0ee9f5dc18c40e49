"""The buyer's side: which shares somebody may see, what one shows at this moment, and the note that they looked.

Nothing here asks about any other recipient. What is ended, over, unknown or another's looks alike.
"""

from __future__ import annotations

import enum
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from assess.assessments.models import Assessment, Submission
from assess.kit.clock import date_at, today
from assess.people.caller import Caller
from assess.people.models import Organisation
from assess.people.organisations.names import NOT_CONFIRMED, is_confirmed
from assess.people.permissions import ForbiddenError, Relation, authorise
from assess.people.tickets import TicketUnknownError, find_used
from assess.plans.copies import BuyerCopy
from assess.plans.shares.document import SharedCopy, thaw
from assess.plans.shares.granting import KIND, buys_for, lives
from assess.plans.shares.models import Looked, ShareGrant, ShareLook
from assess.plans.shares.plan_now import with_plan_now
from assess.plans.shares.since import Difference, Progressed, difference, progressed
from assess.suppliers.tracking.noting import note_looked

PAGE = 100
"""Rows of the list on one page."""


class State(enum.StrEnum):
    """How it stands with a share, as its recipient sees it."""

    CURRENT = "current"
    ANSWERED_AGAIN = "answered_again"
    ENDED = "ended"
    """Ended by the business, or its time is up: the list does not say which."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. All but the name and the state are left out once it is over."""

    id: uuid.UUID
    business: str
    note: str | None
    sector: str
    shared_on: date
    until: date
    state: State


@dataclass(frozen=True, slots=True)
class Shown:
    """What a share shows at this moment. `shared` is None once the business has answered again, on the date `again`."""

    grant: ShareGrant
    note: str | None
    state: State
    again: date | None
    shared: SharedCopy | None
    since: Progressed | None
    before: Difference | None

    @property
    def valid_until(self) -> str:
        """The ISO date until which a copy counts."""
        return valid_until(self.grant)

    @property
    def until(self) -> date:
        """The last day of the share."""
        return date_at(self.grant.until)

    @property
    def frozen_on(self) -> date:
        """The day on which it was as it is shown."""
        return date_at(self.grant.frozen_at)


@dataclass(frozen=True, slots=True)
class _Share:
    """A share as `authorise` sees it."""

    grant: ShareGrant

    def relations(self, caller: Caller | None) -> frozenset[Relation]:
        """Its recipient, or nobody. Whoever works at the desk acts for no buyer."""
        if caller is None or caller.desk is not None or self.grant.accepted_at is None:
            return frozenset()
        theirs = self.grant.person_id == caller.id or self.grant.organisation_id in buys_for(caller)
        return frozenset({Relation.RECIPIENT}) if theirs else frozenset()


def shares_of(session: Session, who: Caller, now: datetime, page: int = 1) -> tuple[Sequence[Row], bool]:
    """A page of the shares addressed to somebody, the newest first, and whether there are more."""
    if who.desk is not None:
        return (), False
    wanted = (
        select(ShareGrant, _latest(), Organisation)
        .join(Assessment, Assessment.id == ShareGrant.assessment_id)
        .outerjoin(Organisation, Organisation.id == Assessment.organisation_id)
        .where(_addressed_to(who))
        .order_by(ShareGrant.accepted_at.desc(), ShareGrant.id)
    )
    found = session.execute(wanted.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    rows = [_row(grant, latest, organisation, now) for grant, latest, organisation in found[:PAGE]]
    return rows, len(found) > PAGE


def find_grant(session: Session, who: Caller, grant_id: uuid.UUID, now: datetime) -> ShareGrant | None:
    """The share, if this person may see it now; else None, whatever the reason."""
    grant = session.get(ShareGrant, grant_id)
    if grant is None or not lives(grant, now):
        return None
    try:
        authorise(who, "shared.read", _Share(grant))
    except ForbiddenError:
        return None
    return grant


def opened_by(session: Session, who: Caller, token: str, now: datetime) -> ShareGrant | None:
    """The share that this used link opened, if this person may see it now; else None."""
    try:
        ticket = find_used(session, KIND, token, now)
    except TicketUnknownError:
        return None
    return None if ticket.about is None else find_grant(session, who, ticket.about, now)


def was_shared(session: Session, who: Caller, grant_id: uuid.UUID, now: datetime) -> bool:
    """Whether this was shared with this person, or with an organisation they buy for, and is over now."""
    grant = session.get(ShareGrant, grant_id)
    return grant is not None and not lives(grant, now) and Relation.RECIPIENT in _Share(grant).relations(who)


def is_latest(session: Session, grant: ShareGrant) -> bool:
    """Whether what was shared is still what the business last submitted (decisions.md 8: open means in the latest one)."""
    latest = select(_latest()).select_from(ShareGrant).where(ShareGrant.id == grant.id)
    return session.scalar(latest) == grant.submission_id


def shown(session: Session, grant: ShareGrant) -> Shown:
    """What this share shows at this moment. Whoever asks must have been let in already."""
    business = session.get(Assessment, grant.assessment_id)
    organisation = (
        session.get(Organisation, business.organisation_id) if business and business.organisation_id else None
    )
    shared = thaw(grant.document)
    note = name_note(shared.copy.organisation, organisation)
    if not is_latest(session, grant):
        return Shown(grant, note, State.ANSWERED_AGAIN, _answered_again(session, grant), None, None, None)
    return Shown(
        grant,
        note,
        State.CURRENT,
        None,
        shared,
        progressed(shared, with_plan_now(session, grant, shared)),
        _difference(session, grant, shared.copy),
    )


def presented(shared: SharedCopy, until: str) -> SharedCopy:
    """The copy as it is printed: it counts until this ISO date and no longer."""
    return replace(shared, copy=replace(shared.copy, valid_until=until))


def valid_until(grant: ShareGrant) -> str:
    """The ISO date until which a copy of this share counts: the share's, or that of the answers, whichever is sooner."""
    stored: str = grant.document["copy"]["valid_until"]
    return min(date_at(grant.until).isoformat(), stored)


def name_note(name: str, organisation: Organisation | None) -> str | None:
    """“name not confirmed”, unless the name in the answers is that of an organisation whose name was confirmed."""
    confirmed = organisation is not None and is_confirmed(organisation, today())
    same = organisation is not None and organisation.name.casefold().split() == name.casefold().split()
    return None if confirmed and same else NOT_CONFIRMED


def note_look(session: Session, grant: ShareGrant, who: Caller, what: Looked, now: datetime) -> None:
    """Write down that they looked, once for each person, thing and hour."""
    note_looks(session, [grant], who, what, now)


def note_looks(session: Session, grants: Sequence[ShareGrant], who: Caller, what: Looked, now: datetime) -> None:
    """The same for several shares that are shown at once."""
    if not grants:
        return
    viewers = {grant.id: hashlib.sha256(f"{grant.id} {who.id}".encode()).hexdigest() for grant in grants}
    _write(session, now, [{"grant_id": of, "viewer": viewer, "what": what} for of, viewer in viewers.items()])
    suppliers = {grant.supplier_id for grant in grants if grant.supplier_id is not None}
    if suppliers:
        note_looked(session, suppliers, who.id, now)


def note_look_by_link(session: Session, link_id: uuid.UUID, what: Looked, now: datetime) -> None:
    """The same for whoever holds a link without an account: of them only the link is known."""
    _write(session, now, [{"buyer_link_id": link_id, "viewer": "", "what": what}])


def looks_at_grants(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ShareLook]]:
    """Who looked at these shares, by share, the newest first."""
    return _looks(session, ShareLook.grant_id.in_(list(ids)), links=False)


def looks_at_links(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ShareLook]]:
    """The same for links without an account."""
    return _looks(session, ShareLook.buyer_link_id.in_(list(ids)), links=True)


def _looks(session: Session, which: ColumnElement[bool], *, links: bool) -> dict[uuid.UUID, list[ShareLook]]:
    found: dict[uuid.UUID, list[ShareLook]] = {}
    for look in session.scalars(select(ShareLook).where(which).order_by(ShareLook.at.desc(), ShareLook.id.desc())):
        of = look.buyer_link_id if links else look.grant_id
        if of is not None:
            found.setdefault(of, []).append(look)
    return found


def _write(session: Session, now: datetime, looks: Sequence[Mapping[str, object]]) -> None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    when = {"hour": now.replace(minute=0, second=0, microsecond=0), "at": now}
    session.execute(insert(ShareLook).values([{**look, **when} for look in looks]).on_conflict_do_nothing())


def _addressed_to(who: Caller) -> ColumnElement[bool]:
    theirs = or_(ShareGrant.person_id == who.id, ShareGrant.organisation_id.in_(buys_for(who)))
    return and_(ShareGrant.accepted_at.is_not(None), theirs)


def _latest() -> ColumnElement[int]:
    newest = aliased(Submission)
    last = select(func.max(newest.id)).where(newest.assessment_id == ShareGrant.assessment_id)
    return last.correlate(ShareGrant).scalar_subquery()


def _row(grant: ShareGrant, latest: int, organisation: Organisation | None, now: datetime) -> Row:
    copy = thaw(grant.document).copy
    state = State.CURRENT if latest == grant.submission_id else State.ANSWERED_AGAIN
    return Row(
        id=grant.id,
        business=copy.organisation,
        note=name_note(copy.organisation, organisation),
        sector=copy.bank,
        shared_on=date_at(grant.frozen_at),
        until=date_at(grant.until),
        state=state if lives(grant, now) else State.ENDED,
    )


def _answered_again(session: Session, grant: ShareGrant) -> date | None:
    newest = select(func.max(Submission.made_at)).where(Submission.assessment_id == grant.assessment_id)
    moment = session.scalar(newest)
    return None if moment is None else date_at(moment)


def _difference(session: Session, grant: ShareGrant, copy: BuyerCopy) -> Difference | None:
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
    return None if earlier is None else difference(thaw(earlier.document).copy, copy)
