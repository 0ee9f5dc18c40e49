"""Pages for the business: all shares and links, a new share, and changing or ending one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, loaded_edition, mark_used, open_assessment
from assess.assessments.links import BUYER_LINK_DAYS, LONGEST_NOTE, buyer_links, end_buyer_link, make_buyer_link
from assess.assessments.models import Submission
from assess.assessments.personal_data.services import FreeTextForm, check_personal_data
from assess.assessments.submissions import NothingSubmittedError, get_submission, latest_submission_id
from assess.assessments.views_answers import redirect_to_tasks
from assess.assessments.views_resume_links import link_messages, new_link_page
from assess.core import clock
from assess.core.application import absolute_url, settings_of
from assess.core.audit.requests import add_audit_detail, set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import commit_request, database, request_session
from assess.core.forms.fields import ChoiceField, EmailField, FormField, SentForm, TextField
from assess.core.forms.form import FormResult, form_of, pressed, read_fields, sent_form
from assess.core.mail.services import Mail, enqueue_mail, with_mail_footer
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_address, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import reauthentication_redirect
from assess.identity.current_user import current_user
from assess.plans.copies import buyer_copy
from assess.plans.views import submission_or_tasks
from assess.sharing import services
from assess.sharing.emails import SHARE_MAIL_KIND, ConfirmedSharer, confirmed_sharer, may_send_offer, offer_email
from assess.sharing.models import MAX_BUYER_NAME, SCOPE_HINTS, SCOPE_TITLES, ShareGrant, ShareScope
from assess.sharing.viewing import views_of_grants, views_of_links

NEW_SHARE = FreeTextForm(
    {"email": "", "buyer": "", "scope": ShareScope.BUYER_COPY.value, "days": str(services.DEFAULT_DAYS)}
)
"""The form before anything was sent: the least is chosen already."""
_NO_NOTE = FreeTextForm({"note": ""})


def read_share_form(sent: SentForm) -> FreeTextForm:
    address = "Enter the buyer’s email address, like name@example.org."
    form = form_of(
        {
            "email": EmailField(required=address, invalid=address),
            "buyer": TextField(MAX_BUYER_NAME),
            **_choice_fields(services.DAY_CHOICES),
        }
    )
    return check_personal_data(
        form.read(sent), {"buyer": "Name of the buyer’s organisation"}, sent, names_expected=True
    )


def read_share_choice(sent: SentForm, offered: Sequence[int] = services.DAY_CHOICES) -> FormResult:
    """How much is shown, and for how long: one of the numbers of days that are offered."""
    return form_of(_choice_fields(offered)).read(sent)


def _choice_fields(offered: Sequence[int]) -> dict[str, FormField[Any]]:
    return {
        "scope": ChoiceField(ShareScope, required="Choose what the buyer sees."),
        "days": ChoiceField(offered, required="Choose for how long."),
    }


LINK_SUBJECT = "Our business self-check"
_DAY_SECONDS = 86_400
ASSESSMENT_LIMIT = Limit("share-give", 20, _DAY_SECONDS)
CALLER_LIMIT = Limit("share-give-from", 50, _DAY_SECONDS)
"""Each share may write to a stranger, so there are not many a day."""

blueprint = Blueprint("shares", __name__, url_prefix="/assessments/<uuid:assessment_id>/share")


@blueprint.get("")
@requires("share.manage", load=open_assessment)
def show_shares(context: AssessmentContext) -> str:
    return _shares_page(context)


def _shares_page(context: AssessmentContext, form: FreeTextForm = _NO_NOTE) -> str:
    submission = submission_or_tasks(context)
    with database().reading() as session:
        grants, links = services.get_share_grants(session, context.id), buyer_links(session, context.id)
        entries = services.list_share_entries(
            grants,
            links,
            views_of_grants(session, (grant.id for grant in grants)),
            views_of_links(session, (link.id for link in links)),
            submission.id,
            clock.now(),
            services.suspended_organisations(session, grants),
        )
    return render_template(
        "sharing/shares.html",
        id=context.id,
        made_on=submission.record["made_on"],
        copy=buyer_copy(submission.record, loaded_edition(submission.edition_id).edition),
        correcting=not context.opened.submitted,
        days=BUYER_LINK_DAYS,
        entries=entries,
        form=form,
    )


@blueprint.post("")
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def create_buyer_link(context: AssessmentContext) -> PageResponse:
    try:
        submission = get_submission(request_session(), context.id)
    except NothingSubmittedError:
        return redirect_to_tasks(context)
    note = read_fields(note=TextField(LONGEST_NOTE))
    form = check_personal_data(note, {"note": "Whom is it for?"}, sent_form(), names_expected=True)
    if form.errors:
        return _shares_page(context, form), 422
    link = make_buyer_link(request_session(), submission, clock.now(), note=form["note"])
    mark_used(context)
    set_audit_subject("buyer_link", link.id)
    commit_request()
    address = absolute_url(current_app, url_for("shared_copies.show_buyer_link", token=link.token))
    return new_link_page("sharing/link_created.html", context, address, LINK_SUBJECT, days=BUYER_LINK_DAYS)


@blueprint.post("/<uuid:link_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def end_link(context: AssessmentContext, link_id: uuid.UUID) -> Response:
    end_buyer_link(request_session(), context.id, link_id, clock.now())
    return redirect(url_for("shares.show_shares", assessment_id=context.id, ended=link_id), 303)


@blueprint.route("/new", methods=["GET", "POST"])
@audited("given")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("share.manage", load=open_assessment)
def add_share(context: AssessmentContext) -> PageResponse:
    """Share the latest submission with this buyer. Whether the address has an account here changes nothing that is said."""
    if request.method != "POST":
        submission_or_tasks(context)
        return _new_share_page(context, NEW_SHARE)
    form = read_share_form(sent_form())
    if form.errors:
        return _new_share_page(context, form), 422
    count_new_share(context.id)
    now, to = clock.now(), services.ShareRecipient(form["email"].lower(), form["buyer"])
    with database().reading() as session:
        try:
            mail = prepare_offer_mail(session, context, get_submission(session, context.id), to.email)
        except NothingSubmittedError:
            return redirect_to_tasks(context)
    try:
        submission = get_submission(request_session(), context.id)
        offer = services.create_share(request_session(), submission, to, form["scope"], form["days"], now)
    except (NothingSubmittedError, services.ShareOverError):
        return redirect_to_tasks(context)
    add_audit_detail("scope", form["scope"].value)
    add_audit_detail("days", form["days"])
    mark_used(context)
    return send_offer(context, offer, mail)


@dataclass(frozen=True, slots=True)
class OfferMail:
    sharer: ConfirmedSharer | None
    goes: bool


def prepare_offer_mail(session: Session, context: AssessmentContext, submission: Submission, address: str) -> OfferMail:
    """What mail may go to this address. It counts; call it before the request's own session has begun to write."""
    settings = settings_of(current_app)
    sharer = confirmed_sharer(session, context.id, submission.record["organisation"]["name"])
    return OfferMail(sharer, settings.mail_server is not None and may_send_offer(address, settings, session))


