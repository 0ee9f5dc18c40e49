"""The pages people work with lead to “What you buy”, but not while advice is needed today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from tests.plans.buying.bought import buying, hotel
from tests.plans.conftest import submit_record
from tests.plans.records import a_record

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_result_and_actions_say_how_many_are_high_and_lead_to_the_steps(app: Flask, visit: Any, now: datetime) -> None:
    made = submit_record(app, visit, hotel(), now)
    for page in (visit(f"{made.address}/result"), visit(f"{made.address}/result/actions")):
        assert "You listed 15 purchases: 7 high, 5 medium, 2 not known, 1 lower." in page.text
        (link,) = page.soup.select("a[href$='#buys-steps']")
        assert link["href"] == f"{made.address}/result/buys#buys-steps"
    assert visit(f"{made.address}/result/buys").soup.select("#buys-steps")


def test_while_advice_is_needed_today_they_say_nothing_of_it(app: Flask, visit: Any, now: datetime) -> None:
    urgent = a_record("hospitality", "hospitality medium", change={"core_documents": "employer"})
    made = submit_record(app, visit, buying(urgent), now)
    for page in (visit(f"{made.address}/result"), visit(f"{made.address}/result/actions")):
        assert "You listed" not in page.text
        assert not page.soup.select("a[href*='#buys']")
