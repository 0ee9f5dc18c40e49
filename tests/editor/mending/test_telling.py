from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.editor.mending.models import Mend
from assess.editor.mending.telling import tell_of_mend
from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from tests.conftest import TODAY
from tests.people.persons import a_person

MAILS = Settings(env="development", mail_server="smtp://localhost", mail_from="desk@network.example")


def test_everybody_else_with_a_desk_hears_at_once_and_the_mail_says_no_link(session: Session) -> None:
    ann = a_person(session, "ann@desk.example", desk="coordinator")
    a_person(session, "ben@desk.example", desk="coordinator")
    a_person(session, "owner@farm.example")
    row = Mend(id=uuid.uuid4(), what="the link of “Acas”", after={"value": "https://www.acas.org.uk/advice"})
    tell_of_mend(session, row, ann.id, "/banks/mend", Settings(env="development"), TODAY)
    assert not session.scalars(select(Outgoing)).all()
    tell_of_mend(session, row, ann.id, "/banks/mend", MAILS, TODAY)
    (mail,) = session.scalars(select(Outgoing))
    assert mail.to_address == "ben@desk.example"
    assert "/banks/mend" in mail.body
    assert "acas.org.uk" not in mail.body
