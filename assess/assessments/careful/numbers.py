"""Numbers and addresses that lead to one person: papers, phones, mailboxes, bank accounts, dates of birth, cars, where they sleep.

Each pattern is one simple sign; numbers of orders, invoices and licences are passed over by the word before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

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

_SIGNS: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
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
    for kind, patterns in _SIGNS.items():
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


def names_a_berth(text: str) -> bool:
    """Whether a text names a room, caravan or bed by its number."""
    return _BERTH.search(text) is not None


def _where_one_person_is(text: str) -> bool:
    place = _ADDRESS.search(text) or _POSTCODE.search(text) or _BERTH.search(text)
    if place is None:
        return False
    about_one = _ONE_PERSON.search(text) is not None
    return about_one and (_SLEEPS.search(text) is not None or _BERTH.search(text) is not None)
