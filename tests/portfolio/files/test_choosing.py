from __future__ import annotations

from datetime import timedelta

import pytest

from assess.assessments.submitting import reopen, submit
from assess.kit.events import publish
from assess.plans.shares.granting import end
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.portfolio.board.acting import Chosen, numbers
from assess.portfolio.board.filters import Filter, Order, read_query
from assess.portfolio.board.listing import leaf
from assess.portfolio.files.choosing import living_marks, plans_for, rows_of, rows_of_picked
from assess.portfolio.files.models import PlanState
from assess.portfolio.models import Standing, StandingBar, StandingDuty, StandingGood
from assess.suppliers.events import SupplierChanged
from assess.suppliers.keeping import archive
from assess.suppliers.models import Size, Supplier, Tier
from tests.conftest import TODAY
from tests.plans.records import scenario
from tests.portfolio.files.conftest import NAMES, Council
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared


def names(council: Council, query: str, now: int = 0) -> list[str]:
    with council.database.reading() as look:
        found = rows_of(look, council.id, read_query(query), later(now))
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
    assert names(council, "band=low&band=medium&band=high") == list(NAMES)
    assert names(council, "tier=high") == []


EVERY_FILTER = {
    "late=yes": ["Late Hotel"],
    "old=yes": ["Old Farm"],
    "size=small": ["Old Farm"],
    "tier=high&status=shared": ["Old Farm"],
    "weak=A+bar": ["Acle Fruit"],
    "duty=A+duty": ["Acle Fruit"],
    "good=Shrimp": ["Acle Fruit", "Wash Packers"],
    "good=Shrimp&place=Ecuador": ["Acle Fruit"],
    "place=Spain&sort=due": ["Wash Packers"],
    "q=z-1": ["Late Hotel"],
    "q=nobody": [],
    "sector=hospitality&sector=farming": ["Late Hotel"],
}
"""A filter of the board, and whom it finds in the world of the test below."""


def test_every_filter_of_the_board_holds_for_files(council: Council) -> None:
    council.supplier("Old Farm", size=Size.SMALL)
    council.supplier("Late Hotel", scope=None, sector="hospitality", reference="Z-1")
    with council.database.writing() as session:
        acle, wash = ({"supplier_id": council.suppliers[name], "buyer_id": council.id} for name in (NAMES[0], NAMES[2]))
        session.add(StandingBar(**acle, name="A bar", step=1))
        session.add(StandingDuty(**acle, duty="d", title="A duty", done=False))
        session.add_all(
            StandingGood(**whose, good="Shrimp", place=place, word="High")
            for whose, place in ((acle, "Ecuador"), (wash, "Spain"))
        )
        late = session.get_one(Standing, council.suppliers["Late Hotel"])
        late.due = TODAY.date() - timedelta(days=1)
        old = session.get_one(Standing, council.suppliers["Old Farm"])
        old.tier, old.shown_until = Tier.HIGH, TODAY + timedelta(days=20)
    for query, found in EVERY_FILTER.items():
        wanted = read_query(query)
        assert names(council, query) == found, query
        with council.database.reading() as look:
            on_board = leaf(look, council.id, wanted.sorted_by(Order.NAME), TODAY, after=None, before=None)
            before = numbers(look, council.id, Chosen(all_of=wanted), TODAY)
            plans_ = plans_for(look, council.id, rows_of(look, council.id, wanted, TODAY), TODAY)
            sharing = {one.supplier_id for one in plans_ if one.state is PlanState.WAITING}
        assert [row.name for row in on_board.rows] == found, query
        assert (before.all, before.sharing) == (len(found), len(sharing)), "as many as the board says before the yes"


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
        publish(session, SupplierChanged(first.id, TODAY))
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
