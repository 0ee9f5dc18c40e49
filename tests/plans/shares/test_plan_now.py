"""The plan of a share as it stands now, and nothing where the share does not show it."""

from __future__ import annotations

from assess.assessments.models import Submission
from assess.kit.db import Database
from assess.plans.register.keeping import Change, change
from assess.plans.shares.document import thaw
from assess.plans.shares.plan_now import with_plan_now
from assess.plans.shares.scopes import Scope
from assess.plans.talk.planning import question_of
from assess.plans.talk.steps import steps_of
from tests.conftest import TODAY
from tests.plans.records import a_record, scenario
from tests.suppliers.makers import a_buyer, a_supplier, invited, shared


def test_only_a_share_with_the_plan_follows_it(published: Database) -> None:
    urgent = a_record(change={"core_documents": "employer"})
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for number, (record, scope, follows) in enumerate(
            ((scenario(), Scope.PLAN, True), (scenario(), Scope.BUYER_COPY, False), (urgent, Scope.PLAN, True))
        ):
            farm = a_supplier(session, council, f"Farm {number}", sector="farming")
            grant = shared(session, invited(session, farm), record=record, scope=scope)
            frozen = thaw(grant.document)
            assert with_plan_now(session, grant, frozen) == frozen, "as long as nothing changed"
            submission = session.get_one(Submission, grant.submission_id)
            key = str(question_of(session, submission, steps_of(frozen)[0].key))
            change(session, submission.id, key, Change(status="done"), 0, TODAY)
            found = with_plan_now(session, grant, frozen)
            assert (found.done, found.copy) == (int(follows), frozen.copy)
            assert (found.plan is None) is not follows
