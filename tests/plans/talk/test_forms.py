from __future__ import annotations

from datetime import date

import pytest

from assess.plans.talk.forms import TalkForm, read_date, read_talk

TODAY = date(2026, 11, 24)


def test_words_a_date_or_both_are_enough() -> None:
    assert read_talk({"words": " We can \n help. "}, TODAY, may_date=False).words == "We can\nhelp."
    both = read_talk({"words": "Is this soon enough?", "date": "27 3 2027"}, TODAY, may_date=True)
    assert (both.words, both.due, both.errors) == ("Is this soon enough?", date(2027, 3, 27), ())
    alone = read_talk({"date": "24 11 2026"}, TODAY, may_date=True)
    assert (alone.words, alone.due, alone.errors) == ("", TODAY, ())


@pytest.mark.parametrize(
    ("date_typed", "says"),
    [
        ("23 11 2026", "This day has passed."),
        ("25 11 2029", "within 3 years"),
        ("some day", "date"),
    ],
)
def test_a_day_that_cannot_be_is_said_and_stays(date_typed: str, says: str) -> None:
    found = read_talk({"date": date_typed}, TODAY, may_date=True)
    assert says in str(found.error("date"))
    assert found.typed_date == date_typed


def test_about_the_whole_there_is_no_date() -> None:
    found = read_talk({"date": "27 3 2027"}, TODAY, may_date=False)
    assert found.due is None
    assert found.error("words") == "Write what you want to say."
    assert TalkForm().error("words") is None


def test_a_name_is_asked_about_and_kept_once_it_was_ticked() -> None:
    typed = {"words": "Zdravka Ivanova told us."}
    asked = read_talk(typed, TODAY, may_date=False)
    assert asked.error("words")
    assert read_talk({**typed, "keep_words": asked.asked[0].mark}, TODAY, may_date=False).errors == ()


def test_the_date_a_form_was_drawn_with() -> None:
    assert read_date("2027-03-27") == date(2027, 3, 27)
    assert read_date("27 3 2027") is None
    assert read_date("") is None
