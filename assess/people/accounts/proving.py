"""Grave acts ask “prove it is you” again once 15 minutes have passed: somebody else may have sat down at the same browser.

Which pages ask stands in one table, `permissions.FRESH_PROOF`; whatever lets somebody in to a page looks there (`see_proven`). Pages
of one’s own account ask by

    ask = prove_first(who)
    if ask is not None:
        return ask

at the top of a view, of the page with the form as well as of the form itself, so that nobody types something for nothing.
"""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.errors import Wording, error_page, has_typed
from assess.people.accounts.door import page_of_request, with_next
from assess.people.caller import Caller
from assess.people.permissions import FRESH_PROOF

PROVE = "/prove"
_ASK = Wording(
    "Prove that it is you",
    (
        "What you are about to do cannot be undone, or lets others see much. It is some time since you proved that it is you.",
        "Open the page below in a new tab and prove it there. Then come back to this page.",
        "",  # here stands that what was typed is kept
    ),
)


def prove_first(who: Caller, back: str | None = None) -> Response | None:
    """Where to send somebody so that they prove it; None when they did so lately.

    `back`: the page with the form, where the address of the form has none.
    """
    return None if who.proven_lately(now()) else redirect(with_next(PROVE, back or page_of_request()), 303)


def see_proven(who: Caller | None) -> None:
    """Have somebody signed in prove it again where the table asks for it. Call it once they were let in.

    Raises:
        HTTPException: a redirect to the proof; or, where something was typed, a page that keeps it and leads there.
    """
    back = FRESH_PROOF.get(request.endpoint or "")
    if who is None or back is None or who.proven_lately(now()):
        return
    to = with_next(PROVE, page_of_request() if back == request.endpoint else _address_of(back))
    if has_typed():
        abort(error_page(403, _ASK, give_back=True, way=(to, "Prove that it is you (opens in a new tab)")))
    abort(redirect(to, 303))


def _address_of(endpoint: str) -> str:
    """The address of a page that is about the same as the one of this request."""
    wanted = next(current_app.url_map.iter_rules(endpoint)).arguments
    return url_for(endpoint, **{name: value for name, value in (request.view_args or {}).items() if name in wanted})
