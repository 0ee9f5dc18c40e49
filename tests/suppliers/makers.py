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

from assess.assessments.answering import start
from assess.assessments.models import Submission
from assess.assessments.submitting import submit
from assess.banks.editions import latest
from assess.kit.config import Settings
from assess.people.models import Organisation, Person
from assess.plans.shares.granting import give_to_buyer
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.suppliers.following import note_opened, note_started
from assess.suppliers.inviting import Ask, invite
from assess.suppliers.keeping import Details, add
from assess.suppliers.models import Supplier, SupplierInvitation
from tests.conftest import TODAY
from tests.people.persons import an_organisation, confirm_name
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
    """One on the list of this buyer; `details` as in `Details`."""
    return add(session, buyer.id, Details(name, **details), now, by=None)[0]


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
    ask = Ask(supplier.sector or "farming", quick=False, due=due, message="", send_on=now.date())
    return invite(session, supplier, ask, settings, now, by=by)


def answered(
    session: Session, invitation: SupplierInvitation, *, record: dict[str, Any] | None = None, now: datetime = TODAY
) -> Submission:
    """It began from the invitation and submitted this record; by itself that of an ordinary farm."""
    made = record or scenario()
    edition = latest(session, made["edition"]["bank"])
    note_opened(session, invitation, now)
    found = start(session, edition.id, quick=made["quick"], now=now)
    note_started(session, invitation, found.id, now)
    return submit(session, found.id, lambda _said: made, now)


def shared(
    session: Session,
    invitation: SupplierInvitation,
    *,
    record: dict[str, Any] | None = None,
    scope: Scope = Scope.BUYER_COPY,
    days: int = 365,
    now: datetime = TODAY,
) -> ShareGrant:
    """It answered and shared with the buyer that asked."""
    submission = answered(session, invitation, record=record, now=now)
    return give_to_buyer(session, submission, invitation, scope, days, now)


def later(days: int) -> datetime:
    """Some days after the day of the tests."""
    return TODAY + timedelta(days=days)
