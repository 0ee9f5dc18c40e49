"""A submission on a bare database, for what needs no pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import assess.sharing.models  # noqa: F401  # whoever submits anew ends what was asked of shares, so their tables must be known  # noqa: F401
from assess.assessments.links import make_resume_link
from assess.assessments.services import start_assessment
from assess.assessments.submissions import submit_assessment
from assess.core.db import Database
from assess.core.db import database as opened
from assess.plans.action_tracker.services import get_item_state
from assess.plans.action_tracker.state import ItemState
from assess.question_banks.models import EditionRow, EditionStage
from tests.conftest import Visitor
from tests.engine.real_banks import compiled
from tests.plans.conftest import Submitted
from tests.plans.records import scenario

KEY = "core_time_records"
"""An ordinary action of the submitted farm."""


@dataclass(frozen=True)
class StoredSubmission:
    """A submission in a database: its own id and that of its assessment, and the digest of its record."""

    assessment_id: uuid.UUID
    id: int
    digest: str


def keep_record(database: Database, record: dict[str, Any], now: datetime) -> StoredSubmission:
    """Store a record as the first submission of a new assessment. Its edition is the real one, which a buyer's copy is read from."""
    real = compiled(record["edition"]["bank"])
    with database.writing() as session:
        edition = EditionRow(
            bank=real.bank,
            number=1,
            stage=EditionStage.PUBLISHED,
            source={},
            compiled=real.document,
            digest=real.digest,
            published_at=now,
        )
        session.add(edition)
        session.flush()
        begun = start_assessment(session, edition.id, quick=False, now=now)
        made = submit_assessment(session, begun.id, lambda _said: record, now)
        return StoredSubmission(begun.id, made.id, made.digest)


def submit_another(database: Database, now: datetime) -> StoredSubmission:
    """Somebody else submits, on the edition that is there."""
    with database.writing() as session:
        begun = start_assessment(session, session.scalars(select(EditionRow.id)).one(), quick=False, now=now)
        made = submit_assessment(session, begun.id, lambda _said: scenario("farming", "farming low"), now)
        return StoredSubmission(begun.id, made.id, made.digest)


@pytest.fixture
def kept(database: Database, now: datetime) -> StoredSubmission:
    """A medium farm, submitted."""
    return keep_record(database, scenario(), now)


@pytest.fixture
def colleague(app: Flask, another_visit: Visitor, submitted: Submitted, now: datetime) -> Visitor:
    """Somebody else of the same farm, with a browser of their own and a link to the same plan."""
    with app.app_context(), opened().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    another_visit(f"/r/{link.token}")
    another_visit.send(follow=False)
    return another_visit


@pytest.fixture
def item(submitted: Submitted) -> str:
    """The address of that action."""
    return submitted.item(KEY)


@pytest.fixture
def stored(app: Flask, submitted: Submitted) -> Callable[[], ItemState]:
    """What is kept of that action now."""

    def read() -> ItemState:
        with app.app_context(), opened().reading() as session:
            return get_item_state(session, submitted.submission_id, KEY)

    return read


def fill(visit: Any, address: str, **typed: Any) -> Any:
    """Open the page of an action and send its form, filled in like this."""
    visit(address)
    return visit.send(**{"response": "accepted", "status": "open", "go": "list", **typed})
