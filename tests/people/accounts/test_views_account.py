from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select, text

from assess.kit.declaring import action_of
from assess.people.models import Membership, Organisation, Person, Role, SignedIn, Ticket
from tests.conftest import TODAY, Visitor
from tests.people.accounts.conftest import JO, is_in, link_in, person_of, rows_of, token_of


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


def test_every_page_of_the_account_sends_strangers_to_the_door(app: Flask, visit: Any) -> None:
    own = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if action_of(app, rule.endpoint) == "account.own" and "GET" in (rule.methods or set()) and "<" not in rule.rule
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


def test_grave_acts_ask_for_proof_after_a_quarter_of_an_hour(visit: Any, join: Any, later: Any) -> None:
    join(visit)
    assert visit("/account/password").heading == "New password"
    later(minutes=15)
    for path in ("/account/password", "/account/email", "/account/delete"):
        assert visit(path).heading == "Prove that it is you", path
    before = token_of(visit)
    assert visit.send("/prove", password="not the password").status == 422
    visit("/account/delete")
    page = visit.send("/prove", password="seven quiet herons")
    assert page.heading == "Delete your account"
    assert token_of(visit) != before
    later(minutes=40)
    page = visit.send("", sure="yes")
    assert page.heading == "Prove that it is you"


def test_whoever_has_no_password_proves_by_mail_in_the_same_browser(
    visit: Any, another_visit: Any, join: Any, later: Any, deliver: Any
) -> None:
    join(visit, password="")
    later(minutes=16)
    visit("/account/email")
    visit.send("/prove/link")
    link = link_in(deliver())
    assert another_visit(link).heading == "Sign in"
    visit(link)
    assert visit.send("").heading == "New e-mail address"


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


def test_deleting_leaves_nothing(app: Flask, visit: Any, join: Any, with_app: Any) -> None:
    join(visit)
    with_app(visit)
    visit("/sign-in/link")  # a link that waits
    visit("/account/delete")
    assert visit.send("").status == 422
    page = visit.send("", sure="yes")
    assert page.heading == "Your account is deleted"
    assert not is_in(visit)
    with app.extensions["assess.database"].reading() as look:
        for table in ("person", "signed_in", "ticket", "code_app", "recovery_code", "passkey"):
            assert look.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table  # noqa: S608  # our own tables
        for table in ("outbox", "guesses", "rate_counter"):
            rows = look.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  # the same
            assert "canary" not in str(rows), table


def test_the_only_manager_cannot_go(app: Flask, visit: Any, another_visit: Any, join: Any) -> None:
    join(visit)
    join(another_visit, "ann@farm.example")
    jo, ann = person_of(app), person_of(app, "ann@farm.example")
    assert jo is not None
    assert ann is not None
    with app.extensions["assess.database"].writing() as session:
        firm = Organisation(name="Fen Edge Growers", made_at=TODAY)
        session.add(firm)
        session.flush()
        session.add(Membership(organisation_id=firm.id, person_id=jo.id, role=Role.MANAGER, made_at=TODAY))
    visit("/account/delete")
    assert "You are the only manager of: Fen Edge Growers" in visit.page.text
    visit("/account")
    token = visit.page.fields("/sign-out")["csrf_token"]
    refused = visit.client.post("/account/delete", data={"csrf_token": token, "sure": "yes"})
    assert refused.status_code == 422
    with app.extensions["assess.database"].writing() as session:
        session.add(Membership(organisation_id=firm.id, person_id=ann.id, role=Role.MANAGER, made_at=TODAY))
    visit("/account/delete")
    assert visit.send("", sure="yes").heading == "Your account is deleted"
    with app.extensions["assess.database"].reading() as look:
        assert look.scalars(select(Organisation.name)).all() == ["Fen Edge Growers"]
        assert [row.email for row in look.scalars(select(Person))] == ["ann@farm.example"]
        assert look.scalars(select(SignedIn.person_id)).all() == [ann.id]
        assert look.scalars(select(Ticket).where(Ticket.email == JO)).all() == []


def test_the_name_can_be_changed_and_stands_in_the_header_but_never_on_pages_for_all(
    visit: Any, join: Any, another_visit: Any
) -> None:
    join(visit, name="")
    visit("/account/name")
    visit.send("", name="Canary <b> Jo")
    page = visit("/account")
    assert page.soup.select_one("header a[href='/account']").get_text(strip=True) == "Your account: Canary <b> Jo"
    for path in ("/", "/questions", "/help", "/help/you", "/privacy", "/before-you-start"):
        assert "Canary" not in visit(path).html, path
    for path in ("/help", "/help/you", "/help/call", "/privacy"):
        assert visit(path).soup.select("header a[href='/account'], header a[href='/sign-in']") == [], path
    assert another_visit("/").soup.select_one("header a[href='/account']") is not None
    assert another_visit("/sign-in").soup.select_one("header a[href='/sign-in']") is not None
