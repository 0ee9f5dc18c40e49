"""Warnings about free text in a form, stored findings by keyed digest, and redaction: every place that stores free text, and how a text is replaced there."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import current_app, g, has_app_context, has_request_context, request
from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.datastructures import MultiDict

from assess.assessments import models
from assess.assessments.forms import PostedSection
from assess.assessments.personal_data.detector import FindingKind, find_personal_details, findings_text
from assess.assessments.services import get_assessment, lock_assessment
from assess.assessments.submissions import Seal, free_texts_in_record, make_late_seal, redact_sealed
from assess.core.db import NO_SYNCHRONIZE, database, dialect_insert, erase_after_commit, release_unused_write_lock
from assess.core.events import providers_of
from assess.core.forms.fields import SentForm
from assess.core.forms.form import FormResult
from assess.engine.bank import Question
from assess.engine.free_text import REMOVED_TEXT, free_texts, takes_free_text
from assess.question_banks.editions import load_edition
from assess.question_banks.question_types import QUESTION_FORMS

CHARACTERS_PER_REQUEST = 5_000
"""How much is judged for one opening of the list. The worst texts cost a tenth of a second for 500 characters."""
MAX_STORED_FINDINGS = 5_000
"""Rows of one assessment. More texts than that are judged anew when they are looked at."""

Findings = tuple[FindingKind, ...]
_Row = TypeVar("_Row")


def save_queued_findings(session: Session) -> None:
    """Keep what this request judged, for the assessment its address names. One of `BEFORE_COMMIT`."""
    assessment_id = (request.view_args or {}).get("assessment_id")
    judged: Mapping[str, Findings] = g.pop("judged", {})
    if judged and isinstance(assessment_id, uuid.UUID):
        save_findings(session, assessment_id, judged)


def save_findings(session: Session, assessment_id: uuid.UUID, judged: Mapping[str, Findings]) -> None:
    mine = (
        select(func.count())
        .select_from(models.PersonalDataFinding)
        .where(models.PersonalDataFinding.assessment_id == assessment_id)
    )
    room = MAX_STORED_FINDINGS - (session.scalar(mine) or 0)
    rows = [
        {"assessment_id": assessment_id, "mark": mark, "kinds": ",".join(found)}
        for mark, found in ((_keyed_digest(text), found) for text, found in judged.items())
    ][: max(0, room)]
    if rows:
        session.execute(
            dialect_insert(session, models.PersonalDataFinding)
            .values(rows)
            .on_conflict_do_nothing()
            .execution_options(not_audited=True)
        )


def get_findings(assessment_id: uuid.UUID, texts: Collection[str]) -> dict[str, Findings]:
    """What these texts seem to hold. A text that is left out was not judged yet, for enough was judged on one page."""
    marks = {_keyed_digest(text): text for text in texts}
    with database().reading() as session:
        wanted = select(models.PersonalDataFinding.mark, models.PersonalDataFinding.kinds).where(
            models.PersonalDataFinding.assessment_id == assessment_id, models.PersonalDataFinding.mark.in_(marks)
        )
        known = {
            marks[mark]: tuple(FindingKind(kind) for kind in kinds.split(",") if kind)
            for mark, kinds in session.execute(wanted)
        }
    fresh: dict[str, Findings] = {}
    left = CHARACTERS_PER_REQUEST
    for text in texts:
        if text not in known and len(text) <= left:
            left -= len(text)
            fresh[text] = find_personal_details(text)
    if fresh:
        with database().writing() as session:
            save_findings(session, assessment_id, fresh)
    return known | fresh


def _keyed_digest(text: str) -> str:
    """Anyone who has the table and not the key cannot find out by trying what a text was. With a new key texts are judged anew."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"judged text\0" + text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text that is kept. `where`: in words, such as “What you buy”. `earlier`: it stands only in a history or an old plan."""

    text: str
    where: str
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class FreeTextSource:
    """One kind of place: what free texts it keeps of an assessment, and how a text is taken out.

    `take_out` gets the session, the assessment, the text and the moment, and returns how many places it changed.
    """

    name: str
    texts: Callable[[Session, uuid.UUID], Iterable[StoredText]]
    take_out: Callable[[Session, uuid.UUID, str, datetime], int]


