from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import AssessmentUnknownError
from assess.assessments.careful.places import Kept, Place, mark_of, replaced, take_out, words_of
from assess.assessments.models import Redaction
from assess.engine.own_words import MARK
from assess.kit.events import provided_by
from tests.listed_instead import list_instead


@pytest.fixture
def one_place(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A room of a test that keeps two texts."""
    taken: list[str] = []
    kept = [Kept("old", "Room", earlier=True), Kept("new", "Room"), Kept("new", "Room", earlier=True), Kept("", "Room")]
    one = Place("room", lambda _s, _a: kept, lambda _s, _a, text, _n: taken.append(text) or 2)
    list_instead(monkeypatch, provided_by(Place, one))
    return taken


def test_each_text_is_listed_once_with_what_stands_now_first(
    session: Session, begun: uuid.UUID, one_place: list[str]
) -> None:
    assert [(words.text, words.where, words.earlier) for words in words_of(session, begun)] == [
        ("new", ["Room"], False),
        ("old", ["Room"], True),
    ]
    assert words_of(session, begun)[0].mark == mark_of("new")
    assert one_place == []


def test_taking_out_leaves_a_trace_without_the_words(
    session: Session, begun: uuid.UUID, one_place: list[str], now: datetime
) -> None:
    assert take_out(session, begun, "new", now) == 2
    assert one_place == ["new"]
    row = session.scalars(select(Redaction)).one()
    assert (row.assessment_id, row.began_at, row.finished_at, row.places) == (begun, now, now, 2)


def test_what_is_not_there_has_no_words(session: Session, one_place: list[str], now: datetime) -> None:
    with pytest.raises(AssessmentUnknownError):
        take_out(session, uuid.uuid4(), "new", now)
    assert one_place == []


def test_only_whole_texts_become_the_mark() -> None:
    value = {"a": ["x", "xy", 3], "b": {"c": "x"}, "d": None}
    assert replaced(value, "x") == {"a": [MARK, "xy", 3], "b": {"c": MARK}, "d": None}
