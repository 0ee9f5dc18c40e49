"""A buyer with a dozen suppliers in every state, shared through real copies: what the picture and the summary are drawn from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assess.people.models import Organisation
from assess.plans.shares.scopes import Scope
from assess.suppliers.following import decline, note_opened
from assess.suppliers.models import Decline, Size, Supplier
from tests.conftest import TODAY
from tests.plans.records import a_record, scenario
from tests.suppliers.makers import a_supplier, invited, shared

URGENT = {"core_documents": "employer"}
"""An answer with an urgent sign."""
Record = dict[str, Any]


def urgent() -> Record:
    """A farm that was shown urgent advice."""
    return a_record(change=URGENT)


def not_rated() -> Record:
    """The same farm, had it answered too little to be rated."""
    return banded("farming", "not_rated")


def banded(bank: str, band: str) -> Record:
    """An ordinary business of this kind with this band, and no urgent advice."""
    record = scenario(bank, f"{bank} medium")
    record["result"]["band"] = band
    return record


def fill(session: Session, council: Organisation, *, odd: Callable[[], Record] = not_rated) -> list[Supplier]:
    """Farms, car washes and a pub. `odd`: the record of the one copy that shows no band."""
    found: list[Supplier] = []

    def supplier(name: str, **details: Any) -> Supplier:
        found.append(a_supplier(session, council, name, **details))
        return found[-1]

    for number, level in enumerate(("low", "medium", "medium", "critical")):
        one = supplier(f"Farm {number}", sector="farming", size=Size.MICRO, spend_gbp=5_000 * (number + 1))
        shared(session, invited(session, one), record=banded("farming", level), scope=Scope.PLAN)
    for number, level in enumerate(("low", "medium", "critical")):
        one = supplier(f"Wash {number}", sector="car_washes", size=Size.LARGE, phone="01553 123456")
        shared(session, invited(session, one), record=banded("car_washes", level))
    pub = supplier("The Pub", sector="hospitality", size=Size.LARGE, spend_gbp=800_000)
    shared(session, invited(session, pub), record=banded("hospitality", "medium"))
    strange = supplier("Odd farm", sector="farming", size=Size.SMALL)
    shared(session, invited(session, strange), record=odd(), scope=Scope.PLAN)
    late = supplier("Late farm", sector="farming", size=Size.SMALL)
    note_opened(session, invited(session, late, due=date(2026, 10, 1)), TODAY - timedelta(days=60))
    no = supplier("No, thanks", size=Size.MICRO)
    decline(session, invited(session, no), Decline.RATHER_NOT, TODAY)
    supplier("Never asked")
    return found
