"""A buyer's list: put on, changed, taken off, put back, shown together."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from assess.suppliers.keeping import Details, add, archive, change, find_same, shown_as_one, take_up_again
from assess.suppliers.models import Size, What
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, later

pytestmark = pytest.mark.both_databases


def test_the_same_one_is_never_put_on_twice(session: Session) -> None:
    council = a_buyer(session, "The Council")
    details = Details("Farm", "a@b.example", size=Size.SMALL, spend_gbp=5000)
    one, new = add(session, council.id, details, TODAY, by=None)
    again, newer = add(session, council.id, details, TODAY, by=None)
    assert (new, newer, again.id) == (True, False, one.id)
    assert (one.size, one.spend_gbp) == (Size.SMALL, 5000)
    assert find_same(session, council.id, details) is one
    assert len(trail_of(session, [one.id])) == 1


def test_it_stays_the_same_when_it_is_told_otherwise(session: Session) -> None:
    council = a_buyer(session, "The Council")
    farm = a_supplier(session, council, "Farm")
    change(session, farm, Details("Fen Farm", reference="S-1"), TODAY, by=None)
    assert find_same(session, council.id, Details("Whatever", reference="s-1")) is farm


def test_taking_off_and_putting_back_are_noted_once_each(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    for _ in range(2):
        archive(session, farm, later(1), by=None)
    assert farm.archived_at == later(1)
    for _ in range(2):
        take_up_again(session, farm, later(2), by=None)
    assert [event.what for event in trail_of(session, [farm.id])] == [What.ADDED, What.ARCHIVED, What.TAKEN_UP_AGAIN]


def test_what_is_put_together_is_shown_together_the_first_in_front(session: Session) -> None:
    council = a_buyer(session, "The Council")
    one, two = a_supplier(session, council, "One"), a_supplier(session, council, "Two")
    two.merged_into = one.id
    session.flush()
    assert [found.id for found in shown_as_one(session, two)] == [one.id, two.id]
    assert [found.id for found in shown_as_one(session, one)] == [one.id, two.id]
