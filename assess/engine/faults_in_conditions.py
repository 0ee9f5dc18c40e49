"""Conditions that name nothing, look forward, do not fit what they read, or can never be true."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from assess.engine.bank import Edition, Fact, Question
from assess.engine.conditions import All, Any, Applies, Asked, AtLeastOf, Condition, Leaf, Not, Term, looks_at
from assess.engine.faults_in_names import questions_at
from assess.engine.problems import Place, Problem, did_you_mean
from assess.engine.quick import quick_edition
from assess.engine.reach import Subject, can_be_true

_FITTING: Mapping[str, tuple[str, ...]] = {
    "choice": ("is", "is_one_of"),
    "choices": ("is", "includes", "includes_any"),
    "number": ("is", "at_least", "at_most", "more_than", "less_than"),
    "percentage": ("is", "at_least", "at_most", "more_than", "less_than"),
    "money": ("is", "at_least", "at_most", "more_than", "less_than"),
    "date": ("is", "before", "after"),
    "yes_no": ("is",),
}
"""Which tests fit which type. A text or a table can only be asked about with `asked`."""


def subjects_of(questions: Collection[Question]) -> dict[str, Subject]:
    """Questions as what a condition may read."""
    return {one.id: Subject(one.id, one.type, tuple(o.id for o in one.options), one.show_if) for one in questions}


def fact_subjects(facts: Collection[Fact]) -> dict[str, Subject]:
    """Facts as what a condition may read."""
    return {one.id: Subject(one.id, one.type, tuple(o.id for o in one.options)) for one in facts}


def faults_in_conditions(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with the conditions of questions and checks."""
    everything = subjects_of(edition.questions())
    earlier: dict[str, Subject] = {}
    sound: dict[str, Subject] = {}
    for place, question in questions_at(edition):
        subject = everything[question.id]
        faults: list[Problem] = []
        if question.show_if is not None:
            faults = list(faults_of(question.show_if, (*place, "show_if"), earlier, everything))
            faults = faults or list(_never(question, place, sound))
            yield from faults
        earlier[question.id] = subject
        # a question with a broken condition is taken as always shown, so that only that one is reported
        sound[question.id] = Subject(subject.id, subject.type, subject.options) if faults else subject
    for index, check in enumerate(edition.checks):
        for key, condition in (("when", check.when), ("unless", check.unless)):
            if condition is not None:
                place = ("checks", index, key)
                faults = list(faults_of(condition, place, everything, everything))
                yield from faults
                if not faults and not can_be_true(condition, sound):
                    yield Problem("BANK034", place, f"No answers make “{key}” of “{check.id}” true.")
    yield from _never_in_quick_check(edition)


def _never(question: Question, place: Place, sound: Mapping[str, Subject]) -> Iterator[Problem]:
    if question.show_if is not None and not can_be_true(question.show_if, sound):
        yield Problem("BANK034", (*place, "show_if"), f"No answers make “{question.id}” appear.")


def _never_in_quick_check(edition: Edition) -> Iterator[Problem]:
    """A question of the quick check that waits for one outside it is never asked there."""
    there = subjects_of(quick_edition(edition).questions())
    for place, question in questions_at(edition):
        if question.quick and question.show_if is not None:
            waits_for = [name for name in looks_at(question.show_if) if name not in there]
            if waits_for and not can_be_true(question.show_if, there):
                cause = f"In the quick check “{question.id}” never appears: “{waits_for[0]}” is not part of it."
                yield Problem("BANK034", (*place, "show_if"), cause)


def parts_at(condition: Condition, place: Place) -> Iterator[tuple[Place, Condition]]:
    """Every leaf of a condition with its place."""
    match condition:
        case All(parts):
            yield from _inside(parts, (*place, "all"))
        case Any(parts):
            yield from _inside(parts, (*place, "any"))
        case AtLeastOf(_, parts):
            yield from _inside(parts, (*place, "at_least_of", "of"))
        case Not(part):
            yield from parts_at(part, (*place, "not"))
        case _:
            yield place, condition


def _inside(parts: tuple[Condition, ...], place: Place) -> Iterator[tuple[Place, Condition]]:
    for index, part in enumerate(parts):
        yield from parts_at(part, (*place, index))


def faults_of(
    condition: Condition, place: Place, earlier: Mapping[str, Subject], everything: Mapping[str, Subject]
) -> Iterator[Problem]:
    """What is wrong with each leaf: unknown, later, of another kind. Terms and duties belong to duties alone."""
    for where, part in parts_at(condition, place):
        match part:
            case Leaf(subject, test, _):
                yield from _known(subject, (*where, subject), earlier, everything) or _fits(
                    part, (*where, subject, test), everything[subject]
                )
            case Asked(question):
                yield from _known(question, (*where, "asked"), earlier, everything)
            case Term(name):
                yield Problem(
                    "BANK031", (*where, "term"), f"“term: {name}” stands here, but terms are for duties only."
                )
            case Applies(name):
                yield Problem(
                    "BANK031", (*where, "applies"), f"“applies: {name}” stands here, but it is for duties only."
                )
            case _:
                continue


def _known(name: str, place: Place, earlier: Mapping[str, Subject], everything: Mapping[str, Subject]) -> list[Problem]:
    if name in earlier:
        return []
    if name in everything:
        return [Problem("BANK033", place, f"“{name}” is asked later, or is this very question.")]
    return [Problem("BANK031", place, f"There is no “{name}”{did_you_mean(name, everything)}")]


def _fits(leaf: Leaf, place: Place, subject: Subject) -> list[Problem]:
    fitting = _FITTING.get(subject.type, ())
    if leaf.test not in fitting:
        wanted = f"use {' or '.join(fitting)}" if fitting else "only “asked” can"
        return [
            Problem("BANK035", place, f"“{leaf.test}” cannot read “{subject.id}”, a {subject.type} question; {wanted}.")
        ]
    if subject.type in {"choice", "choices"}:
        return _options(leaf, place, subject)
    kinds = {"yes_no": bool, "date": str}.get(subject.type, (int, float))
    if not isinstance(leaf.value, kinds) or (isinstance(leaf.value, bool) and subject.type != "yes_no"):
        wanted = {"yes_no": "true or false", "date": "a date"}.get(subject.type, "a number")
        return [Problem("BANK035", place, f"“{subject.id}” has to be compared with {wanted}.")]
    return []


def _options(leaf: Leaf, place: Place, subject: Subject) -> list[Problem]:
    if isinstance(leaf.value, tuple) and subject.type == "choice" and leaf.test == "is":
        return [Problem("BANK035", place, f"“{subject.id}” has one answer; use is_one_of for several options.")]
    words = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return [
        Problem("BANK032", place, f"“{subject.id}” has no option “{word}”{did_you_mean(str(word), subject.options)}")
        for word in words
        if word not in subject.options
    ]