@dataclass(slots=True)
class FreeText:
    """One text and all the places where it stands. `mark` tells it in a form without saying it."""

    text: str
    where: list[str] = field(default_factory=list)
    earlier: bool = True

    @property
    def mark(self) -> str:
        return text_digest(self.text)


MAX_LISTED_TEXTS = 2_000


def text_digest(text: str) -> str:
    """What stands for a text where it must not be said: its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def get_free_texts(session: Session, assessment_id: uuid.UUID) -> list[FreeText]:
    """The free texts of an assessment, those that stand somewhere now first, each once with its places.

    Past `MAX_LISTED_TEXTS` texts no others are added: when some of these are taken out, others take their place.
    """
    found: dict[str, FreeText] = {}
    for source in providers_of(FreeTextSource):
        for kept in source.texts(session, assessment_id):
            if kept.text in {"", REMOVED_TEXT} or (kept.text not in found and len(found) >= MAX_LISTED_TEXTS):
                continue
            words = found.setdefault(kept.text, FreeText(kept.text))
            if kept.where not in words.where:
                words.where.append(kept.where)
            words.earlier = words.earlier and kept.earlier
    return sorted(found.values(), key=lambda words: words.earlier)


def redact_text(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    """Take a text out of every place for good, with effect from this commit. Returns how many places held it.

    The caller drops what is kept in memory, after the commit (`clear_answer_cache`).

    Raises:
        AssessmentUnknownError: when the assessment is not there.
    """
    lock_assessment(session, assessment_id)
    redaction = models.Redaction(assessment_id=assessment_id, began_at=now)
    session.add(redaction)
    session.flush()
    redaction.places = sum(
        source.take_out(session, assessment_id, text, now) for source in providers_of(FreeTextSource)
    )
    # without a site there is no key to find the row by, so everything that was found is forgotten
    gone = delete(models.PersonalDataFinding).where(models.PersonalDataFinding.assessment_id == assessment_id)
    if has_app_context():
        gone = gone.where(models.PersonalDataFinding.mark == _keyed_digest(text))
    session.execute(gone)
    redaction.finished_at = now
    session.flush()
    session.expire_all()  # the statements above went past what the session remembers
    erase_after_commit(session)
    return redaction.places


def redact_column(session: Session, column: InstrumentedAttribute[str], here: ColumnElement[bool], text: str) -> int:
    """Put the mark where this text stands in a column, in the rows that are meant. Returns how many there were.

    The column is encrypted: which rows hold the text is seen here, and each is changed by itself.
    """
    keys = list(cast("Table", column.class_.__table__).primary_key)
    found = [key for *key, kept in session.execute(select(*keys, column).where(here)) if kept == text]
    for key in found:
        row = (one == value for one, value in zip(keys, key, strict=True))
        session.execute(
            update(column.class_).where(*row).values({column.key: REMOVED_TEXT}),
            execution_options=NO_SYNCHRONIZE,
        )
    return len(found)


def redact_value(value: object, text: str) -> object:
    """The same JSON-able value with the mark wherever this text stands as a whole."""
    if isinstance(value, str):
        return REMOVED_TEXT if value == text else value
    if isinstance(value, dict):
        return {key: redact_value(part, text) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [redact_value(part, text) for part in value]
    return value


def free_text_questions(session: Session, assessment_id: uuid.UUID) -> dict[str, Question]:
    """The questions that people may answer in free text, by id: of its edition, and of those it was moved from or back from."""
    moves = select(models.EditionUpgrade.from_edition_id, models.EditionUpgrade.to_edition_id).where(
        models.EditionUpgrade.assessment_id == assessment_id
    )
    earlier = {edition_id for both in session.execute(moves) for edition_id in both}
    now = get_assessment(session, assessment_id).edition_id
    editions = [load_edition(session, edition_id).edition for edition_id in (*sorted(earlier - {now}), now)]
    return {
        question.id: question for edition in editions for question in edition.questions() if takes_free_text(question)
    }


def _answer_texts(session: Session, assessment_id: uuid.UUID) -> Iterator[StoredText]:
    for name, question in free_text_questions(session, assessment_id).items():
        for column in (models.Answer.value, models.AnswerEvent.before, models.AnswerEvent.after):
            for value in session.scalars(select(column).where(*_of_questions(column.class_, assessment_id, {name}))):
                for text in free_texts(question, value):
                    yield StoredText(text, question.ask, earlier=column.class_ is models.AnswerEvent)


def _of_questions(table: Any, assessment_id: uuid.UUID, names: Collection[str]) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401  # answers or their events
    return table.assessment_id == assessment_id, table.part == models.FormPart.ANSWER, table.question.in_(names)


def _redact_answers(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    """The answer gets a new revision, so that a form drawn before can not put the words back unseen."""
    questions = free_text_questions(session, assessment_id)
    events = select(models.AnswerEvent).where(*_of_questions(models.AnswerEvent, assessment_id, questions))
    count = len(_redact_rows(session.scalars(events).all(), text, "before", "after"))
    session.flush()
    # the events may have changed what the session holds
    answers = select(models.Answer).where(*_of_questions(models.Answer, assessment_id, questions))
    found = session.scalars(answers, execution_options={"populate_existing": True}).all()
    for answer in _redact_rows(found, text, "value"):
        answer.revision, answer.changed_at = answer.revision + 1, now
        session.add(
            models.AnswerEvent(
                assessment_id=assessment_id,
                part=answer.part,
                question=answer.question,
                revision=answer.revision,
                before=answer.value,
                after=answer.value,
                at=now,
            )
        )
        count += 1
    session.flush()
    return count


def _redact_rows(rows: Iterable[_Row], text: str, *parts: str) -> list[_Row]:
    """Put the mark where this text stands in these attributes, and return the rows that held it."""
    changed = []
    for row in rows:
        cleaned = {part: redact_value(getattr(row, part), text) for part in parts}
        if any(value != getattr(row, part) for part, value in cleaned.items()):
            for part, value in cleaned.items():
                setattr(row, part, value)
            changed.append(row)
    return changed


def _purchase_texts(session: Session, assessment_id: uuid.UUID) -> Iterator[StoredText]:
    lines = select(models.PurchaseLine.good, models.PurchaseLine.supplier)
    for row in session.execute(lines.where(models.PurchaseLine.assessment_id == assessment_id)):
        yield from (StoredText(text, "What you buy") for text in row)
    history = select(models.PurchaseEvent.said).where(models.PurchaseEvent.assessment_id == assessment_id)
    for said in session.scalars(history):
        yield from (StoredText(said[part], "What you buy", earlier=True) for part in ("good", "supplier"))


def _redact_purchases(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    count = 0
    events = select(models.PurchaseEvent).where(models.PurchaseEvent.assessment_id == assessment_id)
    for event in session.scalars(events).all():
        said = {**event.said, **{part: redact_value(event.said[part], text) for part in ("good", "supplier")}}
        if said != event.said:
            event.said = said
            count += 1
    session.flush()
    lines = select(models.PurchaseLine).where(models.PurchaseLine.assessment_id == assessment_id)
    found = session.scalars(lines, execution_options={"populate_existing": True}).all()
    for line in _redact_rows(found, text, "good", "supplier"):
        line.revision, line.changed_at = line.revision + 1, now
        said = {part: getattr(line, part) for part in ("good", "country", "share", "supplier", "removed")}
        session.add(
            models.PurchaseEvent(
                assessment_id=assessment_id, number=line.number, revision=line.revision, said=said, at=now
            )
        )
        count += 1
    session.flush()
    return count


def _submission_texts(session: Session, assessment_id: uuid.UUID) -> Iterator[StoredText]:
    for submission in _submissions(session, assessment_id):
        seal = None if submission.seal is None else Seal.read(submission.seal.data)
        for path, text in free_texts_in_record(seal, submission.record):
            if not _is_not_free_text(path, submission.record):
                yield StoredText(text, "Answers you sent in", earlier=True)


def _is_not_free_text(path: str, record: dict[str, Any]) -> bool:
    """Rows in words repeat cells; a good that a list knows is no words of the business's own."""
    parts = path.split("/")
    if "answer_text" in parts or parts[-1] == "name" or parts[2:3] == ["steps"]:
        return True
    return bool(parts[-1] == "good" and record["purchases"]["lines"][int(parts[3])]["known_as"] is not None)


