from __future__ import annotations

from typing import Any

from flask import Flask

from tests.conftest import Visitor
from tests.people.accounts.conftest import JO, is_in, link_in, person_of, token_of


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
