"""Reading the name of a country as people in Britain write it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from marshmallow import ValidationError

from assess.assessments.fields import Words
from assess.assessments.wording import quoted

LONGEST_COUNTRY = 60
CUT_OFF = 0.72
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
"""What people write that is not the name in our list."""

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

_PLACES = (
    "bedfordshire, belfast, birmingham, bradford, brighton, bristol, buckinghamshire, cambridge, cambridgeshire, "
    "cardiff, cheshire, cornwall, coventry, cumbria, derby, derbyshire, devon, dorset, durham, edinburgh, essex, "
    "glasgow, gloucestershire, great yarmouth, hampshire, herefordshire, hertfordshire, hull, ipswich, kent, kings "
    "lynn, lancashire, leeds, leicester, leicestershire, lincoln, lincolnshire, liverpool, london, lowestoft, "
    "manchester, newcastle, norfolk, northampton, northamptonshire, northumberland, norwich, nottingham, "
    "nottinghamshire, oxford, oxfordshire, peterborough, plymouth, portsmouth, sheffield, shropshire, somerset, "
    "southampton, staffordshire, suffolk, surrey, sussex, swansea, thetford, warwickshire, wiltshire, wisbech, "
    "worcestershire, york, yorkshire"
)
_IN_THE_UK = frozenset(_PLACES.split(", "))
"""Towns and counties people write for where a firm is. Some have a namesake abroad, so nothing is taken for granted."""


def read_country(said: str, names: Mapping[str, str]) -> str | None:
    """The two letters of a country, None where it is not known. `names` are those of our list by two letters.

    Raises:
        ValidationError: with one sentence that says what to write.
    """
    text = Words(LONGEST_COUNTRY).deserialize(said)
    word = _bare(text)
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
    raise ValidationError(_sentence(text, word, names))


def _sentence(text: str, word: str, names: Mapping[str, str]) -> str:
    if word.upper() in names:  # a code: “dk” is how people say “don’t know”, so none is taken for granted
        return f"Write the name of the country, not its letters. Did you mean {quoted(names[word.upper()])}?"
    known = _by_word(tuple(names.items()))
    nearest = difflib.get_close_matches(word, known, n=1, cutoff=CUT_OFF) if word else []
    if nearest:
        return f"There is no country {quoted(text)}. Did you mean {quoted(names[known[nearest[0]]])}?"
    return f"There is no country {quoted(text)}. Write its name, like “Ecuador”, or leave it empty if you do not know."


@lru_cache(maxsize=4)
def _by_word(names: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Countries by every way to write them."""
    codes = {code for code, _ in names}
    by_word = {_bare(name): code for code, name in names}
    return by_word | {word: code for code, words in _OTHER_NAMES.items() if code in codes for word in words}


def _bare(text: str) -> str:
    """Small letters without accents, points and “the”; “St” written out."""
    letters = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    words = re.findall(r"[a-z0-9]+", re.sub(r"[.'’]", "", letters))
    return " ".join("saint" if word == "st" else word for word in words if word not in {"the", "and"})
