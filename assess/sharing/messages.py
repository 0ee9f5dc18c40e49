"""Messages between buyer and business about a share, and dates they agree on for single steps."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.personal_data.services import source_from_columns
from assess.core.clock import uk_date
from assess.core.db import database
from assess.core.edit_conflicts import EditConflictError
from assess.core.events import publish
from assess.identity.models import Organisation
from assess.plans.action_tracker.services import change_item, get_item_state
from assess.plans.action_tracker.state import ItemContent, ItemState
from assess.plans.buyer_view import buyer_view_of
from assess.plans.words import format_day
from assess.question_banks.editions import load_edition
from assess.sharing.models import MessageKind, MessageSide, ShareGrant, ShareMessage, ShareThread
from assess.sharing.services import is_live
from assess.sharing.shared_copy import SharedCopy
from assess.sharing.viewing import is_latest_submission
from assess.suppliers.activity_log import log_supplier_event
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import SupplierEventType

MAX_MESSAGES = 200
"""Words of one share, taken back ones included."""


class ThreadClosedError(Exception):
    """The share is over, ended, or the business has answered again: nothing more is said here."""


class ThreadFullError(Exception):
    """So much was said that no more is taken."""


class NoOpenProposalError(Exception):
    """No date waits for an answer of this side: it was answered, or taken back."""


@dataclass(frozen=True, slots=True)
class MessageAuthor:
    """Who speaks: the side, and who of it; None for a business that holds the assessment by a link."""

    side: MessageSide
    person_id: uuid.UUID | None


def is_thread_open(session: Session, grant: ShareGrant, now: datetime) -> bool:
    return is_live(grant, now) and grant.accepted_at is not None and is_latest_submission(session, grant)


def get_messages(session: Session, grant_id: uuid.UUID) -> Sequence[ShareMessage]:
    return session.scalars(
        select(ShareMessage).where(ShareMessage.grant_id == grant_id).order_by(ShareMessage.number)
    ).all()


def add_comment(
    session: Session, grant: ShareGrant, who: MessageAuthor, step: str | None, words: str, now: datetime
) -> int:
    """Raises ThreadClosedError, ThreadFullError."""
    return _add_message(session, _lock_thread(session, grant, now), who, MessageKind.COMMENT, step, now, words=words)


def propose_date(
    session: Session, grant: ShareGrant, who: MessageAuthor, step: str, due: date, words: str, now: datetime
) -> int:
    """Propose a date for a step, in the place of any that waits. Raises ThreadClosedError, ThreadFullError."""
    return _add_message(
        session, _lock_thread(session, grant, now), who, MessageKind.PROPOSED, step, now, words=words, due=due
    )


def answer_proposal(
    session: Session, grant: ShareGrant, who: MessageAuthor, step: str, due: date, now: datetime, *, agrees: bool
) -> int:
    """`due` must still be the date that was seen. Raises ThreadClosedError, ThreadFullError, NoOpenProposalError."""
    thread = _lock_thread(session, grant, now)
    waiting = step_dates_of(get_messages(session, grant.id), step)
    # another date may have been proposed since the page was drawn
    if not waiting.waits_for(who.side) or waiting.proposed != due:
        raise NoOpenProposalError
    return _add_message(session, thread, who, MessageKind.AGREED if agrees else MessageKind.REFUSED, step, now, due=due)


def withdraw_message(session: Session, grant: ShareGrant, who: MessageAuthor, number: int, now: datetime) -> bool:
    """Take one's own word back while that goes; whether it went. Raises ThreadClosedError."""
    _lock_thread(session, grant, now)
    if not can_withdraw(get_messages(session, grant.id), number, who.side, who.person_id, now):
        return False
    session.delete(session.get_one(ShareMessage, (grant.id, number)))
    session.flush()
    return True


def mark_thread_read(session: Session, grant_id: uuid.UUID) -> None:
    thread = session.get(ShareThread, grant_id)
    if thread is not None:
        thread.last_read = thread.made
        session.flush()


