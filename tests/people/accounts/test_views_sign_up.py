from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from assess import create_app
from assess.kit.config import Settings
from assess.people.accounts.links import invite_administrator
from assess.people.models import Desk
from tests.conftest import TODAY, Visitor
from tests.people.accounts.conftest import JO, PASSWORD, is_in, link_in, person_of, rows_of
from tests.postboxes import Postbox


def test_an_account_is_made_by_the_button_behind_the_mail_and_by_nothing_before(
    app: Flask, visit: Any, deliver: Any, postbox: Postbox
) -> None:
    visit("/sign-up")
    page = visit.send("/sign-up", email=" Jo.Canary@Farm.example ")
    assert (page.address, page.heading) == ("/sign-up/sent", "Look at your mail")
    assert JO not in page.html
    assert person_of(app) is None
    link = link_in(deliver())
    assert postbox.mails[-1]["To"] == JO
    for _ in range(3):
        assert visit(link).status == 200
    assert person_of(app) is None
    visit.send("", name="  Jo \n Farmer ", password=PASSWORD)
    person = person_of(app)
    assert person is not None
    assert (person.name, person.confirmed_at is not None) == ("Jo Farmer", True)
    assert PASSWORD not in (person.password_hash or "")
    assert is_in(visit)
    assert visit(link).heading == "This link does not work"


def test_a_password_is_not_needed_and_a_poor_one_is_refused_with_the_link_unspent(
    app: Flask, visit: Any, deliver: Any
) -> None:
    visit("/sign-up")
    visit.send("/sign-up", email=JO)
    visit(link_in(deliver()))
    for poor in ("short", "password1234", "jo.canary2026", "modernslavery2026"):
        page = visit.send("", password=poor)
        assert page.status == 422
        assert page.soup.title is not None
        assert page.soup.title.text.startswith("Error: ")
        assert poor not in page.html
    visit.send("", password="")
    person = person_of(app)
    assert person is not None
    assert person.password_hash is None


def test_whoever_has_an_account_is_told_so_in_the_mail_alone(
    visit: Any, another_visit: Any, join: Any, deliver: Any, postbox: Postbox
) -> None:
    join(visit)
    pages = []
    for email in (JO, "someone.else1@farm.example"):
        another_visit("/sign-up")
        pages.append(another_visit.send("/sign-up", email=email, follow=False))
    deliver()
    known, unknown = pages
    assert (known.status, known.headers["Location"], known.html) == (
        unknown.status,
        unknown.headers["Location"],
        unknown.html,
    )
    assert sorted(known.headers.keys()) == sorted(unknown.headers.keys())
    subjects = {str(mail["To"]): str(mail["Subject"]) for mail in postbox.mails[1:]}
    assert subjects == {
        JO: "You already have an account",
        "someone.else1@farm.example": "Please confirm your e-mail address",
    }


def test_of_twenty_presses_at_once_one_makes_the_account(app: Flask, visit: Any, deliver: Any) -> None:
    visit("/sign-up")
    visit.send("/sign-up", email=JO)
    link = link_in(deliver())
    visitors = [Visitor(app.test_client()) for _ in range(20)]
    for each in visitors:
        each(link)
    ready = threading.Barrier(20)
    ended: list[int] = []

    def press(each: Visitor) -> None:
        ready.wait()
        ended.append(each.send("", follow=False).status)

    threads = [threading.Thread(target=press, args=(each,)) for each in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended.count(303) == 1
    assert set(ended) <= {303, 404, 429, 503}  # busy: all twenty want the same row
    assert len(rows_of(app)) == 1


def test_one_goes_on_to_where_one_wanted_and_never_to_another_site(visit: Any, deliver: Any) -> None:
    visit("/sign-up?next=/account/name")
    visit.send("/sign-up", email=JO)
    body = deliver()
    visit(link_in(body))
    assert visit.send("", follow=False).headers["Location"] == "/account/name"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_another_site_never_gets_into_a_mail(visit: Any, deliver: Any, evil: str) -> None:
    visit("/sign-up")
    visit.send("/sign-up", email=JO, next=evil)
    assert "evil" not in deliver()


def test_where_no_mail_is_sent_there_are_no_accounts_and_the_pages_say_so(banks_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(env="development", database_url=banks_url, data_folder=tmp_path), prepared=True)
    visit = Visitor(app.test_client())
    for path in ("/sign-up", "/sign-in", "/forgotten", "/sign-in/link"):
        page = visit(path)
        assert (page.status, page.heading) == (404, "There are no accounts here")
    assert "Sign in" not in visit("/").text
    app.extensions["assess.database"].close()


def test_the_first_administrator_begins_by_a_link_and_sets_up_a_second_step(
    app: Flask, visit: Any, with_app: Any
) -> None:
    with app.extensions["assess.database"].writing() as session:
        link = invite_administrator(session, JO, str, TODAY)
    visit(link)
    assert visit.page.heading == "Begin as administrator"
    assert visit.send("", password="").status == 422
    assert visit.send("", password=PASSWORD).address == "/account"
    person = person_of(app)
    assert person is not None
    assert person.desk is Desk.ADMINISTRATOR
    assert "You need a second step" in visit.page.text
    with_app(visit)
    assert visit(link).heading == "This link does not work"


def test_a_link_for_an_administrator_signs_nobody_into_an_account_that_is_there(
    app: Flask, visit: Any, another_visit: Any, join: Any
) -> None:
    join(visit)
    with app.extensions["assess.database"].writing() as session:
        link = invite_administrator(session, JO, str, TODAY)
    another_visit(link)
    assert another_visit.send("").address == "/sign-in"
    assert not is_in(another_visit)
    assert not is_in(visit)  # a desk has other times: sign in anew
    person = person_of(app)
    assert person is not None
    assert person.desk is Desk.ADMINISTRATOR
