"""A farm that was asked, and the link in its letter, read out of the outbox."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.models import OutgoingMail
from assess.suppliers.models import SupplierInvitation
from tests.assessments.conftest import begin, identify  # noqa: F401  # fixtures of the tests below
from tests.identity.accounts_factory import database_of
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import a_buyer, a_supplier, invited

FARM = "Fen Edge Growers"
ADDRESS = "office@fenedge.example"


@dataclass(frozen=True)
class Asked:
    """One invitation: its id, and the paths of the two links of its letter."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    link: str
    stop: str

    @property
    def here(self) -> str:
        return f"/supplier-invitations/answer/{self.id}"

    def now(self, app: Flask) -> SupplierInvitation:
        """How it stands now."""
        with database_of(app).reading() as session:
            return session.get_one(SupplierInvitation, self.id)


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def ask(session: Session, settings: Settings, buyer: str = "The Council", name: str = FARM) -> Asked:
    """This buyer asks the farm."""
    farm = a_supplier(session, a_buyer(session, buyer), name, sector="farming", email=ADDRESS)
    invitation = invited(session, farm, settings=settings)
    body = session.scalars(select(OutgoingMail.body).where(OutgoingMail.event.startswith(invitation.events))).one()
    stop, link = (
        re.findall(rf"http\S+({way}/[\w-]{{43}})\s", body)[0]
        for way in ("/supplier-invitations/unsubscribe", "/supplier-invitations")
    )
    return Asked(invitation.id, farm.id, link, stop)


@pytest.fixture
def asked(app: Flask, settings: Settings) -> Asked:
    with database_of(app).writing() as session:
        return ask(session, settings)


@pytest.fixture
def asking(app: Flask, settings: Settings) -> Callable[[str], Asked]:
    """Have another buyer ask the same farm."""

    def make(buyer: str) -> Asked:
        with database_of(app).writing() as session:
            return ask(session, settings, buyer)

    return make
