"""The page to which the last link of a mail leads: one button, which mail programs press by themselves too (RFC 8058)."""

from __future__ import annotations

from flask import abort, current_app, render_template, request
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.errors import Wording, error_page
from assess.kit.limits import Limit, count
from assess.kit.mail.unsubscribe import MailKind

UNSUBSCRIBING = Limit("unsubscribe", 30, 60)
"""For each mailbox, never for a machine that calls: one machine of a mail company presses for all its people."""
NO_MAIL = Wording(
    "No mail comes from this link",
    ("A part of the address is missing.", "If mail still comes, open the link at the foot of the newest mail."),
)


def show_unsubscribe(kind: MailKind, token: str) -> str | Response:
    """The button, or that it was pressed already. `token`: the end of a link of this kind of mail."""
    mark = kind.mark_in(token, settings_of(current_app).honoured_keys)
    if mark is None:
        return error_page(404, NO_MAIL)
    with database().reading() as look:
        stopped = kind.has_stopped(look, mark)
    return render_template("kit/unsubscribe.html", when=kind.when, stopped=stopped)


def unsubscribe(kind: MailKind, token: str) -> str | Response:
    """No more of these to the mailbox of this token, which is all it takes: a mail program that sends this has no form of ours.

    The answer is a page and no redirect, because programs that press the button do not follow one (RFC 8058, 3.1).
    """
    see_one_click()
    mark = kind.mark_in(token, settings_of(current_app).honoured_keys)
    if mark is None:
        return error_page(404, NO_MAIL)
    count(UNSUBSCRIBING, f"{kind.name} {mark}")
    kind.stop(session(), mark, now())
    return render_template("kit/unsubscribe.html", when=kind.when, stopped=True)


def see_one_click() -> None:
    """See that the form holds the field that mail programs send (RFC 8058, 3.2).

    Raises:
        HTTPException: 400
    """
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
