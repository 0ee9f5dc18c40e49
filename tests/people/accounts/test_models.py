from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.people.accounts import code_apps, recovery
from assess.people.accounts.models import CodeApp, Guesses, Passkey, RecoveryCode
from assess.people.accounts.people import make_person
from tests.conftest import TODAY

pytestmark = pytest.mark.both_databases


def test_everything_of_a_person_goes_with_the_person(database: Database) -> None:
    with database.writing() as session:
        jo = make_person(session, "jo@farm.example", TODAY)
        code_apps.set_up(session, jo.id, "k" * 32, TODAY)
        recovery.renew(session, jo.id, TODAY)
        session.add(
            Passkey(
                person_id=jo.id, credential_id="abc", public_key=b"k", sign_count=2**32 - 1, name="x", made_at=TODAY
            )
        )
        session.add(Guesses(key="k", moments={"at": []}, until=TODAY))
        session.flush()
        session.delete(jo)
        session.flush()
        for table in (CodeApp, RecoveryCode, Passkey):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(func.count()).select_from(Guesses)) == 1
