from __future__ import annotations

import uuid

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.people.models import Role
from assess.people.organisations.models import Invitation
from tests.conftest import TODAY
from tests.people.persons import an_organisation

pytestmark = pytest.mark.both_databases


def test_an_address_has_one_invitation_in_one_organisation(session: Session) -> None:
    farm = an_organisation(session, "Farm")
    for _ in range(2):
        session.add(
            Invitation(organisation_id=farm.id, email="k@f.example", roles="signer", made_at=TODAY, until=TODAY)
        )
    with pytest.raises(IntegrityError):
        session.flush()


def test_it_gives_what_it_says() -> None:
    one = Invitation(id=uuid.UUID(int=3), roles=" ".join(Role))
    assert one.as_roles == set(Role)
    assert len(one.roles) <= 80
    assert one.event == f"invitation {uuid.UUID(int=3)}"
