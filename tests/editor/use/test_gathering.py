from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assess.assessments.models import AnswerEvent, Assessment, Part, Submission
from assess.banks.models import Edition, Stage
from assess.banks.reader import compile_from
from assess.banks.sheets import read_folder
from assess.editor.use.counting import Counted
from assess.editor.use.gathering import counted_ids, how_it_is_used
from tests.conftest import TODAY
from tests.shelves import SOUND

LAST_MONTH = TODAY - timedelta(days=30)
LINES = [
    {"question": "pay", "answer": "dk"},
    {"question": "home", "answer": None},
    {"question": "papers", "answer": "we"},
]
"""“papers” can raise a sign in the edition that was answered."""


def an_edition(session: Session) -> int:
    shop = compile_from(read_folder(SOUND), "shop")
    made = Edition(
        bank="shop",
        number=1,
        stage=Stage.PUBLISHED,
        source={},
        compiled=shop.document,
        digest=shop.digest,
        published_at=LAST_MONTH,
    )
    session.add(made)
    session.flush()
    return made.id


def submitted(session: Session, edition_id: int, at: datetime, number: int = 1, lines: Any = LINES) -> uuid.UUID:
    found = Assessment(edition_id=edition_id, quick=False, started_at=at, changed_at=at)
    session.add(found)
    session.flush()
    record = {"result": {"lines": lines}}
    more = {"engine": 1, "digest": "0" * 64, "score": 1.0, "band": "low", "sector": "shop", "made_at": at}
    row = {"assessment_id": found.id, "number": number, "edition_id": edition_id, "record": record}
    session.execute(insert(Submission).values(row | more))  # without the register that hangs on whole records
    for question, revision, minutes in (("pay", 1, 50), ("home", 1, 40), ("pay", 2, 30), ("pay", 3, -10)):
        when = at - timedelta(minutes=minutes)
        event = {"part": Part.ANSWER, "question": question, "revision": revision, "before": None, "after": "dk"}
        session.add(AnswerEvent(assessment_id=found.id, at=when, **event))
    session.flush()
    return found.id


def test_only_whole_tens_of_first_submissions_of_months_that_are_over_count(session: Session) -> None:
    edition_id = an_edition(session)
    for _ in range(9):
        submitted(session, edition_id, LAST_MONTH)
    submitted(session, edition_id, TODAY)
    submitted(session, edition_id, LAST_MONTH, number=2)
    assert counted_ids(session, "shop", TODAY.date()) == []
    assert how_it_is_used(session, "shop", TODAY.date()) == {}
    for _ in range(6):
        submitted(session, edition_id, LAST_MONTH)
    assert len(counted_ids(session, "shop", TODAY.date())) == 10
    assert counted_ids(session, "office", TODAY.date()) == []
    assert how_it_is_used(session, "shop", TODAY.date()) == {
        "pay": Counted(10, not_known=10, changed=10),
        "home": Counted(10, left_open=10),
    }
