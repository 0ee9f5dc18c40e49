from __future__ import annotations

from datetime import timedelta

from flask import Flask

from assess.people.accounts.browsers import sign_in
from assess.people.accounts.door import signed_in
from assess.people.accounts.people import make_person
from assess.people.accounts.proving import prove_first
from tests.conftest import TODAY


def test_proof_is_asked_for_after_a_quarter_of_an_hour_and_leads_back(app: Flask) -> None:
    with app.extensions["assess.database"].writing() as session:
        token = sign_in(session, make_person(session, "jo@farm.example", TODAY), "A browser", TODAY, second_step=False)
    headers = {"Cookie": f"assess_signed_in={token}"}
    with app.test_request_context("/account/password", headers=headers):
        assert prove_first(signed_in()) is None
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=15)
    with app.test_request_context("/account/email?from=a", headers=headers):
        asked = prove_first(signed_in())
        assert asked is not None
        assert asked.headers["Location"] == "/prove?next=/account/email%3Ffrom%3Da"
    with app.test_request_context("/sign-out", method="POST", headers=headers):
        asked = prove_first(signed_in())  # that address has no page to come back to
        assert asked is not None
        assert asked.headers["Location"] == "/prove"
