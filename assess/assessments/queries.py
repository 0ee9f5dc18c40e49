"""Reads an assessment with all its answers for a page in one query, and says how far it is filled in. Decoded answers are cached in memory: see `clear_answer_cache`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Boolean, Integer, String, Text, and_, bindparam, func, select, type_coerce
from sqlalchemy import cast as sql_cast
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from assess.assessments.answer_pages import AnswerPage, answer_pages, minutes_left
from assess.assessments.guest_sessions import LONGEST_IDLE, GuestSessionEndedError
from assess.assessments.models import (
    Answer,
    AnswerEvent,
    Assessment,
    AssistedSession,
    FormPart,
    GuestSession,
    UnconfirmedAnswer,
    UnconfirmedReason,
)
from assess.core.db import PreparedSelect
from assess.core.encryption import Keyring, keyring_of, raw
from assess.core.links import hash_token, looks_like_token
from assess.core.pages import counted
from assess.engine.bank import AnswerValue, Edition, Section
from assess.engine.conditions import HIDDEN, PENDING, UNANSWERED
from assess.engine.facts import FactValue
from assess.engine.visibility import SettledAnswers, SettledVisibility, settle_visibility
from assess.question_banks.models import ContentVersion

MAX_CACHED_ASSESSMENTS = 64


@dataclass(frozen=True, slots=True)
class OpenedAssessment:
    """An assessment and everything said in it. `revisions` by part and question; what is absent was not said and has 0.

    `cache_key` is everything said, encrypted, as the database gathered it: with the same one nothing has changed since.
    `unconfirmed` are, by part, the questions whose answer was filled in and is not confirmed yet; `reworded` those of them whose
    question has changed since it was answered.
    `assisted`: a coordinator can open it just now, because the business asked. `organisation_id`: whose it is, None until it is claimed.
    `content_version`: the number of the one in force, after which what was rendered before is out of date.
    """

    id: uuid.UUID
    edition_id: int
    quick: bool
    version: int
    submitted: bool
    cache_key: str
    values_by_part: Mapping[str, Mapping[str, Any]]
    revisions: Mapping[str, Mapping[str, int]]
    unconfirmed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    assisted: bool = False
    organisation_id: uuid.UUID | None = None
    reworded: frozenset[str] = frozenset()
    content_version: int | None = None

    @property
    def unconfirmed_answers(self) -> frozenset[str]:
        return self.unconfirmed.get(FormPart.ANSWER, frozenset())

    @property
    def confirmed(self) -> Mapping[str, AnswerValue]:
        if not self.unconfirmed:
            return self.answers
        return {name: value for name, value in self.answers.items() if name not in self.unconfirmed_answers}

    @property
    def answers(self) -> Mapping[str, AnswerValue]:
        return self.values_by_part[FormPart.ANSWER]

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """Facts given in the form, "not sure" included (`facts.NOT_SURE`)."""
        return self.values_by_part[FormPart.FACT]

    @property
    def gates(self) -> Mapping[str, bool]:
        return self.values_by_part[FormPart.GATE]

    @property
    def organisation(self) -> Mapping[str, str]:
        return self.values_by_part[FormPart.ORGANISATION]

    @property
    def evidence(self) -> Mapping[str, bool]:
        return self.values_by_part[FormPart.EVIDENCE]


_ALL_ANSWERS = (
    select(
        func.aggregate_strings(
            type_coerce(Answer.part, String) + " " + Answer.question + " "
            + sql_cast(Answer.revision, Text) + " " + raw(Answer.value),
            ",",
        )
    )
    .where(Answer.assessment_id == Assessment.id)
    .correlate(Assessment)
    .scalar_subquery()
)  # fmt: skip
"""Everything said, each value encrypted. Parts and questions are plain slugs and ciphertext is base64: none holds a space or a comma."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HAS_UNCONFIRMED, _IS_ASSISTED = 1, 2
_FLAGS = (
    sql_cast(
        select(UnconfirmedAnswer.question)
        .where(UnconfirmedAnswer.assessment_id == Assessment.id)
        .correlate(Assessment)
        .exists(),
        Integer,
    )
    * _HAS_UNCONFIRMED
    + sql_cast(
        select(AssistedSession.id)
        .where(AssistedSession.assessment_id == Assessment.id, AssistedSession.ended_at.is_(None))
        .where(AssistedSession.until > bindparam("now", _EPOCH))
        .correlate(Assessment)
        .exists(),
        Integer,
    )
    * _IS_ASSISTED
)
"""Whether anything is to be confirmed, and whether a coordinator helps: both seldom, so only then is more read."""

