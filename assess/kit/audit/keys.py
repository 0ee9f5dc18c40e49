"""The keys of the audit log. They are made from the secret key of the site, which stands outside the database.

A new secret key begins a new key here; each event says which one closed it, so that earlier ones can still be checked while the
old secret is listed in ASSESS_OLD_SECRET_KEYS.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assess.kit.config import Settings

_CHAIN, _NAME, _WHO = "assess audit chain", "assess audit name of key", "assess audit who"
_LETTERS_OF_A_NAME = 16


class Keys:
    """What signs, and what earlier events were signed with."""

    def __init__(self, secret: str, older: Sequence[str] = ()) -> None:
        self.name = _name_of(secret)
        self._chains = {_name_of(each): _derived(each, _CHAIN) for each in (*older, secret)}
        self._who = _derived(secret, _WHO)

    @classmethod
    def of(cls, settings: Settings) -> Keys:
        """The keys of an installation."""
        return cls(settings.key, settings.old_secret_keys)

    def seal(self, words: str) -> str:
        """The hash of an event under the key of today, 64 hexadecimal digits."""
        return _hex(self._chains[self.name], words)

    def knows(self, name: str) -> bool:
        """Whether there is a key of this name."""
        return name in self._chains

    def fits(self, name: str, words: str, seal: str) -> bool:
        """Whether this is the seal of these words under the key of this name. Never under a key that is not there."""
        key = self._chains.get(name)
        return key is not None and hmac.compare_digest(_hex(key, words), seal)

    def hide(self, token: str) -> str:
        """A name for whoever holds this token: the same each time, and no way back to the token. 32 digits."""
        return _hex(self._who, token)[:32]


def _derived(secret: str, label: str) -> bytes:
    return hmac.new(secret.encode(), label.encode(), hashlib.sha256).digest()


def _name_of(secret: str) -> str:
    return _derived(secret, _NAME).hex()[:_LETTERS_OF_A_NAME]


def _hex(key: bytes, words: str) -> str:
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
