from __future__ import annotations

from dataclasses import replace

from assess.engine.ordinary import ordinary_questions
from assess.plans.copies import BuyerAction, buyer_copy
from assess.plans.register.state import ItemState
from assess.plans.shares.document import SharedCopy, shared_copy
from assess.plans.shares.scopes import Scope
from assess.plans.shares.since import Change, difference, progressed
from tests.engine.real_banks import edition_of
from tests.plans.records import a_record, answers_of, scenario

DONE = ItemState("accepted", status="done", done_on="2026-12-01")


def shared(scope: Scope = Scope.PLAN, **said: ItemState) -> SharedCopy:
    return shared_copy(scenario(), edition_of("farming"), said, scope)


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
    assert one.word != other.word
    assert found.result[0] == Change("Result", str(one.word), str(other.word))
    assert (found.before_on, found.again_on) == (one.made_on, other.made_on)
    had, has = ({action.do for action in copy.actions} for copy in (one, other))
    assert set(found.gone) == had - has
    assert set(found.new) == has - had
    same = difference(one, one)
    assert same
    assert not same.anything


def test_a_step_that_only_moved_is_the_same_step() -> None:
    step = BuyerAction("Write it down.", (), None, at_once=False)
    copy = replace(buyer_copy(scenario()), actions=(step,))
    moved = replace(copy, actions=(replace(step, due="2027-01-01"),))
    assert not difference(copy, moved).anything


def test_a_quick_check_and_a_full_assessment_are_compared_in_words() -> None:
    full = buyer_copy(scenario())
    quick = buyer_copy(a_record(quick=True))
    (change,) = difference(full, quick).result
    assert change == Change("Result", str(full.word), "Quick check done")
    assert difference(quick, full).result == (Change("Result", "Quick check done", str(full.word)),)


def test_other_answers_that_are_not_ordinary_are_no_difference_and_the_date_says_that_there_are_new_ones() -> None:
    answers = answers_of("farming", "farming medium")
    grave = {"core_documents": "employer", "core_min_wage": "some_not", "core_controller": "yes"}
    assert not set(grave) & ordinary_questions(edition_of("farming"))
    before = buyer_copy(a_record())
    after = replace(buyer_copy(a_record(change={**answers, **grave})), made_on="2026-12-24")
    for one, other in ((before, after), (after, before)):
        found = difference(one, other)
        assert not found.anything
        assert (found.before_on, found.again_on) == (one.made_on, other.made_on)
