"""What a business is shown before it moves: which questions are new, changed, worded in another way, or not asked any more.

Everything here depends on the two editions alone. Which option was chosen, even whether a question was answered, changes no line of it: a
list of answers that stay behind would say which option somebody had chosen (decisions.md 7.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from assess.engine.bank import Edition, Question, Section
from assess.engine.texts import fill


class Kind(Enum):
    """What became of a question."""

    NEW = "new"
    AGAIN = "again"
    """It means something else, or took the place of another: the answer is filled in and has to be looked at."""
    CHOICES = "choices"
    """Some of its choices are gone: an answer stays if it can still be given."""
    WORDS = "words"
    """Other words, or more choices: an answer goes along."""
    GONE = "gone"
    """It is not asked any more, or in another way: an answer stays behind."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One question in words. `before`: the words of the older edition, where they are others. `choices`: those that are gone."""

    id: str
    section: str
    ask: str
    before: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All questions that differ, by what became of them; and the ids of the older edition whose answers go along as they are."""

    of_kind: Mapping[Kind, tuple[Changed, ...]]
    as_they_are: frozenset[str]


def compare(old: Edition, new: Edition, texts: Mapping[str, str]) -> Comparison:
    """What differs between two editions, in the order of asking. `texts` fill the rates and places of the day."""
    was, now = {question.id: question for question in old.questions()}, {question.id for question in new.questions()}
    found: dict[Kind, list[Changed]] = {kind: [] for kind in Kind}
    same = set()
    inherited = set()
    for section in new.sections:
        for question in section.questions:
            before = was.get(question.id) or _forerunner(question, was, now)
            kind = _kind(before, question)
            if before is None or before.type != question.type:
                found[Kind.NEW].append(_told(section, question, None, texts))
                continue
            inherited.add(before.id)
            if kind is not None:
                found[kind].append(_told(section, question, before, texts))
            if kind in {None, Kind.WORDS}:
                same.add(before.id)
    for section in old.sections:
        found[Kind.GONE] += [
            _told(section, question, None, texts) for question in section.questions if question.id not in inherited
        ]
    return Comparison({kind: tuple(rows) for kind, rows in found.items()}, frozenset(same))


def _forerunner(question: Question, was: Mapping[str, Question], now: set[str]) -> Question | None:
    """The question whose answers this one takes over. While the old one is still asked it keeps its own."""
    return was.get(question.replaces) if question.replaces is not None and question.replaces not in now else None


def _kind(before: Question | None, question: Question) -> Kind | None:
    """None: it is the same to the letter."""
    if before is None:
        return Kind.NEW
    if before.id != question.id or question.rev > before.rev:
        return Kind.AGAIN
    if _gone(before, question):
        return Kind.CHOICES
    return None if _words(before) == _words(question) else Kind.WORDS


def _gone(before: Question, question: Question) -> tuple[str, ...]:
    """The choices, or the columns of a table and their choices, that are there no more."""
    kept = {option.id for option in question.options}
    columns = {column.id: {option.id for option in column.options} for column in question.columns}
    return (
        *(option.label for option in before.options if option.id not in kept),
        *(column.label for column in before.columns if column.id not in columns),
        *(
            option.label
            for column in before.columns
            for option in column.options
            if column.id in columns and option.id not in columns[column.id]
        ),
    )


def _words(question: Question) -> tuple[object, ...]:
    """All that people read of a question."""
    labels = tuple((option.id, option.label) for option in question.options)
    columns = tuple((column.id, column.label, column.type, column.options) for column in question.columns)
    return (question.ask, question.hint, question.unit, question.why, question.evidence, labels, columns)


def _told(section: Section, question: Question, before: Question | None, texts: Mapping[str, str]) -> Changed:
    ask = fill(question.ask, texts)
    earlier = fill(before.ask, texts) if before is not None else ask
    gone = _gone(before, question) if before is not None else ()
    return Changed(
        question.id,
        section.title,
        ask,
        earlier if earlier != ask else None,
        tuple(fill(choice, texts) for choice in gone),
    )
