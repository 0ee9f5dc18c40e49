"""Sharing, for the business: what a buyer sees, everything that was shared, and a new share or link.

A share goes to a named recipient who signs in. A link is for somebody without an account; it shows the short copy alone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.links import (
    BUYER_LINK_DAYS,
    LONGEST_NOTE,
    LinkUnknownError,
    buyer_links,
    end_buyer_link,
)
from assess.assessments.links import share as make_share
from assess.assessments.models import Submission
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.assessments.views_links import messages
from assess.assessments.visits import note_use
from assess.kit.application import public_address, settings_of
from assess.kit.audit.requests import note_about, note_detail
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.limits import SAVING, Limit, by_address, by_visit, count, limited
from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue
from assess.kit.route_permissions import audited, requires
from assess.people.accounts.proving import prove_first
from assess.people.caller import caller
from assess.plans.shares.forms import ShareForm, read_share
from assess.plans.shares.granting import DAYS, Given, GrantOverError, event_of, give, grants_of, suspended_among
from assess.plans.shares.listing import listed
from assess.plans.shares.looking import looks_at_grants, looks_at_links
from assess.plans.shares.offers import OFFERS, may_offer, sharer_of
from assess.plans.shares.scopes import HINTS, TITLES
from assess.plans.shares.wording import Sharer, offering

SUBJECT = "Our business self-check"
_DAY = 86_400
BY_ASSESSMENT = Limit("share-give", 20, _DAY)
BY_CALLER = Limit("share-give-from", 50, _DAY)
"""Each share may write to a stranger, so there are not many a day."""

HERE = "/assessments/<uuid:assessment_id>/share"

blueprint = Blueprint("share", __name__, url_prefix=HERE)


@blueprint.get("")
@requires("share.manage", load=workspace)
def show_share(work: Workspace) -> str | Response:
    """What a buyer sees and never sees, and everything that was shared."""
    return _page(work)


def _page(work: Workspace, asked: Asked | None = None) -> str | Response:
    with database().reading() as look:
        try:
            submission = submission_of(look, work.id)
        except NothingSubmittedError:
            return to_tasks(work)
        grants, links = grants_of(look, work.id), buyer_links(look, work.id)
        entries = listed(
            grants,
            links,
            looks_at_grants(look, (grant.id for grant in grants)),
            looks_at_links(look, (link.id for link in links)),
            submission.id,
            now(),
            suspended_among(look, grants),
        )
    return render_template(
        "plans/share_page.html",
        id=work.id,
        made_on=submission.record["made_on"],
        correcting=not work.opened.submitted,
        days=BUYER_LINK_DAYS,
        entries=entries,
        note=request.form.get("note", "")[:1000],
        asked=[asked] if asked else [],
        ticks=sorted(ticks_in(request.form)),
    )


@blueprint.post("")
@audited("made")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def make_link(work: Workspace) -> str | Response | tuple[str | Response, int]:
    """Make a link to the latest submission and show it, once."""
    try:
        submission = submission_of(session(), work.id)
    except NothingSubmittedError:
        return to_tasks(work)
    note = " ".join(request.form.get("note", "")[:1000].split())[:LONGEST_NOTE]
    asked = ask_about(note, "note", "Whom is it for?", ticks=ticks_in(request.form), names_expected=True)
    if asked is not None:
        return _page(work, asked), 422
    link = make_share(session(), submission, now(), note=note)
    note_use(session(), visit_token(), work.id, now())
    note_about("buyer_link", link.id)
    commit_request()
    address = public_address(current_app, f"/b/{link.token}")
    return render_template(
        "plans/share_link_made.html", id=work.id, address=address, days=BUYER_LINK_DAYS, **messages(SUBJECT, address)
    )


@blueprint.post("/<uuid:link_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def end_link(work: Workspace, link_id: uuid.UUID) -> Response:
    """End one link, at once."""
    try:
        end_buyer_link(session(), work.id, link_id, now())
    except LinkUnknownError:
        abort(404)
    return redirect(url_for("share.show_share", assessment_id=work.id, ended=link_id), 303)


@blueprint.get("/new")
@requires("share.manage", load=workspace)
def show_new(work: Workspace) -> str | Response:
    """The form for a named buyer."""
    with database().reading() as look:
        try:
            submission_of(look, work.id)
        except NothingSubmittedError:
            return to_tasks(work)
    return _new_page(work, ShareForm())


@blueprint.post("/new")
@audited("given")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def give_share(work: Workspace) -> str | Response | tuple[str, int]:
    """Share the latest submission with this buyer. Whether the address has an account here changes nothing that is said."""
    form = read_share(request.form)
    if form.to is None or form.choice is None or form.errors:
        return _new_page(work, form), 422
    count_giving(work.id)
    moment = now()
    with database().reading() as look:
        try:
            offer = offer_of(look, work, submission_of(look, work.id), form.to.email)
        except NothingSubmittedError:
            return to_tasks(work)
    try:
        submission = submission_of(session(), work.id)
        given = give(session(), submission, form.to, form.choice.scope, form.choice.days, moment)
    except (NothingSubmittedError, GrantOverError):
        return to_tasks(work)
    note_detail("scope", form.choice.scope.value)
    note_detail("days", form.choice.days)
    note_use(session(), visit_token(), work.id, moment)
    return hand_over(work, given, offer)


@dataclass(frozen=True, slots=True)
class Offer:
    """The mail to a recipient: who shares, if that is confirmed, and whether it goes."""

    sharer: Sharer | None
    goes: bool


def offer_of(look: Session, work: Workspace, submission: Submission, address: str) -> Offer:
    """What mail may go to this address. It counts; call it before the request's own session has begun to write."""
    settings = settings_of(current_app)
    sharer = sharer_of(look, work.id, submission.record["organisation"]["name"])
    mails = settings.mail_server is not None
    return Offer(sharer, mails and may_offer(address, settings, look))


