from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft, DraftDeed
from assess.banks.shelves import plant
from assess.editor.changing import MovedOnError, change_sheet, thing_at
from assess.editor.workbench import mark_of, workbench
from tests.people.persons import a_person
from tests.shelves import SHOP, SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def ann(session: Session) -> uuid.UUID:
    return a_person(session, "ann@desk.example", desk="coordinator").id


@pytest.fixture
def draft(session: Session, ann: uuid.UUID, tmp_path: Path) -> Draft:
    plant(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), NOW)
    return keeping.begin(session, "Clearer words", ann, NOW)


def test_one_text_is_one_line_and_whoever_saw_it_before_is_told(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    spot = workbench(session, draft, NOW).question("shop", "papers")
    assert spot

    def reword(words: str) -> Any:  # a function of the data
        def edit(data: dict[str, Any]) -> None:
            thing_at(data, spot.path, spot.seen)["ask"] = words

        return edit

    before = keeping.sheet_of(session, draft, SHOP) or b""
    change_sheet(session, draft, SHOP, reword("Who has the papers?"), ann, NOW, what="its words")
    after = keeping.sheet_of(session, draft, SHOP) or b""
    assert sum(a != b for a, b in zip(before.splitlines(), after.splitlines(), strict=True)) == 1
    with pytest.raises(MovedOnError) as told:
        change_sheet(session, draft, SHOP, reword("Whose are the papers?"), ann, NOW, what="its words")
    assert told.value.theirs
    assert told.value.theirs["ask"] == "Who has the papers?"
    assert keeping.sheet_of(session, draft, SHOP) == after


def test_nothing_changed_leaves_no_event(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    change_sheet(session, draft, SHOP, lambda _data: None, ann, NOW, what="nothing")
    assert [event.deed for event in keeping.history_of(session, draft)] == [DraftDeed.BEGUN]
    assert keeping.sheets_of(session, draft) == {}


def test_a_thing_that_is_gone_is_told() -> None:
    with pytest.raises(MovedOnError) as told:
        thing_at({"sections": []}, ("sections", 0), mark_of({}))
    assert told.value.theirs is None
