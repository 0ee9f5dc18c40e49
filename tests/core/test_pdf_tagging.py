"""The tags of a PDF: tables, lists, cards and links stay whole over pages, and read as they look."""

from __future__ import annotations

from typing import Any

from assess.core.pdf import html_to_pdf
from tests.plans.printed_pdfs import kids, kinds, opened, tree

ROWS = "".join(f"<tr><td>row {number}</td><td>{number}</td><td>x</td></tr>" for number in range(90))
ITEMS = "".join(f"<li>item {number}</li>" for number in range(90))
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Pieces</title><style>
@page { size: A5; @bottom-left { content: "Foot of the page" } } body { font: 12pt "Noto Sans" } table { table-layout: fixed; width: 100% }
tr, li { break-inside: avoid } ul { list-style-position: inside } .card { break-inside: avoid }
</style></head><body><h1>Pieces</h1>BODY</body></html>"""
TABLE = f"<table><caption>Cap</caption><thead><tr><th scope=col>A</th><th scope=col>B</th><th scope=col>C</th></tr></thead><tbody>{ROWS}</tbody></table>"


def of(body: str) -> Any:
    return opened(html_to_pdf(PAGE.replace("BODY", body)))


def only(file: Any, kind: str) -> list[Any]:
    return [element for element in tree(file) if str(element.S) == kind]


def test_a_table_over_several_pages_is_one_table_with_one_header() -> None:
    file = of(f"<section><h2>Part</h2>{TABLE}</section>")
    assert len(file.pages) > 2
    (table,) = only(file, "/Table")
    assert [str(kid.S) for kid in kids(table)] == ["/Caption", "/THead", "/TBody"]
    assert len(only(file, "/TR")) == 91
    assert len(only(file, "/Sect")) == 1


def test_header_cells_say_what_they_head_and_every_cell_finds_its_own() -> None:
    file = of(TABLE.replace("<td>row", "<th scope=row>row").replace("</td><td>", "</th><td>", 90))
    scopes = {str(cell.A.Scope) for cell in only(file, "/TH")}
    assert scopes == {"/Column", "/Row"}
    names = {str(cell.ID) for cell in only(file, "/TH")}
    pointed = {str(name) for cell in only(file, "/TD") for name in cell.A.Headers}
    assert pointed <= names
    assert all(len(cell.A.Headers) == 2 for cell in only(file, "/TD"))


def test_a_list_over_several_pages_is_one_list_whose_items_have_bodies() -> None:
    file = of(f"<section><h2>Part</h2><ul>{ITEMS}</ul></section>")
    (found,) = only(file, "/L")
    items = list(kids(found))
    assert len(items) == 90
    assert all([str(part.S) for part in kids(item)] == ["/Lbl", "/LBody"] for item in items)


def test_parts_and_cards_that_begin_with_a_heading_stay_apart() -> None:
    cards = "".join(
        f"<article class=card><h3>Card {number}</h3><p>{'words ' * 60}</p></article>" for number in range(9)
    )
    file = of(f"<section><h2>One</h2>{cards}</section><section><h2>Two</h2>{cards}</section>")
    assert len(only(file, "/Sect")) == 2
    assert len(only(file, "/Art")) == 18


def test_a_caption_alone_at_the_foot_of_a_page_keeps_its_table() -> None:
    for lines in range(26, 33):
        file = of(f"<section><h2>Part</h2>{'<p>line</p>' * lines}{TABLE}</section>")
        (table,) = only(file, "/Table")
        assert [str(kid.S) for kid in kids(table)] == ["/Caption", "/THead", "/TBody"]


def test_footers_are_furniture_and_are_not_read() -> None:
    file = of("<p>One</p>")
    content = file.pages[0].Contents.read_bytes()
    assert b"/Artifact" in content
    assert b"/Pagination" in content
    owners = file.Root.StructTreeRoot.ParentTree.Nums[1]
    assert any(owner is None for owner in owners)


def test_what_holds_nothing_is_no_element() -> None:
    assert kinds(of("<p><span class=box></span>One</p>")) == ["/Document", "/H1", "/Span", "/P", "/Span"]


def test_links_are_printed_too_and_say_where_they_lead() -> None:
    file = of('<p><a href="https://example.org/">an example</a></p>')
    (link,) = file.pages[0].Annots
    assert link.F == 4
    assert link.Contents == "https://example.org/"
