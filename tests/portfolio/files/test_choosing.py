from __future__ import annotations

from datetime import timedelta

import pytest

from assess.assessments.submitting import reopen, submit
from assess.plans.shares.granting import end
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.portfolio.files.choosing import living_marks, plans_for, rows_of, rows_of_picked
from assess.portfolio.files.filters import Filter, read_filter
from assess.portfolio.files.models import PlanState
from assess.suppliers.keeping import archive
from assess.suppliers.models import Supplier
from assess.suppliers.telling import tell_changed
from tests.conftest import TODAY
from tests.plans.records import scenario
from tests.portfolio.files.conftest import NAMES, Council
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared


def names(council: Council, query: str, now: int = 0) -> list[str]:
    with council.database.reading() as look:
        found = rows_of(look, council.id, read_filter(query), later(now))
        return [look.get_one(Supplier, key).name for key in found]


def plans(council: Council, now: int = 0) -> list[tuple[str, PlanState]]:
    with council.database.reading() as look:
        rows = rows_of(look, council.id, Filter(), later(now))
        found = list(plans_for(look, council.id, rows, later(now)))
        return [(look.get_one(Supplier, one.supplier_id).name, one.state) for one in found]


def test_a_filter_finds_who_fits_by_name_and_no_other_buyers(council: Council) -> None:
    council.supplier("Zinnia Hotel", scope=None, sector="hospitality", area="norfolk")
    with council.database.writing() as session:
        other = a_buyer(session, "Another council")
        shared(session, invited(session, a_supplier(session, other, "Acle Fruit", sector="farming")))
    assert names(council, "") == [*NAMES, "Zinnia Hotel"]
    assert names(council, "status=shared") == list(NAMES)
    assert names(council, "status=invited&area=norfolk&sector=hospitality") == ["Zinnia Hotel"]
    assert names(council, "q=FEN") == ["Fen Edge Growers"]
    assert names(council, "q=%25") == [], "a sign of the database’s language is only a letter"
    assert names(council, "band=none") == ["Zinnia Hotel"]
    assert names(council, "band=low&band=medium&band=high&band=critical") == list(NAMES)
    assert names(council, "tier=high") == []
    assert names(council, "status=purple") == []


def test_a_share_whose_time_is_up_reads_as_over_before_anybody_worked_it_out(council: Council) -> None:
    assert names(council, "status=shared", now=366) == []
    assert names(council, "status=share_over", now=366) == list(NAMES)
    assert names(council, "band=none", now=366) == list(NAMES)
    assert plans(council, now=366) == [(name, PlanState.OVER) for name in NAMES]


def test_it_says_why_a_plan_is_not_there(council: Council) -> None:
    council.supplier("Zinnia Hotel", scope=None)
    with council.database.writing() as session:
        end(session, council.grant(session, "Acle Fruit"), TODAY)
        again = council.grant(session, "Wash Packers")
        reopen(session, again.assessment_id, TODAY)
        submit(session, again.assessment_id, lambda _said: scenario(), TODAY)
    assert plans(council) == [
        ("Acle Fruit", PlanState.OVER),
        ("Fen Edge Growers", PlanState.WAITING),
        ("Wash Packers", PlanState.AGAIN),
    ], "who never shared is not spoken of"


def test_entries_put_together_stand_once_and_an_archived_one_not_at_all(council: Council) -> None:
    with council.database.writing() as session:
        first, second = (session.get_one(Supplier, council.suppliers[name]) for name in NAMES[:2])
        second.merged_into = first.id
        session.flush()
        tell_changed(session, first.id, TODAY)
        archive(session, session.get_one(Supplier, council.suppliers["Wash Packers"]), TODAY, by=None)
    assert names(council, "") == ["Acle Fruit"]
    assert sorted(plans(council)) == [("Acle Fruit", PlanState.WAITING), ("Fen Edge Growers", PlanState.WAITING)]
    with council.database.reading() as look:
        assert rows_of_picked(look, council.id, [second.id]) == [first.id], "its row stands for it"


def test_a_submission_that_was_shared_twice_is_there_once_as_shared_last(council: Council) -> None:
    with council.database.writing() as session:
        old = council.grant(session, "Acle Fruit")
        columns = {name: getattr(old, name) for name in ShareGrant.__table__.columns.keys() if name != "id"}  # noqa: SIM118  # columns are no dict
        newer = ShareGrant(**{**columns, "frozen_at": TODAY + timedelta(hours=1), "scope": Scope.BUYER_COPY})
        session.add(newer)
    with council.database.reading() as look:
        rows = rows_of_picked(look, council.id, [council.suppliers["Acle Fruit"]])
        assert [one.grant_id for one in plans_for(look, council.id, rows, TODAY)] == [newer.id]


@pytest.mark.parametrize("locked", [False, True])
def test_whatever_changes_in_a_share_changes_what_tells_of_it(council: Council, *, locked: bool) -> None:
    with council.database.writing() as session:
        before = living_marks(session, council.id, locked=locked)
        assert len(before) == len(NAMES)
        assert living_marks(session, council.id) == before
        end(session, council.grant(session, "Acle Fruit"), TODAY)
        assert living_marks(session, council.id) != before


def test_picked_suppliers_of_somebody_else_are_as_if_there_were_none(council: Council) -> None:
    with council.database.writing() as session:
        theirs = a_supplier(session, a_buyer(session, "Another council"), "Theirs").id
    with council.database.reading() as look:
        mine = council.suppliers["Acle Fruit"]
        assert rows_of_picked(look, council.id, [theirs, mine]) == [mine]
