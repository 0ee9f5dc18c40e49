"""No page asks for more reading than it may, at three fixed firms; `make words` prints every figure."""

from __future__ import annotations

from flask import Flask

from assess.core.config import Settings
from tests.page_words import shown_words
from tests.words import Reading, firms, let_in, read_pages

MOST = 400
MORE = {
    "/assessments/<uuid:assessment_id>/check": 900,
    "/assessments/<uuid:assessment_id>/result/actions": 600,
}
"""The check page of a full assessment, and what to do with twenty steps."""
NO_LIMIT = (
    "/help",
    "/privacy",
    "/cookies",
    "/accessibility",
    "/complaints",
    "/ask-a-person",
    "/questions",
    "/questions/<bank>",
    "/assessments/<uuid:assessment_id>/result/points",
    "/assessments/<uuid:assessment_id>/result/duties",
    "/assessments/<uuid:assessment_id>/result/purchases",
    "/assessments/<uuid:assessment_id>/purchases",
    "/assessments/<uuid:assessment_id>/history",
)
"""Help, policies, lists of questions, points, the law, purchases and history are as long as what they list."""
MAX_GRADE = 6.0
"""Of Flesch and Kincaid, the years at school that a page asks for: the age of ten or eleven."""
GRADE_FREE = ("/privacy", "/cookies", "/accessibility", "/complaints")
"""Policies say names of laws and bodies."""
TABS = ("result", "result/actions", "result/pay", "result/duties", "result/areas")
MOST_OF_TABS = 1500
"""What to read of a whole result; files, points and what is folded left out."""


def most_of(page: Reading) -> int | None:
    return None if page.rule in NO_LIMIT else MORE.get(page.rule, MOST)


def test_no_page_of_three_firms_asks_for_more_reading_than_it_may(app: Flask, settings: Settings) -> None:
    pages: list[Reading] = []
    for firm in firms(app.extensions["assess.database"], settings):
        pages += read_pages(app, *let_in(app, firm))
    assert len({page.rule for page in pages}) >= 30
    assert sum(page.rule.endswith("/check") for page in pages) > 1, "one of them is being corrected"
    long = {page.rule: page.words for page in pages if (most := most_of(page)) and page.words > most}
    assert not long
    hard = {page.rule: round(page.grade, 1) for page in pages if page.grade > MAX_GRADE and page.rule not in GRADE_FREE}
    assert not hard


def test_the_tabs_of_a_car_wash_take_a_few_minutes_to_read(app: Flask, settings: Settings) -> None:
    firm = next(one for one in firms(app.extensions["assess.database"], settings) if one.firm.bank == "car_washes")
    visit, home = let_in(app, firm)
    words = {tab: len(shown_words(visit.client.get(f"{home}/{tab}").text)) for tab in TABS}
    assert all(words.values())
    assert sum(words.values()) <= MOST_OF_TABS, words
