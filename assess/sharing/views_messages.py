"""The message pages for both sides and their form."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from marshmallow import ValidationError, validates_schema
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, mark_used, may_here, open_assessment
from assess.assessments.models import Submission
from assess.assessments.personal_data.services import FreeTextForm, check_personal_data
from assess.core import clock
from assess.core.audit.requests import set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import database, request_session
from assess.core.errors import error_page
from assess.core.forms.fields import NOTHING_WRITTEN, DateField, ParagraphField, SentForm
from assess.core.forms.form import Form, form_of, pressed, read_fields, sent_form, sent_text
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.due_dates import add_months
from assess.identity.access import require_full_sign_in
from assess.identity.current_user import current_user
from assess.plans.action_tracker.forms import MAX_YEARS_AHEAD
from assess.plans.action_tracker.services import PlanReplacedError
from assess.sharing import messages
from assess.sharing.models import MAX_MESSAGE_LENGTH, MessageSide, ShareGrant
from assess.sharing.services import get_share_grant
from assess.sharing.shared_copy import shared_copy_from_json
from assess.sharing.viewing import ReceivedShare
from assess.sharing.views_buyer import NO_LONGER_SHARED, SHARE_ANSWERED_AGAIN, load_share, load_share_and_log_view

blueprint = Blueprint("share_messages", __name__)

THREAD_FULL = "There are very many comments here already. Ring or meet each other instead."
THREAD_CHANGED = "This was answered or changed meanwhile. Read below how it stands now."
THREAD_CLOSED = "This share is over, so nothing more can be written here. Share your plan again to talk on."

NOTHING_SENT = FreeTextForm({"words": "", "date": ""})


class _MessageForm(Form):
    words = ParagraphField(MAX_MESSAGE_LENGTH)

    @validates_schema
    def _says_something(self, message: Mapping[str, Any], **_more: object) -> None:
        if not message["words"] and not message.get("date"):
            raise ValidationError(NOTHING_WRITTEN, "words")


def read_message_form(sent: SentForm, today: date, *, may_date: bool) -> FreeTextForm:
    """Words or a date, either is enough; `may_date`: it is about a step."""
    due = DateField(
        earliest=today,
        latest=add_months(today, 12 * MAX_YEARS_AHEAD),
        too_early="This day has passed. Enter today or a later day.",
        too_late=f"Enter a day within {MAX_YEARS_AHEAD} years.",
    )
    form = form_of({"date": due} if may_date else {}, _MessageForm)
    return check_personal_data(form.read(sent), {"words": "Your comment"}, sent)


@blueprint.route("/assessments/<uuid:assessment_id>/share/<uuid:grant_id>/messages", methods=["GET", "POST"])
@audited("written")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="comment.write", post="share.manage", load=open_assessment)
def add_business_message(context: AssessmentContext, grant_id: uuid.UUID) -> PageResponse | str:
    """What was said, about the whole or about one step. A person who may answer has read it then."""
    if request.method != "POST":
        with database().reading() as session:
            grant = get_share_grant(session, context.id, grant_id)
            unread = may_here("share.manage") and grant.id in messages.count_unread(session, context.id)
        shown = _business_thread_page(context, grant, request.args.get("step"), NOTHING_SENT)
        if unread:
            with database().writing() as write:
                messages.mark_thread_read(write, grant_id)
        return shown
    return _add_message(_business_side(context, grant_id))


@blueprint.post("/assessments/<uuid:assessment_id>/share/<uuid:grant_id>/messages/date")
@audited("decided")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def answer_buyer_date(context: AssessmentContext, grant_id: uuid.UUID) -> PageResponse:
    """Say yes or no to the date the buyer proposes. The plan stays as it is until the business says so."""
    return _answer_date(_business_side(context, grant_id))


@blueprint.post("/assessments/<uuid:assessment_id>/share/<uuid:grant_id>/messages/plan")
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def apply_agreed_date(context: AssessmentContext, grant_id: uuid.UUID) -> PageResponse:
    """Put the agreed date into the business's own plan: it was asked, and said yes."""
    grant = get_share_grant(request_session(), context.id, grant_id)
    step = _business_step_or_404(grant)
    agreed = messages.step_dates_of(messages.get_messages(request_session(), grant.id), step).agreed if step else None
    submission = request_session().get_one(Submission, grant.submission_id)
    try:
        done = (
            step is not None
            and agreed is not None
            and messages.apply_date(request_session(), submission, step, agreed, clock.now())
        )
    except PlanReplacedError:
        return _business_thread_page(context, grant, step, NOTHING_SENT.with_errors({"words": THREAD_CLOSED})), 422
    if not done:
        return _business_thread_page(context, grant, step, NOTHING_SENT.with_errors({"words": THREAD_CHANGED})), 422
    return _redirect_to_business_thread(context, grant_id, step)


