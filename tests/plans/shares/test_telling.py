"""A change of a plan is told of each supplier whose buyer is shown it, and of no other."""

from __future__ import annotations

import uuid

import pytest

from assess.assessments.models import Submission
from assess.kit.db import Database
from assess.kit.events import on
from assess.plans.events import PlanChanged
from assess.plans.register.keeping import Change, change
from assess.plans.shares import telling
from assess.plans.shares.document import thaw
from assess.plans.shares.granting import end
from assess.plans.shares.scopes import Scope
from assess.plans.talk.planning import question_of
from assess.plans.talk.steps import steps_of
from assess.suppliers.events import SupplierChanged
from tests.conftest import TODAY
from tests.listed_instead import list_instead
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared


def test_a_date_and_what_is_done_are_told_and_nothing_else_is(
    published: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[uuid.UUID] = []

    list_instead(monkeypatch, on(SupplierChanged, lambda _session, event: told.append(event.supplier_id)))
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for scope, hears in ((Scope.PLAN, 1), (Scope.EVIDENCE, 1), (Scope.BUYER_COPY, 0)):
            farm = a_supplier(session, council, scope.value, sector="farming")
            grant = shared(session, invited(session, farm), scope=scope, days=30)
            submission = session.get_one(Submission, grant.submission_id)
            key = str(question_of(session, submission, steps_of(thaw(grant.document))[0].key))
            changes = (
                (Change(response="accepted", owner="Jo"), 0),
                (Change(response="accepted", owner="Jo", due="2027-02-01"), hears),
                (Change(response="accepted", owner="Jo", due="2027-02-01", status="done"), hears),
                (Change(response="already_done", owner="Jo", due="2027-02-01", status="done"), 0),
            )
            for revision, (said, number) in enumerate(changes):
                told.clear()
                change(session, submission.id, key, said, revision, TODAY)
                assert told == [farm.id] * number
            told.clear()
            for hidden in ("core_documents", "papers", "uk_minimum_wage_pay_and_records"):
                change(session, submission.id, hidden, Change(response="accepted", status="done"), 0, TODAY)
                assert told == [], "no copy shows it"
            telling.tell_of_plan(session, PlanChanged(submission.id, key, later(30)))
            assert told == [], "its time is up"
            end(session, grant, TODAY)
            told.clear()
            telling.tell_of_plan(session, PlanChanged(submission.id, key, TODAY))
            assert told == [], "over, or ended"
