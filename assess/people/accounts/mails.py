"""The mails of accounts. They go to whoever owns an address, and tell the truth; pages say the same to everybody.

They are read on locked screens and over shoulders: no word of what this service asks, no name of a business.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Desk

CONFIRM_HOURS, SIGN_IN_MINUTES, RESET_MINUTES, PROVE_MINUTES = 24, 10, 60, 10


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and body of a mail."""

    subject: str
    body: str


def send(session: Session, to: str, letter: Letter, now: datetime) -> None:
    """Put it into the outbox. Its event is a number of its own: it says nothing of whom it went to."""
    queue(session, Mail(f"account:{uuid.uuid4()}", to, letter.subject, with_foot(letter.body), None), now)


def confirm(link: str) -> Letter:
    """To somebody who wants an account and has none."""
    return Letter(
        "Please confirm your e-mail address",
        _joined(
            "Somebody asked for an account at this address.",
            f"If it was you, open this page within {CONFIRM_HOURS} hours and press the button:",
            link,
            "If it was not you, leave it. There is no account until the button is pressed.",
        ),
    )


def already(sign_in: str, forgotten: str) -> Letter:
    """To somebody who asked for an account and has one."""
    return Letter(
        "You already have an account",
        _joined(
            "Somebody asked for an account at this address. You already have one. Sign in here:",
            sign_in,
            "If you have forgotten your password, choose a new one here:",
            forgotten,
            "If you did not ask, leave it. Nothing has changed.",
        ),
    )


def no_account(sign_up: str) -> Letter:
    """To somebody who wanted to sign in and has no account."""
    return Letter(
        "No account at this address",
        _joined(
            "Somebody wanted to sign in with this address. There is no account at it.",
            "If it was you, you may have used another address. You can also make an account:",
            sign_up,
            "If it was not you, leave it. Nothing has changed.",
        ),
    )


def closed() -> Letter:
    """To somebody whose account was disabled."""
    return Letter(
        "Your account is closed",
        _joined(
            "Somebody wanted to sign in with this address. Its account was closed by the people who run this service.",
            "If you think that is a mistake, ask them.",
        ),
    )


def sign_in(link: str) -> Letter:
    """The link that signs in."""
    return Letter(
        "Your link to sign in",
        _joined(
            f"Open this page within {SIGN_IN_MINUTES} minutes and press the button to sign in:",
            link,
            "The link works once. Give it to nobody.",
            "If you did not ask for it, leave it. Nobody can sign in without it.",
        ),
    )


def new_password(link: str) -> Letter:
    """The link to a new password."""
    return Letter(
        "Choose a new password",
        _joined(
            f"Open this page within {RESET_MINUTES} minutes to choose a new password:",
            link,
            "The link works once. Give it to nobody.",
            "If you did not ask for it, leave it. Your password stays as it is.",
        ),
    )


def prove(link: str) -> Letter:
    """The link that proves who sits there."""
    return Letter(
        "Prove that it is you",
        _joined(
            f"Open this page within {PROVE_MINUTES} minutes, in the browser you are signed in with, and press the button:",
            link,
            "If you did not ask for it, somebody may be using a browser in which you are signed in. Sign in and end it.",
        ),
    )


def new_email(link: str) -> Letter:
    """To the new address of an account."""
    return Letter(
        "Please confirm your new e-mail address",
        _joined(
            "Somebody wants to use this address for an account.",
            f"If it was you, open this page within {CONFIRM_HOURS} hours and press the button:",
            link,
            "If it was not you, leave it. Nothing changes.",
        ),
    )


def email_taken() -> Letter:
    """To an address that somebody wanted for another account, and that has one already."""
    return Letter(
        "This address already has an account",
        _joined(
            "Somebody wants to use this address for another account. It already has one, so nothing changes.",
            "If it was you, sign in with this address, or use another address for the other account.",
        ),
    )


def email_asked() -> Letter:
    """To the old address."""
    return Letter(
        "Your account: a new address was asked for",
        _joined(
            "Somebody who is signed in to your account wants to use another e-mail address for it.",
            "If it was not you, sign in and sign out all other browsers. That stops it. Then choose a new password.",
        ),
    )


def email_changed() -> Letter:
    """To the old address, which opens nothing any more."""
    return Letter(
        "Your account has a new address",
        _joined(
            "Your account has another e-mail address now. All other browsers were signed out, and links mailed before do not work.",
            "If it was not you, tell the people who run this service now. How to reach them stands at the foot of every page.",
        ),
    )


def changed(what: str, forgotten: str) -> Letter:
    """After something grave. `what`: a sentence, the same for everybody."""
    return Letter(
        "Your account was changed",
        _joined(what, "If it was not you, choose a new password now:", forgotten),
    )


def second_step_reset() -> Letter:
    """After the people who run the service took the second step away for somebody who lost phone and codes."""
    return Letter(
        "Your account: your second step was taken away",
        _joined(
            "The people who run this service took away the second step for signing in to your account, because somebody said that "
            "phone and recovery codes are lost. Every browser was signed out.",
            "If that was you, sign in and set up a new second step.",
            "If it was not you, tell the people who run this service now. How to reach them stands at the foot of every page.",
        ),
    )


def desk_given(email: str, desk: Desk, by: str | None) -> Letter:
    """To everybody with a desk. `by`: who gave it; None: it was given on the machine of the installation."""
    who = "on the machine of this installation" if by is None else f"by {by}"
    return Letter(
        _ABOUT_DESKS,
        _joined(
            f"{email} now works here as {_DESKS[desk]}. That was decided {who}.",
            "If you did not expect this, ask on the telephone at once, and not by answering this mail. An administrator can take it back.",
        ),
    )


def desk_taken(email: str, by: str) -> Letter:
    """To everybody with a desk, and to whom had this one."""
    return Letter(
        _ABOUT_DESKS,
        _joined(
            f"{email} no longer works here as a coordinator or administrator. That was decided by {by}.",
            "If you did not expect this, ask on the telephone at once, and not by answering this mail.",
        ),
    )


_ABOUT_DESKS = "Who works here has changed"
_DESKS = {Desk.COORDINATOR: "a coordinator", Desk.ADMINISTRATOR: "an administrator"}


def _joined(*paragraphs: str) -> str:
    return "\n\n".join(("Hello,", *paragraphs)) + "\n"