def _redact_submissions(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    count = 0
    for submission in _submissions(session, assessment_id):
        kept = submission.seal
        seal = make_late_seal(submission.record, submission.digest) if kept is None else Seal.read(kept.data)
        changed = None if seal is None else redact_sealed(seal, submission.record, text)
        if changed is None:
            continue
        record, sealed = changed
        session.execute(
            update(models.Submission).where(models.Submission.id == submission.id).values(record=record),
            execution_options=NO_SYNCHRONIZE,
        )
        if kept is None:
            session.add(models.SubmissionSeal(submission_id=submission.id, data=sealed.as_data()))
        else:
            kept.data = sealed.as_data()
        session.flush()
        session.expire(submission)
        count += 1
    return count


def _submissions(session: Session, assessment_id: uuid.UUID) -> list[models.Submission]:
    wanted = select(models.Submission).where(models.Submission.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(models.Submission.number)))


def _of_assessment(table: Table, assessment_id: uuid.UUID) -> ColumnElement[bool]:
    """Which rows of a table belong to an assessment: they name it, or a row of another table that does."""
    if "assessment_id" in table.c:
        return table.c.assessment_id == assessment_id
    key = next(key for key in table.foreign_keys if "assessment_id" in key.column.table.c)
    return key.parent.in_(select(key.column).where(key.column.table.c.assessment_id == assessment_id))


