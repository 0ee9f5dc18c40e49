"""A condition as lines of menus, and back. What is too deep for the menus is left as it is.

A *line* puts one test to one subject. Lines stand in *parts*, each joined in one way; the parts are joined in one way, too.
Subjects are questions, facts, shorthands (`term:NAME`) or duties (`duty:NAME`), whatever the caller lets people choose from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assess.banks.schema_fields import options_as_text
from assess.engine.conditions import All, Always, Any, Applies, Asked, AtLeastOf, Condition, Leaf, Not, Operand, Term
from assess.engine.leaf_tests import Test
from assess.engine.nodes import DocumentError
from assess.engine.reading_conditions import read_condition

Joined = Literal["all", "any", "at_least"]
Plain = str | float | bool
Choice = Literal[
    "one_of", "any_of", "exactly", "is", "at_least", "at_most", "more_than", "less_than", "before", "after",
    "asked", "met", "applies",
]  # fmt: skip
"""What a line tests, as the menus have it: “is one of these” serves one option as well as several."""

TERM, DUTY = "term:", "duty:"
_NUMBER: tuple[Choice, ...] = ("is", "at_least", "at_most", "more_than", "less_than")
FITTING: Mapping[str, tuple[Choice, ...]] = {
    "choice": ("one_of",),
    "choices": ("any_of", "exactly"),
    "number": _NUMBER,
    "percentage": _NUMBER,
    "money": _NUMBER,
    "date": ("is", "before", "after"),
    "yes_no": ("is",),
    "term": ("met",),
    "duty": ("applies",),
}
"""Which tests fit which type of subject. A text or a table can only be asked about with “was asked”."""
WITHOUT_VALUE = frozenset({"asked", "met", "applies"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line may be about. `options` are ids and labels; `group` is the heading it stands under; facts are never “asked”."""

    id: str
    words: str
    type: str
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""
    can_be_asked: bool = True

    @property
    def tests(self) -> tuple[Choice, ...]:
        """The tests that fit it."""
        return (*FITTING.get(self.type, ()), *(("asked",) if self.can_be_asked else ()))


@dataclass(frozen=True, slots=True)
class Line:
    """One test of one subject. `turned` round it is true where the test is not."""

    subject: str
    test: Choice
    values: tuple[Plain, ...] = ()
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that are joined. `n` counts for “at least n of these” alone."""

    lines: tuple[Line, ...]
    joined: Joined = "all"
    n: int = 1
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The whole. Without parts it is true for everybody."""

    parts: tuple[Part, ...] = ()
    joined: Joined = "all"
    n: int = 1
    turned: bool = False


class _TooDeepError(Exception):
    pass


def rows_of(written: object, subjects: Mapping[str, Subject]) -> Rows | None:
    """The lines of a condition as it stands in a file. None when the menus cannot show it: it is too deep, or reads what they do not offer."""
    if written is None:
        return Rows()
    try:
        return _rows(plainest(read_condition(options_as_text(written))), subjects)
    except (DocumentError, _TooDeepError):
        return None


def condition_of(rows: Rows) -> object:
    """The condition as a file holds it, None when it is true for everybody. The lines must be whole."""
    parts = [
        _joined([_of_line(line) for line in part.lines], part.joined, part.n, turned=part.turned)
        for part in rows.parts
        if part.lines
    ]
    return _joined(parts, rows.joined, rows.n, turned=rows.turned) if parts else None


def plainest(condition: Condition) -> Condition:
    """The shortest way to say the same: no groups of one, no list of one option, nothing turned round twice."""
    match condition:
        case Leaf(subject, test, value):
            return _plain_leaf(subject, test, value)
        case Not(part):
            inner = plainest(part)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case All(parts) | Any(parts) | AtLeastOf(_, parts):
            inside = tuple(plainest(part) for part in parts)
            if len(inside) == 1:
                return inside[0]
            if isinstance(condition, AtLeastOf):
                return AtLeastOf(condition.n, inside)
            return All(inside) if isinstance(condition, All) else Any(inside)
        case _:
            return condition


def _plain_leaf(subject: str, test: Test, value: Operand) -> Leaf:
    if not isinstance(value, tuple) or len(value) > 1:
        return Leaf(subject, "includes" if test == "includes_any" and not isinstance(value, tuple) else test, value)
    alone: Mapping[Test, Test] = {"is_one_of": "is", "includes_any": "includes"}
    return Leaf(subject, alone.get(test, test), value[0])


# --- from a condition ---


