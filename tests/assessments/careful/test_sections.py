from __future__ import annotations

from typing import Any

from assess.assessments.careful.places import mark_of
from assess.assessments.careful.sections import ask_in_section
from assess.assessments.section_form import Posted
from assess.assessments.typed import Typed
from assess.engine.bank import Column
from tests.assessments.careful.conftest import TABLE, TEXT
from tests.builders import a_question

NAME = "Mr Popescu keeps the keys"
SAID = a_question("said", type="text", kind="fact", options=())
SITES = a_question(
    "sites", type="table", kind="fact", options=(), columns=(Column(id="place", label="Place", type="text"),)
)


def test_only_the_answer_with_the_text_waits() -> None:
    posted = Posted(changes={"said": NAME, "other": "good"}, typed={"said": Typed((NAME,))})
    (asked,) = ask_in_section(posted, [SAID], {}, ())
    assert (asked.field, list(posted.changes), list(posted.faults)) == ("said", ["other"], ["said"])


def test_a_row_of_a_table_is_asked_about_in_its_cell_until_it_is_ticked() -> None:
    rows: Any = [{"place": "Main yard"}, {"place": NAME}]
    for ticks, expected in ((set(), {1: {"place"}}), ({mark_of(NAME)}, {})):
        posted = Posted(changes={"sites": rows}, typed={"sites": Typed(rows=tuple(rows))})
        ask_in_section(posted, [SITES], {}, ticks)
        cells: Any = posted.faults.get("sites", {})
        assert {row: set(columns) for row, columns in cells.items()} == expected


def test_the_page_comes_back_with_all_that_was_typed_and_saves_it_after_the_tick(
    visit: Any, written: str, capfd: Any
) -> None:
    section = next(link["href"] for link in visit(written).soup.select("a[href*='/sections/']"))
    visit(section)
    page = visit.send(**{TEXT: NAME, "core_people_peak": "7", f"{TABLE}__0__place": "Main yard"})
    assert page.status == 422
    assert page.soup.title.get_text().startswith("Error: ")
    assert page.soup.select_one(f"#{TEXT}")["value"] == NAME
    assert page.text.count("Popescu") == 0, "the words stand in their box and nowhere else"
    assert page.soup.select_one(f"form a[href='#{TEXT}']") is not None
    assert visit(section).soup.select_one("#core_people_peak")["value"] == "7", "everything else is saved"
    page = visit.send(**{TEXT: NAME})
    tick = page.soup.select_one("input[name=keep_words][type=checkbox]")["value"]
    other = visit.send(**{TEXT: NAME + " and sleeps there", "keep_words": tick})
    assert other.status == 422, "another text is asked about again"
    done = visit.send(**{TEXT: NAME, "keep_words": tick})
    assert done.status == 200
    assert visit(section).soup.select_one(f"#{TEXT}")["value"] == NAME
    assert visit.send().status == 200, "what is kept already is not asked about again"
    assert "Popescu" not in "".join(capfd.readouterr())


def test_purchases_and_links_ask_too_and_never_forbid(visit: Any, written: str) -> None:
    visit(f"{written}purchases")
    page = visit.send("/add", own=f"prawns\n{NAME}")
    assert page.status == 422
    tick = page.soup.select_one("input[name=keep_words][type=checkbox]")["value"]
    assert visit.send("/add", keep_words=tick).status == 200
    visit(f"{written}purchases")
    page = visit.send("/purchases", **{"1__supplier": "Ioana, 07700 900123", "1__country": "India"})
    assert page.status == 422
    assert page.soup.select_one("input[name='1.supplier']")["value"] == "Ioana, 07700 900123"
    tick = page.soup.select_one("input[name=keep_words][type=checkbox]")["value"]
    assert visit.send("/purchases", keep_words=tick).status == 200
    kept = visit(f"{written}purchases").soup
    assert kept.select_one("input[name='1.supplier']")["value"] == "Ioana, 07700 900123"
    assert kept.select_one("input[name='1.country']")["value"] == "India"
