"""The words of the letters: who asks and what shows it before all else, how to say no and to stop; calm, and nothing of any result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from assess.suppliers import letter_words
from assess.suppliers.letter_words import NEVER, SAYS, From, Letter, Silence, messages

COUNCIL = From("The Council", "council.example", "This name was confirmed on 5 January 2026 by a network.")
LETTER = Letter(
    COUNCIL,
    "7K3QX0WZ2M",
    "http://a/letters",
    date(2026, 12, 24),
    45,
    "Ask Jo.",
    "http://a/asked/x",
    "http://a/asked/stop/y",
    "Run by a network.",
)
WAITS = replace(LETTER, asks=From("The Council", "council.gov.uk", None), message="")
BEFORE, AFTER = date(2026, 12, 10), date(2026, 12, 25)
KINDS: list[Callable[[Letter], str]] = [
    letter_words.first,
    lambda letter: letter_words.reminder(letter, BEFORE),
    lambda letter: letter_words.reminder(letter, AFTER),
    letter_words.finished,
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_lines_say_who_asks_who_runs_the_service_and_how_to_check(kind: Callable[[Letter], str]) -> None:
    lines = kind(LETTER).splitlines()
    assert re.match(r"The Council \(council\.example\) asks?(ed)? you to answer some questions", lines[0])
    assert lines[1:8] == [
        "This name was confirmed on 5 January 2026 by a network.",
        "",
        "Run by a network.",
        "Letter number: 7K3QX-0WZ2M",
        "How to check this letter: http://a/letters",
        "Enter its number and your email address there. The page then says in whose name we sent it.",
        NEVER,
    ]
    assert NEVER == "We never ask for money, bank details or passwords. Do not send your answers by email."


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_confirmed_says_so_in_its_first_line(kind: Callable[[Letter], str]) -> None:
    first = kind(WAITS).splitlines()[0]
    assert re.match(r"Somebody with an address at council\.gov\.uk asks?(ed)? you, in the name of The Council, ", first)
    assert first.endswith("Nobody has confirmed this name yet.")


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_says_how_to_say_no_and_how_to_stop(kind: Callable[[Letter], str]) -> None:
    text = kind(LETTER)
    assert "http://a/asked/x\n" in text
    assert text.endswith("http://a/asked/stop/y\n")
    assert re.search(r"\bno\b", text)


@pytest.mark.parametrize("kind", KINDS)
def test_none_frightens_or_blames(kind: Callable[[Letter], str]) -> None:
    for word in (
        "slavery",
        "exploit",
        "risk",
        "band ",
        "fail",
        "must",
        "overdue",
        "late",
        "urgent",
        "warning",
        "final",
    ):
        assert not re.search(rf"\b{word}", kind(LETTER) + LETTER.subject, re.IGNORECASE), word


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_short(kind: Callable[[Letter], str]) -> None:
    assert len(kind(LETTER).split()) < 180


def test_the_subject_names_who_asks_the_domain_and_the_minutes() -> None:
    assert LETTER.subject == "The Council (council.example) asks 45 minutes of you"
    long = replace(LETTER, asks=replace(COUNCIL, called="A" * 39 + " " + "B" * 20))
    assert long.subject == f"{'A' * 39}… (council.example) asks 45 minutes of you"
    assert replace(LETTER, minutes=0).subject == "The Council (council.example) asks you something"
    assert replace(LETTER, asks=replace(COUNCIL, domain="")).subject == "The Council asks 45 minutes of you"
    assert WAITS.subject == "Somebody at council.gov.uk asks 45 minutes of you"


def test_the_sender_is_the_buyer_through_us_or_only_its_domain() -> None:
    assert COUNCIL.sender("Assess") == "The Council through Assess"
    assert WAITS.asks.sender("Assess") == "Somebody at council.gov.uk through Assess"


def test_the_date_and_the_time_it_takes_are_said() -> None:
    first = letter_words.first
    assert "about 45 minutes. Please answer by 24 December 2026." in first(LETTER)
    assert "minutes" not in first(replace(LETTER, minutes=0))
    assert "They write: “Ask Jo.”" in first(LETTER)
    assert "They write" not in first(replace(LETTER, message=""))
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


def test_no_name_reads_as_a_link_wherever_it_stands() -> None:
    lure = From("Norfolk pay-norfolk.uk.com\N{IDEOGRAPHIC FULL STOP}net", "council.example", "Confirmed.")
    letter = replace(LETTER, asks=lure)
    mails = messages(lure.called, "https://assess.example/asked/x")
    for text in (
        lure.sender("Assess"),
        letter.subject,
        letter_words.first(letter),
        letter_words.first(replace(letter, asks=replace(lure, confirmed=None))),
        letter_words.reminder(letter, letter.due),
        letter_words.correction([lure.called], "", ""),
        mails["text"],
        *map(unquote, (mails["sms"], mails["mail"])),
    ):
        assert "pay-norfolk.uk" not in text
        assert "uk.com" not in text
        assert "\N{IDEOGRAPHIC FULL STOP}net" not in text
