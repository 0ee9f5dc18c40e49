"""What the business of the table of access has as a buyer, and what a buyer asked of it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from assess.people.models import Organisation, Person
from assess.plans.shares.granting import Recipient, accept, give
from assess.plans.shares.scopes import Scope
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.models import BulkAct, Kind, SavedFilter
from assess.portfolio.files.models import FileKind
from assess.portfolio.files.ordering import order_sheet
from assess.suppliers.contracts.keeping import By
from assess.suppliers.contracts.keeping import add as add_contract
from assess.suppliers.contracts.models import Regime
from assess.suppliers.following import note_started
from assess.suppliers.importing.checking import CheckedRow
from assess.suppliers.importing.keeping import Wishes, store
from assess.suppliers.inviting import Ask, invite
from assess.suppliers.keeping import Details
from assess.suppliers.letters import new_link
from assess.suppliers.models import Because, LetterCorrection, LetterPause, Supplier, SupplierLetter
from assess.suppliers.other_results.keeping import Said, tell
from assess.suppliers.other_results.models import Interviews, Scheme
from assess.suppliers.other_results.models import Scope as OfResult
from tests.conftest import TODAY
from tests.plans.shares.callers import caller_of
from tests.suppliers.makers import a_supplier

WHAT = Ask("farming", quick=False, due=date(2026, 12, 24), message="", send_on=TODAY.date())
SETTINGS = Settings(env="development")


def buying(session: Session, farm: Organisation, buyer: Person, elsewhere: Submission) -> dict[str, Any]:
    """One of everything that the business keeps as a buyer. Returns the parts of addresses."""
    supplier = a_supplier(session, farm, "Packaging Ltd")
    invitation = invite(session, supplier, WHAT, SETTINGS, TODAY, by=None)
    said = Said(Scheme.MSAT, TODAY.date(), OfResult.WHOLE, Interviews.NO)
    title = {"title": "Boxes", "regime": Regime.OWN}
    act = BulkAct(buyer_id=farm.id, by_person=buyer.id, kind=Kind.TAKE_OFF, made_at=TODAY, ended_at=TODAY)
    saved = SavedFilter(buyer_id=farm.id, person_id=buyer.id, name="Late", query="late=yes", made_at=TODAY)
    session.add_all([act, saved])
    session.flush()
    return {
        "supplier_id": supplier.id,
        "contract_id": add_contract(session, supplier, title, TODAY, by=By(None, "Ann")).id,
        "part": "details",
        "result_id": tell(session, invitation, said, TODAY).id,
        "act_id": act.id,
        "filter_id": saved.id,
        "unlisted_id": _unlisted(session, farm, buyer, elsewhere),
        "file_id": order_sheet(session, farm.id, FileKind.CSV, Filter(), TODAY, by=None).id,
        "import_id": _imported(session, farm),
    }


def asked(session: Session, council: Organisation, answer: Submission) -> tuple[dict[str, Any], str]:
    """What a buyer asked of the business, which answers it: the parts of addresses, and the address in the letter."""
    supplier: Supplier = a_supplier(session, council, "A Farm")
    invitation = invite(session, supplier, WHAT, SETTINGS, TODAY, by=None)
    note_started(session, invitation, answer.assessment_id, TODAY)
    told = tell(session, invitation, Said(Scheme.MSAT, TODAY.date(), OfResult.WHOLE, Interviews.NO), TODAY)
    ours = {"asked_id": invitation.id, "asked_result_id": told.id}
    return ours, new_link(session, invitation, "", TODAY)


def on_hold(session: Session, council: Organisation) -> dict[str, Any]:
    """Letters of a buyer that are on hold, and those of another one that is gone and whose name was taken back."""
    pause = LetterPause(buyer_id=council.id, because=Because.NOT_KNOWN, at=TODAY)
    correction = LetterCorrection(buyer_id=uuid.uuid4(), drafted_at=TODAY)
    letter = SupplierLetter(
        number="ABCDEFGH23",
        event="letter of a buyer that is gone",
        buyer_id=correction.buyer_id,
        buyer="Quillfeather",
        mark="m" * 64,
        domain="dairy.example",
        address="a@dairy.example",
        made_at=TODAY,
    )
    mail = Outgoing(
        event=letter.event, to_address=letter.address, subject="S", body="B", stop="", made_at=TODAY, sent_at=TODAY
    )
    session.add_all([pause, correction, letter, mail])
    session.flush()
    return {"pause_id": pause.id, "correction_id": correction.id}


def _unlisted(session: Session, farm: Organisation, buyer: Person, elsewhere: Submission) -> uuid.UUID:
    given = give(session, elsewhere, Recipient.typed(buyer.email, "Quillfeather"), Scope.BUYER_COPY, 30, TODAY)
    accept(session, given.token, caller_of(buyer, farm.id), TODAY, organisation_id=farm.id)
    return given.grant.id


def _imported(session: Session, farm: Organisation) -> uuid.UUID:
    wishes = Wishes(asks=False, sector=None, quick=True, due=None, message="", in_busy_season=False)
    row = CheckedRow(2, {}, Details("A Dairy"), None, ())
    told: dict[str, Any] = {"unknown": [], "notes": 0}
    return store(session, farm.id, f"{farm.name}.csv", [row], wishes, told, TODAY, by=None).id
