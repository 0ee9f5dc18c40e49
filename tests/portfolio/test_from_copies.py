"""What a row takes from the copies that are shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assess.engine.buyer_view import EverydayBand
from assess.plans.shares.document import SharedCopy, shared_copy
from assess.plans.shares.duties import SharedDuty
from assess.plans.shares.scopes import Scope
from assess.plans.talk.steps import step_key
from assess.portfolio.from_copies import bars_of, duties_of, open_steps, shows_plan, worst_band
from tests.engine.real_banks import edition_of
from tests.plans.records import a_record, scenario
from tests.plans.shares.test_duties import LARGE, STATEMENT, large

DUE = date(2027, 3, 1)


@pytest.fixture(scope="module")
def copy() -> SharedCopy:
    return shared_copy(large(), edition_of("farming"), {}, Scope.PLAN)


def banded(copy: SharedCopy, band: EverydayBand | None) -> SharedCopy:
    return replace(copy, copy=replace(copy.copy, band=band))


def test_the_band_is_the_worst_and_none_as_soon_as_one_is_not_known(copy: SharedCopy) -> None:
    assert worst_band([]) is None
    assert worst_band([banded(copy, "low"), banded(copy, "high")]) == "high"
    assert worst_band([banded(copy, "low"), banded(copy, None)]) is None


def test_a_quick_check_gives_everything_but_a_band_and_bars(copy: SharedCopy) -> None:
    record = a_record("farming", "farming medium", facts=LARGE, quick=True)
    quick = shared_copy(record, edition_of("farming"), {}, Scope.PLAN)
    assert worst_band([quick]) is None
    assert bars_of([quick]) == {}
    assert open_steps(quick, {})
    assert shows_plan(quick)
    assert duties_of([quick]) == duties_of([copy]) != {}


def test_of_several_copies_the_shorter_bar_counts(copy: SharedCopy) -> None:
    bars = tuple(replace(bar, step=1) for bar in copy.copy.bars)
    shorter = replace(copy, copy=replace(copy.copy, bars=bars))
    assert set(bars_of([copy, shorter]).values()) == {1}
    assert set(bars_of([copy]).values()) != {1}


def test_what_was_to_be_begun_at_once_is_late_after_a_week(copy: SharedCopy) -> None:
    assert copy.plan
    step = replace(copy.plan[0], due="2026-11-24")
    for at_once, late in ((False, date(2026, 11, 25)), (True, date(2026, 12, 2))):
        (found,) = open_steps(replace(copy, plan=(replace(step, at_once=at_once),)), {})
        assert (found.due, found.at_once, found.late_from) == (date(2026, 11, 24), at_once, late)
    (agreed,) = open_steps(replace(copy, plan=(replace(step, at_once=True),)), {step_key(step.do): DUE})
    assert (agreed.due, agreed.at_once, agreed.late_from) == (DUE, False, date(2027, 3, 2))
    (later,) = open_steps(replace(copy, plan=(replace(step, due=None),)), {})
    assert later.late_from is None


def test_an_agreed_date_counts_before_that_of_the_plan(copy: SharedCopy) -> None:
    plain = open_steps(copy, {})
    assert plain
    moved = open_steps(copy, {step_key(plain[0].do): DUE})
    assert {step.do: step.due for step in moved}[plain[0].do] == DUE
    assert [step.due or date.max for step in moved] == sorted(step.due or date.max for step in moved)


def test_without_a_plan_the_proposed_steps_count() -> None:
    short = shared_copy(scenario(), edition_of("farming"), {}, Scope.BUYER_COPY)
    assert [step.do for step in open_steps(short, {})]
    assert {step.do for step in open_steps(short, {})} == {step.do for step in short.copy.actions}


def test_a_duty_is_done_only_when_every_copy_says_so(copy: SharedCopy) -> None:
    done = replace(copy, duties=(SharedDuty(STATEMENT, "Statement", "likely", "2026-09-30", done=True),))
    open_ = replace(copy, duties=(SharedDuty(STATEMENT, "Statement", "likely", "2026-09-30", done=False),))
    assert duties_of([done]) == {STATEMENT: ("Statement", True)}
    assert duties_of([done, open_]) == duties_of([open_, done]) == {STATEMENT: ("Statement", False)}
    assert duties_of([replace(copy, duties=None)]) == {}
