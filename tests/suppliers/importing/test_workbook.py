from __future__ import annotations

import io
import json
import os
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

from assess.kit.workbooks.opening import BROKEN, TOO_MUCH, look_at_archive, written
from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.child import answer
from assess.suppliers.importing.reading import _opened, as_table, read_file
from assess.suppliers.importing.workbook import read_workbook
from tests.suppliers.importing.lists import as_xlsx

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
def test_hostile_files_are_refused_in_little_time_and_memory(kind: str) -> None:
    measure = (
        "import json, resource, sys; from assess.suppliers.importing import child; child.limit_this_process();"
        "before = resource.getrusage(resource.RUSAGE_SELF);"
        "said = json.loads(child.answer('xlsx', sys.stdin.buffer.read()));"
        "use = resource.getrusage(resource.RUSAGE_SELF);"
        "high = next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1];"
        "seconds = use.ru_utime + use.ru_stime - before.ru_utime - before.ru_stime;"
        "print(json.dumps([int(high) // 1024, seconds, said.get('refused')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", measure],
        input=HOSTILE[kind],
        capture_output=True,
        check=True,
        timeout=60,
        env=os.environ | {"OPENPYXL_LXML": "False"},
    )
    megabytes, seconds, refused = json.loads(done.stdout)
    assert megabytes <= 150
    assert seconds <= 1.5, "the third of it is reading the library"
    assert refused.endswith(".")
    assert "root:" not in refused


@pytest.mark.parametrize("kind", ["a picture that is called a workbook", "entities that grow"])
def test_what_is_refused_in_the_child_is_refused_here(kind: str) -> None:
    with pytest.raises(FileRefusedError):
        read_file("list.xlsx", HOSTILE[kind])


def test_what_takes_longer_than_it_may_is_ended_and_refused_in_one_sentence() -> None:
    endless = rewritten(instead=sheet(CELL.format("name") + "<row/>" * 2_500_000), deflate=False)
    with pytest.raises(FileRefusedError, match="took too long"):
        as_table(_opened("xlsx", endless))


def test_a_limit_that_is_not_reached_refuses_nothing() -> None:
    assert read_workbook(GOOD) == [(1, ["name", "email"]), (2, ["A Farm", "a@farm.example"])]
    look_at_archive(rewritten(more={f"x/{number}": b"x" for number in range(80)}))


def test_a_locked_workbook_is_told_as_such() -> None:
    with pytest.raises(FileRefusedError, match="password"):
        look_at_archive(rewritten(more={"EncryptedPackage": b"x"}))


def test_cells_become_what_a_person_would_write() -> None:
    data = as_xlsx(
        [
            ["name", "email", "phone", "company_number", "size", "spend", "due", "area"],
            ["A", None, 1603123456, 1234567, 12.0, 12500.5, MIDNIGHT, True],
        ]
    )
    assert read_workbook(data)[1] == (2, ["A", "", "1603123456", "1234567", "12", "12500.5", "2026-12-24", "yes"])
    assert [
        written(value)
        for value in (
            None,
            False,
            date(2026, 1, 2),
            MIDNIGHT.replace(hour=3, minute=4),
            clock_time(9, 30),
            timedelta(hours=1.5),
        )
    ] == ["", "no", "2026-01-02", "2026-12-24 03:04", "09:30", "1.5 hours"]
    assert [written(value) for value in (1e20, float("nan"), 0.1 + 0.2, -3.0)] == ["1e+20", "nan", "0.3", "-3"]


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
    with suppress(FileRefusedError):
        read_workbook(broken)


def test_the_child_answers_in_words() -> None:
    assert answer("xlsx", GOOD).startswith(b'{"rows": [[1, ["name", "email"]]')
    assert BROKEN.encode() in answer("xlsx", b"PK\x03\x04")
    assert TOO_MUCH.endswith(".")