def send_offer(context: AssessmentContext, offer: services.ShareOffer, mail: OfferMail) -> str | Response:
    """Write to the recipient, or where no mail is sent show the link, once. Whether a mail leaves changes nothing that is said."""
    grant = offer.grant
    address = absolute_url(current_app, url_for("shared_copies.show_offer", token=offer.token))
    mails = settings_of(current_app).mail_server is not None
    if mail.goes:
        stop = absolute_url(current_app, SHARE_MAIL_KIND.unsubscribe_path(grant.email, settings_of(current_app).key))
        text = offer_email(mail.sharer, address, stop, uk_date(grant.until).isoformat())
        event = f"{services.mail_event_prefix(grant)}{grant.links_made}"
        enqueue_mail(
            request_session(),
            Mail(event, grant.email, text.subject, with_mail_footer(text.body), context.id, stop),
            clock.now(),
        )
    set_audit_subject("grant", grant.id)
    commit_request()
    return render_template(
        "sharing/share_added.html",
        id=context.id,
        grant=grant,
        mails=mails,
        address=None if mails else address,
        until=uk_date(grant.until),
        **link_messages(LINK_SUBJECT, address),
    )


def count_new_share(assessment_id: uuid.UUID) -> None:
    """Raises TooManyRequests."""
    enforce_limit(CALLER_LIMIT, by_address())
    enforce_limit(ASSESSMENT_LIMIT, str(assessment_id))


def _new_share_page(context: AssessmentContext, form: FreeTextForm) -> str:
    return render_template(
        "sharing/share_new.html",
        id=context.id,
        form=form,
        scopes=SCOPE_TITLES,
        hints=SCOPE_HINTS,
        days=services.DAY_CHOICES,
        mails=settings_of(current_app).mail_server is not None,
    )


