"""Reads one purchase as people write it: goods, country and share, on a page or in an answers file. Imports no Flask and no SQLAlchemy."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from marshmallow import ValidationError

from assess.assessments.purchases import NOISE, WHOLE, LineContent
from assess.core.forms.fields import TextField, sentences_of
from assess.engine.problems import did_you_mean
from assess.engine.purchases import Purchase
from assess.engine.reference import Offer, Reference
from assess.question_banks.question_types import JsonField, quoted, value_kind

_FROM = re.compile(r"(.+?),? from (.+)", re.IGNORECASE)
_AND = re.compile(r",? (?:and|&) ", re.IGNORECASE)


def split_goods(goods: Iterable[str], reference: Reference) -> list[LineContent]:
    """What goes on the list, in the order it was written. A country stands with goods alone: workers who come from one work here."""
    return [said for good in goods for said in _split_good(good, reference)]


def _split_good(good: str, reference: Reference) -> Sequence[LineContent]:
    whole = [LineContent(good)]
    if reference.offer(good) is not None:
        return whole
    things, country = _split_country(good, reference)
    parts = [things] if reference.offer(things) is not None else _AND.split(things)
    offers = [reference.offer(part.casefold()) for part in parts]
    if not _are_different(offers) or (country and any(offer and offer.kind == "service" for offer in offers)):
        return whole
    return [LineContent(part.casefold(), country) for part in parts]


def _split_country(good: str, reference: Reference) -> tuple[str, str | None]:
    """The words before “from”, and the country after it; all words where no country of ours stands there."""
    found = _FROM.fullmatch(good)
    if found is None:
        return good, None
    try:
        country = read_country(found[2], {one.code: one.name for one in reference.countries.values()})
    except ValidationError:
        country = None
    return (found[1], country) if country else (good, None)


def _are_different(offers: Sequence[Offer | None]) -> bool:
    """Whether all are known, and none twice: “milk and butter” is one usual purchase."""
    keys = [offer.key for offer in offers if offer is not None]
    return len(keys) == len(offers) == len(set(keys))


LONGEST_COUNTRY = 60
COUNTRY_SIMILARITY_CUTOFF = 0.72
"""How alike a name must be, 0 to 1, before it is offered: “Ecuadr” is near enough, “Norwich” is near nothing."""

_NOT_KNOWN = frozenset(
    {"not known", "unknown", "not sure", "do not know", "dont know", "no idea", "dk", "na", "n a", "none", "various"}
)
_OTHER_NAMES = {
    "GB": (
        "uk", "gb", "britain", "great britain", "british", "england", "scotland", "wales",
        "northern ireland", "north ireland", "n ireland", "nireland", "ulster",
    ),
    "US": ("us", "usa", "america", "states", "united states of america"),
    "AE": ("uae", "emirates", "dubai", "abu dhabi"),
    "BO": ("plurinational state of bolivia",),
    "CD": ("drc", "dr congo", "democratic republic of congo", "zaire"),
    "CG": ("republic of congo",),
    "CI": ("ivory coast",),
    "CN": ("prc", "mainland china", "peoples republic of china"),
    "CV": ("cabo verde",),
    "CZ": ("czech republic",),
    "DO": ("dominican rep",),
    "FK": ("falklands",),
    "FM": ("federated states of micronesia",),
    "HK": ("hong kong",),
    "IE": ("eire", "republic of ireland", "southern ireland", "irish republic"),
    "KR": ("republic of korea",),
    "MK": ("macedonia",),
    "MM": ("myanmar", "burma"),
    "MO": ("macao", "macau"),
    "NL": ("holland",),
    "NZ": ("nz",),
    "PH": ("phillipines", "philipines"),
    "PS": ("palestine", "west bank", "gaza"),
    "RU": ("russian federation",),
    "SA": ("saudi", "ksa"),
    "SZ": ("swaziland",),
    "TL": ("east timor",),
    "TR": ("turkey",),
    "VA": ("vatican", "holy see"),
    "VN": ("viet nam",),
    "ZA": ("rsa",),
}  # fmt: skip

_MORE_THAN_ONE = {
    "ni": "“United Kingdom” or “Nicaragua”",
    "korea": "“South Korea” or “North Korea”",
    "congo": "“Congo - Kinshasa” or “Congo - Brazzaville”",
    "virgin islands": "“British Virgin Islands” or “US Virgin Islands”",
}
_NO_COUNTRY = frozenset(
    {
        "eu",
        "europe",
        "european union",
        "asia",
        "far east",
        "africa",
        "south america",
        "middle east",
        "world",
        "imported",
    }
)

_UK_PLACES = (
    "bedfordshire, belfast, birmingham, bradford, brighton, bristol, buckinghamshire, cambridge, cambridgeshire, "
    "cardiff, cheshire, cornwall, coventry, cumbria, derby, derbyshire, devon, dorset, durham, edinburgh, essex, "
    "glasgow, gloucestershire, great yarmouth, hampshire, herefordshire, hertfordshire, hull, ipswich, kent, kings "
    "lynn, lancashire, leeds, leicester, leicestershire, lincoln, lincolnshire, liverpool, london, lowestoft, "
    "manchester, newcastle, norfolk, northampton, northamptonshire, northumberland, norwich, nottingham, "
    "nottinghamshire, oxford, oxfordshire, peterborough, plymouth, portsmouth, sheffield, shropshire, somerset, "
    "southampton, staffordshire, suffolk, surrey, sussex, swansea, thetford, warwickshire, wiltshire, wisbech, "
    "worcestershire, york, yorkshire"
)
_IN_THE_UK = frozenset(_UK_PLACES.split(", "))
"""Towns and counties people write for where a firm is. Some have a namesake abroad, so nothing is taken for granted."""


def read_country(said: str, names: Mapping[str, str]) -> str | None:
    """The two letters of a country; None: not known. `names` by two letters. Raises ValidationError: what to write."""
    text = TextField(LONGEST_COUNTRY).deserialize(said)
    word = _normalise(text)
    # letters of another alphabet are something, though nothing of them is left in `word`
    if word in _NOT_KNOWN or not (word or any(one.isalpha() for one in text)):
        return None
    found = _by_word(tuple(names.items())).get(word)
    if found is not None:
        return found
    if word in _MORE_THAN_ONE:
        raise ValidationError(f"Write {_MORE_THAN_ONE[word]}, or leave it empty if you do not know which.")
    if word in _NO_COUNTRY:
        raise ValidationError(f"{quoted(text)} is not one country. If you do not know which one, leave it empty.")
    if word in _IN_THE_UK:
        raise ValidationError(f"{quoted(text)} is no country. If you mean the one in the UK, write “United Kingdom”.")
    raise ValidationError(_country_error(text, word, names))


def _country_error(text: str, word: str, names: Mapping[str, str]) -> str:
    if word.upper() in names:  # a code: “dk” is how people say “don’t know”, so none is taken for granted
        return f"Write the name of the country, not its letters. Did you mean {quoted(names[word.upper()])}?"
    known = _by_word(tuple(names.items()))
    nearest = difflib.get_close_matches(word, known, n=1, cutoff=COUNTRY_SIMILARITY_CUTOFF) if word else []
    if nearest:
        return f"There is no country {quoted(text)}. Did you mean {quoted(names[known[nearest[0]]])}?"
    return f"There is no country {quoted(text)}. Write its name, like “Ecuador”, or leave it empty if you do not know."


@lru_cache(maxsize=4)
def _by_word(names: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    codes = {code for code, _ in names}
    by_word = {_normalise(name): code for code, name in names}
    return by_word | {word: code for code, words in _OTHER_NAMES.items() if code in codes for word in words}


def _normalise(text: str) -> str:
    """Small letters without accents, points and “the”; “St” written out."""
    letters = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    words = re.findall(r"[a-z0-9]+", re.sub(r"[.'’]", "", letters))
    return " ".join("saint" if word == "st" else word for word in words if word not in {"the", "and"})


LINE_KEYS = ("good", "country", "share", "supplier")
LONGEST_GOOD = 120
LONGEST_SUPPLIER = 120
MAX_FILE_LINES = 200
"""More than any small business tells apart; a list without end would make a page without end."""
PURCHASES_KEY = "organisation.purchases"
_OTHER_CODES = {"UK": "GB", "EN": "GB", "EL": "GR"}


def read_purchases(value: object, countries: Mapping[str, str]) -> tuple[tuple[Purchase, ...], list[str]]:
    """The lines, and what is wrong with them. `countries` are the English names by two letters; with errors, there are no lines."""
    if value is None:
        return (), []
    if not isinstance(value, list):
        return (), [f"{PURCHASES_KEY}: Give a list of lines in square brackets; this is {value_kind(value)}."]
    if len(value) > MAX_FILE_LINES:
        return (), [
            f"{PURCHASES_KEY}: There are {len(value)} lines; at most {MAX_FILE_LINES} can be told apart: join alike ones."
        ]
    lines = [_FileLine(f"{PURCHASES_KEY}, line {number}", row, countries) for number, row in enumerate(value, 1)]
    errors = [error for line in lines for error in line.errors]
    total = sum(line.share for line in lines if line.share is not None)
    if total > WHOLE + NOISE:
        errors.append(
            f"{PURCHASES_KEY}: The shares add up to {total:g}, and together they can be 100 at most: correct them, or leave some out."
        )
    if errors:
        return (), errors
    return tuple(Purchase(line.good, line.country, line.share, line.supplier) for line in lines), []


def has_visible_text(text: str) -> bool:
    """Whether there is anything to read in it: marks without width and turning marks are nothing."""
    return any(one.isprintable() and not one.isspace() for one in text)


class _FileLine:
    def __init__(self, place: str, row: object, countries: Mapping[str, str]) -> None:
        self._place = place
        self.errors: list[str] = []
        self.good, self.country, self.share, self.supplier = "", None, None, None
        if not isinstance(row, dict):
            self.errors.append(f"{place}: Give a group of keys, at least “good”; this is {value_kind(row)}.")
            return
        self.errors += [
            f"{place}: There is no key {quoted(key)}{did_you_mean(str(key), LINE_KEYS, otherwise=': take it out, or correct its name.')}"
            for key in row
            if key not in LINE_KEYS
        ]
        self.good = self._good(row.get("good"))
        self.country = self._country(row.get("country"), countries)
        self.share = self._share(row.get("share"))
        self.supplier = self._words("supplier", row.get("supplier"), LONGEST_SUPPLIER) or None

    def _fault(self, key: str, sentence: str) -> None:
        self.errors.append(f"{self._place}, {key}: {sentence}")

    def _good(self, value: object) -> str:
        told = len(self.errors)
        good = self._words("good", value, LONGEST_GOOD)
        if told == len(self.errors) and not has_visible_text(good):
            self._fault("good", "Say what is bought, like “Shrimp” or “cleaning”.")
        return good

    def _words(self, key: str, value: object, longest: int) -> str:
        if value is None:
            return ""
        try:
            return str(JsonField(TextField(longest)).deserialize(value))
        except ValidationError as refusal:
            for sentence in sentences_of(refusal):
                self._fault(key, sentence)
            return ""

    def _country(self, value: object, countries: Mapping[str, str]) -> str | None:
        if value is None or (isinstance(value, str) and value in countries):
            return value
        if not isinstance(value, str):
            self._fault("country", f"Give the two letters of a country as text, or null; this is {value_kind(value)}.")
            return None
        self._fault("country", _country_code_error(value, countries))
        return None

    def _share(self, value: object) -> float | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= WHOLE:
            self._fault("share", "Give the share of all spending as a number from 0 to 100, or leave it out.")
            return None
        return value


def _country_code_error(said: str, countries: Mapping[str, str]) -> str:
    """How to write this country. Small letters are not taken for a code: “dk” is how answers say “don’t know”."""
    word = " ".join(said.split())
    codes = {name.casefold(): code for code, name in countries.items()}
    code = codes.get(word.casefold()) or _OTHER_CODES.get(word.upper())
    if code is None and word.upper() in countries:
        code = word.upper()
    if code is None:
        return f"There is no country {quoted(said)}: give its two letters, like EC, or null where it is not known."
    return f"Write {quoted(code)} for {countries[code]}, or null where the country is not known."
