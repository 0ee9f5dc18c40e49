"""Guesses from a text alone which personal details it seems to hold, by adding up weak signs. Returns kinds of details, never the words themselves."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from assess.assessments.personal_data.word_lists import (
    ALSO_WORDS,
    BRANDS,
    DEEDS_OF_WORDS,
    EVERYDAY,
    FAMILY,
    FIRM_WORDS,
    FROM_ABROAD,
    GIVEN,
    MAKERS,
    NAMING,
    OF_ONE_PERSON,
    PLACE_WORDS,
    PLACES,
    PLAIN_DEEDS,
    SEASONS,
    SPEAKING,
    STRONG_DEEDS,
    TITLES,
    TRADE_WORDS,
    TRADES,
    WEAK_DEEDS,
    WHO,
    folded,
    has_goods,
    is_dealt_with,
    is_english,
    word_set,
)

LONGEST_SCANNED_TEXT = 4000
"""Letters. No field takes more than a few hundred; what is longer was cut before it came here."""


class FindingKind(enum.StrEnum):
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


FINDING_TEXTS = {
    FindingKind.NAME: "a person’s name",
    FindingKind.INSURANCE: "a National Insurance number",
    FindingKind.PAPERS: "the number of a passport, visa or card",
    FindingKind.PHONE: "a phone number",
    FindingKind.MAIL: "an email address",
    FindingKind.BIRTH: "an age or a date of birth",
    FindingKind.ADDRESS: "where somebody lives or sleeps",
    FindingKind.BANK: "a bank account",
    FindingKind.CAR: "the number plate of a car",
    FindingKind.ABOUT_ONE: "something about one person",
}


@dataclass(frozen=True, slots=True)
class Finding:
    kind: FindingKind

    @property
    def words(self) -> str:
        return FINDING_TEXTS[self.kind]


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

JOB = (
    r"(?:line lead|team lead|shift lead|staff member|member of staff|team member|crew member|worker|picker|packer|washer|valeter|cleaner|porter|chef|cook|waiter|waitress|driver|foreman|forewoman|supervisor|gangmaster|labourer|housekeeper|maid|chambermaid|barman|barmaid|"
    r"bartender|barista|gardener|handyman|receptionist|attendant|kp|rider|courier|barber|technician|tech|fryer|mechanic|carer|nanny|guard|helper|operative|nail tech|butcher|baker|builder|"
    r"painter|dancer|tenant|lodger|trainee|apprentice|employee|student|joiner|starter|runner|dishwasher|pot ?wash|potwash|milker|herdsman|shepherd|shearer|stockman|fitter|welder|roofer|"
    r"temp|newcomer|newbie|leaver|sorter|machinist|seamstress|ironer|presser|detailer|sprayer|hod carrier|farmhand|hand|pot man|night man|bouncer|doorman|hostess|host|masseuse|"
    r"therapist|stylist|hairdresser|manicurist|migrant|refugee|asylum seeker|immigrant|candidate|recruit|interviewee|complainant|victim|survivor)"
)

_PERSON_MEANT = re.compile(
    rf"\b(?:he|she|him|her|his|girl|boy|lad|lass|kid|child|woman|man|lady|guy|bloke|teenager|one|{JOB}|son|daughter|brother|sister|cousin|nephew|niece)\b",
    re.IGNORECASE,
)
_AGE_OF_MINE = re.compile(r"\bi(?: am|’m|'m|m) \d\d\b|^(?:aged?|age) \w+", re.IGNORECASE)
_AGE_TOLD = re.compile(
    r"\b(?:aged?|is|was|only|just|turn(?:s|ed)|about|around|maybe|barely|looks) (?:only |just |about |barely |maybe )?(?:1[1-9]|[2-7]\d)\b(?! ?(?:%|£|p\b|pm|am|hours|hrs|days|weeks|months|miles|people|workers|beds|per|an hour|a day|or over|and over|to \d|-\d|:\d|\.\d|/\d|,\d|minutes|mins|of|in|rooms|cars|staff|pounds|kg|cases|boxes))"
    r"|\b(?:eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)\b(?! (?:beds|rooms|hours|people|workers|staff|pounds|days|weeks|months|cars|of|tons|bags|or over))|\b(?:1[1-9]|[2-7]\d)[ -]?(?:yo|y/o|yrs? old|years? old|year[- ]old)\b(?!s)|\((?:1[0-9]|[2-7]\d)\)|\bi(?:’|')?m (?:1[1-9])\b|\bi am (?:1[1-9]|[2-7]\d)\b",
    re.IGNORECASE,
)


def find_personal_details(text: str) -> tuple[Finding, ...]:
    """The kinds of details a text seems to hold, each once, in the order of `Kind`; empty when nothing gives rise to ask."""
    looked_at = " ".join(text[:LONGEST_SCANNED_TEXT].split())
    found = {FindingKind(kind) for kind in number_kinds(looked_at)}
    named = names_a_person(looked_at)
    if named:
        found.add(FindingKind.NAME)
        if names_a_sleeping_place(looked_at):
            found.add(FindingKind.ADDRESS)
    elif _OF_AN_OFFICE.search(looked_at) and not _MOBILE.search(looked_at):
        found.discard(FindingKind.PHONE)  # an office has a number too; a mobile is a person’s
    if (
        _AGE_TOLD.search(looked_at)
        and (named or _AGE_OF_MINE.search(looked_at) or _PERSON_MEANT.search(looked_at))
        and not _GENERAL.search(looked_at)
    ):
        found.add(FindingKind.BIRTH)
    if tells_of_one_person(looked_at):
        found.add(FindingKind.ABOUT_ONE)
    return tuple(Finding(kind) for kind in FindingKind if kind in found)


def findings_text(findings: tuple[Finding, ...]) -> str:
    words = [finding.words for finding in findings]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


_ANY_CASE = re.IGNORECASE

_OF_TRADE = re.compile(
    r"\b(?:order|invoice|inv|p\.?o|batch|lot|item|part|serial|model|product|barcode|ean|sku|stock|licen[cs]e|licen[cs]ed|certificate|cert|policy|company|"
    r"companies house|charity|crn|vat|eori|gla|glaa|urn|utr|paye|employer|tender|contract|quote|delivery|docket|ticket|case|"
    r"claim|permit to discharge|consent|form|iso|bs|en|version|holding|cph|meter|mpan|asset|machine|reference|ref|note|sedex|ref|grn|awb|smeta|paper|page|section|week|room rate|file|docket)"
    r"\b(?:\W{1,2}(?:no|nr|num|number|numbers|ref|reference|id|code|is|was|policy|registration|reg|batch))*[.:#]?\W{0,3}(?:[a-z]{1,4}[/-]?)?\Z",
    _ANY_CASE,
)
_OWN_TRADE = re.compile(
    r"(?:urn|po|inv|vat|gb|crn|grn|cph|iso|en|bs|sku|ean|ref|so|dn|sc|ni|oc|zc|zs)\b ?\d|(?:SC|NI|OC|ZC|ZS)\d{6,7}\Z",
    _ANY_CASE,
)
_MAILBOX_OF_A_FIRM = re.compile(
    r"(?:info|office|sales|admin|accounts?|enquir(?:y|ies)|hello|contact|orders?|support|help|helpline|hr|jobs|careers|payroll|bookings?|"
    r"reservations?|reception|team|mail|post|service|customer\w*|purchas\w*|compliance|licensing|press|no-?reply)[\w.+-]*@",
    _ANY_CASE,
)
_MAIL = re.compile(r"[\w.+-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+", _ANY_CASE)

_INSURANCE = re.compile(r"(?<![A-Z0-9])[A-Z]{2} ?-?(?:\d{2}[ -]?){3}[A-D]?(?![A-Z0-9])", _ANY_CASE)
_INSURANCE_WORD = re.compile(r"\b(?:ni|nino|n\.i\.?|national insurance)\b.{0,15}?[A-Z]{2} ?\d{2}", _ANY_CASE)

_PHONE = re.compile(r"(?<![\w/.£-])(?:\+ ?|00|\(?0)(?:[ ()/.-]{0,2}\d){8,13}(?![\d/-])")
_PHONE_WORD = re.compile(
    r"\b(?:phone|phones|mob|mobile|tel|telephone|cell|whatsapp|whats app|wapp|viber|telegram|ring|call|text|txt|sms|number|no)\b\W{0,3}(?:\w+\W+){0,3}?"
    r"(?:\+ ?)?\d(?:[ ()/.-]{0,2}\d){7,12}(?!\d)",
    _ANY_CASE,
)
_FREE_OF_CHARGE = re.compile(r"(?<![\d(])\(?0 ?(?:8|3)(?:[ ()-]{0,2}\d){7,9}")
"""Numbers that begin with 08 or 03 are lines of firms and helplines."""

_PAPERS_WORD = re.compile(
    r"\b(?:passports?|pass|visas?|brp|brc|id|id card|identity|share code|sharecode|residence permit|permit|pesel|cnp|egn|evisa|e-visa|ukvi|"
    r"euss|settled status|cos|driving licen[cs]e|cscs|a-number|document|uan|nmc(?: pin)?|gmc|sia|dbs|pin|trn|ho ref|case id|nhs)\b(?:\W{1,3}\w{1,9}){0,3}?\W{0,3}\b(?=[A-Z0-9]*\d[A-Z0-9]*\d)[A-Z0-9]{5,}",
    _ANY_CASE,
)
_SHARE_CODE = re.compile(
    r"(?<![A-Z0-9])(?=[A-Z0-9 -]*\d)(?=[A-Z0-9 -]*[A-Z])[A-Z0-9]{3}[ -][A-Z0-9]{3}[ -][A-Z0-9]{3}(?![A-Z0-9])"
)
_PAPERS_BARE = re.compile(r"(?<![\w/.£-])(?:[A-Z]{1,3} ?\d{6,9}[A-Z]?|\d{8,9}|\d{11}|\d{13})(?![\w/.-]|,\d)")
_STAFF_NUMBER = re.compile(
    r"\b(?:worker|emp|employee|staff|payroll|clock|clocking|picker|badge|time ?card)(?: (?:id|no|nr|num|number|ref|code|card)){1,2}\.?\W{0,3}(?:is )?[A-Z]{0,3}-?\d{2,}",
    _ANY_CASE,
)

_BORN = re.compile(
    r"\b(?:born|birth|birthday|birthdate|dob|d\.o\.b\.?|d o b)\b.{0,16}?\d|\bb\. ?(?:19|20)\d\d\b|(?<=[a-z] )\*?(?:19[4-9]\d|200\d) born",
    _ANY_CASE,
)
_OLD_DAY = re.compile(
    r"(?<![\d/.-])\d{1,2}[ /.-]\d{1,2}[ /.-](?:19[3-9]\d|200[0-9])(?!\d)|(?<![\d.])(?:19[3-9]\d|200[0-9])[./-]\d\d?[./-]\d\d?(?!\d)"
)

_BANK = re.compile(
    r"\bsort ?-?code\W{0,6}\d|\biban\W{0,3}[A-Z]{2}\d{2}|(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])"
    r"|\b(?:acc|acct|account|a/c|bank)\b\.?(?:\W{0,3}(?:no|nr|num|number|is|details|code))*[.:]?\W{0,3}\d{6,10}\b"
    r"|(?<![\d/-])\d\d-\d\d-\d\d(?: |, ?| / ?)(?:[a-z]{2,8}[.:]? ){0,3}\d{7,8}\b|\b(?:card|monzo|revolut|wise)\b.{0,12}?\d{4}[ -]?\d{4}",
    _ANY_CASE,
)
_PLATE = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2} ?[A-Z]{3}(?![A-Z0-9])")
_PLATE_WORD = re.compile(
    r"\b(?:reg|plate|registration|car|van|transit|bmw|audi|vw|golf|ford|vauxhall|merc|mercedes|drives|corsa|astra|focus|passat|minibus)\b\W{1,3}(?:\w+\W+){0,4}?"
    r"(?:[a-z]{2}\d{2} ?[a-z]{3}|[a-z]\d{1,3} ?[a-z]{3}|[a-z]{1,2}-?\d{2,3}-?[a-z]{3})\b",
    _ANY_CASE,
)

STREET = r"(?:road|rd|street|st|lane|ln|avenue|ave|close|drive|way|terrace|crescent|court|gardens|grove|place|row|square|hill|walk|mews|parade|green)"
_ADDRESS = re.compile(rf"\b\d{{1,4}} ?[a-f]?,? (?:[a-z’']+ ){{1,3}}{STREET}\b", _ANY_CASE)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", _ANY_CASE)
_BERTH = re.compile(
    r"\b(?:caravans?|room|rm|flat|bed|bunk|pod|cabin|chalet|unit|house|van|dorm|container|mobile home|hut) ?(?:no\.? ?|nr\.? ?|number |# ?)?(?:\d{1,3}[a-f]?|[A-F])\b",
    _ANY_CASE,
)
_SLEEPS = re.compile(
    r"\b(?:lives?|living|lived|sleeps?|sleeping|slept|stays?|staying|stayed|moved|moves|dwells?|kips?|kipping|home is|home address|address is|house of|home of|room of|caravan of|"
    r"is in|bed of|belongs to|shares?|sharing)\b",
    _ANY_CASE,
)
_ONE_PERSON = re.compile(
    r"\b(?:he|she|him|his|her|hers|hes|shes|he’s|she’s|he's|she's|i|my|me|girl|boy|lad|lass|woman|man|guy|bloke|lady|brother|sister|wife|husband|cousin|uncle|"
    r"the (?:worker|picker|washer|porter|cleaner|chef|cook|driver|foreman|supervisor|gangmaster))\b",
    _ANY_CASE,
)

_NUMBER_SIGNS: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        "insurance": (_INSURANCE, _INSURANCE_WORD),
        "papers": (_PAPERS_WORD, _SHARE_CODE, _PAPERS_BARE, _STAFF_NUMBER),
        "phone": (_PHONE, _PHONE_WORD),
        "bank": (_BANK,),
        "birth": (_BORN, _OLD_DAY),
        "car": (_PLATE, _PLATE_WORD),
    }
)
_LOOKED_AT_BEFORE = 40


def number_kinds(text: str) -> Iterator[str]:
    """The kinds of number and address in a text, each once: `mail`, `insurance`, `papers`, `phone`, `bank`, `birth`, `car`, `address`."""
    if any(not _MAILBOX_OF_A_FIRM.match(found.group()) for found in _MAIL.finditer(text)):
        yield "mail"
    for kind, patterns in _NUMBER_SIGNS.items():
        if any(_counts(kind, found, text) for pattern in patterns for found in pattern.finditer(text)):
            yield kind
    if _where_one_person_is(text):
        yield "address"


def _counts(kind: str, found: re.Match[str], text: str) -> bool:
    before = text[max(0, found.start() - _LOOKED_AT_BEFORE) : found.start()]
    if kind in {"papers", "phone", "insurance"} and (_OF_TRADE.search(before) or _OWN_TRADE.match(found.group())):
        return False
    if kind == "phone":
        return not _FREE_OF_CHARGE.search(found.group())
    if kind == "insurance":
        return len(re.sub(r"\W", "", found.group())) >= 9 or found.re is _INSURANCE_WORD  # noqa: PLR2004 - two letters, six digits, one letter
    if kind == "papers" and found.re is _PAPERS_WORD:
        return not re.search(r"\b(?:19|20)\d\d\Z", found.group())
    return True


def names_a_sleeping_place(text: str) -> bool:
    return _BERTH.search(text) is not None


def _where_one_person_is(text: str) -> bool:
    if (_ADDRESS.search(text) or _POSTCODE.search(text) or _BERTH.search(text)) is None:
        return False
    about_one = _ONE_PERSON.search(text) is not None
    return about_one and (_SLEEPS.search(text) is not None or _BERTH.search(text) is not None)


NAME_THRESHOLD = 0.89
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
_AGE_BEHIND_NAME = re.compile(
    r"\s*(?:[,(–-]+\s*|(?:is|aged?|was|only|just|she is|he is) )(?:is |aged? |only |just |nearly |about )*(?:1[2-9]|[2-7]\d)(?:\)|\b)(?![\d./%-]*\d| ?(?:hours|beds|£|pm|am|people|workers|weeks|days))"
)
_FIRM_WORDS_IN_CAPITALS = word_set(
    """
    agency bank bar bed beds brothers care cash cleaning clinic court cream cut daughters drinks farm
    feeds fish gloves green hall heating hire hospital hotel house kitchen labour law market office partner
    partners parts plants police print prints pub school shop shops skip son sons staff stores surgery
    trust wash washes will works
    """
)
"""Part of the name of a firm only where it is written with a capital."""
_PAST_VERB = re.compile(
    r"(?:[a-z]{3,}ed|can|can[’']?t|cant|wont|won[’']t|dont|don[’']t|got|gets|been|fell|felt|held|hid|led|lied|lost|met|read|sat|slept|stole|stood|swore|threw|woke|wore|wrote|began|bought|broke|built|caught|cut|drank|ate|fed|found|fought|forgot|hung|hurt|made|ran|saw|sent|shook|shut|sold|spent|spoke|stuck|taught|thought|understood|won)\Z"
)
"""A verb after a word that stands in no list."""
_AT_A_PLACE = frozenset({"in", "at", "near", "around", "outside"})
"""Before a capital these speak for a place."""
_SMALL_WORDS = frozenset({"my", "an", "man", "so", "do", "as", "ref"})
"""Names that are too small words to be one where a sentence begins or in small letters."""
_OWED = word_set(
    """
    absent complaints days holidays interviews late leavers missing new nights off owed owing paid rent rooms
    short sick starters unpaid
    """
)
_SO_MUCH = re.compile(
    r"(?:[£$€] )?\d+ ?(?:x )?(?:wks?|weeks?|hrs?|hours|days?|nights?|shifts?|short|quid|pounds|months?|payslips?)\b|\d+ ?(?:,|\Z)"
)
"""Hours, days or pounds behind a name, as in a list of what is owed."""
_THEY_DO = word_set(
    """
    are both came do get have live need never not owe pay say share sleep start
    still want were work
    """
)
"""Behind two capitals and “&” these speak for two people rather than a firm."""
_AND = frozenset({"and", "&", ",", "/", "or", "plus", "with", "+", "n", "und", "si", "i"})


@dataclass(slots=True)
class Word:
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
        return self.text[:1].isalpha()


def names_a_person(text: str) -> bool:
    # in a text in capitals a capital says nothing
    shouting = sum(letter.isupper() for letter in text) > sum(letter.islower() for letter in text)
    plain = text.lower() if shouting else text
    # brands give way to a comma and blanks of the same length, so every place stays where it was
    words = _words(BRANDS.sub(lambda found: "," + " " * (len(found.group()) - 1), plain))
    firm = _in_firm_names(words)
    without_capitals = plain == plain.lower()
    for place, word in enumerate(words):
        if word.is_word and not firm[place]:
            word.weight = _word_weight(word, without_capitals=without_capitals)
    if _TITLE_AND_LETTER.search(plain):
        return True
    hint = 0.2 if _HINT.search(plain) else 0.0
    # what trade is done with is more often a firm than a person
    goods = not hint and has_goods(frozenset(word.low for word in words))
    for place, word in enumerate(words):
        if word.weight:
            word.context = _context_weight(words, place, plain) + hint - (_firm_penalty(words, place) if goods else 0.0)
    return any(word.weight + word.context >= NAME_THRESHOLD for word in words if word.weight)


def _firm_penalty(words: Sequence[Word], place: int) -> float:
    """What is taken off where goods are spoken of and the word stands where those who sell them stand."""
    before = [one.low for one in words[max(0, place - 6) : place]]
    if before and before[-1] in {"called", "named"}:
        return 0.0
    return 0.6 if is_dealt_with(before, [one.low for one in words[place + 1 : place + 4]]) else 0.0


def _words(text: str) -> list[Word]:
    words: list[Word] = []
    starts = True
    for found in _TOKEN.finditer(text):
        typed = found.group()
        bare = re.sub(r"(?:[’'`]s|[’'`]|\.)\Z", "", typed) or typed
        words.append(Word(bare, folded(bare), found.end(), starts, typed.endswith(".")))
        starts = typed in {".", "!", "?", ":", ";", "•", "(", "“", '"'} or (typed.endswith(".") and len(bare) > 2)  # noqa: PLR2004 - an initial ends no sentence
        if starts is False and typed in {"-", "–", "—"}:  # a dash before a name begins a line of a list
            starts = True
    return words


def _in_firm_names(words: Sequence[Word]) -> list[bool]:
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
        telling = lows & (FIRM_WORDS | PLACE_WORDS) or (run > place and after in FIRM_WORDS - _FIRM_WORDS_IN_CAPITALS)
        does = run < len(words) and (PLAIN_DEEDS.match(after) or WEAK_DEEDS.match(after) or after in _THEY_DO)
        also = ("&" in lows and not lows & TITLES and not does) or (run > place and words[place].low in {"st", "saint"})
        if telling or also:
            inside[place:run] = [True] * (run - place)
        place = max(run, place + 1)  # on by one at least, else a word in small letters would hold it for ever
    for place, word in enumerate(words[:-1]):
        if word.is_word and words[place + 1].low in FIRM_WORDS - _FIRM_WORDS_IN_CAPITALS and word.low not in WHO:
            inside[place] = True
        if (
            word.low in {"&", "and"}
            and words[place + 1].low in {"sons", "son", "co", "daughters", "partners", "bros"}
            and (words[place + 1].low != "co" or words[place + 1].capital)
        ):
            inside[max(0, place - 2) : place] = [True] * len(inside[max(0, place - 2) : place])
    return inside


def _word_weight(word: Word, *, without_capitals: bool) -> float:
    """What the word alone weighs as the name of a person. Where nothing has a capital, the first word may stand for one."""
    low, capital = word.low, word.capital
    parts = low.split("-")
    if len(low) > 2 and (low in GIVEN or (len(parts) == 2 and all(part in GIVEN for part in parts))):  # noqa: PLR2004 - two letters are an abbreviation
        return 0.9
    if low in ALSO_WORDS or low in GIVEN:
        return _ambiguous_word_weight(word, without_capitals=without_capitals)
    if low in FAMILY:
        return 0.6 if capital else 0.3
    if len(low) > 4 and _ENDINGS.search(low) and low not in _NO_NAMES:  # noqa: PLR2004 - short words end like anything
        return 0.7 if capital else 0.35
    if len(low) < 2 or low in _NO_NAMES or low in TITLES:  # noqa: PLR2004 - one letter is an initial
        return 0.0
    return _unknown_word_weight(word, without_capitals=without_capitals)


def _ambiguous_word_weight(word: Word, *, without_capitals: bool) -> float:
    if (word.low in _SMALL_WORDS and (word.starts or not word.capital)) or (
        word.low in {"may", "will"} and word.text.islower() and not word.starts
    ):
        return 0.05
    if word.capital:
        return 0.4 if word.starts else 0.5
    return 0.4 if without_capitals and word.starts else 0.1


def _unknown_word_weight(word: Word, *, without_capitals: bool) -> float:
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


def _context_weight(words: Sequence[Word], place: int, text: str) -> float:
    word = words[place]
    known = word.low in GIVEN or word.low in ALSO_WORDS or word.low in FAMILY or word.weight >= 0.35  # noqa: PLR2004 - a family name in small letters
    seems = word.capital or known
    before = [one.low for one in words[max(0, place - 4) : place]]
    total = 0.0
    if seems or word.low not in _NO_NAMES:
        total += _weight_before(before, words[place - 1] if place else None, seems=seems)
    if not seems:
        return total
    total += _weight_behind([one.low for one in words[place + 1 : place + 9]], words, place)
    if _AGE_BEHIND_NAME.match(text, word.end):
        total += 0.6
    return total + _neighbour_weight(words, place)


def _weight_before(before: Sequence[str], last: Word | None, *, seems: bool) -> float:
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


def _weight_behind(behind: Sequence[str], words: Sequence[Word], place: int) -> float:
    after = " ".join(one for one in behind if one not in {"’", "'", "`"}).removeprefix(", ")
    total = _verb_weight(after, words[place])
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


def _verb_weight(after: str, word: Word) -> float:
    """What a verb after a word gives: some only persons do, others goods and firms do as well."""
    if STRONG_DEEDS.match(after):
        return 0.6
    if word.low in SEASONS:
        return 0.0
    if PLAIN_DEEDS.match(after):
        return 0.6 if word.low in DEEDS_OF_WORDS else 0.5
    if WEAK_DEEDS.match(after):
        return 0.6 if word.low in DEEDS_OF_WORDS else 0.4
    return 0.4 if _PAST_VERB.match(after) else 0.0


def _neighbour_weight(words: Sequence[Word], place: int) -> float:
    """What a neighbour gives: given and family name together, or a name in a list with another."""
    total = 0.0
    for step in (-1, 1):
        near = place + step
        if 0 <= near < len(words) and words[near].is_word and words[near].weight:
            other = words[near]
            if other.weight >= 0.3 and other.capital == words[place].capital:  # noqa: PLR2004 - as heavy as an unknown capital word
                total = max(total, 0.45 if words[place].capital else 0.3)
        beyond = place + 2 * step
        if 0 <= beyond < len(words) and words[near].low in _AND and words[beyond].weight >= NAME_THRESHOLD:
            total = max(total, 0.6)
        elif 0 <= beyond < len(words) and words[near].low in _AND and words[place].capital and words[beyond].capital:
            total = max(total, 0.35 if words[beyond].weight >= 0.3 else 0.0)  # noqa: PLR2004 - as heavy as an unknown capital word
    return total


ONE_PERSON_THRESHOLD = 0.75

_PERSON = r"(?:girl|boy|lad|lass|lassie|bloke|chap|kid|teenager|teen|guy|fella|fellow|woman|man|lady|gent|gentleman|youngster|youth|couple|person|individual|minor|mum|mother|granny|nan|grandad)"
_KIN = (
    r"(?:wife|husband|brother|sister|cousin|uncle|aunt|auntie|nephew|niece|son|daughter|girlfriend|boyfriend|fianc[eé]e?|partner|mum|mam|mother|dad|father|parents|baby|kids|children|twins|"
    r"mate|friend|family|brother[- ]in[- ]law|sister[- ]in[- ]law|in[- ]laws|stepson|stepdaughter|grandson|granddaughter|grandmother|grandfather|missus|bf|gf)"
)
_NATION = (
    r"(?:romanian?|bulgarian?|pole|polish|lithuanian?|latvian?|estonian?|hungarian|czech|slovak|ukrainian?|russian|belarusian?|albanian?|kosovan|serbian?|serb|croatian?|bosnian|turk|turkish|kurd|kurdish|syrian|iraqi|iranian|"
    r"afghan|pakistani|indian|nepali|nepalese|nepalian|bangladeshi|bengali|sri lankan|tamil|vietnamese|viet|chinese|filipin[oa]|thai|indonesian|kyrgyz|uzbek|tajik|kazakh|georgian|armenian|moldovan|portuguese|brazilian|spanish|"
    r"spaniard|italian|nigerian|ghanaian|kenyan|zimbabwean|eritrean|ethiopian|somali|sudanese|egyptian|moroccan|algerian|gambian|senegalese|timorese|african|asian|malaysian|burmese|cambodian|mongolian|colombian|"
    r"punjabi|gujarati|roma|irish|scottish|welsh|english|british|eastern european|eu)"
)
_LOOKS = r"(?:new|newest|old|older|oldest|young|younger|youngest|little|big|tall|short|small|thin|quiet|shy|other|same|first|last|second|third|poor|bald|blonde|fat|skinny|pregnant|deaf|blind|mute|disabled|injured|sick|ill|crying|missing|scared)"
_ANY_DET = r"(?:the|this|that|these|those|our|a|an|another|my|one|1|some|your|their|his|her)"

_HE = re.compile(
    r"\b(?:he|she|hes|shes|hed|he[’']s|she[’']s|he[’']d|she[’']d|he[’']ll|she[’']ll|him|himself|herself)\b",
    _ANY_CASE,
)
_HIS = re.compile(r"\b(?:his|hers|her)\b", _ANY_CASE)
_A_LAD = re.compile(
    rf"(?<!’s )\b(?:lad|lass|girl|boy|bloke|teenager)\b(?![’']s)|\b{_NATION} (?:lads|girls|boys|women|men|ladies|couple|family|brothers|sisters)\b",
    _ANY_CASE,
)
_PERSON_SAID = re.compile(
    rf"\b{_ANY_DET} (?:\w+[ -]){{0,3}}?{_PERSON}\b(?![’']?s\b| (?:power|hours|year|day|week|of (?:these|those)|who (?:does|do|works|runs|owns)))|^(?:\w+ )?(?:girl|boy|lad|lass|kid|bloke|woman|man|lady|guy|couple)\b|\b(?:girl|boy|lad|lass|woman|man|lady|guy|bloke|teenager|kid) (?:in|from|who|aged|on|is|was|has|had|with|at)\b",
    _ANY_CASE,
)
_YOUTH = re.compile(
    r"\b(?:the|this|that|our|an?|my|one|1|another|some|young|\w+(?:an|ese|ish)) (?:\w+ )?(?:girl|boy|lad|lass|lassie|bloke|teenager|youngster|fella)\b|^(?:\w+ ){0,2}?(?:girl|lad|lass|bloke|lady|teenager) (?!s\b)\w+(?![’']s)",
    _ANY_CASE,
)
_ONE_OF = re.compile(
    rf"\b(?:one|two|three|2|3|1|another|some|none|a couple|both|half|oldest|youngest|newest|first|last) of (?:the|our|my|his|her|your|them|these|those|their) ?(?:\w+ ){{0,2}}?(?P<who>girls|boys|lads|women|men|ladies|guys|kids|blokes|chaps|couples|romanians|bulgarians|albanians|poles|vietnamese|ukrainians|indians|nepalis|filipinos|{JOB}s|staff|team|crew|gang)\b|\bone of (?:them|ours|mine)\b",
    _ANY_CASE,
)
_JOB_SAID = re.compile(
    rf"\b(?P<det>{_ANY_DET}) (?P<mark>(?:[\w’'-]+ ){{0,3}}?)(?P<job>{JOB})\b(?![’']?s\b|s[’'])", _ANY_CASE
)
_JOB_BARE = re.compile(
    rf"^(?:[\w’'-]+ ){{0,2}}?{JOB}\b(?= (?:with|who|has|is|was|from|had|hurt|lost|says|said|told|got|fell|owes|sleeps|lives|paid|in|on|at|wants|asked|came|left|not|whose|aged|sent|pays|keeps|gets|cut|broke|burn\w*|never|cannot|can[’']?t)\b|,|:| [–-]| \(| \w+(?:ed|ing|s)\b| (?:off|sick|ill|still|too|so|also|only|just|very|no|without|again|now|needs|under|over|about|after|before)\b)"
    rf"|\b(?:worker|interviewee|employee|picker|washer|person|victim|witness|staff|packer|female|male) (?:[A-Z]\b|no\.? ?\d+|#? ?\d+\b(?! (?:hours|rooms|beds|days)))",
    _ANY_CASE,
)
_NATION_SAID = re.compile(
    rf"\b(?:the|a|an|one|another|our|this|that) (?:(?:{_LOOKS}) )?{_NATION} (?:in|from|who|has|had|is|was|owes|says|said|told|got|sleeps|lives|left|came|on|at|with|wants|gets|pays|paid)\b",
    _ANY_CASE,
)
_MARKED = re.compile(rf"\b(?:{_LOOKS}|{_NATION}|female|male)\b", _ANY_CASE)
_BEHIND = re.compile(
    rf"\b(?:{_PERSON}|{JOB}|{_NATION}) (?:in (?:\w+ )?(?:caravan|room|bed|bay|flat|house|unit|block|number|no|the|hut|pod)|from (?!the (?:agency|council|bank|office|police|union|insur|brewery|gas|water)|head|our|an? )|with (?:the|a|no|two|one|long|red|black|glasses|his|her)|who (?:has|had|was|is|came|left|got|lost|owes|sleeps|cannot|can[’']t|never|cries|does not|doesn[’']t)|on (?:nights|line|the (?:night|late))|"
    rf"aged|whose|we (?:had|sent|took|let|sacked|lost))",
    _ANY_CASE,
)
_SOME_OF = re.compile(
    rf"\b(?:a|two|three|four|five|six|2|3|4|5|6|couple of|few|several|some|these|those|both|all the) (?:\w+ ){{0,2}}?(?:girls|boys|lads|women|men|ladies|guys|brothers|sisters|cousins|couple|kids|siblings|{_NATION}s?|{JOB}s)\b|\b(?:the|our) (?:\w+ )?(?:girls|boys|lads|brothers|sisters|couple|twins)\b",
    _ANY_CASE,
)
_THEIR_KIN = re.compile(rf"\b(?:his|her|their|whose|the \w+[’']s|\w+[’']s) (?:\w+ )?{_KIN}\b", _ANY_CASE)
_OWN = re.compile(
    rf"\b(?:his|her) (?:\w+ ){{0,2}}?(?:{_KIN}|passport|visa|wages?|pay|payslips?|papers|phone|cards?|bank|account|room|bed|caravan|money|contract|id|hands?|arms?|legs?|back|knees?|foot|feet|eyes?|face|head|shoulders?|teeth|tooth|heart|chest|neck|hip|"
    rf"finger\w*|thumb|wrist|hours|shifts?|tips|deposit|rent|debts?|loan|boss|agent|landlord|sponsor\w*|employer|host|country|village|religion|age|birthday|address|number|shoes|boots|clothes|bags?|things|belongings|keys?|notice|job|flat|house|bike|car|van|health|illness|accident|injury|case|claim|name)\b",
    _ANY_CASE,
)
_ANY_KIN = re.compile(
    r"\b(?:brothers?|sisters?|cousins?|uncle|aunt|auntie|nephew|niece|girlfriend|boyfriend|baby|brother[- ]in[- ]law|sister[- ]in[- ]law|mother|wife|husband|son|daughter|mum|dad|couple(?! of)|twins|pregnant|newborn)\b",
    _ANY_CASE,
)
_SOME_ONE = re.compile(r"\b(?:somebody|someone|a person|some one)\b", _ANY_CASE)
_SOMEBODY = re.compile(
    r"\b(?:the person|this person|that person|the other one|the new one|(?:new|young|old|little|tall|other|quiet|oldest|smallest|foreign|last) one|the one who|the youngest|the oldest|the eldest)\b",
    _ANY_CASE,
)

HEALTH = (
    r"deaf|blind|mute|dumb|bad (?:heart|back|knee|chest|leg|arm)|heart|kidney|liver|lungs?|dementia|alzheim\w*|disabled|disabilit\w*|scars?|injur\w*|pregnan\w*|expecting|miscarr\w*|abortion|"
    r"months? gone|in labour|gave birth|period pains|tb|tuberculosis|hiv|aids|hepatitis|hep b|cancer|tumou?r|diagnos\w*|ms|chemo\w*|diabet\w*|insulin|epilep\w*|fits?|asthma\w*|inhaler|depress\w*|suicid\w*|self[- ]?harm\w*|"
    r"mental\w*|anxiety|panic attacks?|breakdown|nervous|ptsd|autis\w*|adhd|dyslexi\w*|bipolar|schizo\w*|stroke|seizure\w*|hospital|a&e|a and e|ambulance|surgery|operation|operated|hernia|broke|broken|burn(?:t|ed|s)?|"
    r"lost (?:two |a |an |his |her |the )?(?:finger\w*|eye|toe|thumb|hand|leg|baby|child)|hurt\w*|bleed\w*|blood|stitches|ill|illness|sick|poorly|unwell|fever|limp\w*|addict\w*|drunk|drinks?|drinking|alcoholic|drug\w*|cannabis|heroin|cocaine|"
    r"medicine|medication|tablets|pills|doctor|gp|dentist|tooth|teeth|toothache|rash\w*|eczema|scabies|lice|allerg\w*|infect\w*|covid|cough\w*|wheez\w*|vomit\w*|throwing up|dizzy|faint\w*|collaps\w*|passed out|wheelchair|crutches|"
    r"sling|cast|wrist|ankle|swollen|swelling|bruis\w*|black eye|cuts?|wound\w*|concuss\w*|migraine\w*|back pain|in pain|painkillers|thin|starv\w*|hungry|not eating|does not eat|sign(?:ed)? off|sick note|fit note"
)
STAY = (
    r"asylum|refugee|home office|overstay\w*|papers?|paperwork|undocumented|illegal\w*|deport\w*|detained|detention|raid\w*|no right to work|not allowed to work|no visa|visa|leave to remain|right to work|status|settled|pre-settled|"
    r"brp|share code|passport|id card|no id|fake|forged|false (?:papers|id|name)|trafficked|smuggle\w*|lorry|boat|dinghy|embassy|sponsor\w*|cos|tribunal|appeal|refused|immigration|prison|jail|criminal record|on bail|arrest\w*|police|"
    r"tag|probation|convict\w*|caution|national insurance|ni number|tax code|bank account|bank card|card"
)
MONEY = (
    r"debts?|owes?|owed|owing|loan\w*|lent|borrow\w*|repay\w*|pay(?:s|ing)? (?:off|back)|in arrears|arrears|rent|sends? (?:\w+ ){0,3}(?:home|back|money)|not been paid|never (?:been )?paid|unpaid|underpaid|docked|withheld|deduct\w*|fined|"
    r"cash in hand|cash only|paid (?:in )?(?:cash|less|half|short|late|nothing|\W?\d+)|pays? \W?\d+|gets? (?:only |just |paid )?\W?\d+|charged|wages?|half (?:the|of|his|her)|short|benefits|gambl\w*|own (?:bank )?(?:card|account|money)|holiday pay|sick pay|no contract|without (?:a )?contract|"
    r"own money|bought|sold|fee|deposit|recruitment fee|for (?:his|her) (?:ticket|visa|flight)"
)
HARM = (
    r"victim|scared|afraid|frightened|terrified|frighten\w*|fears?|cries|crying|cried|tears|upset|beaten|beats?|slap\w*|hit|hits|punch\w*|kick\w*|pushed|raped?|abus\w*|assault\w*|groped|touch\w*|harass\w*|bull(?:y|ied|ies|ying)|threat\w*|"
    r"shout\w*|scream\w*|sworn at|swears|escap\w*|ran (?:away|off)|run away|missing|disappear\w*|lock(?:ed)? (?:in|up|out)|trapped|never leaves?|never left|never goes out|not allowed|allowed|not free|can ?not leave|can[’']?t leave|not let|wo(?:n[’']t|nt) let|"
    r"controls?|controlled|controlling|forced|selling|begging|prostitut\w*|escort|stole\w*|stealing|theft|thief|sacked|fired|dismissed|let go|suspended|disciplin\w*|warning|grievance|complain\w*|reported|tribunal|"
    r"black ?list\w*|moody|lazy|trouble\w*|fight\w*|fought|argued|row with"
)
LIFE = (
    r"gay|lesbian|trans|muslim|christian|religio\w*|jew\w*|roma|gypsy|traveller|divorc\w*|separated|married|marriage|wedding|single (?:mum|mother|parent|dad)|widow\w*|baby|babies|pregnan\w*|boyfriend|girlfriend|affair|homeless|"
    r"sleeps?|sleeping|slept|lives?|living|kips?|shares?|sharing|bed bugs|no shoes|mattress|in (?:caravan|room|bed|flat) \w+|caravan|speaks? no|no english|cannot read|can[’']?t read|illiterate|lonely|homesick|orphan|funeral|died|dying|dead|death|"
    r"under ?age\w*|too young|only \d\d|looks (?:about |like )?\d\d|aged? \d\d|years old|union|wants? to (?:leave|go home|quit)|went home|gone home|no family|nobody signs|wages? go to|phone"
)
_DELICATE = re.compile(rf"\b(?:{HEALTH}|{STAY}|{MONEY}|{HARM}|{LIFE})\b", _ANY_CASE)
_PAST = re.compile(
    r"\b(?:was|had|got|did|said|told|came|left|went|lost|gave|took|fell|hurt|asked|wanted|started|stopped|worked|walked|cried|found|saw|kept|made|sent|been|broke|cut|hasn[’']?t|wasn[’']?t|didn[’']?t|never|still|since|yesterday|"
    r"last (?:week|month|year|night|summer|winter|season|\w+day)|on \w+day|this (?:week|month|morning)|in (?:january|february|march|april|may|june|july|august|september|october|november|december)|today|ago|already|again|now|wants|says|owes|thinks|looks)\b",
    _ANY_CASE,
)
_RULE = re.compile(
    r"\b(?:he or she|she or he|his or her|him or her|her or his|he/she|she/he|his/her|him/her|s/he|\(s\)he|(?:if|when|where|unless|in case|until|whenever|should|as soon as|so that|before|after|once|while) (?:a|an|any|one|someone|somebody|some one|anyone|anybody|each|every|no) ?(?:[\w-]+ ){0,2}?(?:"
    + JOB
    + r"|person|someone|somebody|anyone|anybody|member|staff|guest|customer|visitor|child|one|man|woman|minor)?|(?:any|each|every|no|whichever|all) (?:[\w-]+ ){0,2}?(?:"
    + JOB
    + r"|person|member|one|man|woman|guest|visitor|customer|child))\b",
    _ANY_CASE,
)
_RULE_LIGHT = re.compile(
    r"\b(?:everyone|everybody|anyone(?! else)|anybody|nobody|no one|workers|policy|policies|procedure\w*|always|must|should|may|posters?|leaflets?|training|risk assessment|certificate\w*|insurance|assessments?|we (?:check|train|offer|provide|give|ask|tell|keep a record|do not|don[’']t|never)|as a rule|usually|once a (?:year|month|week)|every (?:year|week|month|day|season)|weekly|monthly|yearly|each (?:year|week|month))\b",
    _ANY_CASE,
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:owner|director|accountant|bookkeeper|auditor|inspector|councillor|solicitor|lawyer|adviser|vet|mp|buyer|customer|guest|visitor|secretary|manager|postman|engineer|electrician|plumber|landowner|client|"
    r"myself|my (?:wife|husband|father|mother|dad|mum|son|daughter|parents))\b",
    _ANY_CASE,
)
"""Of whom a business may well write: not of a worker, or of the family itself."""
_FIRST_PERSON = re.compile(
    r"\b(?:my|our) (?:passports?|visas?|wages|pay|bank cards?|papers|phones?|documents?|id|contract|salary) (?:is|are|was|were|with|stay|not|has|have)\b|\b(?:my|our) (?:boss|agent|supervisor|gangmaster|landlord|employer|foreman)\b.{0,30}?"
    r"\b(?:passports?|cards?|papers|phones?|hits?|shouts?|money|wages|threat\w*|owes?|debt|lock\w*)\b|\bi(?:[’']?m| am| was|[’']ve been| got| been| have been) (?:\w+ )?(?:hit|beaten|slapped|sold|locked|not free|free|scared|afraid|ill|sick|hurt|injured|pregnant|trafficked|"
    r"threatened|charged|told|trapped|punched|touched|raped|sacked|\d{2})\b|\bi (?:paid|pay) (?:\w+ ){0,3}?(?:agent|boss|landlord|supervisor|for (?:my|the) (?:job|bed|visa|room))\b|\bi (?:owe|sleep|cannot|can not|can’t|can't|want|need|work) (?:\w+ ){0,2}?(?:leave|agent|passport|home|help|hours|debt|floor|money|pounds|\d)|\b(?:owes?|owe) me\b|\bhelp me\b"
    r"|\bmy (?:visa|passport|brother|sister|cousin|wages|debt|baby|papers|boyfriend|asylum|bed|back|hand|leg)\b.{0,40}?\b(?:took|take|takes|taken|boss|agent|owe|home office|refused|sick|ill|broken|hurt|hospital|not paid|no papers|hold|holds|keep|keeps|kept)\b",
    _ANY_CASE,
)
_NOTE = re.compile(
    r"^(?:has|had|owes|wants|says|said|sleeps|lives|sends|cannot|can[’']t|cant|got|was|isn[’']t|hasn[’']t|came|not allowed|never|only \d\d|aged|pregnant|no papers|no visa|on a (?:student|tourist|visit)|lost|hit|scared|afraid|sick|ill)\b",
    _ANY_CASE,
)

_YOUNG = frozenset({"girls", "boys", "lads", "women", "men", "ladies", "guys", "kids", "blokes", "chaps"})
_POINTING = frozenset({"this", "that", "one", "another", "a", "an"})
_PERSON_SIGNS = (
    (_HE, 0.95),
    (_OWN, 0.85),
    (_HIS, 0.75),
    (_PERSON_SAID, 0.6),
    (_YOUTH, 0.9),
    (_NATION_SAID, 0.7),
    (_THEIR_KIN, 0.6),
    (_JOB_BARE, 0.4),
    (_ANY_KIN, 0.4),
    (_SOME_OF, 0.4),
    (_SOMEBODY, 0.4),
    (_A_LAD, 0.45),
    (_SOME_ONE, 0.3),
)

_FEWEST_WORDS = 2


def one_person_weight(text: str) -> float:
    """How much speaks for one person being told of. From `ONE_PERSON_THRESHOLD` on it should be asked about."""
    delicate = len({found.group().lower() for found in _DELICATE.finditer(text)})
    topic = 0.0 if not delicate else 0.5 if delicate == 1 else 0.65
    past = 0.15 if _PAST.search(text) else 0.0
    who = _person_weight(text)
    if not who:
        return topic + past + 0.3 if _NOTE.search(text) and topic else 0.0
    total = who + topic + past + (0.3 if _BEHIND.search(text) else 0.0)
    if _RULE.search(text):
        total -= 1.0
    if _RULE_LIGHT.search(text):
        total -= 0.3
    if _SOMEBODY_ELSE.search(text):
        total -= 0.6
    return total


def _person_weight(text: str) -> float:
    found = [weight for sign, weight in _PERSON_SIGNS if sign.search(text)]
    one_of = _ONE_OF.search(text)
    if one_of:
        found.append(0.9 if (one_of.group("who") or "them").lower() in _YOUNG else 0.5)
    for job in _JOB_SAID.finditer(text):
        marked = _MARKED.search(job.group("mark")) is not None or job.group("det").lower() in _POINTING
        found.append(0.6 if marked else 0.3)
    return max(found, default=0.0)


def tells_of_one_person(text: str) -> bool:
    """Whether the text tells something of one person, named or not, or of the writer. A word by itself tells nothing."""
    if len(text.split()) < _FEWEST_WORDS:
        return False
    return one_person_weight(text) >= ONE_PERSON_THRESHOLD or _FIRST_PERSON.search(text) is not None
