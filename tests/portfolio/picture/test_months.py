from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from assess.kit.db import Database
from assess.people.models import Organisation
from assess.portfolio.picture.models import PictureMonth
from assess.portfolio.picture.months import buyers_without, forget_old_months, keep_month, month_of, months_of
from assess.portfolio.picture.rows import seen_by
from tests.conftest import TODAY
from tests.portfolio.picture.filled_world import fill_world
from tests.portfolio.picture.made_rows import a_row
from tests.suppliers.makers import a_buyer, later

pytestmark = pytest.mark.both_databases


def test_a_month_is_kept_once_and_shown_with_today(published: Database) -> None:
    first = datetime(2026, 12, 1, 6, tzinfo=UTC)
    with published.writing() as session:
        council, empty = a_buyer(session, "The Council"), a_buyer(session, "Nobody yet")
        fill_world(session, council)
        assert list(buyers_without(session, first.date())) == [council.id]
        assert keep_month(session, council.id, first)
        assert not keep_month(session, council.id, later(9))
        assert list(buyers_without(session, first.date())) == []
        kept = session.scalars(select(PictureMonth)).one()
        assert kept.counts["groups"]["shared"] == 8
        assert kept.counts["bands"] == {"low": 2, "medium": 3, "high": 3, "none": 4}
        assert "Farm 0" not in str(kept.counts), "counts alone"
        shown = months_of(session, council.id, seen_by(session, council.id, later(9)), later(9).date())
        assert [month.on for month in shown] == ["2026-12-01", "2026-12-03"]
        assert len(months_of(session, empty.id, [], TODAY.date())) == 1
        forget_old_months(session, later(3 * 366))
        assert session.scalars(select(PictureMonth)).all() != []
        forget_old_months(session, later(3 * 366 + 31))
        assert session.scalars(select(PictureMonth)).all() == []


def test_of_a_buyer_that_is_gone_nothing_is_kept(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        fill_world(session, council)
        keep_month(session, council.id, TODAY)
        session.execute(delete(Organisation).where(Organisation.id == council.id))
        assert session.scalars(select(PictureMonth)).all() == []
        assert not keep_month(session, council.id, TODAY)


def test_bands_of_fewer_than_three_copies_are_not_kept() -> None:
    rows = [a_row(band="high"), a_row(band="low"), *[a_row()] * 9]
    assert month_of(rows, TODAY.date()).bands is None
    assert month_of([*rows, a_row(band="low")], TODAY.date()).bands is not None
