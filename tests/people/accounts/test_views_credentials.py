from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assess.kit.tokens import hash_token
from tests.conftest import Visitor
from tests.people.accounts.conftest import JO, is_in, link_in, person_of, rows_of, token_of


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
    assert visit.send("", email="ann@farm.example").heading == "Look at your mail"
    visit("/account/email")
    assert visit.send("", email="jo.new@farm.example").heading == "Look at your mail"
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
