"""Links and codes to come back with, leaving on this browser, and deleting everything."""

from __future__ import annotations

import uuid
from functools import partial
from urllib.parse import quote

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask import session as form_cookie
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, mark_used_and_commit, open_assessment
from assess.assessments.guest_sessions import (
    end_guest_session,
    end_other_sessions,
    known_session_hash,
    open_resume_link,
)
from assess.assessments.links import (
    CodeOpensNothingError,
    InvalidPinError,
    PinNeededError,
    WrongPinError,
    check_code_and_pin,
    check_pin,
    cut_token,
    end_resume_link,
    find_link_by_code,
    find_resume_link,
    make_resume_link,
    mark_resume_link_opened,
    resume_links,
    set_pin,
)
from assess.assessments.models import Assessment, ResumeLink
from assess.assessments.queries import clear_answer_cache
from assess.assessments.retention import delete_assessment
from assess.assessments.short_codes import clean_code, code_was_right, count_code, count_pin, pin_was_right
from assess.assessments.views_submission import ASSESSMENT_RULE
from assess.core import clock
from assess.core.application import absolute_url, settings_of
from assess.core.audit.requests import audit_always, set_audit_subject
from assess.core.db import database, request_session
from assess.core.errors import RETRY_AFTER_SECONDS, wait_in_words
from assess.core.forms.fields import CodeField, TextField
from assess.core.forms.form import is_ticked, read_fields
from assess.core.pages import PageResponse, qr_code_svg
from assess.core.rate_limits import (
    OPEN_LINK_LIMIT,
    SAVE_LIMIT,
    by_session_or_address,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.core.security import clear_guest_cookie, end_stored_pages, guest_session_token, set_guest_cookie
from assess.identity.current_user import current_user_id

_GOODBYE = "goodbye"
"""In the form cookie until the last page was shown: what it says."""
_PIN_WANTED = "Enter 4 to 8 digits"

blueprint = Blueprint("resume_links", __name__)


@blueprint.route(f"{ASSESSMENT_RULE}/leave", methods=["GET", "POST"])
@audited("left")
@requires("visit.leave", load=open_assessment)
def leave_assessment(context: AssessmentContext) -> Response | str:
    """End the guest session of this browser. Nothing is deleted. Where no way leads back, that is said first."""
    if request.method != "POST":
        return render_template("assessments/leave.html", id=context.id, months=_months_kept(context))
    way_back = context.opened.organisation_id is not None or bool(resume_links(request_session(), context.id))
    if not way_back and not is_ticked("for_good"):
        return redirect(url_for("resume_links.leave_assessment", assessment_id=context.id), 303)
    end_guest_session(request_session(), guest_session_token())
    return _goodbye(None if way_back else "for good")


@blueprint.route(f"{ASSESSMENT_RULE}/delete", methods=["GET", "POST"])
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.delete", load=open_assessment)
def delete_everything(context: AssessmentContext) -> PageResponse:
    if request.method != "POST":
        return _delete_page(context)
    if not is_ticked("sure"):
        return _delete_page(context, "Tick the box to say that you want all of it deleted."), 422
    delete_assessment(request_session(), context.id)
    clear_answer_cache()
    has_others = known_session_hash(request_session(), guest_session_token(), clock.now()) is not None
    return _goodbye("deleted", stays=has_others)


@blueprint.get("/goodbye")
@requires("public.read")
def show_goodbye() -> str:
    """The last page: what is gone, what is still there. It says nothing about who was here, and says it once."""
    said = form_cookie.pop(_GOODBYE, None)
    return render_template(
        "assessments/goodbye.html",
        deleted=said == "deleted",
        for_good=said == "for good",
        backup_days=settings_of(current_app).backup_days,
    )


def _goodbye(said: str | None, *, stays: bool = False) -> Response:
    """To the last page, at an address that tells nothing. `stays`: this browser has other things open."""
    response = make_response(redirect(url_for("resume_links.show_goodbye"), 303))
    if stays:
        end_stored_pages()
    else:
        clear_guest_cookie(response)
    if said:
        form_cookie[_GOODBYE] = said
    return response


def _months_kept(context: AssessmentContext) -> int:
    settings = settings_of(current_app)
    sent = context.opened.submitted or context.opened.version > 1
    return 12 * settings.submission_years if sent else settings.draft_months


def _delete_page(context: AssessmentContext, error: str | None = None) -> str:
    return render_template(
        "assessments/delete.html",
        id=context.id,
        name=context.opened.organisation.get("name"),
        was_submitted=context.opened.submitted or context.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
        error=error,
    )


LINK_RULE = f"{ASSESSMENT_RULE}/link"


@blueprint.get(LINK_RULE)
@requires("assessment.links", load=open_assessment)
def show_resume_links(context: AssessmentContext) -> str:
    return _resume_links_page(context)


@blueprint.post(LINK_RULE)
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=open_assessment)
def add_resume_link(context: AssessmentContext) -> str | tuple[str, int]:
    form = read_fields(pin=CodeField(), next=TextField())
    pin = form["pin"] or None
    try:
        link = make_resume_link(request_session(), context.id, clock.now(), pin=pin, made_by=current_user_id())
    except InvalidPinError:
        return _resume_links_page(context, error=f"{_PIN_WANTED}, or leave the PIN out."), 422
    mark_used_and_commit(context)
    return _new_resume_link_page(context, link.token, link.code, form["next"], has_pin=pin is not None)


