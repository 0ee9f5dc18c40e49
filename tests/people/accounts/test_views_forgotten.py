from __future__ import annotations

from typing import Any

import pyotp
import pytest

from tests.people.accounts.conftest import JO, PASSWORD, is_in, link_in


@pytest.fixture
def twin(visit: Any, join: Any, with_app: Any) -> pyotp.TOTP:
    """Jo has an app for codes; this is its twin."""
    join(visit)
    found: pyotp.TOTP = with_app(visit)
    return found


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
