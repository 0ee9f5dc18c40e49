"""Somebody signed in, as a service function takes them, without a request."""

from __future__ import annotations

import uuid
from typing import Any

from assess.people.caller import Caller
from assess.people.models import Person, Role
from tests.conftest import TODAY


def caller_of(person: Person, *buys_for: Any) -> Caller:
    return Caller(
        id=person.id,
        email=person.email,
        name=person.name,
        desk=person.desk,
        roles={organisation: frozenset({Role.BUYER}) for organisation in buys_for},
        signed_in_id=uuid.uuid4(),
        second_step=True,
        proven_at=TODAY,
    )