_COLUMNS: tuple[Any, ...] = (
    Assessment.organisation_id,
    Assessment.edition_id,
    type_coerce(Assessment.quick, Integer),
    Assessment.version,
    Assessment.submitted_at.is_not(None),
    _FLAGS,
    select(func.max(ContentVersion.number)).scalar_subquery(),
    _ALL_ANSWERS,
)
"""In the order of the arguments of `_make_opened`."""

_SELECT_FOR_GUEST = PreparedSelect(
    select(
        type_coerce(
            and_(GuestSession.until > bindparam("now", _EPOCH), GuestSession.used_at > bindparam("idle_since", _EPOCH)),
            Boolean,
        ),
        *_COLUMNS,
    )
    .join(Assessment, Assessment.id == GuestSession.assessment_id)
    .where(
        GuestSession.token_hash == bindparam("token", ""),
        GuestSession.assessment_id == bindparam("assessment", uuid.UUID(int=0)),
    )
)
_SELECT_BY_ID = PreparedSelect(select(*_COLUMNS).where(Assessment.id == bindparam("assessment", uuid.UUID(int=0))))
_SELECT_UNCONFIRMED = PreparedSelect(
    select(
        type_coerce(UnconfirmedAnswer.part, String),
        UnconfirmedAnswer.question,
        type_coerce(UnconfirmedAnswer.because, String),
    ).where(UnconfirmedAnswer.assessment_id == bindparam("assessment", uuid.UUID(int=0)))
)
_PARTS = tuple(part.value for part in FormPart)


def open_for_guest(
    engine: Engine, token: str | None, assessment_id: uuid.UUID, now: datetime
) -> OpenedAssessment | None:
    """What this browser's guest session opens; None: nothing. Raises GuestSessionEndedError when its time is up."""
    if token is None or not looks_like_token(token):
        return None
    mine = {"token": hash_token(token), "assessment": assessment_id, "now": now, "idle_since": now - LONGEST_IDLE}
    rows = _SELECT_FOR_GUEST.rows(engine, mine)
    if not rows:
        return None
    is_open, *columns = rows[0]
    if not is_open:
        raise GuestSessionEndedError
    return _make_opened(engine, assessment_id, *columns)


def open_by_id(engine: Engine, assessment_id: uuid.UUID, now: datetime) -> OpenedAssessment | None:
    """The assessment, without a check of who asks: the caller decides who may. None when there is none."""
    rows = _SELECT_BY_ID.rows(engine, {"assessment": assessment_id, "now": now})
    return _make_opened(engine, assessment_id, *rows[0]) if rows else None


def _make_opened(
    engine: Engine,
    assessment_id: uuid.UUID,
    organisation_id: uuid.UUID | str | None,
    edition_id: int,
    quick: int,
    version: int,
    submitted: int,
    flags: int,
    content_version: int | None,
    answers_text: str | None,
) -> OpenedAssessment:
    cache_key = answers_text or ""
    values, revisions = _decoded(cache_key, assessment_id, keyring_of(engine.dialect))
    unconfirmed = _SELECT_UNCONFIRMED.rows(engine, {"assessment": assessment_id}) if flags & _HAS_UNCONFIRMED else []
    return OpenedAssessment(
        id=assessment_id,
        edition_id=edition_id,
        quick=bool(quick),
        version=version,
        submitted=bool(submitted),
        cache_key=cache_key,
        values_by_part=values,
        revisions=revisions,
        unconfirmed={part: frozenset(name for of, name, _ in unconfirmed if of == part) for part in _PARTS}
        if unconfirmed
        else {},
        assisted=bool(flags & _IS_ASSISTED),
        content_version=content_version,
        organisation_id=uuid.UUID(organisation_id) if isinstance(organisation_id, str) else organisation_id,
        reworded=frozenset(
            name for of, name, because in unconfirmed if of == FormPart.ANSWER and because == UnconfirmedReason.CHANGED
        ),
    )