def count_unread(session: Session, assessment_id: uuid.UUID) -> Mapping[uuid.UUID, int]:
    """How many words of the buyer the business has not read yet, by share; shares without any are left out."""
    wanted = (
        select(ShareThread.grant_id, func.count())
        .join(ShareMessage, ShareMessage.grant_id == ShareThread.grant_id)
        .join(ShareGrant, ShareGrant.id == ShareThread.grant_id)
        .where(
            ShareGrant.assessment_id == assessment_id,
            ShareMessage.side == MessageSide.BUYER,
            ShareMessage.number > ShareThread.last_read,
        )
        .group_by(ShareThread.grant_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def agreed_dates(session: Session, grant_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, date]]:
    """The agreed dates of the steps of these shares: share → key of the step → date. Shares without any are left out."""
    wanted = select(ShareMessage).where(ShareMessage.grant_id.in_(grant_ids), ShareMessage.move != MessageKind.COMMENT)
    by_grant: dict[uuid.UUID, list[ShareMessage]] = {}
    for word in session.scalars(wanted.order_by(ShareMessage.grant_id, ShareMessage.number)):
        by_grant.setdefault(word.grant_id, []).append(word)
    found = {grant_id: agreed_step_dates(words) for grant_id, words in by_grant.items()}
    return {grant_id: dates for grant_id, dates in found.items() if dates}


def _lock_thread(session: Session, grant: ShareGrant, now: datetime) -> ShareThread:
    """The thread of this share, held until this transaction ends."""
    held = session.get(ShareGrant, grant.id, with_for_update=True, populate_existing=True)
    if held is None or not is_thread_open(session, held, now):
        raise ThreadClosedError
    thread = session.get(ShareThread, grant.id, populate_existing=True)
    if thread is None:
        thread = ShareThread(grant_id=grant.id, made=0, last_read=0)
        session.add(thread)
        session.flush()
    return thread


def _add_message(
    session: Session,
    thread: ShareThread,
    who: MessageAuthor,
    move: MessageKind,
    step: str | None,
    now: datetime,
    *,
    words: str = "",
    due: date | None = None,
) -> int:
    if thread.made >= MAX_MESSAGES:
        raise ThreadFullError
    thread.made += 1  # counted, not looked up: a word that was taken back leaves its number unused
    session.add(
        ShareMessage(
            grant_id=thread.grant_id,
            number=thread.made,
            step=step,
            side=who.side,
            move=move,
            words=words,
            due=due,
            person_id=who.person_id,
            at=now,
        )
    )
    session.flush()
    _log_message(session, thread.grant_id, who, move, now)
    return thread.made


def _log_message(session: Session, grant_id: uuid.UUID, who: MessageAuthor, move: MessageKind, now: datetime) -> None:
    """Into the activity log of the supplier, if the buyer keeps one. Of the business nobody is named."""
    supplier_id = session.get_one(ShareGrant, grant_id).supplier_id
    if supplier_id is None:
        return
    by_buyer = who.side is MessageSide.BUYER
    what = SupplierEventType.COMMENTED if by_buyer else SupplierEventType.ANSWERED
    if move is MessageKind.AGREED:
        what = SupplierEventType.DATE_AGREED
    log_supplier_event(session, supplier_id, what, now, by=who.person_id if by_buyer else None)
    publish(session, SupplierChanged(supplier_id, now))


WITHDRAW_WINDOW = timedelta(minutes=15)
"""For so long the writer can take a word back. After that it stays: the other side may have acted on it."""


@dataclass(frozen=True, slots=True)
class StepDates:
    """How it stands with the date of one step. `proposed` waits for an answer to what `by` proposed; `agreed` holds until then."""

    agreed: date | None = None
    proposed: date | None = None
    by: MessageSide | None = None

    def waits_for(self, side: MessageSide) -> bool:
        return self.proposed is not None and self.by is not side


def step_dates_of(messages: Iterable[ShareMessage], step: str) -> StepDates:
    """The dates of one step. A new proposal takes the place of an older one; a no leaves what was agreed before."""
    found = StepDates()
    for one in messages:
        if one.step != step or one.move is MessageKind.COMMENT:
            continue
        if one.move is MessageKind.PROPOSED:
            found = StepDates(found.agreed, one.due, one.side)
        elif one.move is MessageKind.AGREED:
            found = StepDates(one.due)
        else:
            found = StepDates(found.agreed)
    return found


def agreed_step_dates(messages: Sequence[ShareMessage]) -> dict[str, date]:
    steps = dict.fromkeys(one.step for one in messages if one.step is not None)
    return {step: agreed for step in steps if (agreed := step_dates_of(messages, step).agreed) is not None}


def can_withdraw(
    messages: Sequence[ShareMessage], number: int, side: MessageSide, person_id: uuid.UUID | None, now: datetime
) -> bool:
    """Whether this is one's own word, is young enough and, if it is a proposal, still waits. A yes or a no stays."""
    one = next((one for one in messages if one.number == number), None)
    if one is None or one.side is not side or one.person_id != person_id or now - one.at > WITHDRAW_WINDOW:
        return False
    if one.move is MessageKind.COMMENT:
        return True
    # a proposal that was answered is more than one’s own word
    later = [other for other in messages if other.step == one.step and other.number > number]
    return one.move is MessageKind.PROPOSED and all(other.move is MessageKind.COMMENT for other in later)


def item_key_of_step(session: Session, submission: Submission, step: str) -> str | None:
    """The item of the tracker a step stands for. The business alone gets here: a key names nothing to a buyer."""
    view = buyer_view_of(submission.record, load_edition(session, submission.edition_id).edition)
    return next((one.key for one in view.actions if step_key(one.do) == step), None)


def can_apply_date(session: Session, submission: Submission, step: str, agreed: date) -> bool:
    """Whether the plan has another date for this step and is not through with it."""
    key = item_key_of_step(session, submission, step)
    return key is not None and _accepts_date(get_item_state(session, submission.id, key), agreed)


def apply_date(session: Session, submission: Submission, step: str, agreed: date, now: datetime) -> bool:
    """Set it; whether anything changed. Raises PlanReplacedError when this is not the latest submission."""
    key = item_key_of_step(session, submission, step)
    if key is None:
        return False
    try:
        return _apply_date_once(session, submission, key, agreed, now)
    except EditConflictError:  # nobody else can write before this transaction ends, so the second try goes through
        return _apply_date_once(session, submission, key, agreed, now)


def _accepts_date(state: ItemState, agreed: date) -> bool:
    return not state.is_closed and state.due != agreed.isoformat()


def _apply_date_once(session: Session, submission: Submission, key: str, agreed: date, now: datetime) -> bool:
    state = get_item_state(session, submission.id, key)
    if not _accepts_date(state, agreed):
        return False
    new = replace(ItemContent.of(state), response="accepted", due=agreed.isoformat())
    change_item(session, submission.id, key, new, state.revision, now, of=submission.assessment_id)
    return True


STEP_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class SharedStep:
    """One step. `due`: the ISO date on the copy, None later; `at_once`: that day it was to be begun. `done`: the copy says so."""

    key: str
    do: str
    due: str | None
    at_once: bool
    done: bool


def step_key(do: str) -> str:
    """The beginning of the SHA-256 of a step's words: the same in each copy, and of no use to find a question."""
    return hashlib.sha256(do.encode()).hexdigest()[:STEP_KEY_LENGTH]


def shared_steps_of(shared: SharedCopy) -> tuple[SharedStep, ...]:
    """The steps that can be written about, each once: of the plan where it is shared, else as they were proposed."""
    if shared.plan is None:
        rows = [(one.do, one.due, one.at_once, False) for one in shared.buyer_copy.actions]
    else:
        rows = [(one.do, one.due, one.at_once, one.status == "done") for one in shared.plan]
    found = [SharedStep(step_key(do), do, due, at_once, done) for do, due, at_once, done in rows]
    return tuple({step.key: step for step in reversed(found)}.values())[::-1]  # of equal ones the first


@dataclass(frozen=True, slots=True)
class UnreadMessages:
    buyer: str
    count: int
    address: str


def unread_messages(assessment_id: uuid.UUID) -> Sequence[UnreadMessages]:
    """What buyers wrote that the business has not read, for its own pages. It names no step."""
    with database().reading() as session:
        found = count_unread(session, assessment_id)
        grants = [session.get_one(ShareGrant, grant_id) for grant_id in found]
        news = [(buyer_name(session, grant), grant.id) for grant in grants]
    page = "share_messages.add_business_message"
    return [
        UnreadMessages(name, found[key], url_for(page, assessment_id=assessment_id, grant_id=key))
        for name, key in sorted(news)
    ]


MESSAGE_TEXT_SOURCES = (
    source_from_columns("messages with buyers", "What you and a buyer wrote to each other", ShareMessage.words),
)


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One thing that was said. `who`: “You” or the other side as one voice. `did` is empty for a comment that says all itself."""

    number: int
    who: str
    on: date
    did: str
    words: str
    withdrawable: bool


@dataclass(frozen=True, slots=True)
class ThreadStepRow:
    step: SharedStep
    count: int
    status: str

    @property
    def spoken(self) -> bool:
        return bool(self.count or self.status)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """All of one page. `step` is None for the whole; `dates` are those of the step. `turn`: a date waits for this side."""

    buyer: str
    business: str
    step: SharedStep | None
    lines: tuple[MessageLine, ...]
    steps: tuple[ThreadStepRow, ...]
    dates: StepDates
    side: MessageSide

    @property
    def turn(self) -> bool:
        return self.dates.waits_for(self.side)


def thread_page_of(
    session: Session, grant: ShareGrant, shared: SharedCopy, who: MessageAuthor, step: str | None, now: datetime
) -> ThreadPage:
    """The page about this step, or about the whole where there is no such step."""
    messages = get_messages(session, grant.id)
    steps = shared_steps_of(shared)
    names = {MessageSide.BUYER: buyer_name(session, grant), MessageSide.BUSINESS: shared.buyer_copy.organisation}
    chosen = next((one for one in steps if one.key == step), None)
    known = frozenset(one.key for one in steps)
    # what was said of a step that the copy does not show any more stands with the whole, so that it is not lost
    here = [one for one in messages if (one.step if one.step in known else None) == (chosen.key if chosen else None)]
    return ThreadPage(
        buyer=names[MessageSide.BUYER],
        business=names[MessageSide.BUSINESS],
        step=chosen,
        lines=tuple(_message_line(one, messages, names, who, now) for one in here),
        steps=() if chosen else tuple(_thread_step_row(one, messages, names, who.side) for one in steps),
        dates=step_dates_of(messages, chosen.key) if chosen else StepDates(),
        side=who.side,
    )


def buyer_name(session: Session, grant: ShareGrant) -> str:
    """The organisation that took the share up, else as the business named the recipient."""
    organisation = session.get(Organisation, grant.organisation_id) if grant.organisation_id else None
    return organisation.name if organisation else grant.buyer or "The buyer"


def _message_line(
    one: ShareMessage,
    messages: Sequence[ShareMessage],
    names: Mapping[MessageSide, str],
    who: MessageAuthor,
    now: datetime,
) -> MessageLine:
    mine = one.side is who.side
    when = format_day(one.due.isoformat()) if one.due else ""
    return MessageLine(
        number=one.number,
        who="You" if mine else names[one.side],
        on=uk_date(one.at),
        did={
            MessageKind.COMMENT: "",
            MessageKind.PROPOSED: f"Proposed a date: {when}",
            MessageKind.AGREED: f"Agreed to {when}",
            MessageKind.REFUSED: f"Said no to {when}",
        }[one.move],
        words=one.words,
        withdrawable=mine and can_withdraw(messages, one.number, who.side, who.person_id, now),
    )


def _thread_step_row(
    step: SharedStep, messages: Sequence[ShareMessage], names: Mapping[MessageSide, str], side: MessageSide
) -> ThreadStepRow:
    dates = step_dates_of(messages, step.key)
    parts = [f"agreed: by {format_day(dates.agreed.isoformat())}"] if dates.agreed else []
    if dates.proposed is not None and dates.by is not None:
        when = format_day(dates.proposed.isoformat())
        waits = f"{names[dates.by]} proposes {when}: your turn" if dates.waits_for(side) else f"you proposed {when}"
        parts.append(waits)
    return ThreadStepRow(step, sum(one.step == step.key and bool(one.words) for one in messages), "; ".join(parts))
