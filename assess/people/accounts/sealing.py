"""Secrets that must be read again are sealed: whoever steals the database alone cannot read them.

AES-GCM with a key derived from the secret key of the installation. The row it belongs to is sealed in, so that a sealed text
moved to another row does not open.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_KEY = 32
_FOR = b"assess: seeds of code apps, 1"


class SealBrokenError(Exception):
    """It was sealed for another row, with another key, or was changed."""


def seal(plain: bytes, row: uuid.UUID, key: str) -> bytes:
    """Seal this for this row. `key` is the secret key of the installation."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_derived(key)).encrypt(nonce, plain, row.bytes)


def unseal(sealed: bytes, row: uuid.UUID, keys: Sequence[str]) -> bytes:
    """What was sealed for this row. `keys` are the present secret key and the earlier ones that are still honoured.

    Raises:
        SealBrokenError
    """
    for key in keys:
        try:
            return AESGCM(_derived(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.bytes)
        except InvalidTag:
            continue
    raise SealBrokenError


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=_FOR).derive(key.encode())
