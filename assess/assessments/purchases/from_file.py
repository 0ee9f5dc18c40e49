"""What a business buys, as it stands in an answers file: each line cleaned, and one sentence for each fault (decisions.md 5)."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import ValidationError

from assess.assessments.fields import Words, sentences
from assess.assessments.wording import did_you_mean, kind_of, quoted
from assess.engine.purchases import Purchase

KEYS = ("good", "country", "share", "supplier")
LONGEST_GOOD = 120
LONGEST_SUPPLIER = 120
MOST_LINES = 200
"""More than any small business tells apart; a list without end would make a page without end."""
WHOLE = 100
_NOISE = 1e-6
"""So little over a hundred is noise of adding decimals."""
PLACE = "organisation.purchases"
_OTHER_NAMES = {"UK": "GB", "EN": "GB", "EL": "GR"}


def read_purchases(value: object, countries: Mapping[str, str]) -> tuple[tuple[Purchase, ...], list[str]]:
    """The lines, and what is wrong with them. `countries` are the English names by two letters; with faults, there are no lines."""
    if value is None:
        return (), []
    if not isinstance(value, list):
        return (), [f"{PLACE}: Give a list of lines in square brackets; this is {kind_of(value)}."]
    if len(value) > MOST_LINES:
        return (), [f"{PLACE}: There are {len(value)} lines; at most {MOST_LINES} can be told apart: join alike ones."]
    lines = [_Line(f"{PLACE}, line {number}", row, countries) for number, row in enumerate(value, 1)]
    faults = [fault for line in lines for fault in line.faults]
    total = sum(line.share for line in lines if line.share is not None)
    if total > WHOLE + _NOISE:
        faults.append(
            f"{PLACE}: The shares add up to {total:g}, and together they can be 100 at most: correct them, or leave some out."
        )
    if faults:
        return (), faults
    return tuple(Purchase(line.good, line.country, line.share, line.supplier) for line in lines), []


def says_something(text: str) -> bool:
    """Whether there is anything to read in it: marks without width and turning marks are nothing."""
    return any(one.isprintable() and not one.isspace() for one in text)


class _Line:
    """One line as it is read."""

    def __init__(self, place: str, row: object, countries: Mapping[str, str]) -> None:
        self._place = place
        self.faults: list[str] = []
        self.good, self.country, self.share, self.supplier = "", None, None, None
        if not isinstance(row, dict):
            self.faults.append(f"{place}: Give a group of keys, at least “good”; this is {kind_of(row)}.")
            return
        self.faults += [
            f"{place}: There is no key {quoted(key)}{did_you_mean(str(key), KEYS) or ': take it out, or correct its name.'}"
            for key in row
            if key not in KEYS
        ]
        self.good = self._good(row.get("good"))
        self.country = self._country(row.get("country"), countries)
        self.share = self._share(row.get("share"))
        self.supplier = self._words("supplier", row.get("supplier"), LONGEST_SUPPLIER) or None

    def _fault(self, key: str, sentence: str) -> None:
        self.faults.append(f"{self._place}, {key}: {sentence}")

    def _good(self, value: object) -> str:
        told = len(self.faults)
        good = self._words("good", value, LONGEST_GOOD)
        if told == len(self.faults) and not says_something(good):
            self._fault("good", "Say what is bought, like “Shrimp” or “cleaning”.")
        return good

    def _words(self, key: str, value: object, longest: int) -> str:
        if value is None:
            return ""
        try:
            return Words(longest).deserialize(value)
        except ValidationError as refusal:
            for sentence in sentences(refusal):
                self._fault(key, sentence)
            return ""

    def _country(self, value: object, countries: Mapping[str, str]) -> str | None:
        if value is None or (isinstance(value, str) and value in countries):
            return value
        if not isinstance(value, str):
            self._fault("country", f"Give the two letters of a country as text, or null; this is {kind_of(value)}.")
            return None
        self._fault("country", _country_sentence(value, countries))
        return None

    def _share(self, value: object) -> float | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= WHOLE:
            self._fault("share", "Give the share of all spending as a number from 0 to 100, or leave it out.")
            return None
        return value


def _country_sentence(said: str, countries: Mapping[str, str]) -> str:
    """How to write this country. Small letters are not taken for a code: “dk” is how answers say “don’t know”."""
    word = " ".join(said.split())
    codes = {name.casefold(): code for code, name in countries.items()}
    code = codes.get(word.casefold()) or _OTHER_NAMES.get(word.upper())
    if code is None and word.upper() in countries:
        code = word.upper()
    if code is None:
        return f"There is no country {quoted(said)}: give its two letters, like EC, or null where it is not known."
    return f"Write {quoted(code)} for {countries[code]}, or null where the country is not known."
