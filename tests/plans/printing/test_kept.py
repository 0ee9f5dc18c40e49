from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from assess.assessments.models import Assessment, Submission
from assess.kit.db import Database, database
from assess.plans.printing.kept import kept, print_and_keep
from assess.plans.printing.models import Rendered
from assess.plans.printing.render import PrintingFailedError


@pytest.fixture
def store(app: Flask) -> Database:
    with app.app_context():
        return database()


def submission_in(store: Database, number: int) -> Submission:
    with store.reading() as look:
        found = look.get(Submission, number)
        assert found is not None
        return found


def test_a_file_is_printed_once_and_then_the_same(store: Database, submitted: Any, now: datetime) -> None:
    submission = submission_in(store, submitted.submission_id)
    assert kept(store, submission.id, "business") is None
    first = print_and_keep(store, submission, "business", lambda *_: b"first", now)
    second = print_and_keep(store, submission, "business", lambda *_: b"second", now)
    assert first == second == kept(store, submission.id, "business") == b"first"
    assert kept(store, submission.id, "buyer") is None


def test_what_failed_is_not_stored(store: Database, submitted: Any, now: datetime) -> None:
    def fail(*_: Any) -> bytes:
        raise PrintingFailedError("no")

    with pytest.raises(PrintingFailedError):
        print_and_keep(store, submission_in(store, submitted.submission_id), "business", fail, now)
    assert kept(store, submitted.submission_id, "business") is None


def test_what_was_deleted_while_it_was_printed_is_not_stored(store: Database, submitted: Any, now: datetime) -> None:
    submission = submission_in(store, submitted.submission_id)

    def slow(*_: Any) -> bytes:
        with store.writing() as session:
            session.execute(delete(Assessment))
        return b"late"

    assert print_and_keep(store, submission, "business", slow, now) == b"late"
    with store.reading() as look:
        assert look.scalar(select(func.count()).select_from(Rendered)) == 0


def test_files_go_with_their_assessment(store: Database, submitted: Any, now: datetime) -> None:
    print_and_keep(store, submission_in(store, submitted.submission_id), "buyer", lambda *_: b"file", now)
    with store.writing() as session:
        session.execute(delete(Assessment))
    assert kept(store, submitted.submission_id, "buyer") is None
