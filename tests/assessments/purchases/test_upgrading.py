"""A database of before there were purchases: nothing in it changes, and what a business buys can be listed then."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from assess.assessments.answering import answers_of, save_answers, start
from assess.assessments.models import Assessment
from assess.assessments.purchases.keeping import Change, add_lines, lines_of, save_lines
from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import is_intact, reopen, submission_of, submit
from assess.banks.models import Edition, Stage
from assess.kit.db import Database
from assess.kit.migrations import upgrade_to_head
from tests.kit.filled import columns_of, rows
from tests.kit.old_rows import copy_to_older

pytestmark = pytest.mark.both_databases

RECORD = {"engine": 1, "edition": {"bank": "b"}, "result": {"score": 11.0, "band": "low"}}


def test_a_database_of_before_keeps_every_row_and_can_list_purchases_then(
    database: Database, empty_url: str, now: datetime
) -> None:
    with database.writing() as session:
        edition = Edition(
            bank="b", number=1, stage=Stage.PUBLISHED, source={}, compiled={}, digest="0" * 64, published_at=now
        )
        session.add(edition)
        session.flush()
        mine = start(session, edition.id, quick=False, now=now).id
        save_answers(session, mine, {"p": "a", "q": "b"}, {}, now)
        submit(session, mine, lambda _said: RECORD, now)
        reopen(session, mine, now)
    old = Database(empty_url)
    upgrade_to_head(old.engine, revision="0008")
    copy_to_older(database, old)
    columns = columns_of(old)
    before = rows(old, columns)
    assert upgrade_to_head(old.engine)
    assert rows(old, columns) == before
    database = old
    with database.writing() as session:
        assert session.scalars(select(Assessment.id)).one() == mine
        assert answers_of(session, mine).keys() == {"p", "q"}
        assert is_intact(submission_of(session, mine)), "a record without purchases is still the one that was frozen"
        assert lines_of(session, mine) == []
        add_lines(session, mine, ["rice", "cleaning"], 0, now)
        save_lines(session, mine, {1: Change(1, {"country": "IN", "share": 12.5})}, now)
    for statement in ("UPDATE purchase_event SET revision = 7", "DELETE FROM purchase_event"):
        with database.writing() as session, pytest.raises(IntegrityError):
            session.execute(text(statement))
    with database.writing() as session:
        delete_assessment(session, mine)
    assert not any(rows(database, {name: ["number"] for name in ("purchase_line", "purchase_event")}).values())
    database.close()
