"""The page on what suppliers say, in a real browser at phone width."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from assess.portfolio.pressure.keeping import go_round
from tests.people.persons import a_person, database_of, sign_in
from tests.phones import has_no_fault, phone
from tests.portfolio.pressure.test_keeping import DECEMBER, NOVEMBER, five
from tests.suppliers.makers import a_buyer

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.long
def test_it_has_no_fault_with_and_without_a_picture(app: Flask, visit: Any, browser: Browser, live: str) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@council.example")
        council = a_buyer(session, "The Council", buyer=person)
        go_round(session, council.id, NOVEMBER)
    sign_in(visit, app, person)
    with phone(browser, live, visit) as page:
        page.goto(f"/organisations/{council.id}/suppliers/pressure")
        page.get_by_role("heading", name="Not enough answers yet").wait_for()
        has_no_fault(page)
        with database_of(app).writing() as session:
            five(session, session.merge(council))
            go_round(session, council.id, DECEMBER)
        page.reload()
        page.get_by_role("heading", name="As of 1 December 2026").wait_for()
        has_no_fault(page)
