"""The small pieces of sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assess.assessments.wording import did_you_mean, kind_of, listed, quoted


@given(st.text())
def test_a_quote_is_one_short_line_that_any_terminal_can_show(text: str) -> None:
    shown = quoted(text)
    assert len(shown) <= 63
    assert shown.encode()
    assert not any(ord(letter) < 32 or letter == "\x7f" for letter in shown)


def test_only_a_near_word_is_offered() -> None:
    assert did_you_mean("wroker", ["worker", "employer"]) == "; did you mean “worker”?"
    assert did_you_mean("zzz", ["worker", "employer"]) == ""


def test_a_long_list_loses_its_tail() -> None:
    assert listed([str(number) for number in range(14)]).endswith("11 and 2 more")
    assert listed(["a", "b"]) == "a, b"


def test_kinds_are_words() -> None:
    assert [kind_of(value) for value in (None, True, 1, "a", [], {}, b"")] == [
        "nothing", "true or false", "a number", "a text", "a list", "a group of keys", "something else",
    ]  # fmt: skip