@lru_cache(maxsize=MAX_CACHED_ASSESSMENTS * 128)
def _decrypted(keys: Keyring, token: str, place: str) -> bytes:
    """One value. Of all that stands in an assessment a save changes a few: the others need not be decrypted again."""
    return keys.decrypt(token, place)


@lru_cache(maxsize=MAX_CACHED_ASSESSMENTS)
def _decoded(
    text: str, assessment_id: uuid.UUID, keys: Keyring
) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, int]]]:
    """Values and revisions by part and question. Nobody may change them: the next reader of the same text gets the same."""
    said: dict[str, dict[str, Any]] = {part: {} for part in _PARTS}
    revisions: dict[str, dict[str, int]] = {part: {} for part in _PARTS}
    names: list[tuple[str, str]] = []
    values: list[bytes] = []
    start = f"answer.value|{assessment_id.hex}|"
    for one in text.split(",") if text else ():
        part, question, revision, token = one.split(" ")
        # decrypted first and parsed as one list below: one call for all of them, not one for each
        names.append((part, question))
        values.append(_decrypted(keys, token, f"{start}{part}|{question}|"))
        revisions[part][question] = int(revision)
    for (part, question), value in zip(names, json.loads(b"[" + b",".join(values) + b"]"), strict=True):
        said[part][question] = value
    return said, revisions


@dataclass(frozen=True, slots=True)
class _AnswersKey:
    text: str
    answers: Mapping[str, AnswerValue] = field(compare=False)  # the text tells the answers apart, and can be hashed


def get_progress(edition: Edition, opened: OpenedAssessment) -> Progress:
    """How far everything said goes, without what waits. What a save has worked out serves the page that follows it."""
    said = _AnswersKey(opened.cache_key, opened.answers)
    return _cached_progress(edition, said, opened.unconfirmed_answers, opened.quick)


@lru_cache(maxsize=MAX_CACHED_ASSESSMENTS)
def _cached_progress(
    edition: Edition,
    said: _AnswersKey,
    unconfirmed: frozenset[str],
    quick: bool,  # noqa: FBT001  # the cache goes by it
) -> Progress:
    answers = said.answers
    if unconfirmed:
        answers = {name: value for name, value in answers.items() if name not in unconfirmed}
    return Progress(edition, settle_visibility(edition, answers), unconfirmed, quick)


def clear_answer_cache() -> None:
    """Keep no answers in memory: for when a business deletes its own."""
    _decoded.cache_clear()
    _decrypted.cache_clear()
    _cached_progress.cache_clear()


def answer_at_revision(
    session: Session, assessment_id: uuid.UUID, part: FormPart, question: str, revision: int
) -> object:
    if not revision:
        return None
    return session.scalars(
        select(AnswerEvent.after).where(
            AnswerEvent.assessment_id == assessment_id,
            AnswerEvent.part == part,
            AnswerEvent.question == question,
            AnswerEvent.revision == revision,
        )
    ).first()


class SectionStatus(Enum):
    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    DONE = "Done"
    DEPENDS = "Depends on other answers"
    NOT_NEEDED = "Not needed"


@dataclass(frozen=True, slots=True)
class SectionProgress:
    section: Section
    status: SectionStatus
    shown: int
    questions_left: int
    pending: int


