"""The buyer's own sentence in a letter, read: one line, and no address of a site. No database, no clock.

It goes to strangers under our name, so it must not lead them elsewhere, nor look like a part of the letter that we wrote.
"""

from __future__ import annotations

import re
import unicodedata

from assess.suppliers.models import LONGEST_MESSAGE

NO_ADDRESS = "Leave web addresses out of your message. The letter has its own link."
_ENDINGS = "app|biz|click|co|com|eu|example|info|io|link|live|me|net|online|org|page|shop|site|top|uk|xyz"
"""Mail programs make a link of a name with one of these, without anything before or behind it."""
_LEADS_AWAY = re.compile(
    rf"://|\bwww\.|(?<![@.\w-])(?:[\w-]+\.)+(?:(?:{_ENDINGS})\b|[a-z]{{2,24}}[/?#])", re.IGNORECASE
)


def read_message(typed: str) -> tuple[str, str | None]:
    """The sentence as it goes into the letter, and what is wrong with it; None: nothing."""
    message = " ".join(typed.split())
    if len(message) > LONGEST_MESSAGE:
        return "", f"Your message has {len(message):,} characters. Write it in {LONGEST_MESSAGE:,} or fewer."
    if not message.isprintable() or _LEADS_AWAY.search(unicodedata.normalize("NFKC", message)):
        return "", NO_ADDRESS
    return message, None
