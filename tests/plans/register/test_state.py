from __future__ import annotations

import json

import pytest

from assess.plans.register.state import (
    NOTHING_YET,
    UNTOUCHED,
    EvidenceNote,
    ItemState,
    digest_of_state,
    state_as_data,
    state_from_data,
)

NOTE = EvidenceNote(1, "Blue folder", "records", "2026-11-01", None, "said")
STATE = {
    "farm_pay_basis": ItemState(response="accepted", owner="Jo", due="2026-12-24", revision=2, notes=(NOTE,)),
    "core_documents": ItemState(response="will_not", reason="cost", revision=1),
}


def test_the_state_survives_being_written_as_text() -> None:
    assert state_from_data(json.loads(json.dumps(state_as_data(STATE)))) == STATE


def test_what_nobody_touched_leaves_no_trace() -> None:
    assert state_as_data({**STATE, "core_debt": UNTOUCHED}) == state_as_data(STATE)
    assert digest_of_state(NOTHING_YET) == digest_of_state({"core_debt": UNTOUCHED}) == ""


def test_the_digest_is_of_the_content_and_not_of_the_order() -> None:
    turned = dict(reversed(list(STATE.items())))
    assert digest_of_state(turned) == digest_of_state(STATE)
    assert digest_of_state(STATE) != digest_of_state({**STATE, "core_documents": ItemState(response="accepted")})
    assert len(digest_of_state(STATE)) == 64


@pytest.mark.parametrize(
    ("state", "settled"),
    [
        (ItemState(), False),
        (ItemState(response="accepted", status="under_way"), False),
        (ItemState(response="accepted", status="done"), True),
        (ItemState(response="already_done"), True),
        (ItemState(response="will_not"), True),
    ],
)
def test_what_is_settled_needs_nothing_more(state: ItemState, *, settled: bool) -> None:
    assert state.settled is settled
