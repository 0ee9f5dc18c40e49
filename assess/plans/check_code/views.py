"""The page where whoever holds a paper asks what its code stands for.

Nothing here touches the session and the form is sent as a question, so no cookie is set. Whatever the answers behind a code
are, the page reads the same.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import today
from assess.kit.db import session
from assess.kit.limits import Limit, limited
from assess.kit.route_permissions import requires
from assess.plans.check_code.codes import matched, tidied

CHECKING = Limit("check-code", 30, 60)
ODD = "Enter the code as it is printed: eight letters and digits, like K7QF-2M9D. It has no vowels, no 0 and no 1."

blueprint = Blueprint("check_code", __name__)


@blueprint.get("/check")
@requires("public.read")
def ask() -> str | Response | tuple[str, int]:
    """The form; a code that was typed leads to its own address."""
    typed = request.args.get("code")
    if typed is None:
        return _form()
    code = tidied(typed)
    if code is None:
        return _form(typed, ODD), 422
    return redirect(url_for("check_code.answer", code=code), 303)


@blueprint.get("/check/<code>")
@limited(CHECKING)
@requires("public.read")
def answer(code: str) -> str | Response | tuple[str, int]:
    """What the code stands for."""
    tidy = tidied(code)
    if tidy is None:
        return _form(code, ODD), 422
    if tidy != code:
        return redirect(url_for("check_code.answer", code=tidy), 303)
    found = matched(session(), tidy)
    day = today().isoformat()
    page = render_template(
        "plans/check_code_answer.html", code=tidy, found=found, outdated=found is not None and day > found.valid_until
    )
    return page if found else (page, 404)


def _form(typed: str = "", error: str | None = None) -> str:
    return render_template("plans/check_code.html", typed=typed[:40], errors=[("code", error)] if error else [])