@blueprint.post(f"{LINK_RULE}/card")
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=open_assessment)
def make_link_card(context: AssessmentContext) -> str | tuple[str, int]:
    """Show a link that was just made on a card to print. Paper lies about: the link asks for a PIN from then on."""
    form = read_fields(pin=CodeField(), token=CodeField(), code=CodeField(), next=TextField())
    show = partial(_new_resume_link_page, context, form["token"], form["code"], form["next"])
    try:
        link = set_pin(request_session(), context.id, form["token"], form["pin"])
    except InvalidPinError:
        return show(has_pin=False, error=f"{_PIN_WANTED}."), 422
    set_audit_subject("link", link.id)
    mark_used_and_commit(context)
    return show(has_pin=True)


@blueprint.post(f"{LINK_RULE}/<uuid:link_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=open_assessment)
def end_link(context: AssessmentContext, link_id: uuid.UUID) -> Response:
    """End one link. This browser stays inside."""
    end_resume_link(request_session(), context.id, link_id, clock.now(), keep=guest_session_token())
    return redirect(url_for("resume_links.show_resume_links", assessment_id=context.id), 303)


@blueprint.post(f"{LINK_RULE}/end-other-devices")
@audited("left")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=open_assessment)
def end_other_devices(context: AssessmentContext) -> Response:
    """End every other browser, that of the person who began included. Links go on working."""
    end_other_sessions(request_session(), context.id, guest_session_token(), clock.now())
    audit_always()  # the history must not tell whether there was another
    return redirect(url_for("resume_links.show_resume_links", assessment_id=context.id, done="others"), 303)


