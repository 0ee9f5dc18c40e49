from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from assess.kit.clock import date_at, now, today


def test_the_clock_of_the_app_is_believed() -> None:
    app = Flask("clock")
    app.config["CLOCK"] = lambda: datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    with app.app_context():
        assert now() == datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
        assert today() == date(2027, 7, 1)


def test_without_an_app_the_machine_is_asked() -> None:
    assert now().tzinfo is UTC


def test_the_day_begins_at_midnight_in_the_united_kingdom() -> None:
    assert date_at(datetime(2027, 3, 28, 0, 30, tzinfo=UTC)) == date(2027, 3, 28)
    assert date_at(datetime(2027, 3, 28, 23, 30, tzinfo=UTC)) == date(2027, 3, 29)
    assert date_at(datetime(2026, 10, 25, 23, 59, tzinfo=UTC)) == date(2026, 10, 25)
