from __future__ import annotations

import pytest

from assess.engine.texts import PlaceholderError, fill, placeholders


def test_placeholders_are_found_in_order_with_repeats() -> None:
    assert placeholders("Pay {wage}, not less than {wage}; call {helpline}.") == ("wage", "wage", "helpline")


def test_braces_that_are_no_names_stay_as_they_are() -> None:
    assert placeholders("{} {A} { wage } {1}") == ()
    assert fill("{} {A} { wage } {1}", {}) == "{} {A} { wage } {1}"


def test_every_placeholder_is_filled() -> None:
    assert fill("At least {wage} an hour, {wage} each.", {"wage": "£12"}) == "At least £12 an hour, £12 each."


def test_a_filled_text_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "no"}) == "{b}"


def test_a_placeholder_without_a_value_says_what_to_do() -> None:
    with pytest.raises(PlaceholderError, match=r"nothing stands for \{wage\}; give it a value") as caught:
        fill("Pay {wage}.", {})
    assert caught.value.name == "wage"
