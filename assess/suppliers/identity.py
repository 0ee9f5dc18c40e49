"""When two entries of one buyer are the same supplier: so that the same file twice adds nobody twice."""

from __future__ import annotations

import hashlib

from assess.kit.mail.addresses import mailbox_of


def identity_of(name: str, email: str, company_number: str | None, reference: str) -> str:
    """What tells a supplier from the others of one buyer, as 64 hexadecimal digits.

    Its reference if it has one, else its company number with the name, else its mailbox with the name. The name counts beside a number, for one company may have several sites. Upper case, spaces and dots at the end do not.
    """
    if reference.strip():
        parts: tuple[str, ...] = ("reference", _plain(reference))
    elif company_number:
        parts = ("company", company_number.upper(), _plain(name))
    else:
        parts = ("mailbox", mailbox_of(email) if email else "", _plain(name))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
