"""The places of this room where free text is kept: answers, what is bought, links to buyers, and the frozen submissions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from assess.assessments.answering import assessment_of
from assess.assessments.careful.places import Kept, Place, marked_in, replaced
from assess.assessments.models import Answer, AnswerEvent, BuyerLink, Part, Submission, SubmissionSeal
from assess.assessments.moving.models import EditionMove
from assess.assessments.purchases.models import PurchaseEvent, PurchaseLine
from assess.assessments.sealing import Seal, late_seal, texts_in, without
from assess.banks.editions import edition_of
from assess.engine.bank import Question
from assess.engine.own_words import MARK, writes_freely

BOUGHT, NOTE, SENT_IN = "What you buy", "Links for buyers", "Answers you sent in"
_QUIETLY = {"synchronize_session": False}


def free_questions(session: Session, assessment_id: uuid.UUID) -> dict[str, Question]:
    """The questions that people may answer in free text, by id: of its edition, and of those it was moved from or back from."""
    moves = select(EditionMove.from_edition_id, EditionMove.to_edition_id).where(
        EditionMove.assessment_id == assessment_id
    )
    earlier = {edition_id for both in session.execute(moves) for edition_id in both}
    now = assessment_of(session, assessment_id).edition_id
    editions = [edition_of(session, edition_id).edition for edition_id in (*sorted(earlier - {now}), now)]
    return {
        question.id: question for edition in editions for question in edition.questions() if writes_freely(question)
    }


def _answers(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    for name, question in free_questions(session, assessment_id).items():
        here = (Answer.assessment_id == assessment_id, Answer.part == Part.ANSWER, Answer.question == name)
        for value in session.scalars(select(Answer.value).where(*here)):
            yield from (Kept(text, question.ask) for text in free_texts(question, value))
        for before, after in session.execute(
            select(AnswerEvent.before, AnswerEvent.after).where(
                AnswerEvent.assessment_id == assessment_id,
                AnswerEvent.part == Part.ANSWER,
                AnswerEvent.question == name,
            )
        ):
            for value in (before, after):
                yield from (Kept(text, question.ask, earlier=True) for text in free_texts(question, value))


def free_texts(question: Question, value: object) -> Iterator[str]:
    """The free texts of one stored answer."""
    if question.type == "text":
        if isinstance(value, str) and value != "dk":
            yield value
    elif isinstance(value, list):
        columns = [column.id for column in question.columns if column.type == "text"]
        for row in value:
            yield from (row[column] for column in columns if isinstance(row, dict) and isinstance(row.get(column), str))


def _out_of_answers(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    """The answer gets a new revision, so that a form drawn before can not put the words back unseen."""
    count = 0
    for name in free_questions(session, assessment_id):
        event = (AnswerEvent.assessment_id == assessment_id, AnswerEvent.part == Part.ANSWER)
        for row in session.scalars(select(AnswerEvent).where(*event, AnswerEvent.question == name)).all():
            before, after = replaced(row.before, text), replaced(row.after, text)
            if (before, after) != (row.before, row.after):
                row.before, row.after = before, after
                count += 1
        session.flush()
        answer = session.get(Answer, (assessment_id, Part.ANSWER, name), populate_existing=True)
        if answer is None or (cleaned := replaced(answer.value, text)) == answer.value:
            continue
        answer.value, answer.revision, answer.changed_at = cleaned, answer.revision + 1, now
        session.add(
            AnswerEvent(
                assessment_id=assessment_id,
                part=Part.ANSWER,
                question=name,
                revision=answer.revision,
                before=cleaned,
                after=cleaned,
                at=now,
            )
        )
        session.flush()
        count += 1
    return count


def _bought(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    lines = select(PurchaseLine.good, PurchaseLine.supplier).where(PurchaseLine.assessment_id == assessment_id)
    for row in session.execute(lines):
        yield from (Kept(text, BOUGHT) for text in row)
    for said in session.scalars(select(PurchaseEvent.said).where(PurchaseEvent.assessment_id == assessment_id)):
        yield from (Kept(said[part], BOUGHT, earlier=True) for part in ("good", "supplier"))


def _out_of_purchases(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    count = 0
    events = select(PurchaseEvent).where(PurchaseEvent.assessment_id == assessment_id)
    for event in session.scalars(events).all():
        said = {**event.said, **{part: replaced(event.said[part], text) for part in ("good", "supplier")}}
        if said != event.said:
            event.said = said
            count += 1
    session.flush()
    lines = select(PurchaseLine).where(PurchaseLine.assessment_id == assessment_id)
    for line in session.scalars(lines, execution_options={"populate_existing": True}).all():
        if text not in {line.good, line.supplier}:
            continue
        line.good, line.supplier = (MARK if part == text else part for part in (line.good, line.supplier))
        line.revision, line.changed_at = line.revision + 1, now
        said = {
            "good": line.good,
            "country": line.country,
            "share": line.share,
            "supplier": line.supplier,
            "removed": line.removed,
        }
        session.flush()
        session.execute(
            insert(PurchaseEvent).values(
                assessment_id=assessment_id, number=line.number, revision=line.revision, said=said, at=now
            )
        )
        count += 1
    return count


def _notes(session: Session, assessment_id: uuid.UUID) -> Iterable[Kept]:
    notes = session.scalars(select(BuyerLink.note).where(BuyerLink.assessment_id == assessment_id))
    return [Kept(note, NOTE) for note in notes]


def _out_of_notes(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    return marked_in(session, BuyerLink.note, BuyerLink.assessment_id == assessment_id, text)


def _sent_in(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    for submission in _submissions(session, assessment_id):
        seal = None if submission.seal is None else Seal.read(submission.seal.data)
        for path, text in texts_in(seal, submission.record):
            if not _said_in_words_of_ours(path, submission.record):
                yield Kept(text, SENT_IN, earlier=True)


def _said_in_words_of_ours(path: str, record: dict[str, Any]) -> bool:
    """Rows in words repeat cells; a good that a list knows is no words of the business's own."""
    parts = path.split("/")
    if "answer_text" in parts or parts[-1] == "name" or parts[2:3] == ["steps"]:
        return True
    known = parts[-1] == "good" and record["purchases"]["lines"][int(parts[3])]["known_as"] is not None
    return bool(known)


def _out_of_submissions(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    count = 0
    for submission in _submissions(session, assessment_id):
        kept = submission.seal
        seal = late_seal(submission.record, submission.digest) if kept is None else Seal.read(kept.data)
        changed = None if seal is None else without(seal, submission.record, text)
        if changed is None:
            continue
        record, sealed = changed
        session.execute(
            update(Submission).where(Submission.id == submission.id).values(record=record), execution_options=_QUIETLY
        )
        if kept is None:
            session.add(SubmissionSeal(submission_id=submission.id, data=sealed.as_data()))
        else:
            kept.data = sealed.as_data()
        session.flush()
        session.expire(submission)
        count += 1
    return count


def _submissions(session: Session, assessment_id: uuid.UUID) -> list[Submission]:
    wanted = select(Submission).where(Submission.assessment_id == assessment_id).order_by(Submission.number)
    return list(session.scalars(wanted))


PLACES = (
    Place("answers", _answers, _out_of_answers),
    Place("purchases", _bought, _out_of_purchases),
    Place("buyer links", _notes, _out_of_notes),
    Place("submissions", _sent_in, _out_of_submissions),
)
