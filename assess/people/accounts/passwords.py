"""Passwords: what is taken, and how it is kept. The advice of the NCSC: long, any signs, no rules about kinds, none that is guessed first.

Hashing takes as long as it should, so it is never done while a transaction writes, and only two run at once in a process.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from assess.people.accounts.easy_passwords import SHORTEST, is_easy

LONGEST = 200
_LEAST_OF_ONES_OWN = 6
"""Letters that have to be left when all that is about this service, the person and the year is taken away."""
_ABOUT_US = (
    "modern slavery",
    "modernslavery",
    "self assessment",
    "selfassessment",
    "assessment",
    "assess",
    "slavery",
    "modern",
)
_SHORTEST_WORD = 4

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_at_once = threading.BoundedSemaphore(2)


class PasswordUnfitError(ValueError):
    """This password is not taken. `sentence` says why, to the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def fit_password(typed: str, about: Sequence[str] = ()) -> str:
    """The password, as it was typed. `about`: names a guesser would try first, of the person and where they work.

    Raises:
        PasswordUnfitError
    """
    if not typed:
        raise PasswordUnfitError("Enter a password.")
    if len(typed) < SHORTEST:
        raise PasswordUnfitError(f"Use {SHORTEST} characters or more. Three random words work well.")
    if len(typed) > LONGEST:
        raise PasswordUnfitError(f"Use at most {LONGEST} characters.")
    if _is_about(typed, about) or is_easy(typed, about):
        raise PasswordUnfitError("This password is easy to guess. Choose another. Three random words work well.")
    return typed


def hash_password(password: str) -> str:
    """What is stored of it (Argon2id, 19 MiB, two passes)."""
    with _at_once:
        return _hasher.hash(password)


def password_matches(password: str, stored: str | None) -> bool:
    """Whether it is the one that was hashed. Takes as long when there is none, or when it could not be one."""
    with _at_once:
        try:
            right = _hasher.verify(stored or nobodys_hash(), password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None and len(password) <= LONGEST


@lru_cache
def nobodys_hash() -> str:
    """A hash that costs what all others cost, for accounts that have none."""
    return _hasher.hash("nobody signs in with this")


def _is_about(typed: str, about: Sequence[str]) -> bool:
    """Whether hardly anything is left when what is known of the person, of us and of the year is taken away."""
    parts = [part for text in about for part in [text.casefold(), *re.split(r"[\W_]+", text.casefold())]]
    known = sorted({part for part in [*_ABOUT_US, *parts] if len(part) >= _SHORTEST_WORD}, key=len, reverse=True)
    left = plain = typed.casefold()
    for part in known:
        left = left.replace(part, "")
    return left != plain and len(re.sub(r"[\d\W_]", "", left)) < _LEAST_OF_ONES_OWN
