"""Grave acts ask “prove it is you” again once 15 minutes have passed: somebody else may have sat down at the same browser.

    ask = prove_first()
    if ask is not None:
        return ask

at the top of a view, of the page with the form as well as of the form itself, so that nobody types something for nothing.
"""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.people.accounts.door import page_of_request, signed_in_or_sign_in, with_next
from assess.people.caller import Caller

PROVE = "/prove"


def prove_first() -> Response | None:
    """Where to send them so that they prove it; None when they did so lately.

    Raises:
        HTTPException: a redirect to signing in, or to setting up a second step, as `signed_in_or_sign_in` has it.
    """
    return prove_first_as(signed_in_or_sign_in())


def prove_first_as(who: Caller) -> Response | None:
    """The same for somebody whom the view has let in already."""
    return None if who.proven_lately(now()) else redirect(with_next(PROVE, page_of_request()), 303)
