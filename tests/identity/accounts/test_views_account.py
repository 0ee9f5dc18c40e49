from __future__ import annotations

from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.response import Response

from assess.core.links import hash_token
from assess.core.route_permissions import route_permission
from assess.identity.access import require_full_sign_in
from assess.identity.accounts.second_factors import get_second_factors
from assess.identity.models import LoginSession, Membership, Organisation, Role, StaffRole
from tests.conftest import TODAY, Visitor
from tests.identity.accounts.conftest import JO, is_in, link_in, person_of, rows_of, token_of


def test_the_account_lists_browsers_and_ends_one_or_all_others(
    app: Flask, visit: Any, another_visit: Any, join: Any, enter: Any
) -> None:
    join(visit)
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}
    another_visit("/sign-in")
    fields = another_visit.page.fields("/sign-in") | {"email": [JO], "password": ["seven quiet herons"]}
    another_visit.client.post("/sign-in", data=fields, headers=firefox)
    page = visit("/account")
    assert "Firefox on Windows" in page.text
    assert page.text.count(", this one") == 1
    theirs = next(row for row in rows_of(app) if row.browser == "Firefox on Windows")
    visit.send(f"{theirs.id}/end")
    assert not is_in(another_visit)
    assert is_in(visit)
    third = Visitor(app.test_client())
    enter(third)
    visit("/account")
    visit.send("/end-others")
    assert not is_in(third)
    assert is_in(visit)


def test_nobody_ends_the_browser_of_another(app: Flask, visit: Any, another_visit: Any, join: Any) -> None:
    join(visit)
    join(another_visit, "ann@farm.example")
    person = person_of(app, "ann@farm.example")
    assert person is not None
    hers = next(row for row in rows_of(app) if row.person_id == person.id)
    visit("/account")
    token = visit.page.fields("/sign-out")["csrf_token"][0]
    visit.client.post(f"/account/browsers/{hers.id}/end", data={"csrf_token": token})
    assert is_in(another_visit)


@pytest.mark.parametrize(("typed", "kept"), [("  Jo \r\n Farmer\t", "Jo Farmer"), ("\u202eevil", "evil"), (" ", "")])
def test_a_name_is_one_line(app: Flask, visit: Any, join: Any, typed: str, kept: str) -> None:
    join(visit)
    visit("/account/name")
    visit.send("", name=typed)
    person = person_of(app)
    assert person is not None
    assert person.name == kept


def test_a_name_too_long_is_shown_again(app: Flask, visit: Any, join: Any) -> None:
    join(visit)
    visit("/account/name")
    page = visit.send("", name="x" * 300)
    assert (page.status, page.fields()["name"]) == (422, ["x" * 300])
    person = person_of(app)
    assert person is not None
    assert person.name == "Jo"


def test_every_page_of_the_account_sends_strangers_to_sign_in(app: Flask, visit: Any) -> None:
    own = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if route_permission(app, rule.endpoint, "GET") == "account.own"
        and "GET" in (rule.methods or set())
        and "<" not in rule.rule
    ]
    assert len(own) >= 8
    for path in own:
        page = visit(path, follow=False)
        assert (page.status, page.headers["Location"].split("?")[0]) == (303, "/sign-in"), path


def test_a_new_password_ends_every_other_browser_and_the_copied_cookie(
    app: Flask, visit: Any, another_visit: Any, join: Any, enter: Any, deliver: Any, postbox: Any
) -> None:
    join(visit)
    enter(another_visit)
    copied = token_of(visit)
    visit("/account/password")
    assert visit.send("", password="password1234").status == 422
    assert visit.send("", password="nine loud herons").address == "/account"
    assert not is_in(another_visit)
    another_visit.client.set_cookie("assess_signed_in", copied)
    assert not is_in(another_visit)
    deliver()
    assert postbox.mails[-1]["Subject"] == "Your account was changed"
    assert enter(another_visit, password="nine loud herons").address == "/account"
    assert app


def test_a_new_address_counts_once_its_button_is_pressed_and_the_old_one_is_told(
    app: Flask, visit: Any, another_visit: Any, join: Any, deliver: Any, postbox: Any, enter: Any
) -> None:
    join(visit)
    join(another_visit, "ann@farm.example")
    visit("/account/email")
    assert visit.send("", email="ann@farm.example").heading == "Check your email"
    visit("/account/email")
    assert visit.send("", email="jo.new@farm.example").heading == "Check your email"
    deliver()
    mails = {str(mail["To"]): mail for mail in postbox.mails[-4:]}
    assert mails["ann@farm.example"]["Subject"] == "This address already has an account"
    assert mails[JO]["Subject"] == "Your account: a new address was asked for"
    link = link_in(mails["jo.new@farm.example"].get_content().replace("\r\n", "\n"))
    visit(link)
    assert person_of(app) is not None
    visit.send("")
    assert person_of(app) is None
    assert person_of(app, "jo.new@farm.example") is not None
    assert enter(Visitor(app.test_client()), "jo.new@farm.example").address == "/account"


