from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assess.editor.use.counting import Answered, Counted, Typed, counted, share, use_of, whole_tens
from tests.builders import a_question, a_sign_question

AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


def typed(first: int, last: int | None = None, times: int = 1) -> Typed:
    """Minutes after the beginning."""
    return Typed(AT + timedelta(minutes=first), AT + timedelta(minutes=first if last is None else last), times)


def test_what_was_left_open_and_not_known_is_counted() -> None:
    one = Answered({"pay": "good", "home": "dk", "kinds": ["dk"], "hours": None}, {})
    assert counted([one, one]) == {
        "pay": Counted(2),
        "home": Counted(2, not_known=2),
        "kinds": Counted(2, not_known=2),
        "hours": Counted(2, left_open=2),
    }


@pytest.mark.parametrize(
    ("when", "changed"),
    [
        (typed(1, 30, times=2), 1),  # after the last question had its first answer
        (typed(1, 5, times=2), 0),  # on the way
        (typed(1), 0),  # never
        (typed(20), 0),  # itself the last
    ],
)
def test_changed_at_the_end_is_after_everything_else_had_an_answer(when: Typed, changed: int) -> None:
    one = Answered({"pay": "good"}, {"pay": when, "home": typed(20)})
    assert counted([one])["pay"].changed == changed


def test_small_parts_and_their_rest_point_to_nobody() -> None:
    assert share(9, 9) == "too few to say"
    assert {share(part, 20) for part in (0, 1, 2)} == {"fewer than 3"}
    assert {share(part, 20) for part in (18, 19, 20)} == {"nearly all"}
    assert (share(3, 20), share(17, 20), share(7, 30)) == ("about 15%", "about 85%", "about 25%")


def test_a_question_about_danger_and_a_fact_are_not_counted() -> None:
    many = Counted(40, 20, 10, 10)
    assert use_of(a_question("pay"), many).told
    assert use_of(a_question("pay"), many).not_known == "about 50%"
    assert not use_of(a_question("pay"), None).told
    for question in (a_sign_question("keep"), replace(a_question("size"), kind="fact")):
        use = use_of(question, many)
        assert (use.told, {use.not_known, use.left_open, use.changed}) == (False, {"not counted"})


def test_more_are_counted_in_tens_only() -> None:
    assert [whole_tens(count) for count in (0, 9, 10, 19, 20)] == [0, 0, 10, 10, 20]
