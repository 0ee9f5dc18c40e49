"""Delegates part of the questions to a colleague by a link without an account: links, their history, and what becomes of the answers. Never overwrites an answer of the business."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import cast

from flask import abort
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.access import AssessmentContext, KnownRelations, loaded_edition, texts_today
from assess.assessments.guest_sessions import may_answer_delegation
from assess.assessments.models import (
    DelegatedAnswer,
    DelegatedAnswerState,
    Delegation,
    DelegationEvent,
    DelegationEventKind,
    GuestSession,
)
from assess.assessments.queries import is_shown, open_by_id
from assess.assessments.question_parts import question_texts
from assess.assessments.services import (
    AlreadySubmittedError,
    EditionChangedError,
    StoredValue,
    get_answers,
    is_same_json,
    lock_assessment,
    save_answers,
    save_evidence,
)
from assess.core import clock
from assess.core.audit.requests import set_audit_subject
from assess.core.db import database
from assess.core.links import LinkUnknownError, NewLink, find_link, hash_token, link_works, lock_link, new_token
from assess.core.route_permissions import request_permission
from assess.core.security import guest_session_token
from assess.engine.bank import AnswerValue, Edition, Question, Section
from assess.engine.question_types import answer_text
from assess.engine.record import questions_dependent_on_signs
from assess.engine.visibility import quick_edition, settle_visibility
from assess.identity.current_user import current_user
from assess.identity.permissions import Relation, authorise

LINK_DAYS = (7, 14, 30)
DEFAULT_LINK_DAYS = 14
LONGEST_CHANGE_REQUEST = 300
MAX_WORKING_LINKS = 50
"""Links of one assessment that work at the same time: more than any small business needs."""


class TooManyDelegationsError(Exception):
    """So many links work already: some have to be ended first."""


class DelegationStatus(Enum):
    SENT = "Not opened yet"
    OPENED = "Opened"
    DONE = "Your colleague says it is done"
    SENT_BACK = "Sent back"
    ENDED = "You ended it"
    OVER = "Its time was up"


@dataclass(frozen=True, slots=True)
class NewDelegation:
    section: str
    question: str | None
    note: str
    days: int


def create_delegation(session: Session, assessment_id: uuid.UUID, wanted: NewDelegation, now: datetime) -> NewLink:
    """Make a link. The token is in no other place. Raises TooManyDelegationsError, AssessmentUnknownError."""
    lock_assessment(session, assessment_id)
    if sum(link_works(one, now) for one in get_delegations(session, assessment_id)) >= MAX_WORKING_LINKS:
        raise TooManyDelegationsError
    token = new_token()
    made = Delegation(
        assessment_id=assessment_id,
        section=wanted.section,
        question=wanted.question,
        note=wanted.note,
        token_hash=hash_token(token),
        made_at=now,
        until=now + timedelta(days=wanted.days),
    )
    session.add(made)
    session.flush()
    log_delegation_event(session, made.id, DelegationEventKind.MADE, now)
    return NewLink(made.id, token)


def delegation_status(delegation: Delegation, now: datetime) -> DelegationStatus:
    if delegation.ended_at is not None:
        return DelegationStatus.ENDED
    if delegation.done_at is not None:
        return DelegationStatus.DONE
    if now >= delegation.until:
        return DelegationStatus.OVER
    if delegation.sent_back_at is not None:
        return DelegationStatus.SENT_BACK
    return DelegationStatus.SENT if delegation.opened_at is None else DelegationStatus.OPENED


def find_delegation(session: Session, token: str, now: datetime) -> Delegation:
    """What this token leads to. Opens and counts nothing. Raises LinkUnknownError: none, ended or expired."""
    found = find_link(session, Delegation, Delegation.token_hash, token)
    if not link_works(found, now):
        raise LinkUnknownError
    return found


def mark_delegation_opened(session: Session, token: str, now: datetime) -> Delegation:
    """Note that the link was opened just now; only the first time is written down. Raises LinkUnknownError."""
    found = lock_link(session, Delegation, find_delegation(session, token, now).id)
    if not link_works(found, now):
        raise LinkUnknownError
    if found.opened_at is None:
        found.opened_at = now
        log_delegation_event(session, found.id, DelegationEventKind.OPENED, now)
    return found


def get_working_delegation(session: Session, delegation_id: uuid.UUID, now: datetime) -> Delegation | None:
    found = session.get(Delegation, delegation_id)
    return found if found is not None and link_works(found, now) else None


def get_delegations(session: Session, assessment_id: uuid.UUID) -> list[Delegation]:
    wanted = select(Delegation).where(Delegation.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(Delegation.made_at.desc(), Delegation.id)))


def get_delegation(session: Session, assessment_id: uuid.UUID, delegation_id: uuid.UUID) -> Delegation:
    """One of this assessment. Raises LinkUnknownError."""
    found = session.scalars(
        select(Delegation).where((Delegation.id == delegation_id) & (Delegation.assessment_id == assessment_id))
    ).first()
    if found is None:
        raise LinkUnknownError
    return found


def mark_done(session: Session, delegation_id: uuid.UUID, now: datetime) -> None:
    """The colleague says nothing is left; again, it changes nothing. Raises LinkUnknownError when the link is over."""
    found = lock_link(session, Delegation, delegation_id)
    if not link_works(found, now):
        raise LinkUnknownError
    if found.done_at is None:
        found.done_at, found.sent_back_at, found.asked = now, None, ""
        log_delegation_event(session, found.id, DelegationEventKind.DONE, now)


def unmark_done(session: Session, delegation_id: uuid.UUID, now: datetime) -> None:
    """The colleague is not done after all; if never done, no change. Raises LinkUnknownError when the link is over."""
    found = lock_link(session, Delegation, delegation_id)
    if not link_works(found, now):
        raise LinkUnknownError
    found.done_at = None
    session.flush()


def send_back_delegation(
    session: Session, assessment_id: uuid.UUID, delegation_id: uuid.UUID, words: str, now: datetime
) -> None:
    """Ask the colleague to change something. Words go only with a section: none stand beside a question that can raise a sign.

    Raises:
        LinkUnknownError: when this assessment has no such link that works.
    """
    found = lock_link(session, Delegation, delegation_id)
    if found.assessment_id != assessment_id or not link_works(found, now):
        raise LinkUnknownError
    said = "" if found.question is not None else words
    found.done_at, found.sent_back_at, found.asked = None, now, said
    log_delegation_event(session, found.id, DelegationEventKind.SENT_BACK, now, words=said)


def end_delegation(session: Session, assessment_id: uuid.UUID, delegation_id: uuid.UUID, now: datetime) -> None:
    """End a link and its guest sessions. Answers stay. Ending it again changes nothing. Raises LinkUnknownError."""
    found = lock_link(session, Delegation, delegation_id)
    if found.assessment_id != assessment_id:
        raise LinkUnknownError
    if found.ended_at is None:
        found.ended_at = now
        log_delegation_event(session, found.id, DelegationEventKind.ENDED, now)
    session.execute(delete(GuestSession).where(GuestSession.delegation_id == delegation_id))
    session.flush()


def get_delegation_events(session: Session, where: ColumnElement[bool]) -> list[DelegationEvent]:
    return list(session.scalars(select(DelegationEvent).where(where).order_by(DelegationEvent.id.desc())))


def get_offers(session: Session, assessment_id: uuid.UUID) -> list[tuple[Delegation, DelegatedAnswer]]:
    found = session.execute(
        select(Delegation, DelegatedAnswer)
        .join(DelegatedAnswer, DelegatedAnswer.delegation_id == Delegation.id)
        .where(Delegation.assessment_id == assessment_id, DelegatedAnswer.state == DelegatedAnswerState.OFFERED)
        .order_by(DelegatedAnswer.changed_at, DelegatedAnswer.question, Delegation.made_at)
    )
    return [(delegation, answer) for delegation, answer in found]


def log_delegation_event(
    session: Session,
    delegation_id: uuid.UUID,
    what: DelegationEventKind,
    now: datetime,
    *,
    count: int = 0,
    words: str = "",
) -> None:
    session.add(DelegationEvent(delegation_id=delegation_id, what=what, count=count, words=words, at=now))
    session.flush()


def questions_delegated_with_section(edition: Edition, section: Section) -> tuple[Question, ...]:
    """The questions of a section that go with it. `edition` is the whole one, whatever is asked of this assessment."""
    resting = questions_dependent_on_signs(edition)
    return tuple(question for question in section.questions if not question.can_sign and question.id not in resting)


def is_delegated_alone(edition: Edition, question: Question) -> bool:
    return question.can_sign and question.id not in questions_dependent_on_signs(edition)


def may_be_commented(edition: Edition, question: Question) -> bool:
    """Whether colleagues may write about it: no free words stand beside a question that can raise a sign."""
    return not question.can_sign and question.id not in questions_dependent_on_signs(edition)


def questions_shown_to_colleague(
    edition_asked: Edition,
    given: Sequence[Question],
    said: Mapping[str, AnswerValue],
    colleague_answers: Mapping[str, AnswerValue],
) -> list[Question]:
    """Those of the given questions that are shown. To them only what the colleague answered counts, to others what the business `said`."""
    names = {question.id for question in given}
    merged = {name: value for name, value in said.items() if name not in names}
    found = settle_visibility(
        edition_asked, {**merged, **{name: value for name, value in colleague_answers.items() if name in names}}
    ).answers
    return [question for question in given if question.id in found and is_shown(found, question.id)]


_OWNED_STATES = frozenset({DelegatedAnswerState.SAVED, DelegatedAnswerState.TAKEN})


@dataclass(frozen=True, slots=True)
class OfferDecision:
    """What the business decided about one offer. `against` is the revision of its own answer that was on the page."""

    delegation_id: uuid.UUID
    question: str
    take: bool
    against: int


def get_colleague_answers(session: Session, delegation_id: uuid.UUID) -> dict[str, DelegatedAnswer]:
    """What the colleague has said through this link, by question, without what she said to questions that changed since."""
    found = session.scalars(
        select(DelegatedAnswer)
        .where(DelegatedAnswer.delegation_id == delegation_id, DelegatedAnswer.state != DelegatedAnswerState.BEFORE)
        .execution_options(populate_existing=True)
    )
    return {row.question: row for row in found}


def save_colleague_answers(
    session: Session,
    delegation: Delegation,
    changes: Mapping[str, AnswerValue | None],
    proof: Collection[str],
    now: datetime,
    *,
    edition_id: int | None = None,
) -> None:
    """Keep what a colleague has sent. None takes back what she said before. `proof`: she says that proof is at hand.

    `edition_id` is the edition her page was drawn from, where it says so.

    Raises:
        AlreadySubmittedError: when the answers are closed; nothing is kept.
        EditionChangedError: when the questions are others by now; nothing is kept.
        LinkUnknownError: when the link was ended meanwhile.
    """
    assessment = lock_assessment(session, delegation.assessment_id)
    session.refresh(delegation)
    if not link_works(delegation, now):
        raise LinkUnknownError
    if assessment.submitted:
        raise AlreadySubmittedError
    if edition_id is not None and edition_id != assessment.edition_id:
        raise EditionChangedError
    said = get_answers(session, assessment.id)
    colleague_answers = get_colleague_answers(session, delegation.id)
    changed = [
        question
        for question in sorted(changes)
        if _save_colleague_answer(
            session, delegation, question, changes[question], said.get(question), colleague_answers.get(question), now
        )
    ]
    given = get_colleague_answers(session, delegation.id)
    for question, row in given.items():
        if question in changes:
            row.proof = question in proof
    noted = {
        question
        for question in proof
        if question in given and given[question].state is not DelegatedAnswerState.OFFERED
    }
    # a tick is only ever added: the person who noted proof before knew of some
    save_evidence(session, assessment.id, noted, noted, now)
    if changed:
        log_delegation_event(session, delegation.id, DelegationEventKind.ANSWERED, now, count=len(changed))
    session.flush()


def _save_colleague_answer(
    session: Session,
    delegation: Delegation,
    question: str,
    value: AnswerValue | None,
    said: StoredValue[AnswerValue] | None,
    row: DelegatedAnswer | None,
    now: datetime,
) -> bool:
    """Keep one answer; returns whether she says something new."""
    if is_same_json(None if row is None else row.value, value):
        return False
    # still hers as long as nobody wrote over the revision she made
    mine = said is not None and row is not None and row.state in _OWNED_STATES and row.revision == said.revision
    if value is None:
        if mine and said is not None:
            save_answers(session, delegation.assessment_id, {question: None}, {question: said.revision}, now)
        session.delete(row)
        session.flush()
        return True
    state, revision = _save_or_offer(session, delegation.assessment_id, question, value, said, mine=mine, now=now)
    if row is None:
        row = session.get(DelegatedAnswer, (delegation.id, question))  # one she gave before the question changed
    if row is None:
        row = DelegatedAnswer(delegation_id=delegation.id, question=question, proof=False)
        session.add(row)
    row.value, row.state, row.revision, row.changed_at = value, state, revision, now
    session.flush()
    return True


def _save_or_offer(
    session: Session,
    assessment_id: uuid.UUID,
    question: str,
    value: AnswerValue,
    said: StoredValue[AnswerValue] | None,
    *,
    mine: bool,
    now: datetime,
) -> tuple[DelegatedAnswerState, int]:
    if said is not None and not mine:
        return (DelegatedAnswerState.SAME if said.value == value else DelegatedAnswerState.OFFERED), said.revision
    save_answers(session, assessment_id, {question: value}, {question: 0 if said is None else said.revision}, now)
    return DelegatedAnswerState.SAVED, get_answers(session, assessment_id)[question].revision


def apply_offer_decisions(
    session: Session, assessment_id: uuid.UUID, decisions: Collection[OfferDecision], now: datetime
) -> int:
    """Take or leave offers. Returns how many are left open because the answer of the business has changed since the page was drawn.

    Raises:
        AlreadySubmittedError: when the answers are closed and one is to be taken; nothing is changed.
    """
    if lock_assessment(session, assessment_id).submitted and any(decision.take for decision in decisions):
        raise AlreadySubmittedError
    changed_since = 0
    counted: dict[tuple[uuid.UUID, DelegationEventKind], int] = {}
    for decision in decisions:
        row = session.get(
            DelegatedAnswer, (decision.delegation_id, decision.question), with_for_update=True, populate_existing=True
        )
        whose = session.get(Delegation, decision.delegation_id)
        if (
            row is None
            or whose is None
            or whose.assessment_id != assessment_id
            or row.state is not DelegatedAnswerState.OFFERED
        ):
            continue
        # the offer stays open: it was compared with an answer that no longer stands
        if decision.take and not _take_offer(session, assessment_id, row, decision.against, now):
            changed_since += 1
            continue
        row.state = DelegatedAnswerState.TAKEN if decision.take else DelegatedAnswerState.LEFT
        what = DelegationEventKind.TAKEN if decision.take else DelegationEventKind.LEFT
        counted[decision.delegation_id, what] = counted.get((decision.delegation_id, what), 0) + 1
    for (delegation_id, what), count in counted.items():
        log_delegation_event(session, delegation_id, what, now, count=count)
    session.flush()
    return changed_since


def _take_offer(session: Session, assessment_id: uuid.UUID, row: DelegatedAnswer, against: int, now: datetime) -> bool:
    if save_answers(session, assessment_id, {row.question: row.value}, {row.question: against}, now).conflicts:
        return False
    row.revision = get_answers(session, assessment_id)[row.question].revision
    if row.proof:
        save_evidence(session, assessment_id, {row.question}, {row.question}, now)
    return True


STATE_TEXTS: Mapping[DelegatedAnswerState, str] = {
    DelegatedAnswerState.SAVED: "",
    DelegatedAnswerState.SAME: "The same was there already.",
    DelegatedAnswerState.OFFERED: "Something else was there. You decide.",
    DelegatedAnswerState.TAKEN: "You took it.",
    DelegatedAnswerState.LEFT: "You kept the other answer.",
    DelegatedAnswerState.BEFORE: "The question changed since.",
}


@dataclass(frozen=True, slots=True)
class ColleagueAnswer:
    """One question and what a colleague said to it, in words. `note`: what became of it, empty when it is simply there."""

    ask: str
    lines: Sequence[str]
    note: str


def count_answers_by_delegation(session: Session, assessment_id: uuid.UUID) -> dict[uuid.UUID, int]:
    found = session.execute(
        select(Delegation.id, func.count())
        .join(DelegatedAnswer, DelegatedAnswer.delegation_id == Delegation.id)
        .where(Delegation.assessment_id == assessment_id, DelegatedAnswer.state != DelegatedAnswerState.BEFORE)
        .group_by(Delegation.id)
    )
    return {row[0]: row[1] for row in found}


def present_colleague_answers(
    context: AssessmentContext, colleague_answers: Mapping[str, DelegatedAnswer]
) -> list[ColleagueAnswer]:
    texts = texts_today()
    rows = []
    for question in context.full_edition.questions():
        answer = colleague_answers.get(question.id)
        if answer is None:
            continue
        said = answer_text(question, cast("str | None", answer.value))
        lines = said if isinstance(said, list) else [said]
        rows.append(ColleagueAnswer(question_texts(question, texts).ask, lines, STATE_TEXTS[answer.state]))
    return rows


@dataclass(frozen=True, slots=True)
class DelegatedPart:
    """What a colleague was given, as her page needs it: `questions` are all of it, `shown` those asked just now."""

    delegation: Delegation
    edition_id: int
    title: str
    questions: tuple[Question, ...]
    shown: tuple[Question, ...]
    colleague_answers: Mapping[str, DelegatedAnswer]
    closed: bool
    """The answers are sent in: nothing can be changed just now."""


def load_delegated_part(delegation_id: uuid.UUID) -> DelegatedPart:
    """What this browser was given, while its link works. For all others 404.

    Raises:
        GuestSessionEndedError: when it opened the link, and its time is up.
    """
    with database().reading() as session:
        opened_it = may_answer_delegation(session, guest_session_token(), delegation_id, clock.now())
        delegation = get_working_delegation(session, delegation_id, clock.now()) if opened_it else None
        if delegation is None:
            abort(404)
        colleague_answers = get_colleague_answers(session, delegation_id)
    authorise(current_user(), request_permission(), KnownRelations(frozenset({Relation.DELEGATE})))
    set_audit_subject("assessment", delegation.assessment_id)
    opened = open_by_id(database().engine, delegation.assessment_id, clock.now())
    if opened is None:
        abort(404)
    whole = loaded_edition(opened.edition_id).edition
    edition_asked = quick_edition(whole) if opened.quick else whole
    section, questions = delegable_part(whole, edition_asked, delegation.section, delegation.question) or abort(404)
    said = {name: row.value for name, row in colleague_answers.items()}
    shown = tuple(questions_shown_to_colleague(edition_asked, questions, opened.confirmed, said))
    title = section.title if delegation.question is None else "One question"
    return DelegatedPart(
        delegation, opened.edition_id, title, questions, shown, colleague_answers, closed=opened.submitted
    )


def delegable_part(
    whole: Edition, edition_asked: Edition, section_id: str, question_id: str | None
) -> tuple[Section, tuple[Question, ...]] | None:
    """The section and the questions that go with it, or the one that goes by itself; None when nothing can be given so."""
    section = next((one for one in edition_asked.sections if one.id == section_id), None)
    if section is None:
        return None
    if question_id is None:
        questions = questions_delegated_with_section(whole, section)
    else:
        questions = tuple(one for one in section.questions if one.id == question_id and is_delegated_alone(whole, one))
    return (section, questions) if questions else None
