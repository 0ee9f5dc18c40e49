from __future__ import annotations

from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.response import Response

from assess.people.accounts.door import signed_in_or_sign_in
from assess.people.accounts.second_steps import steps_of
from assess.people.models import Desk, Membership, Organisation, Role, SignedIn
from tests.conftest import TODAY, Visitor
from tests.people.accounts.conftest import is_in, person_of, rows_of, token_of


@pytest.fixture
def twin(visit: Any, join: Any, with_app: Any) -> pyotp.TOTP:
    """Jo has an app for codes; this is its twin."""
    join(visit)
    found: pyotp.TOTP = with_app(visit)
    return found


def test_setting_up_gives_this_browser_a_new_token(app: Flask, visit: Any, join: Any, with_app: Any) -> None:
    join(visit)
    before = token_of(visit)
    with_app(visit)
    assert token_of(visit) not in {before, None}
    assert [row.second_step for row in rows_of(app)] == [True]
    thief = Visitor(app.test_client())
    thief.client.set_cookie("assess_signed_in", before or "")
    assert not is_in(thief)


def test_a_desk_needs_a_second_step_before_anything_else_opens(
    app: Flask, visit: Any, join: Any, with_app: Any, enter: Any
) -> None:
    join(visit)
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].writing() as session:
        person = session.merge(person)
        person.desk = Desk.COORDINATOR
    assert "You need a second step" in visit("/account").text
    with_app(visit)
    assert "You need a second step" not in visit("/account").text
    visit("/account/second-steps")
    assert visit.send("/app/remove").status == 422
    assert enter


def test_a_recovery_code_stands_in_once(app: Flask, visit: Any, twin: pyotp.TOTP, enter: Any) -> None:
    assert twin
    visit("/account/second-steps")
    page = visit.send("/codes")
    codes = [item.get_text() for item in page.soup.select("ol code")]
    assert (len(codes), len(set(codes))) == (10, 10)
    assert visit("/account/second-steps").html.count(codes[0]) == 0
    first, second = Visitor(app.test_client()), Visitor(app.test_client())
    enter(first)
    assert first.send("/sign-in/second-step", code=codes[0].upper().replace("-", " ")).address == "/account"
    enter(second)
    assert second.send("/sign-in/second-step", code=codes[0]).status == 422
    assert "9 recovery codes left" in first("/account").text


def test_a_browser_that_has_not_shown_the_step_is_signed_out_and_takes_none_away(
    app: Flask, visit: Any, another_visit: Any, join: Any, with_app: Any, enter: Any
) -> None:
    join(visit)
    enter(another_visit)
    with_app(visit)
    assert not is_in(another_visit)
    assert is_in(visit)
    with app.extensions["assess.database"].writing() as session:
        session.execute(update(SignedIn).values(second_step=False))
    assert "Sign out and sign in again with your second step" in visit("/account/second-steps").text
    for form in ("/app/remove", "/codes"):
        visit("/account/second-steps")
        assert visit.send(form, follow=False).headers["Location"] == "/account/second-steps"
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].reading() as look:
        assert steps_of(look, person.id).code_app


def test_a_buyer_needs_a_second_step_as_a_desk_does(app: Flask, visit: Any, join: Any, with_app: Any) -> None:
    join(visit)
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].writing() as session:
        firm = Organisation(name="Council", made_at=TODAY)
        session.add(firm)
        session.flush()
        session.add(Membership(organisation_id=firm.id, person_id=person.id, role=Role.BUYER, made_at=TODAY))

    def door() -> Response | None:
        with app.test_request_context("/shared", headers={"Cookie": f"assess_signed_in={token_of(visit)}"}):
            try:
                signed_in_or_sign_in()
            except HTTPException as error:
                return error.response
            return None

    led = door()
    assert led is not None
    assert led.headers["Location"] == "/account/second-steps?next=/shared"
    with_app(visit)
    assert door() is None


def test_a_code_for_an_app_that_is_not_being_set_up_leads_back(visit: Any, join: Any) -> None:
    join(visit)
    token = visit("/account/second-steps").fields()["csrf_token"][0]
    answer = visit.client.post("/account/second-steps/app", data={"csrf_token": token, "code": "123456"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/second-steps")
