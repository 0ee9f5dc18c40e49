"""What the menus of a condition say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from assess.editor.conditions.rows import Choice, Subject
from assess.editor.conditions.typed import NOT

_SAID: Mapping[Choice, tuple[str, str]] = {
    "one_of": ("is one of these", "is none of these"),
    "any_of": ("includes at least one of these", "includes none of these"),
    "exactly": ("is exactly these", "is not exactly these"),
    "is": ("is", "is not"),
    "at_least": ("is at least", "is not at least"),
    "at_most": ("is at most", "is not at most"),
    "more_than": ("is more than", "is not more than"),
    "less_than": ("is less than", "is not less than"),
    "before": ("is before", "is not before"),
    "after": ("is after", "is not after"),
    "asked": ("was asked", "was not asked"),
    "met": ("is true", "is not true"),
    "applies": ("applies", "does not apply"),
}


def _joins(what: str) -> list[tuple[str, str]]:
    return [
        ("all", f"All of these {what} are true"),
        ("any", f"At least one of these {what} is true"),
        ("at_least", f"At least this many of these {what} are true"),
        (f"{NOT}all", f"Not all of these {what} are true"),
        (f"{NOT}any", f"None of these {what} is true"),
        (f"{NOT}at_least", f"Fewer than this many of these {what} are true"),
    ]


JOINS_OF_LINES = _joins("lines")
JOINS_OF_PARTS = _joins("groups")


def choices_for(subject: Subject) -> list[tuple[str, str]]:
    """The tests that fit a subject, as a form sends them and as people read them; then the same turned round."""
    return [(test, _SAID[test][0]) for test in subject.tests] + [
        (f"{NOT}{test}", _SAID[test][1]) for test in subject.tests
    ]


def groups_of(subjects: Iterable[Subject]) -> list[tuple[str, list[Subject]]]:
    """Subjects under the heading they stand under, in the order they come."""
    return [(group, list(found)) for group, found in groupby(subjects, key=attrgetter("group"))]
