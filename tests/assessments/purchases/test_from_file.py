from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.assessments.purchases.from_file import MOST_LINES, read_purchases
from assess.engine.purchases import Purchase

COUNTRIES = {"EC": "Ecuador", "GB": "United Kingdom", "DK": "Denmark", "TR": "Türkiye"}


def faults(*rows: object) -> list[str]:
    lines, said = read_purchases(list(rows), COUNTRIES)
    assert lines == ()
    return said


def test_lines_are_read_in_order() -> None:
    lines, said = read_purchases(
        [
            {"good": " Shrimp ", "country": "EC", "share": 12.5, "supplier": "Sea  Ltd"},
            {"good": "cleaning", "country": None, "share": None, "supplier": None},
            {"good": "rice", "supplier": " "},
        ],
        COUNTRIES,
    )
    assert said == []
    assert lines == (Purchase("Shrimp", "EC", 12.5, "Sea Ltd"), Purchase("cleaning"), Purchase("rice"))
    assert read_purchases(None, COUNTRIES) == ((), [])
    assert read_purchases([], COUNTRIES) == ((), [])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (5, "line 1: Give a group of keys, at least “good”; this is a number."),
        ({"country": "EC"}, "line 1, good: Say what is bought, like “Shrimp” or “cleaning”."),
        ({"good": "  "}, "line 1, good: Say what is bought"),
        ({"good": "\ufeff"}, "line 1, good: Say what is bought"),
        ({"good": "\u202e"}, "line 1, good: Say what is bought"),
        ({"good": " \u200b\u200d"}, "line 1, good: Say what is bought"),
        ({"good": 7}, "line 1, good: Give a text in quotes; this is a number."),
        ({"good": "x" * 121}, "line 1, good: Use 120 letters or fewer; this has 121."),
        ({"good": "x", "contry": "EC"}, "line 1: There is no key “contry”; did you mean “country”?"),
        ({"good": "x", "price": 1}, "line 1: There is no key “price”: take it out, or correct its name."),
        (
            {"good": "x", "country": "Ecuador"},
            "country: Write “EC” for Ecuador, or null where the country is not known.",
        ),
        ({"good": "x", "country": "ec"}, "country: Write “EC” for Ecuador"),
        ({"good": "x", "country": "UK"}, "country: Write “GB” for United Kingdom"),
        ({"good": "x", "country": "dk"}, "country: Write “DK” for Denmark, or null where the country is not known."),
        ({"good": "x", "country": "ZZ"}, "country: There is no country “ZZ”: give its two letters, like EC, or null"),
        (
            {"good": "x", "country": ["EC"]},
            "country: Give the two letters of a country as text, or null; this is a list.",
        ),
        (
            {"good": "x", "share": 100.1},
            "share: Give the share of all spending as a number from 0 to 100, or leave it out.",
        ),
        ({"good": "x", "share": -1}, "share: Give the share"),
        ({"good": "x", "share": "12"}, "share: Give the share"),
        ({"good": "x", "share": True}, "share: Give the share"),
        ({"good": "x", "share": float("nan")}, "share: Give the share"),
        ({"good": "x", "share": 10**400}, "share: Give the share"),
        ({"good": "x", "supplier": 7}, "supplier: Give a text in quotes; this is a number."),
        ({"good": "x\x00"}, "good: Take out the characters that cannot be printed."),
    ],
)
def test_each_fault_is_one_sentence_with_place_and_repair(row: object, said: str) -> None:
    found = faults(row)
    assert len(found) == 1
    assert found[0].startswith("organisation.purchases, line 1")
    assert said in found[0]


def test_all_faults_are_told_at_once() -> None:
    assert len(faults({"good": "x", "country": "ZZ", "share": 101}, {}, {"good": "y"}, 3)) == 4


def test_shares_over_a_hundred_together_are_a_fault() -> None:
    assert faults({"good": "x", "share": 60}, {"good": "y", "share": 60.5}) == [
        "organisation.purchases: The shares add up to 120.5, and together they can be 100 at most: correct them, or leave some out."
    ]
    thirds = [{"good": str(number), "share": 100 / 3} for number in range(3)]
    assert read_purchases(thirds, COUNTRIES)[1] == []


def test_something_else_than_a_list_and_a_list_without_end_are_refused() -> None:
    assert read_purchases({}, COUNTRIES)[1] == [
        "organisation.purchases: Give a list of lines in square brackets; this is a group of keys."
    ]
    rows = [{"good": "rice"}] * (MOST_LINES + 1)
    assert "at most 200" in read_purchases(rows, COUNTRIES)[1][0]
    assert len(read_purchases(rows[:60], COUNTRIES)[0]) == 60


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["good", "country", "share", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_whatever_is_written_is_answered_with_lines_or_sentences(value: Any) -> None:
    lines, said = read_purchases(value, COUNTRIES)
    assert not (lines and said)
    assert all(sentence.startswith("organisation.purchases") and "\n" not in sentence for sentence in said)
