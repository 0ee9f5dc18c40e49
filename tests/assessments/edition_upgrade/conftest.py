"""A corner shop with two editions of its bank, and a way to publish a newer edition of a real bank."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import assess.sharing.models  # noqa: F401
from assess.assessments.services import start_assessment
from assess.core.db import Database
from assess.engine.bank import Edition
from assess.engine.bank_reader import document_digest
from assess.question_banks.editions import current_edition, load_edition
from assess.question_banks.models import EditionRow, EditionStage
from assess.question_banks.reader import compile_bank
from tests.conftest import TODAY
from tests.content_files import sound_but
from tests.identity.accounts_factory import database_of


@dataclass(frozen=True)
class TwoEditions:
    """Two editions, and an assessment that has the older one."""

    old_id: int
    new_id: int
    old: Edition
    new: Edition
    assessment_id: uuid.UUID


def question(document: dict[str, Any], name: str) -> dict[str, Any]:
    """One question of a compiled bank."""
    return next(one for section in document["sections"] for one in section["questions"] if one["id"] == name)


def without(document: dict[str, Any], name: str) -> None:
    """Take one question out of a compiled bank."""
    for section in document["sections"]:
        section["questions"] = [one for one in section["questions"] if one["id"] != name]


def a_newer_shop(document: dict[str, Any]) -> None:
    """`papers` means something else, `longest` took the place of `hours`, `till` is new, and one fact is not asked any more."""
    question(document, "papers")["rev"] = 2
    hours = question(document, "hours")
    hours |= {"id": "longest", "ask": "How long is the longest week?", "replaces": "hours"}
    question(document, "staff")["ask"] = "Who works in the shop?"
    work = document["sections"][1]["questions"]
    work.append({"id": "till", "ask": "Who is at the till?", "type": "text", "kind": "fact", "dimension": "pay"})
    document["checks"] = []
    facts = document["duty_book"]
    facts["facts"] = [fact for fact in facts["facts"] if fact["id"] != "turnover"]


def store(session: Session, document: dict[str, Any], number: int) -> int:
    """Publish a compiled bank under this number."""
    row = EditionRow(
        bank=document["bank"],
        number=number,
        stage=EditionStage.PUBLISHED,
        source={},
        compiled=document,
        digest=document_digest(document),
        published_at=TODAY,
    )
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def two(database: Database, now: datetime) -> TwoEditions:
    older = compile_bank(sound_but(), "shop").document
    newer = deepcopy(older)
    a_newer_shop(newer)
    with database.writing() as session:
        ids = store(session, older, 1), store(session, newer, 2)
        begun = start_assessment(session, ids[0], quick=False, now=now)
        return TwoEditions(*ids, load_edition(session, ids[0]).edition, load_edition(session, ids[1]).edition, begun.id)


@pytest.fixture
def publish(app: Flask) -> Callable[..., int]:
    """`publish("car_washes", edit)` publishes the next edition of a real bank with this change."""

    def next_one(bank: str, edit: Callable[[dict[str, Any]], None]) -> int:
        with database_of(app).writing() as session:
            now = current_edition(session, bank)
            row = session.get(EditionRow, now.id)
            assert row is not None
            document = deepcopy(row.compiled)
            edit(document)
            return store(session, document, now.ref.number + 1)

    return next_one
