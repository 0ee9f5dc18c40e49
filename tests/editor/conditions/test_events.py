"""Every page of conditions, checks and new sectors that changes something leaves one event; looking, and growing a form, leave none."""

from __future__ import annotations

import pytest

from tests.conftest import Visitor
from tests.editor.conditions.test_views_question import chosen
from tests.editor.drafting import Drafting, drafting
from tests.kit.audit.test_completeness import counting

__all__ = ["drafting"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_every_change_leaves_one_event(visit: Visitor, drafting: Drafting) -> None:
    with counting(drafting.app) as (posted, looked):
        visit(f"{drafting.home}/shop/questions/papers/condition")
        visit.send(do="add-0")
        visit.send(do="clear")
        visit(f"{drafting.home}/shop/checks/new")
        visit.send(says="Only family works here.")
        visit.send(**chosen("p0-l0", "staff", "one_of", "family"))
        visit(f"{drafting.home}/shop/checks/D1")
        visit.send(says="In other words.")
        visit(f"{drafting.home}/shop/checks/D1/retire")
        visit.send()
        visit(f"{drafting.home}/sectors/new")
        visit.send(title="Nail bars", base="30", reason="As shops.", frame="shop")
    assert looked == []
    assert posted == {
        ("condition.save_condition", 0): 1,
        ("condition.save_condition", 1): 1,
        ("checks.add_check", 1): 1,
        ("checks.save_check_condition", 1): 1,
        ("checks.save_check", 1): 1,
        ("checks.remove_check", 1): 1,
        ("sectors.add_sector", 1): 1,
    }
