"""Bearer tokens and PINs: made here, and only their hashes are ever stored.

A token has 256 random bits, so a plain SHA-256 is enough and is found by an index. A PIN has few digits, so it gets a slow
hash with its own salt; what really protects it is the limit on attempts.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_SCRYPT_COST = 2**14
"""16 MiB and about 40 ms a try on a small machine."""


def new_token() -> str:
    """256 random bits as 43 letters that are safe in an address."""
    return secrets.token_urlsafe(32)


def looks_like_token(text: str) -> bool:
    """Whether this could be one of ours, so that nonsense costs no look-up."""
    return _TOKEN.fullmatch(text) is not None


def hash_token(token: str) -> str:
    """What is stored of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_pin(pin: str) -> str:
    """What is stored of a PIN: "salt$hash" in hexadecimal."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_slow(pin, salt).hex()}"


def pin_matches(pin: str, stored: str) -> bool:
    """Whether this is the PIN that was hashed. Takes the same time for every wrong one."""
    salt, _, digest = stored.partition("$")
    return hmac.compare_digest(_slow(pin, bytes.fromhex(salt)).hex(), digest)


def _slow(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_SCRYPT_COST, r=8, p=1, dklen=32)
