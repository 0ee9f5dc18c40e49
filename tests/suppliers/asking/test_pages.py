"""What the forms show beside what was typed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from assess.kit.db import database
from assess.people.models import Organisation
from assess.suppliers.asking.pages import areas, choices, letter_text, minutes, proposed, send_on
from assess.suppliers.inviting import Ask

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
def test_the_look_shows_the_letter_without_a_link_that_works(app: Flask) -> None:
    ask = Ask("farming", quick=True, due=date(2026, 12, 24), message="", send_on=date(2026, 11, 24))
    with app.app_context():
        text = letter_text(Organisation(name="The Council"), ask)
    assert f"about {minutes(quick=True)} minutes" in text
    assert "(the link stands here)" in text
    assert "http" not in text
