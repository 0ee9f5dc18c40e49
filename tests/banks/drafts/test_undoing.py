from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.keeping import DraftError, SheetChangedError
from assess.banks.drafts.models import Draft
from assess.banks.drafts.undoing import undo, undoable
from assess.banks.shelves import plant
from tests.people.persons import a_person
from tests.shelves import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SHEET = "owners.yaml"
NEW = b"new: text\n"


@pytest.fixture
def ann(session: Session) -> uuid.UUID:
    return a_person(session, "ann@desk.example", desk="coordinator").id


@pytest.fixture
def draft(session: Session, ann: uuid.UUID, tmp_path: Path) -> Draft:
    plant(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), NOW)
    return keeping.begin(session, "Clearer words", ann, NOW)


def test_an_edit_is_undone_and_an_undone_one_can_be_had_back(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    before = keeping.sheet_of(session, draft, SHEET)
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=before, what="its words")
    assert undoable(session, draft) == {2}
    undo(session, draft, 2, ann, NOW)
    assert keeping.sheet_of(session, draft, SHEET) == before
    assert keeping.sheets_of(session, draft) == {}
    undo(session, draft, 3, ann, NOW)
    assert keeping.sheet_of(session, draft, SHEET) == NEW
    assert [event.details.get("what") for event in keeping.history_of(session, draft)] == [
        None, "its words", "Undone: its words", "Undone: Undone: its words",
    ]  # fmt: skip


def test_what_was_edited_again_since_is_undone_last_first(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=keeping.sheet_of(session, draft, SHEET))
    keeping.save(session, draft, SHEET, b"later: text\n", ann, NOW, seen=NEW)
    with pytest.raises(SheetChangedError):
        undo(session, draft, 2, ann, NOW)
    undo(session, draft, 3, ann, NOW)
    assert keeping.sheet_of(session, draft, SHEET) == NEW
    with pytest.raises(DraftError, match="no edit"):
        undo(session, draft, 1, ann, NOW)


def test_a_new_file_is_undone_by_being_taken_off(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    keeping.save(session, draft, "building.yaml", b"bank: building\n", ann, NOW, seen=None)
    undo(session, draft, 2, ann, NOW)
    assert keeping.sheet_of(session, draft, "building.yaml") is None
