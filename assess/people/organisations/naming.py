"""What an organisation is called, and what shows that the name is true.

Anybody may begin an organisation with any name, so every place that shows the name to others says “name not confirmed” until an
invitation, a domain or a look at the company register confirms it.
"""

from __future__ import annotations

import enum
import re
from functools import cache
from pathlib import Path

from assess.kit.mail.addresses import SHARED_BY_MANY, domain_of
from assess.people.models import LONGEST_NAME, Organisation

NOT_CONFIRMED = "name not confirmed"
_PROVIDERS = Path(__file__).with_name("mail_providers.txt")
_COMPANY_NUMBER = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}|IP[0-9]{5}R")
_SHORT_COMPANY_NUMBER = re.compile(r"[0-9]{5,7}")
_LEADS_AWAY = re.compile(r"://|\bwww\.", re.IGNORECASE)


class ConfirmedBy(enum.StrEnum):
    """What shows that a name is true."""

    INVITATION = "invitation"
    DOMAIN = "domain"
    COMPANY_CHECK = "company_check"


class NameUnfitError(ValueError):
    """It cannot be called so; the sentence says why."""


class NumberUnfitError(ValueError):
    """It is no company number; the sentence says why."""


class DomainUnfitError(ValueError):
    """This address shows nothing about an organisation."""


def name_note(organisation: Organisation) -> str | None:
    """“name not confirmed” until something confirms it, else None."""
    return None if organisation.confirmed_by else NOT_CONFIRMED


def confirmed_words(organisation: Organisation) -> str | None:
    """What shows that the name is true, for whoever is to rely on it; None when nothing does.

    A domain shows only whose the domain is: it is always named, so that “Big Shop” at somebody else's domain is seen through.
    """
    if organisation.confirmed_by is None:
        return None
    return {
        ConfirmedBy.DOMAIN: f"Its people have e-mail addresses at {organisation.domain}.",
        ConfirmedBy.COMPANY_CHECK: "Whoever runs this service found name and number in the company register.",
        ConfirmedBy.INVITATION: "An organisation that knows it invited it here.",
    }[ConfirmedBy(organisation.confirmed_by)]


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
    if not name.isprintable() or _LEADS_AWAY.search(name):
        raise NameUnfitError(f"Enter {what} in letters, without a web address.")
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
    domain = domain_of(email)
    if domain in providers() | SHARED_BY_MANY or any(domain.endswith(line) for line in providers() if line[0] == "."):
        raise DomainUnfitError(domain)
    return domain


@cache
def providers() -> frozenset[str]:
    """Domains at which many have a mailbox who have nothing to do with each other; with a dot before it, all domains below."""
    lines = _PROVIDERS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def rename(organisation: Organisation, name: str) -> None:
    """Call it so. What confirmed another name confirms nothing of this one."""
    if name != organisation.name:
        organisation.name = name
        organisation.confirmed_by = organisation.domain = None


def give_number(organisation: Organisation, number: str | None) -> None:
    """Note the company number. A check of another number shows nothing of this one."""
    if number != organisation.company_number:
        organisation.company_number = number
        if organisation.confirmed_by == ConfirmedBy.COMPANY_CHECK:
            organisation.confirmed_by = None


def confirm_by_domain(organisation: Organisation, email: str) -> None:
    """A manager says that the domain of their confirmed address is the organisation's.

    Raises:
        DomainUnfitError
    """
    organisation.domain = own_domain(email)
    organisation.confirmed_by = organisation.confirmed_by or ConfirmedBy.DOMAIN


def confirm(organisation: Organisation, by: ConfirmedBy) -> None:
    """Something else shows that the name is true."""
    organisation.confirmed_by = by
