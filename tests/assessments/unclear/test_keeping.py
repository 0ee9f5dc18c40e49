from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.unclear import keeping
from assess.assessments.unclear.keeping import (
    TooManyNotesError,
    counts_of_notes,
    forget_old_notes,
    month_of,
    notes_on,
    write_down,
)
from assess.assessments.unclear.models import UnclearNote

pytestmark = pytest.mark.both_databases


def on(year: int, month: int) -> datetime:
    return datetime(year, month, 15, 12, tzinfo=UTC)


def test_a_note_is_shown_when_its_month_is_over(session: Session) -> None:
    write_down(session, "farming", 2, "pay", "What is a rota?", on(2026, 11))
    assert notes_on(session, "pay", on(2026, 11).date()) == []
    assert counts_of_notes(session, on(2026, 11).date())["pay"] == 0
    (note,) = notes_on(session, "pay", on(2026, 12).date())
    assert (note.month, note.words, note.edition) == ("2026-11", "What is a rota?", 2)
    assert counts_of_notes(session, on(2026, 12).date())["pay"] == 1


def test_notes_go_after_some_months(session: Session) -> None:
    for month in (4, 5):
        write_down(session, "farming", 1, "pay", "Hm?", on(2026, month))
    forget_old_notes(session, on(2027, 11), months=18)
    assert session.scalars(select(UnclearNote.month)).all() == ["2026-05"]
    forget_old_notes(session, on(2027, 12), months=18)
    assert session.scalar(select(func.count()).select_from(UnclearNote)) == 0


def test_so_many_and_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_OF_A_MONTH", 1)
    write_down(session, "farming", 1, "pay", "Hm?", on(2026, 11))
    with pytest.raises(TooManyNotesError):
        write_down(session, "farming", 1, "pay", "Hm again?", on(2026, 11))
    write_down(session, "farming", 1, "pay", "Hm?", on(2026, 12))


def test_a_month_is_written_so_that_earlier_ones_come_first() -> None:
    assert month_of(on(2026, 9).date()) < month_of(on(2026, 10).date()) < month_of(on(2027, 1).date())
