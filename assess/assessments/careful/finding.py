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


_FOLK = r"worker|picker|packer|washer|valeter|cleaner|porter|chef|cook|waiter|waitress|driver|foreman|supervisor|gangmaster|labourer|housekeeper|maid|barman|barmaid|chambermaid|gardener|handyman|receptionist|attendant|kp|rider|barber|technician|fryer|mechanic|carer|guard|helper|operative|nail tech|butcher|builder|painter|dancer|tenant|lodger|trainee|apprentice|employee|student"
_ONE_PERSON = re.compile(
    rf"\b(?:he|she|him|his|her|hers|himself|herself|hes|shes|he’s|she’s|he's|she's)\b|\b(?:the|this|that|one|our|a|an|another|my|young|old|\w+(?:an|ese|ish|i|ian)) (?:\w+ )?(?:girl|boy|lad|lass|woman|man|lady|guy|bloke|chap|kid|teenager)\b"
    rf"|\bone of (?:the|our|my) (?:\w+ )?(?:girls|boys|lads|women|men|ladies|guys|staff|{_FOLK}s)\b|\b(?:the|this|that|one|our|another) (?:\w+ ){{0,2}}?(?:{_FOLK})\b(?!s|’s (?:room|contract)|s’)|\b(?:girl|boy|lad|lass|woman|man|lady|bloke) (?:in|from|who|aged|with|on|is)\b|\ban? (?:\w+ )?(?:{_FOLK}) (?:from|has|is|was|with|in|had|who|told|said|lost|got|came|fell|hurt)\b|^(?:\w+ )?(?:{_FOLK}) (?:with|who|has|is|was|from|had|hurt|lost|says|told|got|fell)\b"
    r"|\b(?:his|her|my) (?:wife|husband|brother|sister|cousin|uncle|son|daughter|girlfriend|boyfriend)\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:he or she|his or her|him or her|he/she|his/her|s/he|(?:if|when|where|unless|in case|until|before|after) (?:a|an|any|the|one|someone|somebody|anyone|anybody|each|every|no|your|our) ?(?:\w+ ){0,2}?(?:worker|person|employee|picker|driver|cleaner|someone|somebody|anyone|"
    r"member|staff|guest|customer|supervisor|washer|porter)?|(?:any|each|every|no|whichever) (?:\w+ )?(?:worker|person|employee|picker|driver|cleaner|washer|member|one|supervisor|man|woman|porter)|everyone|everybody|anyone|anybody|nobody|no one|workers|policy|procedure|always given)\b",
    re.IGNORECASE,
)
_DELICATE = re.compile(
    r"\b(?:deaf|blind|bad heart|heart|kidney|liver|sold|bought|raids?|pays? \d+|paid \d+|half (?:the|of|his|her)|mute|dementia|disabled|disabilit\w*|scars?|injury|own (?:bank )?(?:card|account|money)|pregnan\w*|miscarr\w*|tb|tuberculosis|hiv|aids|hepatitis|cancer|diabet\w*|epilep\w*|asthma\w*|depress\w*|suicid\w*|self[- ]?harm\w*|mental\w*|anxiety|stroke|seizure\w*|"
    r"hospital|a&e|ambulance|surgery|operation|injur\w*|hernia|broke|broken|burn(?:t|ed|s)?|lost (?:two |a |his |her )?fingers?|bad back|hurt|bleed\w*|ill|sick|unwell|fever|limp\w*|addict\w*|drunk|drinks? (?:too|a lot)|drug\w*|"
    r"asylum|refugee|home office|overstay\w*|no papers|without papers|papers|undocumented|illegal\w*|deport\w*|no right to work|not allowed to work|no visa|visa (?:has )?(?:ran|run|expire\w*|ends?|ended)|student visa|visa|right to work|"
    r"trafficked|victim|debts?|owes?|owed|loan|passport|scared|afraid|frightened|terrified|cries|crying|cried|bruis\w*|black eye|beaten|slapped|hit|raped?|abus\w*|assault\w*|touched|escaped?|ran away|faint\w*|collapsed|carried|fell (?:off|from|down)|lock(?:ed)? in|never leaves?|never left|not allowed (?:out|to leave)|can ?not leave|selling|begging|bed bugs|no shoes|starv\w*|hungry|does not eat|thin|nobody signs|passport|homeless|complained|"
    r"gay|lesbian|muslim|roma|gypsy|prison|criminal record|on bail|arrested|wages? go to|controls?|not been paid|hasn.?t been paid|never paid|unpaid|sleeps? (?:in|on|at|above)|shares? a bed)\b",
    re.IGNORECASE,
)
_ONE_OF_THEM = re.compile(
    r"\b(?:an?|the|that|this|one|our|another|young|\w+(?:an|ese|ish)) (?:\w+ )?(?:girl|boy|lad|lass|kid|teenager|bloke)\b(?!s)|^(?:\w+ )?(?:girl|boy|lad|lass|kid) \w+"
    r"|\bone of (?:the|our|my) (?:\w+ )?(?:girls|boys|lads|women|men|ladies|guys|washers|pickers|packers|cleaners|porters|workers|waiters|maids|chefs) (?!speaks|is trained|has a key|knows|checks|brings)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\b(?:he|she|hes|shes|he’s|she’s|he's|she's|him)\b", re.IGNORECASE)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:owner|director|accountant|bookkeeper|auditor|inspector|councillor|solicitor|lawyer|adviser|vet|mp|buyer|customer|guest|visitor|secretary|manager|himself|herself|my (?:wife|husband|father|mother|dad|mum|son|daughter))\b",
    re.IGNORECASE,
)
"""Of whom a business may well write: not of a worker, or of the family itself."""
_FIRST_PERSON = re.compile(
    r"\b(?:my|our) (?:passports?|visas?|wages|pay|bank cards?|papers|phones?|documents?|id|contract|salary) (?:is|are|was|were|with|stay|not|has|have)\b|\b(?:my|our) (?:boss|agent|supervisor|gangmaster|landlord|employer|foreman)\b.{0,30}?"
    r"\b(?:passports?|cards?|papers|phones?|hits?|shouts?|money|wages|threat\w*|owes?|debt|lock\w*)\b|\bi (?:was|am|got|been|have been) (?:\w+ )?(?:hit|beaten|slapped|sold|locked|not free|free|scared|afraid|ill|sick|hurt|injured|pregnant|trafficked|"
    r"threatened|charged|told|trapped|punched|touched|raped|sacked|\d{2})\b|\bi (?:owe|paid|pay|sleep|cannot|can not|can’t|can't|want|need|work) (?:\w+ ){0,2}?(?:leave|agent|passport|home|help|hours|debt|floor|money|pounds|\d)|\b(?:owes?|owe) me\b|\bhelp me\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    rf"\b(?:he|she|him|her|his|girl|boy|lad|lass|kid|child|woman|man|lady|guy|bloke|teenager|one|{_FOLK}|son|daughter|brother|sister|cousin|nephew|niece)\b",
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
    if (
        _AGE.search(looked_at)
        and (named or _AGE_OF_MINE.search(looked_at) or _SOMEBODY.search(looked_at))
        and not _GENERAL.search(looked_at)
    ):
        found.add(Kind.BIRTH)
    delicate = bool(_ONE_PERSON.search(looked_at) and _DELICATE.search(looked_at))
    told_of = bool(_SUBJECT.search(looked_at)) and not _SOMEBODY_ELSE.search(looked_at)
    told_of = told_of or _ONE_OF_THEM.search(looked_at) is not None
    if ((delicate or told_of) and not _GENERAL.search(looked_at)) or _FIRST_PERSON.search(looked_at):
        found.add(Kind.ABOUT_ONE)
    return tuple(Finding(kind) for kind in Kind if kind in found)


def in_words(findings: tuple[Finding, ...]) -> str:
    """Findings in a row: “a person’s name and a phone number”."""
    words = [finding.words for finding in findings]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
