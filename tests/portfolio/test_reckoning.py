"""The row of a supplier on the board."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import reopen, submit
from assess.kit.db import Database
from assess.plans.register.keeping import Change, change, item_of
from assess.plans.shares.document import thaw
from assess.plans.shares.granting import end
from assess.plans.shares.scopes import Scope
from assess.plans.talk.keeping import Speaker, answer, propose
from assess.plans.talk.models import Side
from assess.plans.talk.planning import question_of, set_in_plan
from assess.plans.talk.steps import step_key, steps_of
from assess.portfolio.models import Standing, StandingBar, StandingDuty
from assess.portfolio.reckoning import reckon
from assess.suppliers.models import Status, Supplier
from tests.conftest import TODAY
from tests.plans.records import a_record, scenario
from tests.plans.shares.test_duties import STATEMENT, large
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

pytestmark = pytest.mark.both_databases

_FARM = scenario()
_VIEW = _FARM["buyer_view"]
TWO_STEPS = {**_FARM, "buyer_view": {**_VIEW, "actions": [one for one in _VIEW["actions"] if one["days"]][:2]}}


def test_a_row_follows_its_supplier_from_the_list_to_the_share_and_back(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Fen Edge Growers", sector="farming")
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band, row.grant_id) == (Status.NOT_ASKED, None, None)
        invitation = invited(session, farm)
        assert session.scalars(select(Standing.status)).one() is Status.INVITED
        grant = shared(session, invitation)
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.grant_id) == (Status.SHARED, grant.id)
        assert row.band in {"low", "medium", "high"}
        assert session.scalars(select(StandingBar)).all()
        end(session, grant, later(1))
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band) == (Status.SHARE_OVER, None)
        assert session.scalars(select(StandingBar)).all() == []


def test_a_quick_check_has_no_band_and_says_that_it_is_one(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for name, quick in (("Quick", True), ("Full", False)):
            record = a_record(quick=quick)
            shared(session, invited(session, a_supplier(session, council, name)), record=record, scope=Scope.PLAN)
        rows = {row.name: row for row in session.scalars(select(Standing))}
        assert (rows["Quick"].quick, rows["Quick"].band) == (True, None)
        assert (rows["Full"].quick, rows["Full"].band is None) == (False, False)
        assert rows["Quick"].open_steps


def test_what_came_from_a_copy_goes_when_the_business_deletes_it(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm))
        delete_assessment(session, grant.assessment_id)
        session.expire_all()
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band, row.shown_until) == (Status.SHARE_OVER, None, None)
        assert session.scalars(select(StandingBar)).all() == []
        reckon(session, farm.id, TODAY)
        assert session.scalars(select(Standing.band)).one() is None
        session.execute(delete(Standing))


def test_new_answers_empty_the_row_also_where_the_request_they_came_from_is_over(published: Database) -> None:
    """The copy itself shows nothing from then on; a band on the board would be one that the business has replaced."""
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm))
        invited(session, farm, now=later(300))
        assert session.scalars(select(Standing.band)).one() is not None
        reopen(session, grant.assessment_id, later(301))
        submit(session, grant.assessment_id, lambda _said: scenario(), later(301))
        row = session.scalars(select(Standing)).one()
        assert (row.status, row.band, row.grant_id) == (Status.INVITED, None, None)
        assert session.scalars(select(StandingBar)).all() == []


def test_an_agreed_date_counts_in_the_place_of_the_one_on_the_copy(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), scope=Scope.PLAN)
        steps = steps_of(thaw(grant.document))
        dated = sorted(date.fromisoformat(step.due) for step in steps if step.due)
        moment = later((dated[-1] - TODAY.date()).days + 1)
        reckon(session, farm.id, moment)
        before = session.scalars(select(Standing)).one()
        assert (before.late_steps, before.next_step_due) == (len(dated), dated[0])
        step = next(step for step in steps if step.due == dated[0].isoformat())
        agreed = date(2028, 1, 1)
        propose(session, grant, Speaker(Side.BUYER, None), step.key, agreed, "", TODAY)
        answer(session, grant, Speaker(Side.BUSINESS, None), step.key, agreed, TODAY, agrees=True)
        row = session.scalars(select(Standing)).one()
        assert row.open_steps == len(steps)
        reckon(session, farm.id, moment)
        row = session.scalars(select(Standing)).one()
        assert row.late_steps == len(dated) - sum(one.key == step_key(step.do) for one in steps)


def test_a_row_follows_the_plan_as_it_stands_where_the_plan_is_shared_and_nowhere_else(published: Database) -> None:
    """A date that both agreed and the business put in its plan, and a step it has done: nobody is late with either."""
    new = date(2028, 1, 1)
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for name, scope in (("Plan", Scope.PLAN), ("Short", Scope.BUYER_COPY)):
            farm = a_supplier(session, council, name, sector="farming")
            grant = shared(session, invited(session, farm), record=TWO_STEPS, scope=scope)
            submission = session.get_one(Submission, grant.submission_id)
            first, second = steps_of(thaw(grant.document))
            before = row_of(session, farm)
            assert (before.open_steps, before.done_steps) == (2, 0)
            assert set_in_plan(session, submission, first.key, new, TODAY)
            key = str(question_of(session, submission, second.key))
            state = item_of(session, submission.id, key)
            change(session, submission.id, key, replace(Change.of(state), status="done"), state.revision, TODAY)
            row = row_of(session, farm)
            told = (row.open_steps, row.done_steps, row.next_step_due)
            assert told == ((1, 1, new) if scope is Scope.PLAN else (2, 0, before.next_step_due))
            reckon(session, farm.id, later(200))
            assert row_of(session, farm).late_steps == 0, "nothing is late of what is done, moved, or not told"
            assert session.scalar(select(Standing.open_steps).where(Standing.name == name)) == told[0]


def row_of(session: Session, supplier: Supplier) -> Standing:
    return session.scalars(select(Standing).where(Standing.supplier_id == supplier.id)).one()


def test_the_duties_of_a_shared_plan_are_kept_with_what_the_business_says_of_them(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), record=large(), scope=Scope.PLAN)
        rows = {row.duty: row for row in session.scalars(select(StandingDuty))}
        assert rows["uk_s54_six_months"].title
        assert not rows["uk_s54_six_months"].done
        assert STATEMENT not in rows, "without a day a business cannot say in its plan that it is done"
        end(session, grant, TODAY)
        assert session.scalars(select(StandingDuty)).all() == []


def test_of_several_who_change_a_supplier_at_once_none_is_turned_away(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Fen Edge Growers")
        shared(session, invited(session, farm))
    together = threading.Barrier(4)

    def again(_: int) -> None:
        together.wait(timeout=60)
        with published.writing() as session:
            reckon(session, farm.id, TODAY)

    with ThreadPoolExecutor(4) as several:
        for _ in range(5):
            list(several.map(again, range(4)))
    with published.reading() as look:
        assert look.get_one(Standing, farm.id).status is Status.SHARED
