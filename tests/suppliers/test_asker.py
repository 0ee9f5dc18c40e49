"""Who asks, as a supplier reads it: a name counts only while a person has confirmed it."""

from __future__ import annotations

from datetime import date

import pytest

from assess.people.models import NameState, Organisation
from assess.suppliers.asker import asker_of, is_confirmed
from tests.people.persons import confirm_name


@pytest.mark.parametrize("state", NameState)
def test_a_name_counts_as_true_only_in_the_one_state(state: NameState) -> None:
    buyer = Organisation(name="The Council", domain="council.example")
    confirm_name(buyer, "council.example")
    buyer.name_state = state
    found, counts = asker_of(buyer), state is NameState.CONFIRMED
    assert (found.name, found.note) == ("The Council", None if counts else "name not confirmed")
    assert is_confirmed(buyer) is counts
    assert ("council.example" in (found.shown or "")) is counts
    assert (found.shown is None) is not counts


def test_a_confirmation_that_is_over_counts_no_longer() -> None:
    buyer = Organisation(name="The Council")
    confirm_name(buyer, until=date(2020, 1, 1))
    assert asker_of(buyer).note == "name not confirmed"
