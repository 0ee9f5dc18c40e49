"""Word files: the same bytes on any day, no name of a person or program, British, on A4, with tables that can be read aloud."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from assess.core.exports import STYLES, TEXT_WIDTH_MM, document_to_bytes, new_document, new_table, prevent_row_splits


def a_document() -> Document:
    document = new_document("Our plan", "2026-11-24")
    document.add_heading("Our plan", 1)
    table = new_table(document, "What to do", ("Who", "When"), 2)
    table.add_row()  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
    prevent_row_splits(table)
    return document


def test_the_same_document_is_the_same_bytes_on_any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    first = document_to_bytes(a_document())
    now = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: now)
    assert document_to_bytes(a_document()) == first
    with ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.testzip() is None


def test_it_names_nobody_and_no_program_and_is_dated_as_asked() -> None:
    content = document_to_bytes(a_document())
    known = docx.Document(io.BytesIO(content)).core_properties
    assert (known.title, known.language) == ("Our plan", "en-GB")
    assert (known.author, known.last_modified_by, known.comments, known.keywords) == ("", "", "", "")
    assert known.created == known.modified == datetime(2026, 11, 24, tzinfo=UTC)
    assert known.revision == 1
    with ZipFile(io.BytesIO(content)) as parts:
        assert b"python-docx" not in parts.read("docProps/core.xml")


def test_its_words_are_british_and_its_fonts_come_from_no_theme() -> None:
    styles = docx.Document(io.BytesIO(document_to_bytes(a_document()))).styles
    assert {tongue.get(qn("w:val")) for tongue in styles.element.iter(qn("w:lang"))} == {"en-GB"}
    for name in STYLES:
        fonts = styles[name].element.rPr.rFonts
        assert styles[name].font.name == "Arial"
        assert not [mark for mark in fonts.attrib if mark.endswith("heme")]


def test_a_page_is_a4_and_leaves_room_between_its_margins() -> None:
    section = a_document().sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round((section.page_width - section.left_margin - section.right_margin) / 36_000) == TEXT_WIDTH_MM


def test_a_table_repeats_its_titles_is_named_aloud_and_cuts_no_row() -> None:
    (table,) = a_document().tables
    assert [cell.text for cell in table.rows[0].cells] == ["Who", "When"]
    assert all(cell.paragraphs[0].runs[0].bold for cell in table.rows[0].cells)
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "What to do"
