"""Shares in a format of before: everything is made anew from the same answers."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from assess.assessments.models import Submission
from assess.engine.record import canonical
from assess.kit.db import Database
from assess.plans.check_code.codes import matched
from assess.plans.check_code.models import CheckCode
from assess.plans.register.keeping import Change, change
from assess.plans.shares.coding import code_of_share
from assess.plans.shares.document import FORMAT, freeze, shared_copy, thaw
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.renewing import renew_shares
from assess.plans.shares.scopes import Scope
from assess.portfolio import reckoning
from assess.portfolio.models import Standing, StandingBar
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.plans.test_buyer_view import old as record_of_engine_1
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

BEFORE, AFTER = "core_policy", "core_speak_up"
"""Two ordinary steps of the farm: one was done before it was shared, one after."""
assert reckoning  # it listens for what changes, as in a site


@pytest.fixture
def before(published: Database) -> Database:
    """A farm with a serious sign, as a release before kept what it shares."""
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), record=record_of_engine_1(), scope=Scope.PLAN, now=TODAY)
        grant.frozen_at = later(5)
        change(session, grant.submission_id, BEFORE, Change("accepted", status="done"), 0, later(4))
        change(session, grant.submission_id, AFTER, Change("accepted", status="done"), 0, later(6))
        grant.document = {"format": 1, "copy": {"rating": {"band": "high", "word": "rating of before"}}, "plan": None}
        session.flush()
        session.execute(delete(Standing))
        session.execute(delete(CheckCode))
    return published


def test_copies_and_rows_are_made_anew_as_of_the_day_they_were_frozen(before: Database) -> None:
    assert renew_shares(before, later(9)) == 1
    assert renew_shares(before, later(9)) == 0
    with before.reading() as look:
        grant = look.scalars(select(ShareGrant)).one()
        submission = look.get_one(Submission, grant.submission_id)
        assert grant.document["format"] == FORMAT
        copy = thaw(grant.document)
        plain = shared_copy(submission.record, edition_of("farming"), {}, Scope.PLAN)
        assert (copy.copy, copy.scope) == (plain.copy, Scope.PLAN)
        assert copy.copy.band == "medium", "its serious sign counts for nothing here"
        assert copy.done == 1, "what was done before it was shared, and not what was done since"
        assert matched(look, code_of_share(look, grant.document)), "the new code is known at once"
        row = look.scalars(select(Standing)).one()
        assert (row.band, row.quick, row.done_steps) == ("medium", False, 2)
        assert look.scalars(select(StandingBar)).all()
        assert canonical(freeze(copy)) == canonical(grant.document)
