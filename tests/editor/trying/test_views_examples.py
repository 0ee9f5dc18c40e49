from __future__ import annotations

import pytest

from tests.conftest import Visitor
from tests.editor.trying.conftest import Desk
from tests.shelves import SHOP, START

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ROTA = "      - {id: rota, ask: Is there a rota?, type: text, kind: fact, dimension: pay, sources: [S1]}\n"
FAMILY = "expect: {shown: 1, exposure: 10, gap: 0, score: 2.5, band: low}"


def test_figures_that_a_change_moved_are_written_in_one_by_one_or_all_at_once(desk: Desk, visit: Visitor) -> None:
    examples = f"{desk.at}/shop/examples"
    assert "2 of 2 examples hold." in visit(examples).text
    desk.change(START, "label: Only family, points: 0", "label: Only family, points: 1")
    page = visit(examples)
    assert "family: does not hold" in page.text
    assert "Who works here? 1 of 3 0 of 3" in page.text
    before = desk.text(SHOP)
    stale = visit.send("/examples/1/figures", given="old")
    assert (stale.status, "Look at them again" in stale.text, desk.text(SHOP)) == (409, True, before)
    assert "2 of 2 examples hold." in visit.send("/examples/1/figures").text
    thin = FAMILY.replace("gap: 0,", "gap: 0.333333,").replace("2.5", "5").replace("band: low", "band: medium")
    assert desk.text(SHOP) == before.replace(FAMILY, thin)
    desk.change(SHOP, "band: critical, urgent_signs: [papers]", "band: high, urgent_signs: []")
    desk.change(SHOP, "score: 5,", "score: 7,")
    page = visit(f"{examples}/figures")
    assert page.heading == "Are all these figures right?"
    assert visit.send("/figures", given__1="old").status == 409
    visit(f"{examples}/figures")
    assert "2 of 2 examples hold." in visit.send("/figures").text
    assert "There is nothing to write." in visit(f"{examples}/figures").text
    assert "worked examples: the figures of 2" in visit(desk.at).text


def test_a_new_question_is_answered_in_an_example(desk: Desk, visit: Visitor) -> None:
    desk.change(START, "    questions:\n", f"    questions:\n{ROTA}")
    page = visit(f"{desk.at}/shop/examples/1")
    assert page.soup.select_one('[name="rota"]')
    assert visit.send("/answers", rota="x" * 300).soup.select_one('.govuk-error-summary a[href="#rota"]')
    page = visit.send("/answers", rota="On the wall")
    assert "answers: {staff: family, rota: On the wall}" in desk.text(SHOP)
    assert not page.soup.select_one('[name="rota"]')


def test_an_example_is_kept_from_a_try_out_renamed_and_retired(desk: Desk, visit: Visitor) -> None:
    visit(f"{desk.at}/shop/try")
    visit.send(example="kept")
    page = visit.send("/examples", title="")
    assert (page.status, "Enter a title" in page.text) == (422, True)
    assert visit.send("/examples", title="kept").status == 422
    assert "3 of 3 examples hold." in visit.send("/examples", title="A calm shop").text
    visit(f"{desk.at}/shop/examples/3")
    assert visit.send("/title", title=" ").status == 422
    assert visit.send("/title", title="A calm corner").heading == "Worked example A calm corner"
    stale = visit.send("/title", title="x", seen="old")
    assert (stale.status, "Somebody changed this example" in stale.text) == (409, True)
    assert stale.fields("/title")["title"] == ["x"]
    desk.change(SHOP, "  - title: kept\n", "  - title: kept\n    from: family\n")
    visit(f"{desk.at}/shop/examples/1/retire")
    page = visit.send("/retire")
    assert (page.status, "Others start from it: kept" in page.text) == (422, True)
    visit(f"{desk.at}/shop/examples/3/retire")
    assert "2 of 2 examples hold." in visit.send("/retire").text


def test_answers_that_cannot_be_given_any_more_are_taken_out(desk: Desk, visit: Visitor) -> None:
    desk.change(SHOP, "answers: {staff: family}", "answers: {staff: family, gone: 3}")
    page = visit(f"{desk.at}/shop/examples")
    assert "There is no question “gone”" in page.text
    visit.send("/examples/1/answers")
    assert "answers: {staff: family}" in desk.text(SHOP)
    assert visit(f"{desk.at}/shop/examples/99").status == 404
    desk.change(SHOP, "bank: shop", "bank: shops")
    assert "No figure can be worked out before this is put right" in visit(f"{desk.at}/shop/examples").text
