from __future__ import annotations

from dataclasses import replace

from assess.plans.copies import BuyerAction, buyer_copy
from assess.plans.register.state import ItemState
from assess.plans.shares.document import SharedCopy, shared_copy
from assess.plans.shares.scopes import Scope
from assess.plans.shares.since import Change, difference, progressed
from tests.engine.real_banks import edition_of
from tests.plans.records import a_record, scenario

DAY = "2026-11-24"
DONE = ItemState("accepted", status="done", done_on="2026-12-01")


def shared(scope: Scope = Scope.PLAN, **said: ItemState) -> SharedCopy:
    return shared_copy(scenario(), edition_of("farming"), said, scope, DAY)


def test_what_was_done_is_counted_and_what_was_moved_is_named() -> None:
    moved = ItemState("accepted", due="2027-02-01")
    found = progressed(shared(), shared(farm_blacklist=DONE, core_policy=moved))
    assert found
    assert (found.done_then, found.done_now) == (0, 1)
    assert [due for _, due in found.moved] == ["2027-02-01"]
    assert found.count == len(shared().plan or ())
    assert found.anything


def test_nothing_new_is_nothing() -> None:
    found = progressed(shared(), shared())
    assert found
    assert not found.anything


def test_the_short_copy_tells_nothing_of_what_was_done_since() -> None:
    assert progressed(shared(Scope.BUYER_COPY), shared(Scope.BUYER_COPY, farm_blacklist=DONE)) is None


def test_band_bars_and_steps_of_two_copies_are_compared() -> None:
    one = buyer_copy(scenario("farming", "farming medium"))
    other = buyer_copy(scenario("farming", "farming low"))
    found = difference(one, other)
    assert found
    assert found.result[0] == Change("Result", "Medium", "Low")
    assert found.made_on == one.made_on
    had, has = ({action.do for action in copy.actions} for copy in (one, other))
    assert set(found.gone) == had - has
    assert set(found.new) == has - had
    same = difference(one, one)
    assert same
    assert not same.anything


def test_a_step_that_only_moved_is_the_same_step() -> None:
    copy = replace(buyer_copy(scenario()), actions=(BuyerAction("Write it down.", None),))
    moved = replace(copy, actions=(BuyerAction("Write it down.", "2027-01-01"),))
    found = difference(copy, moved)
    assert found
    assert not found.anything


def test_beside_urgent_advice_nothing_is_compared_whichever_side_it_is_on() -> None:
    calm, grave = buyer_copy(scenario()), buyer_copy(a_record(change={"core_documents": "employer"}))
    assert difference(calm, grave) is None
    assert difference(grave, calm) is None
    assert difference(grave, grave) is None
