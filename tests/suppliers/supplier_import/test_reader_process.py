from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.core.child_process import UploadRefusedError, reader_reply
from assess.core.workbook_reader import BROKEN_FILE, FILE_TOO_LARGE, cell_text, check_archive
from assess.suppliers.supplier_import.files import _read_in_process, read_import_file, to_table
from assess.suppliers.supplier_import.reader_process import detect_separator, read_csv, read_workbook
from tests.suppliers.supplier_import.supplier_lists import a_list, as_csv, as_xlsx


def test_it_answers_with_rows_or_with_a_sentence() -> None:
    assert json.loads(reader_reply(read_csv, b"name\nA\n")) == {"read": [[1, ["name"]], [2, ["A"]]]}
    assert json.loads(reader_reply(read_csv, b"\x81\xff")).keys() == {"refused"}


ROWS = [["Name", "Email"], ["Café “Élan”, Norwich; £", "a@b.example"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_way_a_spreadsheet_writes_csv_is_read(letters: str, separator: str) -> None:
    assert read_csv(as_csv(ROWS, separator=separator, letters=letters)) == list(enumerate(ROWS, 1))


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    text = b'sep=;\nname;email\n\n"A\nFarm";a@b.example\n;;\nB;\n'
    assert read_csv(text) == [(2, ["name", "email"]), (4, ["A\nFarm", "a@b.example"]), (6, ["B"])]


def test_our_own_guard_is_taken_off_again() -> None:
    assert read_csv(b"name,phone\nA,'+44 1603\n")[1] == (2, ["A", "+44 1603"])


def test_a_quotation_mark_that_never_closes_is_told_and_not_guessed() -> None:
    with pytest.raises(UploadRefusedError, match="after row 2 and never closes"):
        read_csv(b'name,email\nA,a@b.example\n"B,b@b.example\nC,c@b.example\n')
    with pytest.raises(UploadRefusedError, match="near row 2"):
        read_csv(b'name,email\n"A" Ltd,a@b.example\n')


def test_letters_nobody_can_read_are_told() -> None:
    with pytest.raises(UploadRefusedError, match="characters"):
        read_csv(b"name\n\x81\x8d\xff")


def test_too_many_rows_or_columns_are_told() -> None:
    assert len(read_csv(b"name\n" + b"A\n" * 2000)) == 2001
    with pytest.raises(UploadRefusedError, match="2,000 rows"):
        read_csv(b"name\n" + b"A\n" * 2001)
    with pytest.raises(UploadRefusedError, match="Row 2 has more than 30 columns"):
        read_csv(b"name\n" + b"A," * 31 + b"B\n")


def test_the_separator_is_the_one_that_gives_headings() -> None:
    assert detect_separator("name;Town, county;email\n") == ";"
    assert detect_separator("\n\nname\n") == ","


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(UploadRefusedError):
        to_table(read_csv(data))


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=1, max_size=5),
        min_size=1,
        max_size=8,
    )
)
def test_what_a_program_writes_is_read_back(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["name", "email"], *rows])
    read = read_csv(file.getvalue().encode("utf-8-sig"))
    assert read[0] == (1, ["name", "email"])
    assert [number for number, _ in read[1:]] == [
        number for number, row in enumerate(rows, 2) if any(map(str.strip, row))
    ]


def test_a_long_list_is_read_whole() -> None:
    rows, _ = a_list(500)
    assert len(read_csv(as_csv(rows))) == 501


GOOD = as_xlsx([["name", "email"], ["A Farm", "a@farm.example"]])
MIDNIGHT = datetime(2026, 12, 24)  # noqa: DTZ001  # a spreadsheet knows no zones
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rewritten(
    *, instead: dict[str, bytes] | None = None, more: dict[str, bytes] | None = None, deflate: bool = True
) -> bytes:
    """A good workbook with other members."""
    file = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(file, "w", kind) as new:
        for name in old.namelist():
            new.writestr(name, (instead or {}).get(name, old.read(name)))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return file.getvalue()


def sheet(rows: str, before: str = "") -> dict[str, bytes]:
    text = f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return {"xl/worksheets/sheet1.xml": text.encode()}


def lying() -> bytes:
    """An archive whose directory says that its sheet is small, and whose sheet is not."""
    large = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>' + " " * 5_000_000)
    data = bytearray(rewritten(instead=large))
    size = len(next(iter(large.values()))).to_bytes(4, "little")
    assert data.count(size) >= 1
    return bytes(data.replace(size, (900).to_bytes(4, "little")))


LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(8))
    + "]>"
)
OUTSIDE = "<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
HOSTILE = {
    "a bomb that unpacks to much": rewritten(more={"xl/media/a.bin": b"0" * 25_000_000}),
    "a sheet packed too well": rewritten(instead=sheet(" " * 15_000_000)),
    "very many members": rewritten(more={f"x/{number}": b"x" for number in range(101)}),
    "entities that grow": rewritten(instead=sheet(CELL.format("&i;"), LAUGHS)),
    "an entity from outside": rewritten(instead=sheet(CELL.format("&x;"), OUTSIDE)),
    "a picture that is called a workbook": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "a directory that lies": lying(),
    "an archive cut off": GOOD[: len(GOOD) // 2],
    "an archive of something else": rewritten(instead={"[Content_Types].xml": b"<x/>"}),
    "a row of very many columns": rewritten(
        instead=sheet("<row r='1'>" + "".join("<c><v>1</v></c>" for _ in range(16_000)) + "</row>"), deflate=False
    ),
    "very many styles": rewritten(
        instead={"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{"<xf />" * 100_000}</styleSheet>'.encode()},
        deflate=False,
    ),
    "very many texts": rewritten(
        more={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si><t>x</t></si>" * 600_000}</sst>'.encode()},
        deflate=False,
    ),
    "very many empty rows": rewritten(instead=sheet(CELL.format("name") + "<row/>" * 100_000), deflate=False),
    "very many rows": rewritten(instead=sheet("<row><c><v>1</v></c></row>" * 60_000), deflate=False),
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_files_are_refused_in_little_memory_or_ended_by_the_limits_of_the_child(kind: str) -> None:
    measure = (
        "import json, sys; from assess.suppliers.supplier_import import reader_process; from assess.core.child_process import limit_this_process; from assess.core.child_process import READER_LIMITS, reader_reply; limit_this_process(READER_LIMITS);"
        "said = json.loads(reader_reply(reader_process.read_workbook, sys.stdin.buffer.read()));"
        "high = next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1];"
        "print(json.dumps([int(high) // 1024, said.get('refused')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", measure],
        input=HOSTILE[kind],
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ | {"OPENPYXL_LXML": "False"},
    )
    if done.returncode in {-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL}:
        return  # a busy machine: what then is told is tried below
    megabytes, refused = json.loads(done.stdout)
    assert megabytes <= 150
    assert refused.endswith(".")
    assert "root:" not in refused


@pytest.mark.parametrize("kind", ["a picture that is called a workbook", "entities that grow"])
def test_what_is_refused_in_the_child_is_refused_here(kind: str) -> None:
    with pytest.raises(UploadRefusedError):
        read_import_file("list.xlsx", HOSTILE[kind])


def test_what_takes_longer_than_it_may_is_ended_and_refused_in_one_sentence() -> None:
    # as many rows as are read, as long as they may be together: four times the seconds there are
    endless = rewritten(instead=sheet(CELL.format("name") + f"<row>{'<c/>' * 220}</row>" * 19_900), deflate=False)
    with pytest.raises(UploadRefusedError, match="took too long"):
        to_table(_read_in_process("xlsx", endless))


def test_a_limit_that_is_not_reached_refuses_nothing() -> None:
    assert read_workbook(GOOD) == [(1, ["name", "email"]), (2, ["A Farm", "a@farm.example"])]
    check_archive(rewritten(more={f"x/{number}": b"x" for number in range(80)}))


def test_a_locked_workbook_is_told_as_such() -> None:
    with pytest.raises(UploadRefusedError, match="password"):
        check_archive(rewritten(more={"EncryptedPackage": b"x"}))


def test_cells_become_what_a_person_would_write() -> None:
    data = as_xlsx(
        [
            ["name", "email", "phone", "company_number", "size", "spend", "due", "area"],
            ["A", None, 1603123456, 1234567, 12.0, 12500.5, MIDNIGHT, True],
        ]
    )
    assert read_workbook(data)[1] == (2, ["A", "", "1603123456", "1234567", "12", "12500.5", "2026-12-24", "yes"])
    assert [
        cell_text(value)
        for value in (
            None,
            False,
            date(2026, 1, 2),
            MIDNIGHT.replace(hour=3, minute=4),
            clock_time(9, 30),
            timedelta(hours=1.5),
        )
    ] == ["", "no", "2026-01-02", "2026-12-24 03:04", "09:30", "1.5 hours"]
    assert [cell_text(value) for value in (1e20, float("nan"), 0.1 + 0.2, -3.0)] == ["1e+20", "nan", "0.3", "-3"]


def test_a_formula_is_what_it_last_came_to_and_never_run() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["name"])
    book.active.append(["=1+1"])
    file = io.BytesIO()
    book.save(file)
    assert read_workbook(file.getvalue()) == [(1, ["name"])]


def test_what_a_workbook_says_of_its_size_is_not_believed() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old:
        text = old.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:B2"', b'ref="A1:A1"')
    assert b'"A1:A1"' in text
    assert len(read_workbook(rewritten(instead={"xl/worksheets/sheet1.xml": text}))) == 2


def test_rows_are_counted_as_the_sheet_shows_them() -> None:
    rows = '<row r="3"><c r="A3" t="inlineStr"><is><t>name</t></is></c></row>'
    rows += '<row r="7"><c r="B7" t="inlineStr"><is><t>x</t></is></c></row>'
    assert read_workbook(rewritten(instead=sheet(rows))) == [(3, ["name"]), (7, ["", "x"])]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_broken_bytes_is_read_or_refused(place: int, data: bytes) -> None:
    broken = GOOD[:place] + data + GOOD[place + len(data) :]
    with suppress(UploadRefusedError):
        read_workbook(broken)


def test_the_child_answers_in_words() -> None:
    assert reader_reply(read_workbook, GOOD).startswith(b'{"read": [[1, ["name", "email"]]')
    assert BROKEN_FILE.encode() in reader_reply(read_workbook, b"PK\x03\x04")
    assert FILE_TOO_LARGE.endswith(".")
