"""How long the way through the questions is: pages, taps and words, walked through the real pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from assess.assessments.answer_pages import form_minutes, minutes_for
from assess.engine.bank import AnswerValue
from tests.engine.real_banks import edition_of, examples_of
from tests.page_words import Effort

MOST_WORDS = {"car_washes": 2000, "farming": 2100, "hospitality": 2100}
MOST_PAGES, MOST_TAPS, MOST_FULL_MINUTES = 12, 45, 45
MOST_LINK_WORDS, MOST_LINK_TAPS = 60, 2
"""Of the page that shows a link to come back with, and for making it and going on."""


def fields_for(page: Any, answers: Mapping[str, AnswerValue]) -> dict[str, object]:
    """What somebody with these answers fills in on this page; whatever they have no answer to is not known."""
    filled: dict[str, object] = {}
    for group in page.soup.select(".assess-asked"):
        name = str(group["id"]).removesuffix("--group")
        value = answers.get(name, "dk")
        if value == [] or (value == "dk" and group.select(f"[name='{name}.none']")):
            filled[f"{name}.none"] = "yes"
        elif value == "dk" and group.select(f"[name='{name}.dk']"):
            filled[f"{name}.dk"] = "dk"
        elif isinstance(value, list) and isinstance(value[0], dict):
            filled |= {f"{name}.{row}.{column}": said for row, of in enumerate(value) for column, said in of.items()}
        else:
            filled[name] = value
    return filled


def walk(visit: Any, bank: str, length: str, answers: Mapping[str, AnswerValue]) -> Effort:
    """From the first page to the first page of the result, with a link to come back with made where it is offered."""
    effort = Effort()

    def sees(page: Any) -> None:
        assert page.status == 200, page.text
        effort.sees(page.address, page.html)

    sees(visit("/"))
    sees(visit("/before-you-start"))
    sees(visit("/start"))
    effort.taps += 2 + 3
    page = visit.send("/start", bank=bank, length=length)
    if length == "full":
        sees(page)
        effort.taps += 1
        page = visit(page.soup.select_one("a.govuk-button")["href"])
    while re.search("/(questions|sections)/", page.address):
        sees(page)
        filled = fields_for(page, answers)
        if page.soup.select("#name"):
            filled |= {"name": "Fen Edge Hand Wash", "area": "norfolk"}
        effort.taps += len(filled) + 1
        if page.soup.select("button[value=link]"):
            effort.links.append(page.address)
            sees(shown := visit.send(go="link", **filled))
            effort.taps += MOST_LINK_TAPS
            page = visit(shown.soup.select_one("a.govuk-button")["href"])
            assert page.address == effort.links[-1], "back at the very page"
            filled = {}
        page = visit.send(**filled)
    sees(page)
    if page.soup.select("#name"):
        effort.taps += 2
    effort.taps += 2
    page = visit.send(
        "/submit", reread="yes", **({"name": "Fen Edge", "area": "norfolk"} if page.soup.select("#name") else {})
    )
    assert page.address.endswith("/result"), page.text
    sees(page)
    return effort


CASES = [(bank, example.title) for bank in MOST_WORDS for example in examples_of(bank)]


@pytest.mark.parametrize(("bank", "title"), CASES)
def test_a_quick_check_is_short(visit: Any, bank: str, title: str) -> None:
    answers = next(example.answers for example in examples_of(bank) if example.title == title)
    effort = walk(visit, bank, "quick", answers)
    assert len(effort.pages) <= MOST_PAGES, effort
    assert effort.taps <= MOST_TAPS, effort
    assert effort.words <= MOST_WORDS[bank], effort
    assert [address.rpartition("/")[2] for address in effort.links] == ["2"], "offered once, on the second page"
    assert [words <= MOST_LINK_WORDS for address, words in effort.pages if address.endswith("/link")] == [True], effort
    assert abs(form_minutes(edition_of(bank), quick=True) - minutes_for(effort.words, effort.taps)) <= 1


@pytest.mark.parametrize("bank", MOST_WORDS)
def test_a_full_assessment_takes_no_page_over_400_words_and_three_quarters_of_an_hour(visit: Any, bank: str) -> None:
    answers = next(example.answers for example in examples_of(bank) if example.title == f"{bank} medium")
    effort = walk(visit, bank, "full", answers)
    minutes = minutes_for(effort.words, effort.taps)
    first, second = edition_of(bank).sections[:2]
    assert [address.rpartition("/sections/")[2] for address in effort.links] == [second.id], f"after {first.id}"
    assert minutes <= MOST_FULL_MINUTES, effort
    assert abs(form_minutes(edition_of(bank), quick=False) - minutes) <= 2
    assert all(words <= (900 if address.endswith("/check") else 400) for address, words in effort.pages), effort
