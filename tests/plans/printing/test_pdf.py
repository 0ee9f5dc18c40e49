from __future__ import annotations

import builtins
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pytest
from bs4 import BeautifulSoup

from assess.plans.pages import to_html
from assess.plans.printing import pdf
from assess.plans.printing.pdf import MissingLibraryError, to_pdf
from tests.plans.printed import kids, opened, printed, tree
from tests.plans.records import scenario, text_of

pytestmark = pytest.mark.xdist_group("printed")  # both look into the same files, printed once


TITLES = ("farming low", "car_washes critical")


def heard(content: bytes, tmp_path: Path) -> Any:
    path = tmp_path / "plan.pdf"
    path.write_bytes(content)
    return outloud.check(str(path))


@pytest.mark.parametrize("title", TITLES)
def test_a_plan_passes_the_accessibility_check(title: str, tmp_path: Path) -> None:
    result = heard(printed(title), tmp_path)
    assert result.error is None
    assert result.errors == 0


@pytest.mark.parametrize("copy", ["buyer", "coordinator"])
def test_every_copy_passes_it_with_an_urgent_sign_open(copy: Any, tmp_path: Path) -> None:
    result = heard(printed("farming critical", copy), tmp_path)
    assert result.error is None
    assert result.errors == 0


@pytest.mark.parametrize("bank", ["farming", "car_washes", "hospitality"])
def test_the_plan_of_a_careful_business_has_at_most_twelve_pages(bank: str) -> None:
    assert len(opened(printed(f"{bank} low")).pages) <= 12


@pytest.mark.parametrize("title", TITLES)
def test_a_file_has_language_title_bookmarks_and_a_fixed_date(title: str) -> None:
    file = opened(printed(title))
    assert file.Root.Lang == "en-GB"
    assert file.docinfo["/Title"] == "Action plan for Fen Edge Growers Ltd, 24 November 2026"
    assert file.docinfo["/CreationDate"] == "D:20261124000000Z"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    assert b'pdfuaid:part="1"' in file.Root.Metadata.read_bytes()
    with file.open_outline() as outline:
        (top,) = outline.root
        parts = [item.title for item in top.children]
    middle = ["Where you stand", "Why this score", "What to do", "Your duties"]
    assert [part for part in parts if part in middle] == middle
    assert parts[0] == "If someone may be in danger"
    assert parts[-2:] == ["Annex", "Sign-off"]


@pytest.mark.parametrize("title", TITLES)
def test_headings_go_down_one_level_at_a_time(title: str) -> None:
    file = opened(printed(title))
    levels = [int(str(element.S)[2]) for element in tree(file) if re.fullmatch(r"/H\d", str(element.S))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("title", TITLES)
def test_tables_have_real_headers_and_drawings_say_what_they_show(title: str) -> None:
    file = opened(printed(title))
    elements = tree(file)
    tables = [element for element in elements if element.S == "/Table"]
    assert tables
    for table in tables:
        assert [str(kid.S) for kid in kids(table)][:2] == ["/Caption", "/THead"]
    assert all("/Scope" in cell.A for cell in elements if cell.S == "/TH")
    figures = [element for element in elements if element.S == "/Figure"]
    assert figures
    assert all(str(figure.Alt).strip() for figure in figures)


@pytest.mark.parametrize("title", TITLES)
def test_the_text_comes_back_in_the_order_of_the_page(title: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(printed(title))
    read = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    said = " ".join(read.split())
    html = to_html(scenario(title.rsplit(" ", 1)[0], title), "business")
    record = scenario(title.rsplit(" ", 1)[0], title)
    asks = [question["ask"] for section in record["sections"] for question in section["questions"]]
    annex = said[said.rindex("All your answers") :]
    places = [annex.find(ask[:30]) for ask in asks]
    assert min(places) >= 0
    assert places == sorted(places)
    assert f"Page 1 of {len(opened(printed(title)).pages)}" in said
    assert len(text_of(html)) * 0.9 < len(said)


@pytest.mark.parametrize(("title", "copy"), [("farming critical", "business"), ("hospitality critical", "large")])
def test_no_heading_and_no_line_that_opens_a_table_is_left_behind_at_the_foot_of_a_page(
    title: str, copy: Any, tmp_path: Path
) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(printed(title, copy))
    read = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    soup = BeautifulSoup(to_html(scenario(title.rsplit(" ", 1)[0], title), copy), "html.parser")
    openers = [*soup.select("h2, h3, h4"), *(table.find_previous_sibling("p") for table in soup.select("table"))]
    ends = {" ".join(one.get_text(" ").split())[-40:] for one in openers if one is not None}
    for page in read.split("\f")[:-1]:
        lines = [
            line
            for line in page.splitlines()
            if not re.match(r"Action plan$|Action plan · check code|Page \d+ of", line)
        ]
        assert not any(" ".join(" ".join(lines[-4:]).split()).endswith(end) for end in ends), lines[-2:]


@pytest.mark.parametrize("title", TITLES)
def test_a_file_is_small_sound_and_has_only_our_two_faces(title: str) -> None:
    content = printed(title)
    file = opened(content)
    assert len(content) < 300_000
    assert file.check_pdf_syntax() == []
    fonts = {str(font.BaseFont) for page in file.pages for font in page.Resources.Font.values()}
    assert len(fonts) == 2
    assert all("Noto-Sans" in name or "NotoSans" in name for name in fonts)


def test_every_buyer_page_says_what_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    for title in ("farming medium", "farming critical"):
        path.write_bytes(printed(title, "buyer"))
        read = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
        for page in read.split("\f")[:-1]:
            said = " ".join(page.split())
            assert "The business’s own answers; not a finding; not for selection or exclusion." in said


def test_the_same_page_gives_the_same_bytes_and_another_page_others() -> None:
    html = to_html(scenario("farming", "farming low"), "business")
    assert to_pdf(html) == to_pdf(html)
    other = to_pdf(html.replace("Fen Edge", "Fen Hedge"))
    names = [bytes(opened(made).trailer.ID[0]) for made in (to_pdf(html), other)]
    assert all(len(name) == 16 for name in names)
    assert names[0] != names[1]


@pytest.mark.parametrize(
    "vector",
    [
        '<img src="{}" alt="x">',
        '<link rel="attachment" href="{}">',
        '<link rel="stylesheet" href="{}">',
        '<style>@import url("{}");</style>',
        '<style>body {{ background: url("{}") }}</style>',
        '<style>@font-face {{ font-family: X; src: url("{}") }} body {{ font-family: X }}</style>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{}" width="9" height="9"/></svg>',
        '<object data="{}">x</object>',
    ],
)
def test_no_file_and_no_address_is_ever_fetched(vector: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary.svg"
    canary.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>CANARYINTHECOALMINE</text></svg>')
    body = vector.format(canary.as_uri())
    made = opened(to_pdf(f'<html lang="en"><head><title>t</title>{body}</head><body><p>text</p>{body}</body></html>'))
    streams = b"".join(thing.read_bytes() for thing in made.objects if isinstance(thing, pikepdf.Stream))
    assert b"CANARY" not in streams
    assert "/EmbeddedFiles" not in made.Root.get("/Names", {})


def test_a_missing_system_library_is_named_with_the_package_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def gone(name: str, *more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", gone)
    with pytest.raises(MissingLibraryError, match=re.escape("apt-get install libpangoft2-1.0-0 libharfbuzz-subset0")):
        pdf.load_weasyprint.__wrapped__()
