"""The ration of letters: so many a day for each buyer, and a new day begins anew."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.suppliers import rationing
from assess.suppliers.models import LetterRation
from assess.suppliers.rationing import forget_rations, take_one
from tests.suppliers.makers import a_buyer

DAY = date(2026, 11, 24)


def test_no_more_than_the_ration_goes_on_a_day_for_each_buyer(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rationing, "MOST_A_DAY", 2)
    council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
    assert [take_one(session, council.id, f"mailbox {number}", DAY) for number in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert take_one(session, shop.id, "mailbox", DAY)
    assert take_one(session, council.id, "mailbox", date(2026, 11, 25))


def test_counts_of_days_long_past_go(session: Session) -> None:
    council = a_buyer(session, "The Council")
    take_one(session, council.id, "mailbox", date(2026, 10, 1))
    take_one(session, council.id, "mailbox", DAY)
    forget_rations(session, DAY)
    assert session.scalars(select(LetterRation.day)).all() == [DAY]
