"""The points in the row of the board: filled with it, and never resting on a copy that is gone."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from assess.banks import call_weights
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import RefusedError
from assess.kit.db import Database
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.portfolio.calling import filling
from assess.portfolio.calling.filling import counted_now, is_outdated, reasons_of, weights_on
from assess.portfolio.models import Standing
from assess.portfolio.reckoning import reckon
from tests.conftest import TODAY
from tests.plans.records import a_record, scenario
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

URGENT = {"core_documents": "employer"}


def words_of(row: Standing) -> dict[str, tuple[int, str]]:
    return {reason.part: (reason.points, reason.words) for reason in reasons_of(row.call_reasons)}


def test_points_follow_a_supplier_from_the_list_to_the_share(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge", sector="farming", spend_gbp=20_000)
        row = session.scalars(select(Standing)).one()
        assert (row.call_points, row.call_points) == (
            16 + 20 + 30 + 10 + 14 + 2,
            sum(p for p, _ in words_of(row).values()),
        )
        invitation = invited(session, farm)
        assert words_of(session.scalars(select(Standing)).one())["unanswered"][0] == 5
        shared(session, invitation, scope=Scope.PLAN)
        row = session.scalars(select(Standing)).one()
        said = words_of(row)
        assert said["band"] == (14, "Its own answers come out as “Medium”.")
        assert said["unanswered"][0] == 0
        assert said["slipping"][0] == 0
        reckon(session, farm.id, later(120))
        row = session.scalars(select(Standing)).one()
        assert words_of(row)["slipping"][0] > 0, "steps grow late with the days"
        assert row.call_points == sum(points for points, _ in words_of(row).values())


def test_a_copy_with_signs_counts_like_one_without(published: Database) -> None:
    records = [scenario(), a_record(change=URGENT), a_record(change={"core_min_wage": "some_not"})]
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for number, record in enumerate(records):
            supplier = a_supplier(session, council, f"Farm {number}", sector="farming", spend_gbp=1)
            shared(session, invited(session, supplier), record=record, scope=Scope.PLAN)
        calm, *others = session.scalars(select(Standing).order_by(Standing.name)).all()
        assert calm.band
        for row in others:
            assert (row.band, row.call_points, row.call_reasons) == (calm.band, calm.call_points, calm.call_reasons)


def test_what_rested_on_a_copy_goes_with_its_share_and_is_worked_out_anew(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge", sector="farming", spend_gbp=1)
        grant = shared(session, invited(session, farm), scope=Scope.PLAN)
        before = session.scalars(select(Standing)).one().call_points
        session.execute(delete(ShareGrant).where(ShareGrant.id == grant.id))  # the rule of the database alone
        session.expire_all()
        row = session.scalars(select(Standing)).one()
        assert (row.call_points, row.call_reasons) == (100, [])
        assert is_outdated(row, TODAY)
        counted = counted_now(row, TODAY)
        assert counted.points > before
        assert "no band to show" in counted.reasons[2].words
        assert counted.reasons[3].words.startswith("What it shared is over.")


def test_a_share_that_ran_out_counts_as_over_before_the_row_is_worked_out_again(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge", sector="farming", spend_gbp=1)
        shared(session, invited(session, farm), scope=Scope.PLAN, days=30)
        row = session.scalars(select(Standing)).one()
        then = later(31)
        assert not is_outdated(row, later(29))
        assert is_outdated(row, then)
        stale = counted_now(row, then)
        reckon(session, farm.id, then)
        row = session.scalars(select(Standing)).one()
        assert not is_outdated(row, then)
        assert stale == counted_now(row, then)


def test_a_folder_that_is_being_changed_leaves_the_last_good_points(monkeypatch: pytest.MonkeyPatch) -> None:
    good = weights_on(TODAY.date())
    assert good == call_weights.call_weights_on(QUESTIONNAIRES, TODAY.date())

    def refuse(*_: object) -> None:
        raise RefusedError(())

    monkeypatch.setattr(filling, "call_weights_on", refuse)
    assert weights_on(TODAY.date()) == good
    monkeypatch.setattr(filling, "_last", [])
    with pytest.raises(RefusedError):
        weights_on(TODAY.date())
