"""What has been looked at is not looked at again, and nothing else is left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.looking import Looked

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title><style>{style}</style></head>
<body><main><h1>A page</h1><p class="said">Words to read.</p>{more}</main></body></html>"""
PALE = "color: #bbb"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        yield context.new_page()


def shows(page: Page, more: str = "", style: str = "") -> None:
    page.set_content(PAGE.format(more=more, style=style))


@pytest.fixture
def looked(page: Page) -> Looked:
    """Somebody who has seen the plain page, with one line of each sort."""
    made = Looked()
    shows(page, "<ul><li>One line</li></ul>")
    assert made.faults(page) == ""
    return made


def is_looked_at(looked: Looked, page: Page) -> bool:
    """Whether axe comes to this page at all."""
    page.evaluate("delete window.axe")
    looked.faults(page)
    return bool(page.evaluate("'axe' in window"))


def test_other_words_and_more_of_the_same_make_no_other_kind_of_page(page: Page, looked: Looked) -> None:
    shows(page, "<ul><li>Another line</li><li>And one more</li></ul>")
    assert not is_looked_at(looked, page)


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("<ul><li>One line</li></ul><input type='text'>", "label"),
        ("<ul><li>One line</li></ul><label for='gone'>Name</label><input type='text' id='here'>", "label"),
        ("<ul><li>One line</li></ul><a href='/'></a>", "link-name"),
        ("<ul><li>One line</li></ul><h4>Too deep</h4>", "heading-order"),
        ("<ul><li>One line</li><p>No line</p></ul>", "list"),
        ("<ul><li role='lne'>One line</li></ul>", "aria-roles"),
        ("<ul><li>One line</li></ul><p style='color: #bbb'>Pale words.</p>", "color-contrast"),
        (
            "<ul><li>One line</li></ul><div style='background: #333'><p class='said'>Dark words.</p></div>",
            "color-contrast",
        ),
    ],
)
def test_a_fault_is_found_after_the_page_was_seen_without_it_and_each_time(
    page: Page, looked: Looked, more: str, rule: str
) -> None:
    shows(page, more)
    for _ in range(2):
        assert f"\n{rule} - " in looked.faults(page)


def test_what_is_named_is_there_and_an_id_stands_once(page: Page, looked: Looked) -> None:
    labelled = "<label for='one'>Name</label><input type='text' id='one'>"
    shows(page, labelled)
    assert looked.faults(page) == ""
    shows(page, labelled.replace("for='one'", "for='two'"))
    assert "\nlabel - " in looked.faults(page)


def test_letters_that_became_pale_are_found_where_letters_of_that_sort_were_well(page: Page, looked: Looked) -> None:
    shows(page, "<ul><li>One line</li></ul><hr>", ".said { color: #bbb }")
    assert "\ncolor-contrast - " in looked.faults(page)


def test_letters_that_could_not_be_seen_have_not_been_looked_at(page: Page) -> None:
    looked = Looked()
    for hidden in (" hidden", ""):
        shows(page, f"<p style='{PALE}'{hidden}>Pale words.</p>")
        found = looked.faults(page)
    assert "\ncolor-contrast - " in found


def test_another_width_is_another_page(page: Page, looked: Looked) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    shows(page, "<ul><li>One line</li></ul>")
    assert is_looked_at(looked, page)
    page.set_viewport_size({"width": 320, "height": 700})