def _rows(condition: Condition, subjects: Mapping[str, Subject]) -> Rows:
    if isinstance(condition, Always):
        return Rows()
    inner, turned = _unturned(condition)
    if not isinstance(inner, (All, Any, AtLeastOf)):
        return Rows((Part((_line(condition, subjects),)),))
    joined, n = _join_of(inner)
    if all(not isinstance(_unturned(part)[0], (All, Any, AtLeastOf)) for part in inner.parts):
        return Rows((_part(condition, subjects),))
    return Rows(tuple(_part(part, subjects) for part in inner.parts), joined, n, turned)


def _part(condition: Condition, subjects: Mapping[str, Subject]) -> Part:
    inner, turned = _unturned(condition)
    if not isinstance(inner, (All, Any, AtLeastOf)):
        return Part((_line(condition, subjects),))
    joined, n = _join_of(inner)
    return Part(tuple(_line(part, subjects) for part in inner.parts), joined, n, turned)


def _unturned(condition: Condition) -> tuple[Condition, bool]:
    return (condition.part, True) if isinstance(condition, Not) else (condition, False)


def _join_of(condition: All | Any | AtLeastOf) -> tuple[Joined, int]:
    if isinstance(condition, AtLeastOf):
        return "at_least", condition.n
    return ("all" if isinstance(condition, All) else "any"), 1


def _line(condition: Condition, subjects: Mapping[str, Subject]) -> Line:
    inner, turned = _unturned(condition)
    match inner:
        case Leaf(subject, test, value):
            found = _leaf_line(subject, test, value, subjects, turned=turned)
        case Asked(question):
            found = Line(question, "asked", turned=turned)
        case Term(name):
            found = Line(f"{TERM}{name}", "met", turned=turned)
        case Applies(name):
            found = Line(f"{DUTY}{name}", "applies", turned=turned)
        case _:
            raise _TooDeepError
    about = subjects.get(found.subject)
    if about is None or found.test not in about.tests:
        raise _TooDeepError
    return found


def _leaf_line(name: str, test: Test, value: Operand, subjects: Mapping[str, Subject], *, turned: bool) -> Line:
    subject = subjects.get(name)
    if subject is None:
        raise _TooDeepError
    if subject.type in {"choice", "choices"}:
        shown: Mapping[str, Mapping[Test, Choice]] = {
            "choice": {"is": "one_of", "is_one_of": "one_of"},
            "choices": {"is": "exactly", "includes": "any_of", "includes_any": "any_of"},
        }
        values = tuple(str(one) for one in (value if isinstance(value, tuple) else (value,)))
        known = {option for option, _ in subject.options}
        choice = shown[subject.type].get(test)
        if choice is None or not known.issuperset(values) or (subject.type == "choice" and test == "is" and values[1:]):
            raise _TooDeepError
        return Line(name, choice, values, turned)
    if isinstance(value, tuple) or test not in FITTING.get(subject.type, ()) or not _fits(subject.type, value):
        raise _TooDeepError
    return Line(name, test, (value,), turned)


def _fits(kind: str, value: Plain) -> bool:
    if kind == "yes_no":
        return isinstance(value, bool)
    return isinstance(value, str) if kind == "date" else isinstance(value, (int, float)) and not isinstance(value, bool)


# --- to a condition ---


def _joined(parts: list[object], joined: Joined, n: int, *, turned: bool) -> object:
    if len(parts) == 1:
        return _not(parts[0]) if turned else parts[0]
    whole: object = {"at_least_of": {"n": n, "of": parts}} if joined == "at_least" else {joined: parts}
    return _not(whole) if turned else whole


def _not(condition: object) -> object:
    if isinstance(condition, dict) and list(condition) == ["not"]:
        return condition["not"]
    return {"not": condition}


def _of_line(line: Line) -> object:
    return _not(_test_of(line)) if line.turned else _test_of(line)


def _test_of(line: Line) -> object:
    several = list(line.values)
    named = {
        "asked": ("asked", ""),
        "met": ("term", TERM),
        "applies": ("applies", DUTY),
    }
    if line.test in named:
        word, prefix = named[line.test]
        return {word: line.subject.removeprefix(prefix)}
    if line.test == "exactly":
        return {line.subject: {"is": several}}
    short, long = {"one_of": ("is", "is_one_of"), "any_of": ("includes", "includes_any")}.get(
        line.test, (line.test, "")
    )
    return {line.subject: {short: several[0]} if len(several) == 1 else {long: several}}
