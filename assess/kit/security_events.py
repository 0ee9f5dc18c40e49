"""Log lines of their own for what may be an attack: a refused sign-in, a wrong second step, a limit that was reached.

They change nothing, so they are no events of the audit log, and whoever tries could fill a table. A line names nobody: `who` is a keyed
mark of the address that was typed, or of the person, `caller` one of the address that called. The same one has the same mark, so a burst
can be counted, and told from many people’s slips; without the secret key nobody gets from a mark to whom it stands for.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, g, request

from assess.kit.errors import request_name
from assess.kit.limits import by_address
from assess.kit.logs import log

_LABEL = b"assess marks in log lines, 1"
_CHARACTERS = 16

SIGN_IN_REFUSED = "sign_in_refused"
"""A wrong password, a passkey that did not fit, or an account that is none or closed: the line does not tell which of these."""
SECOND_STEP_REFUSED = "second_step_refused"
PROOF_REFUSED = "proof_refused"
"""Somebody signed in could not prove that it is them."""
LIMITED = "limited"


def concerns(who: object) -> None:
    """Say whom this request is about, an address that was typed or the id of a person: its security events carry the mark."""
    g.security_who = _mark(str(who))


def security_event(event: str) -> None:
    """Write the line."""
    log(
        event,
        who=g.get("security_who"),
        caller=_mark(by_address()),
        route=request.url_rule.rule if request.url_rule else None,
        method=request.method,
        request=request_name(),
    )


def _mark(subject: str) -> str:
    key = hmac.new(str(current_app.secret_key).encode(), _LABEL, hashlib.sha256).digest()
    return hmac.new(key, subject.encode(), hashlib.sha256).hexdigest()[:_CHARACTERS]
