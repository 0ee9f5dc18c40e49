from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from assess.assessments.models import Submission
from assess.plans.buyer_view import buyer_view_of
from assess.plans.register.keeping import Change, PlanReplacedError, change, item_of
from assess.plans.talk.planning import can_be_set, question_of, set_in_plan
from assess.plans.talk.steps import step_key
from tests.people.persons import database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record

AGREED = date(2027, 2, 1)


def step_of(submission: Submission) -> tuple[str, str]:
    step = buyer_view_of(submission.record, None).steps[0]
    return step_key(step.do), step.key


def test_only_ordinary_steps_lead_to_the_plan(app: Flask, submitted: Submitted) -> None:
    with database_of(app).reading() as look:
        submission = look.get_one(Submission, submitted.submission_id)
        step, question = step_of(submission)
        assert question_of(look, submission, step) == question
        may = {step.key for step in buyer_view_of(submission.record, None).steps}
        held = [one for one in submission.record["actions"] if one["question"] not in may]
        assert held
        assert {question_of(look, submission, step_key(one["do"])) for one in held} == {None}


@pytest.mark.parametrize(
    ("before", "takes"),
    [
        (None, True),
        (Change(response="accepted", owner="Foreman", due="2027-01-05", status="under_way"), True),
        (Change(response="accepted", due="2027-02-01"), False),
        (Change(response="will_not", reason="cost"), False),
        (Change(response="already_done"), False),
        (Change(response="accepted", status="done", done_on="2026-11-20"), False),
    ],
)
def test_what_the_business_said_otherwise_stays(
    app: Flask, submitted: Submitted, now: Any, before: Change | None, *, takes: bool
) -> None:
    with database_of(app).writing() as session:
        submission = session.get_one(Submission, submitted.submission_id)
        step, question = step_of(submission)
        if before is not None:
            change(session, submission.id, question, before, 0, now)
        assert can_be_set(session, submission, step, AGREED) is takes
        assert set_in_plan(session, submission, step, AGREED, now) is takes
        after = item_of(session, submission.id, question)
        if takes:
            assert (after.response, after.due) == ("accepted", "2027-02-01")
            assert after.owner == (before.owner if before else "")
        assert not set_in_plan(session, submission, "0" * 16, AGREED, now)


def test_an_older_plan_stays_as_it_was(app: Flask, submitted: Submitted, answer_again: Any, now: Any) -> None:
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    with database_of(app).writing() as session:
        submission = session.get_one(Submission, submitted.submission_id)
        with pytest.raises(PlanReplacedError):
            set_in_plan(session, submission, step_of(submission)[0], AGREED, now)
