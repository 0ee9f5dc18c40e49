from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from assess.kit.application import Application
from assess.kit.daily import every_day, run

MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_it_runs_once_on_each_new_day_on_which_anybody_comes(stored_site: Application) -> None:
    done: list[datetime] = []
    every_day(stored_site, lambda _session, moment: done.append(moment))
    client = stored_site.test_client()
    for hours in (0, 1, 13, 14, 15, 16, 72):
        moment = MOMENT + timedelta(hours=hours)
        stored_site.config["CLOCK"] = lambda moment=moment: moment
        client.get("/public").close()
    assert done == [MOMENT + timedelta(hours=15), MOMENT + timedelta(hours=72)]


def test_of_two_processes_one_does_it(stored_site: Application) -> None:
    stored_site.config["CLOCK"] = lambda: MOMENT
    assert run(stored_site, lambda _session, _moment: None)
    assert not run(stored_site, lambda _session, _moment: pytest.fail("done twice"))


def test_a_failure_harms_no_page_and_is_logged(stored_site: Application, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_session: object, _moment: object) -> None:
        raise ZeroDivisionError

    assert not run(stored_site, fail)
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["error"]) == ("daily_failed", "ZeroDivisionError")
