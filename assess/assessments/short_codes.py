"""Codes of twelve letters and digits that people type: one opens an assessment as its link does, another lets a coordinator help.

Such a code has 58 bits, too few for a plain hash: that of a link is stored under a key that is not in the database. Each try is counted before
anything is looked up.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta

from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.core.encryption import keyring_of
from assess.core.forms.fields import plain_digits
from assess.core.logs import log
from assess.core.rate_limits import PIN_DAY_LIMIT, PIN_LIMIT, Limit, by_address, enforce_limit, take_back
from assess.engine.record import REFERENCE_LETTERS

CODE_OPENS_FOR = timedelta(days=90)
"""From when it was made or its link was last opened. The link goes on."""
CODE_LIMIT = Limit("link-code", 10, 900, sliding=True)
CODE_DAY_LIMIT = Limit("link-code-day", 40, 86_400, sliding=True)
FAILED_CODES_LIMIT = Limit("link-code-any", 1000, 900, sliding=True)
"""Tries of everybody together that opened nothing: many callers who guess a little each are held back too."""
_LETTERS, _GROUP = 12, 4
_PURPOSE = "assess: codes of links, 1"


def new_code() -> str:
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(_LETTERS))


def grouped_code(code: str) -> str:
    """As it is shown: "K7QF-2M9D-XR4T"."""
    return "-".join(code[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))


def clean_code(typed: str) -> str | None:
    """A code as it is hashed, from what somebody typed: small letters, spaces and dashes do not matter. None: it is no code."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    letters = plain_digits("".join(filter(str.isalnum, plain)))
    return letters if len(letters) == _LETTERS and set(letters) <= set(REFERENCE_LETTERS) else None


def code_hashes(session: Session, code: str) -> list[str]:
    """What is stored of a code, under each data key that is set, the current one first."""
    return keyring_of(session.get_bind().dialect).hashes(code, _PURPOSE)


def count_code() -> None:
    """Count one try with a code, before anything is looked up. What opens something is no failure: `code_was_right`.

    Raises `TooManyRequests`: from one address, or of everybody together. The operator's log tells of the second.
    """
    enforce_limit(CODE_LIMIT, by_address())
    enforce_limit(CODE_DAY_LIMIT, by_address())
    try:
        enforce_limit(FAILED_CODES_LIMIT, "any")
    except TooManyRequests:
        log("codes_wait")
        raise


def code_was_right() -> None:
    take_back(FAILED_CODES_LIMIT, "any")


def count_pin(subject: str) -> None:
    """Count one try at the PIN of a link, before it is looked at. Raises `TooManyRequests`."""
    # what is refused to one address does not count against the link, so that one guesser alone does not keep its owner out
    enforce_limit(PIN_LIMIT, f"{subject} {by_address()}")
    enforce_limit(PIN_DAY_LIMIT, subject)


def pin_was_right(subject: str) -> None:
    take_back(PIN_LIMIT, f"{subject} {by_address()}")
    take_back(PIN_DAY_LIMIT, subject)
