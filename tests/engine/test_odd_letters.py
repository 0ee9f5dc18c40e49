from __future__ import annotations

import pytest

from assess.engine.odd_letters import odd_letter


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 0300\u202e 4321", "U+202E"),
        ("Call\u200b now", "U+200B"),
        ("Call 0３00", "U+FF13"),
        ("Call ٣", "U+0663"),
        ("wage\u2028", "U+2028"),
        ("Pay£\u00a012.21 – “at least”, café\tor more\r\n", None),
    ],
)
def test_the_first_letter_that_is_not_what_it_looks_like(text: str, found: str | None) -> None:
    assert odd_letter(text) == found
