"""Every page of trying a draft that changes something leaves one event; looking leaves none, and so does a try-out."""

from __future__ import annotations

import pytest

from tests.conftest import Visitor
from tests.editor.trying.conftest import Desk
from tests.kit.audit.test_completeness import counting
from tests.shelves import SHOP, START

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_every_change_leaves_one_event_and_a_try_out_none(desk: Desk, visit: Visitor) -> None:
    shop = f"{desk.at}/shop"
    with counting(desk.app) as (posted, looked):
        desk.change(START, "label: Only family, points: 0", "label: Only family, points: 1")
        visit(f"{shop}/try")
        visit.send(example="kept")
        visit.send("/examples", title="Kept again")
        visit.send("/examples/1/figures")
        desk.change(SHOP, "score: 5,", "score: 7,")
        visit(f"{shop}/examples/figures")
        visit.send("/figures")
        desk.change(SHOP, "answers: {staff: family}", "answers: {staff: family, gone: 3}")
        visit(f"{shop}/examples")
        visit.send("/examples/1/answers")
        visit.send("/title", title="A family")
        visit(f"{shop}/examples/3/retire")
        visit.send("/retire")
        visit(f"{shop}/questions/papers/waive/long_sentence")
        visit.send(reason="It is short")
    assert looked == []
    assert posted == {
        ("texts.save_text", 1): 3,
        ("trying.open_page", 0): 1,
        ("examples.add_one", 1): 1,
        ("examples.write_its_figures", 1): 1,
        ("examples.write_all_figures", 1): 1,
        ("examples.save_answers", 1): 1,
        ("examples.rename_one", 1): 1,
        ("examples.remove_example", 1): 1,
        ("problems.save_waiver", 1): 1,
    }
