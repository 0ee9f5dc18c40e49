"""Who asked, and what each of them sees."""

from __future__ import annotations

from datetime import timedelta

from assess.assessments.submitting import reopen, submit
from assess.kit.db import Database
from assess.plans.asked.standing import asked_of, who_asked, who_asked_organisation
from assess.plans.shares.granting import end, give_to_buyer
from assess.plans.shares.listing import of_grant
from assess.plans.shares.scopes import Scope
from assess.suppliers.models import Supplier
from tests.conftest import TODAY
from tests.people.persons import an_organisation
from tests.plans.records import Record, a_record, scenario
from tests.suppliers.conftest import published
from tests.suppliers.makers import a_buyer, a_supplier, answered, invited, shared

__all__ = ["published"]


def test_what_a_buyer_sees_follows_the_share(published: Database) -> None:  # the fixture
    with published.writing() as session:
        supplier = a_supplier(session, a_buyer(session, "The Council"), "Farm", sector="farming")
        invitation = invited(session, supplier)
        submission = answered(session, invitation)
        of = submission.assessment_id

        def sees(days: int = 0) -> tuple[str, Scope | None, bool]:
            (row,) = who_asked(session, of, TODAY + timedelta(days=days))
            return row.sees, row.scope, row.grant_id is not None

        assert sees() == ("nothing", None, False)
        grant = give_to_buyer(session, submission, invitation, Scope.PLAN, 30, TODAY)
        assert sees() == ("latest", Scope.PLAN, True)
        assert sees(31) == ("nothing", Scope.PLAN, False)
        reopen(session, of, TODAY)
        submit(session, of, lambda _said: scenario(), TODAY)
        assert sees() == ("older", Scope.PLAN, False)
        end(session, grant, TODAY)
        assert sees() == ("nothing", Scope.PLAN, False)


def test_how_much_a_buyer_sees_is_told_alike_whatever_signs_there_are(published: Database) -> None:  # the fixture
    with published.writing() as session:
        council = a_buyer(session, "The Council")

        def words(record: Record, scope: Scope) -> str:
            grant = shared(session, invited(session, a_supplier(session, council, "Farm")), record=record, scope=scope)
            (row,) = who_asked(session, grant.assessment_id, TODAY)
            entry = of_grant(grant, (), grant.submission_id, TODAY)
            assert (row.scope, row.words) == (scope, entry.scope), "what was chosen can be chosen again"
            return row.words

        urgent = a_record(change={"core_documents": "employer"})
        assert words(scenario(), Scope.PLAN) == "The short copy and your plan"
        for scope in Scope:
            assert words(urgent, scope) == words(scenario(), scope)


def test_only_what_is_answered_with_it_is_found(published: Database) -> None:  # the fixture
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        one, two = (invited(session, a_supplier(session, council, name)) for name in ("One", "Two"))
        submission, other = answered(session, one), answered(session, two)
        assert asked_of(session, submission.assessment_id, one.id) is one
        assert asked_of(session, other.assessment_id, one.id) is None


def test_an_organisation_sees_what_it_took_as_its_own(published: Database) -> None:  # the fixture
    with published.writing() as session:
        farm = an_organisation(session, "Fen Edge")
        made = invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm"))
        assert who_asked_organisation(session, farm.id, TODAY) == []
        session.get_one(Supplier, made.supplier_id).organisation_id = farm.id
        session.flush()
        (row,) = who_asked_organisation(session, farm.id, TODAY)
        assert (row.asker.name, row.sees, row.assessment_id) == ("The Council", "nothing", None)
        made.ended_at = TODAY
        session.flush()
        assert who_asked_organisation(session, farm.id, TODAY) == []
