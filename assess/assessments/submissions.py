"""Builds and freezes the record of a submission, seals it over its free texts, opens it for correction, and enqueues its first PDFs."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.events import SubmissionMade
from assess.assessments.facts import given_facts
from assess.assessments.models import Assessment, Submission, SubmissionSeal
from assess.assessments.services import AssessmentContent, EditionChangedError, get_assessment_content, lock_assessment
from assess.core.db import JsonDict
from assess.core.documents.services import load_document
from assess.core.events import publish
from assess.engine.assessing import EngineInput, assess
from assess.engine.free_text import (
    REMOVED_TEXT,
    contains_text,
    free_text_paths,
    leaf_hash,
    root_hash,
    text_at,
    with_texts_removed,
)
from assess.engine.record import Operator, RecordOrganisation, canonical_json, make_record
from assess.engine.result_json import PurchaseList
from assess.engine.settings import DatedSettings
from assess.question_banks.reader import LoadedEdition


def engine_input(content: AssessmentContent, loaded: LoadedEdition) -> EngineInput:
    return EngineInput(
        answers=content.answers,
        facts=given_facts(loaded.edition.duty_book, content.gates, content.facts),
        evidence=content.evidence,
        quick=content.quick,
    )


def build_assessment_record(
    content: AssessmentContent,
    loaded: LoadedEdition,
    settings: DatedSettings,
    *,
    operator: Operator,
    today: date,
    bought: PurchaseList | None = None,
    assistance: Sequence[Mapping[str, str]] = (),
) -> JsonDict:
    """The record of what was said, as things stand on this day. Its organisation needs at least a name and an area.

    `bought` is what the business buys, with the lists of this day; a record without is one that says nothing of it.
    `assistance`: how (`mode`) and on which day (`on`) a coordinator helped to fill it in.

    Raises:
        KeyError: when the name or the area was not given: the check page asks for them first.
    """
    given = engine_input(content, loaded)
    return make_record(
        edition=loaded.edition,
        ref=loaded.ref,
        inputs=given,
        assessed=assess(loaded.edition, given, settings, today),
        settings=settings,
        organisation=RecordOrganisation(
            name=content.organisation["name"],
            area=content.organisation["area"],
            postcode=content.organisation.get("postcode"),
            company_number=content.organisation.get("company_number"),
        ),
        operator=operator,
        today=today,
        bought=bought,
        assistance=assistance,
    )


SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Seal:
    """Root, salts of the texts that are there, leaves of those that are gone, both by path.

    `late`: made for a submission from before seals. `sound`: its record was still the one that was frozen when this was made.
    """

    root: str
    salts: Mapping[str, str]
    gone: Mapping[str, str]
    late: bool = False
    sound: bool = True

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Seal:
        return cls(data["root"], data["salts"], data["gone"], late=data["late"], sound=data["sound"])

    def as_data(self) -> JsonDict:
        return {
            "root": self.root,
            "salts": dict(self.salts),
            "gone": dict(self.gone),
            "late": self.late,
            "sound": self.sound,
        }


def record_digest(record: JsonDict) -> str:
    """The SHA-256 of the canonical form of a record, in hexadecimal."""
    return hashlib.sha256(canonical_json(record)).hexdigest()


def make_seal(record: JsonDict) -> Seal | None:
    """A new seal over a record; None when no free text stands in it."""
    salts = {path: secrets.token_hex(SALT_BYTES) for path in free_text_paths(record)}
    return Seal(_compute_root(record, salts, {}), salts, {}) if salts else None


def make_late_seal(record: JsonDict, digest: str) -> Seal | None:
    """A seal over a record that was frozen by its plain digest."""
    found = make_seal(record)
    if found is None:
        return None
    return Seal(found.root, found.salts, {}, late=True, sound=record_digest(record) == digest)


def seal_proves(seal: Seal, record: JsonDict, digest: str) -> bool:
    """Whether this record is the one that was sealed, but for the words that are gone, at whose places nothing but the mark stands."""
    try:
        marked = all(text_at(record, path) == REMOVED_TEXT for path in seal.gone)
        same = _compute_root(record, seal.salts, seal.gone) == seal.root
    except (LookupError, TypeError, ValueError):
        return False
    return marked and same and seal.sound and (seal.late or seal.root == digest)


def redact_sealed(seal: Seal, record: JsonDict, text: str) -> tuple[JsonDict, Seal] | None:
    """The record without this text and the seal that goes with it; None when it stands nowhere in it."""
    going = [path for path in seal.salts if contains_text(text, text_at(record, path))]
    if not going:
        return None
    gone = {**seal.gone, **{path: leaf_hash(seal.salts[path], path, text_at(record, path)) for path in going}}
    salts = {path: salt for path, salt in seal.salts.items() if path not in gone}
    return with_texts_removed(record, going), Seal(seal.root, salts, gone, late=seal.late, sound=seal.sound)


def free_texts_in_record(seal: Seal | None, record: JsonDict) -> Sequence[tuple[str, str]]:
    """The free texts of a record by path, those that are gone left out."""
    gone = seal.gone if seal else {}
    found = ((path, text_at(record, path)) for path in free_text_paths(record) if path not in gone)
    return [(path, text) for path, text in found if isinstance(text, str)]


def _compute_root(record: JsonDict, salts: Mapping[str, str], gone: Mapping[str, str]) -> str:
    leaves = {path: leaf_hash(salt, path, text_at(record, path)) for path, salt in salts.items()}
    return root_hash(record, {**leaves, **gone})


class NothingSubmittedError(Exception):
    """There is no submission to correct, or none with this number."""


def submit_assessment(
    session: Session,
    assessment_id: uuid.UUID,
    build_record: Callable[[AssessmentContent], JsonDict],
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
        EditionChangedError: when the questions are others by now; nothing is submitted.
    """
    assessment = lock_assessment(session, assessment_id)
    wanted = assessment.version if version is None else min(version, assessment.version)
    if assessment.submitted or wanted < assessment.version:
        return get_submission(session, assessment_id, wanted)
    if edition_id is not None and edition_id != assessment.edition_id:
        raise EditionChangedError
    content = get_assessment_content(session, assessment_id)
    record = build_record(content)
    seal = make_seal(record)
    submission = Submission(
        assessment_id=content.assessment_id,
        number=content.version,
        edition_id=content.edition_id,
        engine=record["engine"],
        record=record,
        digest=record_digest(record) if seal is None else seal.root,
        seal=None if seal is None else SubmissionSeal(data=seal.as_data()),
        sector=record["edition"]["bank"],
        score=record["result"]["score"],
        band=record["result"]["band"],
        made_at=now,
    )
    session.add(submission)
    assessment.submitted_at = now
    assessment.changed_at = now
    publish(session, SubmissionMade(submission, now))
    return submission


