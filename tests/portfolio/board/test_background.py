"""Each night the rows follow their dates; what is done twice is done once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.portfolio.board import background
from assess.portfolio.board.background import reckon_all, reckon_standings
from assess.portfolio.models import Standing, StandingBar
from assess.suppliers.models import Status
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

pytestmark = pytest.mark.both_databases


@dataclass
class Shift:
    """A worker at one moment."""

    database: Database
    moment: datetime
    settings: Settings = field(default_factory=lambda: Settings(env="development"))
    said: list[tuple[int, int]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def progress(self, done: int, total: int) -> None:
        self.said.append((done, total))


def test_rows_whose_share_ran_out_or_whose_date_passed_are_worked_out_anew(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        over = a_supplier(session, council, "Over", sector="farming")
        shared(session, invited(session, over), days=30)
        late = a_supplier(session, council, "Late")
        invited(session, late, due=TODAY.date() + timedelta(days=3))
        a_supplier(session, council, "Quiet")
        session.execute(update(Standing).where(Standing.supplier_id == late.id).values(call_points=7))
    assert reckon_all(published, Shift(published, later(1))) == 0
    assert reckon_all(published, Shift(published, later(4))) == 1
    shift = Shift(published, later(31))
    background.reckon_standings(shift)
    assert shift.said
    with published.reading() as look:
        row = look.get_one(Standing, over.id)
        assert (row.status, row.band, row.shown_until) == (Status.SHARE_OVER, None, None)
        assert look.scalars(select(StandingBar)).all() == []
        assert look.get_one(Standing, late.id).call_points > 7, "its points are worked out anew with it"
    reckon_standings(Shift(published, later(31)))
    assert reckon_all(published, Shift(published, later(31))) == 0
