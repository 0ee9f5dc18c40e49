from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete as delete_rows
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.portfolio import reckoning
from assess.portfolio.models import Standing
from assess.suppliers.contracts import keeping
from assess.suppliers.contracts.keeping import (
    By,
    ChangedMeanwhileError,
    TooManyContractsError,
    add,
    change,
    contracts_of,
    decide,
    delete,
    highest_tier,
    history_of,
    taken_off,
)
from assess.suppliers.contracts.models import Asks, Contract, ContractEvent, Done, Regime
from assess.suppliers.models import Supplier, Tier, What
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.suppliers.makers import a_buyer, a_supplier, later

pytestmark = pytest.mark.both_databases

assert reckoning  # it hears of changes once it is read
ANN, BOB = By(None, "Ann"), By(None, "Bob")


def a_contract(session: Session, title: str = "Potatoes", **said: Any) -> Contract:
    supplier = session.scalars(select(Supplier)).first() or a_supplier(session, a_buyer(session, "Council"), "Fen Edge")
    return add(session, supplier, {"title": title, "regime": Regime.OWN, **said}, TODAY, by=ANN)


def decided(session: Session, contract: Contract, tier: Tier, *, seen: int | None = None, by: By = ANN) -> Contract:
    said = {"tier": tier, "tier_reason": f"{by.name} said so", "asks": Asks.FULL, "asks_reason": ""}
    return decide(session, contract.id, said, Tier.MEDIUM, seen or contract.revision, later(1), by=by)


def test_everything_is_kept_with_who_when_before_and_after(session: Session) -> None:
    ann = a_person(session, "ann@council.example")
    contract = a_contract(session, starts=date(2026, 4, 1))
    change(session, contract.id, {"title": "Spuds", "starts": None}, 1, later(1), by=By(ann.id, "Ann Lee"))
    change(session, contract.id, {"title": "Spuds"}, 2, later(2), by=BOB)  # the same again
    first, second = reversed(history_of(session, contract))
    assert (first.what, first.after) == (Done.ENTERED, {"title": "Potatoes", "regime": "own", "starts": "2026-04-01"})
    assert (second.by_person, second.by_name, second.at) == (ann.id, "Ann Lee", later(1))
    assert second.before == {"title": "Potatoes", "starts": "2026-04-01"}
    assert second.after == {"title": "Spuds", "starts": None}
    entries = [entry for entry in trail_of(session, [contract.supplier_id]) if entry.what is What.CONTRACT]
    assert [entry.details["done"] for entry in entries] == ["entered", "changed"]
    session.delete(ann)
    session.flush()
    session.expire_all()
    latest = history_of(session, contract)[0]
    assert (latest.by_person, latest.by_name) == (None, "Ann Lee")


def test_the_history_cannot_be_changed_or_removed_alone_and_goes_with_the_supplier(database: Database) -> None:
    with database.writing() as session:
        contract = a_contract(session)
        supplier_id = contract.supplier_id
    for statement in (
        text("UPDATE contract_event SET by_name = 'Somebody else'"),
        text("""UPDATE contract_event SET "after" = '{}'"""),
        update(ContractEvent).values(title="Another"),
        delete_rows(ContractEvent),
    ):
        with pytest.raises(DBAPIError, match="stays as it is"), database.writing() as session:
            session.execute(statement)
    with database.writing() as session:
        session.delete(session.get_one(Supplier, supplier_id))
        session.flush()
        assert session.scalars(select(ContractEvent)).all() == []
        assert session.scalars(select(Contract)).all() == []


def test_what_is_deleted_leaves_the_register_and_stays_in_the_history(session: Session) -> None:
    contract = decided(session, a_contract(session), Tier.HIGH)
    supplier_id = contract.supplier_id
    delete(session, contract, later(2), by=BOB)
    assert contracts_of(session, [supplier_id]) == []
    gone = taken_off(session, [supplier_id])[0]
    assert (gone.title, gone.by_name, gone.before["tier"]) == ("Potatoes", "Bob", "high")
    assert len(session.scalars(select(ContractEvent)).all()) == 3


def test_whoever_comes_second_is_told_of_the_same_and_not_of_the_rest(session: Session) -> None:
    contract = a_contract(session, levels={"industry": "low"})
    change(session, contract.id, {"title": "Bob’s", "levels": {"industry": "high"}}, 1, later(1), by=BOB)
    both = change(session, contract.id, {"title": "Potatoes", "reference": "C-1"}, 1, later(2), by=ANN)
    assert (both.title, both.reference, both.revision) == ("Bob’s", "C-1", 3)
    said = {"title": "Ann’s", "levels": {"industry": "low", "location": "high"}}
    with pytest.raises(ChangedMeanwhileError) as told:
        change(session, contract.id, said, 1, later(3), by=ANN)
    assert dict(told.value.theirs) == {"title": "Bob’s"}
    assert told.value.mine["levels"] == {"industry": "high", "location": "high"}
    assert session.get_one(Contract, contract.id).title == "Bob’s"
    assert change(session, contract.id, told.value.mine, told.value.revision, later(4), by=ANN).title == "Ann’s"


def test_a_decision_is_never_put_together_from_two(session: Session) -> None:
    contract = a_contract(session)
    decided(session, contract, Tier.HIGH, by=BOB)
    with pytest.raises(ChangedMeanwhileError) as told:
        decided(session, contract, Tier.MEDIUM, seen=1)
    assert told.value.theirs["tier_reason"] == "Bob said so"
    again = decided(session, contract, Tier.MEDIUM, seen=told.value.revision)
    assert (again.tier, again.decided_by, again.proposed, again.decided_at) == (
        Tier.MEDIUM,
        "Ann",
        Tier.MEDIUM,
        later(1),
    )


def test_the_board_has_the_highest_tier_of_all_contracts(published: Database) -> None:
    with published.writing() as session:
        first, second = a_contract(session), a_contract(session, "Carrots")
        supplier_id = first.supplier_id
        assert highest_tier(session, [supplier_id]) is None
        decided(session, first, Tier.LOW)
        decided(session, second, Tier.HIGH)
        assert session.scalars(select(Standing.tier)).one() is Tier.HIGH
        delete(session, second, later(2), by=ANN)
        session.expire_all()
        assert session.scalars(select(Standing.tier)).one() is Tier.LOW
        assert highest_tier(session, [supplier_id]) is Tier.LOW


def test_a_register_is_full_at_its_limit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 1)
    a_contract(session)
    with pytest.raises(TooManyContractsError):
        a_contract(session, "Carrots")
