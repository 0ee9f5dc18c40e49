from __future__ import annotations

from typing import Any

from flask import Flask

from assess.portfolio.pressure.keeping import go_round
from tests.people.persons import a_person, database_of, sign_in
from tests.portfolio.pressure.test_keeping import DECEMBER, NOVEMBER, five
from tests.suppliers.makers import a_buyer


def test_a_buyer_reads_what_its_suppliers_say_together_and_of_none_alone(app: Flask, visit: Any) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@council.example")
        council = a_buyer(session, "The Council", buyer=person)
        go_round(session, council.id, NOVEMBER)
        address = f"/organisations/{council.id}/suppliers/pressure"
    sign_in(visit, app, person)
    page = visit(address)
    assert page.heading == "What your suppliers say about you"
    assert "This is about you: what you pay, when you change orders." in page.text
    assert "Not enough answers yet" in page.text
    assert page.soup.select_one(".assess-buyer-menu [aria-current=page]").text == "What they say about you"
    with database_of(app).writing() as session:
        five(session, council)
        go_round(session, council.id, DECEMBER)
    page = visit(address)
    assert "As of 1 December 2026" in page.text
    assert "Often At least 6 in 10" in page.text
    assert "Never Too few to tell, or none" in page.text
    assert "For 4 in 10 we do not say which answer it was." in page.text
    assert "Farm" not in page.text


def test_nobody_else_reads_it(app: Flask, visit: Any) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@shop.example")
        a_buyer(session, "The Shop", buyer=person)
        other = a_buyer(session, "The Council")
    sign_in(visit, app, person)
    assert visit(f"/organisations/{other.id}/suppliers/pressure").status == 404
