"""The job that rehearses: past submissions in short parts, each part counted and marked in one transaction.

A worker may be killed at any moment: the next one goes on after the last part that was kept. Answers are read from what was frozen, and
nothing is kept of them but counts.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.banks.checking import known_settings
from assess.banks.drafts.keeping import shelf_with
from assess.banks.drafts.models import Draft
from assess.banks.editions import edition_of
from assess.banks.looking import look_at
from assess.editor.review.figures import as_data, from_data
from assess.editor.review.models import Rehearsal
from assess.editor.review.rehearsals import counts_alike
from assess.engine.bank import Edition
from assess.engine.rehearsing import Past, Tally, rehearse
from assess.engine.settings import ScoringSettings
from assess.kit.clock import date_at
from assess.kit.jobs.registry import Work

AT_ONCE = 250
"""Submissions counted in one part: about half a second."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What submissions are tried on: the edition a draft would make, and the settings of both."""

    edition: Edition
    settings: ScoringSettings


def rehearse_draft(work: Work, *, rehearsal_id: str) -> None:
    """Count part after part. A draft that was changed or ended meanwhile is not rehearsed to its end."""
    this = uuid.UUID(hex=rehearsal_id)
    with work.database.reading() as look:
        trial = trial_of(look, this, work.now())
    if trial is None:
        return
    while True:
        with work.database.reading() as look:
            done, tally = next_part(look, this, trial)
        with work.database.writing() as session:
            how_far = _keep(session, this, done, tally, work.now())
        if how_far is None:
            return
        work.progress(*how_far)


def trial_of(session: Session, rehearsal_id: uuid.UUID, now: datetime) -> Trial | None:
    """What is tried; None when the draft does not say the same any more."""
    one = session.get(Rehearsal, rehearsal_id)
    draft = session.get(Draft, one.draft_id) if one is not None else None
    if one is None or one.ended_at is not None or draft is None:
        return None
    shelf = shelf_with(session, draft)
    checked = look_at(shelf, now).checked.get(one.bank)
    settings = known_settings(shelf, date_at(now))
    if checked is None or checked.compiled is None or checked.edition is None or settings is None:
        return None
    return Trial(checked.edition, settings.scoring) if checked.compiled.digest == one.after else None


@dataclass(frozen=True, slots=True)
class Done:
    """A part: after which submission it began, the last one it counted, and how many."""

    after: int
    until: int
    number: int


def next_part(session: Session, rehearsal_id: uuid.UUID, trial: Trial) -> tuple[Done, Tally]:
    """The next submissions counted. A part without any is the end."""
    one = session.get_one(Rehearsal, rehearsal_id, populate_existing=True)
    alike = counts_alike(session, one.bank, trial.edition)
    rows = session.execute(
        select(Submission.id, Submission.edition_id, Submission.record)
        .where(Submission.sector == one.bank, Submission.id > one.done_until, Submission.id <= one.until)
        .where(Submission.edition_id.in_(alike))
        .order_by(Submission.id)
        .limit(AT_ONCE)
    ).all()
    own = {edition_id: edition_of(session, edition_id).edition for edition_id in {row.edition_id for row in rows}}
    tally = Tally()
    for row in rows:
        told = row.record.get
        past = said_in(told("sections"), quick=told("quick"), evidence=told("evidence"))
        for outcome in rehearse(own[row.edition_id], trial.edition, [past], trial.settings):
            tally.add(outcome)
    return Done(one.done_until, rows[-1].id if rows else one.until, len(rows)), tally


def said_in(sections: object, *, quick: object, evidence: object) -> Past:
    """What a frozen record says was answered: the questions that were shown."""
    answers = {
        question["id"]: question["answer"]
        for section in (sections if isinstance(sections, list) else ())
        for question in section["questions"]
        if question["answer"] is not None
    }
    noted = frozenset(evidence) if isinstance(evidence, list) else frozenset()
    return Past("", answers, quick=bool(quick), evidence=noted)


def _keep(session: Session, rehearsal_id: uuid.UUID, done: Done, tally: Tally, now: datetime) -> tuple[int, int] | None:
    """Add a part to what is kept. Returns how far it is; None at the end, or when another worker was faster."""
    wanted = select(Rehearsal).where(Rehearsal.id == rehearsal_id).with_for_update()
    one = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if one is None or one.ended_at is not None or one.done_until != done.after:
        return None
    counted = from_data(one.counts)
    for name in ("outcomes", "moves", "because", "left_behind", "to_confirm", "newly_missing"):
        getattr(counted, name).update(getattr(tally, name))
    one.counts = as_data(counted)
    one.done_until, one.counted = done.until, one.counted + done.number
    if done.until >= one.until:
        one.ended_at = now
        return None
    return one.counted, one.total
