"""How long a rehearsal of five thousand submissions takes on one core, from the rows of the database to the counts.

Run: python -m benchmarks.bench_rehearsal [SUBMISSIONS]. The submissions are variations of the scenarios of one bank, as they are frozen, in
SQLite in a file; a table of points is changed in the draft. It stops with an error if any is not counted. The ratio to scoring the same
answers twice is free of the machine it runs on.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import uuid
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

import assess.sharing.models  # noqa: F401  # all tables there are
from assess.app import prepare
from assess.assessments.models import Assessment, Submission
from assess.bank_editor.draft_context import load_draft_context
from assess.bank_editor.models import DryRun
from assess.bank_editor.review.dry_runs import answers_in_record, dry_run_basis, request_dry_run, run_dry_run
from assess.bank_editor.review.publish_checks import PublishReadiness
from assess.core.config import Settings
from assess.core.db import Database
from assess.engine.scoring import score_answers
from assess.question_banks import drafts
from assess.question_banks.editions import current_edition
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from benchmarks.bench_scoring import varied
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.identity.accounts_factory import a_person
from tests.plans.records import a_record, answers_of

SUBMISSIONS = 5_000
DIFFERENT = 60
"""Records that differ: to make each takes longer than to score it."""
BANK = "farming"
UNSIGNED = b"by hand, points: 3}", b"by hand, points: 2}"
"""Points that no sign rests on: a change of the others is not tried on submissions."""


class AtWork:
    """What a job is given, without a worker around it."""

    def __init__(self, database: Database) -> None:
        """Only the database is looked at."""
        self.database, self.settings = database, Settings(env="development")

    def now(self) -> datetime:
        """The moment all tests live in."""
        return TODAY

    def progress(self, done: int, total: int) -> None:
        """Nobody watches."""


def records() -> list[dict[str, Any]]:
    """Records of varied scenarios, the same at each run."""
    rnd, questions = Random(20261124), {one.id: one for one in edition_of(BANK).questions()}
    made = []
    for number in range(DIFFERENT):
        title = f"{BANK} {('low', 'medium', 'critical')[number % 3]}"
        made.append(a_record(BANK, title, change=varied(rnd, questions, answers_of(BANK, title))))
    return made


def fill(database: Database, several: list[dict[str, Any]], number: int) -> DryRun:
    """So many submissions, a draft that changes points, and its rehearsal ordered."""
    with database.writing() as session:
        edition_id = current_edition(session, BANK).id
        ids = [uuid.uuid4() for _ in range(number)]
        session.execute(
            insert(Assessment),
            [
                {"id": one, "edition_id": edition_id, "quick": False, "started_at": TODAY, "changed_at": TODAY}
                for one in ids
            ],
        )
        for at, one in enumerate(ids):
            record = several[at % len(several)]
            columns = {"assessment_id": one, "number": 1, "edition_id": edition_id, "engine": 1, "record": record}
            more = {"digest": "d" * 64, "sector": BANK, "score": 1.0, "band": "low", "made_at": TODAY}
            session.execute(insert(Submission), [{**columns, **more}])
        person = a_person(session, "ann@desk.example", desk="coordinator")
        draft = drafts.create_draft(session, "Other points", person.id, TODAY)
        name = f"{BANK}.yaml"
        seen = drafts.file_in_draft(session, draft, name) or b""
        drafts.save_draft_file(
            session, draft, name, seen.replace(UNSIGNED[0], UNSIGNED[1]), person.id, TODAY, seen=seen
        )
        draft_context = load_draft_context(session, draft, TODAY)
        (status,) = PublishReadiness(session, draft_context, TODAY).dry_runs
        basis = dry_run_basis(status.change, draft_context.files, TODAY)
        return request_dry_run(session, draft, status, basis, person.id, TODAY)


def measure(folder: Path, number: int) -> None:
    """All of it, printed line by line."""
    settings = Settings(env="development", data_folder=folder)
    prepare(settings, clock=lambda: TODAY)
    database, several = Database(settings.database, settings.data_keys), records()
    one = fill(database, several, number)
    start = time.process_time()
    run_dry_run(AtWork(database), rehearsal_id=one.id.hex)
    taken = time.process_time() - start
    with database.reading() as session:
        done = session.get_one(DryRun, one.id)
    if done.ended_at is None or done.counted != number:
        sys.exit(f"only {done.counted} of {number} were counted")
    scoring = settings_from(bundled_files(), TODAY.date()).scoring
    pasts = [answers_in_record(one["sections"], quick=one["quick"], evidence=one["evidence"]) for one in several]
    start = time.process_time()
    for past in (*pasts, *pasts):
        score_answers(edition_of(BANK), past.answers, scoring, quick=past.quick, evidence=past.evidence)
    twice = (time.process_time() - start) / len(several)
    print(f"rehearsal: {number:,} submissions in {taken:.1f} s on one core, {taken / number * 1000:.2f} ms each")
    print(f"rehearsal: takes {taken / number / twice:.1f} times as long as scoring the same answers twice")
    print(f"rehearsal: {json.dumps(done.counts['outcomes'])}")
    database.close()


def main() -> None:
    """Make everything, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS)


if __name__ == "__main__":
    main()
