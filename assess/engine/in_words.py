"""Turns conditions, answers and facts into English text, and fills the placeholders of texts with the settings of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assess.engine.bank import Duty, Edition, Fact, Question
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    AtLeastOf,
    Comparison,
    Condition,
    Leaf,
    Not,
    Operand,
    Term,
)
from assess.engine.facts import FactValue, upper_limit
from assess.engine.question_types import number_text

ALWAYS = "always"
_COMPARISON_WORDS: Mapping[Comparison, str] = {
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


@dataclass(frozen=True, slots=True)
class EditionNames:
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


def edition_names(edition: Edition) -> EditionNames:
    book = edition.duty_book
    return EditionNames(
        {question.id: question for question in edition.questions()},
        {fact.id: fact for fact in book.facts},
        {duty.id: duty for duty in book.duties},
        book.terms,
    )


def condition_in_words(condition: Condition | None, names: EditionNames) -> str:
    """One line of plain English. Parts inside parts stand in brackets, so that it can be read in one way only."""
    return ALWAYS if condition is None else _in_words(condition, names, inside=False)


def _in_words(condition: Condition, names: EditionNames, *, inside: bool) -> str:
    match condition:
        case Leaf(subject, test, value):
            text = f"{names.of(subject)} {_COMPARISON_WORDS[test]} {names.value(subject, value)}"
            return text + {"at_least": " or more", "at_most": " or less"}.get(test, "")
        case Not(part):
            short = {"is": "is not", "includes": "does not include"}
            if isinstance(part, Leaf) and part.test in short:
                return f"{names.of(part.subject)} {short[part.test]} {names.value(part.subject, part.value)}"
            return f"not ({_in_words(part, names, inside=False)})"
        case AllOf(parts) | AnyOf(parts):
            word = " and " if isinstance(condition, AllOf) else " or "
            text = word.join(_in_words(part, names, inside=True) for part in parts)
            return f"({text})" if inside and len(parts) > 1 else text
        case AtLeastOf(n, parts):
            return f"at least {n} of these: ({'; '.join(_in_words(part, names, inside=True) for part in parts)})"
        case _:
            return _other_in_words(condition, names)


def _other_in_words(condition: Condition, names: EditionNames) -> str:
    if isinstance(condition, Always):
        return ALWAYS
    if isinstance(condition, Term):
        meaning = names.terms.get(condition.name)
        return condition.name if meaning is None else f"({_in_words(meaning, names, inside=False)})"
    if isinstance(condition, Applies):
        duty = names.duties.get(condition.duty)
        return f"“{duty.title if duty else condition.duty}” applies"
    question = getattr(condition, "question", "")
    return f"{names.of(question)} was asked"


def fact_text(fact: Fact, value: FactValue) -> str:
    """A fact as a person would read it: "Yes", "£2,400,000", "less than £5,000,000", "England, Wales"."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    limit = upper_limit(value)
    if limit is not None:
        return f"less than {fact_text(fact, limit)}"
    labels = {option.id: option.label for option in fact.options}
    if isinstance(value, list):
        return ", ".join(labels.get(part, part) for part in value) or "None of these"
    if isinstance(value, str):
        return labels.get(value, value)
    if fact.type == "money" and float(value).is_integer():
        return f"£{value:,.0f}" if fact.unit in {None, "£"} else f"{value:,.0f} {fact.unit}"
    return number_text(value, fact.unit)


_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class PlaceholderError(LookupError):
    """A text names a placeholder for which the settings of the day hold nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"nothing stands for {{{name}}}; give it a value in questionnaires/settings")
        self.name = name


def placeholders(text: str) -> tuple[str, ...]:
    """The names between braces, in order, repeats included."""
    return tuple(_PLACEHOLDER.findall(text))


def fill_placeholders(text: str, texts: Mapping[str, str]) -> str:
    """Raises `PlaceholderError` when a placeholder has no value; `check_edition` finds these before publishing."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in texts:
            raise PlaceholderError(name)
        return texts[name]

    return _PLACEHOLDER.sub(value, text)
