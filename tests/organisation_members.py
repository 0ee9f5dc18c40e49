"""Somebody with an account and a role, signed in in a browser of a test, and an assessment that belongs to their organisation."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask import Flask

from assess.assessments.models import Assessment
from assess.core.db import database
from assess.core.links import hash_token, new_token
from assess.core.security import LOGIN_COOKIE
from assess.identity.models import LoginSession, Membership, Organisation, Person, Role
from tests.conftest import Visitor


def claim(app: Flask, assessment_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Have the assessment belong to a new organisation; returns the id of that."""
    with app.app_context(), database().writing() as session:
        organisation = Organisation(name="Fen Edge Growers Ltd", made_at=now)
        session.add(organisation)
        session.flush()
        session.get_one(Assessment, assessment_id).organisation_id = organisation.id
        return organisation.id


def sign_in(app: Flask, visitor: Visitor, organisation_id: uuid.UUID, role: Role, now: datetime) -> uuid.UUID:
    """Sign somebody new in who has this role there; returns the id of the person."""
    token = new_token()
    with app.app_context(), database().writing() as session:
        person = Person(email=f"{uuid.uuid4().hex}@fen.example", name="Kim", made_at=now, confirmed_at=now)
        session.add(person)
        session.flush()
        session.add(Membership(organisation_id=organisation_id, person_id=person.id, role=role, made_at=now))
        session.add(
            LoginSession(
                token_hash=hash_token(token),
                person_id=person.id,
                browser="Firefox",
                second_step=False,
                made_at=now,
                used_at=now,
                proven_at=now,
                until=now + timedelta(hours=12),
            )
        )
        made = person.id
    visitor.client.set_cookie(LOGIN_COOKIE, token)
    return made
