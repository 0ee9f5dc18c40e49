"""Letting somebody in after they showed who they are: each time with a new token, so that one planted before is worth nothing."""

from __future__ import annotations

from datetime import datetime

from flask import make_response, redirect
from flask import session as form_session
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about, note_verb
from assess.kit.clock import now
from assess.kit.cookies import remember_signed_in
from assess.kit.db import session
from assess.people.accounts import browsers
from assess.people.accounts.door import HOME, safe_next, with_next
from assess.people.accounts.installation import this_browser
from assess.people.accounts.links import HALF_WAY, half_way
from assess.people.accounts.second_steps import steps_of
from assess.people.accounts.throttles import note_known
from assess.people.caller import Caller, caller, forget_caller
from assess.people.models import Desk, Person
from assess.people.tickets import TicketUnknownError, find, use

SECOND_STEP = "/sign-in/second-step"
_KEPT = "half_way"
"""Where the signed cookie of forms keeps the token of somebody who still has to show the second step."""
_DESK_HOME = "/desk"


def first_step_shown(person: Person, then: str | None) -> Response:
    """On to the second step if they have one, else let in."""
    if not steps_of(session(), person.id).any:
        return let_in(person, then, second_step=False)
    form_session[_KEPT] = half_way(session(), person, now())
    note_about("person", person.id)
    note_verb("half way")
    return redirect(with_next(SECOND_STEP, then), 303)


def let_in(person: Person, then: str | None, *, second_step: bool) -> Response:
    """Sign this browser in and go on. Whoever was signed in here before is signed out."""
    _end_here(session())
    token = browsers.sign_in(session(), person, this_browser(), now(), second_step=second_step)
    note_known(session(), person.email, now())
    note_about("person", person.id)
    form_session.pop(_KEPT, None)
    forget_caller()
    at_desk = person.desk is Desk.ADMINISTRATOR and second_step
    target = safe_next(then) or (_DESK_HOME if at_desk else HOME)
    return remember_signed_in(make_response(redirect(target, 303)), token)


def prove_again(who: Caller, response: Response, *, second_step: bool = False) -> Response:
    """They have just proved once more who they are: this browser gets a new token with the answer."""
    token = browsers.prove(session(), who.signed_in_id, now(), second_step=second_step)
    forget_caller()
    return response if token is None else remember_signed_in(make_response(response), token)


def person_half_way(look: Session, moment: datetime) -> Person | None:
    """Who showed the first step in this browser and has to show the second; None when nobody did, or too long ago."""
    try:
        ticket = find(look, HALF_WAY, str(form_session.get(_KEPT, "")), moment)
    except TicketUnknownError:
        return None
    person = look.get(Person, ticket.person_id)
    return person if person is not None and person.disabled_at is None else None


def forget_half_way() -> None:
    """Begin again: this browser is at the first step."""
    if _KEPT in form_session:
        del form_session[_KEPT]


def end_half_way(moment: datetime) -> None:
    """The second step was shown. It lets in once.

    Raises:
        TicketUnknownError: it was shown somewhere else at the same moment.
    """
    use(session(), HALF_WAY, str(form_session.get(_KEPT, "")), moment)


def _end_here(write: Session) -> None:
    before = caller()
    if before is not None:
        browsers.end(write, before.id, before.signed_in_id)
