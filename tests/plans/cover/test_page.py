from __future__ import annotations

from datetime import date
from html import escape

import pytest
from flask import Flask

from assess.plans.cover.listing import Cover, CoverLine, cover_of
from assess.plans.cover.page import to_html
from tests.people.persons import database_of
from tests.plans.cover.firms import Firm
from tests.plans.records import scenario

LINE = CoverLine(1, "North <b>farm</b>", "Farming", "2026-11-24", "2027-11-24", "Medium", "K7QF-2M9D")


def test_the_page_says_what_it_is_and_what_it_is_not() -> None:
    page = to_html(Cover("Fen & Edge", "2026-11-24", [LINE], 2))
    assert "<title>All plans of Fen &amp; Edge, 24 November 2026</title>" in page
    assert escape("North <b>farm</b>") in page
    assert "24 November 2027" in page
    assert "K7QF-2M9D" in page
    assert "2 self-checks that are not sent in" in page
    for words in ("not a certificate", "Nobody checked them", "not for buyers"):
        assert words in page
    assert "Not on this page" not in to_html(Cover("Fen", "2026-11-24", [LINE], 0))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_tells_of_no_question_no_action_and_no_sign(app: Flask, firm: Firm) -> None:
    with app.app_context(), database_of(app).reading() as look:
        page = to_html(cover_of(look, firm.organisation.id, "Fen Edge Group", date(2026, 11, 24)))
    for record in (scenario(), scenario("car_washes", "car_washes critical")):
        for section in record["sections"]:
            for question in section["questions"]:
                assert question["id"] not in page
                assert escape(question["ask"]) not in page
        for action in record["actions"]:
            assert escape(action["do"]) not in page
    assert "advice" not in page
    assert "urgent" not in page
    assert "sign" not in page.replace("sign-off", "").split("<body>")[1]
