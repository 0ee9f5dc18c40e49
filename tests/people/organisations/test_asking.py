from __future__ import annotations

from flask import Flask

from assess.people.models import Role
from assess.people.organisations.asking import NO_ADDRESS, NO_ROLE, Asked, asked_person


def test_a_form_says_what_is_wrong_with_each_field(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"email": "nobody", "roles": ["king"]}):
        asked = asked_person()
    assert list(asked.faults.items()) == [("roles", NO_ROLE), ("email", NO_ADDRESS)]
    assert asked.email == "nobody"


def test_a_sound_form_has_no_fault(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"email": "a@b.example", "roles": ["signer", "buyer"]}):
        asked = asked_person()
    assert asked == Asked("a@b.example", frozenset({Role.SIGNER, Role.BUYER}))
    assert asked.but(email="No.").faults == {"email": "No."}
