"""E-mail addresses: which ones are taken, and which of them are the same mailbox.

Plain ASCII addresses only: they reach every server, and nothing in them can begin a new line of a header.
"""

from __future__ import annotations

import re

LONGEST = 254
"""Characters of the longest address that can be delivered (RFC 5321, 4.5.3.1.3, less the brackets)."""

_LONGEST_NAME = 64
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_GOOGLES = ("gmail.com", "googlemail.com")
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

    Google's mailboxes have two names and read over dots.
    """
    name, _, host = address.casefold().rpartition("@")
    name = name.partition("+")[0] or name
    if host in _GOOGLES:
        name, host = name.replace(".", ""), _GOOGLES[0]
    return f"{name}@{host}"


def domain_of(address: str) -> str:
    """The domain an address is under, as its owner has it from a registry: the same for all machines and branches below it."""
    parts = mailbox_of(address).rpartition("@")[2].split(".")
    is_under_country = len(parts[-1]) == _LETTERS_OF_COUNTRY and len(parts[-2]) <= _LONGEST_KIND  # such as co.uk
    return ".".join(parts[-3:] if is_under_country else parts[-2:])
