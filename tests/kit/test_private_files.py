"""Other users of the machine read neither the database nor what SQLite puts beside it, whichever command made them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assess import prepare
from assess.kit import private_files
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.private_files import OpenToOthersError, keep_private

ASSESS = str(Path(sys.executable).with_name("assess"))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(
    "words", [("banks", "publish"), ("people", "disable", "nobody@farm.example"), ("audit", "verify")]
)
def test_a_database_that_any_command_makes_first_is_for_its_user_alone(tmp_path: Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "there before"
    folder.mkdir(mode=0o755)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    environ |= {"ASSESS_ENV": "development", "ASSESS_DATA_FOLDER": str(folder)}
    before = os.umask(0o022)
    try:
        subprocess.run([ASSESS, *words], env=environ, check=False, capture_output=True)
    finally:
        os.umask(before)
    assert mode(folder / "assess.db") == 0o600


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_start_takes_the_rights_of_others_away(banks_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    settings = Settings(env="development", database_url=banks_url, data_folder=folder)
    file = Path(banks_url.removeprefix("sqlite:///"))
    database = Database(banks_url)
    try:
        with database.reading() as look:
            look.connection()
            beside = [Path(f"{file}{end}") for end in ("", "-wal", "-shm")]
            for path in beside:
                path.chmod(0o644)
            folder.chmod(0o755)
            prepare(settings)
            assert [mode(path) for path in beside] == [0o600] * 3
    finally:
        database.close()
    assert mode(folder) == 0o700


def test_what_cannot_be_put_right_keeps_the_site_from_starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    settings = Settings(env="development", data_folder=folder)
    folder.chmod(0o1777)
    with pytest.raises(OpenToOthersError, match="is a folder for everybody"):
        keep_private(settings)
    assert mode(folder) == 0o777, "a folder such as /tmp is left alone"
    folder.chmod(0o755)
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o770)

    def refuse(path: Path, _mode: int) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(private_files.Path, "chmod", refuse)
    with pytest.raises(OpenToOthersError, match=r"chmod o-rwx .*/data$"):
        keep_private(settings)
    keep_private(
        Settings(env="development", data_folder=shared)
    )  # a volume of somebody else's, open to the group of the service
