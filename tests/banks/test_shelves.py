from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from assess.banks.models import SheetText, ShelfReason, ShelfState
from assess.banks.sheets import RefusedError, files_of
from assess.banks.shelves import Planted, folder_of, in_force, plant, set_up_next, texts_of
from assess.kit.db import Database
from tests.shelves import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The folder beside the code."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def held(session: Session) -> dict[str, bytes]:
    state = in_force(session)
    assert state
    return texts_of(session, state)


def names(release: Path) -> tuple[str, ...]:
    return tuple(sorted(files_of(release)))


def test_the_first_start_takes_all_files(session: Session, release: Path) -> None:
    assert plant(session, release, NOW) == Planted(names(release))
    assert held(session) == {name: path.read_bytes() for name, path in files_of(release).items()}


def test_a_second_start_changes_nothing(session: Session, release: Path) -> None:
    plant(session, release, NOW)
    assert plant(session, release, NOW) == Planted()
    assert session.scalar(select(func.count()).select_from(ShelfState)) == 1


def test_a_file_nobody_changed_here_follows_the_release(session: Session, release: Path) -> None:
    plant(session, release, NOW)
    (release / "owners.yaml").write_bytes(b"new: text\n")
    assert plant(session, release, NOW) == Planted(("owners.yaml",))
    assert held(session)["owners.yaml"] == b"new: text\n"


def test_a_file_that_was_changed_here_stays_and_is_told_once(session: Session, release: Path) -> None:
    plant(session, release, NOW)
    set_up_next(session, {"owners.yaml": b"ours: text\n"}, NOW, reason=ShelfReason.PUBLISHED)
    (release / "owners.yaml").write_bytes(b"theirs: text\n")
    assert plant(session, release, NOW) == Planted((), ("owners.yaml",))
    assert held(session)["owners.yaml"] == b"ours: text\n"
    assert plant(session, release, NOW) == Planted()


def test_a_release_that_brings_what_was_changed_here_is_no_conflict(session: Session, release: Path) -> None:
    plant(session, release, NOW)
    set_up_next(session, {"owners.yaml": b"same: text\n"}, NOW, reason=ShelfReason.PUBLISHED)
    (release / "owners.yaml").write_bytes(b"same: text\n")
    assert plant(session, release, NOW) == Planted()


def test_a_file_that_came_and_one_that_went(session: Session, release: Path) -> None:
    plant(session, release, NOW)
    (release / "papers").mkdir(exist_ok=True)
    (release / "papers" / "card.yaml").write_bytes(b"paper: card\n")
    (release / "owners.yaml").unlink()
    assert plant(session, release, NOW) == Planted(("owners.yaml", "papers/card.yaml"))
    assert "owners.yaml" not in held(session)
    assert held(session)["papers/card.yaml"] == b"paper: card\n"


def test_a_file_that_cannot_be_read_leaves_all_as_it_was(session: Session, release: Path) -> None:
    plant(session, release, NOW)
    (release / "owners.yaml").unlink()
    (release / "owners.yaml").mkdir()
    with pytest.raises(RefusedError):
        plant(session, release, NOW)
    with pytest.raises(RefusedError):
        plant(session, release / "nowhere", NOW)


def test_a_text_is_kept_once(session: Session, release: Path) -> None:
    plant(session, release, NOW)
    count = session.scalar(select(func.count()).select_from(SheetText))
    set_up_next(session, {"owners.yaml": b"a: b\n"}, NOW, reason=ShelfReason.MENDED)
    set_up_next(session, {"owners.yaml": (release / "owners.yaml").read_bytes()}, NOW, reason=ShelfReason.UNDONE)
    assert session.scalar(select(func.count()).select_from(SheetText)) == (count or 0) + 1


@pytest.mark.both_databases
def test_what_was_is_never_changed(database: Database, release: Path) -> None:
    with database.writing() as session:
        plant(session, release, NOW)
    for change in (
        "UPDATE content_version SET digest = 'x'",
        "DELETE FROM content_version",
        "UPDATE content_blob SET digest = 'x'",
        "DELETE FROM content_blob",
    ):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.execute(text(change))


@pytest.mark.both_databases
def test_of_two_that_make_the_next_one_the_second_is_told(database: Database, release: Path) -> None:
    with database.writing() as session:
        plant(session, release, NOW)
    with database.new_session(writes=True) as session:
        state = in_force(session)
        assert state
        again = ShelfState(number=state.number, digest="x", sheets={}, reason=ShelfReason.MENDED, at=NOW)
        session.expunge_all()
        session.add(again)
        with pytest.raises(IntegrityError):
            session.flush()


def test_the_folder_holds_the_files_and_is_made_once(session: Session, release: Path, tmp_path: Path) -> None:
    plant(session, release, NOW)
    state = in_force(session)
    assert state
    place = folder_of(session, state, tmp_path / "shelves")
    assert {name: path.read_bytes() for name, path in files_of(place).items()} == held(session)
    marker = place / "marker"
    marker.touch()
    assert folder_of(session, state, tmp_path / "shelves") == place
    assert marker.exists()
    assert [path.name for path in (tmp_path / "shelves").iterdir()] == [state.digest]
