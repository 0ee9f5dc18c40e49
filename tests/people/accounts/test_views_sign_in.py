from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from assess.kit.cookies import SIGNED_IN
from assess.people.accounts.people import disable
from tests.conftest import TODAY, Visitor
from tests.people.accounts.conftest import JO, PASSWORD, is_in, link_in, person_of, rows_of, token_of


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
        disable(write, "gonex@farm.example", TODAY)
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
    assert another_visit.send("/sign-in/link", email=JO).heading == "Look at your mail"
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
        disable(write, JO, TODAY)
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
    assert SIGNED_IN not in said


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
