from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.people.models import Organisation
from assess.suppliers.importing.permitted import why_not
from assess.suppliers.models import Because, LetterPause
from tests.conftest import TODAY
from tests.people.persons import an_organisation, confirm_name

pytestmark = pytest.mark.both_databases

MAILS = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="desk@norfolk.example")


def test_what_keeps_letters_from_going_is_said_with_what_to_do(session: Session) -> None:
    unknown, known = an_organisation(session, "A"), an_organisation(session, "B")
    confirm_name(known)

    def why(buyer: Organisation, settings: Settings = MAILS) -> str | None:
        return why_not(session, buyer, settings, TODAY.date())

    assert why(known) is None
    assert "how to have it confirmed" in str(why(unknown))
    assert "set up mail" in str(why(known, Settings(env="development")))
    session.add(LetterPause(buyer_id=known.id, because=Because.REFUSED, at=TODAY))
    session.flush()
    assert "on hold" in str(why(known))
