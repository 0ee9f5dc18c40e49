"""Texts of account emails. They name no business and do not say what this service asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assess.core.mail.services import Mail, enqueue_mail, with_mail_footer
from assess.identity.models import StaffRole

CONFIRM_HOURS, SIGN_IN_MINUTES, RESET_MINUTES, PROVE_MINUTES = 24, 10, 60, 10


@dataclass(frozen=True, slots=True)
class AccountEmail:
    subject: str
    body: str


def send_account_email(session: Session, to: str, content: AccountEmail, now: datetime) -> None:
    """Put it into the outbox. Its event is a number of its own: it says nothing of whom it went to."""
    enqueue_mail(
        session, Mail(f"account:{uuid.uuid4()}", to, content.subject, with_mail_footer(content.body), None), now
    )


def confirm_email(link: str) -> AccountEmail:
    """To a person who wants an account and has none."""
    return AccountEmail(
        "Please confirm your email address",
        _email_body(
            "Somebody asked for an account at this address.",
            f"If it was you, open this page within {CONFIRM_HOURS} hours and press the button:",
            link,
            "If it was not you, leave it. There is no account until the button is pressed.",
        ),
    )


def already_registered(sign_in: str, forgotten: str) -> AccountEmail:
    """To a person who asked for an account and has one."""
    return AccountEmail(
        "You already have an account",
        _email_body(
            "Somebody asked for an account at this address. You already have one. Sign in here:",
            sign_in,
            "If you have forgotten your password, choose a new one here:",
            forgotten,
            "If you did not ask, leave it. Nothing has changed.",
        ),
    )


def no_account(sign_up: str) -> AccountEmail:
    """To a person who wanted to sign in and has no account."""
    return AccountEmail(
        "No account at this address",
        _email_body(
            "Somebody wanted to sign in with this address. There is no account at it.",
            "If it was you, you may have used another address. You can also make an account:",
            sign_up,
            "If it was not you, leave it. Nothing has changed.",
        ),
    )


def account_disabled() -> AccountEmail:
    return AccountEmail(
        "Your account is closed",
        _email_body(
            "Somebody wanted to sign in with this address. Its account was closed by the people who run this service.",
            "If you think that is a mistake, ask them.",
        ),
    )


def sign_in(link: str) -> AccountEmail:
    return AccountEmail(
        "Your link to sign in",
        _email_body(
            f"Open this page within {SIGN_IN_MINUTES} minutes and press the button to sign in:",
            link,
            "The link works once. Give it to nobody.",
            "If you did not ask for it, leave it. Nobody can sign in without it.",
        ),
    )


def new_password(link: str) -> AccountEmail:
    return AccountEmail(
        "Choose a new password",
        _email_body(
            f"Open this page within {RESET_MINUTES} minutes to choose a new password:",
            link,
            "The link works once. Give it to nobody.",
            "If you did not ask for it, leave it. Your password stays as it is.",
        ),
    )


def confirm_identity(link: str) -> AccountEmail:
    return AccountEmail(
        "Prove that it is you",
        _email_body(
            f"Open this page within {PROVE_MINUTES} minutes, in the browser you are signed in with, and press the button:",
            link,
            "If you did not ask for it, somebody may be using a browser in which you are signed in. Sign in and end it.",
        ),
    )


def new_email(link: str) -> AccountEmail:
    return AccountEmail(
        "Please confirm your new email address",
        _email_body(
            "Somebody wants to use this address for an account.",
            f"If it was you, open this page within {CONFIRM_HOURS} hours and press the button:",
            link,
            "If it was not you, leave it. Nothing changes.",
        ),
    )


def email_taken() -> AccountEmail:
    """To an address that a person wanted for another account, and that has one already."""
    return AccountEmail(
        "This address already has an account",
        _email_body(
            "Somebody wants to use this address for another account. It already has one, so nothing changes.",
            "If it was you, sign in with this address, or use another address for the other account.",
        ),
    )


def email_change_requested() -> AccountEmail:
    """To the old address."""
    return AccountEmail(
        "Your account: a new address was asked for",
        _email_body(
            "Somebody who is signed in to your account wants to use another email address for it.",
            "If it was not you, sign in and sign out all other browsers. That stops it. Then choose a new password.",
        ),
    )


def email_changed() -> AccountEmail:
    """To the old address, which opens nothing any more."""
    return AccountEmail(
        "Your account has a new address",
        _email_body(
            "Your account has another email address now. All other browsers were signed out, and links emailed before do not work.",
            "If it was not you, tell the people who run this service now. How to reach them stands at the foot of every page.",
        ),
    )


def account_changed(what: str, forgotten: str) -> AccountEmail:
    """After something grave. `what`: a sentence, the same for everybody."""
    return AccountEmail(
        "Your account was changed", _email_body(what, "If it was not you, choose a new password now:", forgotten)
    )


def second_step_reset() -> AccountEmail:
    """After the people who run the service took the second step away for a member who lost phone and codes."""
    return AccountEmail(
        "Your account: your second step was taken away",
        _email_body(
            "The people who run this service took away the second step for signing in to your account, because somebody said that "
            "phone and recovery codes are lost. Every browser was signed out.",
            "If that was you, sign in and set up a new second step.",
            "If it was not you, tell the people who run this service now. How to reach them stands at the foot of every page.",
        ),
    )


def staff_role_given(email: str, desk: StaffRole, by: str | None) -> AccountEmail:
    """To all staff. `by`: who gave it; None: it was given on the machine of the installation."""
    who = "on the machine of this installation" if by is None else f"by {by}"
    return AccountEmail(
        _STAFF_SUBJECT,
        _email_body(
            f"{email} now works here as {_STAFF_ROLE_NAMES[desk]}. That was decided {who}.",
            "If you did not expect this, ask on the telephone at once, and not by answering this email. An administrator can take it back.",
        ),
    )


def staff_role_removed(email: str, by: str) -> AccountEmail:
    """To all staff, and to the person whose role it was."""
    return AccountEmail(
        _STAFF_SUBJECT,
        _email_body(
            f"{email} no longer works here as a coordinator or administrator. That was decided by {by}.",
            "If you did not expect this, ask on the telephone at once, and not by answering this email.",
        ),
    )


_STAFF_SUBJECT = "Who works here has changed"
_STAFF_ROLE_NAMES = {StaffRole.COORDINATOR: "a coordinator", StaffRole.ADMINISTRATOR: "an administrator"}


def _email_body(*paragraphs: str) -> str:
    return "\n\n".join(("Hello,", *paragraphs)) + "\n"
