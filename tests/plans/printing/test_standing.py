from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.kit.jobs.models import Job, JobState
from assess.plans.printing.kept import Printed, keep, state_shown
from assess.plans.printing.standing import LATE_AFTER, Standing, order, standing_of
from assess.plans.register.keeping import Change, change, item_of
from tests.plans.records import scenario
from tests.plans.register.conftest import Kept, keep_record, submit_another

ACTION = "core_longest_week"
LATER = LATE_AFTER + timedelta(seconds=1)


@pytest.fixture
def plan(database: Database, now: datetime) -> Kept:
    """A medium farm, submitted."""
    return keep_record(database, scenario(), now)


def standing(database: Database, plan: Kept, moment: datetime) -> Standing:
    with database.reading() as look:
        return standing_of(look, plan.id, "business", moment)


def ordered(database: Database, plan: Kept, now: datetime, **values: object) -> None:
    """Order the file, and have its job be as told."""
    with database.writing() as session:
        order(session, plan.id, "business", now)
        if values:
            session.execute(update(Job).values(**values))


def test_nothing_is_on_its_way_before_anybody_ordered(database: Database, plan: Kept, now: datetime) -> None:
    assert standing(database, plan, now) is Standing.NOT_ORDERED


@pytest.mark.parametrize(
    ("values", "moment", "told"),
    [
        ({}, timedelta(), Standing.WAITING),
        ({}, LATER, Standing.LATE),
        ({}, -LATER, Standing.LATE),
        ({"state": JobState.RUNNING, "attempts": 1}, LATER, Standing.RUNNING),
        ({"attempts": 1}, LATER, Standing.AGAIN),
        ({"state": JobState.SET_ASIDE, "attempts": 3}, LATER, Standing.GIVEN_UP),
        ({"state": JobState.DONE, "attempts": 1}, LATER, Standing.NOT_ORDERED),
    ],
)
def test_each_state_of_the_job_is_told(
    database: Database, plan: Kept, now: datetime, values: dict[str, object], moment: timedelta, told: Standing
) -> None:
    ordered(database, plan, now, **values)
    assert standing(database, plan, now + moment) is told


def test_a_file_that_was_given_up_can_be_ordered_again(database: Database, plan: Kept, now: datetime) -> None:
    ordered(database, plan, now, state=JobState.SET_ASIDE)
    ordered(database, plan, now + LATER)
    assert standing(database, plan, now + LATER) is Standing.WAITING


def test_what_a_business_that_is_gone_waited_for_is_nothing_to_the_next(
    database: Database, plan: Kept, now: datetime
) -> None:
    ordered(database, plan, now, state=JobState.SET_ASIDE)
    with database.writing() as session:
        delete_assessment(session, plan.assessment_id)
        assert session.scalar(select(func.count()).select_from(Job)) == 0
        order(session, plan.id, "business", now)
        assert session.scalar(select(func.count()).select_from(Job)) == 0, "nobody is there to want it"
    another = submit_another(database, now)
    assert another.id != plan.id
    assert standing(database, another, now) is Standing.NOT_ORDERED


def test_no_job_tells_what_the_register_says(database: Database, plan: Kept, now: datetime) -> None:
    """Not even as a hash: few things can be said, so all could be tried."""
    found = []
    for owner in ("Maria", "Piotr"):
        with database.writing() as session:
            seen = item_of(session, plan.id, ACTION)
            change(session, plan.id, ACTION, Change(response="accepted", owner=owner), seen.revision, now)
            order(session, plan.id, "business", now)
            found.append(session.scalars(select(Job.key).order_by(Job.id.desc())).first())
    words = f"print_copy {plan.assessment_id.hex} 1 business"
    assert found == [f"{words} 1", f"{words} 2"]


def test_it_is_ready_until_the_register_moves_on(database: Database, plan: Kept, now: datetime) -> None:
    ordered(database, plan, now)
    with database.writing() as session:
        shown = state_shown(session, plan.id, "business")
        keep(session, plan.id, "business", Printed(plan.digest, shown, b"file"), now)
    assert standing(database, plan, now) is Standing.READY
    with database.writing() as session:
        change(session, plan.id, ACTION, Change(response="accepted"), 0, now)
    assert standing(database, plan, now) is Standing.NOT_ORDERED
