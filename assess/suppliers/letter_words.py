"""The words of the letters to a supplier: who asks and what shows it, then what is asked; plain, short and calm. No result, no blame."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from assess.kit.pages import counted, day

LONGEST_IN_SUBJECT = 40
SUBJECT_BY_HAND = "A request from a customer of yours"
"""For a mail that the buyer sends itself, in its own name."""
_DOT_IN_WORD = re.compile(
    r"[.\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}\N{ONE DOT LEADER}](?=\w)"
)
CHECKING = "Enter its number and your email address there. The page then says in whose name we sent it."
NEVER = "We never ask for money, bank details or passwords. Do not send your answers by email."


class Silence(enum.StrEnum):
    """Why no letter goes to a supplier."""

    NO_MAIL = "no_mail"
    NOT_CONFIRMED = "not_confirmed"
    TAKEN_BACK = "taken_back"
    PAUSED = "paused"
    NO_ADDRESS = "no_address"
    STOPPED = "stopped"
    ARCHIVED = "archived"


SAYS: Mapping[Silence, str] = {
    Silence.NO_MAIL: "This installation sends no mail. Make a link and send it yourself.",
    Silence.NOT_CONFIRMED: "We send no letters for an organisation whose name nobody has confirmed. Make a link and send it yourself, or have the name confirmed first.",
    Silence.TAKEN_BACK: "Your name is not confirmed any more, so no letter goes. Ask whoever runs this service.",
    Silence.PAUSED: "Your letters are on hold until somebody who runs this service has looked at them. Ask them when they will go on.",
    Silence.NO_ADDRESS: "You gave no e-mail address for this supplier. Make a link and send it yourself, or add an address.",
    Silence.STOPPED: "This supplier asked for no more e-mail from you, so none goes. Call them instead.",
    Silence.ARCHIVED: "This supplier is off your list, so no letter goes.",
}
"""What a buyer reads about it."""


@dataclass(frozen=True, slots=True)
class From:
    """Who asks, as a letter names them. `confirmed`: a sentence about when and by whom; None: nobody confirmed the name, only `domain`."""

    called: str
    domain: str
    confirmed: str | None

    @property
    def buyer(self) -> str:
        """The name as it stands in mail."""
        return opened(self.called)

    @property
    def named(self) -> str:
        """The buyer with its domain, or only the domain while nobody has confirmed the name."""
        if self.confirmed is None:
            return f"Somebody at {self.domain}"
        return f"{self.buyer} ({self.domain})" if self.domain else self.buyer

    def sender(self, service: str) -> str:
        """What stands before our address."""
        return f"{self.buyer if self.confirmed else self.named} through {service}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What every letter says. `link` and `stop` are full addresses, `check` the page where a letter can be checked, `foot` says who runs the service.

    `minutes`: how long it takes; 0: nobody knows.
    """

    asks: From
    number: str
    check: str
    due: date
    minutes: int
    message: str
    link: str
    stop: str
    foot: str

    @property
    def subject(self) -> str:
        """One line, for every letter about this."""
        short = self.asks.named
        if self.asks.confirmed is not None and len(self.asks.buyer) > LONGEST_IN_SUBJECT:
            cut = f"{self.asks.buyer[: LONGEST_IN_SUBJECT - 1].rstrip()}…"
            short = f"{cut} ({self.asks.domain})" if self.asks.domain else cut
        return (
            f"{short} asks {counted(self.minutes, 'minute')} of you" if self.minutes else f"{short} asks you something"
        )


def first(letter: Letter) -> str:
    """The first letter."""
    takes = f"It takes about {counted(letter.minutes, 'minute')}. " if letter.minutes else ""
    return _joined(
        *_beginning(letter),
        f"{takes}Please answer by {day(letter.due)}. You may say no.",
        _quoted(letter),
        "Open this page to see what is asked, to begin, or to say no or that you do not know them:",
        letter.link,
        _what_they_see(letter),
        *_ending(letter),
    )


def reminder(letter: Letter, today: date) -> str:
    """A reminder before the date or after it. It is late without blame."""
    until = f"The date they gave is {day(letter.due)}." if letter.due >= today else _past(letter)
    return _joined(
        *_beginning(letter, "asked"),
        f"{until} If you have no time now, or would rather not, you can say so on this page. It also lets you begin or go on:",
        letter.link,
        _what_they_see(letter),
        *_ending(letter),
    )


def finished(letter: Letter) -> str:
    """To somebody who has finished and not shared. It comes once."""
    return _joined(
        *_beginning(letter, "asked"),
        "You have finished these questions and have not shared the result with them.",
        "That is yours to decide. If you want to share it, open it with the link you kept, or sign in. "
        "This page tells you how, and lets you say no:",
        letter.link,
        "We write about this only once.",
        *_ending(letter),
    )


def opened(name: str) -> str:
    """A name with a gap after each dot, so that no mail program makes a link of it."""
    return _DOT_IN_WORD.sub(". ", name)


def correction(names: Sequence[str], check: str, foot: str) -> str:
    """To everybody whom a buyer wrote to, once its name is no longer confirmed. `names`: all that stood in its letters."""
    return _joined(
        f"We can no longer confirm who wrote to you in the name of {', or of '.join(map(opened, names))}.",
        "We sent you one or more letters for them in the last 90 days. You need not answer. "
        "The links in those letters do not work any more, and nothing you write goes to them.",
        "If you gave them money, bank details or passwords, call your bank, and the police on 101. "
        "If you know the organisation, you can call it on a number that you found yourself.",
        f"Your own answers stay yours. We are sorry. How to check a letter of ours: {check}",
        NEVER,
        foot,
    )


CORRECTION_SUBJECT = "Please do not answer a letter that we sent you"


def messages(buyer: str, address: str) -> dict[str, str]:
    """What a buyer sends itself with a link, the same for each way: `text`, `sms`, `mail`."""
    text = f"{opened(buyer)} asks you to answer some questions about how work is done in your business. You may say no: {address}"
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(SUBJECT_BY_HAND, safe='')}&body={quote(text, safe='')}",
    }


def shown_number(number: str) -> str:
    """The number of a letter in two groups, as people copy it."""
    return f"{number[:5]}-{number[5:]}"


def _beginning(letter: Letter, asks: str = "asks") -> tuple[str, ...]:
    """Who asks, what shows it, who runs the service, and how to check: before everything else."""
    of = letter.asks
    what = "to answer some questions about how work is done in your business."
    if of.confirmed is None:
        who = (
            f"Somebody with an address at {of.domain} {asks} you, in the name of {of.buyer}, {what} "
            "Nobody has confirmed this name yet."
        )
    else:
        who = f"{of.named} {asks} you {what}\n{of.confirmed}"
    return (
        who,
        f"{letter.foot}\nLetter number: {shown_number(letter.number)}\nHow to check this letter: {letter.check}\n{CHECKING}\n{NEVER}",
    )


def _past(letter: Letter) -> str:
    return f"The date they gave was {day(letter.due)}. You can still answer."


def _what_they_see(letter: Letter) -> str:
    who = letter.asks.buyer if letter.asks.confirmed else "Whoever asks"
    return f"{who} sees whether you opened it, began and finished. What you answer goes to them only if you share it."


def _quoted(letter: Letter) -> str:
    return f"They write: “{letter.message}”" if letter.message else ""


def _ending(letter: Letter) -> tuple[str, ...]:
    return ("If you want no more mail from them through us, open this page and press the button:", letter.stop)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
