from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Visitor
from tests.editor.conftest import AtDesk
from tests.editor.law.test_views_things import lines_changed

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
RATES = "settings/rates.yaml"


def test_a_rate_gets_a_value_from_a_day_on_and_keeps_the_old_one(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    listed = visit(f"{at_desk.draft}/settings")
    assert "Changes results: rehearse it." in listed.text
    visit(f"{at_desk.draft}/settings/wage")
    page = visit.send("", **{"from": "01/04/2026"}, value="13.10", source="An order of 2027", review_by="31/03/2028")
    assert page.status == 422
    assert page.fields("")["value"] == ["13.10"]
    page = visit.send("", **{"from": "01/04/2027"})
    assert "Saved in this draft." in page.text
    assert page.soup.find("th", string="1 April 2026 (counts today)")
    changed = lines_changed(app, at_desk, RATES)
    assert all(line.startswith("+") for line in changed)
    assert any("13.1" in line for line in changed)


def test_a_value_past_its_day_is_marked_until_somebody_looks_again(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    def look(again: str) -> str:
        visit(f"{at_desk.draft}/settings/wage_18_20/2026-04-01")
        visit.send("", follow=False, checked="01/05/2026", review_by=again)
        return visit(f"{at_desk.draft}/settings").text

    assert "Expired" in look("01/06/2026")
    assert "Expired" not in look("01/06/2027")
    assert [line[0] for line in lines_changed(app, at_desk, RATES)] == ["-", "+", "-", "+"]
    assert visit(f"{at_desk.draft}/settings/wage_18_20/2020-01-01").status == 404
    assert visit(f"{at_desk.draft}/settings/nothing").status == 404
