"""Starts an assessment, saves answers with optimistic locking by revision, builds and freezes the record of a submission, and enqueues its first PDFs."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.events import SubmissionMade
from assess.assessments.forms import given_facts
from assess.assessments.models import (
    ASSISTED_KEY,
    Answer,
    AnswerEvent,
    Assessment,
    AssistedAnswer,
    FormPart,
    Submission,
    SubmissionSeal,
    UnconfirmedAnswer,
)
from assess.core.db import JsonDict
from assess.core.documents.services import find_document
from assess.core.errors import NotFoundError
from assess.core.events import publish
from assess.engine.assessing import EngineInput, assess
from assess.engine.bank import AnswerValue
from assess.engine.facts import FactValue
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

StoredT = TypeVar("StoredT")
Gate = Literal["foreign", "large"]
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
    changes: Mapping[Gate, bool | None],
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
    """Keep for which of the questions `asked` on a page proof is at hand. The last one wins: a tick carries no words to lose."""
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
            # the same words from an older form change nothing and dispute nothing, but confirm nothing either: a pending answer
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
            execution_options={"synchronize_session": False},
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


def get_submissions(session: Session, assessment_id: uuid.UUID) -> list[Submission]:
    return list(
        session.scalars(
            select(Submission).where(Submission.assessment_id == assessment_id).order_by(Submission.number.desc())
        )
    )


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
"""Kinds of documents, by the names that `assess/plans/stored_pdfs.py` gives them: that package lies above this one."""


def enqueue_first_pdfs(session: Session, submission_id: int, now: datetime) -> None:
    """Order what is printed of every submission, in the transaction that makes it."""
    for kind in PRINTED_ON_SUBMISSION:
        if document := find_document(session, kind, submission_id, now):
            document.enqueue(session, now)
