from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask

from assess.people.accounts import code_apps, recovery
from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.installation import keys
from assess.people.models import Desk
from tests.conftest import TODAY, Visitor
from tests.people.accounts.conftest import JO, PASSWORD, is_in, link_in, person_of, rows_of, token_of


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


def test_a_recovery_code_stands_in_once(app: Flask, visit: Any, twin: pyotp.TOTP, enter: Any) -> None:
    assert twin
    visit("/account/second-steps")
    page = visit.send("/codes")
    codes = [item.get_text() for item in page.soup.select("ol code")]
    assert (len(codes), len(set(codes))) == (10, 10)
    assert visit("/account/second-steps").html.count(codes[0]) == 0
    first, second = Visitor(app.test_client()), Visitor(app.test_client())
    enter(first)
    assert first.send("/sign-in/second-step", code=codes[0].upper().replace("-", " ")).address == "/account"
    enter(second)
    assert second.send("/sign-in/second-step", code=codes[0]).status == 422
    assert "9 recovery codes left" in first("/account").text


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


def test_setting_up_gives_this_browser_a_new_token(app: Flask, visit: Any, join: Any, with_app: Any) -> None:
    join(visit)
    before = token_of(visit)
    with_app(visit)
    assert token_of(visit) not in {before, None}
    assert [row.second_step for row in rows_of(app)] == [True]
    thief = Visitor(app.test_client())
    thief.client.set_cookie("assess_signed_in", before or "")
    assert not is_in(thief)


def test_a_desk_needs_a_second_step_before_anything_else_opens(
    app: Flask, visit: Any, join: Any, with_app: Any, enter: Any
) -> None:
    join(visit)
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].writing() as session:
        person = session.merge(person)
        person.desk = Desk.COORDINATOR
    assert "You need a second step" in visit("/account").text
    with_app(visit)
    assert "You need a second step" not in visit("/account").text
    visit("/account/second-steps")
    assert visit.send("/app/remove").status == 422
    assert enter