@blueprint.get("/<uuid:link_id>")
@requires("share.manage", load=open_assessment)
def show_link(context: AssessmentContext, link_id: uuid.UUID) -> str:
    with database().reading() as session:
        link = next((one for one in buyer_links(session, context.id) if one.id == link_id), None) or abort(404)
        views = views_of_links(session, [link.id]).get(link.id, [])
        entry = services.entry_of_link(link, views, latest_submission_id(session, context.id) or 0, clock.now())
    return render_template(
        "sharing/share.html", id=context.id, entry=entry, views=[services.share_view_text(one) for one in views]
    )


@blueprint.route("/with/<uuid:grant_id>", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("share.manage", load=open_assessment)
def edit_share(context: AssessmentContext, grant_id: uuid.UUID) -> PageResponse:
    """Show less or more, and for how long from now. To show more is asked about once more."""
    if request.method != "POST":
        with database().reading() as session:
            grant = services.get_share_grant(session, context.id, grant_id)
        usual = services.DEFAULT_DAYS if grant.email else services.day_choices_for(grant)[-1]
        return _one_share_page(context, grant, FormResult({"scope": grant.scope.value, "days": str(usual)}))
    with database().reading() as session:
        offered = services.day_choices_for(services.get_share_grant(session, context.id, grant_id))
    form = read_share_choice(sent_form(), offered)
    grant = services.get_share_grant(request_session(), context.id, grant_id, locked=True)
    if form.errors:
        return _one_share_page(context, grant, form), 422
    if services.shows_more(grant, form["scope"]):
        who = current_user()
        # a person who is signed in proves it again before a buyer sees more; who holds the assessment by a link cannot
        if who is not None and (proof := reauthentication_redirect(who)) is not None:
            return proof
        if pressed("sure") != "yes":
            return render_template(
                "sharing/share_show_more.html",
                id=context.id,
                entry=grant,
                form=form,
                titles=SCOPE_TITLES,
                hints=SCOPE_HINTS,
            )
    try:
        services.change_share_grant(request_session(), grant, form["scope"], form["days"], clock.now())
    except services.ShareOverError:
        return _one_share_page(context, grant, form)
    add_audit_detail("scope", form["scope"].value)
    add_audit_detail("days", form["days"])
    mark_used(context)
    return redirect(url_for("shares.edit_share", assessment_id=context.id, grant_id=grant.id), 303)


@blueprint.post("/with/<uuid:grant_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def end_share(context: AssessmentContext, grant_id: uuid.UUID) -> Response:
    services.end_share_grant(
        request_session(), services.get_share_grant(request_session(), context.id, grant_id, locked=True), clock.now()
    )
    mark_used(context)
    return redirect(url_for("shares.show_shares", assessment_id=context.id, ended=grant_id), 303)


@blueprint.post("/with/<uuid:grant_id>/resend")
@audited("sent")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def resend_share_link(context: AssessmentContext, grant_id: uuid.UUID) -> str | Response:
    count_new_share(context.id)
    with database().reading() as session:
        there = services.get_share_grant(session, context.id, grant_id)
        if not there.email:
            abort(404)
        mail = prepare_offer_mail(session, context, session.get_one(Submission, there.submission_id), there.email)
    grant = services.get_share_grant(request_session(), context.id, grant_id, locked=True)
    try:
        offer = services.issue_share_token(request_session(), grant, clock.now())
    except services.ShareOverError:
        return redirect(url_for("shares.edit_share", assessment_id=context.id, grant_id=grant.id), 303)
    return send_offer(context, offer, mail)


def _one_share_page(context: AssessmentContext, grant: ShareGrant, form: FormResult) -> str:
    with database().reading() as session:
        views = views_of_grants(session, [grant.id]).get(grant.id, [])
        entry = services.entry_of_grant(
            grant,
            views,
            latest_submission_id(session, context.id) or 0,
            clock.now(),
            services.suspended_organisations(session, [grant]),
        )
    return render_template(
        "sharing/share.html",
        id=context.id,
        entry=entry,
        views=[services.share_view_text(one) for one in views],
        form=form,
        scopes=SCOPE_TITLES,
        hints=SCOPE_HINTS,
        days=services.day_choices_for(grant),
    )