def test_a_new_password_ends_a_link_to_a_new_address_that_a_thief_asked_for(
    app: Flask, visit: Any, join: Any, deliver: Any, postbox: Any
) -> None:
    join(visit)
    visit("/account/email")
    visit.send("", email="thief@evil.example")
    deliver()
    body = next(mail for mail in postbox.mails if mail["To"] == "thief@evil.example").get_content()
    visit("/account/password")
    visit.send("", password="nine loud herons")
    assert visit(link_in(body.replace("\r\n", "\n"))).heading == "This link does not work"
    assert person_of(app) is not None


@pytest.fixture
def asked(visit: Any, join: Any, deliver: Any, postbox: Any) -> str:
    """Jo, in this browser, asked for a new address: the link in the mail to that."""
    join(visit)
    visit("/account/email")
    visit.send("", email="thief@evil.example")
    deliver()
    body = next(mail for mail in postbox.mails if mail["To"] == "thief@evil.example").get_content()
    return link_in(body.replace("\r\n", "\n"))


def test_a_new_address_needs_somebody_signed_in_to_the_account(
    app: Flask, visit: Any, another_visit: Any, asked: str, join: Any, enter: Any
) -> None:
    assert another_visit(asked, follow=False).headers["Location"].startswith("/sign-in?next=/account/email/")
    join(another_visit, "ann@farm.example")
    assert another_visit(asked).heading == "This link does not work"
    visit(asked)
    drawn = visit.page.fields()
    sent = another_visit.client.post(asked, data=drawn | {"csrf_token": [_form_token(another_visit)]})
    assert sent.status_code == 404
    assert person_of(app) is not None
    elsewhere = Visitor(app.test_client())
    enter(elsewhere)
    elsewhere(asked)
    assert elsewhere.send("").heading == "The new address is in use"
    assert is_in(elsewhere)
    assert not is_in(visit), "all others are signed out"


def _form_token(visitor: Visitor) -> str:
    return str(visitor("/account/name").soup.select_one("input[name=csrf_token]")["value"])


def test_a_new_address_ends_what_was_mailed_to_the_old_one(
    app: Flask, visit: Any, another_visit: Any, asked: str, deliver: Any, postbox: Any
) -> None:
    another_visit("/sign-in")
    another_visit("/sign-in/link")
    another_visit.send("/sign-in/link", email=JO)
    deliver()
    body = next(mail for mail in reversed(postbox.mails) if mail["Subject"] == "Your link to sign in").get_content()
    kept = link_in(body.replace("\r\n", "\n"))
    assert another_visit(kept).heading != "This link does not work"
    visit(asked)
    visit.send("")
    assert person_of(app, "thief@evil.example") is not None
    assert another_visit(kept).heading == "This link does not work"
    deliver()
    assert postbox.mails[-1]["To"] == JO
    assert postbox.mails[-1]["Subject"] == "Your account has a new address"


@pytest.mark.parametrize("way", ["one", "others", "step"])
def test_signing_out_the_browser_that_asked_ends_the_link_to_a_new_address(
    app: Flask, visit: Any, another_visit: Any, asked: str, enter: Any, with_app: Any, way: str
) -> None:
    enter(another_visit)
    if way == "step":
        with_app(another_visit)
    else:
        action = "/end-others" if way == "others" else f"{_browser_of(app, visit)}/end"
        drawn = another_visit("/account").soup.select_one("input[name=csrf_token]")["value"]
        sent = another_visit.client.post(f"/account/browsers/{action.lstrip('/')}", data={"csrf_token": drawn})
        assert sent.status_code == 303
    assert not is_in(visit)
    assert another_visit(asked).heading == "This link does not work"
    assert person_of(app) is not None


def _browser_of(app: Flask, visitor: Visitor) -> str:
    token = token_of(visitor)
    assert token is not None
    return str(next(row.id for row in rows_of(app) if row.token_hash == hash_token(token)))


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


def test_staff_need_a_second_step_before_anything_else_opens(
    app: Flask, visit: Any, join: Any, with_app: Any, enter: Any
) -> None:
    join(visit)
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].writing() as session:
        person = session.merge(person)
        person.desk = StaffRole.COORDINATOR
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
        session.execute(update(LoginSession).values(second_step=False))
    assert "Sign out and sign in again with your second step" in visit("/account/second-steps").text
    for form in ("/app/remove", "/codes"):
        visit("/account/second-steps")
        assert visit.send(form, follow=False).headers["Location"] == "/account/second-steps"
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].reading() as look:
        assert get_second_factors(look, person.id).code_app


def test_a_buyer_needs_a_second_step_as_staff_do(app: Flask, visit: Any, join: Any, with_app: Any) -> None:
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
                require_full_sign_in()
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
