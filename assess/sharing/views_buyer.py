"""Pages for buyers: accepting a share, shared copies and their PDF, and copies opened by a link without an account."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from assess.assessments.access import KnownRelations, loaded_edition
from assess.assessments.guest_sessions import find_open_buyer_link, open_buyer_link
from assess.assessments.links import find_buyer_link, mark_buyer_link_opened, shared_submission
from assess.assessments.models import Assessment, Submission
from assess.assessments.submissions import get_submission, latest_submission_id
from assess.core import clock
from assess.core.application import csrf
from assess.core.audit.requests import set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import database, request_session
from assess.core.documents.pdf_progress import RequestedPdf, pdf_progress_response, send_pdf
from assess.core.errors import ErrorText, error_page
from assess.core.forms.fields import ChoiceField
from assess.core.forms.form import read_fields
from assess.core.links import LinkUnknownError
from assess.core.mail.unsubscribe import unsubscribe, unsubscribe_page
from assess.core.pages import PageResponse
from assess.core.pagination import query_page
from assess.core.rate_limits import OPEN_LINK_LIMIT, SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, request_permission, requires
from assess.core.security import guest_session_token, set_guest_cookie
from assess.identity.access import (
    SIGN_IN_PATH,
    current_page_path,
    require_full_sign_in,
    require_person,
    require_second_factor,
    url_with_next,
)
from assess.identity.current_user import CurrentUser, current_user
from assess.identity.models import Organisation, Role
from assess.identity.organisations.services import get_organisations
from assess.identity.permissions import Relation, authorise
from assess.plans import charts
from assess.plans.check_codes import check_code_of
from assess.plans.copies import BuyerCopy, buyer_copy
from assess.plans.first_page import help_contacts_of
from assess.plans.plan_documents import printed_sign_off
from assess.sharing import viewing
from assess.sharing.emails import SHARE_MAIL_KIND
from assess.sharing.models import ShareViewKind
from assess.sharing.services import accept_share_grant, buyer_organisations, find_offer, share_check_code
from assess.sharing.shared_copy import shared_copy_from_json

OFFER_NOT_FOUND = ErrorText(
    "This link does not work here",
    (
        "It may have been used or ended, its time may be up, or a part of the address may be missing.",
        "It only works when you are signed in with the email address it was made for. Ask the business for a new one.",
    ),
)
STAFF_CANNOT_ACCEPT = ErrorText(
    "You work for the operator of this service",
    ("So you cannot look at what businesses share with buyers.", "Ask the business to share it with somebody else."),
)


blueprint = Blueprint("shared_copies", __name__)


@blueprint.get("/shared/accept/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_offer(token: str) -> str | Response:
    """Who shared what, and a button. Looking uses nothing up."""
    if current_user() is None:
        return render_template(
            "sharing/shared_sign_in.html",
            sign_in=url_with_next(SIGN_IN_PATH, current_page_path()),
            sign_up=url_with_next("/sign-up", current_page_path()),
        )
    who = require_full_sign_in()
    if who.staff_role is not None:
        return error_page(403, STAFF_CANNOT_ACCEPT)
    with database().reading() as session:
        taken_up = viewing.find_accepted_share(session, who, token, clock.now())
    if taken_up is not None:  # the same mail, opened a second time
        return redirect(url_for("shared_copies.show_shared_copy", grant_id=taken_up.id), 303)
    return _offer_page(token, who)


@blueprint.post("/shared/accept/<token>")
@audited("accepted")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def accept_offer(token: str) -> PageResponse:
    """Take it up, for oneself or for an organisation one buys for."""
    who = require_full_sign_in()
    if who.staff_role is not None:
        return error_page(403, STAFF_CANNOT_ACCEPT)
    require_second_factor(who)
    ours = {str(organisation): organisation for organisation in buyer_organisations(who)}
    chosen = read_fields(**{"for": ChoiceField(["me", *ours], required="Choose whom it is for.")})
    if ours and chosen.errors:
        page = _offer_page(token, who, error=chosen.errors["for"])
        return page if isinstance(page, Response) else (page, 422)
    try:
        grant = accept_share_grant(
            request_session(), token, who, clock.now(), organisation_id=ours.get(chosen.values.get("for", ""))
        )
    except LinkUnknownError:
        return error_page(404, OFFER_NOT_FOUND)
    set_audit_subject("assessment", grant.assessment_id)
    set_audit_subject("grant", grant.id)
    return redirect(url_for("shared_copies.show_shared_copy", grant_id=grant.id), 303)


@blueprint.route("/shared/stop/<token>", methods=["GET", "POST"])
@audited("stopped")
@requires("link.open")
def stop_share_mails(token: str) -> str | Response:
    if request.method != "POST":
        return unsubscribe_page(SHARE_MAIL_KIND, token)
    return unsubscribe(SHARE_MAIL_KIND, token)


csrf.exempt(stop_share_mails)


def _offer_page(token: str, who: CurrentUser, error: str | None = None) -> str | Response:
    with database().reading() as session:
        try:
            grant = find_offer(session, token, who, clock.now())
        except LinkUnknownError:
            return error_page(404, OFFER_NOT_FOUND)
        ours = buyer_organisations(who)
        names: list[tuple[uuid.UUID, str]] = [
            (row.id, row.name)
            for row in session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ours)))
        ]
        of = select(Organisation).join(Assessment, Assessment.organisation_id == Organisation.id)
        organisation = session.scalars(of.where(Assessment.id == grant.assessment_id)).first()
    copy = shared_copy_from_json(grant.document).buyer_copy
    options = [("me", "Only for me"), *((str(key), name) for key, name in sorted(names, key=lambda pair: pair[1]))]
    return render_template(
        "sharing/shared_offer.html",
        business=copy.organisation,
        note=viewing.unconfirmed_name_note(copy.organisation, organisation),
        made_on=copy.made_on,
        until=uk_date(grant.until),
        options=options if names else [],
        error=error,
        second_step=who.second_step,
    )


NO_LONGER_SHARED = ErrorText(
    "This is no longer shared with you",
    (
        "The business has ended it, or its time is up. What you took with you before may be out of date.",
        "Ask the business if you need it again.",
    ),
)
SHARE_ANSWERED_AGAIN = ErrorText(
    "The business has answered again",
    ("What was shared is no longer the latest.", "Ask the business to share its new plan with you."),
)


def load_share_and_log_view(grant_id: uuid.UUID) -> viewing.ReceivedShare:
    """What this share shows to the person who is signed in, with a note that they looked.

    Raises HTTPException: 404, which says so to its recipient when it is over; or a redirect, as `require_person`.
    """
    return _load_share(grant_id, ShareViewKind.PAGE)


def load_share(grant_id: uuid.UUID) -> viewing.ReceivedShare:
    """The same without the note, for what shows nothing of it."""
    return _load_share(grant_id, None)


@blueprint.get("/shared")
@requires("shared.list", load=require_person)
def show_shared_list(who: CurrentUser) -> str:
    with database().reading() as session:
        page = viewing.list_received_shares(session, who, clock.now(), query_page())
        buyer_ids = [one for one in who.roles if who.has(Role.BUYER, one)]
        organisations = get_organisations(session, buyer_ids) if buyer_ids else []
    if page.rows:
        require_second_factor(who)
    boards = [(one.name, url_for("board.show_board", organisation_id=one.id)) for one in organisations]
    return render_template("sharing/shared_list.html", page=page, boards=boards)


def _load_share(grant_id: uuid.UUID, what: ShareViewKind | None) -> viewing.ReceivedShare:
    """What this share shows to the person who is signed in, and the note that they looked: both seen in one transaction."""
    who = require_full_sign_in()
    now = clock.now()
    with database().reading() as session:
        grant = viewing.find_permitted_share(session, who, grant_id, now)
        found = None if grant is None else viewing.received_share_of(session, grant)
        over = found is None and viewing.was_shared_with(session, who, grant_id, now)
    if over:
        abort(error_page(404, NO_LONGER_SHARED))
    if found is None:
        abort(404)
    require_second_factor(who)
    if what is None or found.state is not viewing.ReceivedShareState.CURRENT:
        return found
    with database().writing() as write:
        grant = viewing.find_permitted_share(write, who, grant_id, now)  # ended between the two looks
        if grant is None:
            abort(404)
        viewing.log_share_views(write, [grant], who, what, now)
    return found


@blueprint.get("/shared/<uuid:grant_id>")
@requires("shared.read", load=load_share_and_log_view)
def show_shared_copy(found: viewing.ReceivedShare) -> str:
    """The copy as it was when it was shared, and what changed since."""
    if found.shared is None:
        return render_template("sharing/shared_answered_again.html", found=found)
    with database().reading() as session:
        submission = session.get(Submission, found.grant.submission_id) or abort(404)
        code = share_check_code(session, found.grant.document)
        signed = viewing.buyer_sign_off(session, found.grant)
    return render_template(
        "sharing/shared_copy.html",
        found=found,
        shared=viewing.with_valid_until(found.shared, found.valid_until),
        code=code,
        signed=signed,
        help=help_contacts_of(submission.record),
        charts=charts,
    )


@blueprint.get("/shared/<uuid:grant_id>/copy.pdf")
@requires("shared.read", load=load_share)
def download_shared_copy(found: viewing.ReceivedShare) -> Response:
    response = send_pdf(_shared_pdf(found))
    if response.mimetype == "application/pdf":
        _load_share(found.grant.id, ShareViewKind.FILE)
    return response


@blueprint.route("/shared/<uuid:grant_id>/pdf-progress", methods=["GET", "POST"])
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("shared.read", load=load_share)
def show_shared_pdf_progress(found: viewing.ReceivedShare) -> Response:
    return pdf_progress_response(_shared_pdf(found))


def _shared_pdf(found: viewing.ReceivedShare) -> RequestedPdf:
    grant_id = found.grant.id
    if found.shared is None:
        abort(error_page(404, SHARE_ANSWERED_AGAIN))
    return RequestedPdf(
        "share",
        grant_id,
        limit_subject=grant_id,
        file_url=url_for("shared_copies.download_shared_copy", grant_id=grant_id),
        progress_url=url_for("shared_copies.show_shared_pdf_progress", grant_id=grant_id),
        back_url=url_for("shared_copies.show_shared_copy", grant_id=grant_id),
    )


LINK_ANSWERED_AGAIN = ErrorText(
    "The business has answered again",
    (
        "What this link showed is no longer the latest.",
        "Ask the business that gave it to you for a new link.",
    ),
)
"""Said whatever the newer answers are."""


@blueprint.get("/b/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_buyer_link(token: str) -> PageResponse:
    """Who shared what, and a button. Nothing is opened or counted by a preview of the link."""
    with database().reading() as session:
        link = find_buyer_link(session, token, clock.now())
        shared = shared_submission(session, link)
        newest = latest_submission_id(session, shared.assessment_id)
    if newest != shared.id:
        return error_page(404, LINK_ANSWERED_AGAIN)
    return render_template("sharing/link_landing.html", copy=_buyer_copy_of(shared), until=link.until.date())


@blueprint.post("/b/<token>")
@audited("opened")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def open_linked_copy(token: str) -> Response:
    link = mark_buyer_link_opened(request_session(), token, clock.now())
    set_audit_subject("assessment", link.assessment_id)
    set_audit_subject("buyer_link", link.id)
    fresh = open_buyer_link(request_session(), link, clock.now(), token=guest_session_token())
    return set_guest_cookie(
        make_response(redirect(url_for("shared_copies.show_linked_copy", link_id=link.id), 303)), fresh
    )


def _linked_submission(link_id: uuid.UUID) -> Submission | None:
    """What the link shows, or None once a newer submission has taken its place (docs/rules.md 5.3)."""
    with database().reading() as session:
        link = find_open_buyer_link(session, guest_session_token(), link_id, clock.now())
        if link is None:
            abort(404)
        authorise(current_user(), request_permission(), KnownRelations(frozenset({Relation.BUYER_LINK})))
        shared = shared_submission(session, link)
        return shared if get_submission(session, shared.assessment_id).id == shared.id else None


@blueprint.get("/buyer/<uuid:link_id>")
@requires("shared.read", load=_linked_submission)
def show_linked_copy(shared: Submission | None, link_id: uuid.UUID) -> str | Response:
    if shared is None:
        return error_page(404, LINK_ANSWERED_AGAIN)
    record = shared.record
    _log_view(link_id, ShareViewKind.PAGE)
    with database().reading() as session:
        code = check_code_of(session, shared, "buyer")
        signed = printed_sign_off(session, shared.id, "buyer")
    return render_template(
        "sharing/linked_copy.html",
        id=link_id,
        copy=_buyer_copy_of(shared),
        code=code,
        signed=signed,
        help=help_contacts_of(record),
        charts=charts,
        outdated=clock.today().isoformat() > record["valid_until"],
    )


@blueprint.get("/buyer/<uuid:link_id>/plan.pdf")
@requires("shared.read", load=_linked_submission)
def download_linked_copy(shared: Submission | None, link_id: uuid.UUID) -> Response:
    response = send_pdf(_linked_pdf(shared, link_id))
    if response.mimetype == "application/pdf":
        _log_view(link_id, ShareViewKind.FILE)
    return response


@blueprint.route("/buyer/<uuid:link_id>/pdf-progress", methods=["GET", "POST"])
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("shared.read", load=_linked_submission)
def show_linked_pdf_progress(shared: Submission | None, link_id: uuid.UUID) -> Response:
    return pdf_progress_response(_linked_pdf(shared, link_id))


def _linked_pdf(shared: Submission | None, link_id: uuid.UUID) -> RequestedPdf:
    if shared is None:
        abort(error_page(404, LINK_ANSWERED_AGAIN))
    return RequestedPdf(
        "buyer",
        shared.id,
        limit_subject=link_id,
        file_url=url_for("shared_copies.download_linked_copy", link_id=link_id),
        progress_url=url_for("shared_copies.show_linked_pdf_progress", link_id=link_id),
        back_url=url_for("shared_copies.show_linked_copy", link_id=link_id),
    )


def _buyer_copy_of(shared: Submission) -> BuyerCopy:
    return buyer_copy(shared.record, loaded_edition(shared.edition_id).edition)


def _log_view(link_id: uuid.UUID, what: ShareViewKind) -> None:
    """Write down for the business that the link was opened: after they were let in, and before a byte goes out."""
    with database().writing() as write:
        viewing.log_link_view(write, link_id, what, clock.now())
