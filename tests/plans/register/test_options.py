from __future__ import annotations

from typing import get_args

from assess.plans.register.options import DUTY_RESPONSES, GRADES, KINDS, REASONS, RESPONSES, STATUSES, known
from assess.plans.register.state import Grade, Response, Status


def test_what_can_be_picked_is_what_the_state_knows() -> None:
    assert tuple(RESPONSES) == get_args(Response)
    assert tuple(STATUSES) == get_args(Status)
    assert tuple(GRADES) == get_args(Grade)
    assert set(DUTY_RESPONSES) == set(RESPONSES) - {"will_not"}


def test_ids_fit_their_columns() -> None:
    assert max(len(name) for options in (REASONS, KINDS) for name in options) <= 40
    assert max(len(name) for options in (RESPONSES, STATUSES, GRADES) for name in options) <= 20


def test_an_id_of_another_release_reads_as_something() -> None:
    assert known(REASONS, "cost") == "It costs too much now"
    assert known(REASONS, "forgotten", "forgotten") == "forgotten"
