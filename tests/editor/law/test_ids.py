from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assess.banks.models import ShelfReason
from assess.banks.shelves import plant, set_up_next
from assess.editor.law.ids import holds, used_before
from assess.editor.law.kinds import DUTIES, SOURCES
from tests.shelves import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["  - id: pay\n", "  - {id: pay, title: Pay}\n", '  - id: "pay"\n', "  - id: pay # once\n"]
)
def test_an_id_is_seen_however_it_is_written(text: str) -> None:
    assert holds(DUTIES, text, "pay")
    assert not holds(DUTIES, text, "pa")


def test_a_group_names_its_things_by_key() -> None:
    assert holds(SOURCES, "sources:\n  S1: {document: x}\n", "S1")
    assert not holds(SOURCES, "sources:\n  S10: {document: S1}\n", "S1")


def test_what_was_taken_away_long_ago_is_still_known(session: Session, tmp_path: Path) -> None:
    plant(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), NOW)
    set_up_next(session, {"duties/uk.yaml": b"format: 1\nduties: []\n"}, NOW, reason=ShelfReason.PUBLISHED)
    assert used_before(session, DUTIES, frozenset({"duties/uk.yaml"}), "accounts")
    assert not used_before(session, DUTIES, frozenset({"duties/uk.yaml"}), "never_there")
