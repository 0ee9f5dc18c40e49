from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from assess.banks.checking import Report, check_shelf
from assess.banks.reader import compile_from
from assess.banks.settings import settings_from
from assess.banks.sheets import Sheet, Shelf, content_of, files_of, read_folder
from assess.banks.yaml_lines import UnreadableError
from assess.engine.checker import check_edition, check_examples
from assess.engine.document import read_edition

HERE = Path(__file__).parent
SOUND = HERE / "sound_folder"
SOUND_REFERENCE = HERE / "sound_reference"
BAD_BANKS = sorted((HERE / "bad_banks").iterdir())
TODAY = date(2026, 11, 24)


def stands_for(path: Path) -> tuple[str, bytes | UnreadableError, int]:
    """The file of the sound folder that a bad bank stands for, what it holds, and the line of its problem."""
    content: bytes | UnreadableError = path.read_bytes()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    name = lines[1].removeprefix("# Stands for ").removesuffix(".")
    line = next(number for number, text in enumerate(lines, 1) if text.endswith("# <- here"))
    if "# Never opened" in lines[2]:
        content = content_of(HERE / "no such file")
    repeated = re.search(r"# Repeated ([\d,]+) times", lines[2])
    if repeated:
        content = "\n".join([*lines, *[lines[-1]] * int(repeated[1].replace(",", ""))]).encode()
    if name.endswith(".csv"):  # a table has no remarks
        content = "\n".join(text.removesuffix("  # <- here") for text in lines[2:]).encode()
        line -= 2
    return name, content, line


def checked(name: str, content: bytes | UnreadableError) -> Report:
    sheets = dict(read_folder(SOUND).sheets)
    if name.startswith("reference/"):
        sheets |= read_folder(SOUND_REFERENCE).sheets
    return check_shelf(Shelf({**sheets, name: Sheet(name, content)}), TODAY)


def test_nothing_is_wrong_with_the_sound_folder() -> None:
    report = check_shelf(read_folder(SOUND), TODAY)
    assert report.problems == ()
    assert report.files == len(files_of(SOUND))


def test_nothing_is_wrong_with_the_sound_reference() -> None:
    shelf = Shelf({**read_folder(SOUND).sheets, **read_folder(SOUND_REFERENCE).sheets})
    assert check_shelf(shelf, TODAY).problems == ()


@pytest.mark.parametrize("path", BAD_BANKS, ids=lambda path: path.stem)
def test_each_bad_bank_has_its_problem_at_its_line_and_no_other(path: Path) -> None:
    name, content, line = stands_for(path)
    report = checked(name, content)
    assert {(one.file, one.line, one.number) for one in report.problems} == {(name, line, f"BANK{path.name[:3]}")}, (
        "\n".join(map(str, report.problems))
    )


def test_gaps_are_not_judged_without_settings() -> None:
    shelf = read_folder(SOUND)
    edition = read_edition(compile_from(shelf, "shop").document)
    assert check_edition(edition, None) == []


def test_an_example_is_judged_figure_by_figure() -> None:
    text = (SOUND / "shop.yaml").read_text(encoding="utf-8").replace("exposure: 10, gap: 0,", "exposure: 11, gap: 0.5,")
    shelf = Shelf({**read_folder(SOUND).sheets, "shop.yaml": Sheet("shop.yaml", text.encode())})
    compiled = compile_from(shelf, "shop")
    problems = check_examples(read_edition(compiled.document), compiled.examples, settings_from(shelf, TODAY))
    assert [(one.number, one.place[-1], one.cause) for one in problems] == [
        ("BANK090", "exposure", "In “family”, exposure is 10, not 11."),
        ("BANK090", "gap", "In “family”, gap is 0, not 0.5."),
    ]
