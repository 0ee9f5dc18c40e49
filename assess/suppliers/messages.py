"""The buyer's own sentence in a letter, read: one line, no address of a site, no numbers and nothing about payments. No database, no clock.

It goes to strangers under our name, so it must not lead them elsewhere, nor look like a part of the letter that we wrote.
"""

from __future__ import annotations

import re
import unicodedata

from assess.suppliers.models import LONGEST_MESSAGE

NO_ADDRESS = "Leave web and email addresses out of your message. The letter has its own link."
NO_NUMBERS = "Leave numbers and payments out: your supplier could not tell it from a fraud."
MOST_DIGITS = 4
"""Digits in all that may stand: a year does, a telephone number or a sort code never."""

_DOT = r"[.\N{IDEOGRAPHIC FULL STOP}]"
"""The dots that browsers take between the parts of a name; the others are made one of these before."""
_ENDINGS = "app|biz|cc|click|com|co|eu|example|fm|gl|gov|info|io|link|live|ltd|ly|me|net|online|org|page|shop|site|so|top|uk|xyz"
"""With one of these, “dot” or a gap beside the dot still reads as a name."""
_JOINED = rf"[^\W_]{_DOT}(?:[^\W\d]\w+|xn--)"
"""Two words with a dot between: mail programs make a link of it. Neither “9.30” nor “e.g.” is one."""
_LEADS_AWAY = re.compile(
    rf"@|://|\bwww\.|{_JOINED}|\w\W{{0,3}}\bdot\W{{1,3}}(?:{_ENDINGS})\b|\w\s+{_DOT}\s*(?:{_ENDINGS})\b|\w{_DOT}\s+com\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\w+")
_WRITTEN_DIGITS = re.compile(r"[0-9oli]*[0-9][0-9oli]*", re.IGNORECASE)
_READ_AS_DIGITS = re.compile(r"[oli]+", re.IGNORECASE)
_NUMBER_WORD = (
    "zero|oh|o|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|double|"
    r"triple|treble|\d+"
)
_NUMBER_WORDS = re.compile(rf"(?:\b(?:{_NUMBER_WORD})\b[^\w]*(?:\band\b[^\w]*)?){{{MOST_DIGITS + 1}}}", re.IGNORECASE)
_PAYMENTS = re.compile(
    r"[£€$]|\b(?:bank\w*|accounts?|payments?|invoic\w*|passwords?|sort\W{0,3}codes?|iban|bacs|pass\W{0,3}words?|pay|pays|paid|paying|"
    r"payable|payee|fees?|vouchers?|gift\W{0,3}cards?|transfer\w*|pounds?|fine|fines|fined|penalt(?:y|ies)|refund\w*|codes?)\b",
    re.IGNORECASE,
)
_LOOK_ALIKES = str.maketrans("аеіоорсухѕԁɡӏıΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορυνκι", "aeioopcyxsdgliABEZHIKMNOPTYXaopuvki")
"""Letters of other scripts that read as ours, so that “bаnk” is “bank”."""


def read_message(typed: str) -> tuple[str, str | None]:
    """The sentence as it goes into the letter, and what is wrong with it; None: nothing."""
    message = " ".join(typed.split())
    if len(message) > LONGEST_MESSAGE:
        return "", f"Your message has {len(message):,} characters. Write it in {LONGEST_MESSAGE:,} or fewer."
    plain = _as_read(message)
    if not message.isprintable() or _LEADS_AWAY.search(plain):
        return "", NO_ADDRESS
    return ("", NO_NUMBERS) if has_numbers(message) or _PAYMENTS.search(plain) else (message, None)


def has_numbers(text: str) -> bool:
    """Whether it holds what could be a telephone number or an account: five digits in all, or five words for numbers in a row."""
    plain = _as_read(text)
    return _digits_in(plain) > MOST_DIGITS or _NUMBER_WORDS.search(plain) is not None


def leads_away(text: str) -> bool:
    """Whether a mail program would make a link of something in it."""
    return bool(_LEADS_AWAY.search(_as_read(text)))


def _digits_in(plain: str) -> int:
    """How many digits somebody reads: O, l and I are some beside a digit, or as a word of their own beside such a word."""
    words = _TOKEN.findall(plain)
    found = [sum(map(len, _WRITTEN_DIGITS.findall(word))) for word in words]
    for places in (range(len(words)), reversed(range(len(words)))):
        for place in places:
            beside = found[max(place - 1, 0) : place + 2]
            # “I” and “ill” are words of ours
            if _READ_AS_DIGITS.fullmatch(words[place]) and words[place].casefold() not in {"i", "ill", "oil", "lol"}:
                found[place] = found[place] or (len(words[place]) if any(beside) else 0)
    return sum(found)


def _as_read(text: str) -> str:
    """The text as somebody reads it: every kind of letter and digit as the plain one, accents and what cannot be seen left out."""
    taken_apart = unicodedata.normalize("NFKD", text).translate(_LOOK_ALIKES)
    return "".join(
        str(unicodedata.digit(one)) if one.isdigit() else one
        for one in taken_apart
        if not unicodedata.combining(one) and unicodedata.category(one) != "Cf"
    )
