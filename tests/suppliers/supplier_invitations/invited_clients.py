"""A browser that opened the letter of a buyer, as its landing page lets it in."""

from __future__ import annotations

import uuid

from flask import Flask

from assess.core.security import GUEST_COOKIE, cookie_name
from assess.suppliers.models import SupplierInvitation
from assess.suppliers.supplier_invitations import open_invitation
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import database_of
from tests.suppliers.factories import a_buyer, a_supplier, invited


def asked_by(app: Flask, buyer: str, visitor: Visitor | None) -> uuid.UUID:
    """The invitation of a new buyer to a farm; this visitor opened its link, if there is one."""
    with database_of(app).writing() as session:
        invitation = invited(session, a_supplier(session, a_buyer(session, buyer), "Fen Edge Growers"))
        if visitor is not None:
            lets_in(app, visitor, open_invitation(session, invitation, TODAY))
        return invitation.id


def lets_in(app: Flask, visitor: Visitor, token: str) -> None:
    """Give this browser the cookie of a visit."""
    visitor.client.set_cookie(cookie_name(GUEST_COOKIE, secure=bool(app.config["SESSION_COOKIE_SECURE"])), token)


def status_of(app: Flask, invitation_id: uuid.UUID) -> str:
    """How far it stands."""
    with database_of(app).reading() as session:
        return session.get_one(SupplierInvitation, invitation_id).status.value
