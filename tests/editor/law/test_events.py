"""Every page of duties, rates and lists that changes something leaves one event, and looking leaves none."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Visitor
from tests.editor.conftest import AtDesk
from tests.kit.audit.test_completeness import counting

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_every_change_leaves_one_event(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    with counting(app) as (posted, looked):
        visit(f"{at_desk.draft}/things/owners/-/new")
        visit.send("", follow=False, id="cleaner", name="Cleaner")
        visit(f"{at_desk.draft}/things/owners/cleaner")
        visit.send("", follow=False, name="Head cleaner")
        visit(f"{at_desk.draft}/things/owners/cleaner/remove")
        visit.send("", follow=False)
        visit(f"{at_desk.draft}/duties/uk_s54_approval/review")
        visit.send("", follow=False, reviewed_by="A. Lawyer", reviewed_on="23/11/2026")
        visit(f"{at_desk.draft}/settings/wage/2026-04-01")
        visit.send("", follow=False, source="GOV.UK")
        visit(f"{at_desk.draft}/settings/wage")
        visit.send("", follow=False, **{"from": "01/04/2027"}, value="13", source="An order", review_by="31/03/2028")
    assert looked == []
    assert posted == {
        ("things.add_thing", 1): 1,
        ("things.change_thing", 1): 1,
        ("things.remove_thing", 1): 1,
        ("duties.change_review", 1): 1,
        ("dated.change_look_again", 1): 1,
        ("dated.add_setting_value", 1): 1,
    }
