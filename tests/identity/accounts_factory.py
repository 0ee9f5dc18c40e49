"""People with accounts, signed in or not, and the organisations they act for: made in a line each, without pages or mail.

For tests with an app, open `database_of(app).writing()` to make them, and close it before `sign_in`: SQLite has one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import assess.assessments.models  # noqa: F401  # mail and sites hang on the table of assessments
from assess.core.db import Database
from assess.core.links import hash_token, new_token
from assess.core.security import LOGIN_COOKIE, cookie_name
from assess.identity.models import (
    ConfirmationMethod,
    LoginSession,
    Membership,
    NameState,
    Organisation,
    Person,
    Role,
    StaffRole,
)
from tests.conftest import TODAY, Visitor

LASTS = timedelta(hours=12)


def database_of(app: Flask) -> Database:
    """The database of an app."""
    found: Database = app.extensions["assess.database"]
    return found


def a_person(
    session: Session,
    email: str,
    *,
    desk: StaffRole | str | None = None,
    second_step: bool = True,
    name: str = "",
    confirmed: bool = True,
    made_at: datetime = TODAY,
) -> Person:
    """Somebody with a confirmed account. `second_step` is for whoever adds a real second factor here; `sign_in` says whether it was shown."""
    _ = second_step
    person = Person(
        email=email.lower(),
        name=name,
        desk=StaffRole(desk) if desk else None,
        made_at=made_at,
        confirmed_at=made_at if confirmed else None,
    )
    session.add(person)
    session.flush()
    return person


def an_organisation(
    session: Session, name: str, *, made_at: datetime = TODAY, **roles: Person | Iterable[Person]
) -> Organisation:
    """An organisation and who does what in it: `an_organisation(session, "Fen Edge", manager=ann, respondent=[ann, bob])`."""
    organisation = Organisation(name=name, made_at=made_at)
    session.add(organisation)
    session.flush()
    for role, who in roles.items():
        for person in [who] if isinstance(who, Person) else who:
            session.add(
                Membership(organisation_id=organisation.id, person_id=person.id, role=Role(role), made_at=made_at)
            )
    session.flush()
    return organisation


def a_browser_of(person: Person, now: datetime, *, second_step: bool = True) -> tuple[LoginSession, str]:
    """The row of a browser in which somebody has just proven who they are, and what that browser shows for it."""
    token = new_token()
    row = LoginSession(
        token_hash=hash_token(token),
        person_id=person.id,
        browser="Firefox on Windows",
        second_step=second_step,
        made_at=now,
        used_at=now,
        proven_at=now,
        until=now + LASTS,
    )
    return row, token


def sign_in(who: FlaskClient | Visitor, app: Flask, person: Person, *, second_step: bool = True) -> LoginSession:
    """Have this browser be signed in as this person, who has just proven who they are. The row is committed."""
    client = who.client if isinstance(who, Visitor) else who
    clock = app.config.get("CLOCK", lambda: datetime.now(UTC))
    row, token = a_browser_of(person, clock(), second_step=second_step)
    with database_of(app).writing() as session:
        session.add(row)
    client.set_cookie(cookie_name(LOGIN_COOKIE, secure=bool(app.config["SESSION_COOKIE_SECURE"])), token)
    return row


def confirm_name(
    organisation: Organisation, *domains: str, until: date = date(2099, 1, 1), lifted: bool = True
) -> None:
    """Have the name be confirmed, as if an administrator had done so long ago."""
    organisation.name_state, organisation.name_how = NameState.CONFIRMED, ConfirmationMethod.CALLED_BACK
    organisation.name_by, organisation.name_domains = "Eastshire Anti-Slavery Network", " ".join(domains)
    organisation.name_since, organisation.name_until = date(2026, 1, 5), until
    organisation.name_lifted = lifted


def asks_for_proof(answer: TestResponse) -> bool:
    """Whether somebody is sent to prove who they are; what they typed is kept on a page that leads there."""
    if answer.status_code == 303:
        return str(answer.headers["Location"]).startswith("/prove?")
    return answer.status_code == 403 and "Prove that it is you" in answer.get_data(as_text=True)