@blueprint.post("/assessments/<uuid:assessment_id>/share/<uuid:grant_id>/messages/<int:number>/withdraw")
@audited("taken back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def withdraw_business_message(context: AssessmentContext, grant_id: uuid.UUID, number: int) -> PageResponse:
    return _withdraw(_business_side(context, grant_id), number)


def _business_side(context: AssessmentContext, grant_id: uuid.UUID) -> _Side:
    grant = get_share_grant(request_session(), context.id, grant_id)
    step = _business_step_or_404(grant)
    return _Side(
        grant,
        _business_author(),
        step,
        page=lambda form: _business_thread_page(context, grant, step, form),
        saved=lambda: _redirect_to_business_thread(context, grant_id, step),
    )


def _business_author() -> messages.MessageAuthor:
    who = current_user()
    return messages.MessageAuthor(MessageSide.BUSINESS, who.id if who is not None else None)


def _business_step_or_404(grant: ShareGrant) -> str | None:
    key = sent_text("step")
    if key and key not in {step.key for step in messages.shared_steps_of(shared_copy_from_json(grant.document))}:
        abort(404)
    return key or None


def _redirect_to_business_thread(context: AssessmentContext, grant_id: uuid.UUID, step: str | None) -> Response:
    set_audit_subject("grant", grant_id)
    mark_used(context)
    return redirect(
        url_for("share_messages.add_business_message", assessment_id=context.id, grant_id=grant_id, step=step), 303
    )


def _business_thread_page(context: AssessmentContext, grant: ShareGrant, step: str | None, form: FreeTextForm) -> str:
    with database().reading() as session:
        page = messages.thread_page_of(
            session, grant, shared_copy_from_json(grant.document), _business_author(), step, clock.now()
        )
        opened = messages.is_thread_open(session, grant, clock.now())
        submission = session.get(Submission, grant.submission_id)
        agreed = page.dates.agreed
        settable = (
            opened
            and page.step is not None
            and agreed is not None
            and submission is not None
            and messages.can_apply_date(session, submission, page.step.key, agreed)
        )
    return render_template(
        "sharing/messages_business.html",
        id=context.id,
        page=page,
        form=form,
        thread_address=url_for("share_messages.add_business_message", assessment_id=context.id, grant_id=grant.id),
        longest=MAX_MESSAGE_LENGTH,
        open=opened,
        may_answer=opened and may_here("share.manage"),
        settable=settable,
    )


@blueprint.get("/shared/<uuid:grant_id>/messages")
@requires("shared.read", load=load_share_and_log_view)
def show_buyer_thread(found: ReceivedShare) -> str | Response:
    """What was said, about the whole or about one step. The steps of the copy stand here, so it is a look at it."""
    if found.shared is None:
        return error_page(404, SHARE_ANSWERED_AGAIN)
    return _buyer_thread_page(found, request.args.get("step"), NOTHING_SENT)


@blueprint.post("/shared/<uuid:grant_id>/messages")
@audited("written")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("shared.read", load=load_share)
def add_buyer_message(found: ReceivedShare, grant_id: uuid.UUID) -> PageResponse:
    return _add_message(_buyer_side(found, grant_id))


@blueprint.post("/shared/<uuid:grant_id>/messages/date")
@audited("decided")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("shared.read", load=load_share)
def answer_business_date(found: ReceivedShare, grant_id: uuid.UUID) -> PageResponse:
    return _answer_date(_buyer_side(found, grant_id))


@blueprint.post("/shared/<uuid:grant_id>/messages/<int:number>/withdraw")
@audited("taken back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("shared.read", load=load_share)
def withdraw_buyer_message(found: ReceivedShare, grant_id: uuid.UUID, number: int) -> PageResponse:
    return _withdraw(_buyer_side(found, grant_id), number)


def _buyer_side(found: ReceivedShare, grant_id: uuid.UUID) -> _Side:
    step = _buyer_step_or_404(found)
    return _Side(
        request_session().get(ShareGrant, grant_id) or abort(404),
        _buyer_author(),
        step,
        page=lambda form: _buyer_thread_page(found, step, form),
        saved=lambda: _redirect_to_buyer_thread(grant_id, step),
    )


def _buyer_author() -> messages.MessageAuthor:
    return messages.MessageAuthor(MessageSide.BUYER, require_full_sign_in().id)


def _buyer_step_or_404(found: ReceivedShare) -> str | None:
    """The step the form is about; None for the whole."""
    if found.shared is None:
        abort(error_page(404, SHARE_ANSWERED_AGAIN))
    key = sent_text("step")
    if key and key not in {step.key for step in messages.shared_steps_of(found.shared)}:
        abort(404)
    return key or None


def _redirect_to_buyer_thread(grant_id: uuid.UUID, step: str | None) -> Response:
    set_audit_subject("grant", grant_id)
    return redirect(url_for("share_messages.show_buyer_thread", grant_id=grant_id, step=step), 303)


def _buyer_thread_page(found: ReceivedShare, step: str | None, form: FreeTextForm) -> str:
    if found.shared is None:
        abort(404)
    with database().reading() as session:
        page = messages.thread_page_of(session, found.grant, found.shared, _buyer_author(), step, clock.now())
    return render_template(
        "sharing/messages_buyer.html",
        page=page,
        form=form,
        thread_address=url_for("share_messages.show_buyer_thread", grant_id=found.grant.id),
        back=url_for("shared_copies.show_shared_copy", grant_id=found.grant.id),
        longest=MAX_MESSAGE_LENGTH,
        open=True,
        may_answer=True,
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One side that writes, about a step or the whole: the page of its form, and where it goes on once that is saved."""

    grant: ShareGrant
    author: messages.MessageAuthor
    step: str | None
    page: Callable[[FreeTextForm], str]
    saved: Callable[[], Response]


def _save(side: _Side, write: Callable[[], object], form: FreeTextForm = NOTHING_SENT) -> PageResponse:
    """Save what was sent, or draw the form again with the reason; what was typed stays in it."""
    try:
        write()
    except messages.ThreadClosedError:
        if side.author.side is MessageSide.BUYER:
            abort(error_page(404, NO_LONGER_SHARED))
        refused = THREAD_CLOSED
    except messages.ThreadFullError:
        refused = THREAD_FULL
    except messages.NoOpenProposalError:
        refused = THREAD_CHANGED
    else:
        return side.saved()
    return side.page(form.with_errors({"words": refused})), 422


def _add_message(side: _Side) -> PageResponse:
    session, step, now = request_session(), side.step, clock.now()
    form = read_message_form(sent_form(), uk_date(now), may_date=step is not None)
    if form.errors:
        return side.page(form), 422
    words, due = form["words"], form.values.get("date")
    if step is not None and due is not None:
        return _save(side, lambda: messages.propose_date(session, side.grant, side.author, step, due, words, now), form)
    return _save(side, lambda: messages.add_comment(session, side.grant, side.author, step, words, now), form)


def _answer_date(side: _Side) -> PageResponse:
    step, due, agrees = side.step, read_fields(due=DateField()).values.get("due"), pressed("says") == "yes"
    if step is None or due is None:
        return side.page(NOTHING_SENT.with_errors({"words": THREAD_CHANGED})), 422
    session, now = request_session(), clock.now()
    return _save(
        side, lambda: messages.answer_proposal(session, side.grant, side.author, step, due, now, agrees=agrees)
    )


def _withdraw(side: _Side, number: int) -> PageResponse:
    def write() -> None:
        if not messages.withdraw_message(request_session(), side.grant, side.author, number, clock.now()):
            raise messages.NoOpenProposalError

    return _save(side, write)