@dataclass(frozen=True)
class Progress:
    """How far the answers go. `visibility` is what the engine makes of them (`settle_visibility`).

    `unconfirmed` are questions with an answer that was filled in for the person. The engine never sees it before it is confirmed, so that
    until then it is one that is left, and what depends on it is not settled.
    """

    edition: Edition
    visibility: SettledVisibility
    unconfirmed: AbstractSet[str] = frozenset()
    quick: bool = False

    @property
    def sections(self) -> list[SectionProgress]:
        return [_section_progress(section, self.visibility.answers) for section in self.edition.sections]

    @property
    def questions_left(self) -> int:
        return len(self.visibility.missing)

    @cached_property
    def to_confirm(self) -> list[str]:
        if not self.unconfirmed:
            return []
        answers = self.visibility.answers
        return [
            question.id
            for question in self.edition.questions()
            if question.id in self.unconfirmed and is_shown(answers, question.id)
        ]

    @cached_property
    def minutes(self) -> int:
        """How long the questions left will take, at least 1 while any is left."""
        seen = self.visibility
        return max(1, minutes_left(self.edition, seen.missing, seen.pending, quick=self.quick))

    @property
    def pages(self) -> tuple[AnswerPage, ...]:
        return answer_pages(self.edition, quick=self.quick)

    @cached_property
    def open_pages(self) -> list[AnswerPage]:
        """The pages with a question that is shown or may yet be. Answers make them fewer, never more."""
        answers = self.visibility.answers
        return [page for page in self.pages if any(answers[question.id] is not HIDDEN for question in page.questions)]

    @cached_property
    def place_by_page(self) -> Mapping[int, str]:
        """How far each page is, by its number: only ever further, because what may yet be asked is counted in."""
        up_to = "up to " if self.visibility.pending else ""
        found, count = {}, len(self.open_pages)
        if self.quick:
            return {page.number: f"Page {at} of {up_to}{count}" for at, page in enumerate(self.open_pages, 1)}
        sections = list(dict.fromkeys(page.section.id for page in self.open_pages if page.section))
        for section in sections:
            pages = [page for page in self.open_pages if page.section and page.section.id == section]
            most = "" if all(map(self.shows, pages)) else "up to "
            start = f"Section {sections.index(section) + 1} of {up_to}{len(sections)}"
            for at, page in enumerate(pages, 1):
                found[page.number] = f"{start}, page {at} of {most}{len(pages)}" if len(pages) > 1 else start
        return found

    def page_before(self, page: AnswerPage) -> AnswerPage | None:
        return next((one for one in reversed(self.pages) if one.number < page.number and self.shows(one)), None)

    def page_after(self, page: AnswerPage) -> AnswerPage | None:
        return next((one for one in self.pages if one.number > page.number and self.shows(one)), None)

    @property
    def first_unfinished_page(self) -> AnswerPage | None:
        """The first with a question that is shown and open: where a person goes on."""
        missing = set(self.visibility.missing)
        return next((one for one in self.pages if any(question.id in missing for question in one.questions)), None)

    def shows(self, page: AnswerPage) -> bool:
        return any(is_shown(self.visibility.answers, question.id) for question in page.questions)


def _section_progress(section: Section, answers: SettledAnswers) -> SectionProgress:
    shown = left = pending = 0
    for question in section.questions:
        value = answers[question.id]
        if value is PENDING:
            pending += 1
        elif value is not HIDDEN:
            shown += 1
            if value is UNANSWERED:
                left += 1
    return SectionProgress(section, _section_status(shown, left, pending=bool(pending)), shown, left, pending)


def _section_status(shown: int, left: int, *, pending: bool) -> SectionStatus:
    if not shown:
        return SectionStatus.DEPENDS if pending else SectionStatus.NOT_NEEDED
    if not left:
        return SectionStatus.DONE
    return SectionStatus.NOT_STARTED if left == shown else SectionStatus.IN_PROGRESS


def is_shown(answers: SettledAnswers, question: str) -> bool:
    value = answers[question]
    return value is not PENDING and value is not HIDDEN


def remaining_text(progress: Progress) -> str:
    if not progress.questions_left:
        return "You have answered every question we ask you."
    pending = len(progress.visibility.pending)
    most = counted(progress.questions_left + pending, "question")
    return f"{'Up to ' if pending else ''}{most} left, about {counted(progress.minutes, 'minute')}."
