"""Checks of ids, conditions and computed checks for check_edition(): unknown or repeated ids, conditions that look forward or that no answers make true."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assess.engine.bank import Action, Check, Edition, OwnAction, Question
from assess.engine.bank_reader import CONDITION_KEYWORDS
from assess.engine.conditions import (
    AllOf,
    AnyOf,
    Applies,
    Asked,
    AtLeastOf,
    CompiledCondition,
    Condition,
    Leaf,
    Not,
    NoValue,
    Term,
    Verdict,
    compile_condition,
    condition_leaves,
    condition_subjects,
)
from assess.engine.cross_checks import CHECK_RULES, UNPAID_BREAK
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.question_types import ANSWER_TYPES
from assess.engine.visibility import quick_edition

MAX_STEPS = 5_000
"""Answers tried before a condition is believed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a condition may read: a question or a fact. Facts have no condition of their own."""

    id: str
    type: str
    options: tuple[str, ...] = ()
    show_if: Condition | None = None


def can_be_true(condition: Condition, subjects: Mapping[str, Subject]) -> bool:
    """Whether some set of answers makes the condition true.

    `subjects` holds, in the order of asking, what may be read; whatever is not in it reads as never asked.
    The condition and those of the subjects hold no terms and no duties.
    """
    read = _subjects_needed(condition, subjects)
    conditions = [condition, *(one.show_if for one in read if one.show_if)]
    steps = [
        (one.id, None if one.show_if is None else compile_condition(one.show_if), _representatives(one, conditions))
        for one in read
    ]
    return _AnswerSearch(compile_condition(condition), steps).finds()


def _subjects_needed(condition: Condition, subjects: Mapping[str, Subject]) -> list[Subject]:
    """What the condition reads, what decides on that, and so on; in the order of asking."""
    wanted: set[str] = set()
    open_ones = list(condition_subjects(condition))
    while open_ones:
        name = open_ones.pop()
        subject = subjects.get(name)
        if subject is not None and name not in wanted:
            wanted.add(name)
            open_ones += condition_subjects(subject.show_if) if subject.show_if else ()
    return [subject for name, subject in subjects.items() if name in wanted]


class _AnswerSearch:
    """Depth first, one subject after the other; a branch ends as soon as the condition is settled."""

    def __init__(
        self, judge: CompiledCondition, steps: Sequence[tuple[str, CompiledCondition | None, Sequence[object]]]
    ) -> None:
        self._judge = judge
        self._steps = steps
        self._found: dict[str, object] = {}
        self._known = {name for name, _, _ in steps}
        self._left = MAX_STEPS

    def finds(self, depth: int = 0) -> bool:
        self._left -= 1
        if self._left < 0:
            # too large to settle: believed, so that no bank is refused for a condition that can be true
            return True
        verdict = self._judge(self._lookup)
        if verdict is not Verdict.UNKNOWN or depth == len(self._steps):
            return verdict is Verdict.TRUE
        name, show_if, values = self._steps[depth]
        shown = show_if is None or show_if(self._lookup) is Verdict.TRUE
        for value in values if shown else (NoValue.HIDDEN,):
            self._found[name] = value
            if self.finds(depth + 1):
                return True
        # the branches beside this one have not asked it yet
        del self._found[name]
        return False

    def _lookup(self, name: str) -> object:
        return self._found.get(name, NoValue.PENDING if name in self._known else NoValue.HIDDEN)


def _representatives(subject: Subject, conditions: Iterable[Condition]) -> Sequence[object]:
    operands = [
        leaf.value for condition in conditions for leaf in condition_leaves(condition) if leaf.subject == subject.id
    ]
    return ANSWER_TYPES[subject.type].representatives(subject.options, operands)


def questions_with_place(edition: Edition) -> Iterator[tuple[DocumentPath, Question]]:
    for number, section in enumerate(edition.sections):
        for index, question in enumerate(section.questions):
            yield ("sections", number, "questions", index), question


def actions_with_place(question: Question) -> Iterator[tuple[DocumentPath, Action]]:
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


def edition_actions_with_place(edition: Edition) -> Iterator[tuple[DocumentPath, Action]]:
    for place, question in questions_with_place(edition):
        yield from (((*place, *where), action) for where, action in actions_with_place(question))
    for index, check in enumerate(edition.checks):
        if check.action:
            yield ("checks", index, "action"), check.action


def problems_in_names(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with the ids of an edition that can be told without opening a condition."""
    yield from _repeated_in_bank(edition)
    yield from _repeated_in_duty_book(edition)
    # conditions could not tell such a question or fact from one of their own words
    named = [(place, question.id) for place, question in questions_with_place(edition)]
    named += [(("duty_book", "facts", i), fact.id) for i, fact in enumerate(edition.duty_book.facts)]
    for place, name in named:
        if name in CONDITION_KEYWORDS:
            yield Problem("BANK024", (*place, "id"), f"“{name}” is a word of conditions and cannot be an id.")
    known = {dimension.id for dimension in edition.dimensions}
    for place, question in questions_with_place(edition):
        if question.dimension not in known:
            cause = f"There is no dimension “{question.dimension}”{did_you_mean(question.dimension, known)}"
            yield Problem("BANK036", (*place, "dimension"), cause)
    for place, action in edition_actions_with_place(edition):
        if action.owner not in edition.owners:
            cause = f"There is no owner “{action.owner}”{did_you_mean(action.owner, edition.owners)}"
            yield Problem("BANK037", (*place, "owner"), cause)
    yield from _sources(edition)
    yield from _groups(edition)


