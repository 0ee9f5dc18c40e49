from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assess.banks import in_force as module
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.in_force import LOOK_AGAIN, Bookcase, in_use, use_in_this_process
from assess.banks.models import ShelfReason
from assess.banks.shelves import plant, set_up_next
from assess.kit.db import Database
from tests.shelves import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OWNERS = "owners.yaml"


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """The folder beside the code."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def publish(database: Database, content: bytes) -> None:
    with database.writing() as session:
        set_up_next(session, {OWNERS: content}, NOW, reason=ShelfReason.PUBLISHED)


@pytest.fixture
def started(database: Database, seed: Path) -> Database:
    with database.writing() as session:
        plant(session, seed, NOW)
    return database


def test_while_nobody_changed_anything_the_folder_beside_the_code_is_read(started: Database, seed: Path) -> None:
    assert Bookcase(started, seed.parent, seed).folder() == seed


def test_what_was_published_is_read_at_once_where_it_was_told(started: Database, seed: Path) -> None:
    here, elsewhere = (Bookcase(started, seed.parent, seed) for _ in range(2))
    assert here.folder() == elsewhere.folder() == seed
    publish(started, b"ours: text\n")
    assert elsewhere.folder() == seed, "nobody told yet"
    here.tell()
    for case in (here, elsewhere):
        assert (case.folder() / OWNERS).read_bytes() == b"ours: text\n"
        assert (case.folder() / "shop.yaml").read_bytes() == (seed / "shop.yaml").read_bytes()


def test_on_another_machine_it_is_noticed_after_a_while(
    started: Database, seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Bookcase(started, tmp_path / "elsewhere", seed)
    there.folder()
    publish(started, b"ours: text\n")
    assert there.folder() == seed
    real: Callable[[], float] = module.time.monotonic
    monkeypatch.setattr(module.time, "monotonic", lambda: real() + LOOK_AGAIN + 1)
    assert (there.folder() / OWNERS).read_bytes() == b"ours: text\n"


def test_a_new_process_reads_what_is_in_force(started: Database, seed: Path) -> None:
    publish(started, b"ours: text\n")
    assert (Bookcase(started, seed.parent, seed).folder() / OWNERS).read_bytes() == b"ours: text\n"


def test_beside_site_and_background_work_it_is_the_folder_beside_the_code(
    started: Database, seed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_of_this_process", [])
    assert in_use() == QUESTIONNAIRES
    use_in_this_process(Bookcase(started, seed.parent, seed))
    assert in_use() == seed
