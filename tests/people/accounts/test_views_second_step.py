from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask

from assess.people.accounts import code_apps
from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.installation import keys
from tests.conftest import TODAY, Visitor
from tests.people.accounts.conftest import is_in, person_of


@pytest.fixture
def twin(visit: Any, join: Any, with_app: Any) -> pyotp.TOTP:
    """Jo has an app for codes; this is its twin."""
    join(visit)
    found: pyotp.TOTP = with_app(visit)
    return found


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
    moment = TODAY + timedelta(seconds=60)
    code = twin.at(moment)
    taken: list[bool] = []
    ready = threading.Barrier(20)

    def show() -> None:
        with app.app_context():
            ready.wait()
            try:
                with app.extensions["assess.database"].writing() as session:
                    code_apps.take(session, person.id, code, keys(), moment)
            except CodeWrongError:
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
