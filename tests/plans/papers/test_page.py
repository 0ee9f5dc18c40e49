from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import outloud
import pytest

from assess.banks.papers import Paper, papers_on
from assess.plans.papers.foot import foot_of
from assess.plans.papers.page import to_html
from assess.plans.printing.pdf import to_pdf
from tests.engine.real_banks import QUESTIONNAIRES
from tests.plans.papers.shelf_of_papers import IDS, PAPERS, TODAY, paper_called, printed, words_of
from tests.plans.printed import kids, opened, tree

ONE_PAGE = ("fair_work_rules", "first_hour_card", "helpline_poster", "time_sheet", "who_to_call", "pay_explained")


def read(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(said.split())


@pytest.mark.parametrize("name", IDS)
def test_every_paper_can_be_read_aloud(name: str, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(printed(name))
    result = outloud.check(str(path))
    assert result.error is None
    assert result.errors == 0


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_every_word_comes_back_in_its_order(paper: Paper, tmp_path: Path) -> None:
    said = read(printed(paper.id), tmp_path)
    place = 0
    for text in [paper.title, *words_of(paper), *foot_of(paper)]:
        found = said.find(" ".join(text.split()), place)
        assert found >= 0, text
        place = found


@pytest.mark.parametrize("name", IDS)
def test_a_file_has_title_language_headings_and_tables_with_headers(name: str) -> None:
    file = opened(printed(name))
    assert file.Root.Lang == "en-GB"
    assert file.docinfo["/Title"] == paper_called(name).title
    day = paper_called(name).reviewed.replace("-", "")
    assert file.docinfo["/CreationDate"] == f"D:{day}000000Z"
    elements = tree(file)
    levels = [int(str(element.S)[2]) for element in elements if re.fullmatch(r"/H\d", str(element.S))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    tables = [element for element in elements if element.S == "/Table"]
    assert len(tables) == sum(kind == "table" for kind, _held in paper_called(name).blocks)
    for table in tables:
        assert [str(kid.S) for kid in kids(table)][:2] == ["/Caption", "/THead"]


@pytest.mark.parametrize("name", ONE_PAGE)
def test_what_is_put_up_or_handed_out_fits_one_page(name: str) -> None:
    assert len(opened(printed(name)).pages) == 1


def test_no_page_is_left_with_the_foot_alone(tmp_path: Path) -> None:
    for name in IDS:
        path = tmp_path / "paper.pdf"
        path.write_bytes(printed(name))
        said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
        last = said.split("\f")[:-1][-1]
        assert not last.startswith("For you to use"), name


def test_the_same_paper_gives_the_same_bytes_and_a_new_rate_another_page() -> None:
    paper = paper_called("pay_check")
    assert to_pdf(to_html(paper)) == printed("pay_check")
    before = {one.id: to_html(one) for one in papers_on(QUESTIONNAIRES, TODAY.replace(month=3, day=1))}
    after = {one.id: to_html(one) for one in PAPERS}
    changed = {name for name in IDS if before[name] != after[name]}
    assert "pay_check" in changed
    assert "fair_work_rules" not in changed


def test_what_an_author_writes_is_text_and_never_markup() -> None:
    paper = replace(paper_called("buyer_letter"), title="<img src=x>", blocks=(("text", "<script>"), ("line", "a & b")))
    html = to_html(paper)
    assert "<img src=x>" not in html
    assert "&lt;script&gt;" in html
    assert "a &amp; b:" in html