TextColumn = InstrumentedAttribute[str]


def source_from_columns(
    name: str, where: str, *columns: TextColumn, history: tuple[TextColumn, ...] = ()
) -> FreeTextSource:
    """The place of columns with a text in each row. `history`: those that keep what was said before."""

    def here(column: TextColumn, assessment_id: uuid.UUID) -> ColumnElement[bool]:
        return _of_assessment(cast("Table", column.class_.__table__), assessment_id)

    def texts(session: Session, assessment_id: uuid.UUID) -> Iterator[StoredText]:
        for group, earlier in ((columns, False), (history, True)):
            for column in group:
                for text in session.scalars(select(column).where(here(column, assessment_id))):
                    yield StoredText(text, where, earlier=earlier)

    def take_out(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
        return sum(redact_column(session, one, here(one, assessment_id), text) for one in (*columns, *history))

    return FreeTextSource(name, texts, take_out)


ASSESSMENT_TEXT_SOURCES = (
    FreeTextSource("answers", _answer_texts, _redact_answers),
    FreeTextSource("purchases", _purchase_texts, _redact_purchases),
    source_from_columns("buyer links", "Links for buyers", models.BuyerLink.note),
    FreeTextSource("submissions", _submission_texts, _redact_submissions),
)

_DECIDED_STATES = frozenset(
    {models.DelegatedAnswerState.SAME, models.DelegatedAnswerState.LEFT, models.DelegatedAnswerState.TAKEN}
)


def _colleague_answer_texts(session: Session, assessment_id: uuid.UUID) -> Iterator[StoredText]:
    questions = free_text_questions(session, assessment_id)
    for row in _colleague_answers(session, assessment_id):
        if row.question in questions:
            for text in free_texts(questions[row.question], row.value):
                yield StoredText(text, "Answers of colleagues", earlier=row.state in _DECIDED_STATES)


def _redact_colleague_answers(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    """The revision of the row stays behind that of the answer, so an open form of the colleague can only offer the words again."""
    questions = free_text_questions(session, assessment_id)
    rows = (row for row in _colleague_answers(session, assessment_id) if row.question in questions)
    changed = _redact_rows(rows, text, "value")
    for row in changed:
        row.changed_at = now
    session.flush()
    return len(changed)


def _colleague_answers(session: Session, assessment_id: uuid.UUID) -> list[models.DelegatedAnswer]:
    links = select(models.Delegation.id).where(models.Delegation.assessment_id == assessment_id)
    wanted = select(models.DelegatedAnswer).where(models.DelegatedAnswer.delegation_id.in_(links))
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


COLLEAGUE_TEXT_SOURCES = (
    source_from_columns("comments", "Comments", models.Comment.words),
    source_from_columns(
        "delegations",
        "Parts you gave to colleagues",
        models.Delegation.note,
        models.Delegation.asked,
        history=(models.DelegationEvent.words,),
    ),
    FreeTextSource("answers of colleagues", _colleague_answer_texts, _redact_colleague_answers),
    source_from_columns(
        "sign-offs",
        "Sign-off",
        models.SignOffRequest.note,
        models.SignOff.job,
        history=(models.SignOffEvent.words,),
    ),
)

TICKS_FIELD = "keep_words"
MAX_TICKS = 200

_TICK_PATTERN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PersonalDataWarning:
    """One text that is asked about. `field`: HTML id of its box; `label`: the name of the box; `kinds`: of what, in words."""

    field: str
    label: str
    kinds: str
    mark: str

    @property
    def sentence(self) -> str:
        return f"This may hold a worker’s details ({self.kinds}). Change it, or tick “Save anyway” for it."


def read_ticks(form: Mapping[str, str]) -> frozenset[str]:
    sent = form.getlist(TICKS_FIELD) if isinstance(form, MultiDict) else [form.get(TICKS_FIELD, "")]
    return frozenset(mark for mark in sent[:MAX_TICKS] if _TICK_PATTERN.fullmatch(mark))


def warn_of_personal_data(
    text: str,
    field: str,
    label: str,
    *,
    ticks: Collection[str],
    stored: Collection[str] = (),
    names_expected: bool = False,
) -> PersonalDataWarning | None:
    """What to ask before this text is kept; None when there is nothing to ask, or it was answered.

    `stored` are texts that are kept already: nobody is asked twice. `names_expected`: the box asks for a person who is no worker.
    """
    if not text or text == REMOVED_TEXT or text in stored:
        return None
    release_unused_write_lock()  # judging takes a while: others save meanwhile
    found = find_personal_details(text)
    asks = tuple(one for one in found if not names_expected or one is not FindingKind.NAME)
    if asks and text_digest(text) not in ticks:
        return PersonalDataWarning(field, label, findings_text(asks), text_digest(text))
    if has_request_context():
        judged: dict[str, Findings] = g.setdefault("judged", {})
        judged[text] = found
    return None


@dataclass(frozen=True, slots=True)
class FreeTextForm(FormResult):
    """A form with what to ask about its free text before that is kept. `ticks`: marks of texts that stay as they are."""

    warnings: tuple[PersonalDataWarning, ...] = ()
    ticks: tuple[str, ...] = ()


def check_personal_data(
    form: FormResult,
    labels: Mapping[str, str],
    sent: SentForm,
    *,
    stored: Collection[str] = (),
    names_expected: bool = False,
) -> FreeTextForm:
    """The form with a sentence beside each text that is asked about. `labels`: of its boxes for free text, by name.

    A text that is refused already is not looked at. `stored` and `names_expected`: as `warn_of_personal_data` has them.
    """
    ticks = read_ticks(sent)
    asked = (
        warn_of_personal_data(text, name, label, ticks=ticks, stored=stored, names_expected=names_expected)
        for name, label in labels.items()
        if (text := form.values.get(name))
    )
    warnings = tuple(one for one in asked if one is not None)
    checked = FreeTextForm(form.typed, form.values, form.errors, warnings, tuple(sorted(ticks)))
    return checked.with_errors({one.field: one.sentence for one in warnings})


def hold_back_personal_data(
    posted: PostedSection, questions: Iterable[Question], stored: Mapping[str, object], ticks: Collection[str]
) -> list[PersonalDataWarning]:
    """What to ask about the texts of a posted page: an answer with such a text leaves its `changes` and gets a sentence in `errors`.

    `stored` are the answers kept so far, by question.
    """
    warnings: list[PersonalDataWarning] = []
    for question in questions:
        if posted.changes.get(question.id) is None or not takes_free_text(question):
            continue
        known = set(free_texts(question, stored.get(question.id)))
        cells: dict[int, dict[str, list[str]]] = {}
        for box in QUESTION_FORMS[question.type].free_text_boxes(question, posted.typed[question.id]):
            warning = warn_of_personal_data(box.text, box.id, box.label, ticks=ticks, stored=known)
            if warning is not None:
                warnings.append(warning)
                cells.setdefault(box.row, {})[box.column] = [warning.sentence]
        if cells:
            del posted.changes[question.id]
            posted.errors[question.id] = cells[0][""] if "" in cells.get(0, {}) else cells
    return warnings
