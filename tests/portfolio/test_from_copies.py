"""What a row takes from the copies that are shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assess.plans.shares.document import SharedCopy, shared_copy
from assess.plans.shares.duties import SharedDuty
from assess.plans.shares.scopes import Scope
from assess.plans.talk.steps import step_key
from assess.portfolio.from_copies import bars_of, duties_of, goods_of, open_steps, worst_band
from tests.engine.real_banks import edition_of
from tests.plans.records import scenario
from tests.plans.shares.test_duties import STATEMENT, large

DUE = date(2027, 3, 1)


@pytest.fixture(scope="module")
def copy() -> SharedCopy:
    return shared_copy(large(), edition_of("farming"), {}, Scope.PLAN, "2026-11-24")


def banded(copy: SharedCopy, band: str) -> SharedCopy:
    assert copy.copy.rating
    return replace(copy, copy=replace(copy.copy, rating=replace(copy.copy.rating, band=band)))


def test_the_band_is_the_worst_and_none_as_soon_as_one_is_not_known(copy: SharedCopy) -> None:
    assert worst_band([]) is None
    assert worst_band([banded(copy, "low"), banded(copy, "high")]) == "high"
    assert worst_band([banded(copy, "low"), banded(copy, "not_rated")]) is None


def test_a_copy_without_a_band_gives_nothing_that_urgent_advice_would_take_away(copy: SharedCopy) -> None:
    not_rated = banded(copy, "not_rated")
    urgent = replace(copy, copy=replace(copy.copy, rating=None, buying=None), plan=None, duties=None)
    assert bars_of([copy])
    for take in (bars_of, goods_of, duties_of, worst_band):
        assert take([not_rated]) == take([urgent])
    agreed = {step_key(step.do): DUE for step in copy.copy.actions}
    assert open_steps(not_rated, agreed) == open_steps(urgent, agreed)


def test_of_several_copies_the_shorter_bar_counts(copy: SharedCopy) -> None:
    assert copy.copy.rating
    shorter = replace(
        copy,
        copy=replace(
            copy.copy,
            rating=replace(copy.copy.rating, bars=tuple(replace(bar, step=1) for bar in copy.copy.rating.bars)),
        ),
    )
    assert set(bars_of([copy, shorter]).values()) == {1}


def test_an_agreed_date_counts_before_that_of_the_plan(copy: SharedCopy) -> None:
    plain = open_steps(copy, {})
    assert plain
    moved = open_steps(copy, {step_key(plain[0].do): DUE})
    assert {step.do: step.due for step in moved}[plain[0].do] == DUE
    assert [step.due or date.min for step in moved] == sorted(step.due or date.min for step in moved)


def test_without_a_plan_the_proposed_steps_count() -> None:
    short = shared_copy(scenario(), edition_of("farming"), {}, Scope.BUYER_COPY, "2026-11-24")
    assert [step.do for step in open_steps(short, {})]
    assert {step.do for step in open_steps(short, {})} == {step.do for step in short.copy.actions}


def test_a_duty_is_done_only_when_every_copy_says_so(copy: SharedCopy) -> None:
    done = replace(copy, duties=(SharedDuty(STATEMENT, "Statement", "likely", "2026-09-30", done=True),))
    open_ = replace(copy, duties=(SharedDuty(STATEMENT, "Statement", "likely", "2026-09-30", done=False),))
    assert duties_of([done]) == {STATEMENT: ("Statement", True)}
    assert duties_of([done, open_]) == duties_of([open_, done]) == {STATEMENT: ("Statement", False)}
    assert duties_of([replace(copy, duties=None)]) == {}
