from __future__ import annotations

import pytest

from assess.assessments.careful.asking import is_question
from assess.assessments.careful.places import mark_of
from assess.plans.register.private_words import asked_about

PRIVATE = {
    "a National Insurance number": ["QQ 12 34 56 C", "his NI is AB123456D", "ab 12 34 56 d"],
    "an e-mail address": ["write to maria.p@example.org", "Jo+farm@mail.example"],
    "a phone number": ["call 07700 900123", "+44 7700 900 123", "(01603) 496 0123", "0040 721 234 567"],
    "the number of a passport, visa or card": [
        "passport 533401372",
        "Passport no. AB1234567",
        "533401372",
        "visa ZX88123",
        "BRP ZU1234567",
        "EA 0123456",
    ],
    "an age or a date of birth": ["born 3 May 1991", "DOB 03/05/91", "Ana, 3.5.1991", "date of birth: 3/5/2001"],
    "a person’s name": ["Mr Popescu keeps it", "ask Mrs. Ionescu", "Ms Silva"],
}
PLAIN = [
    "Blue folder in the office",
    "Packhouse manager",
    "Time sheets for week 46 of 2026",
    "Signed on 24/11/2026",
    "Good until 1.11.2027",
    "We paid £12,345.50 back in March 2026",
    "Form SA100 and P45",
    "Passports are never kept here",
    "12 workers in 3 houses",
    "ISO 45001 audit 2026",
    "GLAA licence is on the wall",
    "The milling shed, postcode PE38 0AA",
    "Invoices 2025-2026",
    "Payroll for 18 people, 46 hours a week",
    "We sold the house in 2024",
    "Policy version 2.1",
]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in PRIVATE.items() for text in texts])
def test_what_looks_private_is_asked_about(name: str, text: str) -> None:
    (asked,) = asked_about({"title": text}, ())
    assert name in asked.seen
    assert is_question(asked.sentence)
    assert asked_about({"title": text}, {mark_of(text)}) == ()
    assert asked_about({"title": text}, (), {text}) == ()


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_are_left_in_peace(text: str) -> None:
    assert asked_about({"title": text}, ()) == ()
