"""Filling in: start an assessment, read what was said, and keep each change without ever losing another person's.

A form carries, for each question it shows, the revision it was drawn from. A change is kept only when that revision is still
the newest; otherwise it comes back as a conflict with both texts, and nothing of that question is changed. Every change leaves
an event that nobody can alter. Answers to questions that are hidden now are kept: hiding is the engine's business.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.models import Answer, AnswerEvent, Assessment, Part
from assess.assessments.owning.models import ToConfirm
from assess.assessments.together.models import WITH_HELP, AnsweredTogether
from assess.engine.bank import Value
from assess.engine.facts import FactValue

Said = TypeVar("Said")
Gate = Literal["foreign", "large"]
OrganisationField = Literal["name", "area", "postcode", "company_number"]


class AssessmentUnknownError(Exception):
    """There is no such assessment, or no more."""


class OtherEditionError(Exception):
    """The form was drawn from other questions: meanwhile it was moved to another edition, or back."""


class AlreadySubmittedError(Exception):
    """It was submitted: it has to be opened for correction before anything in it can change."""


@dataclass(frozen=True, slots=True)
class Stored(Generic[Said]):
    """What is said now, and the revision a form has to send back with its change."""

    value: Said
    revision: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed this since the form was drawn. `theirs` is None when they removed it.

    To decide for one of the two, send it again with `seen` set to `revision`.
    """

    question: str
    yours: object
    theirs: object
    revision: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form: the questions whose answer changed, and those that were left because of a conflict."""

    saved: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """Everything a business has said so far, as the engine takes it: what waits to be confirmed is not said yet."""

    assessment_id: uuid.UUID
    edition_id: int
    quick: bool
    version: int
    answers: Mapping[str, Value]
    facts: Mapping[str, FactValue]
    gates: Mapping[str, bool]
    organisation: Mapping[str, str]
    evidence: frozenset[str]


def start(session: Session, edition_id: int, *, quick: bool, now: datetime) -> Assessment:
    """Begin an empty assessment that stays with this edition."""
    assessment = Assessment(edition_id=edition_id, quick=quick, started_at=now, changed_at=now)
    session.add(assessment)
    session.flush()
    return assessment


def assessment_of(session: Session, assessment_id: uuid.UUID) -> Assessment:
    """The assessment with this id.

    Raises:
        AssessmentUnknownError: when it is not there.
    """
    found = session.get(Assessment, assessment_id)
    if found is None:
        raise AssessmentUnknownError
    return found


def lock(session: Session, assessment_id: uuid.UUID) -> Assessment:
    """The assessment, so that nobody else changes, submits or deletes it before this transaction ends.

    Raises:
        AssessmentUnknownError: when it is not there.
    """
    found = session.get(Assessment, assessment_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise AssessmentUnknownError
    return found


def answers_of(session: Session, assessment_id: uuid.UUID) -> dict[str, Stored[Value]]:
    """The answers given, by question; a question without an answer is absent and has revision 0."""
    return _stored(session, assessment_id, Part.ANSWER)


def facts_of(session: Session, assessment_id: uuid.UUID) -> dict[str, Stored[FactValue]]:
    """The facts given in the facts form, by id."""
    return _stored(session, assessment_id, Part.FACT)


def gates_of(session: Session, assessment_id: uuid.UUID) -> dict[str, Stored[bool]]:
    """The answers to the two gates of the facts form: `foreign`, `large`."""
    return _stored(session, assessment_id, Part.GATE)


def organisation_of(session: Session, assessment_id: uuid.UUID) -> dict[str, Stored[str]]:
    """What the business said of itself: `name`, `area`, `postcode`, `company_number`, each only when given."""
    return _stored(session, assessment_id, Part.ORGANISATION)


def evidence_of(session: Session, assessment_id: uuid.UUID) -> frozenset[str]:
    """The questions for which proof is at hand."""
    return frozenset(_stored(session, assessment_id, Part.EVIDENCE))


def filled(session: Session, assessment_id: uuid.UUID) -> Filled:
    """Everything said so far, in one reading.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
    """
    assessment = assessment_of(session, assessment_id)
    said: dict[Part, dict[str, Any]] = {part: {} for part in Part}
    for part, question, value in session.execute(
        select(Answer.part, Answer.question, Answer.value).where(Answer.assessment_id == assessment_id, ~_WAITS)
    ):
        said[part][question] = value
    return Filled(
        assessment_id=assessment.id,
        edition_id=assessment.edition_id,
        quick=assessment.quick,
        version=assessment.version,
        answers=said[Part.ANSWER],
        facts=said[Part.FACT],
        gates=said[Part.GATE],
        organisation=said[Part.ORGANISATION],
        evidence=frozenset(said[Part.EVIDENCE]),
    )


def save_answers(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[str, Value | None],
    seen: Mapping[str, int],
    now: datetime,
    *,
    edition_id: int | None = None,
) -> Saved:
    """Keep these answers. None takes an answer back.

    `seen` holds the revision each question had when the form was drawn; a question that is absent counts as 0, unanswered.
    Whoever says what is stored already is never in conflict. `edition_id` is the edition the form was drawn from, where it says so.

    Raises:
        AssessmentUnknownError, AlreadySubmittedError
        OtherEditionError: when the assessment has another edition; nothing is kept.
    """
    return _save(session, assessment_id, Part.ANSWER, changes=changes, seen=seen, now=now, edition_id=edition_id)


def save_facts(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[str, FactValue | None],
    seen: Mapping[str, int],
    now: datetime,
) -> Saved:
    """Keep these facts, by the same rules as `save_answers`."""
    return _save(session, assessment_id, Part.FACT, changes=changes, seen=seen, now=now)


def save_gates(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[Gate, bool | None],
    seen: Mapping[str, int],
    now: datetime,
) -> Saved:
    """Keep the answers to the gates of the facts form, by the same rules as `save_answers`."""
    return _save(session, assessment_id, Part.GATE, changes=changes, seen=seen, now=now)


def save_organisation(
    session: Session,
    assessment_id: uuid.UUID,
    changes: Mapping[OrganisationField, str | None],
    seen: Mapping[str, int],
    now: datetime,
) -> Saved:
    """Keep what the business says of itself, by the same rules as `save_answers`."""
    return _save(session, assessment_id, Part.ORGANISATION, changes=changes, seen=seen, now=now)


def save_evidence(
    session: Session, assessment_id: uuid.UUID, noted: Collection[str], asked: Iterable[str], now: datetime
) -> Saved:
    """Keep for which of the questions `asked` on a page proof is at hand. The last one wins: a tick carries no words to lose."""
    changes = {question: True if question in noted else None for question in asked}
    return _save(session, assessment_id, Part.EVIDENCE, changes=changes, seen=None, now=now)


def put_in_place(
    session: Session,
    assessment_id: uuid.UUID,
    part: Part,
    changes: Mapping[str, object],
    now: datetime,
    *,
    renewed: Collection[str] = (),
) -> Saved:
    """Have these stand, whatever stood there: for whoever holds the lock and knows all of it. None takes away.

    `renewed` get a new revision even where they say the same, so that no form drawn before confirms or changes them unseen.

    Raises:
        AssessmentUnknownError, AlreadySubmittedError
    """
    return _save(session, assessment_id, part, changes=changes, seen=None, now=now, renewed=renewed)


_WAITS = (
    select(ToConfirm.question)
    .where(
        ToConfirm.assessment_id == Answer.assessment_id,
        ToConfirm.part == Answer.part,
        ToConfirm.question == Answer.question,
    )
    .correlate(Answer)
    .exists()
)


def _stored(session: Session, assessment_id: uuid.UUID, part: Part) -> dict[str, Stored[Any]]:
    rows = session.execute(
        select(Answer.question, Answer.value, Answer.revision).where(
            Answer.assessment_id == assessment_id, Answer.part == part
        )
    )
    return {question: Stored(value, revision) for question, value, revision in rows}


def _save(
    session: Session,
    assessment_id: uuid.UUID,
    part: Part,
    *,
    changes: Mapping[Any, object],
    seen: Mapping[str, int] | None,
    now: datetime,
    edition_id: int | None = None,
    renewed: Collection[str] = (),
) -> Saved:
    assessment = lock(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    if edition_id is not None and edition_id != assessment.edition_id:
        raise OtherEditionError
    rows = _rows(session, assessment_id, part, changes)
    spent = _spent_revisions(session, assessment_id, part, changes.keys() - rows.keys())
    saved: list[str] = []
    seen_again: list[str] = []
    conflicts: list[Conflict] = []
    for question in sorted(changes):
        yours, row = changes[question], rows.get(question)
        theirs, newest = (None, 0) if row is None else (row.value, row.revision)
        is_stale = seen is not None and seen.get(question, 0) != newest
        if _same(yours, theirs) and question not in renewed:
            if not is_stale:
                seen_again.append(question)
            continue
        if is_stale:
            conflicts.append(Conflict(question, yours, theirs, newest))
            continue
        revision = (newest or spent.get(question, 0)) + 1
        mine = {"assessment_id": assessment_id, "part": part, "question": question, "revision": revision}
        _put(session, row, Answer(**mine, value=yours, changed_at=now))
        session.add(AnswerEvent(**mine, before=theirs, after=yours, at=now))
        _note_help(session, assessment_id, part, question, revision)
        saved.append(question)
    _confirm(session, assessment_id, part, [*saved, *seen_again])
    if saved:
        assessment.changed_at = now
        session.flush()
    return Saved(tuple(saved), tuple(conflicts))


def _note_help(session: Session, assessment_id: uuid.UUID, part: Part, question: str, revision: int) -> None:
    """Note beside the change that a coordinator typed it, where one did."""
    helping = session.info.get(WITH_HELP, {}).get(assessment_id)
    if helping is not None:
        session.add(
            AnsweredTogether(
                assessment_id=assessment_id,
                part=part,
                question=question,
                revision=revision,
                assisted_session_id=helping,
            )
        )


def _confirm(session: Session, assessment_id: uuid.UUID, part: Part, sent: Collection[str]) -> None:
    """What was filled in counts as said once it is sent, changed or not, from a page that showed it as it stands."""
    if sent and part is not Part.EVIDENCE:
        session.execute(
            delete(ToConfirm).where(
                ToConfirm.assessment_id == assessment_id, ToConfirm.part == part, ToConfirm.question.in_(sent)
            ),
            execution_options={"synchronize_session": False},
        )


def _rows(session: Session, assessment_id: uuid.UUID, part: Part, questions: Collection[str]) -> dict[str, Answer]:
    found = session.scalars(
        select(Answer)
        .where(Answer.assessment_id == assessment_id, Answer.part == part, Answer.question.in_(questions))
        .execution_options(populate_existing=True)
    )
    return {row.question: row for row in found}


def _spent_revisions(
    session: Session, assessment_id: uuid.UUID, part: Part, questions: Collection[str]
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


def _put(session: Session, row: Answer | None, wanted: Answer) -> None:
    if row is None:
        session.add(wanted)
    elif wanted.value is None:
        session.delete(row)
    else:
        row.value, row.revision, row.changed_at = wanted.value, wanted.revision, wanted.changed_at


def _same(one: object, other: object) -> bool:
    """Equal as JSON: 1 and 1.0 are the same number, but true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
