from __future__ import annotations

from sqlalchemy import func, select

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.mail.models import Outgoing
from assess.suppliers.chasing import remind_now
from assess.suppliers.following import decline
from assess.suppliers.models import Decline, InvitationLink, SupplierEvent, What
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, later

MAILS = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="reminders@network.example")


def test_a_reminder_goes_once_a_day_to_whoever_has_something_left_to_do(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge", email="jo@farm.example")
        assert not remind_now(session, farm.id, MAILS, TODAY, by=None)
        invitation = invited(session, farm, settings=MAILS)
        links = session.scalar(select(func.count()).select_from(InvitationLink)) or 0
        assert remind_now(session, farm.id, MAILS, TODAY, by=None)
        assert not remind_now(session, farm.id, MAILS, TODAY, by=None)
        assert session.scalar(select(func.count()).select_from(InvitationLink)) == links + 2
        assert remind_now(session, farm.id, MAILS, later(1), by=None)
        decline(session, invitation, Decline.NO_TIME_NOW, later(1))
        assert not remind_now(session, farm.id, MAILS, later(2), by=None)
        said = session.scalars(select(SupplierEvent.what).where(SupplierEvent.what == What.REMINDED)).all()
        assert len(said) == 2
        assert session.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.event.contains(" now "))) == 2
