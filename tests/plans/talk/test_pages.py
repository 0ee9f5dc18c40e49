from __future__ import annotations

from datetime import date

from assess.kit.db import Database
from assess.plans.shares.document import narrowed, thaw
from assess.plans.shares.scopes import Scope
from assess.plans.talk.keeping import Speaker, comment, propose
from assess.plans.talk.models import Side
from assess.plans.talk.pages import buyer_name, page_of
from assess.plans.talk.steps import steps_of
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, shared

BUYER, FARM = Speaker(Side.BUYER, None), Speaker(Side.BUSINESS, None)


def test_each_side_reads_the_other_as_one_voice(published: Database) -> None:
    with published.writing() as session:
        grant = shared(
            session, invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm")), scope=Scope.PLAN
        )
        copy = thaw(grant.document)
        step = steps_of(copy)[0]
        comment(session, grant, BUYER, None, "Hello.", TODAY)
        propose(session, grant, BUYER, step.key, date(2027, 2, 1), "Soon?", TODAY)
        comment(session, grant, FARM, "0" * 16, "Of a step that is gone.", TODAY)
        assert buyer_name(session, grant) == "The Council"
        theirs = page_of(session, grant, copy, BUYER, None, TODAY)
        assert [(line.who, line.words) for line in theirs.lines] == [
            ("You", "Hello."),
            (copy.copy.organisation, "Of a step that is gone."),
        ]
        assert [line.takes_back for line in theirs.lines] == [True, False]
        (row,) = [row for row in theirs.steps if row.count]
        assert (row.step, row.stands) == (step, "you proposed 1 February 2027")
        ours = page_of(session, grant, copy, FARM, step.key, TODAY)
        assert (ours.turn, ours.steps, ours.step) == (True, (), step)
        assert [(line.who, line.did) for line in ours.lines] == [("The Council", "Proposed a date: 1 February 2027")]
        listed = page_of(session, grant, copy, FARM, None, TODAY)
        assert "The Council proposes 1 February 2027: your turn" in {row.stands for row in listed.steps}
        short = narrowed(copy, Scope.BUYER_COPY)
        assert page_of(session, grant, short, BUYER, step.key, TODAY).step


def test_a_share_for_a_person_has_the_name_the_business_typed(published: Database) -> None:
    with published.writing() as session:
        grant = shared(session, invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm")))
        grant.organisation_id = None
        assert buyer_name(session, grant) == "The Council"
        grant.buyer = ""
        assert buyer_name(session, grant) == "The buyer"
