"""Pages to sign up, sign in, give the second factor, reset a password and prove one's identity again. Answers are alike for every address."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.audit.requests import audit_always, set_audit_subject
from assess.core.db import database, request_session
from assess.core.forms.fields import CodeField, PasswordField, TextField
from assess.core.forms.form import read_fields
from assess.core.links import LinkUnknownError
from assess.core.pages import PageResponse
from assess.core.rate_limits import by_address, enforce_limit
from assess.core.route_permissions import audited, requires
from assess.core.security import (
    PROOF_REFUSED,
    SECOND_STEP_REFUSED,
    SIGN_IN_REFUSED,
    clear_login_cookie,
    log_security_event,
    set_security_subject,
)
from assess.identity.access import redirect_to_next, require_account_owner, sent_next_path, url_with_next
from assess.identity.accounts import emails as accounts_emails
from assess.identity.accounts import second_factors, services, sign_in
from assess.identity.accounts.passwords import NewPasswordField, hash_password, password_matches
from assess.identity.accounts.rate_limits import (
    CODE_ATTEMPTS,
    PASSKEY_CHALLENGES,
    enforce_login_limits,
    enforce_mail_limits,
    enforce_new_password_limits,
)
from assess.identity.accounts.second_factors import (
    SecondFactors,
    WrongCodeError,
    get_second_factors,
    use_second_factor_code,
)
from assess.identity.accounts.services import AccountEmailField
from assess.identity.accounts.sessions import end_login_session
from assess.identity.current_user import CurrentUser, current_user, reset_current_user
from assess.identity.models import MAX_NAME_LENGTH, OneTimeToken, Person, StaffRole

WRONG_CREDENTIALS = "The email address or the password is not right. Check both, or ask for a link to sign in instead."
PASSWORD_MISSING = "Enter your password. If you have none, ask for a link to sign in instead."  # noqa: S105  # a sentence

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@audited("signed in")
@requires("account.enter")
def sign_in_by_password() -> PageResponse:
    sign_in.require_accounts_available()
    if request.method != "POST":
        sign_in.clear_pending_sign_in()
        if current_user():
            return redirect_to_next()
        return _sign_in_page({})
    form = read_fields(email=AccountEmailField(), password=PasswordField(required=PASSWORD_MISSING))
    typed = form.typed["email"]
    if form.errors:
        return _sign_in_page(form.errors, typed), 422
    set_security_subject(form["email"])
    enforce_login_limits(form["email"])
    with database().reading() as session:
        person = services.find_person(session, form["email"])
    right = password_matches(form["password"], person.password_hash if person is not None else None)
    if person is None or not right or person.disabled_at is not None or person.confirmed_at is None:
        log_security_event(SIGN_IN_REFUSED)
        return _sign_in_page({"email": WRONG_CREDENTIALS}, typed), 422
    return sign_in.continue_sign_in(person, sent_next_path())


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
@audited("asked")
@requires("account.enter")
def request_sign_in_link() -> PageResponse:
    """Mail a link. The answer is the same for every address."""
    sign_in.require_accounts_available()
    if request.method != "POST":
        return _sign_in_link_page()
    form = read_fields(email=AccountEmailField())
    if form.errors:
        return _sign_in_link_page(form.typed["email"], form.errors["email"]), 422
    set_security_subject(form["email"])
    enforce_mail_limits(form["email"])
    audit_always()  # whatever becomes of this address
    sign_in.email_sign_in_link(request_session(), form["email"], sign_in.full_url, sent_next_path(), clock.now())
    return redirect("/sign-in/link/sent", 303)


@blueprint.get("/sign-in/link/sent")
@requires("account.enter")
def show_sign_in_link_sent() -> str:
    """Check your email: the same words whatever the address was."""
    sign_in.require_accounts_available()
    return render_template("identity/check_your_email.html", what="sign-in")


@blueprint.route("/sign-in/link/<token>", methods=["GET", "POST"])
@audited("signed in")
@requires("link.open")
def sign_in_by_link(token: str) -> PageResponse:
    """Use the link up. A second factor still has to be shown."""
    sign_in.require_accounts_available()
    if request.method != "POST":
        with database().reading() as session:
            sign_in.find_link(session, sign_in.SIGN_IN_KIND, token)
        return render_template("identity/sign_in_by_link.html", then=sent_next_path())
    person = request_session().get(Person, sign_in.use_link(sign_in.SIGN_IN_KIND, token).person_id)
    if person is None or person.disabled_at is not None:
        return sign_in.invalid_link_page()
    return sign_in.continue_sign_in(person, sent_next_path())


@blueprint.post("/sign-out")
@audited("signed out")
@requires("account.enter")
def sign_out() -> Response:
    """Sign this browser out. What its cookie holds is worth nothing from here on."""
    user = current_user()
    if user is not None:
        end_login_session(request_session(), user.id, user.signed_in_id)
        reset_current_user()
    return clear_login_cookie(make_response(redirect("/signed-out", 303)))


@blueprint.get("/signed-out")
@requires("public.read")
def show_signed_out() -> str:
    return render_template("identity/signed_out.html")


def _sign_in_page(errors: Mapping[str, str], typed: str = "") -> str:
    then = sent_next_path()
    addresses = {name: url_with_next(f"/{name}", then) for name in ("sign-up", "sign-in/link", "forgotten")}
    return render_template("identity/sign_in.html", typed=typed, errors=errors, then=then, to=addresses)


def _sign_in_link_page(typed: str = "", error: str | None = None) -> str:
    return render_template("identity/request_sign_in_link.html", typed=typed, error=error, then=sent_next_path())


@blueprint.route("/sign-up", methods=["GET", "POST"])
@audited("asked")
@requires("account.enter")
def sign_up() -> PageResponse:
    """Write to the address. The answer is the same for every address."""
    sign_in.require_accounts_available()
    if request.method != "POST":
        if current_user():
            return redirect_to_next()
        return _sign_up_page()
    form = read_fields(email=AccountEmailField())
    if form.errors:
        return _sign_up_page(form.typed["email"], form.errors["email"]), 422
    enforce_mail_limits(form["email"])
    audit_always()  # whatever becomes of this address
    sign_in.email_sign_up_link(request_session(), form["email"], sign_in.full_url, sent_next_path(), clock.now())
    return redirect("/sign-up/sent", 303)


@blueprint.get("/sign-up/sent")
@requires("account.enter")
def show_sign_up_sent() -> str:
    """Check your email: the same words whatever the address was."""
    sign_in.require_accounts_available()
    return render_template("identity/check_your_email.html", what="sign-up")


@blueprint.get("/confirm/<token>", defaults={"kind": sign_in.CONFIRM_KIND})
@blueprint.get("/administrator/<token>", defaults={"kind": sign_in.ADMINISTRATOR_KIND})
@requires("link.open")
def show_confirm_account(token: str, kind: str) -> str | tuple[str, int]:
    """Where the mail leads: a form with a button, so that no scanner of mail makes an account."""
    sign_in.require_accounts_available()
    with database().reading() as session:
        one_time_token = sign_in.find_link(session, kind, token)
        known = services.find_person(session, one_time_token.email) is not None
    return _confirm_account_page(one_time_token, known=known)


@blueprint.post("/confirm/<token>", defaults={"kind": sign_in.CONFIRM_KIND})
@blueprint.post("/administrator/<token>", defaults={"kind": sign_in.ADMINISTRATOR_KIND})
@audited("confirmed")
@requires("link.open")
def confirm_account(token: str, kind: str) -> PageResponse:
    """Make the account, and sign in the person who pressed the button."""
    sign_in.require_accounts_available()
    with database().reading() as session:
        one_time_token = sign_in.find_link(session, kind, token)
        known = services.find_person(session, one_time_token.email)
    if known is not None:
        return _confirm_existing_account(token, kind)
    form = read_fields(name=TextField(MAX_NAME_LENGTH), password=PasswordField())
    errors, hashed = dict(form.errors), None
    if form["password"] or kind == sign_in.ADMINISTRATOR_KIND:
        enforce_new_password_limits(one_time_token.id)
        about = [*services.guessable_words_in_email(one_time_token.email), form.typed["name"]]
        password, error = NewPasswordField(about).read(form["password"])
        if error:
            errors["password"] = error
        elif not errors:
            hashed = hash_password(password)
    if errors:
        return _confirm_account_page(one_time_token, form.typed["name"], errors), 422
    try:
        used = sign_in.use_link(kind, token)
        person = services.create_person(
            request_session(), used.email, clock.now(), name=form["name"], password_hash=hashed
        )
    except services.EmailTakenError:
        return sign_in.invalid_link_page()
    if kind == sign_in.ADMINISTRATOR_KIND:
        services.appoint_staff(request_session(), person.id, StaffRole.ADMINISTRATOR, clock.now())
        request_session().refresh(person)
    return sign_in.complete_sign_in(person, sent_next_path(), second_step=False)


def _confirm_existing_account(token: str, kind: str) -> Response | tuple[str, int]:
    """The address got an account meanwhile. The link signs nobody in: that account may have a password and a second step."""
    person = services.find_person(request_session(), sign_in.use_link(kind, token).email)
    if person is not None:
        set_audit_subject("person", person.id)
    if person is not None and kind == sign_in.ADMINISTRATOR_KIND:
        try:
            services.appoint_staff(request_session(), person.id, StaffRole.ADMINISTRATOR, clock.now())
        except services.BuyerAsStaffError:
            return sign_in.invalid_link_page()
    return redirect("/sign-in", 303)


def _sign_up_page(typed: str = "", error: str | None = None) -> str:
    then = sent_next_path()
    return render_template(
        "identity/sign_up.html", typed=typed, error=error, then=then, sign_in=url_with_next("/sign-in", then)
    )


def _confirm_account_page(
    one_time_token: OneTimeToken, name: str = "", errors: Mapping[str, str] | None = None, *, known: bool = False
) -> str:
    return render_template(
        "identity/confirm_account.html",
        email=one_time_token.email,
        name=name,
        errors=errors or {},
        known=known,
        desk=one_time_token.kind == sign_in.ADMINISTRATOR_KIND,
        then=sent_next_path(),
    )


@blueprint.route("/forgotten", methods=["GET", "POST"])
@audited("asked")
@requires("account.enter")
def request_new_password() -> PageResponse:
    """Mail a link. The answer is the same for every address."""
    sign_in.require_accounts_available()
    if request.method != "POST":
        return render_template("identity/forgotten_password.html", typed="", error=None)
    form = read_fields(email=AccountEmailField())
    if form.errors:
        typed = form.typed["email"]
        return render_template("identity/forgotten_password.html", typed=typed, error=form.errors["email"]), 422
    set_security_subject(form["email"])
    enforce_mail_limits(form["email"])
    audit_always()  # whatever becomes of this address
    sign_in.email_new_password_link(request_session(), form["email"], sign_in.full_url, clock.now())
    return redirect("/forgotten/sent", 303)


@blueprint.get("/forgotten/sent")
@requires("account.enter")
def show_new_password_sent() -> str:
    """Check your email: the same words whatever the address was."""
    sign_in.require_accounts_available()
    return render_template("identity/check_your_email.html", what="forgotten")


@blueprint.route("/new-password/<token>", methods=["GET", "POST"])
@audited("changed")
@requires("link.open")
def set_new_password(token: str) -> PageResponse:
    """Take the new password, sign every browser out. Then they sign in, with all their steps."""
    sign_in.require_accounts_available()
    with database().reading() as session:
        one_time_token = sign_in.find_link(session, sign_in.RESET_KIND, token)
        if request.method != "POST":
            return render_template("identity/new_password.html", error=None)
        person = session.get(Person, one_time_token.person_id)
        if person is None or person.disabled_at is not None:
            return sign_in.invalid_link_page()
        about = services.guessable_words(session, person)
    enforce_new_password_limits(one_time_token.id)
    form = read_fields(password=NewPasswordField(about))
    if form.errors:
        return render_template("identity/new_password.html", error=form.errors["password"]), 422
    hashed = hash_password(form["password"])  # before anything is locked
    sign_in.use_link(sign_in.RESET_KIND, token)
    services.change_password(request_session(), person.id, hashed, clock.now())
    set_audit_subject("person", person.id)
    accounts_emails.send_account_email(
        request_session(),
        person.email,
        accounts_emails.account_changed("Its password is a new one.", sign_in.full_url("/forgotten")),
        clock.now(),
    )
    return redirect("/new-password", 303)


@blueprint.get("/new-password")
@requires("account.enter")
def show_password_changed() -> str:
    return render_template("identity/password_changed.html")


WRONG_CODE = "This code is not right, or was used before. Wait for the next one and type that."
PASSKEY_REFUSED = "This passkey did not work here. Try again, or use another way."
JSON_HEADERS = {"Content-Type": "application/json"}


@blueprint.route("/sign-in/second-step", methods=["GET", "POST"])
@audited("signed in")
@requires("account.enter")
def check_second_factor() -> PageResponse:
    sign_in.require_accounts_available()
    with database().reading() as session:
        person = sign_in.get_pending_person(session, clock.now())
    if person is None:
        return redirect("/sign-in", 303)
    if request.method != "POST":
        return _second_factor_page(person)
    set_security_subject(person.id)
    enforce_limit(CODE_ATTEMPTS, str(person.id))
    form = read_fields(passkey=PasswordField(), code=CodeField())
    try:
        if form["passkey"]:
            second_factors.verify_passkey(
                request_session(), form["passkey"], sign_in.relying_party(), clock.now(), person.id
            )
        else:
            use_second_factor_code(
                request_session(), person.id, form["code"], sign_in.honoured_secret_keys(), clock.now()
            )
        sign_in.use_pending_sign_in(clock.now())
    except (WrongCodeError, second_factors.PasskeyRefusedError, LinkUnknownError) as error:
        log_security_event(SECOND_STEP_REFUSED)
        return _second_factor_page(person, WRONG_CODE if isinstance(error, WrongCodeError) else PASSKEY_REFUSED), 422
    fresh = request_session().get(Person, person.id)
    if fresh is None:
        return redirect("/sign-in", 303)
    return sign_in.complete_sign_in(fresh, sent_next_path(), second_step=True)


@blueprint.post("/sign-in/passkey/ask")
@audited("asked")
@requires("account.enter")
def create_passkey_challenge() -> tuple[str, int, dict[str, str]]:
    """What the browser needs to show a passkey: of the person half way or signed in here, else of any who holds one."""
    sign_in.require_accounts_available()
    enforce_limit(PASSKEY_CHALLENGES, by_address())
    user = current_user()
    with database().reading() as session:
        half = sign_in.get_pending_person(session, clock.now())
    person_id = half.id if half is not None else user.id if user is not None else None
    return (
        second_factors.passkey_authentication_options(
            request_session(), sign_in.relying_party(), clock.now(), person_id
        ),
        200,
        JSON_HEADERS,
    )


@blueprint.post("/sign-in/passkey")
@audited("signed in")
@requires("account.enter")
def sign_in_by_passkey() -> PageResponse:
    """By passkey alone: the device has checked who holds it, so it is both steps."""
    sign_in.require_accounts_available()
    enforce_limit(PASSKEY_CHALLENGES, by_address())
    person = None
    form = read_fields(passkey=PasswordField())
    try:
        shown = second_factors.verify_passkey(request_session(), form["passkey"], sign_in.relying_party(), clock.now())
        person = request_session().get(Person, shown.person_id)
    except second_factors.PasskeyRefusedError:
        pass
    if person is None or person.disabled_at is not None:
        log_security_event(SIGN_IN_REFUSED)
        return render_template("identity/passkey_refused.html"), 422
    return sign_in.complete_sign_in(person, sent_next_path(), second_step=True)


def _second_factor_page(person: Person, error: str | None = None) -> str:
    with database().reading() as session:
        steps = get_second_factors(session, person.id)
    return render_template("identity/second_factor.html", steps=steps, error=error, then=sent_next_path())


WRONG_PASSWORD = "This is not your password. Check it and try again."  # noqa: S105  # a sentence


@blueprint.route("/prove", methods=["GET", "POST"])
@audited("proved")
@requires("account.own", load=require_account_owner)
def reauthenticate(user: CurrentUser) -> PageResponse:
    """Take the proof; this browser gets a new token."""
    if request.method != "POST":
        return _reauthentication_page(user)
    person, steps = _person_and_second_factors(user)
    set_security_subject(user.id)
    form = read_fields(passkey=PasswordField(), password=PasswordField(), code=CodeField())
    by_step = True
    try:
        if form["passkey"]:
            enforce_limit(CODE_ATTEMPTS, str(user.id))
            second_factors.verify_passkey(
                request_session(), form["passkey"], sign_in.relying_party(), clock.now(), user.id
            )
        elif person.password_hash is not None and not form["code"]:
            by_step = False
            enforce_login_limits(user.email)
            if not password_matches(form["password"], person.password_hash):
                log_security_event(PROOF_REFUSED)
                return _reauthentication_page(user, ("password", WRONG_PASSWORD)), 422
        elif steps.any:
            enforce_limit(CODE_ATTEMPTS, str(user.id))
            use_second_factor_code(
                request_session(), user.id, form["code"], sign_in.honoured_secret_keys(), clock.now()
            )
        else:
            return redirect("/prove", 303)
    except (WrongCodeError, second_factors.PasskeyRefusedError) as error:
        log_security_event(PROOF_REFUSED)
        why = WRONG_CODE if isinstance(error, WrongCodeError) else PASSKEY_REFUSED
        return _reauthentication_page(user, ("code", why)), 422
    return sign_in.complete_reauthentication(user, redirect_to_next(), second_step=by_step)


@blueprint.post("/prove/link")
@audited("asked")
@requires("account.own", load=require_account_owner)
def request_reauthentication_link(user: CurrentUser) -> Response:
    """Mail a link to a person who has nothing else to show."""
    person, steps = _person_and_second_factors(user)
    if person.password_hash is not None or steps.any:
        return redirect("/prove", 303)
    enforce_mail_limits(user.email)
    sign_in.email_reauthentication_link(
        request_session(), person, user.signed_in_id, sign_in.full_url, sent_next_path(), clock.now()
    )
    return redirect("/prove/link/sent", 303)


@blueprint.get("/prove/link/sent")
@requires("account.own", check=require_account_owner)
def show_reauthentication_link_sent() -> str:
    return render_template("identity/check_your_email.html", what="prove")


@blueprint.route("/prove/link/<token>", methods=["GET", "POST"])
@audited("proved")
@requires("account.own", load=require_account_owner)
def reauthenticate_by_link(user: CurrentUser, token: str) -> PageResponse:
    """Where the mail leads: a button. It works only in the browser that asked."""
    if request.method != "POST":
        with database().reading() as session:
            one_time_token = sign_in.find_link(session, sign_in.PROVE_KIND, token)
        if one_time_token.about != user.signed_in_id:
            return sign_in.invalid_link_page()
        return render_template("identity/reauthenticate_by_link.html", then=sent_next_path())
    one_time_token = sign_in.find_link(request_session(), sign_in.PROVE_KIND, token)
    if one_time_token.about != user.signed_in_id:
        return sign_in.invalid_link_page()
    sign_in.use_link(sign_in.PROVE_KIND, token)
    return sign_in.complete_reauthentication(user, redirect_to_next())


def _person_and_second_factors(user: CurrentUser) -> tuple[Person, SecondFactors]:
    with database().reading() as session:
        return session.get_one(Person, user.id), get_second_factors(session, user.id)


def _reauthentication_page(user: CurrentUser, error: tuple[str, str] | None = None) -> str:
    person, steps = _person_and_second_factors(user)
    return render_template(
        "identity/reauthenticate.html",
        has_password=person.password_hash is not None,
        steps=steps,
        error=error,
        then=sent_next_path(),
    )
