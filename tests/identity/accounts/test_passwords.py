from __future__ import annotations

import itertools
import random
import threading
import time

import pytest
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from assess.identity.accounts import passwords
from assess.identity.accounts.passwords import (
    MAX_PASSWORD_LENGTH,
    MIN_GUESSES_LOG10,
    MIN_PASSWORD_LENGTH,
    NewPasswordField,
    dummy_hash,
    guesses_log10,
    hash_password,
    is_easy_to_guess,
    password_matches,
)

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
    assert len(easy) >= MIN_PASSWORD_LENGTH
    assert is_easy_to_guess(easy), easy


def test_a_known_word_is_easy_with_whatever_year_row_of_digits_and_signs_around_it() -> None:
    signs = str.maketrans("aeios", "@310$")
    made = [
        shape.format(word=word, Word=word.title(), WORD=word.upper(), signs=word.translate(signs))
        for word, shape in itertools.product(WORDS.split(), SHAPES)
    ]
    assert len(made) >= 300
    assert min(map(len, made)) >= MIN_PASSWORD_LENGTH
    assert [one for one in made if not is_easy_to_guess(one)] == []


def test_three_random_words_are_taken() -> None:
    words, chosen = PLAIN_WORDS.split(), random.Random(2026)
    phrases = {chosen.choice(["", " ", "-"]).join(chosen.sample(words, 3)) for _ in range(220)}
    assert len(phrases) >= 200
    assert [one for one in sorted(phrases) if is_easy_to_guess(one)] == []


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
    assert not is_easy_to_guess(good)
    assert guesses_log10(good) >= MIN_GUESSES_LOG10


def test_what_is_known_of_the_person_counts_as_easy() -> None:
    assert not is_easy_to_guess("wendlebury1984")
    assert is_easy_to_guess("wendlebury1984", ["Wendlebury"])


@pytest.mark.parametrize(
    "typed", ["%35!|$<<6<97+!3!!3@25|" * 4, "4@8({[<3691!|70$5+%2" * 9, "hdkwqzpv" * 25, "48291305716" * 6]
)
def test_however_long_a_password_and_its_names_are_little_is_searched(
    monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    handed: list[tuple[str, int]] = []

    def judge(text: str, user_inputs: list[str]) -> dict[str, float]:
        places = len(passwords._LOCAL_WORDS.split())
        assert max(map(len, user_inputs)) <= 20
        handed.append((text, len(user_inputs) - places))
        return {"guesses_log10": 9.0}

    monkeypatch.setattr(passwords, "zxcvbn", judge)
    guesses_log10(typed, [typed, *(f"{typed}{number}" for number in range(40))])
    ((text, names),) = handed
    assert (len(text), names) == (20, 12)
    assert len(enumerate_l33t_subs(relevant_l33t_subtable(text, L33T_TABLE))) <= 16


def test_a_longer_password_is_judged_by_its_first_twenty_characters_without_the_spaces_around_it() -> None:
    phrase = "thimble whistle lantern"
    assert guesses_log10(f"   {phrase}") == guesses_log10(phrase[:20]) == guesses_log10(phrase)
    assert guesses_log10(phrase) > MIN_GUESSES_LOG10


def test_the_longest_password_of_signs_that_stand_for_letters_is_judged() -> None:
    assert not is_easy_to_guess("@4301!5$7+ uxq" * 14)


ABOUT = ["jo.canary@fenedge.example", "jo.canary", "fenedge.example", "fenedge", "Jo Canary", "Fen Edge Growers"]


@pytest.mark.parametrize(
    ("poor", "why"),
    [
        ("", "Enter a password."),
        ("elevensigns", "Use 12 characters or more"),
        ("x" * 201, "Use at most 200"),
        ("password1234", "easy to guess"),
        ("Password2026!", "easy to guess"),
        ("NorfolkCouncil", "easy to guess"),
        ("modernslavery2026", "easy to guess"),
        ("Modern-Slavery!", "easy to guess"),
        ("assessassess1", "easy to guess"),
        ("jo.canary1984", "easy to guess"),
        ("canarycanary", "easy to guess"),
        ("FenEdgeGrowers1", "easy to guess"),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(poor: str, why: str) -> None:
    password, sentence = NewPasswordField(ABOUT).read(poor)
    assert (password, why in sentence) == ("", True)


@pytest.mark.parametrize(
    "good",
    [
        "seven quiet herons",
        "redhousemonkey",
        "  spaces  stay  ",
        "canary plays the tuba",
        "🐄" * 6 + "moo moo",
        "482913057164",
    ],
)
def test_any_other_is_taken_as_it_was_typed(good: str) -> None:
    assert NewPasswordField(ABOUT).read(good) == (good, "")


def test_what_is_stored_is_argon2id_at_the_cost_we_chose_and_salted() -> None:
    first, second = hash_password("seven quiet herons"), hash_password("seven quiet herons")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert dummy_hash().startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_matches("seven quiet herons", first)
    assert not password_matches("seven quiet heron", first)
    assert not password_matches("nobody signs in with this", None)
    assert not password_matches("x", "nonsense")


def test_what_is_longer_than_the_longest_never_matches_its_beginning() -> None:
    longest = "ab cd " * 40
    stored = hash_password(longest[:MAX_PASSWORD_LENGTH])
    assert password_matches(longest[:MAX_PASSWORD_LENGTH], stored)
    assert not password_matches(longest[:MAX_PASSWORD_LENGTH] + "x", stored)


def test_only_two_are_hashed_at_once() -> None:
    running = [threading.Thread(target=hash_password, args=("seven quiet herons",)) for _ in range(6)]
    begun = time.perf_counter()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert time.perf_counter() - begun < 10
