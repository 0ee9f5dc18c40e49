"""Sharing and saying no at one moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.plans.asked import views_sharing
from assess.plans.asked.standing import asked_of
from assess.suppliers.following import decline
from assess.suppliers.models import Decline, Status, SupplierInvitation
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of
from tests.plans.asked.conftest import Farm

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_no_at_the_very_moment_of_sharing_leaves_one_of_the_two(
    app: Flask, visit: Visitor, farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: there the one waits for the other."""
    visit(f"{farm.asked}/{farm.invitation_id}/look?scope=plan&days=30")

    def asked_and_told_no(session: Session, *of: uuid.UUID) -> SupplierInvitation | None:
        found = asked_of(session, *of)
        with database_of(app).writing() as other:
            decline(other, other.get_one(SupplierInvitation, farm.invitation_id), Decline.RATHER_NOT, TODAY)
        return found

    # the page reads it first for whoever may look; the second time is the one that shares
    calls: list[Callable[..., SupplierInvitation | None]] = [asked_and_told_no, asked_of]

    def in_turn(session: Session, *of: uuid.UUID) -> SupplierInvitation | None:
        return calls.pop()(session, *of)

    monkeypatch.setattr(views_sharing, "asked_of", in_turn)
    assert visit.send().status == 200
    with database_of(app).reading() as look:
        stands = look.get_one(SupplierInvitation, farm.invitation_id)
        assert (stands.status, stands.decline, stands.declined_at) == (Status.SHARED, None, None)
