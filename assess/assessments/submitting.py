"""Submitting: freeze what was said and what it meant, once for each version; open a new version for a correction, or give it up.

The record is made by the engine and taken as it is. Whoever presses the button twice gets the same submission twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import Filled, OtherEditionError, filled, lock
from assess.assessments.events import SubmissionMade
from assess.assessments.models import Assessment, Submission, SubmissionSeal
from assess.assessments.sealing import Seal, plain_digest, proves, seal_of
from assess.kit.db import Document
from assess.kit.events import publish


class NothingSubmittedError(Exception):
    """There is no submission to correct, or none with this number."""


def submit(
    session: Session,
    assessment_id: uuid.UUID,
    build_record: Callable[[Filled], Document],
    now: datetime,
    *,
    version: int | None = None,
    edition_id: int | None = None,
) -> Submission:
    """Freeze the answers as they are at this moment and close the assessment.

    `build_record` gets everything that was said, read in the same transaction, and returns the finished record.
    `version` is the version the form was drawn for. A second press of the button, even one that arrives after a correction
    was begun, gives the submission that the first one made. `edition_id` is the edition the form was drawn from, where it says so.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
        OtherEditionError: when the questions are others by now; nothing is submitted.
    """
    assessment = lock(session, assessment_id)
    wanted = assessment.version if version is None else min(version, assessment.version)
    if assessment.submitted or wanted < assessment.version:
        return submission_of(session, assessment_id, wanted)
    if edition_id is not None and edition_id != assessment.edition_id:
        raise OtherEditionError
    said = filled(session, assessment_id)
    record = build_record(said)
    submission = _frozen(record, said, now)
    session.add(submission)
    assessment.submitted_at = now
    assessment.changed_at = now
    publish(session, SubmissionMade(submission, now))
    return submission


def reopen(session: Session, assessment_id: uuid.UUID, now: datetime) -> Assessment:
    """Open a submitted assessment for correction: a new version that starts from the old answers.

    Earlier submissions stay as they are. Doing it twice changes nothing more.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
        NothingSubmittedError: when nothing was submitted yet.
    """
    assessment = lock(session, assessment_id)
    if assessment.submitted:
        assessment.submitted_at = None
        assessment.version += 1
        assessment.changed_at = now
        session.flush()
    elif assessment.version == 1:
        raise NothingSubmittedError
    return assessment


def keep_as_submitted(session: Session, assessment_id: uuid.UUID, now: datetime) -> Assessment:
    """Close a correction without submitting it: the last submission stays the newest, and what hangs on it goes on.

    What was changed meanwhile stays as it was typed, for the next correction. Doing it twice changes nothing more.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
        NothingSubmittedError: when nothing was submitted yet.
    """
    assessment = lock(session, assessment_id)
    if not assessment.submitted:
        last = submission_of(session, assessment_id)
        assessment.version = last.number
        assessment.quick = last.record["quick"]
        assessment.submitted_at = last.made_at
        assessment.changed_at = now
        session.flush()
    return assessment


def submissions_of(session: Session, assessment_id: uuid.UUID) -> list[Submission]:
    """All submissions of an assessment, the newest first."""
    return list(
        session.scalars(
            select(Submission).where(Submission.assessment_id == assessment_id).order_by(Submission.number.desc())
        )
    )


def submission_of(session: Session, assessment_id: uuid.UUID, number: int | None = None) -> Submission:
    """The submission with this number, or the newest.

    Raises:
        NothingSubmittedError: when there is none.
    """
    wanted = select(Submission).where(Submission.assessment_id == assessment_id)
    if number is not None:
        wanted = wanted.where(Submission.number == number)
    found = session.scalars(wanted.order_by(Submission.number.desc()).limit(1)).first()
    if found is None:
        raise NothingSubmittedError
    return found


def latest_id(session: Session, assessment_id: uuid.UUID) -> int | None:
    """The id of the newest submission, without reading its long record; None before the first."""
    wanted = select(Submission.id).where(Submission.assessment_id == assessment_id)
    return session.scalars(wanted.order_by(Submission.number.desc()).limit(1)).first()


def is_intact(submission: Submission) -> bool:
    """Whether the stored record is still the one that was frozen, but for words that were taken out since (`taken_out_of`)."""
    if submission.seal is None:
        return digest_of_record(submission.record) == submission.digest
    return proves(Seal.read(submission.seal.data), submission.record, submission.digest)


def taken_out_of(submission: Submission) -> tuple[str, ...]:
    """The paths at which words of the business's own stood that were taken out, such as "/purchases/lines/0/good"."""
    return () if submission.seal is None else tuple(sorted(submission.seal.data["gone"]))


def state_of_record(submission: Submission) -> str:
    """Tells this record from the same one before or after words were taken out. The digest, as long as none were."""
    gone = len(taken_out_of(submission))
    return f"{submission.digest}-{gone}" if gone else submission.digest


def digest_of_record(record: Document) -> str:
    """The SHA-256 of the canonical form of a record, in hexadecimal: its digest, where no free text stands in it."""
    return plain_digest(record)


def _frozen(record: Document, said: Filled, now: datetime) -> Submission:
    seal = seal_of(record)
    return Submission(
        assessment_id=said.assessment_id,
        number=said.version,
        edition_id=said.edition_id,
        engine=record["engine"],
        record=record,
        digest=digest_of_record(record) if seal is None else seal.root,
        seal=None if seal is None else SubmissionSeal(data=seal.as_data()),
        sector=record["edition"]["bank"],
        score=record["result"]["score"],
        band=record["result"]["band"],
        made_at=now,
    )
