"""What a free text seems to hold of a worker. A pure guess from the text alone: no service, no memory, and never the words themselves.

A false alarm costs one tick; a worker's name in a plan that travels may cost a person far more. So several simple signs are added
up (`persons.py`, `numbers.py`), and whoever wrote the text decides.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from assess.assessments.careful.numbers import names_a_berth, number_kinds
from assess.assessments.careful.persons import names_somebody
from assess.assessments.careful.told import JOB, tells_of_one

LONGEST_LOOKED_AT = 4000
"""Letters. No field takes more than a few hundred; what is longer was cut before it came here."""


class Kind(enum.StrEnum):
    """What kind of thing was seen, never which. In the order in which a page names them."""

    NAME = "name"
    INSURANCE = "insurance"
    PAPERS = "papers"
    PHONE = "phone"
    MAIL = "mail"
    BIRTH = "birth"
    ADDRESS = "address"
    BANK = "bank"
    CAR = "car"
    ABOUT_ONE = "about_one"


WORDS = {
    Kind.NAME: "a person’s name",
    Kind.INSURANCE: "a National Insurance number",
    Kind.PAPERS: "the number of a passport, visa or card",
    Kind.PHONE: "a phone number",
    Kind.MAIL: "an e-mail address",
    Kind.BIRTH: "an age or a date of birth",
    Kind.ADDRESS: "where somebody lives or sleeps",
    Kind.BANK: "a bank account",
    Kind.CAR: "the number plate of a car",
    Kind.ABOUT_ONE: "something about one person",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing a text seems to hold."""

    kind: Kind

    @property
    def words(self) -> str:
        """How a page names it, such as “a phone number”."""
        return WORDS[self.kind]


_OF_AN_OFFICE = re.compile(
    r"\b(?:office|reception|helpline|hotline|switchboard|landline|customer services?|out of hours|emergency|council|police|hospital|surgery|our number|the number is|agency|company)\b",
    re.IGNORECASE,
)
"""Whose phone it is where no person is named."""
_MOBILE = re.compile(r"(?<!\d)0 ?7\d|\+\d|(?<!\d)00\d")
_GENERAL = re.compile(
    r"\b(?:he or she|his or her|any|each|every|no one|everyone|everybody|anyone|anybody|nobody|workers|policy|procedure)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    rf"\b(?:he|she|him|her|his|girl|boy|lad|lass|kid|child|woman|man|lady|guy|bloke|teenager|one|{JOB}|son|daughter|brother|sister|cousin|nephew|niece)\b",
    re.IGNORECASE,
)
_AGE_OF_MINE = re.compile(r"\bi(?: am|’m|'m|m) \d\d\b|^(?:aged?|age) \w+", re.IGNORECASE)
_AGE = re.compile(
    r"\b(?:aged?|is|was|only|just|turn(?:s|ed)|about|around|maybe|barely|looks) (?:only |just |about |barely |maybe )?(?:1[1-9]|[2-7]\d)\b(?! ?(?:%|£|p\b|pm|am|hours|hrs|days|weeks|months|miles|people|workers|beds|per|an hour|a day|or over|and over|to \d|-\d|:\d|\.\d|/\d|,\d|minutes|mins|of|in|rooms|cars|staff|pounds|kg|cases|boxes))"
    r"|\b(?:eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)\b(?! (?:beds|rooms|hours|people|workers|staff|pounds|days|weeks|months|cars|of|tons|bags|or over))|\b(?:1[1-9]|[2-7]\d)[ -]?(?:yo|y/o|yrs? old|years? old|year[- ]old)\b(?!s)|\((?:1[0-9]|[2-7]\d)\)|\bi(?:’|')?m (?:1[1-9])\b|\bi am (?:1[1-9]|[2-7]\d)\b",
    re.IGNORECASE,
)


def details_in(text: str) -> tuple[Finding, ...]:
    """The kinds of details a text seems to hold, each once, in the order of `Kind`; empty when nothing gives rise to ask."""
    looked_at = " ".join(text[:LONGEST_LOOKED_AT].split())
    found = {Kind(kind) for kind in number_kinds(looked_at)}
    named = names_somebody(looked_at)
    if named:
        found.add(Kind.NAME)
        if names_a_berth(looked_at):
            found.add(Kind.ADDRESS)
    elif _OF_AN_OFFICE.search(looked_at) and not _MOBILE.search(looked_at):
        found.discard(Kind.PHONE)
    if (
        _AGE.search(looked_at)
        and (named or _AGE_OF_MINE.search(looked_at) or _SOMEBODY.search(looked_at))
        and not _GENERAL.search(looked_at)
    ):
        found.add(Kind.BIRTH)
    if tells_of_one(looked_at):
        found.add(Kind.ABOUT_ONE)
    return tuple(Finding(kind) for kind in Kind if kind in found)


def in_words(findings: tuple[Finding, ...]) -> str:
    """Findings in a row: “a person’s name and a phone number”."""
    words = [finding.words for finding in findings]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
