"""A condition said back in the words of the bank, for people who read no YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assess.engine.bank import Duty, Edition, Fact, Question
from assess.engine.conditions import (
    All,
    Always,
    Any,
    Applies,
    AtLeastOf,
    Condition,
    Leaf,
    Not,
    Term,
)
from assess.engine.leaf_tests import Operand, Test

ALWAYS = "always"
_TESTS: Mapping[Test, str] = {
    "is": "is",
    "is_one_of": "is one of",
    "includes": "includes",
    "includes_any": "includes at least one of",
    "at_least": "is",
    "at_most": "is",
    "more_than": "is more than",
    "less_than": "is less than",
    "before": "is before",
    "after": "is after",
}
_AFTER: Mapping[Test, str] = {"at_least": " or more", "at_most": " or less"}


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called. An id nobody knows is said as it is written."""

    questions: Mapping[str, Question] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    terms: Mapping[str, Condition] = field(default_factory=dict)

    def of(self, subject: str) -> str:
        """The words of a question or a fact, in quotes."""
        known = self.questions.get(subject) or self.facts.get(subject)
        return f"“{known.ask if known else subject}”"

    def value(self, subject: str, value: Operand) -> str:
        """A value as people read it: the labels of options, yes and no, numbers as they are."""
        if isinstance(value, tuple):
            return ", ".join(self.value(subject, one) for one in value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        known = self.questions.get(subject) or self.facts.get(subject)
        labels = {option.id: option.label for option in known.options} if known else {}
        return f"“{labels[value]}”" if isinstance(value, str) and value in labels else f"{value}"


def names_of(edition: Edition) -> Names:
    """The names an edition gives."""
    book = edition.duty_book
    return Names(
        {question.id: question for question in edition.questions()},
        {fact.id: fact for fact in book.facts},
        {duty.id: duty for duty in book.duties},
        book.terms,
    )


def condition_in_words(condition: Condition | None, names: Names) -> str:
    """One line of plain English. Parts inside parts stand in brackets, so that it can be read in one way only."""
    return ALWAYS if condition is None else _said(condition, names, inside=False)


def _said(condition: Condition, names: Names, *, inside: bool) -> str:
    match condition:
        case Leaf():
            return _of_leaf(condition, names)
        case Not(part):
            return _of_not(part, names)
        case All(parts) | Any(parts):
            word = " and " if isinstance(condition, All) else " or "
            return _joined([_said(part, names, inside=True) for part in parts], word, inside=inside)
        case AtLeastOf(n, parts):
            return f"at least {n} of these: ({'; '.join(_said(part, names, inside=True) for part in parts)})"
        case _:
            return _of_others(condition, names)


def _of_leaf(leaf: Leaf, names: Names) -> str:
    value = names.value(leaf.subject, leaf.value)
    return f"{names.of(leaf.subject)} {_TESTS[leaf.test]} {value}{_AFTER.get(leaf.test, '')}"


def _of_not(part: Condition, names: Names) -> str:
    short = {"is": "is not", "includes": "does not include"}
    if isinstance(part, Leaf) and part.test in short:
        return f"{names.of(part.subject)} {short[part.test]} {names.value(part.subject, part.value)}"
    return f"not ({_said(part, names, inside=False)})"


def _of_others(condition: Condition, names: Names) -> str:
    if isinstance(condition, Always):
        return ALWAYS
    if isinstance(condition, Term):
        meaning = names.terms.get(condition.name)
        return condition.name if meaning is None else f"({_said(meaning, names, inside=False)})"
    if isinstance(condition, Applies):
        duty = names.duties.get(condition.duty)
        return f"“{duty.title if duty else condition.duty}” applies"
    question = getattr(condition, "question", "")
    return f"{names.of(question)} was asked"


def _joined(parts: list[str], word: str, *, inside: bool) -> str:
    said = word.join(parts)
    return f"({said})" if inside and len(parts) > 1 else said
