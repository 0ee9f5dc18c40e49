from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner, Result

from assess.cli import COMMANDS, main
from tests.shelves import SHOP, SOUND, START

DAY = "2026-11-24"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sound folder on disk."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def check(*paths: Path | str, day: str = DAY) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, paths), "--today", day], catch_exceptions=False)


def test_a_sound_folder_is_said_to_be_so(folder: Path) -> None:
    result = check(folder)
    assert (result.exit_code, result.output) == (0, "No problems in 9 files.\n")
    assert check(folder / SHOP).output == "No problems in 1 file.\n"
    assert check(folder / SHOP, folder / "owners.yaml").output == "No problems in 2 files.\n"


def test_each_problem_is_one_line_with_file_line_number_and_repair(folder: Path) -> None:
    change(folder / SHOP, "dimension: freedom", "dimension: fredom")
    change(folder / SHOP, "owner: owner, effort: S}}", "owner: boss, effort: S}}")
    result = check(folder)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{folder}/shop.yaml:13: BANK036 There is no dimension “fredom”; did you mean “freedom”? Use an id of dimensions.yaml.",
        f"{folder}/shop.yaml:20: BANK037 There is no owner “boss”. Use an id of owners.yaml, or add the owner there.",
    ]


def test_warnings_are_told_and_do_not_fail(folder: Path) -> None:
    change(folder / SHOP, "Who keeps the", "Who 'keeps' the")
    result = check(folder)
    assert result.exit_code == 0
    assert result.output.startswith(
        f"{folder}/shop.yaml:10: BANK028 warning: A straight quote (') stands in this text."
    )
    assert result.output.endswith("No problems in 9 files, but 1 warning.\n")
    change(folder / SHOP, "title: The work", "title: The 'work'")
    assert check(folder).output.endswith("No problems in 9 files, but 2 warnings.\n")


def test_the_day_decides_which_settings_are_old(folder: Path) -> None:
    late = check(folder, day="2027-04-02")
    assert late.exit_code == 0
    assert "BANK071 warning: “wage” was to be looked at again by 2027-04-01." in late.output
    early = check(folder, day="2026-03-31")
    assert early.exit_code == 1
    assert "BANK075" in early.output


def test_the_usage_is_explained() -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["check"]).exit_code == 2
    assert runner.invoke(main, ["check", "x", "--today", "tomorrow"]).exit_code == 2
    assert runner.invoke(main, ["chek"]).exit_code == 2
    assert main.list_commands(Context(main)) == list(COMMANDS)
    listed = runner.invoke(main, ["--help"]).output
    assert all(name in listed and says in listed for name, says in COMMANDS.items())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"a: " + b"[" * 100_000, b"a: &a [x]\nb: *a\n", b"a" * 2_000_000]
)
def test_no_file_brings_a_traceback(folder: Path, content: bytes) -> None:
    (folder / "bad.yaml").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", "from assess.cli import main; main()", "check", str(folder), "--today", DAY],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{folder}/bad.yaml:1: BANK0" in done.stdout


def test_remarks_are_said_when_they_are_asked_for_and_fail_nothing(folder: Path) -> None:
    change(folder / START, "ask: Who works here?", "ask: Who surely works here?")
    assert "loaded_words" not in check(folder).output
    result = CliRunner().invoke(main, ["check", str(folder), "--today", DAY, "--remarks"], catch_exceptions=False)
    first, last = result.output.splitlines()
    assert first.startswith(f"{folder / START}:8: loaded_words remark: “surely”.")
    assert (result.exit_code, last) == (0, "No problems in 9 files.")
