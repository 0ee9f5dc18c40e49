"""The summary on paper: whole, read aloud without a fault, four pages at most, and without names unless they are asked for."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import outloud
import pytest

from assess.kit.db import Database
from assess.plans.printing.pdf import to_pdf
from assess.portfolio.models import StandingDuty, StandingGood
from assess.portfolio.picture.gathering import picture_of
from assess.portfolio.picture.models import PictureMonth
from assess.portfolio.picture.page import to_html
from tests.conftest import TODAY
from tests.plans.printed import opened, tree
from tests.portfolio.picture.filled_world import fill_world
from tests.suppliers.makers import a_buyer, a_supplier


def page_of_one(published: Database) -> str:
    """The page of a buyer with one supplier, of whom there is nothing to tell."""
    with published.writing() as session:
        council = a_buyer(session, "The Shop")
        a_supplier(session, council, "Never asked")
        return to_html(picture_of(session, council.id, "The Shop", TODAY), names=True)


def pages(published: Database) -> dict[bool, str]:
    """The page with and without names, of a buyer of whom there is as much to tell as can be."""
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        suppliers = fill_world(session, council)
        for number in range(20):
            good = f"A kind of goods with a long name, number {number}"
            session.add(
                StandingGood(
                    supplier_id=suppliers[0].id,
                    buyer_id=suppliers[0].buyer_id,
                    good=good,
                    place=f"Country {number}",
                    word="Not known",
                )
            )
            for supplier in suppliers[:4]:
                title = f"A duty with a title that is rather long, as those of the law are, number {number}"
                session.add(
                    StandingDuty(
                        supplier_id=supplier.id, buyer_id=supplier.buyer_id, duty=f"d{number}", title=title, done=False
                    )
                )
        for month in range(1, 12):
            groups = {"shared": month, "other": 1, "asked": 2, "declined": 1, "over": 1, "not_asked": 3}
            bands = None if month == 9 else {"low": 1, "medium": 2, "high": 2, "none": 4}
            counts = {"bands": bands, "groups": groups}
            day = TODAY.date().replace(month=month, day=1)
            session.add(PictureMonth(buyer_id=council.id, month=day, counts=counts, made_at=TODAY))
        session.flush()
        picture = picture_of(session, council.id, "The Council", TODAY)
    return {names: to_html(picture, names=names) for names in (True, False)}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_summary_is_a_tagged_file_that_reads_well(published: Database, tmp_path: Path) -> None:
    content = to_pdf(pages(published)[True])
    path = tmp_path / "summary.pdf"
    path.write_bytes(content)
    heard = outloud.check(str(path))
    assert (heard.error, [str(one) for one in heard.findings if one.severity == "error"]) == (None, [])
    with opened(content) as file:
        assert 2 <= len(file.pages) <= 4
        assert file.Root.MarkInfo.Marked
        assert file.Root.Lang == "en-GB"
        assert str(file.docinfo["/Title"]).startswith("Our suppliers and modern slavery: summary for the board of")
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        with file.open_outline() as outline:
            titles = [item.title for item in outline.root[0].children]
        assert titles[:2] == ["Stay and help fix it", "Bands by kind of work"]
        assert titles[-1] == "What this is not"
        elements = tree(file)
        kinds = [str(element.S) for element in elements]
        levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert kinds.count("/Table") == 8
        assert kinds.count("/TH") > 60
        figures = [element for element in elements if str(element.S) == "/Figure"]
        assert figures
        assert all(str(figure.Alt).strip() for figure in figures)
    said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    said = " ".join(said.split())
    assert "The business’s own answers. Not a finding. Not for selection or exclusion." in said
    assert "as of 24 November 2026" in said
    assert "These are the businesses’ own answers. Nobody checked them." in said
    assert "1 duty of fewer than 3 suppliers is left out." in said
    for name in ("Late farm", "Never asked", "Wash 2"):
        assert name in said


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_summary_of_next_to_nothing_reads_well_too(published: Database, tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    path.write_bytes(to_pdf(page_of_one(published)))
    heard = outloud.check(str(path))
    assert (heard.error, [str(one) for one in heard.findings if one.severity == "error"]) == (None, [])


def test_the_same_picture_gives_the_same_text_and_no_name_by_itself(published: Database) -> None:
    found = pages(published)
    assert not [name for name in ("Late farm", "Never asked", "Wash 2") if name in found[False]]
    assert "01553" not in found[True], "a telephone number is for the list alone"
    assert "Names are left out." in found[False]
    assert "http" not in found[False].replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_it_says_how_many_there_are_to_call_first(published: Database) -> None:
    assert "<h2>The one to call first</h2>" in page_of_one(published)
    assert "<h2>The ten to call first</h2>" in pages(published)[True]
