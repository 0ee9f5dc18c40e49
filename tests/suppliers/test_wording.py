"""The words of the letters: who asks, by when, how to say no and to stop; calm, and nothing of any result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assess.suppliers import wording
from assess.suppliers.wording import SAYS, SUBJECT, Letter, Silence

LETTER = Letter("The Council", date(2026, 12, 24), 30, "Call Jo.", "http://a/asked/x", "http://a/asked/stop/y", "Foot.")
BEFORE, AFTER = date(2026, 12, 10), date(2026, 12, 25)
ALL: list[Callable[[], str]] = [
    lambda: wording.first(LETTER),
    lambda: wording.reminder(LETTER, BEFORE),
    lambda: wording.reminder(LETTER, AFTER),
    lambda: wording.finished(LETTER),
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
    assert "about 30 minutes. Please answer by 24 December 2026." in wording.first(LETTER)
    assert "They write: “Call Jo.”" in wording.first(LETTER)
    assert "They write" not in wording.first(replace(LETTER, message=""))
    assert "The date they gave is 24 December 2026." in wording.reminder(LETTER, BEFORE)
    assert "The date they gave was 24 December 2026. You can still answer." in wording.reminder(LETTER, AFTER)


def test_whoever_finished_hears_that_sharing_is_theirs_to_decide() -> None:
    assert "That is yours to decide." in wording.finished(LETTER)


def test_a_buyer_is_told_why_no_letter_goes() -> None:
    assert set(SAYS) == set(Silence)
