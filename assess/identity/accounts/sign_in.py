"""The steps of signing in: mailed links, the pending second factor, new login sessions and re-authentication; and the account link of the page header."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import abort, current_app, g, make_response, redirect, render_template, request
from flask import session as form_session
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import absolute_url, settings_of
from assess.core.audit.requests import set_audit_subject, set_audit_verb
from assess.core.db import database, request_session, roll_back_request
from assess.core.links import LinkUnknownError
from assess.core.rate_limits import OPEN_LINK_LIMIT, by_address, enforce_limit
from assess.core.security import is_public_page, set_login_cookie
from assess.identity.access import ACCOUNT_PATH, safe_next_path, url_with_next
from assess.identity.accounts import emails as accounts_emails
from assess.identity.accounts import sessions
from assess.identity.accounts.rate_limits import mark_client_known
from assess.identity.accounts.second_factors import RelyingParty, get_second_factors
from assess.identity.accounts.services import find_person
from assess.identity.accounts.sessions import LAST_USED_INTERVAL, browser_name, mark_session_used
from assess.identity.current_user import CurrentUser, current_user, reset_current_user
from assess.identity.models import OneTimeToken, Person, StaffRole
from assess.identity.one_time_tokens import find_token, issue_token, use_token

ISSUER_NAME = "Assess"


def accounts_available() -> bool:
    """Whether this installation sends mail: without it no address can be confirmed, so it has no accounts."""
    return settings_of(current_app).mail_server is not None


def require_accounts_available() -> None:
    """Go on only where there are accounts. Raises `HTTPException` with the page that says there are none."""
    if not accounts_available():
        abort(Response(render_template("identity/no_accounts.html"), 404, content_type="text/html; charset=utf-8"))


def full_url(path: str) -> str:
    return absolute_url(current_app, path)


def honoured_secret_keys() -> list[str]:
    settings = settings_of(current_app)
    return [settings.key, *settings.old_secret_keys]


def relying_party() -> RelyingParty:
    """This site as passkeys know it. A passkey is for a name; in development it is made for localhost."""
    origin = settings_of(current_app).base_url
    return RelyingParty(urlsplit(origin).hostname or "localhost", origin, ISSUER_NAME)


def invalid_link_page() -> tuple[str, int]:
    """The page for a link that is none. Only these count against the caller: they may be guesses."""
    roll_back_request()  # the counter has a transaction of its own
    enforce_limit(OPEN_LINK_LIMIT, by_address())
    return render_template("identity/link_expired.html"), 404


def find_link(session: Session, kind: str, token: str) -> OneTimeToken:
    """What a mailed link is for. Raises `HTTPException` with the page for a link that is none."""
    try:
        return find_token(session, kind, token, clock.now())
    except LinkUnknownError:
        abort(make_response(invalid_link_page()))


def use_link(kind: str, token: str) -> OneTimeToken:
    """Use a mailed link up. Raises `HTTPException` with the page for a link that is none."""
    try:
        return use_token(request_session(), kind, token, clock.now())
    except LinkUnknownError:
        abort(make_response(invalid_link_page()))


CONFIRM_KIND, SIGN_IN_KIND, RESET_KIND, NEW_EMAIL_KIND, PROVE_KIND, SECOND_FACTOR_KIND = (
    "confirm",
    "sign-in",
    "new-password",
    "new-email",
    "prove",
    "second-step",
)
ADMINISTRATOR_KIND = "administrator"
DUMMY_KIND = "nobody"
_LIFETIMES = {
    CONFIRM_KIND: timedelta(hours=accounts_emails.CONFIRM_HOURS),
    SIGN_IN_KIND: timedelta(minutes=accounts_emails.SIGN_IN_MINUTES),
    RESET_KIND: timedelta(minutes=accounts_emails.RESET_MINUTES),
    NEW_EMAIL_KIND: timedelta(hours=accounts_emails.CONFIRM_HOURS),
    PROVE_KIND: timedelta(minutes=accounts_emails.PROVE_MINUTES),
    SECOND_FACTOR_KIND: timedelta(minutes=10),
    ADMINISTRATOR_KIND: timedelta(days=2),
}
_PATHS = {
    CONFIRM_KIND: "/confirm/",
    SIGN_IN_KIND: "/sign-in/link/",
    RESET_KIND: "/new-password/",
    NEW_EMAIL_KIND: "/account/email/",
    PROVE_KIND: "/prove/link/",
    ADMINISTRATOR_KIND: "/administrator/",
}

UrlBuilder = Callable[[str], str]
"""The full address of a page of ours, from its path."""


def email_sign_up_link(session: Session, email: str, address: UrlBuilder, then: str | None, now: datetime) -> None:
    """A person wants an account at this address. It is made only when the link in the mail is pressed."""
    person = find_person(session, email)
    if person is None:
        token = issue_token(session, CONFIRM_KIND, email, now, lasts=_LIFETIMES[CONFIRM_KIND])
        accounts_emails.send_account_email(
            session,
            email,
            accounts_emails.confirm_email(address(url_with_next(f"{_PATHS[CONFIRM_KIND]}{token}", then))),
            now,
        )
        return
    issue_token(session, DUMMY_KIND, email, now, lasts=_LIFETIMES[CONFIRM_KIND])
    notice = (
        accounts_emails.account_disabled()
        if person.disabled_at
        else accounts_emails.already_registered(address("/sign-in"), address("/forgotten"))
    )
    accounts_emails.send_account_email(session, email, notice, now)


def email_sign_in_link(session: Session, email: str, address: UrlBuilder, then: str | None, now: datetime) -> None:
    _email_link(session, email, SIGN_IN_KIND, address, then, now)


def email_new_password_link(session: Session, email: str, address: UrlBuilder, now: datetime) -> None:
    _email_link(session, email, RESET_KIND, address, None, now)


def email_reauthentication_link(
    session: Session, person: Person, signed_in_id: uuid.UUID, address: UrlBuilder, then: str | None, now: datetime
) -> None:
    """A person without a password or second step proves by mail that it is them, for one browser."""
    token = issue_token(
        session, PROVE_KIND, person.email, now, lasts=_LIFETIMES[PROVE_KIND], person_id=person.id, about=signed_in_id
    )
    accounts_emails.send_account_email(
        session,
        person.email,
        accounts_emails.confirm_identity(address(url_with_next(f"{_PATHS[PROVE_KIND]}{token}", then))),
        now,
    )


def email_new_address_link(
    session: Session, person: Person, email: str, signed_in_id: uuid.UUID, address: UrlBuilder, now: datetime
) -> None:
    """A person wants another address. The new one gets a link, the old one is told; the person who asked learns nothing of the new one.

    `signed_in_id`: the browser that asks. Signing it out ends the link.
    """
    taken = find_person(session, email) is not None
    kind = DUMMY_KIND if taken else NEW_EMAIL_KIND
    session.execute(
        delete(OneTimeToken).where(OneTimeToken.kind == NEW_EMAIL_KIND, OneTimeToken.person_id == person.id)
    )
    token = issue_token(
        session, kind, email, now, lasts=_LIFETIMES[NEW_EMAIL_KIND], person_id=person.id, about=signed_in_id
    )
    content = (
        accounts_emails.email_taken()
        if taken
        else accounts_emails.new_email(address(f"{_PATHS[NEW_EMAIL_KIND]}{token}"))
    )
    accounts_emails.send_account_email(session, email, content, now)
    accounts_emails.send_account_email(session, person.email, accounts_emails.email_change_requested(), now)


def issue_second_factor_token(session: Session, person: Person, now: datetime) -> str:
    """A person showed the first step and still has to show the second. The token opens nothing but the page for that."""
    return issue_token(
        session,
        SECOND_FACTOR_KIND,
        person.email,
        now,
        lasts=_LIFETIMES[SECOND_FACTOR_KIND],
        person_id=person.id,
        about=uuid.uuid4(),
    )


def issue_administrator_link(session: Session, email: str, address: UrlBuilder, now: datetime) -> str:
    """The address of the page on which the first administrator begins."""
    return address(
        f"{_PATHS[ADMINISTRATOR_KIND]}{issue_token(session, ADMINISTRATOR_KIND, email, now, lasts=_LIFETIMES[ADMINISTRATOR_KIND])}"
    )


def _email_link(session: Session, email: str, kind: str, address: UrlBuilder, then: str | None, now: datetime) -> None:
    person = find_person(session, email)
    opens = person is not None and person.disabled_at is None
    token = issue_token(
        session,
        kind if opens else DUMMY_KIND,
        email,
        now,
        lasts=_LIFETIMES[kind],
        person_id=person.id if person and opens else None,
    )
    link = address(url_with_next(f"{_PATHS[kind]}{token}", then))
    if person is None:
        content = accounts_emails.no_account(address("/sign-up"))
    elif not opens:
        content = accounts_emails.account_disabled()
    else:
        content = accounts_emails.sign_in(link) if kind == SIGN_IN_KIND else accounts_emails.new_password(link)
    accounts_emails.send_account_email(session, email, content, now)


_PENDING_KEY = "half_way"
"""Where the signed cookie of forms keeps the token of a person who still has to show the second step."""


def continue_sign_in(person: Person, then: str | None) -> Response:
    """On to the second step if they have one, else let in."""
    if not get_second_factors(request_session(), person.id).any:
        return complete_sign_in(person, then, second_step=False)
    form_session[_PENDING_KEY] = issue_second_factor_token(request_session(), person, clock.now())
    set_audit_subject("person", person.id)
    set_audit_verb("half way")
    return redirect(url_with_next("/sign-in/second-step", then), 303)


def complete_sign_in(person: Person, then: str | None, *, second_step: bool) -> Response:
    """Sign this browser in and go on. A person signed in here before is signed out."""
    before = current_user()
    if before is not None:
        sessions.end_login_session(request_session(), before.id, before.signed_in_id)
    token = sessions.create_login_session(
        request_session(),
        person,
        browser_name(request.headers.get("User-Agent", "")),
        clock.now(),
        second_step=second_step,
    )
    mark_client_known(request_session(), person.email, clock.now())
    set_audit_subject("person", person.id)
    form_session.pop(_PENDING_KEY, None)
    reset_current_user()
    at_desk = person.desk is StaffRole.ADMINISTRATOR and second_step
    target = safe_next_path(then) or ("/staff" if at_desk else ACCOUNT_PATH)
    return set_login_cookie(make_response(redirect(target, 303)), token)


def complete_reauthentication(who: CurrentUser, response: Response, *, second_step: bool = False) -> Response:
    """They have just proved once more who they are: this browser gets a new token with the answer."""
    token = sessions.renew_login_session(request_session(), who.signed_in_id, clock.now(), second_step=second_step)
    reset_current_user()
    return response if token is None else set_login_cookie(make_response(response), token)


def get_pending_person(session: Session, now: datetime) -> Person | None:
    """Who showed the first step in this browser and has to show the second; None when nobody did, or too long ago."""
    try:
        one_time_token = find_token(session, SECOND_FACTOR_KIND, str(form_session.get(_PENDING_KEY, "")), now)
    except LinkUnknownError:
        return None
    person = session.get(Person, one_time_token.person_id)
    return person if person is not None and person.disabled_at is None else None


def clear_pending_sign_in() -> None:
    if _PENDING_KEY in form_session:
        del form_session[_PENDING_KEY]


def use_pending_sign_in(now: datetime) -> None:
    """The second step was shown. It lets in once. Raises `LinkUnknownError` (it was shown somewhere else at the same moment)."""
    use_token(request_session(), SECOND_FACTOR_KIND, str(form_session.get(_PENDING_KEY, "")), now)


_MAX_NAME_SHOWN = 24
_BLUEPRINTS_WITHOUT_LINK = frozenset({"public"})
"""Their pages set no cookie and read none."""
_ACCOUNT_BLUEPRINTS = ("account", "sign_in")


def account_link(*, kept_ready: bool = False) -> dict[str, str | bool] | None:
    """The link to the account for the header of this page: address, words and whether one is there; None where none stands.

    Pages that are the same for every reader, and may be kept ready for all of them, never show who reads. `kept_ready`: this one is.
    """
    if request.blueprint in _BLUEPRINTS_WITHOUT_LINK or not accounts_available():
        return None
    here = {"current": request.blueprint in _ACCOUNT_BLUEPRINTS}
    view = current_app.view_functions.get(request.endpoint or "")
    who = None if view is None or is_public_page(view) or kept_ready else current_user()
    if who is None:  # the same words as on a page that cannot know: the address leads on to signing in
        return {"href": "/account", "text": "Your account", **here}
    name = who.name if len(who.name) <= _MAX_NAME_SHOWN else f"{who.name[:_MAX_NAME_SHOWN]}…"
    return {"href": "/account", "text": f"Your account: {name}" if name else "Your account", **here}


def keep_session_alive(response: FlaskResponse) -> FlaskResponse:
    """Once in five minutes, after the page is made: a person who still reads is not signed out for doing nothing."""
    who: CurrentUser | None = g.get("caller")
    now = clock.now()
    if who is not None and who.used_at is not None and now >= who.used_at + LAST_USED_INTERVAL:
        # the page is made; a busy database is no reason to lose it
        with contextlib.suppress(SQLAlchemyError), database().writing() as session:
            mark_session_used(session, who.signed_in_id, now)
    return response
