"""The section in print: heard without an error, cut nowhere, with one line and with sixty, with long names and unknown places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import outloud
import pytest

from assess.plans.copies import Copy
from assess.plans.printing import finisher
from assess.plans.printing.press import printed_copy
from tests.long_runs import either
from tests.plans.buying.bought import HOTEL, LONG, UNKNOWN, hotel, sixty
from tests.plans.printed import opened, tree, walk
from tests.plans.printing.test_every_copy import (
    has_headers_and_words_for_drawings,
    has_headings_and_bookmarks,
    is_cut_nowhere,
)

SHORTEST = "hospitality low"
"""The plan with the fewest other pages: those are looked at in the tests of every copy."""
LISTS = {"one": HOTEL[:1], "hotel": HOTEL, "sixty": sixty(), "long": LONG, "unknown": UNKNOWN}
PRINTED: tuple[tuple[str, Copy], ...] = (
    ("hotel", "business"),
    ("long", "large"),
    ("hotel", "coordinator"),
    ("sixty", "buyer"),
)
"""Each copy once; in a long run the plan of every list as well."""
IN_A_LONG_RUN: tuple[tuple[str, Copy], ...] = tuple((name, "business") for name in LISTS if name != "hotel")


@pytest.mark.parametrize(("name", "copy"), either(PRINTED, (*PRINTED, *IN_A_LONG_RUN)))
def test_a_copy_with_purchases_can_be_heard_and_is_cut_nowhere(
    name: str, copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[Any] = []
    mend = finisher.finish

    def mend_and_look(document: Any, pdf: Any, **more: Any) -> None:
        laid_out.append(document)
        mend(document, pdf, **more)

    monkeypatch.setattr(finisher, "finish", mend_and_look)
    content = printed_copy(hotel(LISTS[name], SHORTEST), copy)
    path = tmp_path / "copy.pdf"
    path.write_bytes(content)
    heard = outloud.check(str(path))
    assert (heard.error, heard.errors) == (None, 0)
    file = opened(content)
    has_headings_and_bookmarks(file)
    has_headers_and_words_for_drawings(file)
    is_cut_nowhere(laid_out[0])
    keeps_each_purchase_on_one_page(laid_out[0])
    with file.open_outline() as outline:
        titles = [item.title for item in outline.root[0].children]
    assert ("What the business buys" if copy == "buyer" else "What you buy") in titles
    assert len(content) < 700_000
    if (name, copy) == ("hotel", "business"):
        has_one_table_with_each_purchase_and_a_drawing_that_tells_all_numbers(file)


def has_one_table_with_each_purchase_and_a_drawing_that_tells_all_numbers(file: Any) -> None:
    elements = tree(file)
    lines = 2 * len(HOTEL) + 1
    tables = [element for element in elements if element.S == "/Table"]
    (table,) = [found for found in tables if kinds_below(found).count("/TR") == lines]
    assert kinds_below(table).count("/TH") == 4 + len(HOTEL)
    alternatives = [str(element.Alt) for element in elements if element.S == "/Figure"]
    (drawn,) = [text for text in alternatives if "Purchases by risk" in text]
    assert "High: under 5%: 2 to 4, 7; 5% to 20%: 1; 20% and more: 6; share not said: 5." in drawn


def keeps_each_purchase_on_one_page(document: Any) -> None:
    """What is bought and the fact that decides stand together, and the head of the table never stands alone."""
    places: dict[int, set[int]] = {}
    for number, page in enumerate(document.pages):
        boxes = [box for box in page._page_box.descendants() if box.element is not None]
        tables = [box.element for box in boxes if "plan-bought" in (box.element.get("class") or "").split()]
        group_of = {id(row): id(group) for table in tables for group in table.iter("tbody") for row in group}
        rows = {id(box.element) for box in boxes if box.element.tag == "tr"}
        here = {group for row, group in group_of.items() if row in rows}
        assert bool(here) == bool(tables)
        for group in here:
            places.setdefault(group, set()).add(number)
    assert all(len(pages) == 1 for pages in places.values())


def kinds_below(element: Any) -> list[str]:
    return [str(part.S) for part in walk(element)]
