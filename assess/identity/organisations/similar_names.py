"""Finds names that look alike: folding of look-alike letters, edit distance, initials and reserved words."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from assess.core.forms.fields import BLANK_LETTERS

MIN_FUZZY_LENGTH = 8
"""Characters from which on a name may differ in a few and is still taken for the other one."""
MAX_EDITS = 2
CACHE_SIZE = 10_000
"""Names whose forms are kept: they are asked for on each page of the list of names, and come of the name alone."""
MIN_INITIALS = 3
MIN_RESERVED_WITHIN = 6
"""Characters from which on a reserved word is seen inside of another word."""

RESERVED_WORDS = (
    "council", "police and crime", "police", "constabulary", "nhs", "ambulance", "fire and rescue", "hmrc", "revenue", "home office",
    "ministry", "trading standards", "government", "authority", "tribunal", "court", "courts", "helpline",
)  # fmt: skip
"""Words of a name that make people do what it asks."""

_LEGAL_FORMS = (
    "public limited company", "community interest company", "limited liability partnership", "private limited company",
    "cwmni cyfyngedig cyhoeddus", "limited", "ltd", "plc", "llp", "lp", "cic", "cio", "cyf", "cyfyngedig", "ccc", "cbc",
    "inc", "incorporated", "llc", "gmbh",
)  # fmt: skip

LOOKALIKE_LETTERS = {
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

_LOOKS_LIKE = LOOKALIKE_LETTERS | {
    # letters that look like digits, then digits and signs read as letters
    "з": "3", "б": "6",
    "0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "3": "e", "4": "a", "5": "s", "6": "b", "8": "b", "$": "s", "@": "a",
}  # fmt: skip
_LETTER_PAIRS = (("rn", "m"), ("vv", "w"))
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_EAST_ASIAN_SCRIPTS = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})


def mixes_scripts(name: str) -> bool:
    """Whether a word of it has letters of two alphabets, as only a person writes who wants to look like another."""
    words = unicodedata.normalize("NFKC", name).split()
    return any(len({_script(sign) for sign in word if sign.isalpha()} - {""}) > 1 for word in words)


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "?").partition(" ")[0]
    # these go with every alphabet
    return "" if first in {"MODIFIER", "COMBINING"} else "EAST" if first in _EAST_ASIAN_SCRIPTS else first


def comparable_words(name: str, *, whole: bool = False) -> tuple[str, ...]:
    """The words that carry the name, in the form in which they are compared. All of them when none would be left.

    What stands in brackets is left out, unless it is the `whole` name that is wanted.
    """
    plain = unicodedata.normalize("NFKC", name).replace("&", " and ")
    bare = _split_words(plain if whole else _BRACKETS.sub(" ", plain))
    # as written, since the form for comparing makes "limited" into another word
    kept = [word for word in bare if word not in {"the", "and", "a"}]
    text = f" {' '.join(kept)} "
    for form in _LEGAL_FORMS:
        text = text.replace(f" {_fold_letters(form)} ", " ")
    return tuple(text.split()) or tuple(bare) or tuple(_split_words(plain))


def compact_name(name: str, *, whole: bool = False) -> str:
    """The same without spaces."""
    return "".join(comparable_words(name, whole=whole))


@lru_cache(maxsize=CACHE_SIZE)
def comparable_forms(name: str) -> frozenset[str]:
    """What of a name is compared: it without spaces, with what stands in brackets and without it. Empty when nothing is left."""
    return frozenset({compact_name(name), compact_name(name, whole=True)} - {""})


def are_nearly_equal(first: str, second: str) -> bool:
    if first == second:
        return True
    return min(len(first), len(second)) >= MIN_FUZZY_LENGTH and _edit_distance(first, second) <= MAX_EDITS


def has_initials_of(name: str, body: str) -> bool:
    """Whether the name is, or begins its words with, the initials of this public body."""
    return bool(_initials_of(body) & _short_forms(name))


@lru_cache(maxsize=CACHE_SIZE)
def _initials_of(body: str) -> frozenset[str]:
    """The initials of a public body, if they are enough to know it by."""
    theirs = "".join(word[0] for word in comparable_words(body))
    return frozenset({theirs} if len(theirs) >= MIN_INITIALS else ())


@lru_cache(maxsize=CACHE_SIZE)
def _short_forms(name: str) -> frozenset[str]:
    found = set()
    for whole in (False, True):
        words = comparable_words(name, whole=whole)
        found |= {"".join(word[0] for word in words), "".join(words), words[0] if words else ""}
    return frozenset(found)


def reserved_word_in(name: str, more: Iterable[str] = ()) -> str | None:
    """The first reserved word that the name holds; `more` are names of this service and of who runs it."""
    texts = comparable_forms(name)
    words = {*comparable_words(name), *comparable_words(name, whole=True)}
    for word in RESERVED_WORDS:
        short = _compact_reserved(word)
        if short in words or (len(short) >= MIN_RESERVED_WITHIN and any(short in text for text in texts)):
            return word
    return next(
        (own for own in more if _compact_reserved(own) and any(_compact_reserved(own) in text for text in texts)), None
    )


@cache
def _compact_reserved(word: str) -> str:
    return compact_name(word)


def _split_words(text: str) -> list[str]:
    """In the form for comparing, split at whatever is no letter or digit. An apostrophe or a dot joins: “Tesco’s”, “N.H.S.”.

    So does nothing but spaces between single letters: “N H S”.
    """
    joined = re.sub(r"(?<=\w)['’.`](?=\w)|(?<=\b\w)\.", "", text)
    words = [word for word in re.split(r"[^\w$@|!]+|_+", _fold_letters(joined)) if word]
    found: list[str] = []
    after_single = False
    for word in words:
        single = len(word) == 1
        if single and after_single:
            found[-1] += word
        else:
            found.append(word)
        after_single = single
    return found


def _fold_letters(text: str) -> str:
    """Without capitals and accents, each letter as the Latin one that it looks like."""
    shown = "".join(_LOOKS_LIKE.get(sign, sign) if sign.isupper() else sign for sign in text)
    small = unicodedata.normalize("NFKD", shown.casefold())
    bare = "".join(sign for sign in small if not unicodedata.combining(sign))
    found = "".join(_LOOKS_LIKE.get(_LOOKS_LIKE.get(sign, sign), _LOOKS_LIKE.get(sign, sign)) for sign in bare)
    for pair, one in _LETTER_PAIRS:
        found = found.replace(pair, one)
    return found


def _edit_distance(one: str, other: str) -> int:
    """How many letters are put in, left out, changed or swapped between them; more than allowed is any number above that.

    Only places that lie no further apart than that are compared.
    """
    far = MAX_EDITS + 1
    if abs(len(one) - len(other)) > MAX_EDITS:
        return far
    # the two rows before the one at hand, of the places near the diagonal; all others are too far
    before: dict[int, int] = {}
    row = {at: at for at in range(min(len(other), MAX_EDITS) + 1)}
    for place, letter in enumerate(one, 1):
        before, above, row = row, before, {}
        for at in range(max(0, place - MAX_EDITS), min(len(other), place + MAX_EDITS) + 1):
            cost = min(before.get(at, far), row.get(at - 1, far)) + 1
            if at:
                cost = min(cost, before.get(at - 1, far) + (letter != other[at - 1]))
                # two neighbours swapped count once
                if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == other[at - 1]:
                    cost = min(cost, above.get(at - 2, far) + 1)
            row[at] = cost
        if min(row.values()) > MAX_EDITS:  # it can only grow
            return far
    return row[len(other)]


MAX_COMPARED = 5000
"""Pairs compared letter by letter for one page: about a second in the worst case."""
_PARITY_BITS = 61


class SimilarNameIndex:
    def __init__(self, names: Sequence[str]) -> None:
        self._same: dict[str, set[int]] = defaultdict(set)
        self._by_length: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
        self._bare: dict[str, set[int]] = defaultdict(set)
        self.compared = 0
        for place, name in enumerate(names):
            forms = comparable_forms(name)
            if not forms:
                self._bare[name.casefold()].add(place)
            for form in forms:
                self._same[form].add(place)
                if len(form) >= MIN_FUZZY_LENGTH:
                    self._by_length[len(form)].append((_letter_parity(form), form, place))

    def alike(self, name: str) -> set[int]:
        """The places of all names that a reader could take for this one, its own among them."""
        forms = comparable_forms(name)
        found = set(self._bare.get(name.casefold(), ())) if not forms else set()
        for form in forms:
            found |= self._same.get(form, set())
            if len(form) >= MIN_FUZZY_LENGTH:
                found |= self._near(form, found)
        return found

    def _near(self, form: str, known: set[int]) -> set[int]:
        found: set[int] = set()
        letters = _letter_parity(form)
        for length in range(len(form) - MAX_EDITS, len(form) + MAX_EDITS + 1):
            for others, other, place in self._by_length.get(length, ()):
                # each change makes the number of at most two letters odd or even
                if (letters ^ others).bit_count() > 2 * MAX_EDITS or place in known or place in found:
                    continue
                self.compared += 1
                # beyond the limit all count as alike: a person looks, and none is missed
                if self.compared > MAX_COMPARED or are_nearly_equal(form, other):
                    found.add(place)
        return found


def _letter_parity(form: str) -> int:
    """Which letters stand in it an odd number of times, each as a bit."""
    bits = 0
    for letter in form:
        bits ^= 1 << ord(letter) % _PARITY_BITS
    return bits


_DOTS = str.maketrans(dict.fromkeys("。．｡․‧∙•・·⁚⸱⸳ꞏ։۔﹒", "."))
_MAX_LETTER_DIGIT = 9
"""Letters that are numbers of one digit, such as 〇 and 一, read as digits; those of more are words."""


def has_invisible(text: str) -> bool:
    """Whether something in it cannot be seen, such as a letter that is a blank or a sign that turns the line around."""
    return not text.isprintable() or not BLANK_LETTERS.isdisjoint(text)


def visible_text(text: str) -> str:
    """The text as a reader sees it, accents left out. Letters and digits of ours stay as they are."""
    return "".join(
        _plain_letter(one)
        for one in unicodedata.normalize("NFKD", "".join(map(_plain_digit, text.translate(_DOTS))))
        if unicodedata.category(one) not in {"Mn", "Me", "Cf"} and one not in BLANK_LETTERS
    )


def _plain_digit(sign: str) -> str:
    """A sign that is a whole number, in our digits: ٣, ①, Ⅳ, 〇."""
    if sign.isascii():
        return sign
    value = unicodedata.numeric(sign, -1)
    whole = value >= 0 and value == int(value)
    is_one = whole and (not sign.isalpha() or value <= _MAX_LETTER_DIGIT or unicodedata.category(sign) == "Nl")
    return str(int(value)) if is_one else sign


def _plain_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    return LOOKALIKE_LETTERS.get(letter) or LOOKALIKE_LETTERS.get(letter.casefold(), letter)
