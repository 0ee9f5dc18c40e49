"""Starts and reads an assessment, and saves answers with optimistic locking by revision."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.facts import GateName
from assess.assessments.models import (
    ASSISTED_KEY,
    Answer,
    AnswerEvent,
    Assessment,
    AssistedAnswer,
    FormPart,
    UnconfirmedAnswer,
)
from assess.core.db import NO_SYNCHRONIZE
from assess.core.errors import NotFoundError
from assess.engine.bank import AnswerValue
from assess.engine.facts import FactValue

StoredT = TypeVar("StoredT")
BusinessDetail = Literal["name", "area", "postcode", "company_number"]


class AssessmentUnknownError(NotFoundError):
    pass


class EditionChangedError(Exception):
    """The form was drawn from other questions: meanwhile it was moved to another edition, or back."""


class AlreadySubmittedError(Exception):
    """It was submitted: it has to be opened for correction before anything in it can change."""


@dataclass(frozen=True, slots=True)
class StoredValue(Generic[StoredT]):
    """What is said now, and the revision a form has to send back with its change."""

    value: StoredT
    revision: int


@dataclass(frozen=True, slots=True)
class AnswerConflict:
    """Another person changed this since the form was drawn. `theirs` is None when they removed it.

    To decide for one of the two, send it again with `seen` set to `revision`.
    """

    question: str
    yours: object
    theirs: object
    revision: int


@dataclass(frozen=True, slots=True)
class SaveResult:
    saved: tuple[str, ...]
    conflicts: tuple[AnswerConflict, ...]


@dataclass(frozen=True, slots=True)
class AssessmentContent:
    """Everything a business has said so far, as the engine takes it: what waits to be confirmed is not said yet."""

    assessment_id: uuid.UUID
    edition_id: int
    quick: bool
    version: int
    answers: Mapping[str, AnswerValue]
    facts: Mapping[str, FactValue]
    gates: Mapping[str, bool]
    organisation: Mapping[str, str]
    evidence: frozenset[str]


def start_assessment(session: Session, edition_id: int, *, quick: bool, now: datetime) -> Assessment:
    assessment = Assessment(edition_id=edition_id, quick=quick, started_at=now, changed_at=now)
    session.add(assessment)
    session.flush()
    return assessment


def get_assessment(session: Session, assessment_id: uuid.UUID) -> Assessment:
    """The assessment with this id. Raises AssessmentUnknownError."""
    found = session.get(Assessment, assessment_id)
    if found is None:
        raise AssessmentUnknownError
    return found


def lock_assessment(session: Session, assessment_id: uuid.UUID) -> Assessment:
    """The assessment, locked against any other change until this transaction ends. Raises AssessmentUnknownError."""
    # what was read before the lock may be old
    found = session.get(Assessment, assessment_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise AssessmentUnknownError
    return found


def get_answers(session: Session, assessment_id: uuid.UUID) -> dict[str, StoredValue[AnswerValue]]:
    """The answers given, by question; a question without an answer is absent and has revision 0."""
    return get_stored(session, assessment_id, FormPart.ANSWER)


def get_business_details(session: Session, assessment_id: uuid.UUID) -> dict[str, StoredValue[str]]:
    """What the business said of itself: `name`, `area`, `postcode`, `company_number`, each only when given."""
    return get_stored(session, assessment_id, FormPart.ORGANISATION)


def get_assessment_content(session: Session, assessment_id: uuid.UUID) -> AssessmentContent:
    """Everything said so far, in one reading. Raises AssessmentUnknownError."""
    assessment = get_assessment(session, assessment_id)
    said: dict[FormPart, dict[str, Any]] = {part: {} for part in FormPart}
    for part, question, value in session.execute(
        select(Answer.part, Answer.question, Answer.value).where(
            Answer.assessment_id == assessment_id, ~_IS_UNCONFIRMED
        )
    ):
        said[part][question] = value
    return AssessmentContent(
        assessment_id=assessment.id,
        edition_id=assessment.edition_id,
        quick=assessment.quick,
        version=assessment.version,
        answers=said[FormPart.ANSWER],
        facts=said[FormPart.FACT],
        gates=said[FormPart.GATE],
        organisation=said[FormPart.ORGANISATION],
        evidence=frozenset(said[FormPart.EVIDENCE]),
    )


def save_answers(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[str, AnswerValue | None],
    seen: Mapping[str, int],
    now: datetime,
    *,
    edition_id: int | None = None,
) -> SaveResult:
    """Keep these answers. None takes an answer back.

    `seen` holds the revision each question had when the form was drawn; a question that is absent counts as 0, unanswered.
    A person who says what is stored already is never in conflict. `edition_id` is the edition the form was drawn from, where it says so.

    Raises:
        AssessmentUnknownError, AlreadySubmittedError
        EditionChangedError: when the assessment has another edition; nothing is kept.
    """
    return _save(session, assessment_id, FormPart.ANSWER, changes=changes, seen=seen, now=now, edition_id=edition_id)


def save_facts(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[str, FactValue | None],
    seen: Mapping[str, int],
    now: datetime,
) -> SaveResult:
    """Keep these facts, by the same rules as `save_answers`."""
    return _save(session, assessment_id, FormPart.FACT, changes=changes, seen=seen, now=now)


def save_gates(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[GateName, bool | None],
    seen: Mapping[str, int],
    now: datetime,
) -> SaveResult:
    """Keep the answers to the gates of the facts form, by the same rules as `save_answers`."""
    return _save(session, assessment_id, FormPart.GATE, changes=changes, seen=seen, now=now)


def save_business_details(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[BusinessDetail, str | None],
    seen: Mapping[str, int],
    now: datetime,
) -> SaveResult:
    """Keep what the business says of itself, by the same rules as `save_answers`."""
    return _save(session, assessment_id, FormPart.ORGANISATION, changes=changes, seen=seen, now=now)


def save_evidence(
    session: Session, assessment_id: uuid.UUID, noted: Collection[str], questions: Iterable[str], now: datetime
) -> SaveResult:
    """Keep for which of the `questions` on a page proof is at hand. The last one wins: a tick carries no words to lose."""
    changes = {question: True if question in noted else None for question in questions}
    return _save(session, assessment_id, FormPart.EVIDENCE, changes=changes, seen=None, now=now)


def overwrite_answers(
    session: Session,
    assessment_id: uuid.UUID,
    part: FormPart,
    changes: Mapping[str, object],
    now: datetime,
    *,
    renewed: Collection[str] = (),
) -> SaveResult:
    """Have these stand, whatever stood there: for the person who holds the lock and knows all of it. None takes away.

    `renewed` get a new revision even where they say the same, so that no form drawn before confirms or changes them unseen.

    Raises:
        AssessmentUnknownError, AlreadySubmittedError
    """
    return _save(session, assessment_id, part, changes=changes, seen=None, now=now, renewed=renewed)


_IS_UNCONFIRMED = (
    select(UnconfirmedAnswer.question)
    .where(
        UnconfirmedAnswer.assessment_id == Answer.assessment_id,
        UnconfirmedAnswer.part == Answer.part,
        UnconfirmedAnswer.question == Answer.question,
    )
    .correlate(Answer)
    .exists()
)


def get_stored(session: Session, assessment_id: uuid.UUID, part: FormPart) -> dict[str, StoredValue[Any]]:
    rows = session.execute(
        select(Answer.question, Answer.value, Answer.revision).where(
            Answer.assessment_id == assessment_id, Answer.part == part
        )
    )
    return {question: StoredValue(value, revision) for question, value, revision in rows}


def _save(
    session: Session,
    assessment_id: uuid.UUID,
    part: FormPart,
    *,
    changes: Mapping[Any, object],
    seen: Mapping[str, int] | None,
    now: datetime,
    edition_id: int | None = None,
    renewed: Collection[str] = (),
) -> SaveResult:
    assessment = lock_assessment(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    if edition_id is not None and edition_id != assessment.edition_id:
        raise EditionChangedError
    found = session.scalars(
        select(Answer)
        .where(Answer.assessment_id == assessment_id, Answer.part == part, Answer.question.in_(changes))
        .execution_options(populate_existing=True)
    )
    rows = {row.question: row for row in found}
    spent = _spent_revisions(session, assessment_id, part, changes.keys() - rows.keys())
    saved: list[str] = []
    seen_again: list[str] = []
    conflicts: list[AnswerConflict] = []
    for question in sorted(changes):
        yours, row = changes[question], rows.get(question)
        theirs, newest = (None, 0) if row is None else (row.value, row.revision)
        is_stale = seen is not None and seen.get(question, 0) != newest
        if is_same_json(yours, theirs) and question not in renewed:
            # the same words from an older form change nothing and dispute nothing, but confirm nothing either: an unconfirmed answer
            # counts only from a page that showed it as it stands
            if not is_stale:
                seen_again.append(question)
            continue
        if is_stale:
            conflicts.append(AnswerConflict(question, yours, theirs, newest))
            continue
        revision = (newest or spent.get(question, 0)) + 1
        mine = {"assessment_id": assessment_id, "part": part, "question": question, "revision": revision}
        _write_answer(session, row, Answer(**mine, value=yours, changed_at=now))
        session.add(AnswerEvent(**mine, before=theirs, after=yours, at=now))
        _log_assistance(session, assessment_id, part, question, revision)
        saved.append(question)
    # what was filled in for them counts as said once it is sent, changed or not, from a page that showed it as it stands
    sent = [*saved, *seen_again]
    if sent and part is not FormPart.EVIDENCE:
        session.execute(
            delete(UnconfirmedAnswer).where(
                UnconfirmedAnswer.assessment_id == assessment_id,
                UnconfirmedAnswer.part == part,
                UnconfirmedAnswer.question.in_(sent),
            ),
            execution_options=NO_SYNCHRONIZE,
        )
    if saved:
        assessment.changed_at = now
        session.flush()
    return SaveResult(tuple(saved), tuple(conflicts))


def _log_assistance(session: Session, assessment_id: uuid.UUID, part: FormPart, question: str, revision: int) -> None:
    assisted_session_id = session.info.get(ASSISTED_KEY, {}).get(assessment_id)
    if assisted_session_id is not None:
        session.add(
            AssistedAnswer(
                assessment_id=assessment_id,
                part=part,
                question=question,
                revision=revision,
                assisted_session_id=assisted_session_id,
            )
        )


def _spent_revisions(
    session: Session, assessment_id: uuid.UUID, part: FormPart, questions: Collection[str]
) -> dict[str, int]:
    """The last revision of answers that were removed, so that a form drawn before the removal never matches a later answer."""
    if not questions:
        return {}
    found = session.execute(
        select(AnswerEvent.question, func.max(AnswerEvent.revision).label("revision"))
        .where(
            AnswerEvent.assessment_id == assessment_id, AnswerEvent.part == part, AnswerEvent.question.in_(questions)
        )
        .group_by(AnswerEvent.question)
    )
    return {row.question: row.revision for row in found}


def _write_answer(session: Session, row: Answer | None, wanted: Answer) -> None:
    if row is None:
        session.add(wanted)
    elif wanted.value is None:
        session.delete(row)
    else:
        row.value, row.revision, row.changed_at = wanted.value, wanted.revision, wanted.changed_at


def is_same_json(one: object, other: object) -> bool:
    """Equal as JSON: 1 and 1.0 are the same number, but true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
