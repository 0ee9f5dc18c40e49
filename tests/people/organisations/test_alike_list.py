"""A list of names finds the same look-alikes as a comparison of each with each, without doing that."""

from __future__ import annotations

import pytest

from assess.people.organisations import alike_list
from assess.people.organisations.alike import are_alike
from assess.people.organisations.alike_list import NamesInOrder
from tests.people.organisations.test_alike import ALIKE, APART

NAMES = [name for pair in (*ALIKE, *APART) for name in pair] + ["!?", "!?", "Ltd"]


def test_it_finds_what_comparing_each_with_each_finds() -> None:
    names = NamesInOrder(NAMES)
    for one in NAMES:
        wanted = {place for place, other in enumerate(NAMES) if are_alike(one, other)}
        assert names.alike(one) == wanted, one


def test_what_cannot_be_nearly_the_same_is_not_compared_letter_by_letter() -> None:
    names = NamesInOrder([f"Farm of {chr(97 + place % 26) * 9} and {place} more" for place in range(500)])
    names.alike("Norfolk County Council")
    assert names.compared == 0


def test_beyond_so_many_comparisons_a_name_counts_as_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the same letters in another order: nobody hides one behind many."""
    monkeypatch.setattr(alike_list, "MOST_COMPARED", 3)
    names = NamesInOrder(["abcdefghij", "jihgfedcba", "jihgfedcab", "ihgfedcbaj", "hgfedcbaij"])
    assert names.alike("abcdefghij") == {0, 4}, "the fourth comparison is not made"
    assert names.compared == 4
