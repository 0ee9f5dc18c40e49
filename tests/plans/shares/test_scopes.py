from __future__ import annotations

from assess.plans.shares.scopes import HINTS, ORDER, TITLES, Scope


def test_each_scope_shows_all_that_the_ones_before_it_show() -> None:
    for place, scope in enumerate(ORDER):
        assert [scope.shows(part) for part in ORDER] == [number <= place for number in range(len(ORDER))]


def test_each_scope_has_its_words() -> None:
    assert set(TITLES) == set(HINTS) == set(Scope)
