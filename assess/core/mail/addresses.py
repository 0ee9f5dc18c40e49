"""Validates email addresses and finds which of them are the same mailbox or domain."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType

from publicsuffixlist import PublicSuffixList

MAX_ADDRESS_LENGTH = 254
"""Characters of the longest address that can be delivered (RFC 5321, 4.5.3.1.3, less the brackets)."""

_MAX_LOCAL_PART_LENGTH = 64
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_PROVIDERS = """
    abv.bg aol.co.uk aol.com btinternet.com btopenworld.com fastmail.com gmail.com gmx.co.uk gmx.com hotmail.co.uk hotmail.com
    icloud.com inbox.lv interia.pl live.co.uk live.com mail.com msn.com ntlworld.com o2.pl onet.pl outlook.com
    plus.com plus.net proton.me sky.com talk21.com talktalk.net tiscali.co.uk virginmedia.com wp.pl yahoo.co.uk
    yahoo.com yahoo.ro ymail.com zoho.com
"""
PUBLIC_MAIL_PROVIDERS = frozenset(_PROVIDERS.split())
"""Domains that many people have a mailbox at who have nothing to do with each other. Twins stand under their first name alone."""

_PROVIDER_ALIASES = MappingProxyType(
    {
        "googlemail.com": "gmail.com",
        "mac.com": "icloud.com",
        "me.com": "icloud.com",
        "pm.me": "proton.me",
        "protonmail.ch": "proton.me",
        "protonmail.com": "proton.me",
    }
)
"""Other names of a provider under which the same mailboxes are reached."""

_IGNORED_CHARACTERS = MappingProxyType({"gmail.com": ".", "proton.me": ".-_"})
"""Signs in a name that a provider reads over."""


class InvalidAddressError(ValueError):
    """This is no address that mail can be sent to."""


def clean_address(typed: str) -> str:
    """The address without spaces around it. Raises `InvalidAddressError` when it is none, or has letters that not every mail server takes."""
    address = typed.strip(" ")
    name, at, host = address.rpartition("@")
    fits = at and len(address) <= MAX_ADDRESS_LENGTH and len(name) <= _MAX_LOCAL_PART_LENGTH
    if not (fits and _NAME.fullmatch(name) and _HOST.fullmatch(host)):
        raise InvalidAddressError("not an address that mail can be sent to")
    return address


def normalise_mailbox(address: str) -> str:
    """What addresses of one mailbox have in common, as far as can be told: small letters, nothing after a plus.

    Some providers have several names, and some read over signs. What is below a provider's name (x@jo.fastmail.com) is one
    customer's with all its names, and counts as the mailbox of that customer.
    """
    name, _, host = address.casefold().rpartition("@")
    # the provider whose name ends this host without being all of it; empty when there is none
    parts = host.split(".")
    tails = (".".join(parts[start:]) for start in range(1, len(parts) - 1))
    above = next((tail for tail in tails if tail in PUBLIC_MAIL_PROVIDERS or tail in _PROVIDER_ALIASES), "")
    if above:
        name, host = host.removesuffix(f".{above}").rpartition(".")[2], above
    else:
        name = name.partition("+")[0] or name
    host = _PROVIDER_ALIASES.get(host, host)
    short = "".join(letter for letter in name if letter not in _IGNORED_CHARACTERS.get(host, ""))
    return f"{short or name}@{host}"


def registered_domain(address: str) -> str:
    """The domain an address is under, as its owner has it from a registry: the same for all machines and branches below it.

    Under an ending that belongs to nobody (`co.uk`, `krakow.pl`, `github.io`; publicsuffix.org) each name has its own owner.
    """
    host = normalise_mailbox(address).rpartition("@")[2]
    return _public_suffixes().privatesuffix(host) or host


def is_public_suffix(host: str) -> bool:
    """Whether names directly under it are given to anybody (publicsuffix.org)."""
    return _public_suffixes().privatesuffix(host) is None


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()
