"""No mark in the business's own file sorts the sensitive questions from the others, in any bank and whatever was answered.

Words tell what they tell: the text of an action, its date and its theme stand in the plan too. What is looked for here is what a
program could sort by without reading: yes or no, nothing where others have something, a key that only some have, a list of ids.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import outloud
import pytest

from assess.core import pdf_tagging
from assess.plans.copies import Copy, business_record, ordinary_questions_of_record
from assess.plans.print_html import ASSESSMENT_FILE, attached_files
from tests.engine.real_banks import BANKS, edition_of
from tests.long_runs import either
from tests.plans.printed_pdfs import opened, render_copy, tree, walk
from tests.plans.purchases.purchase_records import HOTEL, LONG, UNKNOWN, hotel, sixty
from tests.plans.records import Record, a_record, answers_of, scenario
from tests.plans.test_copies import TO_SHOW, base_of, raising, sign_cases
from tests.plans.test_every_copy import has_headers_and_words_for_drawings, has_headings_and_bookmarks, is_cut_nowhere

Marks = dict[tuple[object, ...], set[str]]
ADVICE = {"core_controller": "yes"}
"""A sign of third-party control: actions wait for advice."""


@cache
def records(bank: str) -> tuple[Record, ...]:
    """The scenarios, each sign there is, each that may be there unknown, one while actions wait, and one half answered."""
    low = f"{bank} low"
    may_sign = [question.id for question in edition_of(bank).questions() if question.can_sign]
    half = {name: None for place, name in enumerate(answers_of(bank, low)) if place % 2}
    return (
        *(scenario(bank, f"{bank} {level}") for level in ("low", "medium", "critical")),
        *(raising(bank, name, answer) for found, name, _, answer in sign_cases() if found == bank),
        *(a_record(bank, base_of(bank, name), change={**TO_SHOW.get(name, {}), name: "dk"}) for name in may_sign),
        a_record(bank, f"{bank} critical", change=ADVICE),
        a_record(bank, low, change=half),
    )


def marks_in(value: Any, ids: frozenset[str], path: tuple[str, ...] = (), about: str = "") -> Iterator[tuple[Any, str]]:
    """Every mark and the question it is on: a key that is there, a yes, a no, a nothing, and an id in a list or as a key."""
    if isinstance(value, dict):
        about = next((name for name in (value.get("question"), value.get("id")) if name in ids), about)
        for key, part in value.items():
            if key in ids:
                yield (*path, "a key"), key
            if about:
                yield (*path, key, "there"), about
            yield from marks_in(part, ids, (*path, key), about)
    elif isinstance(value, list):
        for part in value:
            yield from marks_in(part, ids, path, about)
    elif isinstance(value, str) and value in ids:
        yield (*path, "named"), value
    elif about and (value is None or isinstance(value, bool)):
        yield (*path, value), about


def marks_of(bank: str, files: Iterator[Any]) -> Marks:
    ids = frozenset(question.id for question in edition_of(bank).questions())
    found: Marks = defaultdict(set)
    for content in files:
        for mark, question in marks_in(content, ids):
            found[mark].add(question)
    return found


def sorting(bank: str, marks: Marks) -> list[tuple[object, ...]]:
    """The marks that stand on sensitive questions alone."""
    ordinary = frozenset[str]().union(*(ordinary_questions_of_record(record) for record in records(bank)))
    return [mark for mark, questions in marks.items() if not questions & ordinary]


def assessment_in(record: Record) -> Any:
    return next(json.loads(file.content) for file in attached_files(record, "business") if file.name == ASSESSMENT_FILE)


@pytest.mark.parametrize("bank", either(BANKS[:1], BANKS))
def test_no_mark_stands_on_sensitive_questions_alone(bank: str) -> None:
    marks = marks_of(bank, (assessment_in(record) for record in records(bank)))
    assert len(marks) > 40
    assert sorting(bank, marks) == []


@pytest.mark.parametrize("bank", BANKS)
def test_the_marks_that_were_taken_out_would_have_been_found(bank: str) -> None:
    """So the test above can fail: the record our own pages are drawn from has them."""
    found = sorting(bank, marks_of(bank, (business_record(record) for record in records(bank))))
    wanted = {("actions", "exportable", False), ("actions", "fails", True)}
    assert wanted <= set(found)
    assert any(mark[0] == "charges" for mark in found) is bool(scenario(bank, f"{bank} low")["charges"])
    whole = set(sorting(bank, marks_of(bank, iter(records(bank)))))
    assert {("sections", "questions", mark, True) for mark in ("can_sign", "waits_for_advice")} <= whole
    assert ("result", "urgent_signs", "named") in whole


SHORTEST = "hospitality low"
"""The plan with the fewest other pages: those are looked at in the tests of every copy."""
LISTS = {"one": HOTEL[:1], "hotel": HOTEL, "sixty": sixty(), "long": LONG, "unknown": UNKNOWN}
PRINTED: tuple[tuple[str, Copy], ...] = (
    ("hotel", "annex"),
    ("long", "annex"),
    ("hotel", "coordinator"),
    ("sixty", "buyer"),
)
"""Each copy that has them; in a long run the annex of every list as well."""
IN_A_LONG_RUN: tuple[tuple[str, Copy], ...] = tuple((name, "annex") for name in LISTS if name not in {"hotel", "long"})


@pytest.mark.parametrize(("name", "copy"), either(PRINTED, (*PRINTED, *IN_A_LONG_RUN)))
def test_a_copy_with_purchases_can_be_heard_and_is_cut_nowhere(
    name: str, copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[Any] = []
    mend = pdf_tagging.fix_tags

    def mend_and_look(document: Any, pdf: Any, **more: Any) -> None:
        laid_out.append(document)
        mend(document, pdf, **more)

    monkeypatch.setattr(pdf_tagging, "fix_tags", mend_and_look)
    content = render_copy(hotel(LISTS[name], SHORTEST), copy)
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
    if (name, copy) == ("hotel", "annex"):
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