@blueprint.get("/r/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_resume(token: str) -> PageResponse:
    """Where a kept link leads: a button, so that nothing is opened by a preview of the link."""
    cut = cut_token(token)
    if cut != token:
        return redirect(url_for("resume_links.show_resume", token=cut), 303)
    return _resume_page(_find_link(token))


@blueprint.post("/r/<token>")
@audited("opened")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def resume(token: str) -> PageResponse:
    link = _find_link(token)

    try:
        check_pin(link, read_fields(pin=CodeField())["pin"], partial(count_pin, str(link.id)))
    except PinNeededError:
        return _resume_page(link, "Enter the PIN you chose for this link."), 422
    except WrongPinError:
        return _resume_page(link, "This is not the PIN of this link. Check it and try again."), 422
    except TooManyRequests as error:
        said = f"Too many wrong PINs were tried with this link. Wait {wait_in_words(_seconds(error))} and try again."
        return _locked(_resume_page(link, said), error)
    if link.pin_hash is not None:
        pin_was_right(str(link.id))
    return _opened(link)


@blueprint.get("/go")
@requires("link.open")
def show_code_form() -> str:
    """Where the code of a link is typed, for a person without the link."""
    return _code_page()


@blueprint.post("/go")
@audited("opened")
@requires("link.open")
def open_by_code() -> PageResponse:
    """Each try is counted before anything is looked up, and whatever fails reads the same."""
    form = read_fields(code=CodeField(), pin=CodeField())
    try:
        count_code()
    except TooManyRequests as error:
        said = (
            f"Too many codes were tried here. Wait {wait_in_words(_seconds(error))} and try again. A link still works."
        )
        return _locked(_code_page(said), error)
    with database().reading() as session:
        found = find_link_by_code(session, form["code"], clock.now())
    subject = str(found.id) if found is not None else f"no link {clean_code(form['code'])}"
    try:
        link = check_code_and_pin(found, form["pin"], partial(count_pin, subject))
    except CodeOpensNothingError:
        return _code_page("This code and PIN open nothing"), 422
    code_was_right()
    if link.pin_hash is not None:
        pin_was_right(subject)
    return _opened(link)


def _opened(link: ResumeLink) -> Response:
    """Let this browser in, and on to its answers."""
    opened = mark_resume_link_opened(request_session(), link.id, clock.now())
    set_audit_subject("assessment", opened.assessment_id)
    set_audit_subject("link", opened.id)
    fresh = open_resume_link(request_session(), opened, clock.now(), token=guest_session_token())
    assessment = request_session().get(Assessment, opened.assessment_id)
    # the person who has submitted comes back to work through the plan, not to answer
    page = (
        "action_tracker.show_tracker" if assessment is not None and assessment.submitted else "assessments.show_tasks"
    )
    return set_guest_cookie(make_response(redirect(url_for(page, assessment_id=opened.assessment_id), 303)), fresh)


def new_link_page(template: str, context: AssessmentContext, address: str, subject: str, **shown: object) -> str:
    """A link that was just made. It is in no other place, so this page is its only sight.

    `subject` is neutral: it shows on locked screens and in lists of mail.
    """
    return render_template(template, id=context.id, address=address, **link_messages(subject, address), **shown)


def link_messages(subject: str, address: str) -> dict[str, str]:
    """The same words for a text message, a mail and a share sheet: `text`, `sms`, `mail`."""
    text = f"{subject}: {address}"
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(subject, safe='')}&body={quote(text, safe='')}",
    }


def _find_link(token: str) -> ResumeLink:
    with database().reading() as session:
        return find_resume_link(session, token)


def _new_resume_link_page(
    context: AssessmentContext, token: str, code: str, then: str, *, has_pin: bool, error: str | None = None
) -> str:
    address = absolute_url(current_app, url_for("resume_links.show_resume", token=token))
    tasks = url_for("assessments.show_tasks", assessment_id=context.id)
    return new_link_page(
        "assessments/resume_link_new.html",
        context,
        address,
        "Your link to your business self-check",
        token=token,
        code=code,
        code_address=absolute_url(current_app, url_for("resume_links.show_code_form")).partition("://")[2],
        picture=qr_code_svg(address),
        then=then if then.startswith(tasks) and "?" not in then else tasks,
        has_pin=has_pin,
        error=error,
    )


def _code_page(error: str | None = None) -> str:
    return render_template("assessments/code.html", error=error)


def _locked(page: str, error: TooManyRequests) -> Response:
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(_seconds(error))
    return response


def _seconds(error: TooManyRequests) -> int:
    return error.retry_after if isinstance(error.retry_after, int) else RETRY_AFTER_SECONDS


def _resume_page(link: ResumeLink, error: str | None = None) -> str:
    return render_template("assessments/resume.html", has_pin=link.pin_hash is not None, error=error)


def _resume_links_page(context: AssessmentContext, error: str | None = None) -> str:
    with database().reading() as session:
        links = resume_links(session, context.id)
    return render_template(
        "assessments/resume_links.html", id=context.id, links=links, error=error, done=request.args.get("done")
    )
