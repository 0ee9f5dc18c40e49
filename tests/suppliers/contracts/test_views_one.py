from __future__ import annotations

from assess.suppliers.contracts.views_one import PARTS, _revision


def test_a_revision_nobody_could_have_seen_is_never_taken_for_the_newest() -> None:
    assert [_revision(said, 7) for said in ("3", "7", "99", "", "-1", "x", "٣", "9" * 40)] == [3, 7, 7, 1, 1, 1, 1, 1]


def test_a_new_contract_is_led_from_part_to_part() -> None:
    assert list(PARTS) == ["details", "headings", "tier", "steps"]
    assert [part.following for part in PARTS.values()] == ["", "tier", "steps", ""]
