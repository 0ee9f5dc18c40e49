"""The way back without an account: a link to keep, and the page it leads to."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.links import (
    LinkUnknownError,
    PinNeededError,
    PinUnfitError,
    PinWrongError,
    check_pin,
    count_resume,
    end_resume_link,
    find_resume_link,
    make_resume_link,
    resume_links,
)
from assess.assessments.models import Assessment, ResumeLink
from assess.assessments.visits import end_others, note_use, open_assessment
from assess.kit.application import public_address
from assess.kit.audit.requests import note_about, note_always
from assess.kit.clock import now
from assess.kit.cookies import remember_visit, visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.errors import Wording, error_page
from assess.kit.limits import (
    GUESSING_PIN,
    GUESSING_PIN_ALL_DAY,
    OPENING_LINKS,
    SAVING,
    by_visit,
    count,
    limited,
)
from assess.kit.route_permissions import audited, requires
from assess.people.caller import caller_id

SUBJECT = "Your link to your business self-check"
"""Neutral on purpose: it shows on locked screens and in lists of mail."""

blueprint = Blueprint("links", __name__)
NO_LINK = Wording(
    "This link does not work any more",
    (
        "It may have been ended, or a part of the address may be missing.",
        "If the answers were kept with an account, sign in.",
    ),
)
"""The same for a link that was ended and for one that never was."""
HERE = "/assessments/<uuid:assessment_id>/link"


@blueprint.get(HERE)
@requires("assessment.links", load=workspace)
def show_link(work: Workspace) -> str:
    """How to keep a link, and the links that work now."""
    return _link_page(work)


@blueprint.post(HERE)
@audited("made")
@limited(SAVING, by_visit)
@requires("assessment.links", load=workspace)
def make_link(work: Workspace) -> str | tuple[str, int]:
    """Make a link and show it. It is in no other place, so this page is its only sight."""
    pin = request.form.get("pin", "").strip() or None
    try:
        link = make_resume_link(session(), work.id, now(), pin=pin, made_by=caller_id())
    except PinUnfitError:
        return _link_page(work, error="Enter 4 to 8 digits, or leave the PIN out."), 422
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    address = public_address(current_app, url_for("links.show_resume", token=link.token))
    return render_template(
        "assessments/link_made.html", id=work.id, address=address, has_pin=pin is not None, **messages(SUBJECT, address)
    )


@blueprint.post(f"{HERE}/<uuid:link_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("assessment.links", load=workspace)
def end_link(work: Workspace, link_id: uuid.UUID) -> Response:
    """End one link. This browser stays inside."""
    try:
        end_resume_link(session(), work.id, link_id, now(), keep=visit_token())
    except LinkUnknownError:
        abort(404)
    return redirect(url_for("links.show_link", assessment_id=work.id), 303)


@blueprint.post(f"{HERE}/others")
@audited("left")
@limited(SAVING, by_visit)
@requires("assessment.links", load=workspace)
def leave_others(work: Workspace) -> Response:
    """End every other browser, that of whoever began included. Links go on working."""
    end_others(session(), work.id, visit_token(), now())
    note_always()  # the history must not tell whether there was another
    return redirect(url_for("links.show_link", assessment_id=work.id, done="others"), 303)


@blueprint.get("/r/<token>")
@limited(OPENING_LINKS)
@requires("link.open")
def show_resume(token: str) -> str:
    """Where a kept link leads: a button, so that nothing is opened by a preview of the link."""
    return _resume_page(_link_or_404(token))


@blueprint.post("/r/<token>")
@audited("opened")
@limited(OPENING_LINKS)
@requires("link.open")
def resume(token: str) -> str | Response | tuple[str, int]:
    """Let this browser in."""
    link = _link_or_404(token)

    def count_try() -> None:
        count(GUESSING_PIN, str(link.id))
        count(GUESSING_PIN_ALL_DAY, str(link.id))

    try:
        check_pin(link, request.form.get("pin"), count_try)
    except PinNeededError:
        return _resume_page(link, "Enter the PIN you chose for this link."), 422
    except PinWrongError:
        return _resume_page(link, "This is not the PIN of this link. Check it and try again."), 422
    try:
        opened = count_resume(session(), link.id, now())
    except LinkUnknownError:
        return error_page(404, NO_LINK)
    note_about("assessment", opened.assessment_id)
    note_about("link", opened.id)
    fresh = open_assessment(session(), opened, now(), token=visit_token())
    assessment = session().get(Assessment, opened.assessment_id)
    # whoever has submitted comes back to work through the plan, not to answer
    page = "register.show_register" if assessment is not None and assessment.submitted else "tasks.show_tasks"
    target = url_for(page, assessment_id=opened.assessment_id)
    return remember_visit(make_response(redirect(target, 303)), fresh)


def messages(subject: str, address: str) -> dict[str, str]:
    """The same words for a text message, a mail and a share sheet: `text`, `sms`, `mail`."""
    text = f"{subject}: {address}"
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(subject, safe='')}&body={quote(text, safe='')}",
    }


def _link_or_404(token: str) -> ResumeLink:
    with database().reading() as look:
        try:
            return find_resume_link(look, token)
        except LinkUnknownError:
            abort(error_page(404, NO_LINK))


def _resume_page(link: ResumeLink, error: str | None = None) -> str:
    return render_template("assessments/resume.html", has_pin=link.pin_hash is not None, error=error)


def _link_page(work: Workspace, error: str | None = None) -> str:
    with database().reading() as look:
        links = resume_links(look, work.id)
    return render_template("assessments/link.html", id=work.id, links=links, error=error, done=request.args.get("done"))