def _repeated_ids(named: Iterable[tuple[DocumentPath, str]], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            yield Problem("BANK030", (*place, "id"), f"The id “{name}” stands at {what} for the second time.")
        seen.add(name)


def _repeated_in_bank(edition: Edition) -> Iterator[Problem]:
    sections = ((("sections", index), section.id) for index, section in enumerate(edition.sections))
    yield from _repeated_ids(sections, "a section")
    questions = [(place, question.id) for place, question in questions_with_place(edition)]
    checks = [(("checks", index), check.id) for index, check in enumerate(edition.checks)]
    yield from _repeated_ids([*questions, *checks], "a question or check")
    for place, question in questions_with_place(edition):
        options = (((*place, "options", index), option.id) for index, option in enumerate(question.options))
        yield from _repeated_ids(options, "an option of this question")
        columns = (((*place, "columns", index), column.id) for index, column in enumerate(question.columns))
        yield from _repeated_ids(columns, "a column of this table")
        for number, column in enumerate(question.columns):
            cells = (((*place, "columns", number, "options", i), cell.id) for i, cell in enumerate(column.options))
            yield from _repeated_ids(cells, "an option of this column")
    yield from _repeated_ids(((("dimensions", i), one.id) for i, one in enumerate(edition.dimensions)), "a dimension")
    yield from _repeated_ids(((("groups", i), one.id) for i, one in enumerate(edition.groups)), "a buyer group")


def _repeated_in_duty_book(edition: Edition) -> Iterator[Problem]:
    book = edition.duty_book
    yield from _repeated_ids(((("duty_book", "gates", i), gate.id) for i, gate in enumerate(book.gates)), "a gate")
    yield from _repeated_ids(((("duty_book", "facts", i), fact.id) for i, fact in enumerate(book.facts)), "a fact")
    yield from _repeated_ids(((("duty_book", "duties", i), duty.id) for i, duty in enumerate(book.duties)), "a duty")
    for number, fact in enumerate(book.facts):
        options = ((("duty_book", "facts", number, "options", i), one.id) for i, one in enumerate(fact.options))
        yield from _repeated_ids(options, "an option of this fact")


def _sources(edition: Edition) -> Iterator[Problem]:
    for place, question in questions_with_place(edition):
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


INPUTS: Mapping[str, Mapping[str, str]] = {
    "price_below_labour_cost": {"price": "number", "team": "number", "minutes": "number"},
    "daily_rate_below_wage": {"daily": "number", "hours": "number"},
    "charge_above_offset": {"charge": "number"},
    "labour_provider_rate": {"rate": "number"},
    "crowding": {"table": "table", "people": "column number", "bedrooms": "column number"},
    "old_licence_check": {"table": "table", "date": "column date"},
}
"""What each rule reads: a question of this type, or a column of this type in its table."""
OPTIONAL_INPUTS: Mapping[str, Mapping[str, str]] = {"daily_rate_below_wage": {UNPAID_BREAK: "number"}}
"""What a rule reads as well where it is named."""


def problems_in_checks(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with checks but their conditions."""
    questions = {question.id: question for question in edition.questions()}
    for index, check in enumerate(edition.checks):
        place: DocumentPath = ("checks", index)
        if check.sign and not check.ilo:
            yield Problem("BANK065", place, f"The check “{check.id}” has a sign, but no “ilo”.")
        if check.rule is not None:
            yield from _rule(check, check.rule, place, questions)
        elif check.when is None:
            yield Problem("BANK064", place, f"“{check.id}” has neither “when” nor “rule”.")
        elif check.inputs:
            yield Problem("BANK064", (*place, "inputs"), f"“{check.id}” has inputs, but no rule that reads them.")


def _rule(check: Check, rule: str, place: DocumentPath, questions: Mapping[str, Question]) -> Iterator[Problem]:
    if rule not in INPUTS:
        yield Problem("BANK064", (*place, "rule"), f"There is no rule “{rule}”{did_you_mean(rule, CHECK_RULES)}")
        return
    wanted = {**INPUTS[rule], **OPTIONAL_INPUTS.get(rule, {})}
    if not set(INPUTS[rule]) <= set(check.inputs) <= set(wanted):
        yield Problem("BANK064", (*place, "inputs"), f"“{rule}” reads exactly these inputs: {', '.join(INPUTS[rule])}.")
        return
    table = questions.get(check.inputs.get("table", ""))
    for key, name in check.inputs.items():
        where = (*place, "inputs", key)
        if wanted[key].startswith("column "):
            kind = wanted[key].removeprefix("column ")
            columns = {column.id: column.type for column in table.columns} if table else {}
            if table is not None and columns.get(name) != kind:
                yield Problem("BANK064", where, f"“{table.id}” has no column “{name}” of the type {kind}.")
        elif name not in questions:
            yield Problem("BANK031", where, f"There is no question “{name}”{did_you_mean(name, questions)}")
        elif questions[name].type != wanted[key]:
            cause = f"“{name}” is of the type {questions[name].type}; “{rule}” needs a {wanted[key]} here."
            yield Problem("BANK064", where, cause)


def question_subjects(questions: Collection[Question]) -> dict[str, Subject]:
    return {one.id: Subject(one.id, one.type, tuple(o.id for o in one.options), one.show_if) for one in questions}


def problems_in_conditions(edition: Edition) -> Iterator[Problem]:
    everything = question_subjects(edition.questions())
    earlier: dict[str, Subject] = {}
    sound: dict[str, Subject] = {}
    for place, question in questions_with_place(edition):
        subject = everything[question.id]
        problems: list[Problem] = []
        if question.show_if is not None:
            where = (*place, "show_if")
            problems = list(condition_problems(question.show_if, where, earlier, everything))
            if not problems and not can_be_true(question.show_if, sound):
                problems = [Problem("BANK034", where, f"No answers make “{question.id}” appear.")]
            yield from problems
        earlier[question.id] = subject
        # a question with a broken condition is taken as always shown, so that only that one is reported
        sound[question.id] = Subject(subject.id, subject.type, subject.options) if problems else subject
    for index, check in enumerate(edition.checks):
        for key, condition in (("when", check.when), ("unless", check.unless)):
            if condition is not None:
                place = ("checks", index, key)
                problems = list(condition_problems(condition, place, everything, everything))
                yield from problems
                if not problems and not can_be_true(condition, sound):
                    yield Problem("BANK034", place, f"No answers make “{key}” of “{check.id}” true.")
    yield from _never_in_quick_check(edition)


def _never_in_quick_check(edition: Edition) -> Iterator[Problem]:
    """A question of the quick check that waits for one outside it is never asked there."""
    there = question_subjects(quick_edition(edition).questions())
    for place, question in questions_with_place(edition):
        if question.quick and question.show_if is not None:
            waits_for = [name for name in condition_subjects(question.show_if) if name not in there]
            if waits_for and not can_be_true(question.show_if, there):
                cause = f"In the quick check “{question.id}” never appears: “{waits_for[0]}” is not part of it."
                yield Problem("BANK034", (*place, "show_if"), cause)


def leaves_with_place(condition: Condition, place: DocumentPath) -> Iterator[tuple[DocumentPath, Condition]]:
    match condition:
        case AllOf(parts):
            yield from _leaves_in(parts, (*place, "all"))
        case AnyOf(parts):
            yield from _leaves_in(parts, (*place, "any"))
        case AtLeastOf(_, parts):
            yield from _leaves_in(parts, (*place, "at_least_of", "of"))
        case Not(part):
            yield from leaves_with_place(part, (*place, "not"))
        case _:
            yield place, condition


def _leaves_in(parts: tuple[Condition, ...], place: DocumentPath) -> Iterator[tuple[DocumentPath, Condition]]:
    for index, part in enumerate(parts):
        yield from leaves_with_place(part, (*place, index))


def condition_problems(
    condition: Condition, place: DocumentPath, earlier: Mapping[str, Subject], everything: Mapping[str, Subject]
) -> Iterator[Problem]:
    """What is wrong with each leaf: unknown, later, of another kind. Terms and duties belong to duties alone."""
    for where, part in leaves_with_place(condition, place):
        match part:
            case Leaf(subject, test, _):
                yield from _subject_problems(subject, (*where, subject), earlier, everything) or _comparison_problems(
                    part, (*where, subject, test), everything[subject]
                )
            case Asked(question):
                yield from _subject_problems(question, (*where, "asked"), earlier, everything)
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


def _subject_problems(
    name: str, place: DocumentPath, earlier: Mapping[str, Subject], everything: Mapping[str, Subject]
) -> list[Problem]:
    if name in earlier:
        return []
    if name in everything:
        return [Problem("BANK033", place, f"“{name}” is asked later, or is this very question.")]
    return [Problem("BANK031", place, f"There is no “{name}”{did_you_mean(name, everything)}")]


def _comparison_problems(leaf: Leaf, place: DocumentPath, subject: Subject) -> list[Problem]:
    kind = ANSWER_TYPES[subject.type]
    fitting = kind.comparisons
    if leaf.test not in fitting:
        wanted = f"use {' or '.join(fitting)}" if fitting else "only “asked” can"
        return [
            Problem("BANK035", place, f"“{leaf.test}” cannot read “{subject.id}”, a {subject.type} question; {wanted}.")
        ]
    if kind.has_options:
        if isinstance(leaf.value, tuple) and not kind.several and leaf.test == "is":
            return [Problem("BANK035", place, f"“{subject.id}” has one answer; use is_one_of for several options.")]
        words = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        return [
            Problem(
                "BANK032", place, f"“{subject.id}” has no option “{word}”{did_you_mean(str(word), subject.options)}"
            )
            for word in words
            if word not in subject.options
        ]
    if not isinstance(leaf.value, kind.operands) or (isinstance(leaf.value, bool) and bool not in kind.operands):
        return [Problem("BANK035", place, f"“{subject.id}” has to be compared with {kind.operand_words}.")]
    return []
