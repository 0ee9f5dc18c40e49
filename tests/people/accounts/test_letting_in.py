from __future__ import annotations

from typing import Any

from flask import Flask

from assess.people.accounts.links import ask_for_sign_in
from assess.people.accounts.people import make_person
from tests.conftest import TODAY
from tests.people.accounts.conftest import JO, is_in, link_in, rows_of, token_of


def test_whoever_was_signed_in_here_is_signed_out_by_the_next_one(
    app: Flask, visit: Any, join: Any, deliver: Any
) -> None:
    join(visit, "ann@farm.example")
    hers = token_of(visit)
    with app.extensions["assess.database"].writing() as session:
        make_person(session, JO, TODAY)
        ask_for_sign_in(session, JO, lambda path: f"http://localhost:5000{path}", None, TODAY)
    visit(link_in(deliver()))
    assert visit.send("").address == "/account"
    assert JO in visit.page.text
    assert len(rows_of(app)) == 1
    visit.client.set_cookie("assess_signed_in", hers)
    assert not is_in(visit)


def test_half_way_lets_in_once_even_with_a_copied_cookie(
    app: Flask, visit: Any, another_visit: Any, join: Any, with_app: Any, enter: Any, later: Any
) -> None:
    join(visit)
    twin = with_app(visit)
    later(seconds=60)
    enter(another_visit)
    thief = app.test_client()
    copied = another_visit.client.get_cookie("assess_session")
    assert copied is not None
    thief.set_cookie("assess_session", copied.value)
    another_visit("/sign-in/second-step")
    code = twin.at(app.config["CLOCK"]())
    assert another_visit.send("/sign-in/second-step", code=code).address == "/account"
    later(seconds=120)
    assert thief.get("/sign-in/second-step").headers["Location"] == "/sign-in"


def test_half_way_is_over_after_ten_minutes(
    visit: Any, another_visit: Any, join: Any, with_app: Any, enter: Any, later: Any
) -> None:
    join(visit)
    with_app(visit)
    assert enter(another_visit).address == "/sign-in/second-step"
    later(minutes=10)
    assert another_visit("/sign-in/second-step").address == "/sign-in"
