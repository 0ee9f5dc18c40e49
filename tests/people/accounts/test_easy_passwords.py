from __future__ import annotations

import itertools
import random

import pytest
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from assess.people.accounts import easy_passwords
from assess.people.accounts.easy_passwords import FEWEST_GUESSES, SHORTEST, guesses, is_easy

KNOWN = [
    "Password123!",
    "Password2026!",
    "Summer2026!!",
    "Winter2025!!",
    "arsenal2026!!",
    "england2026!",
    "christmas2025",
    "jennifer2000",
    "NorfolkCouncil",
    "correcthorsebatterystaple",
    "trustno1trustno1",
    "password1234",
    "modernslavery2026",
    "P@ssw0rd12345",
    "Password-2026",
    "qwertyuiop123",
    "qwertyuiopas",
    "qwerty-uiop-as",
    "123456789012",
    "210987654321",
    "abcdefghijkl",
    "aaaaaaaaaaaa",
    "abcabcabcabcab",
    "letmeinletmein",
    "liverpool2026",
    "1q2w3e4r5t6y",
    "iloveyou1234",
    "norfolk123456",
    "............",
    "Tru$tN01!Tru$tN01!",
    "M0d3rnSl4v3ry!",
    "This-is-my-password",
    "CorrectHorseBatteryStaple1!",
    "ManchesterUnited1",
    "Norfolk County Council 2026",
    "Happy-Christmas!",
    "charlie12031998",
    "1998charlie!!!!",
    "!!!2026Norwich!!!",
    "Sunshine2026xx",
    "GangmasterLabourAbuse"[:16],
    "ilovemykids123",
    "iloveyoubaby1",
    "I-love-my-husband!",
    "taylorswift13",
    "zaq12wsxcde3",
    "1qaz2wsx3edc",
    "xsw2zaq1cde3",
    "01/02/199001",
    "1990-02-01 jo",
    "13.04.1985/14.05.1987",
    "07700 900123",
    "+44 7700 900123",
    "NR3 4ZZ NR3 4ZZ",
    "nr34zz ip241zz",
    "x9!kkq x9!kkq x9!kkq",
    "warszawa2020",
    "Bukareszt123",
    "vilnius-kaunas",
    "cleaningjob1",
    "carwashjob2026",
]
WORDS = """
    password sunshine football liverpool chelsea everton tottenham celtic norfolk norwich ipswich yarmouth england scotland
    summer winter autumn spring christmas easter january october monday friday charlotte jennifer alexander michael princess
    welcome letmein computer chocolate butterfly supplier council slavery harvest restaurant
"""
SHAPES = [
    "{Word}2026!!!!",
    "{word}123456789",
    "!!{Word}!2019!",
    "{Word}-1234567",
    "19{word}98!!!!",
    "{WORD}12121998",
    "{signs}2026!!!!!",
    "{Word}{word}1",
]
PLAIN_WORDS = """
    anchor apron badger barrel bench biscuit blanket bonnet bramble bucket button candle carpet cattle chimney clover cobble
    comet copper cradle cricketer crumpet cupboard curtain daisy doorbell drizzle easel fennel ferry fiddle fossil gander garlic
    gravel hammock hedge heron hinge jacket jigsaw kettle kitten ladder lantern lentil lobster magnet marble meadow mitten muffin
    napkin needle nettle otter paddle pantry parcel pebble pelican pepper pillow plaster puddle quilt radish ribbon saddle
    sandal scarf seagull shovel sparrow spindle sponge stable teapot thimble thistle toffee tunnel turnip velvet violin walnut
    whistle willow window yoghurt zipper
"""


@pytest.mark.parametrize("easy", KNOWN)
def test_what_guessers_try_first_is_easy(easy: str) -> None:
    assert len(easy) >= SHORTEST
    assert is_easy(easy), easy


def test_a_known_word_is_easy_with_whatever_year_row_of_digits_and_signs_around_it() -> None:
    signs = str.maketrans("aeios", "@310$")
    made = [
        shape.format(word=word, Word=word.title(), WORD=word.upper(), signs=word.translate(signs))
        for word, shape in itertools.product(WORDS.split(), SHAPES)
    ]
    assert len(made) >= 300
    assert min(map(len, made)) >= SHORTEST
    assert [one for one in made if not is_easy(one)] == []


def test_three_random_words_are_taken() -> None:
    words, chosen = PLAIN_WORDS.split(), random.Random(2026)
    phrases = {chosen.choice(["", " ", "-"]).join(chosen.sample(words, 3)) for _ in range(220)}
    assert len(phrases) >= 200
    assert [one for one in sorted(phrases) if is_easy(one)] == []


@pytest.mark.parametrize(
    "good",
    [
        "redhousemonkey",
        "correct horse battery",
        "seven quiet herons",
        "x9!kkqWz0-fLd2",
        "тихая цапля утром",
        "dragon purple heron",
        "482913057164",
        "%35!|$<<6<97+!3!!3@25|!{{35|",
        "we met on 13/04/1985",
        "cricketer cupboard doorbell",
    ],
)
def test_what_follows_no_pattern_is_taken(good: str) -> None:
    assert not is_easy(good)
    assert guesses(good) >= FEWEST_GUESSES


def test_what_is_known_of_the_person_counts_as_easy() -> None:
    assert not is_easy("wendlebury1984")
    assert is_easy("wendlebury1984", ["Wendlebury"])


@pytest.mark.parametrize(
    "typed", ["%35!|$<<6<97+!3!!3@25|" * 4, "4@8({[<3691!|70$5+%2" * 9, "hdkwqzpv" * 25, "48291305716" * 6]
)
def test_however_long_a_password_and_its_names_are_little_is_searched(
    monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    handed: list[tuple[str, int]] = []

    def judge(text: str, user_inputs: list[str]) -> dict[str, float]:
        places = len(easy_passwords._OF_THIS_PLACE.split())
        assert max(map(len, user_inputs)) <= 20
        handed.append((text, len(user_inputs) - places))
        return {"guesses_log10": 9.0}

    monkeypatch.setattr(easy_passwords, "zxcvbn", judge)
    guesses(typed, [typed, *(f"{typed}{number}" for number in range(40))])
    ((text, names),) = handed
    assert (len(text), names) == (20, 12)
    assert len(enumerate_l33t_subs(relevant_l33t_subtable(text, L33T_TABLE))) <= 16


def test_a_longer_password_is_judged_by_its_first_twenty_characters_without_the_spaces_around_it() -> None:
    phrase = "thimble whistle lantern"
    assert guesses(f"   {phrase}") == guesses(phrase[:20]) == guesses(phrase)
    assert guesses(phrase) > FEWEST_GUESSES


def test_the_longest_password_of_signs_that_stand_for_letters_is_judged() -> None:
    assert not is_easy("@4301!5$7+ uxq" * 14)
