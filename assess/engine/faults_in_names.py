"""Ids used twice, and ids that name nothing: dimensions, owners, sources, buyer groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assess.engine.bank import Action, Edition, OwnAction, Question
from assess.engine.problems import Place, Problem, did_you_mean
from assess.engine.reading_conditions import BRANCHES


def questions_at(edition: Edition) -> Iterator[tuple[Place, Question]]:
    """Every question with its place in the document, in the order of asking."""
    for number, section in enumerate(edition.sections):
        for index, question in enumerate(section.questions):
            yield ("sections", number, "questions", index), question


def actions_of(question: Question) -> Iterator[tuple[Place, Action]]:
    """Every action of a question with its place inside it."""
    if question.action:
        yield ("action",), question.action
    if question.dk_action:
        yield ("dk_action",), question.dk_action
    outcomes: list[tuple[str, int, OwnAction]] = [("options", i, one.action) for i, one in enumerate(question.options)]
    outcomes += [("bands", i, one.action) for i, one in enumerate(question.bands)]
    outcomes += [("steps", i, one.action) for i, one in enumerate(question.steps)]
    for key, index, action in outcomes:
        if action:
            yield (key, index, "action"), action


def actions_at(edition: Edition) -> Iterator[tuple[Place, Action]]:
    """Every action of questions and checks with its place."""
    for place, question in questions_at(edition):
        yield from (((*place, *where), action) for where, action in actions_of(question))
    for index, check in enumerate(edition.checks):
        if check.action:
            yield ("checks", index, "action"), check.action


def faults_in_names(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with the ids of an edition that can be told without opening a condition."""
    yield from _repeated_in_bank(edition)
    yield from _repeated_in_duty_book(edition)
    yield from _reserved(edition)
    yield from _dimensions(edition)
    yield from _owners(edition)
    yield from _sources(edition)
    yield from _groups(edition)


def _twice(named: Iterable[tuple[Place, str]], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            yield Problem("BANK030", (*place, "id"), f"The id “{name}” stands at {what} for the second time.")
        seen.add(name)


def _repeated_in_bank(edition: Edition) -> Iterator[Problem]:
    sections = ((("sections", index), section.id) for index, section in enumerate(edition.sections))
    yield from _twice(sections, "a section")
    questions = [(place, question.id) for place, question in questions_at(edition)]
    checks = [(("checks", index), check.id) for index, check in enumerate(edition.checks)]
    yield from _twice([*questions, *checks], "a question or check")
    for place, question in questions_at(edition):
        options = (((*place, "options", index), option.id) for index, option in enumerate(question.options))
        yield from _twice(options, "an option of this question")
        columns = (((*place, "columns", index), column.id) for index, column in enumerate(question.columns))
        yield from _twice(columns, "a column of this table")
        for number, column in enumerate(question.columns):
            cells = (((*place, "columns", number, "options", i), cell.id) for i, cell in enumerate(column.options))
            yield from _twice(cells, "an option of this column")
    yield from _twice(((("dimensions", i), one.id) for i, one in enumerate(edition.dimensions)), "a dimension")
    yield from _twice(((("groups", i), one.id) for i, one in enumerate(edition.groups)), "a buyer group")


def _repeated_in_duty_book(edition: Edition) -> Iterator[Problem]:
    book = edition.duty_book
    yield from _twice(((("duty_book", "gates", i), gate.id) for i, gate in enumerate(book.gates)), "a gate")
    yield from _twice(((("duty_book", "facts", i), fact.id) for i, fact in enumerate(book.facts)), "a fact")
    yield from _twice(((("duty_book", "duties", i), duty.id) for i, duty in enumerate(book.duties)), "a duty")
    for number, fact in enumerate(book.facts):
        options = ((("duty_book", "facts", number, "options", i), one.id) for i, one in enumerate(fact.options))
        yield from _twice(options, "an option of this fact")


def _reserved(edition: Edition) -> Iterator[Problem]:
    """Conditions could not tell such a question or fact from one of their own words."""
    named = [(place, question.id) for place, question in questions_at(edition)]
    named += [(("duty_book", "facts", i), fact.id) for i, fact in enumerate(edition.duty_book.facts)]
    for place, name in named:
        if name in BRANCHES:
            yield Problem("BANK024", (*place, "id"), f"“{name}” is a word of conditions and cannot be an id.")


def _dimensions(edition: Edition) -> Iterator[Problem]:
    known = {dimension.id for dimension in edition.dimensions}
    for place, question in questions_at(edition):
        if question.dimension not in known:
            cause = f"There is no dimension “{question.dimension}”{did_you_mean(question.dimension, known)}"
            yield Problem("BANK036", (*place, "dimension"), cause)


def _owners(edition: Edition) -> Iterator[Problem]:
    for place, action in actions_at(edition):
        if action.owner not in edition.owners:
            cause = f"There is no owner “{action.owner}”{did_you_mean(action.owner, edition.owners)}"
            yield Problem("BANK037", (*place, "owner"), cause)


def _sources(edition: Edition) -> Iterator[Problem]:
    for place, question in questions_at(edition):
        if not question.sources:
            yield Problem("BANK039", place, f"“{question.id}” names no source.")
        for index, name in enumerate(question.sources):
            if name not in edition.sources:
                yield Problem("BANK038", (*place, "sources", index), f"There is no source “{name}”.")


def _groups(edition: Edition) -> Iterator[Problem]:
    known = {dimension.id for dimension in edition.dimensions}
    home: dict[str, str] = {}
    for number, group in enumerate(edition.groups):
        for index, name in enumerate(group.dimensions):
            place = ("groups", number, "dimensions", index)
            if name not in known:
                cause = f"“{group.id}” names the dimension “{name}”, which does not exist{did_you_mean(name, known)}"
                yield Problem("BANK041", place, cause)
            elif name in home:
                yield Problem("BANK041", place, f"The dimension “{name}” stands in “{home[name]}” already.")
            home[name] = group.id
    for number, dimension in enumerate(edition.dimensions):
        if dimension.id not in home:
            yield Problem(
                "BANK041", ("dimensions", number), f"The dimension “{dimension.id}” stands in no buyer group."
            )
