"""Public page to check whether an email came from us, and staff pages for paused emails and corrections."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import add_audit_detail, set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import database, request_session
from assess.core.forms.fields import EmailField, TextField
from assess.core.forms.form import FormResult, read_fields
from assess.core.models import OutgoingMail
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_address, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation, StaffRole
from assess.suppliers.emails import (
    CORRECTION_SUBJECT,
    EMAIL_RETENTION,
    is_name_invalid,
    mailbox_hash,
    normalise_email_number,
    without_links,
)
from assess.suppliers.models import MAX_PAUSE_REASON_LENGTH, EmailPause, PauseReason, SupplierEmail, UnknownBuyerReport
from assess.suppliers.name_revocation import (
    CorrectionDraft,
    SamePersonError,
    correction_text,
    get_correction_draft,
    list_correction_drafts,
    queue_correction,
)
from assess.suppliers.send_limits import COUNTING_PERIOD, lift_pause

blueprint = Blueprint("supplier_emails", __name__)
PAUSE_REASON_LABELS = {
    PauseReason.NOT_KNOWN: "Too many people pressed “I do not know them”.",
    PauseReason.REFUSED: "Mail servers refused five or more of its first 50 emails.",
}
SAME_PERSON = "You took this name back. Somebody else has to look at the email and send it."


@dataclass(frozen=True, slots=True)
class PausedBuyer:
    pause: EmailPause
    buyer: str
    why: str
    emails: int
    reports: int
    refused: int


@blueprint.get("/staff/supplier-emails")
@requires("names.letters", load=require_person)
def show_staff_emails(who: CurrentUser) -> str:
    return _staff_page(who)


@blueprint.post("/staff/supplier-emails/<uuid:pause_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("desk.administer", load=require_person)
def end_pause(who: CurrentUser, pause_id: uuid.UUID) -> PageResponse:
    read = read_fields(reason=TextField(MAX_PAUSE_REASON_LENGTH, required="Enter why the emails may go on."))
    if read.errors:
        return _staff_page(who, pause_id, read), 422
    pause = request_session().get(EmailPause, pause_id, with_for_update=True) or abort(404)
    set_audit_subject("organisation", pause.buyer_id)
    lift_pause(request_session(), pause, who.id, read["reason"], clock.now())
    return redirect(url_for("supplier_emails.show_staff_emails", done="lifted"), 303)


@blueprint.get("/staff/supplier-emails/corrections/<uuid:correction_id>")
@requires("names.letters", load=require_person)
def show_correction(who: CurrentUser, correction_id: uuid.UUID) -> str:
    with database().reading() as session:
        draft = get_correction_draft(session, correction_id) or abort(404)
    return _correction_page(draft, SAME_PERSON if draft.correction.taken_back_by == who.id else None)


@blueprint.post("/staff/supplier-emails/corrections/<uuid:correction_id>")
@audited("sent")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("names.letters", load=require_person)
def send_correction(who: CurrentUser, correction_id: uuid.UUID) -> PageResponse:
    """Send it. The person who took the name back cannot."""
    try:
        number = queue_correction(request_session(), correction_id, who.id, clock.now())
    except SamePersonError:
        draft = get_correction_draft(request_session(), correction_id) or abort(404)
        return _correction_page(draft, SAME_PERSON), 422
    add_audit_detail("count", number)
    return redirect(url_for("supplier_emails.show_staff_emails", done="sent"), 303)


def _staff_page(who: CurrentUser, faulty: uuid.UUID | None = None, read: FormResult | None = None) -> str:
    with database().reading() as session:
        paused_buyers, waiting = _list_paused_buyers(session), list_correction_drafts(session)
    return render_template(
        "suppliers/staff_emails.html",
        paused_buyers=paused_buyers,
        drafts=waiting,
        administers=who.staff_role is StaffRole.ADMINISTRATOR,
        faulty=faulty,
        typed=read.typed.get("reason", "") if read else "",
        error=read.errors["reason"] if read else None,
        done=request.args.get("done", "") if request.method == "GET" else "",
    )


def _correction_page(draft: CorrectionDraft, error: str | None) -> str:
    return render_template(
        "suppliers/staff_email_correction.html",
        draft=draft,
        subject=CORRECTION_SUBJECT,
        text=correction_text(draft.names, settings_of(current_app)),
        error=error,
    )


def _list_paused_buyers(session: Session) -> list[PausedBuyer]:
    query = select(EmailPause, Organisation).join(Organisation, Organisation.id == EmailPause.buyer_id)
    rows = session.execute(query.where(EmailPause.lifted_at.is_(None)).order_by(EmailPause.at)).all()
    since = clock.now() - COUNTING_PERIOD

    def number(table: type[SupplierEmail | UnknownBuyerReport], *which: object) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*which)) or 0  # type: ignore[arg-type]  # conditions

    return [
        PausedBuyer(
            pause,
            buyer.name,
            PAUSE_REASON_LABELS[pause.because],
            number(SupplierEmail, SupplierEmail.buyer_id == buyer.id, SupplierEmail.made_at > since),
            number(UnknownBuyerReport, UnknownBuyerReport.buyer_id == buyer.id, UnknownBuyerReport.at > since),
            number(SupplierEmail, SupplierEmail.buyer_id == buyer.id, SupplierEmail.refused_at > since),
        )
        for pause, buyer in rows
    ]


CHECK_LIMIT = Limit("letter-check", 10, 3600)
"""For each address that calls: nobody tries numbers until one is right."""


class CheckVerdict(enum.StrEnum):
    NO = "no"
    YES = "yes"
    TAKEN_BACK = "taken_back"
    """We sent it, and can no longer confirm who asked."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The answer, the day on which the email went, and in whose name. `waits_at`: nobody had confirmed the name, only this domain."""

    verdict: CheckVerdict
    on: date | None = None
    buyer: str = ""
    waits_at: str = ""