def hand_over(work: Workspace, given: Given, offer: Offer) -> str | Response:
    """Write to the recipient, or where no mail is sent show the link, once. Whether a mail leaves changes nothing that is said."""
    grant = given.grant
    address = public_address(current_app, f"/shared/accept/{given.token}")
    mails = settings_of(current_app).mail_server is not None
    if offer.goes:
        stop = public_address(current_app, OFFERS.stop_path(grant.email, settings_of(current_app).key))
        text = offering(offer.sharer, address, stop, date_at(grant.until).isoformat())
        event = f"{event_of(grant)}{grant.written}"
        queue(session(), Mail(event, grant.email, text.subject, with_foot(text.body), work.id, stop), now())
    note_about("grant", grant.id)
    commit_request()
    return render_template(
        "plans/share_given.html",
        id=work.id,
        grant=grant,
        mails=mails,
        address=None if mails else address,
        until=date_at(grant.until),
        **messages(SUBJECT, address),
    )


def count_giving(assessment_id: uuid.UUID) -> None:
    """Count one share or one more link to a recipient.

    Raises:
        TooManyRequests
    """
    count(BY_CALLER, by_address())
    count(BY_ASSESSMENT, str(assessment_id))


def prove() -> Response | None:
    """Somebody signed in proves it again before a new buyer sees something. Whoever holds the assessment by a link has nothing to prove."""
    who = caller()
    return None if who is None else prove_first(who)


def to_tasks(work: Workspace) -> Response:
    """Back to the form: nothing was submitted yet."""
    return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)


def _new_page(work: Workspace, form: ShareForm) -> str:
    mails = settings_of(current_app).mail_server is not None
    return render_template(
        "plans/share_new.html", id=work.id, form=form, scopes=TITLES, hints=HINTS, days=DAYS, mails=mails
    )
