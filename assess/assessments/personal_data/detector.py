"""Guesses from a text alone which personal details it seems to hold, by adding up weak signs. Returns kinds of details, never the words themselves."""

from __future__ import annotations

import enum
import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

_ENDINGS = (
    (("ies", "ied", "ier", "iest", "ily"), ("y",)),
    (("ers", "ing", "ings", "est", "es", "ed", "er"), ("", "e")),
    (("ness", "ly", "s"), ("",)),
)
"""Endings, and what may stand in their place in the word they were put to."""
_NO_NAME = re.compile(
    r".{4,}(?:[st]ion|ments?|tions|ness|ship|[ai]ble|ism|less|ful|proof|ology|ings|ally|is(?:ed|ing)|wise)"
)
"""Long words with endings that no name has."""
_PART = 4
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "ı": "i", "ə": "e", "’": "'"})


@functools.cache
def _sections() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("words.txt").read_text(encoding="utf-8")
    sections: dict[str, set[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            entries = sections.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            entries.update(entry for part in line.split(",") if (entry := part.strip()))
    return {name: frozenset(entries) for name, entries in sections.items()}


def word_list(*sections: str) -> frozenset[str]:
    """The entries of these sections, in small letters and without accents."""
    return frozenset().union(*(_sections()[section] for section in sections))


def any_of(*sections: str) -> str:
    """A pattern for one of the entries: “*” stands for any ending, a blank for a hyphen too, an apostrophe for none too."""
    entries = re.escape("|".join(sorted(word_list(*sections), reverse=True)))
    for typed, meant in ((r"\|", "|"), (r"\*", r"\w*"), (r"\ ", "[ -]"), ("'", "[’']?")):
        entries = entries.replace(typed, meant)
    return f"(?:{entries})"


def folded(word: str) -> str:
    """The word in small letters and without accents: “Łukasz” becomes “lukasz”."""
    low = word.lower().translate(_PLAIN)
    return "".join(letter for letter in unicodedata.normalize("NFKD", low) if not unicodedata.combining(letter))


def stems(word: str) -> Iterator[str]:
    """The words of which a word (in small letters) may be made by a usual ending: “picked” gives “pick” and “picke”."""
    for endings, puts in _ENDINGS:
        for ending in endings:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 1:
                yield from (stem + put for put in puts)
                if len(puts) > 1 and stem[-1] == stem[-2]:
                    yield stem[:-1]


def is_english(word: str) -> bool:
    """Whether a word in small letters stands in the list, as it is, with an ending, or put together of two."""
    words = word_list("ordinary words")
    if "-" in word:
        return all(is_english(part) for part in word.split("-") if part)
    if word in words or not words.isdisjoint(stems(word)):
        return True
    if _NO_NAME.fullmatch(word):
        return True
    if any(word[:cut] in words and word[cut:] in words for cut in range(_PART, len(word) - _PART + 1)):
        return True
    return word[:2] in {"un", "re"} and len(word) > _PART + 1 and is_english(word[2:])


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


_ANY_CASE = re.IGNORECASE
_OF_AN_OFFICE = re.compile(
    r"\b(?:office|reception|helpline|hotline|switchboard|landline|customer services?|out of hours|emergency|council|police|hospital|surgery|our number|the number is|agency|company)\b",
    _ANY_CASE,
)
"""Whose phone it is where no person is named."""
_MOBILE = re.compile(r"(?<!\d)0 ?7\d|\+\d|(?<!\d)00\d")
_GENERAL = re.compile(
    r"\b(?:he or she|his or her|any|each|every|no one|everyone|everybody|anyone|anybody|nobody|workers|policy|procedure)\b",
    _ANY_CASE,
)

_PERSON_MEANT = re.compile(
    rf"\b(?:he|she|him|her|his|girl|boy|lad|lass|kid|child|woman|man|lady|guy|bloke|teenager|one|{any_of('jobs')}|son|daughter|brother|sister|cousin|nephew|niece)\b",
    _ANY_CASE,
)
_AGE_OF_MINE = re.compile(r"\bi(?: am|’m|'m|m) \d\d\b|^(?:aged?|age) \w+", _ANY_CASE)
_AGE_TOLD = re.compile(
    r"\b(?:aged?|is|was|only|just|turn(?:s|ed)|about|around|maybe|barely|looks) (?:only |just |about |barely |maybe )?(?:1[1-9]|[2-7]\d)\b(?! ?(?:%|£|p\b|pm|am|hours|hrs|days|weeks|months|miles|people|workers|beds|per|an hour|a day|or over|and over|to \d|-\d|:\d|\.\d|/\d|,\d|minutes|mins|of|in|rooms|cars|staff|pounds|kg|cases|boxes))"
    r"|\b(?:eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)\b(?! (?:beds|rooms|hours|people|workers|staff|pounds|days|weeks|months|cars|of|tons|bags|or over))|\b(?:1[1-9]|[2-7]\d)[ -]?(?:yo|y/o|yrs? old|years? old|year[- ]old)\b(?!s)|\((?:1[0-9]|[2-7]\d)\)|\bi(?:’|')?m (?:1[1-9])\b|\bi am (?:1[1-9]|[2-7]\d)\b",
    _ANY_CASE,
)


def find_personal_details(text: str) -> tuple[FindingKind, ...]:
    """The kinds of details a text seems to hold, each once, in the order of `FindingKind`; empty when nothing gives rise to ask."""
    looked_at = " ".join(text[:LONGEST_SCANNED_TEXT].split())
    found = set(number_kinds(looked_at))
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
    return tuple(kind for kind in FindingKind if kind in found)


def findings_text(findings: tuple[FindingKind, ...]) -> str:
    words = [FINDING_TEXTS[kind] for kind in findings]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


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

_NUMBER_SIGNS = {
    FindingKind.INSURANCE: (_INSURANCE, _INSURANCE_WORD),
    FindingKind.PAPERS: (_PAPERS_WORD, _SHARE_CODE, _PAPERS_BARE, _STAFF_NUMBER),
    FindingKind.PHONE: (_PHONE, _PHONE_WORD),
    FindingKind.BANK: (_BANK,),
    FindingKind.BIRTH: (_BORN, _OLD_DAY),
    FindingKind.CAR: (_PLATE, _PLATE_WORD),
}
_LOOKED_AT_BEFORE = 40


def number_kinds(text: str) -> Iterator[FindingKind]:
    """The kinds of number and address in a text, each once."""
    if any(not _MAILBOX_OF_A_FIRM.match(found.group()) for found in _MAIL.finditer(text)):
        yield FindingKind.MAIL
    for kind, patterns in _NUMBER_SIGNS.items():
        if any(_counts(kind, found, text) for pattern in patterns for found in pattern.finditer(text)):
            yield kind
    where = _BERTH.search(text) or (_SLEEPS.search(text) and (_ADDRESS.search(text) or _POSTCODE.search(text)))
    if where and _ONE_PERSON.search(text):
        yield FindingKind.ADDRESS


def _counts(kind: FindingKind, found: re.Match[str], text: str) -> bool:
    before = text[max(0, found.start() - _LOOKED_AT_BEFORE) : found.start()]
    if kind in {FindingKind.PAPERS, FindingKind.PHONE, FindingKind.INSURANCE} and (
        _OF_TRADE.search(before) or _OWN_TRADE.match(found.group())
    ):
        return False
    if kind is FindingKind.PHONE:
        return not _FREE_OF_CHARGE.search(found.group())
    if kind is FindingKind.INSURANCE:
        return len(re.sub(r"\W", "", found.group())) >= 9 or found.re is _INSURANCE_WORD  # noqa: PLR2004 - two letters, six digits, one letter
    if kind is FindingKind.PAPERS and found.re is _PAPERS_WORD:
        return not re.search(r"\b(?:19|20)\d\d\Z", found.group())
    return True


def names_a_sleeping_place(text: str) -> bool:
    return _BERTH.search(text) is not None


NAME_POINTS = 3
"""A given name has so many by itself; two capitals that are in no list need one sign beside them, a doubtful word a strong one."""
_GIVEN, _ALSO_WORDS = word_list("given names"), word_list("given names that are words")
_NO_NAMES = word_list("no names", "makers")
_GOODS = word_list("goods", "makers")
_FIRM_WORDS, _FIRM_CAPITALS = word_list("firm words"), word_list("firm words in capitals")
_BRANDS = re.compile(rf"\b{any_of('brands')}\b", _ANY_CASE)
_TITLE = re.compile(r"\b(?:[Mm](?:rs?|s|ister)|Miss|[Aa]unt(?:ie|y)|[Uu]ncle)\b\.?[”\"]? [A-Z]")
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'`-][^\W\d_]+)*|\d+|[^\w\s]")
_AND = frozenset({"and", "&", ",", "/", "or", "plus", "with"})

_BEFORE = re.compile(
    r"(?:(?<!firm )(?<!company )(?<!agency )(?<!business )(?<!shop )(?<!place )(?<!farm )(?<!wash )(?<!hotel )(?<!app )(?<!brand )(?<!system )(?<!is )(?:called|named|nicknamed)"
    rf"|name is|known as|goes by|calls? (?:him|her)|\b(?:mrs?|ms|mister|{any_of('people', 'jobs')}|leader|agent|boss|landlord|landlady|manager|old|young|little|one)s? ?[,(–-]?"
    r"|\b(?:ask(?:ed)?|tell|told|text|ring|rang|phoned?|sp(?:oke|eak) (?:to|with)|talk(?:ed)? (?:to|with)|met|saw|sacked|fired|hit|paid for|owe[sd]?|owed to|threatened|sent home|charged|belongs to"
    r"|pays?|paid|overpaid|moved|gave|give|let|lent|contact|dear|hi|hello|thanks|regards|cc|fao|complain\w* (?:about|from|by)|signed|(?:signed|paid|kept|held|run|sent|told|owed|shared|used|driven|collected|looked after) by"
    r"|(?:from|and|by) (?:my|our)|(?:works|stays|lives|shares) with|(?:room|bed|house|passport|wages|payslips?|contract|visa|pay|hours) (?:of|for)|(?:message|letter|note|text|statement|call|email|request|grievance|loan|advance) (?:from|for)|re :?))\Z"
)
"""What stands before a person: words of being called, kin and jobs, what is said or done to somebody."""
_BETWEEN = r"(?:(?:and \w+|& \w+|from \w+|in \w+(?: \d+)?|\w+) ){0,2}?"
_STRONG_DEED = re.compile(
    rf"{_BETWEEN}(?:owes|sleeps?|lives?|takes|drinks|shares? (?:a|one|the|with)|does (?:the|all|our|wages|nights)|do (?:the|nights)|work for|gets|pays|cleans|washes|picks|packs|cooks|cries|cried|quit|left|told|says|said|thinks|knows"
    r"|wants|wanted|works|worked|keeps|speaks|spoke|ran|fell|hurt|cut|broke|burnt|lost|came|comes|went|arrived|started|complained|collapsed|fainted|overstayed"
    r"|(?:is|was|are|were|been|got|gets|feels) (?:\w+ )?(?:ill|sick|hurt|injured|scared|afraid|frightened|drunk|pregnant|sacked|fired|moved|arrested|beaten|hit|charged|paid|sent|told|asked|crying|sleeping|living|off|underage|illegal"
    r"|undocumented|owed|here)\b|(?:\w+ ){1,3}?(?:his|her|him|herself|himself)\b|(?:has|have|had|hasnt|got|without) (?:\w+ ){0,2}?(?:papers?|passport|visa|contract|permit|debts?|fever|kids|children|baby|account))"
)
_DEED = re.compile(
    rf"{_BETWEEN}(?:is|isnt|are|do|have|both|want|was|has|hasnt|had|does|doesnt|did|didnt|ca|can|cannot|cant|wo|wont|tells|took|got|paid|starts|looks|deals|drives|drove|collects|brings|brought|sends|sent|asks|asked|helps|signs|earns"
    r"|borrowed|gave|gives|holds|needs|kept|knew|made|makes|lets|rings|sorts|translates|\w{3,}ed)\b"
)
_OWN = re.compile(
    r"(?:(?:two|old|new|first|last|own|holiday) ){0,2}?(?:passport|visa|wages?|pay|payslips?|phone|mobile|wife|husband|brother|sister|cousin|uncle|mother|father|mum|dad|son|daughter|kids|baby|family|room|bed|caravan|papers|documents"
    r"|contract|bank|account|debts?|money|address|hand|leg|arm|back|knee|hours|shifts?|id|dob|tips|deposit|rent|permit|complaint|job)\b"
    r"|(?:£ )?\d+ ?(?:wks?|weeks?|hrs?|hours|days?|nights?|shifts?|short|quid|pounds|months?|payslips?)\b"
)
"""What is somebody's, and how much of it."""
_POST = re.compile(
    rf"(?:the|our|my|[,(–-]) (?:the |our |\w+ )?(?:{any_of('people', 'jobs')}|leader|agent|boss|landlord|manager)\b"
)
_DEAL = re.compile(
    r"\b(?:from|through|via|off|us(?:e|es|ing)|sells?|sold|buys?|bought|orders?|stocks?|suppli\w+|brand|by|to)\b"
)


@dataclass(slots=True)
class _Word:
    text: str
    low: str
    starts: bool
    points: int = 0

    @property
    def capital(self) -> bool:
        """Whether it is written as names are: a capital and small letters behind."""
        return self.text[:1].isupper() and not (len(self.text) > 1 and self.text.isupper())

    @property
    def initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper() and self.text not in {"A", "I"}


def names_a_person(text: str) -> bool:
    # in a text in capitals a capital says nothing
    shouting = sum(letter.isupper() for letter in text) > sum(letter.islower() for letter in text)
    plain = _BRANDS.sub(",", text.lower() if shouting else text)
    words = _words(plain)
    no_capitals = plain == plain.lower()
    for word, firm in zip(words, _in_firm_names(words), strict=True):
        word.points = 0 if firm else _points_of_word(word, no_capitals=no_capitals)
    goods = any(not _GOODS.isdisjoint({word.low, f"{word.low}s", word.low.removesuffix("s")}) for word in words)
    return _TITLE.search(plain) is not None or any(
        word.points and word.points + _points_around(words, place, goods=goods) >= NAME_POINTS
        for place, word in enumerate(words)
    )


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    starts = True
    for typed in _TOKEN.findall(text):
        if typed == "." and words and words[-1].initial:
            continue
        bare = re.sub(r"n[’'`]t\Z|[’'`](?:s|re|ll|ve|d|m)?\Z", "", typed) or typed
        words.append(_Word(bare, folded(bare), starts))
        starts = typed in ".!?:;•(“-–—"
    return words


def _in_firm_names(words: Sequence[_Word]) -> list[bool]:
    """For each word whether it belongs to the name of a firm, a street or another thing: a run of capitals with a telling word in it."""
    inside = [False] * len(words)
    end = 0
    for place, word in enumerate(words):
        if place < end or not word.text[:1].isupper():
            continue
        end = place + 1
        while end < len(words) and (
            words[end].text[:1].isupper()
            or (
                words[end].low in {"&", "and", "of", "the", "-", "+"}
                and words[end + 1 : end + 2]
                and words[end + 1].text[:1].isupper()
            )
        ):
            end += 1
        lows = {one.low for one in words[place:end]}
        after = words[end].low if end < len(words) else ""
        telling = lows & (_FIRM_WORDS | _FIRM_CAPITALS) or after in _FIRM_WORDS or word.low in {"st", "saint"}
        if telling or ("&" in lows and not _DEED.match(after)):
            inside[place:end] = [True] * (end - place)
    for place, word in enumerate(words[:-1]):
        after = words[place + 1].low
        inside[place] |= after in _FIRM_WORDS
        if word.low in {"&", "and"} and after in {"sons", "son", "co", "bros", "partners"}:
            inside[max(0, place - 2) : place] = [True] * min(2, place)
    return inside


def _points_of_word(word: _Word, *, no_capitals: bool) -> int:
    """What the word alone says. Where nothing has a capital, the first word may stand for one."""
    low = word.low
    if _GIVEN.issuperset(low.split("-")):
        return NAME_POINTS
    if len(low) < 2 or not low[0].isalpha() or low in _NO_NAMES - _ALSO_WORDS:  # noqa: PLR2004 - one letter is an initial
        return 0
    if low in _ALSO_WORDS:
        return 2 - word.starts if word.capital else 0
    if is_english(low):
        return 1 if word.capital and not word.starts else 0
    if word.capital:
        return 2
    if word.text.isupper() or len(low) < 3:  # noqa: PLR2004 - two letters are an abbreviation
        return 0
    return 2 if no_capitals and word.starts else 1


def _points_around(words: Sequence[_Word], place: int, *, goods: bool) -> int:
    """What speaks for a person beside a word, and what against one."""
    word = words[place]
    last, following = (words[place - 1] if place else None), (words[place + 1] if place + 1 < len(words) else None)
    behind = " ".join(one.low for one in words[place + 1 : place + 9])
    points = 0
    if last and last.low in {"the", "a", "an", "some", "all", "any", "no"}:
        points -= 1
    if last and last.low in {"in", "at", "near", "between", "around", "outside"}:
        points -= 2
    if _BEFORE.search(" ".join(one.low for one in words[max(0, place - 4) : place])):
        points += 2
    if _POST.match(behind):
        points += 2
    behind = behind.removeprefix(", ")
    points += 2 if _STRONG_DEED.match(behind) else 1 if _DEED.match(behind) else 0
    points += _OWN.match(behind) is not None
    points += place == 0 and word.capital and behind[:1] in {":", "-", "–", "("}
    points += any(
        one is not None and (one.initial or (word.capital and one.capital and one.points > 1))
        for one in (last, following)
    )
    for joint, other in ((place - 1, place - 2), (place + 1, place + 2)):
        if 0 <= other < len(words) and words[joint].low in _AND:
            points += words[other].points >= NAME_POINTS or (
                word.capital and words[other].capital and words[other].points > 1
            )
    # what trade is done with is more often a firm than a person
    dealt_with = goods and points < 2 and _DEAL.search(" ".join(one.low for one in words[max(0, place - 6) : place]))  # noqa: PLR2004 - nothing strong speaks for a person
    return points - 2 if dealt_with else points


_OF_ONE = re.compile(
    r"\b(?:he|she|hes|shes|he[’'](?:s|d|ll)|she[’'](?:s|d|ll)|him|himself|herself|his|hers|her)\b"
    r"|\b(?:the|this|that|our|an?|my|one|1|another|some|young|\w+(?:an|ese|ish)) (?:\w+ )?(?:girl|boy|lad|lass|bloke|teenager|youngster|fella)\b(?![’']?s\b)"
    r"|^(?:\w+ ){0,2}?(?:girl|lad|lass|bloke|lady|teenager) (?!s\b)|\b(?:one|two|three|another|some|oldest|youngest) of (?:the|our) (?:girls|boys|lads|women|men|ladies|kids)\b",
    _ANY_CASE,
)
"""Words that tell of one person even where nothing delicate is said."""
_PERHAPS_OF_ONE = re.compile(
    rf"\b(?:the|this|that|these|those|our|an?|another|my|one|1|some|your|their) (?:[\w’'-]+[ -]){{0,3}}?{any_of('people', 'jobs', 'nations')}\b(?![’']?s\b)"
    rf"|^(?:\w+ ){{0,2}}?{any_of('people', 'jobs')}\b|\b{any_of('people')} (?:in|from|who|aged|on|is|was|has|had|with|at)\b"
    r"|\b(?:somebody|someone|one|some|two|three|both|none|oldest|youngest) of (?:the|our|them|my)\b|\b(?:somebody|someone|the one who|(?:new|young|old|other|last) one|pregnant)\b"
    r"|\b(?:two|three|both|couple of|few|these|those|the|our) (?:\w+ )?(?:girls|boys|lads|brothers|sisters|cousins|women|men)\b|\b(?:worker|employee|person|victim|male|female|staff) (?:[A-Z]\b|no\.? ?\d)",
    _ANY_CASE,
)
_DELICATE = re.compile(
    rf"\b{any_of('delicate')}(?!\w)|\b(?:paid|pays?|gets?|only|looks|aged?) (?:only |just |about |like |in )?\W?\d\d|\bin (?:caravan|room|bed|flat) \w",
    _ANY_CASE,
)
_RULE = re.compile(
    r"\b(?:he or she|she or he|his or her|him or her|her or his|he/she|she/he|his/her|him/her|s/he|\(s\)he|(?:if|when|where|unless|in case|until|whenever|should|as soon as|so that|before|after|once|while) (?:a|an|any|one|someone|somebody|some one|anyone|anybody|each|every|no) ?(?:[\w-]+ ){0,2}?(?:"
    + any_of("jobs")
    + r"|person|someone|somebody|anyone|anybody|member|staff|guest|customer|visitor|child|one|man|woman|minor)?|(?:any|each|every|no|whichever|all) (?:[\w-]+ ){0,2}?(?:"
    + any_of("jobs")
    + r"|person|member|one|man|woman|guest|visitor|customer|child))\b",
    _ANY_CASE,
)
_IN_GENERAL = re.compile(
    r"\b(?:everyone|everybody|anyone(?! else)|anybody|nobody|no one|workers|policy|policies|procedure\w*|always|must|should|may|posters?|leaflets?|training|risk assessment|certificate\w*|insurance|assessments?|we (?:check|train|offer|provide|give|ask|tell|keep a record|do not|don[’']t|never)|as a rule|usually|once a (?:year|month|week)|every (?:year|week|month|day|season)|weekly|monthly|yearly|each (?:year|week|month)"
    r"|owner|director|accountant|bookkeeper|auditor|inspector|councillor|solicitor|lawyer|adviser|vet|mp|buyer|customer|guest|visitor|secretary|manager|postman|engineer|electrician|plumber|landowner|client|myself|my (?:wife|husband|father|mother|dad|mum|son|daughter|parents))\b",
    _ANY_CASE,
)
"""Rules and policies, and people of whom a business may well write: not of a worker, or of the family itself."""
_FIRST_PERSON = re.compile(
    r"\b(?:my|our) (?:passports?|visas?|wages|pay|bank cards?|papers|phones?|documents?|id|contract|salary) (?:is|are|was|were|with|stay|not|has|have)\b|\b(?:my|our) (?:boss|agent|supervisor|gangmaster|landlord|employer|foreman)\b.{0,30}?"
    r"\b(?:passports?|cards?|papers|phones?|hits?|shouts?|money|wages|threat\w*|owes?|debt|lock\w*)\b|\bi(?:[’']?m| am| was|[’']ve been| got| been| have been) (?:\w+ )?(?:hit|beaten|slapped|sold|locked|not free|free|scared|afraid|ill|sick|hurt|injured|pregnant|trafficked|"
    r"threatened|charged|told|trapped|punched|touched|raped|sacked|\d{2})\b|\bi (?:paid|pay) (?:\w+ ){0,3}?(?:agent|boss|landlord|supervisor|for (?:my|the) (?:job|bed|visa|room))\b|\bi (?:owe|sleep|cannot|can not|can’t|can't|want|need|work) (?:\w+ ){0,2}?(?:leave|agent|passport|home|help|hours|debt|floor|money|pounds|\d)|\b(?:owes?|owe) me\b|\bhelp me\b"
    r"|\bmy (?:visa|passport|brother|sister|cousin|wages|debt|baby|papers|boyfriend|asylum|bed|back|hand|leg)\b.{0,40}?\b(?:took|take|takes|taken|boss|agent|owe|home office|refused|sick|ill|broken|hurt|hospital|not paid|no papers|hold|holds|keep|keeps|kept)\b",
    _ANY_CASE,
)


def tells_of_one_person(text: str) -> bool:
    """Whether the text tells something of one person, named or not, or of the writer. A word by itself tells nothing."""
    if _FIRST_PERSON.search(text):
        return True
    if " " not in text or _RULE.search(text):
        return False
    delicate, general = _DELICATE.search(text) is not None, _IN_GENERAL.search(text) is not None
    if _OF_ONE.search(text):
        return delicate or not general
    return delicate and not general and _PERHAPS_OF_ONE.search(text) is not None