def reopen_assessment(session: Session, assessment_id: uuid.UUID, now: datetime) -> Assessment:
    """Open a submitted assessment for correction: a new version that starts from the old answers.

    Earlier submissions stay as they are. Doing it twice changes nothing more.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
        NothingSubmittedError: when nothing was submitted yet.
    """
    assessment = lock_assessment(session, assessment_id)
    if assessment.submitted:
        assessment.submitted_at = None
        assessment.version += 1
        assessment.changed_at = now
        session.flush()
    elif assessment.version == 1:
        raise NothingSubmittedError
    return assessment


def discard_correction(session: Session, assessment_id: uuid.UUID, now: datetime) -> Assessment:
    """Close a correction without submitting it: the last submission stays the newest, and what hangs on it goes on.

    What was changed meanwhile stays as it was typed, for the next correction. Doing it twice changes nothing more.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
        NothingSubmittedError: when nothing was submitted yet.
    """
    assessment = lock_assessment(session, assessment_id)
    if not assessment.submitted:
        last = get_submission(session, assessment_id)
        assessment.version = last.number
        assessment.quick = last.record["quick"]
        assessment.submitted_at = last.made_at
        assessment.changed_at = now
        session.flush()
    return assessment


def get_submission(session: Session, assessment_id: uuid.UUID, number: int | None = None) -> Submission:
    """The submission with this number, or the newest. Raises NothingSubmittedError when there is none."""
    wanted = select(Submission).where(Submission.assessment_id == assessment_id)
    if number is not None:
        wanted = wanted.where(Submission.number == number)
    found = session.scalars(wanted.order_by(Submission.number.desc()).limit(1)).first()
    if found is None:
        raise NothingSubmittedError
    return found


def latest_submission_id(session: Session, assessment_id: uuid.UUID) -> int | None:
    """The id of the newest submission, without reading its long record; None before the first."""
    wanted = select(Submission.id).where(Submission.assessment_id == assessment_id)
    return session.scalars(wanted.order_by(Submission.number.desc()).limit(1)).first()


def is_intact(submission: Submission) -> bool:
    """Whether the stored record is still the one that was frozen, but for words that were taken out since (`redacted_paths`)."""
    if submission.seal is None:
        return record_digest(submission.record) == submission.digest
    return seal_proves(Seal.read(submission.seal.data), submission.record, submission.digest)


def redacted_paths(submission: Submission) -> tuple[str, ...]:
    """The paths at which words of the business's own stood that were taken out, such as "/purchases/lines/0/good"."""
    return () if submission.seal is None else tuple(sorted(submission.seal.data["gone"]))


def record_etag(submission: Submission) -> str:
    """Tells this record from the same one before or after words were taken out. The digest, as long as none were."""
    gone = len(redacted_paths(submission))
    return f"{submission.digest}-{gone}" if gone else submission.digest


PRINTED_ON_SUBMISSION = ("business", "buyer")


def enqueue_first_pdfs(session: Session, submission_id: int, now: datetime) -> None:
    """Order what is printed of every submission, in the transaction that makes it."""
    for kind in PRINTED_ON_SUBMISSION:
        if document := load_document(session, kind, submission_id, now):
            document.enqueue(session, now)
