"""Pages of one's own account: name, email, password, second factors, signed-in browsers, deletion."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request
from sqlalchemy import delete, update
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.audit.requests import audit_always, set_audit_subject
from assess.core.clock import UK_ZONE as HOME_ZONE
from assess.core.db import database, request_session
from assess.core.forms.fields import CodeField, PasswordField, TextField
from assess.core.forms.form import is_ticked, read_fields
from assess.core.pages import PageResponse, qr_code_svg
from assess.core.rate_limits import enforce_limit
from assess.core.route_permissions import audited, requires
from assess.core.security import clear_login_cookie
from assess.identity.access import (
    needs_second_factor,
    reauthentication_redirect,
    require_account_owner,
    require_sign_in,
    sent_next_path,
    url_with_next,
)
from assess.identity.accounts import emails as accounts_emails
from assess.identity.accounts import second_factors, services, sign_in
from assess.identity.accounts.passwords import NewPasswordField, hash_password
from assess.identity.accounts.rate_limits import (
    ACCOUNT_CHANGES,
    CODE_ATTEMPTS,
    delete_known_clients,
    enforce_mail_limits,
    enforce_new_password_limits,
)
from assess.identity.accounts.second_factors import (
    MAX_PASSKEY_NAME_LENGTH,
    PasskeyRefusedError,
    SecondFactors,
    get_second_factors,
    remove_orphaned_recovery_codes,
)
from assess.identity.accounts.services import AccountEmailField
from assess.identity.accounts.sessions import end_all_login_sessions, end_login_session, login_sessions_of
from assess.identity.accounts.views_sign_in import JSON_HEADERS, PASSKEY_REFUSED, WRONG_CODE
from assess.identity.current_user import CurrentUser, reset_current_user
from assess.identity.models import MAX_NAME_LENGTH, OneTimeToken, Passkey, Person

blueprint = Blueprint("account", __name__)


def _require_owner_within_limit() -> CurrentUser:
    user = require_account_owner()
    if request.method == "POST":  # not who looks again at the page that answered
        enforce_limit(ACCOUNT_CHANGES, str(user.id))
    return user


@blueprint.get("/account")
@requires("account.own", load=require_account_owner)
def show_account(user: CurrentUser) -> str:
    now = clock.now()
    with database().reading() as session:
        return render_template(
            "identity/account.html",
            person=session.get_one(Person, user.id),
            steps=get_second_factors(session, user.id),
            browsers=login_sessions_of(session, user.id, now),
            this_browser=user.signed_in_id,
            second_step=user.second_step,
            must_have_second_step=needs_second_factor(user),
            idle_minutes=int(user.idle.total_seconds()) // 60,
            ends_at=None if user.until is None else clock_time(user.until),
            moment_of=date_and_time,
        )


@blueprint.get("/account/name")
@requires("account.own", load=require_account_owner)
def show_account_name(user: CurrentUser) -> str:
    return render_template("identity/account_name.html", name=user.name, error=None)


@blueprint.post("/account/name")
@audited("changed")
@requires("account.own", load=_require_owner_within_limit)
def save_account_name(user: CurrentUser) -> PageResponse:
    form = read_fields(name=TextField(MAX_NAME_LENGTH))
    if form.errors:
        return render_template("identity/account_name.html", name=form.typed["name"], error=form.errors["name"]), 422
    request_session().execute(update(Person).where(Person.id == user.id).values(name=form["name"]))
    return redirect("/account", 303)


@blueprint.post("/account/browsers/<uuid:browser_id>/end")
@audited("ended")
@requires("account.own", load=_require_owner_within_limit)
def sign_out_browser(user: CurrentUser, browser_id: uuid.UUID) -> Response:
    """Sign out one browser. It may be this one."""
    end_login_session(request_session(), user.id, browser_id)
    if browser_id == user.signed_in_id:
        reset_current_user()
        return clear_login_cookie(make_response(redirect("/signed-out", 303)))
    services.revoke_links(request_session(), user.id, clock.now())  # who sat at the other one may have asked for some
    return redirect("/account#browsers", 303)


@blueprint.post("/account/browsers/end-others")
@audited("ended")
@requires("account.own", load=_require_owner_within_limit)
def sign_out_other_browsers(user: CurrentUser) -> Response:
    end_all_login_sessions(request_session(), user.id, but=user.signed_in_id)
    return redirect("/account#browsers", 303)


@blueprint.get("/account/delete")
@requires("account.own", load=require_account_owner)
def show_delete_account(user: CurrentUser) -> str | Response:
    return reauthentication_redirect(user) or _delete_account_page(user)


@blueprint.post("/account/delete")
@audited("deleted")
@requires("account.own", load=_require_owner_within_limit)
def delete_account(user: CurrentUser) -> PageResponse:
    redirect_first = reauthentication_redirect(user)
    if redirect_first is not None:
        return redirect_first
    if not is_ticked("sure"):
        return _delete_account_page(user, "Tick the box if you want to delete your account."), 422
    try:
        services.delete_account(request_session(), user.id, clock.now())
    except services.OnlyManagerError:
        return _delete_account_page(user), 422
    delete_known_clients(request_session(), user.email)
    reset_current_user()
    return clear_login_cookie(make_response(redirect("/account-deleted", 303)))


@blueprint.get("/account-deleted")
@requires("public.read")
def show_account_deleted() -> str:
    return render_template("identity/account_deleted.html")


def clock_time(now: datetime) -> str:
    """“14:05”, as clocks here show it."""
    return f"{now.astimezone(HOME_ZONE):%H:%M}"


def date_and_time(now: datetime) -> str:
    """“24 November 2026 at 14:05”."""
    local = now.astimezone(HOME_ZONE)
    return f"{local.day} {local:%B %Y at %H:%M}"


def _delete_account_page(user: CurrentUser, error: str | None = None) -> str:
    with database().reading() as session:
        alone = services.organisations_managed_alone(session, user.id)
    return render_template("identity/account_delete.html", alone=alone, error=error)


@blueprint.route("/account/password", methods=["GET", "POST"])
@audited("changed")
@requires("account.own", load=require_account_owner)
def save_account_password(user: CurrentUser) -> PageResponse:
    """Take it. Every other browser is signed out, this one gets a new token."""
    if request.method != "POST":
        return reauthentication_redirect(user) or render_template("identity/account_password.html", error=None)
    redirect_first = reauthentication_redirect(user)
    if redirect_first is not None:
        return redirect_first
    enforce_limit(ACCOUNT_CHANGES, str(user.id))
    enforce_new_password_limits(user.id)
    with database().reading() as session:
        person = session.get_one(Person, user.id)
        about = services.guessable_words(session, person)
    form = read_fields(password=NewPasswordField(about))
    if form.errors:
        return render_template("identity/account_password.html", error=form.errors["password"]), 422
    services.change_password(request_session(), user.id, hash_password(form["password"]), clock.now())
    notice = accounts_emails.account_changed("Its password is a new one.", sign_in.full_url("/forgotten"))
    accounts_emails.send_account_email(request_session(), person.email, notice, clock.now())
    return sign_in.complete_sign_in(person, "/account", second_step=user.second_step)


@blueprint.route("/account/email", methods=["GET", "POST"])
@audited("asked")
@requires("account.own", load=require_account_owner)
def request_new_email(user: CurrentUser) -> PageResponse:
    """Write to the new address; the old one is told. The answer is the same for every address."""
    if request.method != "POST":
        return reauthentication_redirect(user) or render_template(
            "identity/account_email.html", typed="", error=None, email=user.email
        )
    redirect_first = reauthentication_redirect(user)
    if redirect_first is not None:
        return redirect_first
    form = read_fields(email=AccountEmailField())
    if form.errors:
        typed = form.typed["email"]
        return render_template(
            "identity/account_email.html", typed=typed, error=form.errors["email"], email=user.email
        ), 422
    enforce_limit(ACCOUNT_CHANGES, str(user.id))
    enforce_mail_limits(form["email"])
    audit_always()  # whatever becomes of this address
    person = request_session().get_one(Person, user.id)
    sign_in.email_new_address_link(
        request_session(), person, form["email"], user.signed_in_id, sign_in.full_url, clock.now()
    )
    return redirect("/account/email/sent", 303)


@blueprint.get("/account/email/sent")
@requires("account.own", check=require_account_owner)
def show_new_email_sent() -> str:
    return render_template("identity/check_your_email.html", what="email")


@blueprint.route("/account/email/<token>", methods=["GET", "POST"])
@audited("changed")
@requires("link.open")
def confirm_new_email(token: str) -> PageResponse:
    """From now on the account has the new address. All other browsers are signed out, what was mailed before is void."""
    sign_in.require_accounts_available()
    with database().reading() as session:
        one_time_token = sign_in.find_link(session, sign_in.NEW_EMAIL_KIND, token)
    user = require_sign_in()
    if one_time_token.person_id != user.id:
        return sign_in.invalid_link_page()
    if request.method != "POST":
        return render_template("identity/confirm_email.html", email=one_time_token.email)
    try:
        one_time_token = sign_in.use_link(sign_in.NEW_EMAIL_KIND, token)
        person = request_session().get_one(Person, user.id)
        before = person.email
        services.change_email(request_session(), person.id, one_time_token.email, clock.now())
        set_audit_subject("person", person.id)
    except services.EmailTakenError:
        return sign_in.invalid_link_page()
    end_all_login_sessions(request_session(), user.id, but=user.signed_in_id)
    request_session().execute(delete(OneTimeToken).where(OneTimeToken.email == before, OneTimeToken.used_at.is_(None)))
    accounts_emails.send_account_email(request_session(), before, accounts_emails.email_changed(), clock.now())
    return redirect("/account/email-changed", 303)


@blueprint.get("/account/email-changed")
@requires("public.read")
def show_email_changed() -> str:
    """It is changed. The address is not on this page: it needs nobody who is signed in."""
    return render_template("identity/email_changed.html")


SECOND_FACTORS_URL = "/account/second-steps"
LAST_SECOND_FACTOR = "You need a second step for what you do here. Set up another one first, then remove this one."


@blueprint.get(SECOND_FACTORS_URL)
@requires("account.own", load=require_account_owner)
def show_second_factors(user: CurrentUser) -> str:
    return _second_factors_page(user)


@blueprint.route(f"{SECOND_FACTORS_URL}/app", methods=["GET", "POST"])
@audited("confirmed")
@requires("account.own", load=require_account_owner)
def confirm_totp_device(user: CurrentUser) -> Response | str:
    if request.method != "POST":
        return reauthentication_redirect(user) or _totp_page(user)
    redirect_first = _reauthenticate_and_limit(user)
    if redirect_first is not None:
        return make_response(redirect_first)
    enforce_limit(CODE_ATTEMPTS, str(user.id))
    code = read_fields(code=CodeField())["code"]
    try:
        second_factors.confirm_totp(request_session(), user.id, code, sign_in.honoured_secret_keys(), clock.now())
    except second_factors.WrongCodeError:
        page = _totp_page(user, WRONG_CODE)
        # no page: it was set up in another tab meanwhile
        return make_response(page, 422) if isinstance(page, str) else make_response(page)
    return _second_factor_added(user)


@blueprint.post(f"{SECOND_FACTORS_URL}/app/begin")
@audited("begun")
@requires("account.own", load=require_account_owner)
def begin_totp(user: CurrentUser) -> Response:
    redirect_first = _reauthenticate_and_limit(user)
    if redirect_first is not None:
        return redirect_first
    second_factors.begin_totp_setup(request_session(), user.id, sign_in.honoured_secret_keys()[0], clock.now())
    return redirect(url_with_next(f"{SECOND_FACTORS_URL}/app", sent_next_path()), 303)


@blueprint.post(f"{SECOND_FACTORS_URL}/app/remove")
@audited("removed")
@requires("account.own", load=require_account_owner)
def remove_totp_device(user: CurrentUser) -> PageResponse:
    redirect_first = _reauthenticate_and_limit(user)
    if redirect_first is not None:
        return redirect_first
    steps = _second_factors(user)
    if needs_second_factor(user) and steps.code_app and not steps.passkeys:
        return _second_factors_page(user, LAST_SECOND_FACTOR), 422
    second_factors.remove_totp(request_session(), user.id)
    return _second_factor_removed(user)


@blueprint.post(f"{SECOND_FACTORS_URL}/passkeys/ask")
@audited("asked")
@requires("account.own", load=require_account_owner)
def create_new_passkey_challenge(user: CurrentUser) -> tuple[str, int, dict[str, str]]:
    if _reauthenticate_and_limit(user) is not None:
        return "{}", 403, JSON_HEADERS
    return (
        second_factors.passkey_registration_options(
            request_session(), request_session().get_one(Person, user.id), sign_in.relying_party(), clock.now()
        ),
        200,
        JSON_HEADERS,
    )


@blueprint.post(f"{SECOND_FACTORS_URL}/passkeys")
@audited("added")
@requires("account.own", load=require_account_owner)
def add_passkey(user: CurrentUser) -> PageResponse:
    redirect_first = _reauthenticate_and_limit(user)
    if redirect_first is not None:
        return redirect_first
    form = read_fields(name=TextField(MAX_PASSKEY_NAME_LENGTH), passkey=PasswordField())
    if form.errors:
        return _second_factors_page(user, form.errors["name"]), 422
    try:
        second_factors.save_passkey(
            request_session(), user.id, form["passkey"], form["name"], sign_in.relying_party(), clock.now()
        )
    except PasskeyRefusedError:
        return _second_factors_page(user, PASSKEY_REFUSED), 422
    return _second_factor_added(user)


@blueprint.post(f"{SECOND_FACTORS_URL}/passkeys/<uuid:passkey_id>/remove")
@audited("removed")
@requires("account.own", load=require_account_owner)
def remove_passkey(user: CurrentUser, passkey_id: uuid.UUID) -> PageResponse:
    redirect_first = _reauthenticate_and_limit(user)
    if redirect_first is not None:
        return redirect_first
    steps = _second_factors(user)
    if needs_second_factor(user) and not steps.code_app and steps.passkeys == 1:
        return _second_factors_page(user, LAST_SECOND_FACTOR), 422
    request_session().execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == user.id))
    return _second_factor_removed(user)


@blueprint.post(f"{SECOND_FACTORS_URL}/codes")
@audited("made")
@requires("account.own", load=require_account_owner)
def renew_recovery_codes(user: CurrentUser) -> str | Response:
    """Ten new recovery codes. This page is their only sight."""
    redirect_first = _reauthenticate_and_limit(user)
    if redirect_first is not None:
        return redirect_first
    if not _second_factors(user).any:
        return redirect(SECOND_FACTORS_URL, 303)
    return _recovery_codes_page(second_factors.renew_recovery_codes(request_session(), user.id, clock.now()))


def _second_factor_added(user: CurrentUser) -> Response:
    """A step was added: this browser has shown it. The others have not, so they are signed out. With the first come recovery codes."""
    end_all_login_sessions(request_session(), user.id, but=user.signed_in_id)
    notice = accounts_emails.account_changed("It has a new second step for signing in.", sign_in.full_url("/forgotten"))
    accounts_emails.send_account_email(request_session(), user.email, notice, clock.now())
    codes = (
        second_factors.renew_recovery_codes(request_session(), user.id, clock.now())
        if second_factors.count_recovery_codes(request_session(), user.id) == 0
        else None
    )
    plain = (
        make_response(redirect(url_with_next(SECOND_FACTORS_URL, sent_next_path()), 303))
        if codes is None
        else make_response()
    )
    response = sign_in.complete_reauthentication(user, plain, second_step=True)
    if codes is not None:  # the page comes last: what is rendered is committed
        response.set_data(_recovery_codes_page(codes))
    return response


def _second_factor_removed(user: CurrentUser) -> Response:
    remove_orphaned_recovery_codes(request_session(), user.id)
    notice = accounts_emails.account_changed(
        "A second step for signing in was removed.", sign_in.full_url("/forgotten")
    )
    accounts_emails.send_account_email(request_session(), user.email, notice, clock.now())
    return redirect(SECOND_FACTORS_URL, 303)


def _recovery_codes_page(codes: Sequence[str]) -> str:
    return render_template("identity/recovery_codes.html", codes=codes, then=sent_next_path())


def _reauthenticate_and_limit(user: CurrentUser) -> Response | None:
    """The forms here have no page of their own address, so a person who has to prove comes back to the list."""
    if not user.proved_recently(clock.now()):
        return redirect(url_with_next("/prove", SECOND_FACTORS_URL), 303)
    if not user.second_step and _second_factors(user).any:
        return redirect(SECOND_FACTORS_URL, 303)  # a person who has not shown a step may not take it away or add one
    enforce_limit(ACCOUNT_CHANGES, str(user.id))
    return None


def _second_factors(user: CurrentUser) -> SecondFactors:
    with database().reading() as session:
        return get_second_factors(session, user.id)


def _second_factors_page(user: CurrentUser, error: str | None = None) -> str:
    with database().reading() as session:
        return render_template(
            "identity/second_factors.html",
            steps=get_second_factors(session, user.id),
            passkeys=second_factors.list_passkeys(session, user.id),
            must=needs_second_factor(user),
            shown=user.second_step,
            proven=user.proved_recently(clock.now()),
            error=error,
            then=sent_next_path(),
        )


def _totp_page(user: CurrentUser, error: str | None = None) -> str | Response:
    with database().reading() as session:
        seed = second_factors.pending_totp_seed(session, user.id, sign_in.honoured_secret_keys())
    if seed is None:
        return redirect(SECOND_FACTORS_URL, 303)
    picture = qr_code_svg(second_factors.totp_uri(seed, user.email, sign_in.ISSUER_NAME))
    spaced = " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))
    return render_template(
        "identity/totp_setup.html",
        picture=picture,
        seed=spaced,
        error=error,
        then=sent_next_path(),
    )
