"""A note leads to nobody: nothing in its row points anywhere, and no row of it lies in an order of time."""

from __future__ import annotations

from assess.assessments.unclear.models import UnclearNote


def test_a_note_hangs_on_nothing() -> None:
    table = UnclearNote.__table__
    assert not table.foreign_keys
    assert {column.name for column in table.columns} == {"id", "bank", "edition", "question", "month", "words"}
    assert table.dialect_options["sqlite"]["with_rowid"] is False
