"""How many first mails leave, whoever asks from wherever, sent to a real server."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from assess.plans.reminders.rationing import (
    ALTOGETHER,
    BY_ASSESSMENT,
    BY_CALLER,
    TO_DOMAIN,
    TO_MAILBOX,
    TO_MAILBOX_LATELY,
    count_asking,
    may_write_to,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def at_the_door(app: Flask) -> Iterator[None]:
    """Somebody calls from the loopback."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        yield


def called_from(app: Flask, address: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        count_asking(uuid.uuid4())


def test_a_caller_asks_ten_times_a_day_however_many_assessments_there_are(app: Flask, now: datetime) -> None:
    assert BY_CALLER.most == 10
    for _ in range(BY_CALLER.most):
        called_from(app, "127.0.0.1")
    with pytest.raises(TooManyRequests):
        called_from(app, "127.0.0.1")
    called_from(app, "127.0.0.2")
    app.config["CLOCK"] = lambda: now + timedelta(days=1)
    called_from(app, "127.0.0.1")


def test_all_addresses_of_one_line_are_one_caller(app: Flask) -> None:
    for number in range(BY_CALLER.most):
        called_from(app, f"2001:db8:0:1::{number:x}")
    with pytest.raises(TooManyRequests):
        called_from(app, "2001:db8:0:1:ffff::1")
    called_from(app, "2001:db8:0:2::1")
    for last in range(BY_CALLER.most + 1):
        called_from(app, f"::ffff:10.0.0.{last}")


def test_a_caller_without_an_address_has_a_limit_too(app: Flask) -> None:
    for _ in range(BY_CALLER.most):
        called_from(app, "")
    with pytest.raises(TooManyRequests):
        called_from(app, "")


@pytest.mark.usefixtures("at_the_door")
def test_an_assessment_asks_five_times_a_day() -> None:
    one = uuid.uuid4()
    for _ in range(BY_ASSESSMENT.most):
        count_asking(one)
    with pytest.raises(TooManyRequests):
        count_asking(one)
    count_asking(uuid.uuid4())


@pytest.mark.usefixtures("at_the_door")
def test_a_mailbox_is_written_to_twice_a_day_and_four_times_a_month_under_all_its_spellings(
    app: Flask, now: datetime
) -> None:
    spellings = ("jo@gmail.com", "J.O@gmail.com", "j.o+plan@googlemail.com")
    assert [may_write_to(spelling) for spelling in spellings] == [True, True, False]
    assert (TO_MAILBOX.most, TO_MAILBOX_LATELY.most) == (2, 4)
    allowed = 2
    for day in range(1, 8):
        app.config["CLOCK"] = lambda day=day: now + timedelta(days=day)
        allowed += sum(may_write_to(spelling) for spelling in spellings)
    assert allowed == TO_MAILBOX_LATELY.most


@pytest.mark.usefixtures("at_the_door")
def test_a_domain_of_somebody_is_written_to_ten_times_a_day_with_all_that_is_under_it() -> None:
    told = [may_write_to(f"a{number}@m{number}.farm.co.uk") for number in range(TO_DOMAIN.most + 2)]
    assert told == [True] * 10 + [False] * 2
    assert may_write_to("jo@orchard.co.uk")


@pytest.mark.usefixtures("at_the_door")
def test_at_the_big_providers_each_mailbox_counts_for_itself() -> None:
    for number in range(TO_DOMAIN.most + 2):
        assert may_write_to(f"a{number}@googlemail.com")
        assert may_write_to(f"a{number}@yahoo.co.uk")


@pytest.mark.usefixtures("at_the_door")
@pytest.mark.parametrize("below", ["victim.fastmail.com", "victim.plus.com", "victim.yahoo.co.uk", "victim.me.com"])
def test_what_is_below_a_provider_is_one_mailbox_with_all_its_names_and_branches(below: str) -> None:
    told = [may_write_to(f"a{number}@m{number}.{below}") for number in range(4)]
    assert told == [True] * TO_MAILBOX.most + [False] * 2
    assert not may_write_to(f"al+x@{below}")
    assert may_write_to(f"al@{below.replace('victim', 'orchard')}")


@pytest.mark.usefixtures("at_the_door")
def test_a_mailbox_with_several_names_is_not_asked_once_more_under_each() -> None:
    apple = [may_write_to(f"jo@{host}") for host in ("me.com", "mac.com", "icloud.com")]
    proton = [may_write_to(address) for address in ("j.doe@proton.me", "jdoe@pm.me", "j-d_oe@protonmail.com")]
    assert apple == proton == [True, True, False]


@pytest.mark.usefixtures("at_the_door")
def test_the_installation_has_an_end_too_and_its_operator_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = [may_write_to(f"jo@farm{number}.example") for number in range(ALTOGETHER.most + 1)]
    assert told == [True] * ALTOGETHER.most + [False]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["number"] for line in lines if line["event"] == "reminder_mails_used_up"] == [ALTOGETHER.most]
    assert "farm" not in json.dumps(lines)


@pytest.mark.usefixtures("at_the_door")
def test_what_is_refused_uses_nothing_up_that_others_need() -> None:
    for _ in range(ALTOGETHER.most + 5):
        may_write_to("jo@farm.example")
    assert may_write_to("al@farm.example")
    assert may_write_to("al@orchard.example")
