"""What may be an attack stands in the log lines, can be counted, and names nobody."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.people.accounts.conftest import JO, PASSWORD, is_in

SAM = "sam.canary@farm.example"


def lines(capsys: pytest.CaptureFixture[str], event: str) -> list[dict[str, Any]]:
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in said if line["event"] == event]


def test_a_burst_of_guesses_at_one_account_can_be_counted_and_told_from_slips(
    visit: Any, join: Any, enter: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    visit.client.delete_cookie("assess_signed_in")
    capsys.readouterr()
    for _ in range(5):
        enter(visit, password="wrong horse wrong")
    for email in (SAM, "one@farm.example", "two@farm.example"):
        enter(visit, email, "wrong horse wrong")
    out = capsys.readouterr().out
    refused = [json.loads(line) for line in out.splitlines() if '"sign_in_refused"' in line]
    assert sorted(Counter(line["who"] for line in refused).values()) == [1, 1, 1, 5]
    assert len({line["caller"] for line in refused}) == 1
    for secret in (JO, SAM, "canary", "farm.example", "127.0.0.1", "wrong horse"):
        assert secret not in out


def test_an_unknown_address_leaves_the_same_line_as_a_wrong_password(
    visit: Any, join: Any, enter: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    visit.client.delete_cookie("assess_signed_in")
    capsys.readouterr()
    enter(visit, password="wrong horse wrong")
    enter(visit, SAM, "wrong horse wrong")
    known, unknown = lines(capsys, "sign_in_refused")
    changing = {"at", "request", "who"}
    assert {name: known[name] for name in known.keys() - changing} == {
        name: unknown[name] for name in unknown.keys() - changing
    }


def test_a_limit_that_is_reached_has_a_line_with_the_mark_of_whom_it_was_about(
    visit: Any, enter: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        enter(visit, SAM, "wrong horse wrong")
    (who,) = {line["who"] for line in lines(capsys, "sign_in_refused")}
    assert enter(visit, SAM, "wrong horse wrong").status == 429
    (limited,) = lines(capsys, "limited")
    assert (limited["who"], limited["route"], limited["method"]) == (who, "/sign-in", "POST")


def test_a_wrong_second_step_has_a_line(
    visit: Any, join: Any, enter: Any, with_app: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    with_app(visit)
    visit.client.delete_cookie("assess_signed_in")
    enter(visit)
    visit.send("/sign-in/second-step", code="000000")
    (refused,) = lines(capsys, "second_step_refused")
    assert refused["who"]
    assert refused["who"] != refused["caller"]
    assert not is_in(visit)


def test_a_wrong_password_where_it_has_to_be_proved_has_a_line(
    visit: Any, join: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    visit("/prove")
    visit.send("/prove", password="wrong horse wrong")
    (refused,) = lines(capsys, "proof_refused")
    assert refused["route"] == "/prove"
    visit("/prove")
    visit.send("/prove", password=PASSWORD)
    assert lines(capsys, "proof_refused") == []
