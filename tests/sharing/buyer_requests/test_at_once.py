"""Sharing and saying no at one moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.sharing import views_buyer_requests
from assess.sharing.services import find_invitation
from assess.suppliers.models import DeclineReason, InvitationStatus, SupplierInvitation
from assess.suppliers.services import decline_invitation
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import database_of
from tests.sharing.buyer_requests.conftest import Farm

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_no_at_the_very_moment_of_sharing_leaves_one_of_the_two(
    app: Flask, visit: Visitor, farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: there the one waits for the other."""
    visit(f"{farm.asked}/{farm.invitation_id}/preview?scope=plan&days=30")

    def asked_and_told_no(session: Session, *of: uuid.UUID) -> SupplierInvitation | None:
        found = find_invitation(session, *of)
        with database_of(app).writing() as other:
            decline_invitation(
                other, other.get_one(SupplierInvitation, farm.invitation_id), DeclineReason.RATHER_NOT, TODAY
            )
        return found

    # the page reads it first for whoever may look; the second time is the one that shares
    calls: list[Callable[..., SupplierInvitation | None]] = [asked_and_told_no, find_invitation]

    def in_turn(session: Session, *of: uuid.UUID) -> SupplierInvitation | None:
        return calls.pop()(session, *of)

    monkeypatch.setattr(views_buyer_requests, "find_invitation", in_turn)
    assert visit.send().status == 200
    with database_of(app).reading() as reader:
        stands = reader.get_one(SupplierInvitation, farm.invitation_id)
        assert (stands.status, stands.decline, stands.declined_at) == (InvitationStatus.SHARED, None, None)
