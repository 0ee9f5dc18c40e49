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

import assess.plans.shares.models  # noqa: F401  # whoever submits anew ends what was asked of shares, so their tables must be known
from assess.assessments.answering import start
from assess.assessments.links import make_resume_link
from assess.assessments.submitting import submit
from assess.banks.models import Edition, Stage
from assess.kit.db import Database
from assess.kit.db import database as opened
from assess.plans.register.keeping import item_of
from assess.plans.register.state import ItemState
from assess.plans.shares import models as shares  # noqa: F401  # who submits is told of in its tables, in a test on its own too
from tests.conftest import Visitor
from tests.engine.real_banks import compiled
from tests.plans.conftest import Submitted
from tests.plans.records import scenario

KEY = "core_time_records"
"""An ordinary action of the submitted farm."""


@dataclass(frozen=True)
class Kept:
    """A submission in a database: its own id and that of its assessment, and the digest of its record."""

    assessment_id: uuid.UUID
    id: int
    digest: str


def keep_record(database: Database, record: dict[str, Any], now: datetime) -> Kept:
    """Store a record as the first submission of a new assessment. Its edition is the real one, which a buyer's copy is read from."""
    real = compiled(record["edition"]["bank"])
    with database.writing() as session:
        edition = Edition(
            bank=real.bank,
            number=1,
            stage=Stage.PUBLISHED,
            source={},
            compiled=real.document,
            digest=real.digest,
            published_at=now,
        )
        session.add(edition)
        session.flush()
        begun = start(session, edition.id, quick=False, now=now)
        made = submit(session, begun.id, lambda _said: record, now)
        return Kept(begun.id, made.id, made.digest)


def submit_another(database: Database, now: datetime) -> Kept:
    """Somebody else submits, on the edition that is there."""
    with database.writing() as session:
        begun = start(session, session.scalars(select(Edition.id)).one(), quick=False, now=now)
        made = submit(session, begun.id, lambda _said: scenario("farming", "farming low"), now)
        return Kept(begun.id, made.id, made.digest)


@pytest.fixture
def kept(database: Database, now: datetime) -> Kept:
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
        with app.app_context(), opened().reading() as look:
            return item_of(look, submitted.submission_id, KEY)

    return read


def fill(visit: Any, address: str, **typed: Any) -> Any:
    """Open the page of an action and send its form, filled in like this."""
    visit(address)
    return visit.send(**{"response": "accepted", "status": "open", "go": "list", **typed})