class CopiedEmailField(EmailField):
    """An address copied from the head of an email, where it may stand in angle brackets."""

    wanted = "Enter the whole email address that the email came to, like name@example.org."

    def __init__(self) -> None:
        super().__init__(required=self.wanted)

    def clean(self, typed: str) -> str:
        return super().clean(typed.strip(" <>"))


@blueprint.route("/check-email", methods=["GET", "POST"])
@audited("changed")
@requires("public.read")
def check_email() -> str | tuple[str, int]:
    """Yes or no. A right number with a wrong address reads as a number that nobody knows."""
    if request.method != "POST":
        return _check_page()
    read = read_fields(number=TextField(required="Enter the email number."), email=CopiedEmailField())
    if read.errors:
        return _check_page(read.typed, read.errors), 422
    enforce_limit(CHECK_LIMIT, by_address())
    with database().reading() as session:
        answer = find_checked_email(session, read["number"], read["email"], settings_of(current_app).honoured_keys)
    return _check_page(read.typed, answer=answer)


def find_checked_email(session: Session, number: str, email: str, secrets: Iterable[str]) -> CheckResult:
    """Whether we sent an email of this number to this mailbox. `secrets`: every key that is honoured."""
    found = session.execute(
        select(SupplierEmail.buyer_id, SupplierEmail.buyer, SupplierEmail.asked_from, OutgoingMail.sent_at)
        .join(OutgoingMail, OutgoingMail.event == SupplierEmail.event)
        .where(
            SupplierEmail.number == normalise_email_number(number),
            SupplierEmail.mark.in_([mailbox_hash(email, secret) for secret in secrets]),
            SupplierEmail.made_at > clock.now() - EMAIL_RETENTION,
            OutgoingMail.sent_at.is_not(None),
        )
    ).first()
    if found is None or found.sent_at is None:
        return CheckResult(CheckVerdict.NO)
    buyer = session.get(Organisation, found.buyer_id)
    if buyer is None or is_name_invalid(session, buyer, found.buyer):
        return CheckResult(CheckVerdict.TAKEN_BACK, uk_date(found.sent_at))
    return CheckResult(CheckVerdict.YES, uk_date(found.sent_at), without_links(found.buyer), found.asked_from)


def _check_page(
    typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, answer: CheckResult | None = None
) -> str:
    return render_template("suppliers/check_email.html", typed=typed or {}, errors=errors or {}, answer=answer)
