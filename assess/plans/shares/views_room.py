"""What was shared with whoever is signed in: a list, each copy as it was when it was shared, and its file.

Every page asks anew whether the share still holds, and notes the look before a byte goes out. Unknown and another's shares
read alike; what was ended or is over says so to its recipient, and no more.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response

from assess.assessments.models import Submission
from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.errors import Wording, error_page
from assess.kit.integers import page_asked
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.accounts.door import second_step_or_set_up, signed_in_or_sign_in
from assess.people.caller import Caller
from assess.people.models import Role
from assess.people.organisations.keeping import organisations_of
from assess.plans import charts
from assess.plans.first_page import help_of
from assess.plans.shares.coding import code_of_share
from assess.plans.shares.looking import Shown, State, find_grant, note_look, presented, shares_of, shown, was_shared
from assess.plans.shares.models import Looked
from assess.plans.shares.wanted import SharePdf, signed_for
from assess.plans.waiting import Places, order_again, send_file, show_waiting

blueprint = Blueprint("shared", __name__, url_prefix="/shared")

NO_LONGER = Wording(
    "This is no longer shared with you",
    (
        "The business has ended it, or its time is up. What you took with you before may be out of date.",
        "Ask the business if you need it again.",
    ),
)
ANSWERED_AGAIN = Wording(
    "The business has answered again",
    ("What was shared is no longer the latest.", "Ask the business to share its new plan with you."),
)


def share_looked_at(grant_id: uuid.UUID) -> Shown:
    """What this share shows to whoever is signed in, with a note that they looked.

    Raises:
        HTTPException: 404, which says so to its recipient when it is over; or a redirect, as `permitted_person`.
    """
    return _shown(grant_id, Looked.PAGE)


def share_now(grant_id: uuid.UUID) -> Shown:
    """The same without the note, for what shows nothing of it."""
    return _shown(grant_id, None)


@blueprint.get("")
@requires("shared.list", load=permitted_person)
def show_list(who: Caller) -> str:
    """Everything that was shared with this person, or with an organisation they buy for."""
    page = page_asked()
    with database().reading() as look:
        rows, more = shares_of(look, who, now(), page)
        buying = [one for one in who.roles if who.has(Role.BUYER, one)]
        organisations = organisations_of(look, buying) if buying else []
    if rows:
        second_step_or_set_up(who)
    boards = [(one.name, f"/organisations/{one.id}/suppliers") for one in organisations]
    return render_template("plans/shared_list.html", rows=rows, page=page, more=more, boards=boards)


@blueprint.get("/<uuid:grant_id>")
@requires("shared.read", load=share_looked_at)
def show_copy(found: Shown) -> str:
    """The copy as it was when it was shared, and what changed since."""
    if found.shared is None:
        return render_template("plans/shared_again.html", found=found)
    with database().reading() as look:
        submission = look.get(Submission, found.grant.submission_id) or abort(404)
        code = code_of_share(look, found.grant.document)
        signed = signed_for(look, found.grant)
    return render_template(
        "plans/shared_page.html",
        found=found,
        shared=presented(found.shared, found.valid_until),
        code=code,
        signed=signed,
        help=help_of(submission.record),
        charts=charts,
    )


@blueprint.get("/<uuid:grant_id>/copy.pdf")
@requires("shared.read", load=share_now)
def copy_file(found: Shown) -> Response:
    """The copy as a file."""
    return _file(found, send_file, Looked.FILE)


@blueprint.get("/<uuid:grant_id>/making")
@requires("shared.read", load=share_now)
def show_making(found: Shown) -> Response:
    """How it stands with the file."""
    return _file(found, show_waiting)


@blueprint.post("/<uuid:grant_id>/making")
@audited("made")
@limited(SAVING, by_visit)
@requires("shared.read", load=share_now)
def make_again(found: Shown) -> Response:
    """Try once more."""
    return _file(found, order_again)


def _file(found: Shown, answer: Callable[[SharePdf, Places], Response], what: Looked | None = None) -> Response:
    grant_id = found.grant.id
    if found.shared is None:
        return error_page(404, ANSWERED_AGAIN)
    places = Places(
        whose=grant_id,
        file=url_for("shared.copy_file", grant_id=grant_id),
        waiting=url_for("shared.show_making", grant_id=grant_id),
        back=url_for("shared.show_copy", grant_id=grant_id),
    )
    wanted = SharePdf(grant_id)
    if what is not None:
        with database().reading() as look:
            there = wanted.kept(look) is not None
        if there:
            _shown(grant_id, what)
    return answer(wanted, places)


def _shown(grant_id: uuid.UUID, what: Looked | None) -> Shown:
    """What this share shows to whoever is signed in, and the note that they looked: both seen in one transaction."""
    who = signed_in_or_sign_in()
    moment = now()
    with database().reading() as look:
        grant = find_grant(look, who, grant_id, moment)
        found = None if grant is None else shown(look, grant)
        over = found is None and was_shared(look, who, grant_id, moment)
    if over:
        abort(error_page(404, NO_LONGER))
    if found is None:
        abort(404)
    second_step_or_set_up(who)
    if what is None or found.state is not State.CURRENT:
        return found
    with database().writing() as write:
        grant = find_grant(write, who, grant_id, moment)  # ended between the two looks
        if grant is None:
            abort(404)
        note_look(write, grant, who, what, moment)
    return found
