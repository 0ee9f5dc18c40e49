"""What the business of the table of access has as a buyer, and what a buyer asked of it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.core.config import Settings
from assess.core.models import OutgoingMail
from assess.identity.models import Organisation, Person
from assess.portfolio.board.columns import BoardFilter
from assess.portfolio.bulk_exports.services import order_spreadsheet
from assess.portfolio.models import BulkAction, BulkActionKind, FileKind, SavedFilter
from assess.sharing.models import ShareScope
from assess.sharing.services import ShareRecipient, accept_share_grant, create_share
from assess.suppliers.contracts import ChangedBy
from assess.suppliers.contracts import create_contract as add_contract
from assess.suppliers.emails import create_invitation_link
from assess.suppliers.external_results import ReportedResult, report_result
from assess.suppliers.models import (
    EmailCorrection,
    EmailPause,
    PauseReason,
    Regime,
    Scheme,
    Supplier,
    SupplierEmail,
    WorkerInterviews,
)
from assess.suppliers.models import ExternalResultScope as OfResult
from assess.suppliers.services import InvitationDetails, SupplierDetails, invite_supplier, mark_started
from assess.suppliers.supplier_import.services import ImportOptions, save_import
from assess.suppliers.supplier_import.validation import CheckedRow
from tests.conftest import TODAY
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_supplier

WHAT = InvitationDetails("farming", quick=False, due=date(2026, 12, 24), message="", send_on=TODAY.date())
SETTINGS = Settings(env="development")


def buying(session: Session, farm: Organisation, buyer: Person, elsewhere: Submission) -> dict[str, Any]:
    """One of everything that the business keeps as a buyer. Returns the parts of addresses."""
    supplier = a_supplier(session, farm, "Packaging Ltd")
    invitation = invite_supplier(session, supplier, WHAT, SETTINGS, TODAY, by=None)
    said = ReportedResult(Scheme.MSAT, TODAY.date(), OfResult.WHOLE, WorkerInterviews.NO)
    title = {"title": "Boxes", "regime": Regime.OWN}
    act = BulkAction(buyer_id=farm.id, by_person=buyer.id, kind=BulkActionKind.ARCHIVE, made_at=TODAY, ended_at=TODAY)
    saved = SavedFilter(buyer_id=farm.id, person_id=buyer.id, name="Late", query="late=yes", made_at=TODAY)
    session.add_all([act, saved])
    session.flush()
    return {
        "supplier_id": supplier.id,
        "contract_id": add_contract(session, supplier, title, TODAY, by=ChangedBy(None, "Ann")).id,
        "part": "details",
        "result_id": report_result(session, invitation, said, TODAY).id,
        "act_id": act.id,
        "filter_id": saved.id,
        "unlisted_id": _unlisted(session, farm, buyer, elsewhere),
        "file_id": order_spreadsheet(session, farm.id, FileKind.CSV, BoardFilter(), TODAY, by=None).id,
        "import_id": _imported(session, farm),
    }


def asked(session: Session, council: Organisation, answer: Submission) -> tuple[dict[str, Any], str]:
    """What a buyer asked of the business, which answers it: the parts of addresses, and the address in the letter."""
    supplier: Supplier = a_supplier(session, council, "A Farm")
    invitation = invite_supplier(session, supplier, WHAT, SETTINGS, TODAY, by=None)
    mark_started(session, invitation, answer.assessment_id, TODAY)
    told = report_result(
        session, invitation, ReportedResult(Scheme.MSAT, TODAY.date(), OfResult.WHOLE, WorkerInterviews.NO), TODAY
    )
    ours = {"asked_id": invitation.id, "asked_result_id": told.id}
    return ours, create_invitation_link(session, invitation, "", TODAY)


def on_hold(session: Session, council: Organisation) -> dict[str, Any]:
    """Letters of a buyer that are on hold, and those of another one that is gone and whose name was taken back."""
    pause = EmailPause(buyer_id=council.id, because=PauseReason.NOT_KNOWN, at=TODAY)
    correction = EmailCorrection(buyer_id=uuid.uuid4(), drafted_at=TODAY)
    letter = SupplierEmail(
        number="ABCDEFGH23",
        event="letter of a buyer that is gone",
        buyer_id=correction.buyer_id,
        buyer="Quillfeather",
        mark="m" * 64,
        domain="dairy.example",
        address="a@dairy.example",
        made_at=TODAY,
    )
    mail = OutgoingMail(
        event=letter.event, to_address=letter.address, subject="S", body="B", stop="", made_at=TODAY, sent_at=TODAY
    )
    session.add_all([pause, correction, letter, mail])
    session.flush()
    return {"pause_id": pause.id, "correction_id": correction.id}


def _unlisted(session: Session, farm: Organisation, buyer: Person, elsewhere: Submission) -> uuid.UUID:
    given = create_share(
        session, elsewhere, ShareRecipient(buyer.email, "Quillfeather"), ShareScope.BUYER_COPY, 30, TODAY
    )
    accept_share_grant(session, given.token, caller_of(buyer, farm.id), TODAY, organisation_id=farm.id)
    return given.grant.id


def _imported(session: Session, farm: Organisation) -> uuid.UUID:
    wishes = ImportOptions(asks=False, sector=None, quick=True, due=None, message="", in_busy_season=False)
    row = CheckedRow(2, {}, SupplierDetails("A Dairy"), None, ())
    told: dict[str, Any] = {"unknown": [], "notes": 0}
    return save_import(session, farm.id, f"{farm.name}.csv", [row], wishes, told, TODAY, by=None).id
