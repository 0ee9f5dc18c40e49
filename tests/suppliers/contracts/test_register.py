from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from assess.suppliers.contracts.keeping import By, add, decide
from assess.suppliers.contracts.models import Asks, Regime
from assess.suppliers.contracts.register import Wanted, asked_too_little, find, wanted_from, whole
from assess.suppliers.keeping import archive
from assess.suppliers.models import Status, Supplier, Tier
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited

ANN = By(None, "Ann")


def contract(session: Session, supplier: Supplier, tier: Tier | None, asks: Asks = Asks.FULL) -> None:
    made = add(session, supplier, {"title": "Potatoes", "regime": Regime.OWN}, TODAY, by=ANN)
    if tier:
        said = {"tier": tier, "tier_reason": "x", "asks": asks, "asks_reason": ""}
        decide(session, made.id, said, tier, 1, TODAY, by=ANN)


@pytest.mark.parametrize(
    ("asks", "asked", "status", "gap"),
    [
        (Asks.FULL, Asks.NOTHING, Status.NOT_ASKED, "not asked"),
        (Asks.FULL, Asks.QUICK, Status.INVITED, "quick only"),
        (Asks.FULL, Asks.FULL, Status.INVITED, ""),
        (Asks.FULL, Asks.QUICK, Status.OTHER_RESULT, ""),
        (Asks.QUICK, Asks.QUICK, Status.DECLINED, ""),
        (Asks.QUICK, Asks.NOTHING, Status.NOT_ASKED, "not asked"),
        (Asks.NOTHING, Asks.NOTHING, Status.NOT_ASKED, ""),
    ],
)
def test_who_was_asked_for_less_than_the_tier_asks(
    session: Session, asks: Asks, asked: Asks, status: Status, gap: str
) -> None:
    council = a_buyer(session, "Council")
    farm = a_supplier(session, council, "Fen Edge")
    contract(session, farm, Tier.HIGH, asks)
    if asked is not Asks.NOTHING:
        invitation = invited(session, farm)
        invitation.quick, invitation.status = asked is Asks.QUICK, status
        session.flush()
    gaps = asked_too_little(session, council.id)
    said = [(one.supplier, one.tier, "quick only" if one.quick else "not asked") for one in gaps]
    assert said == ([(farm, Tier.HIGH, gap)] if gap else [])


def test_entries_put_together_count_as_one_and_archived_ones_not_at_all(session: Session) -> None:
    council = a_buyer(session, "Council")
    farm, twin, gone = (a_supplier(session, council, name) for name in ("Fen Edge", "Fen Edge Ltd", "Old Farm"))
    contract(session, twin, Tier.MEDIUM, Asks.QUICK)
    contract(session, farm, None)
    contract(session, gone, Tier.HIGH)
    archive(session, gone, TODAY, by=None)
    twin.merged_into = farm.id
    session.flush()
    assert [(gap.supplier, gap.tier) for gap in asked_too_little(session, council.id)] == [(farm, Tier.MEDIUM)]
    invited(session, farm)
    assert asked_too_little(session, council.id) == []


def test_a_buyer_finds_its_own_alone(session: Session) -> None:
    council, shop = a_buyer(session, "Council"), a_buyer(session, "Shop")
    contract(session, a_supplier(session, council, "Fen Edge"), Tier.HIGH)
    contract(session, a_supplier(session, shop, "Fen Edge"), None)
    assert find(session, council.id, Wanted(), TODAY.date()).count == 1
    assert [entry[0].tier for entry in whole(session, shop.id)] == [None]
    assert len(asked_too_little(session, council.id)) == 1
    assert asked_too_little(session, shop.id) == []


def test_an_address_that_says_something_unknown_leaves_nothing_out() -> None:
    assert wanted_from("x", "y", "z", "٢") == Wanted()
    assert wanted_from("none", "own", "due", "3") == Wanted("none", "own", review=True, page=3)
    assert wanted_from("", "", "", "9" * 30) == Wanted()
