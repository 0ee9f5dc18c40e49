"""The first submissions of a bank, as far as they are counted: what was left open or not known, and when answers were typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.models import AnswerEvent, Part, Submission
from assess.banks.editions import edition_of
from assess.editor.use.counting import Answered, Counted, Typed, counted, whole_tens
from assess.engine.record import about_signs

MOST = 200
"""The newest submissions that are counted: what was said years ago is of other words."""
MOST_KEPT = 8

_kept: dict[tuple[str, tuple[int, ...]], Mapping[str, Counted]] = {}


def how_it_is_used(session: Session, bank: str, today: date) -> Mapping[str, Counted]:
    """How each scored question of a bank was answered, by its id. Kept until there are ten more."""
    ids = counted_ids(session, bank, today)
    key = bank, tuple(ids)
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = counted(_answered(session, ids))
    return _kept[key]


def counted_ids(session: Session, bank: str, today: date) -> Sequence[int]:
    """The first submissions of months that are over, in whole tens, the newest of them."""
    month = datetime(today.year, today.month, 1, tzinfo=UTC)
    wanted = select(Submission.id).where(Submission.sector == bank, Submission.number == 1, Submission.made_at < month)
    ids = session.scalars(wanted.order_by(Submission.made_at, Submission.id)).all()
    return ids[: whole_tens(len(ids))][-MOST:]


def _answered(session: Session, ids: Sequence[int]) -> list[Answered]:
    rows = session.execute(
        select(Submission.assessment_id, Submission.edition_id, Submission.record).where(Submission.id.in_(ids))
    )
    found = [(whose, edition_id, record["result"]["lines"]) for whose, edition_id, record in rows]
    typed = _typed(session, ids)
    quiet = {one: about_signs(edition_of(session, one).edition) for one in {edition_id for _, edition_id, _ in found}}
    return [
        Answered(
            {line["question"]: line["answer"] for line in of_one if line["question"] not in quiet[edition_id]},
            typed.get(assessment_id, {}),
        )
        for assessment_id, edition_id, of_one in found
    ]


def _typed(session: Session, ids: Sequence[int]) -> dict[uuid.UUID, dict[str, Typed]]:
    """When answers were typed, up to the submission."""
    whose, question = AnswerEvent.assessment_id, AnswerEvent.question
    wanted = (
        select(whose, question, func.min(AnswerEvent.at), func.max(AnswerEvent.at), func.count())
        .join(Submission, Submission.assessment_id == whose)
        .where(Submission.id.in_(ids), AnswerEvent.part == Part.ANSWER, AnswerEvent.at <= Submission.made_at)
        .group_by(whose, question)
    )
    found: dict[uuid.UUID, dict[str, Typed]] = {}
    for assessment_id, name, first, last, times in session.execute(wanted):
        found.setdefault(assessment_id, {})[name] = Typed(first, last, times)
    return found
