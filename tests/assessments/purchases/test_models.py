from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.purchases.keeping import add_lines
from assess.assessments.purchases.models import PurchaseEvent, PurchaseLine

pytestmark = pytest.mark.both_databases


def test_a_line_and_its_event_are_stored_as_they_were_said(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, ["rice"], 0, now)
    row, event = session.get_one(PurchaseLine, (begun, 1)), session.get_one(PurchaseEvent, (begun, 1, 1))
    assert (row.good, row.country, row.share, row.supplier, row.removed) == ("rice", None, None, "", False)
    assert event.said["good"] == "rice"
    assert event.at == row.changed_at == now


@pytest.mark.parametrize("statement", ["UPDATE purchase_event SET said = '{}'", "DELETE FROM purchase_event"])
def test_what_was_said_can_neither_be_altered_nor_removed_alone(
    session: Session, begun: uuid.UUID, now: datetime, statement: str
) -> None:
    add_lines(session, begun, ["rice"], 0, now)
    with pytest.raises(IntegrityError):
        session.execute(text(statement))


def test_two_lines_cannot_have_one_number(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, ["rice"], 0, now)
    session.expunge_all()
    session.add(
        PurchaseLine(
            assessment_id=begun, number=1, good="tea", country=None, share=None, supplier="", removed=False, revision=1,
            changed_at=now,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()
