"""A list of names in which those that look like another are found without comparing all of them.

Each name is brought into its forms once. What is the same is looked up. What may be nearly the same has about as many letters, and about the
same ones: only that is compared letter by letter, and so often at most. Beyond that a name counts as alike, so that nobody hides one
behind many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assess.people.organisations.alike import LEAST_FOR_NEAR, MOST_CHANGES, are_near, forms_of

MOST_COMPARED = 5000
"""Pairs compared letter by letter for one page: about a second in the worst case."""
_KINDS = 61


class NamesInOrder:
    """Names by their place in a list."""

    def __init__(self, names: Sequence[str]) -> None:
        self._same: dict[str, set[int]] = defaultdict(set)
        self._by_length: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
        self._bare: dict[str, set[int]] = defaultdict(set)
        self.compared = 0
        for place, name in enumerate(names):
            forms = forms_of(name)
            if not forms:
                self._bare[name.casefold()].add(place)
            for form in forms:
                self._same[form].add(place)
                if len(form) >= LEAST_FOR_NEAR:
                    self._by_length[len(form)].append((_odd_letters(form), form, place))

    def alike(self, name: str) -> set[int]:
        """The places of all names that somebody could take for this one, its own among them."""
        forms = forms_of(name)
        found = set(self._bare.get(name.casefold(), ())) if not forms else set()
        for form in forms:
            found |= self._same.get(form, set())
            if len(form) >= LEAST_FOR_NEAR:
                found |= self._near(form, found)
        return found

    def _near(self, form: str, known: set[int]) -> set[int]:
        found: set[int] = set()
        letters = _odd_letters(form)
        for length in range(len(form) - MOST_CHANGES, len(form) + MOST_CHANGES + 1):
            for others, other, place in self._by_length.get(length, ()):
                # each change makes the number of at most two letters odd or even
                if (letters ^ others).bit_count() > 2 * MOST_CHANGES or place in known or place in found:
                    continue
                self.compared += 1
                if self.compared > MOST_COMPARED or are_near(form, other):
                    found.add(place)
        return found


def _odd_letters(form: str) -> int:
    """Which letters stand in it an odd number of times, each as a bit."""
    bits = 0
    for letter in form:
        bits ^= 1 << ord(letter) % _KINDS
    return bits
