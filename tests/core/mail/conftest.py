"""An assessment to hang mail on, a mail server, and the settings that name it."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.mail.services import Mail, enqueue_mail
from assess.core.models import OutgoingMail
from tests.mail_servers import MailServer

CANARY = "canary.of.the.orchard@farm.example"


@pytest.fixture
def mail_settings(database_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return Settings(
        env="development",
        database_url=database_url,
        data_folder=tmp_path,
        mail_server=postbox.address,
        mail_from="desk@network.example",
    )


@pytest.fixture
def waiting(database: Database, begun: uuid.UUID, now: datetime) -> int:
    """The id of a mail that waits to be sent."""
    with database.writing() as session:
        assert enqueue_mail(session, a_mail(begun), now)
    with database.reading() as session:
        return session.scalars(select(OutgoingMail.id)).one()


def a_mail(about: uuid.UUID | None, event: str = "reminder:abc:2026-11-24", **changes: str) -> Mail:
    given = {
        "to": CANARY,
        "subject": "Your action plan: dates coming up",
        "text": "Hello,\n\n- 1 December: workers’ contracts\n",
        "stop": "https://assess.example.org/reminders/stop/" + "t" * 43,
    }
    return Mail(event=event, about=about, **{**given, **changes})
