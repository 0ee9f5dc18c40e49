"""A text as somebody sees it: each letter, digit and dot as the plain one that it looks like, and nothing that cannot be seen."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Fillers and blanks that count as letters or signs. The others that cannot be seen are no printable characters."""

_DOTS = str.maketrans(dict.fromkeys("。．｡․‧∙•・·⁚⸱⸳ꞏ։۔﹒", "."))
_MOST_OF_LETTERS = 9
"""Letters that are numbers of one digit, such as 〇 and 一, read as digits; those of more are words."""

LETTERS = {
    # Cyrillic
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ғ": "f", "ԍ": "g", "һ": "h", "н": "h", "і": "i", "ј": "j", "к": "k",
    "ӏ": "l", "м": "m", "п": "n", "о": "o", "р": "p", "ԛ": "q", "г": "r", "ѕ": "s", "т": "t", "ц": "u", "у": "y", "ү": "y",
    "ѵ": "v", "ԝ": "w", "ш": "w", "х": "x", "ь": "b", "є": "e", "ɡ": "g",
    # Greek
    "α": "a", "β": "b", "ϲ": "c", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o", "ρ": "p", "σ": "o",
    "ς": "c", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ω": "w", "ζ": "z",
    # Latin
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ƒ": "f", "ɑ": "a", "æ": "ae", "œ": "oe", "þ": "p", "ð": "d",
    # Latin letters that are small capitals
    "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k", "ʟ": "l",
    "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ꞯ": "q", "ʀ": "r", "ꜱ": "s", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y",
    "ᴢ": "z",
    # capitals of other alphabets that their small letters do not look like
    "Α": "a", "Β": "b", "Ε": "e", "Ζ": "z", "Η": "h", "Ι": "l", "Κ": "k", "Μ": "m", "Ν": "n", "Ο": "o", "Ρ": "p", "Τ": "t",
    "Υ": "y", "Χ": "x",
}  # fmt: skip
"""Letters that look like one of a to z, which no normal form brings together."""


def has_unseen(text: str) -> bool:
    """Whether something in it cannot be seen, such as a letter that is a blank or a sign that turns the line around."""
    return not text.isprintable() or not _UNSEEN.isdisjoint(text)


def as_seen(text: str) -> str:
    """The text as somebody sees it, accents left out. Letters and digits of ours stay as they are."""
    numbers = "".join(map(_number, text.translate(_DOTS)))
    return "".join(
        _letter(one)
        for one in unicodedata.normalize("NFKD", numbers)
        if unicodedata.category(one) not in {"Mn", "Me", "Cf"} and one not in _UNSEEN
    )


def _number(sign: str) -> str:
    """A sign that is a whole number, in our digits: ٣, ①, Ⅳ, 〇."""
    if sign.isascii():
        return sign
    value = unicodedata.numeric(sign, -1)
    whole = value >= 0 and value == int(value)
    is_one = whole and (not sign.isalpha() or value <= _MOST_OF_LETTERS or unicodedata.category(sign) == "Nl")
    return str(int(value)) if is_one else sign


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    return LETTERS.get(letter) or LETTERS.get(letter.casefold(), letter)
