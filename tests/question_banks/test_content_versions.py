from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from assess.core.db import Database, holds_write_lock
from assess.question_banks import content_versions
from assess.question_banks.content_versions import (
    AWAY_SECONDS,
    SeedResult,
    add_content_version,
    content_in_force,
    content_version_in_force,
    files_in_force,
    folder_contents,
    seed_from_release,
    version_contents,
)
from assess.question_banks.files import (
    BankFilesRefusedError,
    BoundedCache,
    ContentFiles,
    bundled_files,
    files_of,
    read_folder,
)
from assess.question_banks.models import ContentBlob, ContentVersion, ContentVersionReason
from assess.question_banks.settings import settings_from
from tests.conftest import Visitor
from tests.content_files import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OWNERS, CONTACTS = "owners.yaml", "settings/contacts.yaml"
NUMBER = "08000 121 700"


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


@pytest.mark.both_databases
def test_the_files_in_force_are_read_once_until_another_version_comes(
    started: Database, seed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_versions, "_files_by_digest", BoundedCache[ContentFiles](4))
    with started.reading() as session:
        first = files_in_force(session)
        assert {name: one.content for name, one in first.files.items()} == folder_contents(seed)
        assert first.digest == read_folder(seed).digest
    publish(started, b"ours: text\n")
    with started.reading() as session:
        second = files_in_force(session)
        assert second.files[OWNERS].content == b"ours: text\n"
        assert files_in_force(session) is second
    with started.writing() as session:
        add_content_version(
            session, {OWNERS: first.files[OWNERS].text.encode()}, NOW, reason=ContentVersionReason.UNDONE
        )
        assert files_in_force(session) is first


def test_before_the_first_start_they_are_those_of_the_release(database: Database) -> None:
    with database.reading() as session:
        assert files_in_force(session) is bundled_files()


def published(app: Flask, number: str) -> None:
    """Have the helpline answer at this number from now on."""
    with app.extensions["assess.database"].writing() as session:
        text = files_in_force(session).files[CONTACTS].text
        before = NUMBER if NUMBER in text else "0800 111 222"
        assert before in text
        changed = text.replace(before, number, 1).encode()
        add_content_version(session, {CONTACTS: changed}, NOW, reason=ContentVersionReason.CONFIRMED)


def helpline_number() -> str | None:
    return next(one for one in settings_from(content_in_force(), NOW.date()).contacts if one.id == "helpline").number


def test_a_request_keeps_what_it_began_with_and_the_next_one_has_the_new_files(app: Flask, visit: Visitor) -> None:
    assert NUMBER in visit("/help").text
    with app.test_request_context("/help"):
        assert helpline_number() == NUMBER
        published(app, "0800 111 222")
        assert helpline_number() == NUMBER
    for method in ("GET", "POST"):
        with app.test_request_context("/help", method=method):
            assert helpline_number() == "0800 111 222"
            assert not holds_write_lock()
    assert "0800 111 222" in visit("/help").text


def test_while_the_database_cannot_be_reached_the_last_files_stay_and_no_page_waits(
    app: Flask, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(app, "0800 111 222")
    visit("/help")
    asked = []

    def away(session: Session) -> ContentFiles:
        asked.append(session)
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(content_versions, "files_in_force", away)
        for _ in range(3):
            assert "0800 111 222" in visit("/help").text
    assert len(asked) == 1
    published(app, NUMBER)
    assert "0800 111 222" in visit("/help").text
    monkeypatch.setattr(content_versions.time, "monotonic", lambda: time.monotonic_ns() / 1e9 + AWAY_SECONDS)
    assert NUMBER in visit("/help").text


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
