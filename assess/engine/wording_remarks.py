"""What is hard to read in a text that people have to answer: rules of thumb, each of which may be wrong and can be waived with a reason.

How often each is right is measured on `tests/engine/labelled_questions.yaml`, of which half was written after the rules were made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from assess.engine.double_questions import second_question
from assess.engine.reading_age import reading_age, sentences_of, syllables, words_of


class Rule(StrEnum):
    """What a remark is about. The word stands in files where a remark is waived."""

    LONG_SENTENCE = "long_sentence"
    READING_AGE = "reading_age"
    HARD_WORDS = "hard_words"
    TWO_QUESTIONS = "two_questions"
    DOUBLE_NEGATIVE = "double_negative"
    LOADED_WORDS = "loaded_words"
    POINTS_OUT_OF_REACH = "points_out_of_reach"
    BETTER_BY_HIDING = "better_by_hiding"
    DISMISSES_WITHOUT_ADVICE = "dismisses_without_advice"
    ASKS_WHO_MAY_CONTROL = "asks_who_may_control"
    DUTY_WITHOUT_SOURCE = "duty_without_source"


REPAIRS = {
    Rule.LONG_SENTENCE: "Cut it into two sentences.",
    Rule.READING_AGE: "Use fewer and shorter words, and shorter sentences.",
    Rule.HARD_WORDS: "Use a shorter word people say every day, or explain it in the hint.",
    Rule.TWO_QUESTIONS: "Ask one thing here, and the other in a question of its own.",
    Rule.DOUBLE_NEGATIVE: "Say it without one of the two.",
    Rule.LOADED_WORDS: "Say it so that no answer is the one you hope for.",
    Rule.POINTS_OUT_OF_REACH: "Lower it to what the answers can add up to, or take it out.",
    Rule.BETTER_BY_HIDING: "Let the next question be asked after the worse answer too, or give that answer more points.",
    Rule.DISMISSES_WITHOUT_ADVICE: "Mark the action “only after advice”, so that nobody is moved before the helpline was called.",
    Rule.ASKS_WHO_MAY_CONTROL: "Name the papers the business already has, and say to ask nobody; where they do not answer it, the helpline.",
    Rule.DUTY_WITHOUT_SOURCE: "Give the law, its section and the address of the page where it can be read.",
}
"""What to do about a remark."""

LONGEST_SENTENCE = 25
"""Words; guidance for public services in the UK asks for no more."""
OLDEST_READER = 15.0
"""Years a text may ask for, by the formula. It is set high: of a single sentence the formula is a rough measure."""
FEWEST_WORDS = 5
"""Texts with fewer words are too short to be measured."""
MOST_HARD = 1
"""Hard words that one text may hold before it is remarked upon."""
HARD_SYLLABLES = 4
LONGEST_WORD = 12

_GAP = re.compile(r"\{[a-z0-9_]+\}")
KNOWN = frozenset(
    {
        "accommodation", "anybody", "anyone", "everybody", "everyone", "hospitality", "identity", "agency", "agencies", "information",
        "january", "february", "nationality", "security", "somebody", "supervisor", "supervisors", "university", "operator", "operators",
        "activity", "activities", "agriculture", "emergency", "temporary", "delivery", "ordinary", "landowner", "landowners", "immigration",
        "waterproofs", "subcontractor", "subcontractors", "gangmaster", "gangmasters", "agricultural", "insurance", "everything",
        "housekeepers", "housekeeping", "certificate", "certificates", "electricity", "machinery", "caravans", "usually", "experience",
    }
)  # fmt: skip
"""Long words that everybody of the trade says."""

_DENIES = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|\w+n[’']t|unless|refuse[sd]?|refusing|fail(?:s|ed)? to|"
    r"un(?:able|aware|known|paid|safe|lawful|likely|true)|prevent(?:s|ed)?|avoid(?:s|ed)?)\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\b(?:or not|whether or not|no longer than|not only|no more than|no less than|not more than|nothing but|if not|say no|says no|said no|"
    r"never or almost never|no one)\b|^(?:no|none),",
    re.IGNORECASE,
)
"""Ways of speaking that hold a “no” and deny nothing."""
_SIDE_BY_SIDE = frozenset({"no", "unpaid"})
"""Said twice they are a list: “no key means no freedom”."""
_THOUGHT = re.compile(r"[.!?;:,](?:\s+|$)|\n|\s(?:and|but|or)\s", re.IGNORECASE)
"""Between two thoughts: a denial in each is no double one."""
_LOADED = re.compile(
    r"\b(?:obviously|of course|clearly|surely|simply|merely|honestly|admit(?:s|ted)?|confess|illegals|"
    r"illegal (?:workers?|migrants?|immigrants?|people|staff|labour)|cheap labour|properly|decent|slaves?|guilty|blame|lazy|greedy|"
    r"cheat(?:s|ed|ing)?|badly|still (?:employ|use|hire|keep)|even though|you should|as you know|"
    r"(?:responsible|good|bad|honest|decent) (?:compan(?:y|ies)|employers?|farmers?|owners?|business(?:es)?|firms?)|"
    r"(?:do|did|have|are|would) you (?:ever |still |not |never )?(?:exploit|abus|traffic|steal|rob)\w*|(?:do|don[’']t) you (?:agree|think)|"
    r"stopped \w+ing your|why (?:do|did|are|have) you not|why (?:don|didn|aren|haven)[’']t you)\b|,\s*(?:do|are|is|have|does)n[’']t (?:you|they|it)\s*\?",
    re.IGNORECASE,
)


class Remark(NamedTuple):
    """Something an author may want to look at again. `found` is the word or figure it rests on."""

    rule: Rule
    found: str

    @property
    def repair(self) -> str:
        """What to do about it."""
        return REPAIRS[self.rule]


def remarks_on(text: str, *, asks: bool = False) -> Iterator[Remark]:
    """Everything remarkable about one text. `asks` says that it is a question: it must ask one thing, and push to no answer."""
    plain = _GAP.sub("it", text)
    for sentence in sentences_of(plain):
        count = len(words_of(sentence))
        if count > LONGEST_SENTENCE:
            yield Remark(Rule.LONG_SENTENCE, f"{count} words")
    yield from _denied_twice(plain)
    hard = sorted({word.lower() for word in words_of(plain) if is_hard(word)})
    if len(hard) > MOST_HARD:
        yield Remark(Rule.HARD_WORDS, ", ".join(hard))
    if asks:
        age = reading_age(plain)
        if age > OLDEST_READER and len(words_of(plain)) >= FEWEST_WORDS:
            yield Remark(Rule.READING_AGE, f"{age:.0f} years")
        for loaded in dict.fromkeys(one.lower().strip(" ,?") for one in _LOADED.findall(plain)):
            yield Remark(Rule.LOADED_WORDS, loaded)
        second = second_question(plain)
        if second is not None:
            yield Remark(Rule.TWO_QUESTIONS, second)


def _denied_twice(text: str) -> Iterator[Remark]:
    for thought in _THOUGHT.split(_NO_DENIAL.sub("", text)):
        denials = _DENIES.findall(thought)
        if len(denials) > 1 and not {one.lower() for one in denials} <= _SIDE_BY_SIDE:
            yield Remark(Rule.DOUBLE_NEGATIVE, " … ".join(denials[:2]))


def is_hard(word: str) -> bool:
    """Whether a word is long for somebody who reads little. Names are left alone."""
    bare = word.lower().strip("’'-").removesuffix("’s").removesuffix("’")
    if bare in KNOWN or word[:1].isupper() or "-" in bare:
        return False
    return len(bare) > LONGEST_WORD or syllables(bare) >= HARD_SYLLABLES
