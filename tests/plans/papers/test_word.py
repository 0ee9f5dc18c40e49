from __future__ import annotations

import io
import subprocess
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from assess.banks.papers import Paper
from assess.plans.papers.foot import foot_of
from assess.plans.papers.word import TICK, to_docx
from tests.plans.papers.shelf_of_papers import IDS, PAPERS, paper_called, words_of


def opened(paper: Paper) -> Document:
    return docx.Document(io.BytesIO(to_docx(paper)))


def test_the_same_paper_gives_the_same_bytes() -> None:
    paper = paper_called("hiring_check")
    assert to_docx(paper) == to_docx(paper)


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_headings_and_tables_are_real_ones(paper: Paper) -> None:
    file = opened(paper)
    heads = [one.text for one in file.paragraphs if one.style is not None and one.style.name.startswith("Heading")]
    assert heads == [paper.title, *[held for kind, held in paper.blocks if kind == "heading"]]
    given = [held for kind, held in paper.blocks if kind == "table"]
    assert len(file.tables) == len(given)
    for table, held in zip(file.tables, given, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == held["columns"]
        assert len(table.rows) == 1 + len(held.get("rows", [])) + held.get("empty", 0)
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == held["caption"]


def test_properties_are_neutral_and_the_language_is_british_english() -> None:
    file = opened(paper_called("payroll_check"))
    properties = file.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "A look at our own pay records"
    assert properties.language == "en-GB"
    assert str(properties.created)[:19] == str(properties.modified)[:19] == "2026-11-24 00:00:00"
    assert {one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_each_numbered_list_begins_with_one() -> None:
    numbers = [
        one._p.pPr.numPr.numId.val
        for one in opened(paper_called("who_to_call")).paragraphs
        if one.style is not None and one.style.name == "List Number"
    ]
    other = [one.numId for one in opened(paper_called("who_to_call")).part.numbering_part.element.num_lst]
    assert len(numbers) == 6
    assert set(numbers) == {max(other)}


def test_lines_to_fill_in_run_to_the_margin_and_boxes_can_be_ticked() -> None:
    file = opened(paper_called("first_hour_card"))
    line = next(one for one in file.paragraphs if one.text.startswith("Your supervisor:"))
    (stop,) = line.paragraph_format.tab_stops
    assert round(stop.position.mm) == 174
    assert sum(one.text.startswith(TICK) for one in file.paragraphs) == 5


def test_every_file_opens_in_an_office_and_reads_back_equal(tmp_path: Path) -> None:
    for paper in PAPERS:
        (tmp_path / f"{paper.id}.docx").write_bytes(to_docx(paper))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, sorted(tmp_path.glob("*.docx")))], check=True, capture_output=True, timeout=180)
    for paper in PAPERS:
        made = subprocess.run(
            ["pdftotext", str(tmp_path / f"{paper.id}.pdf"), "-"], capture_output=True, text=True, check=True
        ).stdout
        for text in [paper.title, *words_of(paper), *foot_of(paper)]:
            assert whatever_the_lines(text) in whatever_the_lines(made), (paper.id, text)


def whatever_the_lines(text: str) -> str:
    """Where lines end depends on the fonts of the machine, and the reader takes a hyphen at the end of one for its own."""
    return "".join(text.split()).replace("-", "")
