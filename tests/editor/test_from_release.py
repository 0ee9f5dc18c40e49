from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.models import ShelfReason
from assess.banks.shelves import plant, set_up_next
from assess.editor.from_release import MOST_LINES, begin_with_release, brought, names_brought
from assess.people.models import Desk, Person
from tests.shelves import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OWNERS = "owners.yaml"


@pytest.fixture
def release(session: Session, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    plant(session, folder, NOW)
    return folder


def change_here(session: Session) -> None:
    set_up_next(session, {OWNERS: b"ours: text\n"}, NOW, reason=ShelfReason.PUBLISHED)


def bring(session: Session, folder: Path, text: bytes) -> None:
    (folder / OWNERS).write_bytes(text)
    plant(session, folder, NOW)


def test_a_text_that_ours_was_made_from_is_nothing_new(session: Session, release: Path) -> None:
    assert names_brought(session) == []
    change_here(session)
    bring(session, release, (release / OWNERS).read_bytes())
    assert names_brought(session) == []


def test_another_text_of_a_file_that_was_changed_here_is_told_with_its_lines(session: Session, release: Path) -> None:
    change_here(session)
    bring(session, release, b"theirs: text\n" * (MOST_LINES + 5))
    [one] = brought(session, release)
    assert (one.name, one.lines[:2], one.more) == (OWNERS, ("-ours: text", "+theirs: text"), 6)


def test_a_draft_takes_the_text_of_the_release(session: Session, release: Path) -> None:
    change_here(session)
    bring(session, release, b"theirs: text\n")
    person = Person(email="ann@desk.example", desk=Desk.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    draft = begin_with_release(session, [OWNERS], person.id, NOW, release)
    assert keeping.sheets_of(session, draft) == {OWNERS: b"theirs: text\n"}
    (release / OWNERS).unlink()
    with pytest.raises(keeping.DraftError, match="not beside the programme"):
        begin_with_release(session, [OWNERS], person.id, NOW, release)
