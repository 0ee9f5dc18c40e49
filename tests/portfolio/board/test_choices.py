from __future__ import annotations

import pytest

from assess.kit.db import Database
from assess.portfolio.board.choices import Choices, choices
from assess.suppliers.models import Status
from tests.conftest import TODAY
from tests.portfolio.board.rows import a_row
from tests.suppliers.makers import a_buyer, later

pytestmark = pytest.mark.both_databases


def test_only_what_this_buyer_is_shown_now_can_be_chosen(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        assert choices(session, council.id, TODAY) == Choices()
        for buyer, until, good in ((council, 9, "Tomatoes"), (council, 5, "Shrimp"), (shop, 9, "Coffee")):
            a_row(
                session,
                buyer,
                good,
                status=Status.SHARED,
                shown_until=later(until),
                sector="farming",
                goods={good: "Spain", "Apples": "Kent"},
                bars={"Pay": 2},
            )
        assert choices(session, council.id, TODAY) == Choices(
            sectors=["farming"], bars=["Pay"], goods=["Apples", "Shrimp", "Tomatoes"], places=["Kent", "Spain"]
        )
        assert choices(session, council.id, later(5)).goods == ["Apples", "Tomatoes"]
        assert choices(session, council.id, later(9)) == Choices(sectors=["farming"])
