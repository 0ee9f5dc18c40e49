from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from assess.app import create_app
from assess.core.config import Settings
from assess.core.rate_limits import Limit, RateCounter, delete_expired_counters, enforce_limit
from assess.identity.accounts.rate_limits import KNOWN_FOR
from tests.conftest import TODAY, Visitor
from tests.identity.accounts.conftest import JO, PASSWORD, link_in

pytestmark = pytest.mark.both_databases

WRONG = "not the password"
FEW = Limit("few", 3, 60, sliding=True)
HERE = "127.0.0.1"
"""Where the browsers of tests call from."""


def guess(
    app: Flask, address: str, email: str = JO, password: str = WRONG, *, with_form_of: Visitor | None = None
) -> Any:
    """One guess, in a browser of its own or with the form that a program looked at once."""
    visitor = with_form_of or looks_at_the_form(app)
    assert visitor.page is not None
    fields = {**visitor.page.fields("/sign-in"), "email": [email], "password": [password]}
    return visitor.client.post("/sign-in", data=fields, environ_base={"REMOTE_ADDR": address})


def looks_at_the_form(app: Flask) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor("/sign-in")
    return visitor


def test_never_more_than_so_many_in_any_span_of_this_length(app: Flask) -> None:
    now = TODAY
    app.config["CLOCK"] = lambda: now
    with app.app_context():
        for seconds in (0, 50, 58):  # close to the turn of a minute
            now = TODAY + timedelta(seconds=seconds)
            enforce_limit(FEW, "jo")
        now = TODAY + timedelta(seconds=59)
        with pytest.raises(TooManyRequests) as refused:
            enforce_limit(FEW, "jo")
        assert refused.value.retry_after == 1
        enforce_limit(FEW, "ann")
        now = TODAY + timedelta(seconds=61)
        enforce_limit(FEW, "jo")
        with pytest.raises(TooManyRequests) as refused:
            enforce_limit(FEW, "jo")
        assert refused.value.retry_after == 49


@pytest.mark.parametrize("email", [JO, "nobody@farm.example"])
def test_the_eleventh_guess_in_five_minutes_is_refused_from_wherever_it_comes(
    app: Flask, visit: Any, join: Any, settings: Settings, email: str
) -> None:
    join(visit)
    again = create_app(settings, prepared=True)  # another process, or the same after a restart
    again.config.update(TESTING=True, CLOCK=app.config["CLOCK"])
    statuses = [guess((app, again)[turn % 2], f"192.0.2.{turn}", email).status_code for turn in range(10)]
    assert statuses == [422] * 10
    for site, address in ((app, "192.0.2.99"), (again, "198.51.100.1")):
        refused = guess(site, address, email, PASSWORD)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
        assert PASSWORD not in refused.get_data(as_text=True)
    app.config["CLOCK"] = again.config["CLOCK"] = lambda: TODAY + timedelta(minutes=5, seconds=1)
    assert guess(again, "192.0.2.1", email, PASSWORD).status_code == (303 if email == JO else 422)
    again.extensions["assess.database"].close()


def test_one_guesser_alone_does_not_keep_the_owner_out(app: Flask, visit: Any, join: Any) -> None:
    join(visit)
    program = looks_at_the_form(app)
    assert [guess(app, "192.0.2.1", with_form_of=program).status_code for _ in range(30)].count(422) == 5
    assert guess(app, "198.51.100.7", password=PASSWORD).status_code == 303


def test_where_the_owner_signed_in_lately_several_guessers_do_not_keep_them_out(
    app: Flask, visit: Any, join: Any
) -> None:
    join(visit)
    for turn in range(2):
        program = looks_at_the_form(app)
        assert [guess(app, f"192.0.2.{turn}", with_form_of=program).status_code for _ in range(5)] == [422] * 5
    assert guess(app, "198.51.100.7", password=PASSWORD).status_code == 429, "whoever never signed in waits"
    wrong = [guess(app, HERE).status_code for _ in range(5)]
    assert wrong == [422] * 5, "they have tries of their own, as many as any caller"
    assert guess(app, HERE, password=PASSWORD).status_code == 429
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=4, seconds=59)
    assert guess(app, "192.0.2.9").status_code == 429, "the limit of all others stays"
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=5, seconds=1)
    for turn in range(2):
        assert [guess(app, f"192.0.2.{turn}").status_code for _ in range(5)] == [422] * 5
    assert guess(app, HERE, password=PASSWORD).status_code == 303
    app.config["CLOCK"] = lambda: TODAY + KNOWN_FOR + timedelta(minutes=6)
    for turn in range(2):
        assert [guess(app, f"192.0.2.{turn}").status_code for _ in range(5)] == [422] * 5
    assert guess(app, HERE, password=PASSWORD).status_code == 429, "after 30 days nobody is known"


