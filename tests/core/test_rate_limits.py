from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from werkzeug.exceptions import TooManyRequests

from assess.core.application import Application
from assess.core.links import new_token
from assess.core.rate_limits import (
    ExpensiveAction,
    Limit,
    delete_expired_counters,
    enforce_expensive_limits,
    enforce_limit,
    set_limit_subjects,
)
from assess.core.security import guest_session_token

pytestmark = pytest.mark.both_databases

MakeSite = Callable[..., Application]
MOMENT = datetime(2026, 11, 24, 9, 30, 10, tzinfo=UTC)
THREE = Limit("three", 3, 60)


@pytest.fixture
def site(stored_site: Application) -> Application:
    stored_site.config["CLOCK"] = lambda: MOMENT
    return stored_site


def test_above_the_limit_the_answer_says_when_to_come_back(site: Application) -> None:
    client = site.test_client()
    assert [client.get("/few").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/few")
    assert refused.headers["Retry-After"] == "50"
    assert "Please wait a moment" in refused.get_data(as_text=True)
    assert "a minute" in refused.get_data(as_text=True)


def test_after_the_span_everything_is_as_before(site: Application) -> None:
    client = site.test_client()
    for _ in range(4):
        client.get("/few")
    site.config["CLOCK"] = lambda: MOMENT + timedelta(seconds=50)
    assert client.get("/few").status_code == 200


def test_a_restart_or_a_second_process_does_not_forget(make_stored_site: MakeSite) -> None:
    answers = []
    for _ in range(4):
        site = make_stored_site()
        site.config["CLOCK"] = lambda: MOMENT
        answers.append(site.test_client().get("/few").status_code)
    assert answers == [200, 200, 200, 429]


def test_an_address_that_is_made_up_changes_nothing(site: Application) -> None:
    client = site.test_client()
    answers = [client.get("/few", headers={"X-Forwarded-For": f"1.2.3.{number}"}).status_code for number in range(4)]
    assert answers[-1] == 429


def test_behind_one_proxy_each_caller_has_a_count_of_its_own(make_stored_site: MakeSite) -> None:
    site = make_stored_site(trusted_proxies=1)
    site.config["CLOCK"] = lambda: MOMENT
    client = site.test_client()

    def ask(forwarded: str) -> int:
        return client.get("/few", headers={"X-Forwarded-For": forwarded}).status_code

    assert [ask(f"9.9.9.{number}, 1.1.1.1") for number in range(4)][-1] == 429
    assert ask("1.1.1.1, 2.2.2.2") == 200


def test_all_addresses_of_one_line_are_one_caller(site: Application) -> None:
    def ask(address: str) -> int:
        return site.test_client().get("/few", environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(f"2001:db8:0:1:{number}::1") for number in range(4)] == [200, 200, 200, 429]
    assert ask("2001:db8:0:2::1") == 200
    assert [ask(f"::ffff:192.0.2.{number}") for number in range(4)] == [200] * 4, "these are addresses of IPv4"


def test_a_visit_counts_by_itself_and_without_one_the_address_does(site: Application) -> None:
    one, other = site.test_client(), site.test_client()
    one.get("/open")
    set_limit_subjects(site, [guest_session_token])  # here every cookie opens something
    assert [one.get("/few-by-visit").status_code for _ in range(4)][-1] == 429
    assert other.get("/few-by-visit").status_code == 200


def test_a_cookie_that_opens_nothing_counts_as_its_address_and_leaves_no_row_of_its_own(site: Application) -> None:
    set_limit_subjects(site, [lambda: None])
    answers = []
    for _ in range(6):
        made_up = site.test_client()
        made_up.set_cookie("assess_visit", new_token())
        answers.append(made_up.get("/few-by-visit").status_code)
    assert answers == [200, 200, 200, 429, 429, 429]
    assert counters(site) == [3]


def test_what_is_refused_again_writes_nothing(site: Application) -> None:
    client = site.test_client()
    for _ in range(9):
        client.get("/few")
    assert counters(site) == [3]


def test_counters_of_the_past_go_with_new_ones_without_waiting_for_the_night(site: Application) -> None:
    with site.app_context():
        for number in range(30):
            site.config["CLOCK"] = lambda number=number: MOMENT + timedelta(minutes=3 * number)
            enforce_limit(THREE, f"caller {number}")
    assert counters(site) == [1]


def counters(site: Application) -> list[int]:
    with site.extensions["assess.database"].reading() as session:
        return list(session.scalars(text("SELECT count FROM rate_counter")))


def test_what_is_costly_is_limited_for_each_and_for_the_address_they_call_from(site: Application) -> None:
    much = ExpensiveAction((Limit("two", 2, 60), Limit("three", 3, 600)), Limit("five", 5, 60))
    one, other, third = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()

    def done(whose: uuid.UUID, address: str = "192.0.2.1") -> bool:
        with site.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
            try:
                enforce_expensive_limits(much, whose)
            except TooManyRequests:
                return False
            return True

    assert [done(one) for _ in range(9)] == [True] * 2 + [False] * 7
    assert [done(other) for _ in range(3)] == [True, True, False], "what one was refused is not held against others"
    assert [done(third) for _ in range(2)] == [True, False]
    assert done(third, "192.0.2.2") is False, "a third time counts, whoever was refused it"
    site.config["CLOCK"] = lambda: MOMENT + timedelta(seconds=60)
    assert [done(one), done(one)] == [True, False], "the longer span has its own limit"


def test_twenty_at_once_get_in_three_times(site: Application) -> None:
    let_in: list[bool] = []
    gate = threading.Barrier(20)

    def try_once() -> None:
        gate.wait()
        with site.app_context():
            try:
                enforce_limit(THREE, "somebody")
            except TooManyRequests:
                let_in.append(False)
            else:
                let_in.append(True)

    threads = [threading.Thread(target=try_once) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (let_in.count(True), let_in.count(False)) == (3, 17)


def test_nobody_can_read_from_the_table_who_called(site: Application) -> None:
    site.test_client().get("/few")
    with site.extensions["assess.database"].reading() as session:
        stored = str(session.execute(text("SELECT * FROM rate_counter")).all())
    assert "127.0.0.1" not in stored
    assert "few" not in stored


def test_counters_of_the_past_are_deleted_and_that_of_now_is_not(site: Application) -> None:
    database = site.extensions["assess.database"]
    with site.app_context():
        enforce_limit(THREE, "old")
        with database.writing() as session:
            delete_expired_counters(session, MOMENT)
            assert session.execute(text("SELECT count(*) FROM rate_counter")).scalar_one() == 1
            delete_expired_counters(session, MOMENT + timedelta(minutes=3))
            assert session.execute(text("SELECT count(*) FROM rate_counter")).scalar_one() == 0
