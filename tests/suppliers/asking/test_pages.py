"""What the forms show beside what was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from assess.kit.application import settings_of
from assess.kit.db import database
from assess.suppliers.asking.pages import areas, choices, letters_shown, proposed, reminder_words, send_on
from assess.suppliers.inviting import Ask
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier

JUNE = datetime(2027, 6, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_in_the_harvest_the_form_says_so_and_proposes_a_date_after_it(app: Flask) -> None:
    with app.app_context(), database().reading() as look:
        assert choices(look).busy == {}
        app.config["CLOCK"] = lambda: JUNE
        assert list(choices(look).busy) == ["farming"]
        assert "1 October 2027" in choices(look).busy["farming"]
        assert proposed("farming")["due_month"] == "10"
        assert proposed("car_washes")["due_month"] == "7"
        assert send_on({"sector": "farming"}) == date(2027, 10, 1)
        assert send_on({"sector": "farming", "at_once": "yes"}) == JUNE.date()
        assert "other" in areas()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("days", "waits", "words"),
    [
        (28, 0, "14, 7 and 1 days before the date and 1, 7 and 14 days after it"),
        (12, 0, "7 and 1 days before the date and 1, 7 and 14 days after it"),
        (9, 0, "1 day before the date and 1, 7 and 14 days after it"),
        (3, 0, "1, 7 and 14 days after the date"),
        (1, 0, "7 and 14 days after the date"),
        (28, 19, "1 day before the date and 1, 7 and 14 days after it"),
    ],
)
def test_only_reminders_that_are_still_to_come_are_named(app: Flask, days: int, waits: int, words: str) -> None:
    today = TODAY.date()
    ask = Ask(
        "farming", quick=True, due=today + timedelta(days=days), message="", send_on=today + timedelta(days=waits)
    )
    with app.app_context():
        assert reminder_words(ask) == words


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_look_shows_the_letter_without_a_link_that_works(app: Flask) -> None:
    ask = Ask("farming", quick=True, due=date(2026, 12, 24), message="", send_on=date(2026, 11, 24))
    with app.app_context(), database().writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Farm", email="a@b.example")
        assert letters_shown(session, council, farm, ask, None) == [], "no mail is sent here"
        settings = replace(settings_of(app), mail_server="smtp://127.0.0.1:9", mail_from="desk@network.example")
        app.extensions["assess.settings"] = settings
        first, *others = letters_shown(session, council, farm, ask, None)
    assert "(the link stands here)" in first.letter.text
    assert len(others) == 7
    assert "/asked/" not in first.letter.text
