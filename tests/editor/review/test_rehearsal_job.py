from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.banks.drafts.models import Draft
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.editions import edition_of, latest
from assess.editor.review import rehearsal_job
from assess.editor.review.figures import from_data
from assess.editor.review.gate import Case
from assess.editor.review.models import Rehearsal
from assess.editor.review.rehearsal_job import rehearse_draft, said_in
from assess.editor.review.rehearsals import basis_of, order
from assess.editor.workbench import workbench
from assess.engine.carry_over import carry_over
from assess.engine.rehearsing import Outcome, Tally, taken_along
from assess.engine.scoring import score
from assess.kit.config import Settings
from assess.kit.db import Database
from tests.conftest import TODAY
from tests.editor.review.shop import FAMILY, HARDER, HIRED, LONG, OTHERS, SETTINGS, a_draft, change, submitted

pytestmark = pytest.mark.both_databases


class AtWork:
    """What a job is given, without a worker around it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = Settings(env="development")
        self.told: list[tuple[int, int]] = []

    def now(self) -> datetime:
        return TODAY

    def progress(self, done: int, total: int) -> None:
        self.told.append((done, total))


class KilledError(Exception):
    pass


def ordered(session: Session, draft: Draft) -> Rehearsal:
    """Order the rehearsal of the shop, and commit."""
    at_work = workbench(session, draft, TODAY)
    (standing,) = Case(session, at_work, TODAY).rehearsals
    made = order(
        session, draft, standing, basis_of(standing.change, at_work.shelf, TODAY), draft.author_id or draft.id, TODAY
    )
    session.commit()
    return made


def finished(database: Database, one: Rehearsal) -> Rehearsal:
    with database.reading() as look:
        return look.get_one(Rehearsal, one.id)


def test_what_is_predicted_is_what_comes_true(
    shop: Session, database: Database, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    submitted(shop, [FAMILY, HIRED, LONG] * 5)
    draft = a_draft(shop, ann, HARDER, OTHERS)
    one = ordered(shop, draft)
    rehearse_draft(AtWork(database), rehearsal_id=one.id.hex)
    predicted = from_data(finished(database, one).counts)
    ask_for_review(shop, draft, ann, "", TODAY)
    publish_draft(shop, draft, ben, "", TODAY)
    shop.commit()
    new = latest(shop, "shop").edition
    moves = {}
    for past in shop.scalars(select(Submission)):
        old = edition_of(shop, past.edition_id).edition
        said = said_in(past.record["sections"], quick=past.record["quick"], evidence=past.record["evidence"])
        after = score(new, taken_along(carry_over(old, new, said.answers)), SETTINGS.scoring)
        assert past.band == score(old, said.answers, SETTINGS.scoring).band
        moves[past.band, after.band] = moves.get((past.band, after.band), 0) + 1
    assert dict(predicted.moves) == moves
    assert predicted.all == 15
    assert predicted.outcomes[Outcome.BAND] > 0
    assert set(predicted.because) == {"hours", "staff"}


def test_submissions_of_older_editions_count_by_their_own(
    shop: Session, database: Database, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    submitted(shop, [LONG] * 5)
    first = a_draft(shop, ann, HARDER)
    ask_for_review(shop, first, ann, "", TODAY)
    publish_draft(shop, first, ben, "", TODAY)
    submitted(shop, [LONG] * 5)
    one = ordered(shop, a_draft(shop, ann, ("common/start.yaml", "{up_to: 48, points: 0}", "{up_to: 50, points: 0}")))
    rehearse_draft(AtWork(database), rehearsal_id=one.id.hex)
    outcomes = from_data(finished(database, one).counts).outcomes
    assert outcomes == {Outcome.SCORE: 5, Outcome.SAME: 5}


def test_a_worker_that_is_killed_leaves_whole_parts_and_the_next_goes_on(
    shop: Session, database: Database, ann: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(shop, [FAMILY, LONG] * 6)
    one = ordered(shop, a_draft(shop, ann, HARDER))
    monkeypatch.setattr(rehearsal_job, "AT_ONCE", 4)
    work = AtWork(database)

    def killed(_done: int, _total: int) -> None:
        raise KilledError

    monkeypatch.setattr(work, "progress", killed)
    with pytest.raises(KilledError):
        rehearse_draft(work, rehearsal_id=one.id.hex)
    assert (finished(database, one).counted, finished(database, one).ended_at) == (4, None)
    again = AtWork(database)
    rehearse_draft(again, rehearsal_id=one.id.hex)
    done = finished(database, one)
    assert (done.counted, done.total, from_data(done.counts).all) == (10, 10, 10), "the newest two are not counted yet"
    assert again.told == [(8, 10)]
    rehearse_draft(again, rehearsal_id=one.id.hex)
    assert finished(database, one).counts == done.counts, "doing it twice is doing it once"


def test_a_part_that_another_worker_kept_meanwhile_is_not_added_again(
    shop: Session, database: Database, ann: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(shop, [LONG] * 10)
    one = ordered(shop, a_draft(shop, ann, HARDER))
    count = rehearsal_job.next_part

    def slow(session: Session, this: uuid.UUID, trial: rehearsal_job.Trial) -> tuple[rehearsal_job.Done, Tally]:
        counted = count(session, this, trial)
        monkeypatch.setattr(rehearsal_job, "next_part", count)
        session.close()
        rehearse_draft(AtWork(database), rehearsal_id=one.id.hex)
        return counted

    monkeypatch.setattr(rehearsal_job, "next_part", slow)
    rehearse_draft(AtWork(database), rehearsal_id=one.id.hex)
    assert finished(database, one).counted == 10


def test_a_draft_that_was_changed_meanwhile_is_not_rehearsed_to_its_end(
    shop: Session, database: Database, ann: uuid.UUID
) -> None:
    submitted(shop, [LONG] * 5)
    draft = a_draft(shop, ann, HARDER)
    one = ordered(shop, draft)
    change(shop, draft, ann, "common/start.yaml", "- {points: 4}\n", "- {points: 1}\n")
    shop.commit()
    rehearse_draft(AtWork(database), rehearsal_id=one.id.hex)
    assert finished(database, one).ended_at is None
    rehearse_draft(AtWork(database), rehearsal_id=uuid.uuid4().hex)


def test_only_what_was_answered_is_tried() -> None:
    section = {"questions": [{"id": "staff", "answer": "family"}, {"id": "hours", "answer": None}]}
    past = said_in([section], quick=True, evidence=["staff"])
    assert (dict(past.answers), past.quick, past.evidence) == ({"staff": "family"}, True, frozenset({"staff"}))
