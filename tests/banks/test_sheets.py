from __future__ import annotations

from pathlib import Path

import pytest

from assess.banks.sheets import Found, RefusedError, Sheet, content_of, files_of, found, read_folder, shelf_of
from assess.banks.yaml_lines import UnreadableError
from assess.engine.problems import Problem
from tests.shelves import SOUND


def test_a_problem_is_printed_as_file_line_number_and_message() -> None:
    problem = found("shop.yaml", 12, Problem("BANK006", (), "The key “title” stands here for the second time."))
    assert str(problem) == (
        "shop.yaml:12: BANK006 The key “title” stands here for the second time. Keep one of the two."
    )
    warning = found("a.yaml", 1, Problem("BANK028", (), "A straight quote (') stands in this text."))
    assert str(warning).startswith("a.yaml:1: BANK028 warning: A straight quote")


def test_problems_sort_by_file_and_line() -> None:
    several = [Found("b", 1, "BANK001", ""), Found("a", 20, "BANK001", ""), Found("a", 3, "BANK009", "")]
    assert [(one.file, one.line) for one in sorted(several)] == [("a", 3), ("a", 20), ("b", 1)]


def test_a_folder_holds_its_banks_their_neighbours_and_a_few_subfolders(tmp_path: Path) -> None:
    for name in ["shop.yaml", "stall.yml", "owners.yaml", ".hidden.yaml", "README.md"]:
        (tmp_path / name).write_text("format: 1\n")
    for folder in ["common", "other", "papers"]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "start.yaml").write_text("format: 1\n")
    assert list(files_of(tmp_path)) == [
        "owners.yaml",
        "shop.yaml",
        "stall.yml",
        "common/start.yaml",
        "papers/start.yaml",
    ]
    shelf = read_folder(tmp_path)
    assert shelf.banks() == ["shop", "stall"]
    stall = shelf.at("", "stall")
    assert stall is not None
    assert stall.name == "stall.yml"
    assert shelf.at("common", "begin") is None
    assert [sheet.name for sheet in shelf.inside("common")] == ["common/start.yaml"]


def test_a_folder_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        read_folder(tmp_path / "nowhere")
    assert "nowhere:1: BANK001 The folder cannot be read (no such file or directory)." in str(caught.value)
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError, match="not a directory"):
        read_folder(tmp_path / "file")


def test_a_file_that_cannot_be_opened_is_on_the_shelf_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").mkdir()
    sheet = read_folder(tmp_path).sheets["shop.yaml"]
    assert [str(one)[:40] for one in sheet.problems] == ["shop.yaml:1: BANK001 The file cannot be "]
    assert (sheet.kind, sheet.data, sheet.text, sheet.line(("a",))) == (None, {}, "", 1)
    assert isinstance(content_of(tmp_path), UnreadableError)


def test_a_sheet_knows_its_kind_its_values_its_text_and_its_lines() -> None:
    sheet = read_folder(SOUND).sheets["owners.yaml"]
    assert (sheet.stem, sheet.kind, sheet.problems) == ("owners", "owners", ())
    assert sheet.data["owners"] == {"owner": "Owner"}
    assert sheet.text.startswith("format: 1\n")
    assert sheet.line(("owners", "owner")) == 2


def test_a_sheet_with_problems_holds_no_values() -> None:
    sheet = Sheet("owners.yaml", b"format: 1\nowners: {owner: 3.5}\n")
    assert (sheet.kind, dict(sheet.data)) == ("owners", {})
    assert [(one.line, one.number) for one in sheet.problems] == [(2, "BANK022")]


def test_files_may_be_in_memory() -> None:
    assert shelf_of({"shop.yaml": b"format: 1\n"}).banks() == ["shop"]


@pytest.mark.parametrize("name", ["owners.yaml", "reference/goods.csv"])
def test_a_letter_that_hides_others_is_a_problem_in_a_remark_and_in_a_table_too(name: str) -> None:
    sheet = Sheet(name, "format: 1\nowners: {owner: Owner}\n# see\u202eno\n".encode())
    assert [(one.line, one.number) for one in sheet.problems] == [(3, "BANK015")]


def test_a_letter_that_hides_others_is_a_problem_when_it_is_written_by_its_number() -> None:
    sheet = Sheet("owners.yaml", b'format: 1\nowners:\n  owner: "Own\\u202Eer"\n')
    assert [(one.line, one.number) for one in sheet.problems] == [(3, "BANK015")]
