from __future__ import annotations

from typing import Any

from tests.people.accounts.conftest import link_in, token_of


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
