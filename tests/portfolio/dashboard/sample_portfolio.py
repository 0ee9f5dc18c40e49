"""A buyer with a dozen suppliers in every state: what the picture and the summary are drawn from.

The rows are set as the board would set them, for real copies take most of a second each; one real copy stands among them where it matters.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assess.identity.models import Organisation
from assess.portfolio.contact_first import fill_contact_score
from assess.portfolio.models import BoardBar, BoardDuty, BoardGoods, BoardRow
from assess.suppliers.models import InvitationStatus, RiskTier, Supplier, SupplierSize
from tests.conftest import TODAY
from tests.suppliers.factories import a_supplier

BARS = {
    "Pay and hours": 2,
    "Hiring and papers": 3,
    "Freedom, homes and treatment at work; Knowing the signs, speaking up and putting right": 1,
    "Running the business and those who supply it": 4,
}
"""As a copy has them, two groups in one bar."""


def stand(session: Session, supplier: Supplier, *, bars: dict[str, int] | None = None, **facts: Any) -> BoardRow:
    """Set the row of a supplier as if it were so, with its points."""
    session.flush()
    row = session.get_one(BoardRow, supplier.id)
    if "band" in facts:
        facts = {"status": InvitationStatus.SHARED, "shown_until": TODAY + timedelta(days=90), **facts}
        facts.setdefault("valid_until", date(2027, 11, 24))
        found = BARS if bars is None else bars
        session.add_all(
            BoardBar(supplier_id=supplier.id, buyer_id=supplier.buyer_id, name=name, level=step)
            for name, step in found.items()
        )
    for name, value in facts.items():
        setattr(row, name, value)
    fill_contact_score(session, row, TODAY, plan_shown=row.open_steps + row.done_steps > 0)
    session.flush()
    return row


def fill_world(session: Session, council: Organisation) -> list[Supplier]:
    """Farms, car washes and a pub."""
    found: list[Supplier] = []

    def supplier(name: str, **details: Any) -> Supplier:
        found.append(a_supplier(session, council, name, **details))
        return found[-1]

    for number, band in enumerate(("low", "medium", "medium", "high")):
        one = supplier(f"Farm {number}", sector="farming", size=SupplierSize.MICRO, spend_gbp=5_000 * (number + 1))
        stand(session, one, band=band, open_steps=3, done_steps=1, late_steps=int(band == "high"), tier=RiskTier.HIGH)
        session.add(
            BoardGoods(supplier_id=one.id, buyer_id=one.buyer_id, good="Garlic", country="China", risk_label="High")
        )
        session.add(
            BoardDuty(
                supplier_id=one.id,
                buyer_id=one.buyer_id,
                duty="uk_rtw",
                title="Check the right to work",
                done=number == 0,
            )
        )
    for number, band in enumerate(("low", "high", "high")):
        one = supplier(f"Wash {number}", sector="car_washes", size=SupplierSize.LARGE, phone="01553 123456")
        stand(session, one, band=band, valid_until=date(2026, 11, 1) if number == 1 else date(2027, 11, 24))
        session.add(
            BoardGoods(supplier_id=one.id, buyer_id=one.buyer_id, good="Gloves", country="Malaysia", risk_label="High")
        )
    pub = supplier("The Pub", sector="hospitality", size=SupplierSize.LARGE, spend_gbp=800_000)
    stand(session, pub, band="medium")
    session.add(
        BoardGoods(supplier_id=pub.id, buyer_id=pub.buyer_id, good="Garlic", country="China", risk_label="High")
    )
    session.add(
        BoardDuty(supplier_id=pub.id, buyer_id=pub.buyer_id, duty="few", title="A duty of one supplier", done=False)
    )
    late = supplier("Late farm", sector="farming", size=SupplierSize.SMALL)
    stand(session, late, status=InvitationStatus.OPENED, due=date(2026, 10, 1))
    stand(
        session,
        supplier("No, thanks", size=SupplierSize.MICRO),
        status=InvitationStatus.DECLINED,
        due=date(2026, 12, 1),
    )
    gone = supplier("Over by now", sector="farming", size=SupplierSize.SMALL)
    stand(session, gone, band="high", shown_until=TODAY - timedelta(hours=1))
    supplier("Never asked")
    session.flush()
    return found
