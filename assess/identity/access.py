"""Guards for views: require sign-in, a second factor, a recent proof of identity, or a role in an organisation. Who lacks permission gets 404."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import quote, unquote

from flask import abort, current_app, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.db import SAFE_METHODS
from assess.core.errors import ErrorText, error_page, has_form_data
from assess.core.forms.form import sent_form
from assess.core.route_permissions import request_permission
from assess.identity.current_user import CurrentUser, current_user
from assess.identity.models import Organisation, Role
from assess.identity.permissions import REAUTHENTICATION_PAGES, Relation, Resource, authorise

ROLE_RELATIONS = {
    Role.MANAGER: Relation.MANAGER,
    Role.RESPONDENT: Relation.RESPONDENT,
    Role.SIGNER: Relation.SIGNER,
    Role.BUYER: Relation.BUYER,
}


@dataclass(frozen=True, slots=True)
class OrganisationResource:
    id: uuid.UUID

    def relations(self, caller: CurrentUser | None) -> frozenset[Relation]:
        """By the roles of the caller there that count. A staff role gives none."""
        held = caller.roles.get(self.id, frozenset()) if caller else frozenset()
        found = {ROLE_RELATIONS[role] for role in held if caller is not None and caller.has(role, self.id)}
        return frozenset(found | {Relation.MEMBER}) if held else frozenset()


class _OwnAccountResource:
    def relations(self, caller: CurrentUser | None) -> frozenset[Relation]:
        return frozenset() if caller is None else frozenset({Relation.SELF})


def require_person() -> CurrentUser:
    """The person signed in, if they have the permission of the route by who they are. For all others 404, as if there were no page.

    Raises `HTTPException` (404, or a redirect to signing in, to setting up a second step or to proving who they are).
    """
    return _require_permission(require_full_sign_in(), None)


def require_member(organisation_id: uuid.UUID) -> CurrentUser:
    """Their roles there must give the permission of the route; else 404. Raises `HTTPException` as `require_person`."""
    return _require_permission(require_full_sign_in(), OrganisationResource(organisation_id))


def require_account_owner() -> CurrentUser:
    """The person signed in, on a page of their own account. A second step that they still have to set up does not keep them out.

    Raises `HTTPException` (a redirect to signing in).
    """
    return _require_permission(require_sign_in(), _OwnAccountResource())


def organisation_or_404(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """The organisation. The caller was let in already; it may have been deleted meanwhile."""
    return session.get(Organisation, organisation_id) or abort(404)


def _require_permission(user: CurrentUser, thing: Resource | None) -> CurrentUser:
    authorise(user, request_permission(), thing)
    require_reauthentication(user)
    return user


SIGN_IN_PATH = "/sign-in"
ACCOUNT_PATH = "/account"
MAX_NEXT_LENGTH = 500


def require_full_sign_in() -> CurrentUser:
    """The person signed in here, with every step shown that they need.

    Raises `HTTPException` (a redirect to the page for signing in, or to the one for setting up a second step).
    """
    who = require_sign_in()
    if needs_second_factor(who):
        require_second_factor(who)
    return who


def require_sign_in() -> CurrentUser:
    """The person signed in here, whatever steps they have shown. Only the pages of their own account take this one.

    Raises `HTTPException` (a redirect to the page for signing in).
    """
    who = current_user()
    if who is None:
        abort(redirect(url_with_next(SIGN_IN_PATH, current_page_path()), 303))
    return who


def require_second_factor(who: CurrentUser) -> None:
    """For pages that show what others have shared: a password or a mail alone is too little there.

    Raises `HTTPException` (a redirect to the page for setting up a second step).
    """
    if not who.second_step:
        abort(redirect(url_with_next("/account/second-steps", current_page_path()), 303))


def needs_second_factor(who: CurrentUser) -> bool:
    """Whether a password or a mail alone is too little for them: they see what belongs to many."""
    return who.staff_role is not None or any(Role.BUYER in roles for roles in who.roles.values())


def safe_next_path(typed: str | None) -> str | None:
    """The path to go on to, if it is one of our own; None for everything else, such as another site."""
    if not typed or len(typed) > MAX_NEXT_LENGTH:
        return None
    plain = unquote(typed)
    if not typed.startswith("/") or plain.startswith("//") or "\\" in plain or not plain.isprintable():
        return None
    return typed


def url_with_next(page: str, then: str | None) -> str:
    query = safe_next_path(then)
    return f"{page}?next={quote(query, safe='/')}" if query and query != ACCOUNT_PATH else page


def current_page_path() -> str:
    """Where to come back to after this request: the page itself, or for a form that was sent the page of its address, if it has one."""
    if request.method in SAFE_METHODS:
        return request.full_path.rstrip("?")
    return request.path if _accepts_get(request.path) else ACCOUNT_PATH


def sent_next_path() -> str | None:
    """Where to go on to after this page, as its form or else its address says."""
    return safe_next_path(sent_form().get("next") or request.args.get("next"))


def redirect_to_next() -> Response:
    return redirect(sent_next_path() or ACCOUNT_PATH, 303)


def _accepts_get(path: str) -> bool:
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


REAUTHENTICATE_PATH = "/prove"
_PROVE_FIRST = ErrorText(
    "Prove that it is you",
    (
        "What you are about to do cannot be undone, or lets others see much. It is some time since you proved that it is you.",
        "Open the page below in a new tab and prove it there. Then come back to this page.",
        "",  # here stands that what was typed is kept
    ),
)


def reauthentication_redirect(who: CurrentUser, back: str | None = None) -> Response | None:
    """Where to send a person so that they prove it; None when they did so lately.

    `back`: the page with the form, where the address of the form has none.
    """
    if who.proved_recently(clock.now()):
        return None
    return redirect(url_with_next(REAUTHENTICATE_PATH, back or current_page_path()), 303)


def require_reauthentication(who: CurrentUser | None) -> None:
    """Have a person signed in prove it again where the table asks for it. Call it once they were let in.

    Raises `HTTPException` (a redirect to the proof; or, where something was typed, a page that keeps it and leads there).
    """
    back = REAUTHENTICATION_PAGES.get(request.endpoint or "")
    if who is None or back is None or who.proved_recently(clock.now()):
        return
    to = url_with_next(REAUTHENTICATE_PATH, current_page_path() if back == request.endpoint else _url_of(back))
    if has_form_data():
        abort(error_page(403, _PROVE_FIRST, return_form=True, way=(to, "Prove that it is you (opens in a new tab)")))
    abort(redirect(to, 303))


def _url_of(endpoint: str) -> str:
    """The address of a page that is about the same as the one of this request."""
    query = next(current_app.url_map.iter_rules(endpoint)).arguments
    return url_for(endpoint, **{name: value for name, value in (request.view_args or {}).items() if name in query})
