from __future__ import annotations

from assess.kit.config import Settings
from assess.people.models import Organisation
from assess.suppliers.importing.permitted import why_not
from tests.conftest import TODAY

MAILS = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="desk@norfolk.example")


def test_what_keeps_letters_from_going_is_said_with_what_to_do() -> None:
    unknown, known = Organisation(name="A", made_at=TODAY), Organisation(name="B", made_at=TODAY, confirmed_by="domain")
    assert why_not(known, MAILS) is None
    assert "Confirm your name" in str(why_not(unknown, MAILS))
    assert "set up mail" in str(why_not(known, Settings(env="development")))
