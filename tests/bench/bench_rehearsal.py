"""How long a rehearsal of five thousand submissions takes on one core, from the rows of the database to the counts.

Run: python tests/bench/bench_rehearsal.py [SUBMISSIONS]. The submissions are variations of the scenarios of one bank, as they are frozen, in
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

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import insert

import assess.plans.shares.models  # noqa: F401  # all tables there are
from assess import prepare
from assess.assessments.models import Assessment, Submission
from assess.banks.drafts import keeping
from assess.banks.editions import latest
from assess.banks.settings import settings_on
from assess.editor.review.gate import Case
from assess.editor.review.models import Rehearsal
from assess.editor.review.rehearsal_job import rehearse_draft, said_in
from assess.editor.review.rehearsals import basis_of, order
from assess.editor.workbench import workbench
from assess.engine.scoring import score
from assess.kit.config import Settings
from assess.kit.db import Database
from tests.bench.bench_scoring import varied
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.people.persons import a_person
from tests.plans.records import a_record, answers_of

SUBMISSIONS = 5_000
DIFFERENT = 60
"""Records that differ: to make each takes longer than to score it."""
BANK = "farming"


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


def fill(database: Database, several: list[dict[str, Any]], number: int) -> Rehearsal:
    """So many submissions, a draft that changes points, and its rehearsal ordered."""
    with database.writing() as session:
        edition_id = latest(session, BANK).id
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
        draft = keeping.begin(session, "Other points", person.id, TODAY)
        name = f"{BANK}.yaml"
        seen = keeping.sheet_of(session, draft, name) or b""
        keeping.save(session, draft, name, seen.replace(b"points: 3}", b"points: 2}"), person.id, TODAY, seen=seen)
        at_work = workbench(session, draft, TODAY)
        (standing,) = Case(session, at_work, TODAY).rehearsals
        return order(session, draft, standing, basis_of(standing.change, at_work.shelf, TODAY), TODAY)


def measure(folder: Path, number: int) -> None:
    """All of it, printed line by line."""
    settings = Settings(env="development", data_folder=folder)
    prepare(settings, clock=lambda: TODAY)
    database, several = Database(settings.database, settings.data_keys), records()
    one = fill(database, several, number)
    start = time.process_time()
    rehearse_draft(AtWork(database), rehearsal_id=one.id.hex)
    taken = time.process_time() - start
    with database.reading() as look:
        done = look.get_one(Rehearsal, one.id)
    if done.ended_at is None or done.counted != number:
        sys.exit(f"only {done.counted} of {number} were counted")
    scoring = settings_on(Path(__file__).parents[2] / "questionnaires", TODAY.date()).scoring
    pasts = [said_in(one["sections"], quick=one["quick"], evidence=one["evidence"]) for one in several]
    start = time.process_time()
    for past in (*pasts, *pasts):
        score(edition_of(BANK), past.answers, scoring, quick=past.quick, evidence=past.evidence)
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
