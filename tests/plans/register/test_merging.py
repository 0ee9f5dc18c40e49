from __future__ import annotations

from dataclasses import replace

import pytest

from assess.plans.register.keeping import Change
from assess.plans.register.merging import put_in
from assess.plans.register.state import EvidenceNote

ONE = EvidenceNote(1, "Blue folder", "records", None, None, "said")
TWO = EvidenceNote(2, "Contract", "contract", "2026-11-01", None, "shown")
NEW = EvidenceNote(0, "Photo of the rota", "records", None, None, "said")
YES = Change(response="accepted", notes=(ONE, TWO))
NO = Change(response="will_not", reason="cost")


@pytest.mark.parametrize(
    ("typed", "meanwhile"),
    [
        ({"due": "2027-03-01"}, {"owner": "Her", "status": "under_way"}),
        ({"owner": "Me"}, {"due": "2027-03-01", "notes": (TWO,)}),
        ({"status": "done", "done_on": "2026-11-24"}, {"owner": "Her"}),
        ({"notes": (ONE, replace(TWO, grade="checked"))}, {"due": "2027-03-01", "notes": (TWO,)}),
        ({"notes": (TWO,)}, {"notes": (ONE, replace(TWO, title="Hers")), "owner": "Her"}),
        ({"notes": (ONE, TWO, NEW)}, {"notes": (replace(ONE, title="Hers"),), "status": "under_way"}),
    ],
)
def test_only_what_was_typed_is_put_in(typed: dict[str, object], meanwhile: dict[str, object]) -> None:
    there, mine = replace(YES, **meanwhile), replace(YES, **typed)  # type: ignore[arg-type]  # fields by name
    found = put_in(there, YES, mine)
    plain = {name: value for name, value in typed.items() if name != "notes"}
    assert replace(found, notes=()) == replace(there, notes=(), **plain)  # type: ignore[arg-type]  # as above
    if "notes" not in typed:
        assert found.notes == there.notes


def test_of_the_notes_only_the_one_that_was_typed_changes() -> None:
    hers = replace(YES, notes=(replace(ONE, title="Hers"), TWO))
    assert put_in(hers, YES, replace(YES, notes=(ONE, replace(TWO, grade="checked")))).notes == (
        replace(ONE, title="Hers"),
        replace(TWO, grade="checked"),
    )
    assert put_in(hers, YES, replace(YES, notes=(ONE,))).notes == (replace(ONE, title="Hers"),)
    assert put_in(hers, YES, replace(YES, notes=(ONE, TWO, NEW))).notes == (replace(ONE, title="Hers"), TWO, NEW)
    taken = replace(YES, notes=(ONE,))
    assert put_in(taken, YES, replace(YES, notes=(ONE, replace(TWO, title="Mine")))).notes == (
        ONE,
        replace(TWO, title="Mine"),
    )


def test_what_was_left_as_it_was_changes_nothing() -> None:
    for there in (NO, YES, Change(), replace(NO, due="2027-03-01")):
        assert put_in(there, YES, YES) == there


@pytest.mark.parametrize(
    ("there", "before", "after"),
    [
        (replace(NO, notes=(ONE,)), Change(), Change(response="accepted", owner="Me")),
        (NO, YES, replace(YES, due="2027-03-01")),
        (Change(response="already_done", status="done"), YES, replace(YES, status="under_way")),
        (Change(response="already_done", status="done"), YES, replace(YES, due="2027-03-01")),
        (Change(response="accepted", due="2027-03-01"), Change(), replace(NO, reason_text="Too much")),
        (Change(response="accepted", status="done", done_on="2026-11-24"), YES, replace(YES, status="under_way")),
        (Change(response="accepted"), NO, replace(NO, reason_text="Too much")),
    ],
)
def test_where_the_parts_would_make_no_answer_the_whole_answer_is_put_in(
    there: Change, before: Change, after: Change
) -> None:
    assert put_in(there, before, after) == replace(after, notes=there.notes)
