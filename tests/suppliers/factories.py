"""A buyer with suppliers, each in the state a test needs: made in a line, without pages or mail.

with database.writing() as session:
    council = a_buyer(session, "The Council")
    farm = a_supplier(session, council, "Fen Edge Growers", sector="farming")
    shared(session, invited(session, farm), scope=Scope.PLAN)
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.services import start_assessment
from assess.assessments.submissions import submit_assessment
from assess.core.config import Settings
from assess.identity.models import Organisation, Person
from assess.question_banks.editions import current_edition
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import share_with_buyer
from assess.suppliers.models import Supplier, SupplierInvitation
from assess.suppliers.services import (
    InvitationDetails,
    SupplierDetails,
    add_supplier,
    invite_supplier,
    mark_opened,
    mark_started,
)
from tests.conftest import TODAY
from tests.identity.accounts_factory import an_organisation, confirm_name
from tests.plans.records import scenario

DUE = date(2026, 12, 24)
SETTINGS = Settings(env="development")


def a_buyer(session: Session, name: str, *, buyer: Person | None = None) -> Organisation:
    """An organisation with a confirmed name, and who buys for it."""
    made = an_organisation(session, name, **({"buyer": buyer} if buyer else {}))
    confirm_name(made)
    session.flush()
    return made


def a_supplier(session: Session, buyer: Organisation, name: str, *, now: datetime = TODAY, **details: Any) -> Supplier:
    """One on the list of this buyer; `details` as in `SupplierDetails`."""
    return add_supplier(session, buyer.id, SupplierDetails(name, **details), now, by=None)[0]


def invited(
    session: Session,
    supplier: Supplier,
    *,
    now: datetime = TODAY,
    due: date = DUE,
    settings: Settings = SETTINGS,
    by: uuid.UUID | None = None,
) -> SupplierInvitation:
    """It was asked for the full form of its sector, or of farming."""
    ask = InvitationDetails(supplier.sector or "farming", quick=False, due=due, message="", send_on=now.date())
    return invite_supplier(session, supplier, ask, settings, now, by=by)


def answered(
    session: Session, invitation: SupplierInvitation, *, record: dict[str, Any] | None = None, now: datetime = TODAY
) -> Submission:
    """It began from the invitation and submitted this record; by itself that of an ordinary farm."""
    made = record or scenario()
    edition = current_edition(session, made["edition"]["bank"])
    mark_opened(session, invitation, now)
    found = start_assessment(session, edition.id, quick=made["quick"], now=now)
    mark_started(session, invitation, found.id, now)
    return submit_assessment(session, found.id, lambda _said: made, now)


def shared(
    session: Session,
    invitation: SupplierInvitation,
    *,
    record: dict[str, Any] | None = None,
    scope: ShareScope = ShareScope.BUYER_COPY,
    days: int = 365,
    now: datetime = TODAY,
) -> ShareGrant:
    """It answered and shared with the buyer that asked."""
    submission = answered(session, invitation, record=record, now=now)
    return share_with_buyer(session, submission, invitation, scope, days, now)


def later(days: int) -> datetime:
    """Some days after the day of the tests."""
    return TODAY + timedelta(days=days)
