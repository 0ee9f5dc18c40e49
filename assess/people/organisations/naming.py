"""What an organisation may be called, its company number, and whose domain an address is at. How names are confirmed: `names.py`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from assess.kit.mail.addresses import SHARED_BY_MANY, domain_of, mailbox_of
from assess.people.models import LONGEST_NAME
from assess.people.organisations.alike import mixes_scripts
from assess.people.organisations.as_seen import has_unseen
from assess.people.organisations.name_fraud import fault_in

_PROVIDERS = Path(__file__).with_name("mail_providers.txt")
_GOVERNMENT = Path(__file__).with_name("government_suffixes.txt")
_COMPANY_NUMBER = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}|IP[0-9]{5}R")
_SHORT_COMPANY_NUMBER = re.compile(r"[0-9]{5,7}")
_LEADS_AWAY = re.compile(r"://|\bwww\.", re.IGNORECASE)


class NameUnfitError(ValueError):
    """It cannot be called so; the sentence says why."""


class NumberUnfitError(ValueError):
    """It is no company number; the sentence says why."""


class DomainUnfitError(ValueError):
    """This address shows nothing about an organisation."""


def fit_name(typed: str, what: str = "the name of the organisation") -> str:
    """The name without needless spaces.

    Raises:
        NameUnfitError: also for an address of a site, for names go out in mail.
    """
    name = " ".join(typed.split())
    if not name:
        raise NameUnfitError(f"Enter {what}.")
    if len(name) > LONGEST_NAME:
        raise NameUnfitError(f"Enter {what} in {LONGEST_NAME} characters or fewer.")
    if has_unseen(name):
        raise NameUnfitError(f"Enter {what} without signs that cannot be seen. Type it anew instead of copying it.")
    if _LEADS_AWAY.search(name):
        raise NameUnfitError(f"Enter {what} in letters, without a web address.")
    return name


def fit_organisation_name(typed: str) -> str:
    """The same for an organisation, whose name goes out to people who do not know it.

    Raises:
        NameUnfitError
    """
    name = fit_name(typed)
    if mixes_scripts(name):
        raise NameUnfitError("Enter the name with letters of one alphabet in each word.")
    fault = fault_in(name)
    if fault is not None:
        raise NameUnfitError(fault)
    return name


def fit_company_number(typed: str) -> str | None:
    """A Companies House number with its lost zeros put back; None when nothing was typed.

    Raises:
        NumberUnfitError
    """
    text = "".join(typed.upper().split())
    if not text:
        return None
    if _SHORT_COMPANY_NUMBER.fullmatch(text):
        text = text.rjust(8, "0")
    if not _COMPANY_NUMBER.fullmatch(text):
        raise NumberUnfitError("Enter the 8 characters of the company number, like 01234567, or leave it out.")
    return text


def own_domain(email: str) -> str:
    """The domain that an address shows to be somebody's own.

    Raises:
        DomainUnfitError: when anybody may have an address there.
    """
    host = mailbox_of(email).rpartition("@")[2]
    suffix = _government_suffix(host)
    if suffix is not None:
        if host == suffix and not government_suffixes()[suffix]:
            raise DomainUnfitError(host)
        return ".".join(host.split(".")[-(suffix.count(".") + 2) :])
    domain = domain_of(email)
    if domain in providers() | SHARED_BY_MANY or any(domain.endswith(line) for line in providers() if line[0] == "."):
        raise DomainUnfitError(domain)
    return domain


def is_of_government(domain: str) -> bool:
    """Whether only a public body is given such a domain."""
    suffix = _government_suffix(domain)
    return suffix is not None and (domain != suffix or government_suffixes()[suffix])


@cache
def government_suffixes() -> dict[str, bool]:
    """Endings that only public bodies are given, and whether people have addresses directly under it."""
    lines = [line.split() for line in _GOVERNMENT.read_text(encoding="utf-8").splitlines() if line[:1] not in {"", "#"}]
    return {suffix: bool(itself) for suffix, *itself in lines}


def _government_suffix(host: str) -> str | None:
    return next((suffix for suffix in government_suffixes() if f".{host}".endswith(f".{suffix}")), None)


@cache
def providers() -> frozenset[str]:
    """Domains at which many have a mailbox who have nothing to do with each other; with a dot before it, all domains below."""
    lines = _PROVIDERS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
