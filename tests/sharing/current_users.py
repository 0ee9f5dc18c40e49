"""Somebody signed in, as a service function takes them, without a request."""

from __future__ import annotations

import uuid
from typing import Any

from assess.identity.current_user import CurrentUser
from assess.identity.models import Person, Role
from tests.conftest import TODAY


def caller_of(person: Person, *buys_for: Any) -> CurrentUser:
    return CurrentUser(
        id=person.id,
        email=person.email,
        name=person.name,
        staff_role=person.desk,
        roles={organisation: frozenset({Role.BUYER}) for organisation in buys_for},
        signed_in_id=uuid.uuid4(),
        second_step=True,
        proven_at=TODAY,
    )
