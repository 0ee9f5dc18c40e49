"""Every kind of copy, printed and read back: what a screen reader, a pair of scissors and a second printing would find.

A copy takes seconds, so each is printed once, and each bank; in a long run every copy of every scenario is.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import outloud
import pytest

from assess.core import pdf_tagging
from assess.core.pdf import load_weasyprint
from assess.plans.action_tracker.state import EvidenceNote, ItemState, TrackerState
from assess.plans.copies import COPIES, Copy
from assess.plans.plan_page import business_plan
from assess.plans.print_html import copy_html
from assess.plans.printed_plan import printed_plan_of
from assess.plans.words import answer_text, plain_number, questions_of
from tests.engine.real_banks import BANKS
from tests.long_runs import either
from tests.plans.printed_pdfs import kids, opened, render_copy, tree
from tests.plans.records import NAME, SCENARIOS, Record, scenario, text_of

CODE = "K7QF-2M9D"
TITLES: dict[Copy, str] = {
    "business": f"Action plan for {NAME}, 24 November 2026",
    "large": f"Action plan for {NAME} (large print), 24 November 2026",
    "annex": f"Annex to the action plan for {NAME}, 24 November 2026",
    "wall": f"If you work here: {NAME}, 24 November 2026",
    "buyer": f"Buyer copy for {NAME}, 24 November 2026",
    "coordinator": f"Coordinator’s copy for {NAME}, 24 November 2026",
}


def a_busy_year(record: Record) -> TrackerState:
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
    items = [item for item in business_plan(record).action_list.items if item.ordinary]
    return {item.key: states[number % len(states)] for number, item in enumerate(items)}


ONE_OF_EACH: tuple[tuple[str, Copy], ...] = (
    ("farming medium", "business"),
    ("car_washes medium", "large"),
    ("hospitality medium", "coordinator"),
    ("car_washes critical", "annex"),
    ("car_washes medium", "wall"),
    ("hospitality medium", "buyer"),
)
EVERY = tuple(product((title for _, title in SCENARIOS), COPIES))


def test_each_copy_and_each_bank_is_printed() -> None:
    assert {copy for _, copy in ONE_OF_EACH} == set(COPIES)
    assert {title.rsplit(" ", 1)[0] for title, _ in ONE_OF_EACH} == set(BANKS)
    assert set(ONE_OF_EACH) < set(EVERY)


def drawn(title: str, copy: Copy) -> tuple[Record, TrackerState]:
    """The large print and the coordinator’s copy of a year’s end, the others as they are on the first day."""
    record = scenario(title.rsplit(" ", 1)[0], title)
    return record, a_busy_year(record) if copy in {"large", "annex", "coordinator"} else {}


def made(title: str, copy: Copy) -> bytes:
    record, state = drawn(title, copy)
    return render_copy(record, copy, state, CODE)


@pytest.mark.parametrize(("title", "copy"), either(ONE_OF_EACH, EVERY))
def test_a_copy_can_be_heard_found_and_read_in_one_piece(
    title: str, copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[Any] = []
    mend = pdf_tagging.fix_tags

    def mend_and_look(document: Any, pdf: Any, **more: Any) -> None:
        laid_out.append(document)
        mend(document, pdf, **more)

    monkeypatch.setattr(pdf_tagging, "fix_tags", mend_and_look)
    content = made(title, copy)
    path = tmp_path / "copy.pdf"
    path.write_bytes(content)
    heard = outloud.check(str(path))
    assert (heard.error, heard.errors) == (None, 0)
    file = opened(content)
    is_described(file, TITLES[copy])
    has_headings_and_bookmarks(file)
    has_headers_and_words_for_drawings(file)
    is_cut_nowhere(laid_out[0], large=copy == "large")
    names_no_place_twice(laid_out[0])
    is_sound_small_and_ours(file, content)
    if copy == "buyer":
        says_on_every_page_what_it_is_not(path)
    if copy == "annex":
        has_every_question_once(title, path)
    if copy == "business":
        has_its_parts_in_order(file)
        comes_back_in_the_order_of_the_page(title, path, len(file.pages))


def is_sound_small_and_ours(file: Any, content: bytes) -> None:
    assert file.check_pdf_syntax() == []
    assert len(content) < 400_000
    fonts = {str(font.BaseFont) for page in file.pages for font in page.Resources.Font.values()}
    assert len(fonts) == 2
    assert all("Noto-Sans" in name or "NotoSans" in name for name in fonts)
    assert file.docinfo["/Producer"] == file.docinfo["/Creator"] == "Assess"
    assert b"WeasyPrint" not in file.Root.Metadata.read_bytes()
    assert b"weasyprint" not in content.lower()


def pages_read(path: Path, *how: str) -> list[str]:
    """The words of each page, as a program that copies text finds them."""
    command = ["pdftotext", *how, str(path), "-"]
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [" ".join(page.split()) for page in read.split("\f")[:-1]]


def says_on_every_page_what_it_is_not(path: Path) -> None:
    for said in pages_read(path):
        assert "The business’s own answers; not a finding; not for selection or exclusion." in said


def has_every_question_once(title: str, path: Path) -> None:
    """Its number, its words, the answer and its points, on one row; no number is cut."""
    said = " ".join(pages_read(path, "-raw"))
    record, _ = drawn(title, "annex")
    lines = {line["question"]: line for line in record["result"]["lines"]}
    for number, question in enumerate(questions_of(record), 1):
        words = " ".join(f"{number} {question['ask']} {answer_text(question['answer_text'])}".split())
        line = lines.get(question["id"])
        points = f" {plain_number(line['points'])} of {plain_number(line['possible'])}" if line else ""
        assert said.count(words + points) == 1, words


def has_its_parts_in_order(file: Any) -> None:
    with file.open_outline() as outline:
        (top,) = outline.root
        parts = [item.title for item in top.children]
    assert parts[0] == "Three things to do first"
    assert parts[3].startswith("Now to ")
    middle = ["After that", "The law for you", "Where you stand", "What you do well", "What you can tell those who ask"]
    assert [name for part in parts if (name := part.partition(",")[0]) in middle] == middle
    assert parts[-1] == "Call and sign"


def comes_back_in_the_order_of_the_page(title: str, path: Path, pages: int) -> None:
    said = " ".join(pages_read(path, "-raw"))
    record, state = drawn(title, "business")
    place = said.index("Now to ")
    for step in printed_plan_of(record, business_plan(record, state)).steps.first:
        place = said.find(step.do[:20], place)
        assert place >= 0, step.do
    assert f"Page 1 of {pages}" in said
    assert len(text_of(copy_html(record, "business", state, CODE))) * 0.9 < len(said)


def is_described(file: Any, called: str) -> None:
    assert file.Root.Lang == "en-GB"
    assert file.docinfo["/Title"] == called
    assert file.docinfo["/CreationDate"] == file.docinfo["/ModDate"] == "D:20261124000000Z"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    metadata = file.Root.Metadata.read_bytes()
    assert b'pdfuaid:part="1"' in metadata
    assert called.encode() in metadata


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


def names_no_place_twice(document: Any) -> None:
    names = [name for element in document.pages[0]._page_box.children[0].element.iter() if (name := element.get("id"))]
    assert len(names) == len(set(names))


MANY_PARTS = 6


def is_cut_nowhere(document: Any, *, large: bool = False) -> None:
    """No row, no list item and no card stands on two pages, and no page ends with a heading or the end of what opens a table.

    In large print a card of many parts may be longer than a page: it is cut between parts, and each of its pages has one.
    """
    places: dict[int, set[int]] = {}
    long_cards: dict[int, Any] = {}
    openers = {id(part): opener for opener in what_opens(document) for part in opener.iter()}
    opened_on: dict[int, int] = {}
    ends: list[Any] = []
    for number, page in enumerate(document.pages):
        flow = [box for box in page._page_box.children[0].descendants() if box.element is not None]
        repeated = {id(row) for box in flow if box.element.tag == "thead" for row in box.element}
        for box in flow:
            element = box.element
            if (element.tag in {"tr", "li"} or element.get("class") == "plan-card") and id(element) not in repeated:
                places.setdefault(id(element), set()).add(number)
                if large and element.tag == "article" and len(element.findall("ul/li")) >= MANY_PARTS:
                    long_cards[id(element)] = element
            if id(element) in openers:
                opened_on[id(openers[id(element)])] = number
        ends.append([box.element for box in flow if getattr(box, "text", "").strip()][-1])
    assert all(len(pages) == 1 for name, pages in places.items() if name not in long_cards)
    for name, card in long_cards.items():
        assert places[name] == {page for part in card.iterfind("ul/li") for page in places[id(part)]}
    left = [(number, openers[id(element)]) for number, element in enumerate(ends) if id(element) in openers]
    assert not [opener.tag for number, opener in left if opener.tag != "p" or opened_on[id(opener)] == number]


def what_opens(document: Any) -> Iterator[Any]:
    """Every heading, and of each table the paragraph above it when no heading stands between them."""
    for element in document.pages[0]._page_box.children[0].element.iter():
        if re.fullmatch(r"h[1-6]", str(element.tag)):
            yield element
        paragraph = None
        for kid in element:
            if kid.tag == "table" and paragraph is not None:
                yield paragraph
            if kid.tag == "p":
                paragraph = kid
            elif re.fullmatch(r"h[1-6]", str(kid.tag)):
                paragraph = None  # The heading opens the table, and what stood above it does not.


LINES = "<br>".join("line" for _ in range(60))


@pytest.mark.parametrize(
    "body",
    [
        f"<ul><li>{LINES}</li></ul>",
        f"<table><tbody><tr><td>{LINES}</td></tr></tbody></table>",
        f'<article class="plan-card"><p>{LINES}</p></article>',
        '<h2 style="break-after: page">Two</h2><p>line</p>',
        '<p style="break-after: page">So it is:</p><table><tbody><tr><td>line</td></tr></tbody></table>',
    ],
    ids=["item", "row", "card", "heading", "opener"],
)
def test_a_cut_is_noticed(body: str) -> None:
    for large in (False, True):
        with pytest.raises(AssertionError):
            is_cut_nowhere(rendered(body), large=large)


def rendered(body: str) -> Any:
    html = f'<html lang="en"><head><title>t</title></head><body><h1>t</h1>{body}</body></html>'
    return load_weasyprint().HTML(string=html).render()


@pytest.mark.parametrize(
    ("parts", "style", "after", "whole"),
    [
        (6, "break-before: page", "", True),
        (5, "break-before: page", "", False),
        (6, "", '<p style="break-before: page">line</p>', False),
        (6, "", f"<p>{LINES}</p>", False),
    ],
    ids=["between parts", "few parts", "before the end", "in the end"],
)
def test_a_long_card_is_cut_between_its_parts_alone(parts: int, style: str, after: str, *, whole: bool) -> None:
    items = "".join(f'<li style="{style if part == 3 else ""}">line</li>' for part in range(parts))
    document = rendered(f'<article class="plan-card"><p>line</p><ul>{items}</ul>{after}</article>')
    if whole:
        is_cut_nowhere(document, large=True)
    else:
        with pytest.raises(AssertionError):
            is_cut_nowhere(document, large=True)
    with pytest.raises(AssertionError):
        is_cut_nowhere(document)


SCENARIOS_COMPARED = either([(bank, f"{bank} medium") for bank in BANKS], SCENARIOS)
FILES_COMPARED: Sequence[Copy] = either(("wall", "buyer"), ("wall", "buyer", "coordinator"))


def fingerprints() -> list[str]:
    """Of the page of every copy of a scenario of each bank, and of files that are printed from other parts of a record.

    In a long run of every scenario, and of one file of each such kind. The large print is made of the page of the business, whose file
    two processes print in the tests of the press.
    """
    pages = [copy_html(*one, CODE) for one in every_page()]
    files = [made("farming low", copy) for copy in FILES_COMPARED]
    return [hashlib.sha256(one).hexdigest() for one in (*(page.encode() for page in pages), *files)]


def every_page() -> Iterator[tuple[Record, Copy, TrackerState]]:
    for bank, title in SCENARIOS_COMPARED:
        record = scenario(bank, title)
        state = a_busy_year(record)
        yield from ((record, copy, state) for copy in COPIES)


def test_a_process_with_another_seed_and_another_clock_makes_the_same_of_every_copy() -> None:
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    what = "from tests.plans.test_every_copy import fingerprints; print(*fingerprints())"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "UTC-9"}
    done = subprocess.run(
        [sys.executable, "-c", what], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    found = done.stdout.split()
    assert found == fingerprints()
    assert len(found) == len(set(found)) == len(SCENARIOS_COMPARED) * len(COPIES) + len(FILES_COMPARED)
