from __future__ import annotations

import time

from flask import Flask

from assess.people.accounts.even import SETTING, answer_evenly


def test_an_answer_comes_no_sooner_than_agreed_and_no_later_than_its_work() -> None:
    app = Flask("tried", static_folder=None)
    app.config[SETTING] = 0.1

    @app.get("/quick")
    def quick() -> str:
        answer_evenly()
        return "done"

    began = time.perf_counter()
    assert app.test_client().get("/quick").text == "done"
    assert time.perf_counter() - began >= 0.1


def test_nothing_waits_where_nothing_is_asked_to() -> None:
    app = Flask("tried", static_folder=None)
    app.config[SETTING] = 30.0

    @app.get("/open")
    def page() -> str:
        return "done"

    assert app.test_client().get("/open").text == "done"
