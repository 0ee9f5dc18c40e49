"""Who a business is: name, postcode and company number, each cleaned and checked in its form alone."""

from __future__ import annotations

import re

from marshmallow import ValidationError

from assess.assessments.fields import Cleaner, Words

LONGEST_NAME = 120
_LEADS_AWAY = re.compile(r"://|\bwww\.", re.IGNORECASE)

_POSTCODE = re.compile(r"(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2})")
_COMPANY_NUMBER = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}|IP[0-9]{5}R")
_SHORT_COMPANY_NUMBER = re.compile(r"[0-9]{5,7}")


class Name(Cleaner[str]):
    """The name of a business as it wants to see it printed."""

    def _clean(self, value: object) -> str:
        name = Words(LONGEST_NAME).deserialize(value)
        if not name:
            raise ValidationError("Enter the name of your business.")
        if _LEADS_AWAY.search(name):
            raise ValidationError("Enter the name of your business without a web address.")
        return name


class Postcode(Cleaner[str]):
    """A British postcode, kept in capitals with its one space."""

    def _clean(self, value: object) -> str:
        text = "".join(Words().deserialize(value).upper().split())
        if not _POSTCODE.fullmatch(text):
            raise ValidationError("Enter a full UK postcode, like NR1 3JU, or leave it out.")
        return f"{text[:-3]} {text[-3:]}"


class CompanyNumber(Cleaner[str]):
    """A Companies House number: eight digits, or two letters and six digits. Lost leading zeros are put back."""

    def _clean(self, value: object) -> str:
        text = "".join(Words().deserialize(value).upper().split())
        if _SHORT_COMPANY_NUMBER.fullmatch(text):
            text = text.rjust(8, "0")
        if not _COMPANY_NUMBER.fullmatch(text):
            raise ValidationError("Enter the 8 characters of your company number, like 01234567, or leave it out.")
        return text
