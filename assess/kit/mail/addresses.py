"""E-mail addresses: which ones are taken, and which of them are the same mailbox.

Plain ASCII addresses only: they reach every server, and nothing in them can begin a new line of a header.
"""

from __future__ import annotations

import re
from types import MappingProxyType

LONGEST = 254
"""Characters of the longest address that can be delivered (RFC 5321, 4.5.3.1.3, less the brackets)."""

_LONGEST_NAME = 64
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_PROVIDERS = """
    abv.bg aol.co.uk aol.com btinternet.com btopenworld.com fastmail.com gmail.com gmx.co.uk gmx.com hotmail.co.uk hotmail.com
    icloud.com inbox.lv interia.pl live.co.uk live.com mail.com msn.com ntlworld.com o2.pl onet.pl outlook.com
    plus.com plus.net proton.me sky.com talk21.com talktalk.net tiscali.co.uk virginmedia.com wp.pl yahoo.co.uk
    yahoo.com yahoo.ro ymail.com zoho.com
"""
SHARED_BY_MANY = frozenset(_PROVIDERS.split())
"""Domains that many people have a mailbox at who have nothing to do with each other. Twins stand under their first name alone."""

_TWINS = MappingProxyType(
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

_READ_OVER = MappingProxyType({"gmail.com": ".", "proton.me": ".-_"})
"""Signs in a name that a provider reads over."""

_LETTERS_OF_COUNTRY, _LONGEST_KIND = 2, 3


class AddressUnfitError(ValueError):
    """This is no address that mail can be sent to."""


def fit_address(typed: str) -> str:
    """The address without spaces around it.

    Raises:
        AddressUnfitError: when it is none, or has letters that not every mail server takes.
    """
    address = typed.strip(" ")
    name, at, host = address.rpartition("@")
    fits = at and len(address) <= LONGEST and len(name) <= _LONGEST_NAME
    if not (fits and _NAME.fullmatch(name) and _HOST.fullmatch(host)):
        raise AddressUnfitError("not an address that mail can be sent to")
    return address


def mailbox_of(address: str) -> str:
    """What addresses of one mailbox have in common, as far as can be told: small letters, nothing after a plus.

    Some providers have several names, and some read over signs. What is below a provider's name (x@jo.fastmail.com) is one
    customer's with all its names, and counts as the mailbox of that customer.
    """
    name, _, host = address.casefold().rpartition("@")
    above = _provider_above(host)
    if above:
        name, host = host.removesuffix(f".{above}").rpartition(".")[2], above
    else:
        name = name.partition("+")[0] or name
    host = _TWINS.get(host, host)
    short = "".join(letter for letter in name if letter not in _READ_OVER.get(host, ""))
    return f"{short or name}@{host}"


def domain_of(address: str) -> str:
    """The domain an address is under, as its owner has it from a registry: the same for all machines and branches below it."""
    parts = mailbox_of(address).rpartition("@")[2].split(".")
    is_under_country = len(parts[-1]) == _LETTERS_OF_COUNTRY and len(parts[-2]) <= _LONGEST_KIND  # such as co.uk
    return ".".join(parts[-3:] if is_under_country else parts[-2:])


def _provider_above(host: str) -> str:
    """The provider whose name ends this host without being all of it; empty when there is none."""
    parts = host.split(".")
    tails = (".".join(parts[start:]) for start in range(1, len(parts) - 1))
    return next((tail for tail in tails if tail in SHARED_BY_MANY or tail in _TWINS), "")
