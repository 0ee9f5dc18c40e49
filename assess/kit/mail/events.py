"""What sending mail asks and publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.events import Event, Veto
from assess.kit.mail.models import Outgoing


@dataclass(frozen=True, slots=True)
class MailMayLeave(Veto):
    """Whether a mail is still wanted. It is asked right before each try to send, while no transaction is open."""

    database: Database
    settings: Settings
    mail: Outgoing
    now: datetime


@dataclass(frozen=True, slots=True)
class MailRefused(Event):
    """A mail server refused a mail for good. `mail_event` names the mail, as `Outgoing.event` does."""

    settings: Settings
    mail_event: str
    now: datetime
