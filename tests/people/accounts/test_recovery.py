from __future__ import annotations

import hashlib
import math
from typing import Any

import pyotp
import pytest
from flask import Flask

from assess.people.accounts import recovery
from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.models import RecoveryCode
from tests.conftest import TODAY
from tests.people.accounts.conftest import is_in, person_of


@pytest.fixture
def twin(visit: Any, join: Any, with_app: Any) -> pyotp.TOTP:
    """Jo has an app for codes; this is its twin."""
    join(visit)
    found: pyotp.TOTP = with_app(visit)
    return found


def test_ten_new_codes_end_the_old_ones_and_are_nowhere_to_be_read(app: Flask, twin: pyotp.TOTP) -> None:
    assert twin
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].writing() as session:
        old, new = (recovery.renew(session, person.id, TODAY) for _ in range(2))
        with pytest.raises(CodeWrongError):
            recovery.take(session, person.id, old[0])
        recovery.take(session, person.id, new[0])
        assert recovery.count_left(session, person.id) == 9


def test_a_code_has_112_random_bits_and_a_shorter_one_of_before_is_good_until_it_is_used(
    app: Flask, twin: pyotp.TOTP, visit: Any, enter: Any
) -> None:
    assert twin
    person = person_of(app)
    assert person is not None
    before = "abcd-efgh-jkmn-pqrs"
    with app.extensions["assess.database"].writing() as session:
        (new, *_more) = recovery.renew(session, person.id, TODAY)
        hashed = hashlib.sha256(f"{person.id} {before.replace('-', '')}".encode()).hexdigest()
        session.add(RecoveryCode(person_id=person.id, code_hash=hashed, made_at=TODAY))
    assert len(set(new)) > 1
    assert len(new.replace("-", "")) * math.log2(31) >= 112
    for code in (before, new):
        visit.client.delete_cookie("assess_signed_in")
        enter(visit)
        visit.send("/sign-in/second-step", code=code)
        assert is_in(visit), code
    visit.client.delete_cookie("assess_signed_in")
    enter(visit)
    assert visit.send("/sign-in/second-step", code=before).status == 422
