from __future__ import annotations

from typing import Any

import pyotp
import pytest
from flask import Flask

from assess.people.accounts import recovery
from assess.people.accounts.code_apps import CodeWrongError
from tests.conftest import TODAY
from tests.people.accounts.conftest import person_of


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
