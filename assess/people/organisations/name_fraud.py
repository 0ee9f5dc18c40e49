"""Names that would make a fraud of our own emails: with a number to ring, a place to go, something to pay, or a sentence of their own.

A name somebody chose goes out to people who do not know them, under our name and from our mail server.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from assess.people.organisations.alike import words_of
from assess.people.organisations.as_seen import as_seen

MOST_DIGITS = 3
"""In a row, whatever stands between them: “Route 66”, “24-7”."""
MOST_DIGITS_IN_ALL = 6
NUMBER = "Enter the name with at most 3 digits in a row, also in words. It goes out in emails, where people take a long number for a telephone number."
ADDRESS = "Enter the name without a web or email address. It goes out in emails."
STATEMENT = "Enter the name alone: no sentence, and no words like “confirmed” or “checked”. We say beside it whether it is confirmed."
PAYMENT = "Enter the name without amounts, and with one word about payments at most. It goes out in emails, where more would look like a fraud."

_ENDINGS = (
    "com|net|org|info|biz|co|gov|ac|nhs|police|ltd|plc|app|cc|click|cloud|dev|eu|example|help|io|link|live|london|me|money|mobi|name|"
    "online|page|pay|pro|sch|scot|shop|site|store|tel|top|tv|uk|us|wales|cymru|web|website|work|world|xyz|icu|vip|support|services"
)
"""What mail programs and people take for the end of a web address."""
_LEADS_AWAY = re.compile(
    rf"@|://|\bhttps?\b|\bwww\b|[\[({{]\s*(?:at|dot|\.)\s*[\])}}]"
    rf"|(?<![^\W_])[\w-]+\.(?:{_ENDINGS})\b|\w[\w-]+\.[a-z]{{2}}\b"
    rf"|\s\.\s*(?:{_ENDINGS})\b|\.\s+(?:com|net|org)\b"
    r"|\bd[o0]t\W*(?:com|net|org|gov|info|biz|co\W+(?:d[o0]t\W+)?uk)\b",
    re.IGNORECASE,
)
_LIKE_DIGITS = frozenset("OoIlQ|")
_ONE_NUMBER = re.compile(rf"(?:\d[\W_]*){{{MOST_DIGITS + 1}}}")
_TOKENS = re.compile(r"[^\W_]+")
_NUMBER_WORDS = frozenset(
    [
        "zero",
        "oh",
        "nought",
        "naught",
        "nil",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fourty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "double",
        "triple",
        "treble",
    ]
)
_PAYMENTS = {
    word: stem
    for stem in (
        "pay pays paid paying payable payment payments", "bank banks", "account accounts", "invoice invoices", "sortcode sort-code",
        "fee fees", "fine fines", "penalty penalties", "refund refunds", "voucher vouchers", "giftcard giftcards gift-card gift-cards",
        "transfer transfers", "iban", "pounds gbp quid sterling euro euros dollars bitcoin bitcoins crypto",
    )
    for word in stem.split()
}  # fmt: skip
_CONFIRMED = ("confirm", "confirms", "confirmed", "verify", "verified", "checked")
_STOPS = str.maketrans("。․", "..")
_SENTENCE_ENDS = re.compile(r"([^\W_]{3,})['’)\]]*[.]+[)\]]*\s+(?=[\W_]*\w)")
_SHORTENED = frozenset([
    "assoc", "bldg", "bros", "capt", "col", "dept", "est", "hon", "inc", "ltd", "messrs", "mrs", "plc", "prof", "rev", "sgt",
])  # fmt: skip
"""Words after which a full stop ends no sentence, beside all of one or two letters: “St. Mary’s”, “J. R. Hill & Co. UK Ltd”."""
_CURRENCY = re.compile(r"[£€]|\$(?=\s*\d)")


def fault_in(name: str) -> str | None:
    """Why an organisation may not be called so; None: it may. The sentence is for whoever typed it."""
    plain = as_seen(name)
    if reads_as_address(plain):
        return ADDRESS
    if _has_number(plain):
        return NUMBER
    if _asks_for_money(name, plain):
        return PAYMENT
    return STATEMENT if _says_something(name) else None


def reads_as_address(plain: str) -> bool:
    """Whether somebody, or a mail program, takes a part of this text for a web or email address. `plain`: as it is seen."""
    return _LEADS_AWAY.search(plain) is not None


def _says_something(name: str) -> bool:
    """Whether it goes on after the end of a sentence, or says itself that it was confirmed."""
    ends = _SENTENCE_ENDS.finditer(unicodedata.normalize("NFKC", name).translate(_STOPS))
    says = {"".join(words_of(word)) for word in _CONFIRMED}
    return any(end[1].casefold() not in _SHORTENED for end in ends) or not says.isdisjoint(words_of(name, whole=True))


def _has_number(plain: str) -> bool:
    digits = sum(one.isdigit() for one in plain)
    if digits > MOST_DIGITS_IN_ALL or _ONE_NUMBER.search(plain):
        return True
    return any(length > MOST_DIGITS for length in _runs(plain.replace("|", "l")))


def _runs(plain: str) -> Iterator[int]:
    """How many digits stand one after the other, letters that look like one and words for numbers among them."""
    length, surely = 0, False
    for token in [*_TOKENS.findall(plain), ""]:
        number = token.casefold() in _NUMBER_WORDS
        if token and (number or all(one.isdigit() or one in _LIKE_DIGITS for one in token)):
            length += 1 if number else len(token)
            surely = surely or number or any(map(str.isdigit, token))
        else:
            if surely:
                yield length
            length, surely = 0, False


def _asks_for_money(name: str, plain: str) -> bool:
    known = {"".join(words_of(word)): stem for word, stem in _PAYMENTS.items()}
    words = words_of(name, whole=True)
    together = [first + second for first, second in pairwise(words)]
    found = {known[word] for word in (*words, *together) if word in known}
    signs = len(set(_CURRENCY.findall(plain)))
    return len(found) + signs > 1 or (bool(found or signs) and any(map(str.isdigit, plain)))
