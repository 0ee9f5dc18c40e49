"""The buyer's own sentence in a letter, read: one line, no address, no numbers, no quotation marks, nothing to pay or to hand over.

No database, no clock.

It goes to strangers under our name, so it must not lead them elsewhere, nor look like a part of the letter that we wrote.
"""

from __future__ import annotations

import re
import unicodedata

from assess.people.organisations.alike import mixes_scripts, words_of
from assess.people.organisations.as_seen import as_seen, has_unseen
from assess.people.organisations.name_fraud import reads_as_address
from assess.suppliers.models import LONGEST_MESSAGE

NO_ADDRESS = "Leave web and email addresses out of your message. The letter has its own link."
NO_NUMBERS = "Leave numbers and payments out: your supplier could not tell it from a fraud."
NO_QUOTES = "Leave quotation marks out of your message. The letter puts them around all that you write."
NOTHING_HANDED_OVER = "Leave email, other ways to write back, cash and passports out of your message. Your supplier answers on the page that the letter leads to."
MIXED = "Write each word of your message in letters of one alphabet."
UNSEEN = "Leave signs that cannot be seen out of your message. Type it anew instead of copying it."
MOST_DIGITS = 4
"""Digits in all that may stand: a year does, a telephone number or a sort code never."""
MOST_NUMBERS = 5
"""Digits and words for numbers in all."""

_DOT = r"[.]"
"""Every kind of dot is made this one before."""
_ENDINGS = "app|biz|cc|click|com|co|eu|example|fm|gl|gov|info|io|link|live|ltd|ly|me|net|online|org|page|shop|site|so|top|uk|xyz"
"""With one of these, “dot” or a gap beside the dot still reads as a name."""
_JOINED = rf"[^\W_]{_DOT}(?:[^\W\d]\w+|xn--)"
"""Two words with a dot between: mail programs make a link of it. Neither “9.30” nor “e.g.” is one."""
_LEADS_AWAY = re.compile(
    rf"@|://|\bwww\.|{_JOINED}|\w\W{{0,3}}\bdot\W{{1,3}}(?:{_ENDINGS})\b|\w\s+{_DOT}\s*(?:{_ENDINGS})\b|\w{_DOT}\s+com\b"
    rf"|\w,(?:{_ENDINGS})\b|\bslash\b|\w\W+(?:d[o0]t|point)\W+(?:com|net|org|uk|info)\b",
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
_COUNTED = frozenset([
    "zero", "nought", "naught", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fourty", "fifty", "sixty",
    "seventy", "eighty", "ninety", "hundred", "thousand",
])  # fmt: skip
_COUNTED_BESIDE = frozenset({"one", "o", "oh", "nil", "double", "triple", "treble"})
_PAYMENTS = re.compile(
    r"[£€$]|\b(?:bank\w*|accounts?|payments?|invoic\w*|passwords?|sort\W{0,3}codes?|iban|bacs|pass\W{0,3}words?|pay|pays|paid|paying|"
    r"payable|payee|fees?|vouchers?|gift\W{0,3}cards?|transfer\w*|pounds?|fine|fines|fined|penalt(?:y|ies)|refund\w*|codes?)\b",
    re.IGNORECASE,
)
_PAYS = frozenset("".join(words_of(word)) for word in (
    "pay", "pays", "paid", "paying", "bank", "banks", "account", "accounts", "payment", "payments", "fee", "fees", "fine", "fines",
))  # fmt: skip
"""Words about payments as names are compared: with digits for letters, or with gaps between."""
_HANDED_OVER = re.compile(
    r"\b(?:cash|bitcoins?|crypto\w*|passports?|(?:id|identity)\W{1,3}(?:cards?|documents?|papers)|whatsapp|telegram|sms|e\W?mail)\b|\b(?:e\W?mail(?:s|ed|ing)|"
    r"reply(?:ing)?\W+(?:to|with)|text\W+\w+\W+to\W+\w*\d)",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"[\"“”„‟«»‹›❝❞❠〝〞〟「」『』ʺ˝″]|['’‘‚‛′`´,ʹ]{2}|(?:^|\W)‘|\N{SINGLE LOW-9 QUOTATION MARK}")


def read_message(typed: str) -> tuple[str, str | None]:
    """The sentence as it goes into the letter, and what is wrong with it; None: nothing."""
    message = " ".join(typed.split())
    if len(message) > LONGEST_MESSAGE:
        return "", f"Your message has {len(message):,} characters. Write it in {LONGEST_MESSAGE:,} or fewer."
    return ("", fault) if (fault := _fault_in(message)) else (message, None)


def has_numbers(text: str) -> bool:
    """Whether it holds what could be a telephone number or an account.

    Five digits in all, five words for numbers in a row, or six digits and such words in all, whatever stands between them.
    """
    plain = as_seen(text)
    digits = _digits_in(plain)
    return digits > MOST_DIGITS or _NUMBER_WORDS.search(plain) is not None or digits + _words_in(plain) > MOST_NUMBERS


def leads_away(text: str) -> bool:
    """Whether a mail program or somebody who reads it would make an address of something in it."""
    plain = as_seen(text)
    return bool(_LEADS_AWAY.search(plain)) or reads_as_address(plain)


def _fault_in(message: str) -> str | None:
    plain = as_seen(message)
    if has_unseen(message):
        return UNSEEN
    if mixes_scripts(message):
        return MIXED
    if leads_away(message):
        return NO_ADDRESS
    if has_numbers(message) or _PAYMENTS.search(plain) or not _PAYS.isdisjoint(words_of(message, whole=True)):
        return NO_NUMBERS
    if _HANDED_OVER.search(plain):
        return NOTHING_HANDED_OVER
    return NO_QUOTES if _QUOTES.search(unicodedata.normalize("NFKC", message)) or _QUOTES.search(message) else None


def _words_in(plain: str) -> int:
    """How many words for numbers stand in it. “One” and the like count only beside another number: they have other meanings."""
    words = [word.casefold() for word in _TOKEN.findall(plain)]
    is_number = [word in _COUNTED or word.isdigit() for word in words]
    found = 0
    for place, word in enumerate(words):
        near = is_number[max(place - 2, 0) : place] + is_number[place + 1 : place + 3]
        found += word in _COUNTED or (word in _COUNTED_BESIDE and any(near))
    return found


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
