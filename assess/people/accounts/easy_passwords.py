"""Passwords that are long enough and still guessed first. The list is made by a rule, so anybody can see what is on it and why.

Lists of leaked passwords hold few that have twelve letters. What guessers try at that length is a well-known word with
well-known tails, a word twice, or a row of keys; so those are on it. Small and capital letters, and signs that stand for
letters (`p@ssw0rd`), count as the same.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

SHORTEST = 12
_WORDS = """
    password passwort passphrase secret letmein welcome welcomeback iloveyou monkey dragon sunshine princess football baseball
    basketball superman batman spiderman pokemon starwars master michael jennifer jessica charlie thomas daniel ashley liverpool
    chelsea arsenal everton manchester tottenham rangers celtic england scotland wales ireland britain london norwich norfolk
    suffolk ipswich yarmouth summer winter autumn spring january february march april june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday computer internet freedom whatever trustno shadow killer
    hunter ranger buster jordan harley hello helloworld flower cheese chocolate cookie banana orange purple yellow silver golden
    diamond forever iloveu babygirl lovely angel blessed jesus christ heaven family friend friends mother father brother sister
    admin administrator root user guest login account access changeme default temp temporary test testing testtest demo office
    company business manager service security system server network windows microsoft google facebook amazon qwerty qwertyuiop
    qwerty123 asdfgh asdfghjkl zxcvbn zxcvbnm azerty qazwsx qazwsxedc qweasd qweasdzxc abc abcdef abcd1234 abc123 a1b2c3 q1w2e3r4
    q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx pass pass1234 passw0rd pa55word letmein123 mypassword thepassword newpassword
    mysecret ilovemyself ilovemydog ilovemycat iloveyou2 lovelove farm farming farmer tractor harvest carwash washing hotel
    hospitality kitchen restaurant supplier compliance buyer council
"""
_TAILS = """
    1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 0 00 000 01 007 11 111 1111 22 69 99 321 4321 54321 654321
    987654321 2019 2020 2021 2022 2023 2024 2025 2026 2027 2028 abc abc123 qwerty qwerty123 password pass admin love you me uk
    password1 password123
"""
_ROWS = (
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "a1b2c3d4e5f6g7h8i9j0",
)
_STAND_FOR = str.maketrans("@4301!5$7+", "aaeoiissTt".lower())


def is_easy(password: str) -> bool:
    """Whether guessers try this early: it is on the list, is one short piece over and over, or a row of keys or letters."""
    bare = bare_of(password)
    plain = password.casefold()
    again = [plain, bare] if len(bare) >= SHORTEST else [plain]
    return bare in listed() or any(_is_one_piece(text) for text in again) or _is_row(plain)


@lru_cache
def listed() -> frozenset[str]:
    """The list, bare: at least twelve letters and digits each before they were made bare."""
    words = sorted(set(_WORDS.split()))
    tails = ["", *sorted(set(_TAILS.split()))]
    made = {word + tail for word, tail in itertools.product(words, tails)}
    made |= {tail + word for word, tail in itertools.product(words, tails)}
    made |= {word * times + tail for word in words for times in (2, 3) for tail in tails}
    return frozenset(bare_of(one) for one in made if len(one) >= SHORTEST)


def bare_of(password: str) -> str:
    """Small letters and digits alone, signs that stand for letters turned into them."""
    return re.sub(r"[\W_]", "", password.casefold().translate(_STAND_FOR))


def _is_one_piece(text: str) -> bool:
    """Whether it is a piece of up to five signs over and over, such as “abcabcabcabc”; the end may be cut."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 6))


def _is_row(text: str) -> bool:
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    return any(text in row + row for row in rows)
