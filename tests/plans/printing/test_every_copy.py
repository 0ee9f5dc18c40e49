"""Every copy of every scenario, printed and read back: what a screen reader, a pair of scissors and a second printing would find."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import outloud
import pytest

from assess.plans.copies import COPIES, Copy
from assess.plans.document import business_plan
from assess.plans.printing import finisher
from assess.plans.printing.pdf import load_weasyprint
from assess.plans.printing.press import printed_copy
from assess.plans.register.state import EvidenceNote, ItemState, RegisterState
from tests.plans.printed import kids, opened, tree
from tests.plans.records import NAME, SCENARIOS, Record, scenario

TITLES: dict[Copy, str] = {
    "business": f"Action plan for {NAME}, 24 November 2026",
    "large": f"Action plan for {NAME} (large print), 24 November 2026",
    "wall": f"What we do next: {NAME}, 24 November 2026",
    "buyer": f"Buyer copy for {NAME}, 24 November 2026",
    "coordinator": f"Coordinator’s copy for {NAME}, 24 November 2026",
}


def a_busy_year(record: Record) -> RegisterState:
    """A register in which something was said to two items of three."""
    notes = (
        EvidenceNote(1, "Payslips of the whole team, October", "records", "2026-10-31", "2027-10-31", "shown"),
        EvidenceNote(2, "Letter to everybody", "letter", None, None, "said"),
    )
    states = (
        ItemState(response="accepted", owner="Jo Fenland", due="2027-01-15", status="under_way", revision=1),
        ItemState(response="accepted", status="done", done_on="2026-12-03", revision=2, notes=notes),
        ItemState(response="will_not", reason="cost", reason_text="Again next season", revision=1),
        ItemState(),
    )
    items = [item for item in business_plan(record).register.items if item.ordinary]
    return {item.key: states[number % len(states)] for number, item in enumerate(items)}


def made(title: str, copy: Copy) -> bytes:
    """The large print and the coordinator’s copy of a year’s end, the others as they are on the first day."""
    record = scenario(title.rsplit(" ", 1)[0], title)
    return printed_copy(record, copy, a_busy_year(record) if copy in {"large", "coordinator"} else {}, "K7QF-2M9D")


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("title", [title for _, title in SCENARIOS])
def test_a_copy_can_be_heard_found_and_read_in_one_piece(
    title: str, copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[Any] = []
    mend = finisher.finish

    def mend_and_look(document: Any, pdf: Any, **more: Any) -> None:
        laid_out.append(document)
        mend(document, pdf, **more)

    monkeypatch.setattr(finisher, "finish", mend_and_look)
    content = made(title, copy)
    path = tmp_path / "copy.pdf"
    path.write_bytes(content)
    heard = outloud.check(str(path))
    assert (heard.error, heard.errors) == (None, 0)
    file = opened(content)
    is_described(file, copy)
    has_headings_and_bookmarks(file)
    has_headers_and_words_for_drawings(file)
    is_cut_nowhere(laid_out[0])
    assert file.check_pdf_syntax() == []
    assert len(content) < 400_000


def is_described(file: Any, copy: Copy) -> None:
    assert file.Root.Lang == "en-GB"
    assert file.docinfo["/Title"] == TITLES[copy]
    assert file.docinfo["/CreationDate"] == file.docinfo["/ModDate"] == "D:20261124000000Z"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    metadata = file.Root.Metadata.read_bytes()
    assert b'pdfuaid:part="1"' in metadata
    assert TITLES[copy].encode() in metadata


def has_headings_and_bookmarks(file: Any) -> None:
    headings = [element for element in tree(file) if re.fullmatch(r"/H\d", str(element.S))]
    levels = [int(str(element.S)[2]) for element in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    with file.open_outline() as outline:
        (top,) = outline.root
        below = [part for item in top.children for part in (item, *item.children)]
    assert len(top.children) == levels.count(2)
    assert 1 + len(below) == sum(level <= 3 for level in levels)
    assert all(item.title.strip() for item in (top, *below))


def has_headers_and_words_for_drawings(file: Any) -> None:
    elements = tree(file)
    for table in (element for element in elements if element.S == "/Table"):
        assert [str(kid.S) for kid in kids(table)][:2] == ["/Caption", "/THead"]
    assert all(str(cell.A.Scope) in {"/Row", "/Column"} for cell in elements if cell.S == "/TH")
    assert all(str(figure.Alt).strip() for figure in elements if figure.S == "/Figure")


def is_cut_nowhere(document: Any) -> None:
    """No row, no list item and no card stands on two pages, and no page ends with a heading."""
    places: dict[int, set[int]] = {}
    of_headings: set[int] = set()
    ends: list[Any] = []
    for number, page in enumerate(document.pages):
        flow = [box for box in page._page_box.children[0].descendants() if box.element is not None]
        repeated = {id(row) for box in flow if box.element.tag == "thead" for row in box.element}
        for box in flow:
            element = box.element
            if re.fullmatch(r"h[1-6]", element.tag):
                of_headings.update(id(part) for part in element.iter())
            if (element.tag in {"tr", "li"} or element.get("class") == "plan-card") and id(element) not in repeated:
                places.setdefault(id(element), set()).add(number)
        ends.append([box.element for box in flow if getattr(box, "text", "").strip()][-1])
    assert all(len(pages) == 1 for pages in places.values())
    assert not [element.tag for element in ends if id(element) in of_headings]


LINES = "<br>".join("line" for _ in range(60))


@pytest.mark.parametrize(
    "body",
    [
        f"<ul><li>{LINES}</li></ul>",
        f"<table><tbody><tr><td>{LINES}</td></tr></tbody></table>",
        f'<article class="plan-card"><p>{LINES}</p></article>',
        '<h2 style="break-after: page">Two</h2><p>line</p>',
    ],
    ids=["item", "row", "card", "heading"],
)
def test_a_cut_is_noticed(body: str) -> None:
    html = f'<html lang="en"><head><title>t</title></head><body><h1>t</h1>{body}</body></html>'
    with pytest.raises(AssertionError):
        is_cut_nowhere(load_weasyprint().HTML(string=html).render())


FINGERPRINTS = """
import hashlib
from assess.plans.copies import COPIES
from assess.plans.pages import to_html
from tests.plans.printing.test_every_copy import a_busy_year
from tests.plans.records import SCENARIOS, scenario
for bank, title in SCENARIOS:
    for copy in COPIES:
        record = scenario(bank, title)
        print(hashlib.sha256(to_html(record, copy, a_busy_year(record)).encode()).hexdigest())
"""
PRINTS = """
import hashlib
from assess.plans.copies import COPIES
from tests.plans.printing.test_every_copy import made
for copy in COPIES:
    print(hashlib.sha256(made("farming low", copy)).hexdigest())
"""


@pytest.mark.parametrize("what", [FINGERPRINTS, PRINTS], ids=["pages", "files"])
def test_two_processes_with_other_seeds_make_the_same_of_every_copy(what: str) -> None:
    found = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        done = subprocess.run(
            [sys.executable, "-c", what], capture_output=True, text=True, check=True, env=environment, timeout=120
        )
        found.append(done.stdout.split())
    assert found[0] == found[1]
    assert len(found[0]) == len(set(found[0])) > 0
