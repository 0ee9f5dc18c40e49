"""The words of the letters to a supplier: plain, short and calm. No result, no blame, nothing that frightens on a locked screen."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from assess.kit.pages import counted, day

SUBJECT = "A request from a customer of yours"
"""The same for every letter: mails are read on locked screens."""


class Silence(enum.StrEnum):
    """Why no letter goes to a supplier."""

    NO_MAIL = "no_mail"
    NOT_CONFIRMED = "not_confirmed"
    NO_ADDRESS = "no_address"
    STOPPED = "stopped"
    ARCHIVED = "archived"


SAYS: Mapping[Silence, str] = {
    Silence.NO_MAIL: "This installation sends no mail. Make a link and send it yourself.",
    Silence.NOT_CONFIRMED: "We send no letters for an organisation whose name nobody has confirmed. Make a link and send it yourself, or have the name confirmed first.",
    Silence.NO_ADDRESS: "You gave no e-mail address for this supplier. Make a link and send it yourself, or add an address.",
    Silence.STOPPED: "This supplier asked for no more e-mail from you, so none goes. Call them instead.",
    Silence.ARCHIVED: "This supplier is off your list, so no letter goes.",
}
"""What a buyer reads about it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What every letter says. `link` and `stop` are full addresses, `foot` says what the service is and who runs it."""

    buyer: str
    due: date
    minutes: int
    message: str
    link: str
    stop: str
    foot: str


def first(letter: Letter) -> str:
    """The first letter."""
    return _joined(
        "Hello,",
        f"{letter.buyer} asks you to answer some questions about how work is done in your business. "
        f"It takes about {counted(letter.minutes, 'minute')}. Please answer by {day(letter.due)}.",
        _quoted(letter),
        "Open this page to see what is asked, to begin, or to say no:",
        letter.link,
        _what_they_see(letter.buyer),
        *_ending(letter),
    )


def reminder(letter: Letter, today: date) -> str:
    """A reminder before the date or after it. It is late without blame."""
    until = f"The date they gave is {day(letter.due)}." if letter.due >= today else _past(letter)
    return _joined(
        "Hello,",
        f"{letter.buyer} asked you to answer some questions about how work is done in your business. {until}",
        "If you have no time now, or would rather not, you can say so on this page. It also lets you begin or go on:",
        letter.link,
        _what_they_see(letter.buyer),
        *_ending(letter),
    )


def finished(letter: Letter) -> str:
    """To somebody who has finished and not shared. It comes once."""
    return _joined(
        "Hello,",
        f"You have finished the questions that {letter.buyer} asked you to answer. You have not shared the result with them.",
        "That is yours to decide. If you want to share it, open it with the link you kept, or sign in. "
        "This page tells you how, and lets you say no:",
        letter.link,
        "We write about this only once.",
        *_ending(letter),
    )


def messages(buyer: str, address: str) -> dict[str, str]:
    """What a buyer sends itself with a link, the same for each way: `text`, `sms`, `mail`."""
    text = (
        f"{buyer} asks you to answer some questions about how work is done in your business. You may say no: {address}"
    )
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(SUBJECT, safe='')}&body={quote(text, safe='')}",
    }


def _past(letter: Letter) -> str:
    return f"The date they gave was {day(letter.due)}. You can still answer."


def _what_they_see(buyer: str) -> str:
    return f"{buyer} sees whether you opened it, began and finished. What you answer goes to them only if you share it. You may say no."


def _quoted(letter: Letter) -> str:
    return f"They write: “{letter.message}”" if letter.message else ""


def _ending(letter: Letter) -> tuple[str, ...]:
    return (
        f"If you want no more mail from {letter.buyer} through us, open this page and press the button:",
        letter.stop,
        letter.foot,
    )


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
