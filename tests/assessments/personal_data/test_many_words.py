"""The list of words when somebody wrote as many as they could: pages, nothing judged twice, and nobody waits to save meanwhile."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.comments import MAX_COMMENTS, MAX_COMMENTS_PER_QUESTION, CommentAuthor, add_comment
from assess.assessments.models import PersonalDataFinding
from assess.assessments.personal_data import detector as personal_data_detector
from assess.assessments.personal_data import services as personal_data_services
from assess.assessments.personal_data.detector import any_of, folded, is_english, stems, word_list
from assess.assessments.personal_data.services import CHARACTERS_PER_REQUEST
from assess.assessments.personal_data.views import TEXTS_PER_PAGE
from assess.core.db import holds_write_lock
from tests.assessments.conftest import id_of
from tests.identity.accounts_factory import database_of

QUESTIONS = ("core_people_peak", "core_worker_types", "core_first_language", "core_near_minimum", "core_travel")
NOBODY = CommentAuthor(None)


def fill(app: Flask, home: str, now: datetime, count: int, length: int = 500) -> None:
    """So many comments of so many characters, each another."""
    with app.app_context(), database_of(app).writing() as session:
        for number in range(count):
            words = f"{number:04} {'A1-' * 200}"[:length]
            add_comment(
                session,
                id_of(home),
                QUESTIONS[number // MAX_COMMENTS_PER_QUESTION],
                words,
                NOBODY,
                now,
                for_delegate=False,
            )


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is judged from here on."""
    seen: list[str] = []
    details_in = personal_data_detector.find_personal_details

    def noted(text: str) -> Any:
        assert not holds_write_lock()
        seen.append(text)
        return details_in(text)

    monkeypatch.setattr(personal_data_services, "find_personal_details", noted)
    return seen


@pytest.mark.both_databases
def test_one_look_judges_a_bounded_number_of_characters_and_no_text_twice(
    app: Flask, visit: Any, begin: Any, now: datetime, looked_at: list[str]
) -> None:
    home = begin()
    fill(app, home, now, 120)
    page = visit(f"{home}free-text")
    assert len(page.soup.select("#words li")) == TEXTS_PER_PAGE
    assert "There are 120 texts." in page.text
    assert "Page 1 of 3" in page.text
    assert 0 < sum(map(len, looked_at)) <= CHARACTERS_PER_REQUEST
    assert page.text.count("We have not checked these words yet.") == TEXTS_PER_PAGE - len(looked_at)
    for _ in range(20):
        page = visit(f"{home}free-text")
    assert "not checked" not in page.text
    assert len(looked_at) == len(set(looked_at)) == TEXTS_PER_PAGE
    last = visit(f"{home}free-text?page=99")
    assert len(last.soup.select("#words li")) == 120 - 2 * TEXTS_PER_PAGE
    assert visit(last.soup.select_one("a[rel=prev]")["href"]).status == 200


@pytest.mark.both_databases
def test_what_was_judged_when_it_was_saved_is_not_judged_again_and_goes_with_the_text(
    app: Flask, visit: Any, begin: Any, looked_at: list[str]
) -> None:
    home = begin()
    visit(f"{home}comments/core_people_peak")
    page = visit.send("/core_people_peak", words="Ask Maria Popescu on 07700 900123")
    assert page.status == 422
    assert rows(app) == 0, "what may yet be changed is not kept"
    visit.send(
        "/core_people_peak",
        words="Ask Maria Popescu on 07700 900123",
        keep_words=[page.soup.select_one("input[name=keep_words]")["value"]],
    )
    assert rows(app) == 1
    looked_at.clear()
    page = visit(f"{home}free-text")
    assert "It may hold a person’s name and a phone number." in page.text
    assert looked_at == []
    visit.send("")
    visit.send("/free-text/redact")
    assert rows(app) == 0


@pytest.mark.both_databases
def test_looking_at_the_list_has_a_limit(visit: Any, begin: Any) -> None:
    home = begin()
    assert [visit(f"{home}free-text").status for _ in range(61)][-1] == 429


@pytest.mark.both_databases
def test_an_assessment_takes_so_many_comments_and_says_so(app: Flask, visit: Any, begin: Any, now: datetime) -> None:
    home = begin()
    fill(app, home, now, MAX_COMMENTS, length=20)
    visit(f"{home}comments/core_short_notice")
    page = visit.send("/core_short_notice", words="One more")
    assert page.status == 422
    assert "This self-check has 500 comments, and takes no more." in page.text
    assert page.soup.select_one("textarea").text.strip() == "One more"


def rows(app: Flask) -> int:
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(PersonalDataFinding)) or 0


@pytest.mark.parametrize(
    "word", ["shelf", "shelves", "mopped", "hurried", "picks", "unpaid", "jet-wash", "carrotfield", "taken", "assessed"]
)
def test_a_word_is_known_in_its_forms(word: str) -> None:
    assert is_english(word)


@pytest.mark.parametrize("word", ["bozhkova", "quyen", "andrzej", "florin"])
def test_names_are_no_words(word: str) -> None:
    assert not is_english(word)


def test_an_ending_gives_more_than_one_stem() -> None:
    assert {"pack", "packe"} <= set(stems("packed"))
    assert "mop" in stems("mopped")


def test_the_words_of_the_trades_are_many_and_no_names() -> None:
    assert len(word_list("no names")) > 4000
    assert len(word_list("no names") & word_list("given names")) < 5


def test_goods_are_known_one_or_many() -> None:
    assert word_list("goods", "makers") == word_list("goods") | word_list("makers")
    assert "pallets" in word_list("goods")


def test_a_pattern_of_a_list_takes_other_spellings() -> None:
    brand, delicate = re.compile(any_of("brands")), re.compile(any_of("delicate"))
    assert all(brand.fullmatch(text) for text in ("john deere", "john-deere", "levi's", "levi’s", "levis"))
    assert delicate.fullmatch("pregnancy")
    assert not delicate.fullmatch("preg")


def test_accents_and_capitals_make_no_difference() -> None:
    assert folded("Łukasz") == "lukasz"
    assert folded("Đặng") == "dang"


def test_a_name_that_is_a_word_counts_only_as_such() -> None:
    assert not word_list("given names") & word_list("given names that are words")
    assert {"mark", "grace", "amber"} <= word_list("given names that are words")
    assert {"ioana", "pawel", "gurpreet", "arben", "oleksandr"} <= word_list("given names")


def test_all_names_are_folded_and_there_are_many() -> None:
    names = word_list("given names", "given names that are words")
    assert len(names) > 5000
    assert all(name == folded(name) for name in names)
