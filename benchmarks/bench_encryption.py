"""What encryption at rest costs: a question page, scoring of stored answers, and a stored file, each with it and without it in one run.

Run: python -m benchmarks.bench_encryption. "Without" is the same site with a cipher that only writes base64. CPU time of the process,
the two in turn, medians of many rounds.
"""

from __future__ import annotations

import base64
import hashlib
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from assess.app import create_app
from assess.assessments.models import Assessment
from assess.assessments.queries import clear_answer_cache
from assess.assessments.services import get_answers, get_assessment, get_business_details, save_business_details
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.encryption import HEADER_LENGTH, Ciphertext, Keyring, use_keys
from assess.core.models import StoredPdf
from assess.engine.scoring import score_answers
from assess.identity.models import Organisation
from assess.question_banks.editions import load_edition
from assess.question_banks.files import read_folder
from assess.question_banks.settings import settings_from
from benchmarks.bench_page import QUESTIONNAIRES, bare_app, begin, spent

ROUNDS = 40
BANK = "farming"
PAGE_AT_MOST, SCORING_AT_MOST = 0.2, 1.2
FILE = 300_000
"""Bytes of a printed plan, more or less."""


class Base64Only(Keyring):
    """Encrypts nothing."""

    def encrypt(self, plain: bytes, place: str, *, key: str | None = None) -> Ciphertext:  # noqa: ARG002  # as the real one
        return Ciphertext("1-.00000000." + base64.b64encode(plain).decode("ascii"))

    def decrypt(self, token: str, place: str) -> bytes:  # noqa: ARG002  # as the real one
        return base64.b64decode(token[HEADER_LENGTH:])


class Site:
    """One site with somebody half-way through a full assessment, and a file."""

    def __init__(self, folder: Path, keys: Keyring | None) -> None:
        app = create_app(Settings(env="development", data_folder=folder, operator_name="Bench"))
        app.testing = True
        self.database: Database = app.extensions["assess.database"]
        if keys is not None:
            use_keys(self.database.engine, keys)
        self.client: FlaskClient = app.test_client()
        self.sections = begin(self.client, BANK)
        with self.database.writing() as session:
            self.assessment = session.scalars(select(Assessment.id)).one()
            firm = Organisation(name="Fen Edge", made_at=datetime.now(UTC))
            session.add(firm)
            session.flush()
            self.content = hashlib.shake_256(b"a file").digest(FILE)
            self.file = StoredPdf(organisation_id=firm.id, kind="plan_index", key="", digest="", made_at=firm.made_at)
            self.file.content = self.content
            session.add(self.file)

    def save(self) -> None:
        """Change something, so that the next page has something new to read."""
        with self.database.writing() as session:
            seen = get_business_details(session, self.assessment).get("name")
            name = f"Fen Edge {seen.revision if seen else 0}"
            revision = {"name": seen.revision} if seen else {}
            save_business_details(session, self.assessment, {"name": name}, revision, datetime.now(UTC))

    def work_out(self, scoring: Any) -> None:
        """Read the stored answers and score them."""
        with self.database.reading() as session:
            said = {name: one.value for name, one in get_answers(session, self.assessment).items()}
            edition = load_edition(session, get_assessment(session, self.assessment).edition_id).edition
        score_answers(edition, said, scoring)

    def take(self) -> None:
        """Read the file."""
        with self.database.reading() as session:
            session.scalars(select(StoredPdf.content).where(StoredPdf.id == self.file.id)).one()

    def put(self) -> None:
        """Write the file."""
        with self.database.writing() as session:
            session.get_one(StoredPdf, self.file.id).content = self.content + os.urandom(1)


def in_turn(*works: Callable[[], object], before: Callable[[], None] = lambda: None) -> list[float]:
    """The medians of these works, done in turn, each time the other way round. `before` each of them is not measured."""
    taken: list[list[float]] = [[] for _ in works]
    pairs = list(zip(works, taken, strict=True))
    for _ in range(ROUNDS):
        for one, into in pairs:
            before()
            into.append(spent(one))
        pairs.reverse()
    return [statistics.median(one) for one in taken]


def main() -> int:
    """Measure, print, and say by the exit code whether it is cheap enough."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        figures = os.fdopen(os.dup(1), "w")
        os.dup2(nowhere.fileno(), 1)
        ours, theirs = Site(Path(folder) / "ours", None), Site(Path(folder) / "theirs", Base64Only(bytes(32)))
        pages: list[float] = []
        first: list[float] = []

        def both_save() -> None:
            ours.save()
            theirs.save()

        for one, other in zip(ours.sections, theirs.sections, strict=True):
            bare = bare_app(ours.client.get(one).data).test_client()
            works = (
                lambda at=one: ours.client.get(at),
                lambda at=other: theirs.client.get(at),
                lambda at=bare: at.get("/"),
            )
            for before, into in ((both_save, pages), (clear_answer_cache, first)):
                with_it, without, least = in_turn(*works, before=before)
                into.append((with_it - without) / least)
        page, after_nothing = statistics.median(pages), statistics.median(first)
        scoring = settings_from(read_folder(QUESTIONNAIRES), date(2026, 11, 24)).scoring
        scored, plainly = in_turn(lambda: ours.work_out(scoring), lambda: theirs.work_out(scoring))
        taken, plainly_taken = in_turn(ours.take, theirs.take)
        put, plainly_put = in_turn(ours.put, theirs.put)
        print(
            f"encryption: a question page after a save costs {page:.2f} bare pages more (aim: at most {PAGE_AT_MOST:g}), "
            f"and {after_nothing:.2f} in a process that has read nothing of the assessment yet",
            file=figures,
        )
        print(
            f"encryption: scoring stored answers takes {scored / plainly:.2f} times as long (aim: at most {SCORING_AT_MOST:g})",
            file=figures,
        )
        print(
            f"encryption: a file of {FILE // 1000} kB is read in {taken / plainly_taken:.2f} and written in {put / plainly_put:.2f} times "
            f"as long ({1000 * (taken - plainly_taken):.2f} and {1000 * (put - plainly_put):.2f} ms more)",
            file=figures,
        )
    return 0 if page <= PAGE_AT_MOST and scored / plainly <= SCORING_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
