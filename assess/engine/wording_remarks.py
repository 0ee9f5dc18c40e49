"""What is hard to read in a text that people have to answer: rules of thumb, each of which may be wrong and can be waived with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Rule(StrEnum):
    """What a remark is about. The word stands in files where a remark is waived."""

    LONG_SENTENCE = "long_sentence"
    HARD_WORDS = "hard_words"
    TWO_QUESTIONS = "two_questions"
    DOUBLE_NEGATIVE = "double_negative"
    LOADED_WORDS = "loaded_words"
    POINTS_OUT_OF_REACH = "points_out_of_reach"
    BETTER_BY_HIDING = "better_by_hiding"


REPAIRS = {
    Rule.LONG_SENTENCE: "Cut it into two sentences.",
    Rule.HARD_WORDS: "Use a shorter word people say every day, or explain it in the hint.",
    Rule.TWO_QUESTIONS: "Ask one thing here, and the other in a question of its own.",
    Rule.DOUBLE_NEGATIVE: "Say it without one of the two.",
    Rule.LOADED_WORDS: "Say it so that no answer is the one you hope for.",
    Rule.POINTS_OUT_OF_REACH: "Lower it to what the answers can add up to, or take it out.",
    Rule.BETTER_BY_HIDING: "Let the next question be asked after the worse answer too, or give that answer its own points.",
}
"""What to do about a remark."""

LONGEST_SENTENCE = 25
"""Words; guidance for public services in the UK asks for no more."""
MOST_HARD = 2
"""Hard words that one text may hold before it is remarked upon."""
HARD_SYLLABLES = 4
LONGEST_WORD = 13

_SENTENCE = re.compile(r"[.!?;:](?:\s+|$)|\n")
_WORD = re.compile(r"[A-Za-z’'-]+")
_GAP = re.compile(r"\{[a-z0-9_]+\}")
_VOWELS = re.compile(r"[aeiouy]+")
KNOWN = frozenset(
    {
        "accommodation", "anybody", "anyone", "everybody", "everyone", "hospitality", "identity", "agency", "agencies", "information",
        "january", "february", "nationality", "security", "somebody", "supervisor", "supervisors", "university", "operator", "operators",
        "activity", "activities", "agriculture", "emergency", "temporary", "delivery", "ordinary",
    }
)  # fmt: skip
"""Long words that everybody of the trade says."""

_NO = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|\w+n[’']t|unless|refuse[sd]?|fail(?:s|ed)? to|lack(?:s|ed)?|"
    r"un(?:able|aware|known|paid|safe|lawful|likely)|prevent(?:s|ed)?|avoid(?:s|ed)?)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:or not|whether or not|no longer than|not only|no more than|nothing but|if not)\b", re.IGNORECASE
)
"""Ways of speaking that hold a “no” and deny nothing."""
_LOADED = re.compile(
    r"\b(?:obviously|of course|clearly|surely|simply|merely|honestly|admit(?:s|ted)?|confess|illegals?|cheap labour|proper(?:ly)?|"
    r"decent|exploit(?:s|ed|ing)?|abus(?:e|es|ed|ing)|slaves?|traffick(?:ed|ers?|ing)|guilty|blame|fault|lazy|still employ|even though|"
    r"you should|as you know|responsible compan(?:y|ies)|good employers?|bad employers?)\b",
    re.IGNORECASE,
)
_ASKS = r"(?:do|does|did|is|are|was|were|have|has|can|could|will|would|who|what|when|where|which|how|why)"
_SECOND = re.compile(rf"[,;]?\s+(?:and|or)\s+(?:if (?:so|not|yes|no),?\s+)?{_ASKS}\s+(?:you|they|he|she|it|we|the|your|their|any|each|every|all|many|much|often|long|there)\b", re.IGNORECASE)  # fmt: skip


class Remark(NamedTuple):
    """Something an author may want to look at again. `found` is the word or figure it rests on."""

    rule: Rule
    found: str

    @property
    def repair(self) -> str:
        """What to do about it."""
        return REPAIRS[self.rule]


def remarks_on(text: str, *, asks: bool = False) -> Iterator[Remark]:
    """Everything remarkable about one text. `asks` says that it is a question, which must ask one thing."""
    plain = _GAP.sub("it", text)
    sentences = [one.strip() for one in _SENTENCE.split(plain) if one.strip()]
    for sentence in sentences:
        words = _WORD.findall(sentence)
        if len(words) > LONGEST_SENTENCE:
            yield Remark(Rule.LONG_SENTENCE, f"{len(words)} words")
        denials = _NO.findall(_CONTRAST.sub("", sentence))
        if len(denials) > 1:
            yield Remark(Rule.DOUBLE_NEGATIVE, " … ".join(denials[:2]))
    hard = sorted({word.lower() for word in _WORD.findall(plain) if is_hard(word)})
    if len(hard) > MOST_HARD:
        yield Remark(Rule.HARD_WORDS, ", ".join(hard))
    for loaded in dict.fromkeys(one.lower() for one in _LOADED.findall(plain)):
        yield Remark(Rule.LOADED_WORDS, loaded)
    if asks:
        yield from _two_questions(plain)


def _two_questions(text: str) -> Iterator[Remark]:
    if text.count("?") > 1:
        yield Remark(Rule.TWO_QUESTIONS, "two question marks")
        return
    second = _SECOND.search(text)
    if second:
        yield Remark(Rule.TWO_QUESTIONS, second.group().strip(" ,;"))


def is_hard(word: str) -> bool:
    """Whether a word is long for somebody who reads little. Names are left alone."""
    bare = word.lower().strip("’'-")
    if bare in KNOWN or word[:1].isupper() or "-" in bare:
        return False
    return len(bare) > LONGEST_WORD or syllables(bare) >= HARD_SYLLABLES


def syllables(word: str) -> int:
    """About how many syllables an English word has."""
    bare = word.lower().removesuffix("’s")
    count = len(_VOWELS.findall(bare))
    if bare.endswith("e") and not bare.endswith(("le", "ee")) and count > 1:
        count -= 1
    if bare.endswith("ed") and not bare.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(count, 1)