def test_from_where_somebody_signed_in_goes_with_their_account_and_nobody_reads_it(
    app: Flask, visit: Any, join: Any
) -> None:
    join(visit)
    with app.extensions["assess.database"].reading() as session:
        known = [row for row in session.query(RateCounter) if "from" in (row.moments or {})]
        assert len(known) == 1
        assert HERE not in str(known[0].moments)
    visit("/account/delete")
    visit.send("", sure="yes")
    with app.extensions["assess.database"].reading() as session:
        assert [row for row in session.query(RateCounter) if "from" in (row.moments or {})] == []


def test_one_address_that_tries_many_accounts_is_refused(app: Flask) -> None:
    program = looks_at_the_form(app)
    names = [f"p{number}@farm.example" for number in range(31)]
    statuses = [guess(app, "192.0.2.1", name, with_form_of=program).status_code for name in names]
    assert statuses == [422] * 30 + [429]


def test_two_real_processes_count_together(app: Flask, settings: Settings) -> None:
    program = textwrap.dedent("""
        import sys
        from datetime import UTC, datetime
        from assess.core.application import new_app
        from assess.core.config import Settings
        from assess.core.rate_limits import Limit, enforce_limit
        from werkzeug.exceptions import TooManyRequests
        app = new_app(Settings(env="development", database_url=sys.argv[1]))  # counting needs no pages, and those take seconds
        app.config["CLOCK"] = lambda: datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
        passed = 0
        with app.app_context():
            for _ in range(20):
                try:
                    enforce_limit(Limit("login-account", 10, 300, sliding=True), "jo")
                    passed += 1
                except TooManyRequests:
                    pass
        print("passed", passed)
    """)
    command = [sys.executable, "-c", program, settings.database]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in running]
    assert sum(int(text.split("passed ")[1]) for text in said) == 10
    with app.app_context(), pytest.raises(TooManyRequests):
        enforce_limit(Limit("login-account", 10, 300, sliding=True), "jo")


def test_what_no_limit_asks_for_is_forgotten_and_nobody_reads_from_it_who_tried(app: Flask) -> None:
    with app.app_context():
        enforce_limit(FEW, JO)
    with app.extensions["assess.database"].writing() as session:
        row = session.query(RateCounter).one()
        assert "jo" not in row.key + str(row.moments)
        delete_expired_counters(session, TODAY + timedelta(seconds=121))
        assert session.query(RateCounter).count() == 0


def test_mails_are_counted_for_the_mailbox_and_for_who_asks(app: Flask, visit: Any) -> None:
    statuses = []
    for email in ("jo@farm.example", "jo+a@farm.example", "jo+b@farm.example", "jo+c@farm.example"):
        visit("/forgotten")
        statuses.append(visit.send("", email=email, follow=False).status)
    assert statuses == [303, 303, 303, 429]
    assert app


def test_nobody_uses_up_the_mails_of_a_mailbox_for_its_owner(app: Flask, visit: Any, join: Any) -> None:
    join(visit)
    for hour in range(4):
        app.config["CLOCK"] = lambda hour=hour: TODAY + timedelta(hours=hour, minutes=1)
        asked = [asks_for_a_link(app, "192.0.2.3") for _ in range(4)]
        assert asked == ([303] * 3 + [429] if hour < 3 else [303] + [429] * 3), (
            "three an hour and ten a day for a caller"
        )
    assert asks_for_a_link(app, "198.51.100.7") == 303
    app.config["CLOCK"] = lambda: TODAY + timedelta(hours=5)
    callers = [asks_for_a_link(app, f"192.0.2.{10 + turn}") for turn in range(10)]
    assert callers == [303] * 9 + [429], "nine an hour for all callers together"
    assert asks_for_a_link(app, HERE) == 303, "from where the owner signed in lately"
    assert [asks_for_a_link(app, HERE) for _ in range(3)] == [303, 303, 429]


def asks_for_a_link(app: Flask, address: str) -> int:
    """The answer to a request for a link to sign in, in a browser of its own."""
    visitor = Visitor(app.test_client())
    page = visitor("/sign-in/link")
    fields = {**page.fields(), "email": [JO]}
    return int(visitor.client.post("/sign-in/link", data=fields, environ_base={"REMOTE_ADDR": address}).status_code)


def test_so_many_new_passwords_are_judged_for_one_link_and_one_account(
    app: Flask, visit: Any, another_visit: Any, join: Any, deliver: Any
) -> None:
    visit("/sign-up")
    visit.send("/sign-up", email=JO)
    visit(link_in(deliver()))
    assert [visit.send("", name="Jo", password="too easy").status for _ in range(11)] == [422] * 10 + [429]
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=15, seconds=1)
    join(visit)
    another_visit("/forgotten")
    another_visit.send("", email=JO)
    another_visit(link_in(deliver()))
    assert [another_visit.send("", password="too easy").status for _ in range(11)] == [422] * 10 + [429]
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=25)
    visit("/account/password")
    assert [visit.send("", password="too easy").status for _ in range(11)] == [422] * 10 + [429]
