"""Names of persons in a text: many weak signs that are added up, word by word.

A word of the list of names, a capital letter in the middle of a sentence, a title, “called”, “his wife”, a verb that only persons do,
an age behind it: none decides alone, several do. What stands in the name of a firm, a street, a plant or a law counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assess.assessments.careful.english import is_english
from assess.assessments.careful.everyday import TRADE_WORDS, listed
from assess.assessments.careful.goods import MAKERS, PLACES, has_goods, is_dealt_with
from assess.assessments.careful.names import ALSO_WORDS, FAMILY, GIVEN, folded
from assess.assessments.careful.vocabulary import (
    BRANDS,
    DEEDS_OF_WORDS,
    EVERYDAY,
    FIRM_WORDS,
    FROM_ABROAD,
    NAMING,
    OF_ONE_PERSON,
    PLACE_WORDS,
    PLAIN_DEEDS,
    SEASONS,
    SPEAKING,
    STRONG_DEEDS,
    TITLES,
    TRADES,
    WEAK_DEEDS,
    WHO,
)

ENOUGH = 0.89
_NO_NAMES = EVERYDAY | TRADE_WORDS | MAKERS | PLACES
_TITLE_AND_LETTER = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mister|Auntie|Uncle)\.? [A-Z]\b(?!\w)")
_HINT = re.compile(
    r"\b(?:he|she|him|his|her|hes|shes|himself|herself|girls?|boys?|lads?|lass|kids?|woman|couple|brothers|sisters|cousins?|baby|pregnan\w*|asylum|refugee|papers|passport|visa|bruis\w*|hospital|owes?|debts?|"
    r"sick|ill|injur\w*|scared|afraid|crying|sleeps?|lives|phone|mobile|complain\w*|interview\w*|payslips?|wages|overtime|trial|shifts?|nights|cash|re|bed|room|caravan)\b",
    re.IGNORECASE,
)

_TOKEN = re.compile(r"[^\W\d_]+(?:[’'`-][^\W\d_]+)*\.?|\d+|[^\w\s]")
_ENDINGS = re.compile(
    r"(?:escu|eanu|oiu|ov|ova|ev|eva|ski|ska|sky|cki|cka|wicz|enko|chuk|iene|aite|yte|auskas|evicius|unas|oglu|shvili|dze|yan|nko|vych|vic|vich|czyk|ics|ulos|idis|aru|aru|"
    r"zadeh|pour|zai|wala|inder|preet|jit|deep|bek|zhan|jon|llari|aj)\Z"
)
_AGE = re.compile(
    r"\s*(?:[,(–-]+\s*|(?:is|aged?|was|only|just|she is|he is) )(?:is |aged? |only |just |nearly |about )*(?:1[2-9]|[2-7]\d)(?:\)|\b)(?![\d./%-]*\d| ?(?:hours|beds|£|pm|am|people|workers|weeks|days))"
)
_KIN = listed(
    """
    agency bank bar bed beds brothers care cash cleaning clinic court cream cut daughters drinks farm
    feeds fish gloves green hall heating hire hospital hotel house kitchen labour law market office partner
    partners parts plants police print prints pub school shop shops skip son sons staff stores surgery
    trust wash washes will works
    """
)
"""Part of the name of a firm only where it is written with a capital."""
_DID = re.compile(
    r"(?:[a-z]{3,}ed|can|can[’']?t|cant|wont|won[’']t|dont|don[’']t|got|gets|been|fell|felt|held|hid|led|lied|lost|met|read|sat|slept|stole|stood|swore|threw|woke|wore|wrote|began|bought|broke|built|caught|cut|drank|ate|fed|found|fought|forgot|hung|hurt|made|ran|saw|sent|shook|shut|sold|spent|spoke|stuck|taught|thought|understood|won)\Z"
)
"""A deed behind a word that stands in no list."""
_AT_A_PLACE = frozenset({"in", "at", "near", "around", "outside"})
"""Before a capital these speak for a place."""
_SMALL_WORDS = frozenset({"my", "an", "man", "so", "do", "as", "ref"})
"""Names that are too small words to be one where a sentence begins or in small letters."""
_OWED = listed(
    """
    absent complaints days holidays interviews late leavers missing new nights off owed owing paid rent rooms
    short sick starters unpaid
    """
)
_SO_MUCH = re.compile(
    r"(?:[£$€] )?\d+ ?(?:x )?(?:wks?|weeks?|hrs?|hours|days?|nights?|shifts?|short|quid|pounds|months?|payslips?)\b|\d+ ?(?:,|\Z)"
)
"""Hours, days or pounds behind a name, as in a list of what is owed."""
_THEY_DO = listed(
    """
    are both came do get have live need never not owe pay say share sleep start
    still want were work
    """
)
"""Behind two capitals and “&” these speak for two people rather than a firm."""
_AND = frozenset({"and", "&", ",", "/", "or", "plus", "with", "+", "n", "und", "si", "i"})


@dataclass(slots=True)
class Word:
    """One word of the text: as typed, folded, where it ends, and what speaks for it."""

    text: str
    low: str
    end: int
    starts: bool
    dotted: bool = False
    weight: float = 0.0
    context: float = 0.0

    @property
    def capital(self) -> bool:
        """Whether it is written as names are: a capital and small letters behind."""
        return self.text[:1].isupper() and not (len(self.text) > 1 and self.text.isupper())

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.text[:1].isalpha()


def names_somebody(text: str) -> bool:
    """Whether the text seems to name a person."""
    shouting = sum(letter.isupper() for letter in text) > sum(letter.islower() for letter in text)
    plain = text.lower() if shouting else text
    words = _words(BRANDS.sub(lambda found: "," + " " * (len(found.group()) - 1), plain))
    firm = _in_firms(words)
    without_capitals = plain == plain.lower()
    for place, word in enumerate(words):
        if word.is_word and not firm[place]:
            word.weight = _by_itself(word, without_capitals=without_capitals)
    if _TITLE_AND_LETTER.search(plain):
        return True
    hint = 0.2 if _HINT.search(plain) else 0.0
    goods = not hint and has_goods(frozenset(word.low for word in words))
    for place, word in enumerate(words):
        if word.weight:
            word.context = _around(words, place, plain) + hint - (_as_a_firm(words, place) if goods else 0.0)
    return any(word.weight + word.context >= ENOUGH for word in words if word.weight)


def _as_a_firm(words: Sequence[Word], place: int) -> float:
    """What is taken off where goods are spoken of and the word stands where those who sell them stand."""
    before = [one.low for one in words[max(0, place - 6) : place]]
    behind = [one.low for one in words[place + 1 : place + 4]]
    if before and before[-1] in {"called", "named"}:
        return 0.0
    return 0.6 if is_dealt_with(before, behind) else 0.0


def _words(text: str) -> list[Word]:
    words: list[Word] = []
    starts = True
    for found in _TOKEN.finditer(text):
        typed = found.group()
        bare = re.sub(r"(?:[’'`]s|[’'`]|\.)\Z", "", typed) or typed
        words.append(Word(bare, folded(bare), found.end(), starts, typed.endswith(".")))
        starts = typed in {".", "!", "?", ":", ";", "•", "(", "“", '"'} or (typed.endswith(".") and len(bare) > 2)  # noqa: PLR2004 - an initial ends no sentence
        if starts is False and typed in {"-", "–", "—"}:
            starts = True
    return words


def _in_firms(words: Sequence[Word]) -> list[bool]:
    """For each word whether it belongs to the name of a firm, a street or another thing: a run of capitals with a telling word in it."""
    inside = [False] * len(words)
    place = 0
    while place < len(words):
        run = place
        while run < len(words) and (
            (words[run].is_word and words[run].text[:1].isupper())
            or (
                run > place
                and words[run].low in {"&", "and", "of", "the", "-", "+"}
                and run + 1 < len(words)
                and words[run + 1].text[:1].isupper()
            )
        ):
            run += 1
        after = words[run].low if run < len(words) else ""
        lows = {word.low for word in words[place:run]}
        telling = lows & (FIRM_WORDS | PLACE_WORDS) or (run > place and after in FIRM_WORDS - _KIN)
        does = run < len(words) and (PLAIN_DEEDS.match(after) or WEAK_DEEDS.match(after) or after in _THEY_DO)
        also = ("&" in lows and not lows & TITLES and not does) or (run > place and words[place].low in {"st", "saint"})
        if telling or also:
            inside[place:run] = [True] * (run - place)
        place = max(run, place + 1)
    for place, word in enumerate(words[:-1]):
        if word.is_word and words[place + 1].low in FIRM_WORDS - _KIN and word.low not in WHO:
            inside[place] = True
        if (
            word.low in {"&", "and"}
            and words[place + 1].low in {"sons", "son", "co", "daughters", "partners", "bros"}
            and (words[place + 1].low != "co" or words[place + 1].capital)
        ):
            inside[max(0, place - 2) : place] = [True] * len(inside[max(0, place - 2) : place])
    return inside


def _by_itself(word: Word, *, without_capitals: bool) -> float:
    """What the word alone weighs as the name of a person. Where nothing has a capital, the first word may stand for one."""
    low, capital = word.low, word.capital
    parts = low.split("-")
    if len(low) > 2 and (low in GIVEN or (len(parts) == 2 and all(part in GIVEN for part in parts))):  # noqa: PLR2004 - two letters are an abbreviation
        return 0.9
    if low in ALSO_WORDS or low in GIVEN:
        return _of_a_word_too(word, without_capitals=without_capitals)
    if low in FAMILY:
        return 0.6 if capital else 0.3
    if len(low) > 4 and _ENDINGS.search(low) and low not in _NO_NAMES:  # noqa: PLR2004 - short words end like anything
        return 0.7 if capital else 0.35
    if len(low) < 2 or low in _NO_NAMES or low in TITLES:  # noqa: PLR2004 - one letter is an initial
        return 0.0
    return _of_a_stranger(word, without_capitals=without_capitals)


def _of_a_word_too(word: Word, *, without_capitals: bool) -> float:
    """What a name weighs that is also a word."""
    if (word.low in _SMALL_WORDS and (word.starts or not word.capital)) or (
        word.low in {"may", "will"} and word.text.islower() and not word.starts
    ):
        return 0.05
    if word.capital:
        return 0.4 if word.starts else 0.5
    return 0.4 if without_capitals and word.starts else 0.1


def _of_a_stranger(word: Word, *, without_capitals: bool) -> float:
    """What a word weighs that is in no list: most such words are names, some are slips of the pen and goods."""
    if is_english(word.low.split("'")[0].removesuffix("n")) and word.low.endswith("n't"):
        return 0.0
    if is_english(word.low):
        return (0.25 if word.starts else 0.4) if word.capital else 0.05
    if word.capital:
        return 0.5
    if word.text.isupper() or len(word.low) < 3:  # noqa: PLR2004 - two letters are an abbreviation
        return 0.0
    return (0.6 if word.starts else 0.45) if without_capitals else 0.35


def _around(words: Sequence[Word], place: int, text: str) -> float:
    """What stands before and behind a word, as far as it speaks for a person."""
    word = words[place]
    known = word.low in GIVEN or word.low in ALSO_WORDS or word.low in FAMILY or word.weight >= 0.35  # noqa: PLR2004 - a family name in small letters
    seems = word.capital or known
    before = [one.low for one in words[max(0, place - 4) : place]]
    behind = [one.low for one in words[place + 1 : place + 9]]
    total = 0.0
    if seems or word.low not in _NO_NAMES:
        total += _before(before, words[place - 1] if place else None, seems=seems)
    if not seems:
        return total
    total += _behind(behind, words, place)
    if _AGE.match(text, word.end):
        total += 0.6
    return total + _beside(words, place)


def _before(before: Sequence[str], last: Word | None, *, seems: bool) -> float:
    if last is None:
        return 0.0
    total = -0.3 if seems and last.low in {"the", "a", "an", "some", "all", "any", "no"} else 0.0
    if last.low in TITLES and (last.low != "miss" or last.capital):
        total += 1.0
    if last.low in _AT_A_PLACE and seems:
        total -= 0.5
    text = " ".join(before)
    if NAMING.search(text):
        total += 0.8 if seems else 0.9
    if not seems:
        return total
    if SPEAKING.search(text):
        total += 0.6
    if last.text == ":" and len(before) > 1 and before[-2] in _OWED:
        total += 0.6
    if last.low in WHO or (
        last.text in {",", "-", "–", "("}
        and len(before) > 1
        and (before[-2] in WHO or before[-2] in {"one", "starter", "ones"})
    ):
        total += 0.6
    if len(last.text) == 1 and last.text.isupper() and (last.dotted or last.text not in {"A", "I"}):
        total += 0.5
    return total


def _behind(behind: Sequence[str], words: Sequence[Word], place: int) -> float:
    after = " ".join(one for one in behind if one not in {"’", "'", "`"}).removeprefix(", ")
    total = _deeds(after, words[place])
    if words[place].low in SEASONS and not total:
        return total
    if FROM_ABROAD.match(after) and not words[place].low.endswith(("ese", "ian", "ish")):
        total += 0.5
    if behind and behind[0] in {"brothers", "sisters", "family", "couple"} and words[place].low in FAMILY:
        total += 0.4
    if (
        len(behind) > 1
        and behind[0] in {"the", "our", ",", "(", "my"}
        and (behind[1] in TRADES or (behind[2:3] and behind[2] in TRADES and behind[0] == "the"))
    ):
        total += 0.6
    if place == 0 and behind and words[0].capital and (words[0].dotted or behind[0] in {",", ":", "-", "–", "("}):
        total += 0.4
    nearby = words[place + 1 : place + 3]
    if _SO_MUCH.match(after):
        total += 0.4
    if OF_ONE_PERSON.match(after):
        total += 0.5
    if nearby and len(nearby[0].text) == 1 and nearby[0].text.isupper() and nearby[0].text != "I":
        total += 0.4
    return total


def _deeds(after: str, word: Word) -> float:
    """What a deed behind a word gives: some only persons do, others goods and firms do as well."""
    if STRONG_DEEDS.match(after):
        return 0.6
    if word.low in SEASONS:
        return 0.0
    if PLAIN_DEEDS.match(after):
        return 0.6 if word.low in DEEDS_OF_WORDS else 0.5
    if WEAK_DEEDS.match(after):
        return 0.6 if word.low in DEEDS_OF_WORDS else 0.4
    return 0.4 if _DID.match(after) else 0.0


def _beside(words: Sequence[Word], place: int) -> float:
    """What a neighbour gives: given and family name together, or a name in a list with another."""
    total = 0.0
    for step in (-1, 1):
        near = place + step
        if 0 <= near < len(words) and words[near].is_word and words[near].weight:
            other = words[near]
            if other.weight >= 0.3 and other.capital == words[place].capital:  # noqa: PLR2004 - as heavy as an unknown capital word
                total = max(total, 0.45 if words[place].capital else 0.3)
        beyond = place + 2 * step
        if 0 <= beyond < len(words) and words[near].low in _AND and words[beyond].weight >= ENOUGH:
            total = max(total, 0.6)
        elif 0 <= beyond < len(words) and words[near].low in _AND and words[place].capital and words[beyond].capital:
            total = max(total, 0.35 if words[beyond].weight >= 0.3 else 0.0)  # noqa: PLR2004 - as heavy as an unknown capital word
    return total
