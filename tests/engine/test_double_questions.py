from __future__ import annotations

import pytest

from assess.engine.double_questions import second_question


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Is it checked? By whom?", "two question marks"),
        ("Do you use agencies and have you seen their licence?", "and have you"),
        ("How many live here, and how much do they pay?", "and how much"),
        ("Do you check passports and keep copies?", "and keep"),
        ("In the last year, did you visit the site and report what you saw?", "and report what"),
    ],
)
def test_where_the_second_one_begins(text: str, where: str) -> None:
    assert second_question(text) == where


@pytest.mark.parametrize(
    "text",
    [
        "Do you charge for food and rest rooms?",
        "Do workers read and understand their terms?",
        "Who finds and pays for the house?",
        "If you found someone, do you know who to call and what not to do?",
        "Do you pay for gloves, boots and tests?",
    ],
)
def test_one_thing_is_one_question(text: str) -> None:
    assert second_question(text) is None
