from __future__ import annotations

import pytest

from assess.engine.conditions import All, Always, Any, Applies, Asked, AtLeastOf, Condition, Leaf, Not, Term
from assess.engine.conditions_in_words import condition_in_words, names_of
from tests.builders import a_bank, a_number, a_question, an_option
from tests.engine import real_banks

BANK = a_bank(
    a_question("papers", ask="Who keeps papers?", options=(an_option("boss", label="The boss"), an_option("self"))),
    a_number("hours", ask="How many hours?"),
)
BOSS, LONG = Leaf("papers", "is", "boss"), Leaf("hours", "more_than", 48)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (None, "always"),
        (Always(), "always"),
        (BOSS, "“Who keeps papers?” is “The boss”"),
        (Not(BOSS), "“Who keeps papers?” is not “The boss”"),
        (Not(Leaf("papers", "includes", "boss")), "“Who keeps papers?” does not include “The boss”"),
        (LONG, "“How many hours?” is more than 48"),
        (Leaf("hours", "at_least", 10), "“How many hours?” is 10 or more"),
        (Leaf("hours", "at_most", 10), "“How many hours?” is 10 or less"),
        (Leaf("papers", "is_one_of", ("boss", "self")), "“Who keeps papers?” is one of “The boss”, “Self”"),
        (All((BOSS, LONG)), "“Who keeps papers?” is “The boss” and “How many hours?” is more than 48"),
        (
            All((BOSS, Any((LONG, Asked("hours"))))),
            "“Who keeps papers?” is “The boss” and (“How many hours?” is more than 48 or “How many hours?” was asked)",
        ),
        (
            Not(Any((BOSS, LONG))),
            "not (“Who keeps papers?” is “The boss” or “How many hours?” is more than 48)",
        ),
        (
            AtLeastOf(2, (BOSS, LONG)),
            "at least 2 of these: (“Who keeps papers?” is “The boss”; “How many hours?” is more than 48)",
        ),
        (Leaf(subject="strange", test="is", value=True), "“strange” is yes"),
        (Term("in_uk"), "in_uk"),
        (Applies("tell"), "“tell” applies"),
    ],
)
def test_it_is_said_in_the_words_of_the_bank(condition: Condition | None, said: str) -> None:
    assert condition_in_words(condition, names_of(BANK)) == said


@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_every_condition_of_the_banks_is_said_without_an_id(bank: str) -> None:
    edition = real_banks.edition_of(bank)
    names = names_of(edition)
    conditions = [question.show_if for question in edition.questions() if question.show_if]
    conditions += [duty.when for duty in edition.duty_book.duties]
    said = [condition_in_words(condition, names) for condition in conditions]
    assert len(said) > 60
    known = {*names.questions, *names.duties, *names.terms}
    assert not [one for one in said if known & {word.strip("“”(),;") for word in one.split() if "_" in word}]
