from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from assess.suppliers.contracts.door import contract_or_404
from assess.suppliers.contracts.keeping import By, add
from assess.suppliers.contracts.models import Regime
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier


def test_a_contract_is_found_by_its_own_buyer_alone(session: Session) -> None:
    council, shop = a_buyer(session, "Council"), a_buyer(session, "Shop")
    farm = a_supplier(session, council, "Fen Edge")
    made = add(session, farm, {"title": "Potatoes", "regime": Regime.OWN}, TODAY, by=By(None, "Ann"))
    assert contract_or_404(session, council.id, made.id).supplier is farm
    for buyer_id, contract_id in ((shop.id, made.id), (council.id, uuid.uuid4())):
        with pytest.raises(NotFound):
            contract_or_404(session, buyer_id, contract_id)
