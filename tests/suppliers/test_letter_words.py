"""The words of the letters: who asks, by when, how to say no and to stop; calm, and nothing of any result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from assess.suppliers import letter_words
from assess.suppliers.letter_words import SAYS, SUBJECT, Letter, Silence, messages

LETTER = Letter("The Council", date(2026, 12, 24), 30, "Call Jo.", "http://a/asked/x", "http://a/asked/stop/y", "Foot.")
BEFORE, AFTER = date(2026, 12, 10), date(2026, 12, 25)
ALL: list[Callable[[], str]] = [
    lambda: letter_words.first(LETTER),
    lambda: letter_words.reminder(LETTER, BEFORE),
    lambda: letter_words.reminder(LETTER, AFTER),
    lambda: letter_words.finished(LETTER),
]


@pytest.mark.parametrize("letter", ALL)
def test_every_letter_says_who_asks_how_to_say_no_and_how_to_stop(letter: Callable[[], str]) -> None:
    text = letter()
    assert "The Council" in text
    assert "http://a/asked/x\n" in text
    assert "http://a/asked/stop/y\n" in text
    assert re.search(r"\bno\b", text)
    assert text.endswith("Foot.\n")


@pytest.mark.parametrize("letter", ALL)
def test_none_frightens_or_blames(letter: Callable[[], str]) -> None:
    for word in ("slavery", "exploit", "risk", "band", "fail", "must", "overdue", "late", "urgent", "warning", "final"):
        assert not re.search(rf"\b{word}", letter() + SUBJECT, re.IGNORECASE), word


@pytest.mark.parametrize("letter", ALL)
def test_each_is_short(letter: Callable[[], str]) -> None:
    assert len(letter().split()) < 150


def test_the_date_and_the_time_it_takes_are_said() -> None:
    assert "about 30 minutes. Please answer by 24 December 2026." in letter_words.first(LETTER)
    assert "They write: “Call Jo.”" in letter_words.first(LETTER)
    assert "They write" not in letter_words.first(replace(LETTER, message=""))
    assert "The date they gave is 24 December 2026." in letter_words.reminder(LETTER, BEFORE)
    assert "The date they gave was 24 December 2026. You can still answer." in letter_words.reminder(LETTER, AFTER)


def test_whoever_finished_hears_that_sharing_is_theirs_to_decide() -> None:
    assert "That is yours to decide." in letter_words.finished(LETTER)


def test_a_buyer_is_told_why_no_letter_goes() -> None:
    assert set(SAYS) == set(Silence)


def test_each_way_carries_the_link_and_that_one_may_say_no() -> None:
    found = messages("The Council", "http://a/asked/x")
    for way in found.values():
        assert "The Council asks you" in unquote(way)
        assert "You may say no: http://a/asked/x" in unquote(way)
    assert found["sms"].startswith("sms:?&body=")
    assert found["mail"].startswith("mailto:?subject=A%20request")
