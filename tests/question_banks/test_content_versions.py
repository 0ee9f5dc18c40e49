from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.question_banks import content_versions
from assess.question_banks.content_versions import (
    RECHECK_SECONDS,
    ContentStore,
    SeedResult,
    add_content_version,
    content_folder_in_force,
    content_version_in_force,
    seed_from_release,
    use_store_in_process,
    version_contents,
    version_folder,
)
from assess.question_banks.files import QUESTIONNAIRES, BankFilesRefusedError, files_of
from assess.question_banks.models import ContentBlob, ContentVersion, ContentVersionReason
from tests.content_files import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OWNERS = "owners.yaml"


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """The folder beside the code."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def publish(database: Database, content: bytes) -> None:
    with database.writing() as session:
        add_content_version(session, {OWNERS: content}, NOW, reason=ContentVersionReason.PUBLISHED)


@pytest.fixture
def started(database: Database, seed: Path) -> Database:
    with database.writing() as session:
        seed_from_release(session, seed, NOW)
    return database


def test_while_nobody_changed_anything_the_folder_beside_the_code_is_read(started: Database, seed: Path) -> None:
    assert ContentStore(started, seed.parent, seed).folder() == seed


def test_what_was_published_is_read_at_once_where_it_was_told(started: Database, seed: Path) -> None:
    here, elsewhere = (ContentStore(started, seed.parent, seed) for _ in range(2))
    assert here.folder() == elsewhere.folder() == seed
    publish(started, b"ours: text\n")
    assert elsewhere.folder() == seed, "nobody told yet"
    here.notify_processes()
    for case in (here, elsewhere):
        assert (case.folder() / OWNERS).read_bytes() == b"ours: text\n"
        assert (case.folder() / "shop.yaml").read_bytes() == (seed / "shop.yaml").read_bytes()


def test_on_another_machine_it_is_noticed_after_a_while(
    started: Database, seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ContentStore(started, tmp_path / "elsewhere", seed)
    there.folder()
    publish(started, b"ours: text\n")
    assert there.folder() == seed
    real: Callable[[], float] = content_versions.time.monotonic
    monkeypatch.setattr(content_versions.time, "monotonic", lambda: real() + RECHECK_SECONDS + 1)
    assert (there.folder() / OWNERS).read_bytes() == b"ours: text\n"


def test_a_new_process_reads_what_is_in_force(started: Database, seed: Path) -> None:
    publish(started, b"ours: text\n")
    assert (ContentStore(started, seed.parent, seed).folder() / OWNERS).read_bytes() == b"ours: text\n"


def test_beside_site_and_background_work_it_is_the_folder_beside_the_code(
    started: Database, seed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_versions, "_process_stores", [])
    assert content_folder_in_force() == QUESTIONNAIRES
    use_store_in_process(ContentStore(started, seed.parent, seed))
    assert content_folder_in_force() == seed


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The folder beside the code."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def held(session: Session) -> dict[str, bytes]:
    state = content_version_in_force(session)
    assert state
    return version_contents(session, state)


def names(release: Path) -> tuple[str, ...]:
    return tuple(sorted(files_of(release)))


def test_the_first_start_takes_all_files(session: Session, release: Path) -> None:
    assert seed_from_release(session, release, NOW) == SeedResult(names(release))
    assert held(session) == {name: path.read_bytes() for name, path in files_of(release).items()}


def test_a_second_start_changes_nothing(session: Session, release: Path) -> None:
    seed_from_release(session, release, NOW)
    assert seed_from_release(session, release, NOW) == SeedResult()
    assert session.scalar(select(func.count()).select_from(ContentVersion)) == 1


def test_a_file_nobody_changed_here_follows_the_release(session: Session, release: Path) -> None:
    seed_from_release(session, release, NOW)
    (release / "owners.yaml").write_bytes(b"new: text\n")
    assert seed_from_release(session, release, NOW) == SeedResult(("owners.yaml",))
    assert held(session)["owners.yaml"] == b"new: text\n"


def test_a_file_that_was_changed_here_stays_and_is_told_once(session: Session, release: Path) -> None:
    seed_from_release(session, release, NOW)
    add_content_version(session, {"owners.yaml": b"ours: text\n"}, NOW, reason=ContentVersionReason.PUBLISHED)
    (release / "owners.yaml").write_bytes(b"theirs: text\n")
    assert seed_from_release(session, release, NOW) == SeedResult((), ("owners.yaml",))
    assert held(session)["owners.yaml"] == b"ours: text\n"
    assert seed_from_release(session, release, NOW) == SeedResult()


def test_a_release_that_brings_what_was_changed_here_is_no_conflict(session: Session, release: Path) -> None:
    seed_from_release(session, release, NOW)
    add_content_version(session, {"owners.yaml": b"same: text\n"}, NOW, reason=ContentVersionReason.PUBLISHED)
    (release / "owners.yaml").write_bytes(b"same: text\n")
    assert seed_from_release(session, release, NOW) == SeedResult()


def test_a_file_that_came_and_one_that_went(session: Session, release: Path) -> None:
    seed_from_release(session, release, NOW)
    (release / "papers").mkdir(exist_ok=True)
    (release / "papers" / "card.yaml").write_bytes(b"paper: card\n")
    (release / "owners.yaml").unlink()
    assert seed_from_release(session, release, NOW) == SeedResult(("owners.yaml", "papers/card.yaml"))
    assert "owners.yaml" not in held(session)
    assert held(session)["papers/card.yaml"] == b"paper: card\n"


def test_a_file_that_cannot_be_read_leaves_all_as_it_was(session: Session, release: Path) -> None:
    seed_from_release(session, release, NOW)
    (release / "owners.yaml").unlink()
    (release / "owners.yaml").mkdir()
    with pytest.raises(BankFilesRefusedError):
        seed_from_release(session, release, NOW)
    with pytest.raises(BankFilesRefusedError):
        seed_from_release(session, release / "nowhere", NOW)


def test_a_text_is_kept_once(session: Session, release: Path) -> None:
    seed_from_release(session, release, NOW)
    count = session.scalar(select(func.count()).select_from(ContentBlob))
    add_content_version(session, {"owners.yaml": b"a: b\n"}, NOW, reason=ContentVersionReason.MENDED)
    add_content_version(
        session, {"owners.yaml": (release / "owners.yaml").read_bytes()}, NOW, reason=ContentVersionReason.UNDONE
    )
    assert session.scalar(select(func.count()).select_from(ContentBlob)) == (count or 0) + 1


@pytest.mark.both_databases
def test_what_was_is_never_changed(database: Database, release: Path) -> None:
    with database.writing() as session:
        seed_from_release(session, release, NOW)
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
        seed_from_release(session, release, NOW)
    with database.new_session(writes=True) as session:
        state = content_version_in_force(session)
        assert state
        again = ContentVersion(number=state.number, digest="x", sheets={}, reason=ContentVersionReason.MENDED, at=NOW)
        session.expunge_all()
        session.add(again)
        with pytest.raises(IntegrityError):
            session.flush()


def test_the_folder_holds_the_files_and_is_made_once(session: Session, release: Path, tmp_path: Path) -> None:
    seed_from_release(session, release, NOW)
    state = content_version_in_force(session)
    assert state
    place = version_folder(session, state, tmp_path / "content_versions")
    assert {name: path.read_bytes() for name, path in files_of(place).items()} == held(session)
    marker = place / "marker"
    marker.touch()
    assert version_folder(session, state, tmp_path / "content_versions") == place
    assert marker.exists()
    assert [path.name for path in (tmp_path / "content_versions").iterdir()] == [state.digest]
