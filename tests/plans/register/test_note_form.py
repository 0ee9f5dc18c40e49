from __future__ import annotations

from assess.assessments.careful.places import mark_of
from assess.plans.register.note_form import TypedNote, note_of, read_note, typed_of
from assess.plans.register.state import EvidenceNote

TODAY = "2026-11-24"
NOTE = EvidenceNote(3, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


def test_a_form_drawn_from_a_note_says_that_note() -> None:
    assert note_of(typed_of(NOTE), 3, TODAY) == (NOTE, {})


def test_a_title_is_read_beside_ordinary_items_alone() -> None:
    form = {"title": "Ana’s passport", "kind": "records", "grade": "said"}
    assert read_note(form, ordinary=True).title == "Ana’s passport"
    assert "Ana" not in repr(read_note(form, ordinary=False))


def test_all_that_is_wrong_is_said_at_once() -> None:
    typed = TypedNote(title="passport 533401372", dated="25 11 2026", good_until="1 1 2026")
    _, faults = note_of(typed, 0, TODAY)
    assert set(faults) == {"title", "kind", "dated", "good_until", "grade"}


def test_whoever_is_sure_is_not_asked_again() -> None:
    typed = TypedNote(
        title="passport 533401372", kind="check", grade="said", ticks=frozenset({mark_of("passport 533401372")})
    )
    assert note_of(typed, 0, TODAY) == (EvidenceNote(0, "passport 533401372", "check", None, None, "said"), {})
