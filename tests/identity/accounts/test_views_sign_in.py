from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assess.app import create_app
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.models import OutgoingMail
from assess.core.post_redirects import StoredPage
from assess.core.security import LOGIN_COOKIE
from assess.identity.accounts import second_factors, sign_in
from assess.identity.accounts.second_factors import WrongCodeError
from assess.identity.accounts.services import create_person, disable_by_email
from assess.identity.accounts.sign_in import (
    email_sign_in_link,
    full_url,
    honoured_secret_keys,
    issue_administrator_link,
    relying_party,
)
from assess.identity.models import OneTimeToken, StaffRole
from tests.conftest import TODAY, Visitor
from tests.identity.accounts.conftest import JO, PASSWORD, is_in, link_in, person_of, rows_of, token_of
from tests.mail_servers import MailServer


@pytest.fixture
def twin(visit: Any, join: Any, with_app: Any) -> pyotp.TOTP:
    """Jo has an app for codes; this is its twin."""
    join(visit)
    found: pyotp.TOTP = with_app(visit)
    return found


@pytest.mark.parametrize("password", [PASSWORD, ""])
def test_a_form_that_failed_is_not_sent_again_without_its_password(visit: Visitor, deliver: Any, password: str) -> None:
    """The account would be made all the same, and without the password that was chosen for it."""
    visit("/sign-up")
    visit.send("/sign-up", email=JO)
    address = link_in(deliver())
    visit(address)
    answer = visit.client.post(
        address,
        data={"csrf_token": "old", "name": "Jo", "password": password},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 400
    assert PASSWORD not in answer.text
    assert ("Send it again" in answer.text) is not bool(password)


def test_a_new_password_and_a_link_by_mail_do_not_stand_in_for_the_second_step(
    visit: Any, another_visit: Any, twin: pyotp.TOTP, enter: Any, deliver: Any
) -> None:
    assert twin
    another_visit("/forgotten")
    another_visit.send("", email=JO)
    another_visit(link_in(deliver()))
    page = another_visit.send("", password="nine loud herons")
    assert page.heading == "Your password is a new one"
    assert not is_in(another_visit)
    assert not is_in(visit)
    assert enter(another_visit, password=PASSWORD).status == 422
    assert enter(another_visit, password="nine loud herons").address == "/sign-in/second-step"
    assert not is_in(another_visit)
    another_visit("/sign-in/link")
    another_visit.send("/sign-in/link", email=JO)
    another_visit(link_in(deliver()))
    assert another_visit.send("").address == "/sign-in/second-step"
    assert not is_in(another_visit)


def test_asking_reads_alike_for_all(visit: Any, another_visit: Any, join: Any, deliver: Any, postbox: Any) -> None:
    join(visit)
    pages = []
    for email in (JO, "nobody@farm.example"):
        another_visit("/forgotten")
        pages.append(another_visit.send("", email=email, follow=False))
    assert (
        len({(page.status, page.headers["Location"], page.html, tuple(sorted(page.headers.keys()))) for page in pages})
        == 1
    )
    deliver()
    assert {str(mail["Subject"]) for mail in postbox.mails[-2:]} == {
        "Choose a new password",
        "No account at this address",
    }


def test_a_link_to_a_new_password_works_once_and_for_an_hour(
    visit: Any, another_visit: Any, join: Any, deliver: Any, later: Any
) -> None:
    join(visit)
    another_visit("/forgotten")
    another_visit.send("", email=JO)
    link = link_in(deliver())
    another_visit(link)
    assert another_visit.send("", password="password1234").status == 422
    later(minutes=59, seconds=59)
    assert another_visit(link).heading == "Choose a new password"
    later(minutes=60)
    assert another_visit(link).heading == "This link does not work"
    later(minutes=1)
    another_visit(link)
    another_visit.send("", password="nine loud herons")
    assert another_visit(link).heading == "This link does not work"


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
    assert visit.send("").heading == "New email address"


def test_a_password_alone_opens_nothing_for_whoever_has_a_second_step(
    another_visit: Any, twin: pyotp.TOTP, enter: Any, later: Any
) -> None:
    later(seconds=60)
    page = enter(another_visit)
    assert (page.address, page.heading) == ("/sign-in/second-step", "One more step")
    assert not is_in(another_visit)
    another_visit("/sign-in/second-step")
    page = another_visit.send("/sign-in/second-step", code="000000")
    assert page.status == 422
    assert not is_in(another_visit)
    another_visit("/sign-in/second-step")
    code = twin.at(TODAY + timedelta(seconds=60))
    page = another_visit.send("/sign-in/second-step", code=f"{code[:3]} {code[3:]}")
    assert page.address == "/account"
    assert another_visit("/sign-in/second-step").address == "/account"


def test_the_same_code_twice_is_refused_and_so_is_an_older_one(
    app: Flask, twin: pyotp.TOTP, enter: Any, later: Any
) -> None:
    later(seconds=60)
    codes = [twin.at(TODAY + timedelta(seconds=seconds)) for seconds in (60, 60, 30, 0)]
    statuses = []
    for code in codes:
        visitor = Visitor(app.test_client())
        enter(visitor)
        statuses.append(visitor.send("/sign-in/second-step", code=code, follow=False).status)
    assert statuses == [303, 422, 422, 422]


def test_of_twenty_that_show_the_same_code_at_once_one_gets_in(app: Flask, twin: pyotp.TOTP) -> None:
    person = person_of(app)
    assert person is not None
    now = TODAY + timedelta(seconds=60)
    code = twin.at(now)
    taken: list[bool] = []
    ready = threading.Barrier(20)

    def show() -> None:
        with app.app_context():
            ready.wait()
            try:
                with app.extensions["assess.database"].writing() as session:
                    second_factors.use_totp_code(session, person.id, code, honoured_secret_keys(), now)
            except WrongCodeError:
                taken.append(False)
            else:
                taken.append(True)

    threads = [threading.Thread(target=show) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 1
    assert len(taken) == 20


def test_five_wrong_codes_are_enough_for_a_quarter_of_an_hour(
    another_visit: Any, twin: pyotp.TOTP, enter: Any, later: Any
) -> None:
    later(seconds=60)
    enter(another_visit)
    statuses = []
    for _ in range(5):
        another_visit("/sign-in/second-step")
        statuses.append(another_visit.send("/sign-in/second-step", code="000000").status)
    another_visit("/sign-in/second-step")
    right = another_visit.send("/sign-in/second-step", code=twin.at(TODAY + timedelta(seconds=60)))
    # setting the app up took one of the five tries
    assert statuses == [422, 422, 422, 422, 429]
    assert (right.status, "Retry-After" in right.headers) == (429, True)
    assert not is_in(another_visit)


def signed_out_with_copy(visit: Any) -> str:
    """Sign out, and put the old cookie back as a thief would."""
    token = token_of(visit)
    assert token
    visit("/account")
    visit.send("/sign-out")
    return token


def give(visitor: Any, token: str | None) -> None:
    visitor.client.set_cookie("assess_signed_in", token)


def test_signing_in_gives_a_new_token_and_signing_out_ends_the_row(
    app: Flask, visit: Any, another_visit: Any, join: Any, enter: Any
) -> None:
    join(visit)
    first = token_of(visit)
    visit("/account")
    page = visit.send("/sign-out", follow=False)
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert (token_of(visit), rows_of(app)) == (None, [])
    give(another_visit, first)
    assert not is_in(another_visit)
    give(visit, "p" * 43)  # a planted one
    assert enter(visit).address == "/account"
    assert token_of(visit) not in {first, "p" * 43, None}
    before = token_of(visit)
    another_visit.client.delete_cookie("assess_signed_in")
    assert enter(another_visit).address == "/account"
    assert token_of(another_visit) != before


def test_whatever_is_wrong_the_answer_is_the_same(
    app: Flask, visit: Any, another_visit: Any, join: Any, deliver: Any, enter: Any
) -> None:
    join(visit, "known@farm.example")
    join(Visitor(app.test_client()), "gonex@farm.example")
    join(Visitor(app.test_client()), "nopwd@farm.example", password="")
    another_visit("/sign-up")
    another_visit.send("/sign-up", email="unsure@farm.example")
    deliver()
    with app.extensions["assess.database"].writing() as write:
        disable_by_email(write, "gonex@farm.example", TODAY)
    said = set()
    for email, password in (
        ("known@farm.example", "not the password"),
        ("gonex@farm.example", PASSWORD),
        ("nopwd@farm.example", PASSWORD),
        ("unsure@farm.example", PASSWORD),
        ("nobody@farm.example", PASSWORD),
    ):
        page = enter(another_visit, email, password)
        names = tuple(sorted(set(page.headers.keys())))
        # the token of the form says when it was made
        html = re.sub(r'name="csrf_token" value="[^"]+"', "", page.html.replace(email, "X"))
        said.add((page.status, html, len(page.html) - len(email), names))
        assert password not in page.html
    assert len(said) == 1
    assert not is_in(another_visit)


@pytest.mark.parametrize(("asked", "kept"), [("/account/name", True), ("https://evil.example/", False), ("//e", False)])
def test_one_comes_back_to_the_page_one_wanted(visit: Any, join: Any, asked: str, kept: bool) -> None:  # noqa: FBT001  # a case
    join(visit)
    visit("/account")
    visit.send("/sign-out")
    if kept:
        assert visit(asked, follow=False).headers["Location"] == "/sign-in?next=/account/name"
        visit("/sign-in?next=/account/name")
    else:
        visit("/sign-in")
    page = visit.send("/sign-in", email=JO, password=PASSWORD, follow=False, next=asked)
    assert page.headers["Location"] == (asked if kept else "/account")


def test_a_link_signs_in_once_and_looking_at_it_does_not_use_it_up(
    visit: Any, another_visit: Any, join: Any, deliver: Any
) -> None:
    join(visit)
    another_visit("/sign-in/link")
    assert another_visit.send("/sign-in/link", email=JO).heading == "Check your email"
    link = link_in(deliver())
    for _ in range(3):
        another_visit(link)
    assert not is_in(another_visit)
    another_visit(link)
    assert another_visit.send("").address == "/account"
    assert visit(link).heading == "This link does not work"


def test_a_link_to_sign_in_is_good_for_ten_minutes(
    visit: Any, another_visit: Any, join: Any, deliver: Any, later: Any
) -> None:
    join(visit)
    another_visit("/sign-in/link")
    another_visit.send("/sign-in/link", email=JO)
    link = link_in(deliver())
    later(minutes=10)
    assert another_visit(link).heading == "This link does not work"
    later(minutes=9, seconds=59)
    another_visit(link)
    assert another_visit.send("").address == "/account"


def test_asking_for_a_link_reads_alike_for_all_and_the_mail_tells_the_truth(
    visit: Any, another_visit: Any, join: Any, deliver: Any, postbox: Any
) -> None:
    join(visit)
    pages = []
    for email in (JO, "nobody@farm.example"):
        another_visit("/sign-in/link")
        pages.append(another_visit.send("/sign-in/link", email=email, follow=False))
    assert len({(page.status, page.headers["Location"], page.html) for page in pages}) == 1
    deliver()
    subjects = [str(mail["Subject"]) for mail in postbox.mails[-2:]]
    assert sorted(subjects) == ["No account at this address", "Your link to sign in"]


def test_a_disabled_account_is_out_at_the_next_request(app: Flask, visit: Any, join: Any) -> None:
    join(visit)
    assert is_in(visit)
    with app.extensions["assess.database"].writing() as write:
        disable_by_email(write, JO, TODAY)
    assert not is_in(visit)


def test_whoever_does_nothing_for_an_hour_is_signed_out_and_whoever_reads_is_not(
    app: Flask, visit: Any, join: Any, later: Any
) -> None:
    join(visit)
    for minutes in (50, 100, 150):
        later(minutes=minutes)
        assert is_in(visit), minutes
    later(minutes=211)
    assert not is_in(visit)
    assert len(rows_of(app)) == 1


def test_after_twelve_hours_one_signs_in_again_whatever_one_did(visit: Any, join: Any, later: Any) -> None:
    join(visit)
    for minutes in range(50, 12 * 60, 50):
        later(minutes=minutes)
        assert is_in(visit)
    later(hours=12)
    assert not is_in(visit)


def test_the_sixth_browser_ends_the_oldest(app: Flask, visit: Any, join: Any, enter: Any, later: Any) -> None:
    join(visit)
    others = [Visitor(app.test_client()) for _ in range(5)]
    for number, other in enumerate(others, 1):
        later(minutes=6 * number)
        assert enter(other).address == "/account"
    assert len(rows_of(app)) == 5
    assert not is_in(visit)
    assert all(is_in(other) for other in others)


def test_logs_carry_no_address_and_no_token(
    visit: Any, join: Any, enter: Any, deliver: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    copied = signed_out_with_copy(visit)
    enter(visit, password="wrong horse wrong")
    visit("/sign-in/link")
    visit.send("/sign-in/link", email=JO)
    link = link_in(deliver())
    visit(link)
    said = capsys.readouterr().out
    assert '"route"' in said
    for secret in (JO, "canary", link.rsplit("/", 1)[1], PASSWORD, copied):
        assert secret
        assert secret not in said
    assert LOGIN_COOKIE not in said


def test_a_password_of_any_signs_works_and_may_be_pasted(app: Flask, visit: Any, deliver: Any, enter: Any) -> None:
    strange = "  ąž 🐄 <b>\"'&  тест " + "x" * 150
    visit("/sign-up")
    visit.send("/sign-up", email=JO)
    visit(link_in(deliver()))
    visit.send("", password=strange)
    assert person_of(app) is not None
    visit("/account")
    visit.send("/sign-out")
    page = visit("/sign-in")
    assert page.soup.select_one("#password[autocomplete=current-password]:not([onpaste])")
    assert enter(visit, password=strange).address == "/account"


def test_whoever_goes_back_from_the_second_step_begins_again(
    visit: Any, another_visit: Any, join: Any, with_app: Any, enter: Any
) -> None:
    join(visit)
    with_app(visit)
    assert enter(another_visit).address == "/sign-in/second-step"
    another_visit("/sign-in")
    assert another_visit("/sign-in/second-step").address == "/sign-in"


def test_an_account_is_made_by_the_button_behind_the_mail_and_by_nothing_before(
    app: Flask, visit: Any, deliver: Any, postbox: MailServer
) -> None:
    visit("/sign-up")
    page = visit.send("/sign-up", email=" Jo.Canary@Farm.example ")
    assert (page.address, page.heading) == ("/sign-up/sent", "Check your email")
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
    visit: Any, another_visit: Any, join: Any, deliver: Any, postbox: MailServer
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
        "someone.else1@farm.example": "Please confirm your email address",
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


def test_whoever_left_is_led_to_sign_in(visit: Any) -> None:
    assert visit("/goodbye").soup.select_one("main a[href='/account']").text == "sign in"


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
        link = issue_administrator_link(session, JO, str, TODAY)
    visit(link)
    assert visit.page.heading == "Begin as administrator"
    assert visit.send("", password="").status == 422
    assert visit.send("", password=PASSWORD).address == "/account"
    person = person_of(app)
    assert person is not None
    assert person.desk is StaffRole.ADMINISTRATOR
    assert "You need a second step" in visit.page.text
    with_app(visit)
    assert visit(link).heading == "This link does not work"


def test_a_link_for_an_administrator_signs_nobody_into_an_account_that_is_there(
    app: Flask, visit: Any, another_visit: Any, join: Any
) -> None:
    join(visit)
    with app.extensions["assess.database"].writing() as session:
        link = issue_administrator_link(session, JO, str, TODAY)
    another_visit(link)
    assert another_visit.send("").address == "/sign-in"
    assert not is_in(another_visit)
    assert not is_in(visit)  # a desk has other times: sign in anew
    person = person_of(app)
    assert person is not None
    assert person.desk is StaffRole.ADMINISTRATOR


def test_links_and_passkeys_are_for_the_name_in_the_settings_whatever_a_request_says(
    app: Flask, settings: Settings
) -> None:
    settings = replace(
        settings,
        secret_key="4f0c9a7be2d815636a1d7c80f95be243",
        public_url="https://assess.example.org:8443",
        old_secret_keys=("o" * 32,),
    )
    app.extensions["assess.settings"] = settings
    with app.test_request_context("/", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}):
        assert full_url("/sign-in") == "https://assess.example.org:8443/sign-in"
        assert (relying_party().host, relying_party().origin) == (
            "assess.example.org",
            "https://assess.example.org:8443",
        )
        assert honoured_secret_keys() == [settings.key, "o" * 32]


def test_guessing_links_is_limited(app: Flask) -> None:
    visitor = app.test_client()
    statuses = [visitor.get(f"/confirm/{number:043}").status_code for number in range(31)]
    assert statuses == [404] * 30 + [429]


def test_whoever_was_signed_in_here_is_signed_out_by_the_next_one(
    app: Flask, visit: Any, join: Any, deliver: Any
) -> None:
    join(visit, "ann@farm.example")
    hers = token_of(visit)
    with app.extensions["assess.database"].writing() as session:
        create_person(session, JO, TODAY)
        email_sign_in_link(session, JO, lambda path: f"http://localhost:5000{path}", None, TODAY)
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


def address(path: str) -> str:
    return f"https://assess.example.org{path}"


@pytest.mark.parametrize("asked", ["account", "sign-in", "password"])
@pytest.mark.parametrize("who", ["known", "nobody", "disabled"])
def test_one_mail_and_one_one_time_token_whoever_it_is(database: Database, asked: str, who: str) -> None:
    email = f"{who}@farm.example"
    with database.writing() as session:
        if who != "nobody":
            create_person(session, email, TODAY)
        if who == "disabled":
            disable_by_email(session, email, TODAY)
        if asked == "account":
            sign_in.email_sign_up_link(session, email, address, "/plans", TODAY)
        elif asked == "sign-in":
            sign_in.email_sign_in_link(session, email, address, "/plans", TODAY)
        else:
            sign_in.email_new_password_link(session, email, address, TODAY)
        mail = session.scalars(select(OutgoingMail)).one()
        ticket = session.scalars(select(OneTimeToken)).one()
        opens = (asked == "account") == (who == "nobody") and who != "disabled"
        assert (ticket.kind != sign_in.DUMMY_KIND) == opens
        assert mail.to_address == email
        assert email not in mail.event + mail.subject + mail.body
        assert "slavery" not in mail.subject + mail.body
        assert "http://" not in mail.body


def test_a_newer_link_ends_the_older(database: Database) -> None:
    with database.writing() as session:
        create_person(session, "jo@farm.example", TODAY)
        for _ in range(3):
            sign_in.email_sign_in_link(session, "jo@farm.example", address, None, TODAY)
        assert len(session.scalars(select(OneTimeToken)).all()) == 1


def test_two_who_are_half_way_do_not_end_one_another(database: Database) -> None:
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY)
        assert sign_in.issue_second_factor_token(session, jo, TODAY) != sign_in.issue_second_factor_token(
            session, jo, TODAY
        )
        assert len(session.scalars(select(OneTimeToken)).all()) == 2


def test_whoever_signs_in_sees_nothing_of_who_sat_here_before(
    app: Flask, visit: Visitor, another_visit: Visitor, join: Any
) -> None:
    join(visit)
    another_visit("/sign-in")
    refused = FlaskClient.open(
        another_visit.client,
        "/sign-in",
        method="POST",
        data=another_visit.page.fields() | {"email": [JO], "password": ["wrong words"]},
    )
    shown = refused.headers["Location"]
    assert another_visit(shown).status == 422
    another_visit("/sign-in")
    another_visit.send(email=JO, password=PASSWORD)
    assert another_visit(shown).status != 422
    with app.extensions["assess.database"].reading() as session:
        assert session.scalars(select(StoredPage)).all() == []


def test_a_dead_link_says_so_to_who_may_have_an_account(visit: Visitor) -> None:
    assert visit("/r/" + "A" * 43).soup.select_one("main a[href='/account']")
