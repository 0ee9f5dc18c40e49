"""A condition as lines of menus and back, and the page that builds it. What is too deep for the menus is left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal, cast

from flask import request

from assess.bank_editor.draft_context import DraftContext, Location
from assess.bank_editor.fields import with_key
from assess.bank_editor.form_pages import FormPage, PageRequest
from assess.core.forms.fields import (
    FormField,
    IntegerField,
    IsoDateField,
    MoneyField,
    PercentageField,
    SentForm,
    YesNoField,
)
from assess.core.forms.form import pressed, sent_text
from assess.engine.bank import Option, Question, QuestionType
from assess.engine.bank_reader import DocumentError, read_condition
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    Asked,
    AtLeastOf,
    Comparison,
    Condition,
    Leaf,
    Not,
    Operand,
    Term,
    condition_subjects,
)
from assess.engine.in_words import EditionNames, condition_in_words
from assess.engine.question_types import ANSWER_TYPES, AnswerType
from assess.question_banks.schema_fields import as_list, options_as_text

Joining = Literal["all", "any", "at_least"]
PlainValue = str | float | bool
ConditionTest = Literal[
    "one_of", "any_of", "exactly", "is", "at_least", "at_most", "more_than", "less_than", "before", "after",
    "asked", "met", "applies",
]  # fmt: skip
"""What a line tests, as the menus have it: “is one of these” serves one option as well as several."""

TERM, DUTY = "term:", "duty:"


def _tests_of(kind: AnswerType) -> tuple[ConditionTest, ...]:
    if kind.has_options:
        return ("any_of", "exactly") if kind.several else ("one_of",)
    return cast("tuple[ConditionTest, ...]", kind.comparisons)


TESTS_BY_TYPE: Mapping[str, tuple[ConditionTest, ...]] = {
    **{name: _tests_of(kind) for name, kind in ANSWER_TYPES.items()},
    "term": ("met",),
    "duty": ("applies",),
}
"""Which tests fit which type of subject. A text or a table can only be asked about with “was asked”."""


@dataclass(frozen=True, slots=True)
class ConditionSubject:
    """What a line may be about. `options` are ids and labels; `group` is the heading it stands under; facts are never “asked”."""

    id: str
    words: str
    type: str
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""
    can_be_asked: bool = True

    @property
    def tests(self) -> tuple[ConditionTest, ...]:
        return (*TESTS_BY_TYPE.get(self.type, ()), *(("asked",) if self.can_be_asked else ()))


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One test of one subject. `turned` round it is true where the test is not."""

    subject: str
    test: ConditionTest
    values: tuple[PlainValue, ...] = ()
    turned: bool = False


@dataclass(frozen=True, slots=True)
class ConditionPart:
    """Lines that are joined. `n` counts for “at least n of these” alone."""

    lines: tuple[ConditionLine, ...]
    joined: Joining = "all"
    n: int = 1
    turned: bool = False


@dataclass(frozen=True, slots=True)
class ConditionRows:
    """The whole. Without parts it is true for everybody."""

    parts: tuple[ConditionPart, ...] = ()
    joined: Joining = "all"
    n: int = 1
    turned: bool = False


class _TooDeepError(Exception):
    pass


def rows_from_condition(written: object, subjects: Mapping[str, ConditionSubject]) -> ConditionRows | None:
    """The lines of a condition as it stands in a file. None when the menus cannot show it: it is too deep, or reads what they do not offer."""
    if written is None:
        return ConditionRows()
    try:
        return _rows(simplified_condition(read_condition(options_as_text(written))), subjects)
    except (DocumentError, _TooDeepError):
        return None


def condition_from_rows(rows: ConditionRows) -> object:
    """The condition as a file holds it, None when it is true for everybody. The lines must be whole."""
    parts = [
        _join_parts(
            [(_negated(_test_of(line)) if line.turned else _test_of(line)) for line in part.lines],
            part.joined,
            part.n,
            turned=part.turned,
        )
        for part in rows.parts
        if part.lines
    ]
    return _join_parts(parts, rows.joined, rows.n, turned=rows.turned) if parts else None


def simplified_condition(condition: Condition) -> Condition:
    """The shortest way to say the same: no groups of one, no list of one option, nothing turned round twice."""
    match condition:
        case Leaf(subject, test, value):
            if not isinstance(value, tuple) or len(value) > 1:
                return Leaf(
                    subject, "includes" if test == "includes_any" and not isinstance(value, tuple) else test, value
                )
            alone: Mapping[Comparison, Comparison] = {"is_one_of": "is", "includes_any": "includes"}
            return Leaf(subject, alone.get(test, test), value[0])
        case Not(part):
            inner = simplified_condition(part)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
            inside = tuple(simplified_condition(part) for part in parts)
            if len(inside) == 1:
                return inside[0]
            if isinstance(condition, AtLeastOf):
                return AtLeastOf(condition.n, inside)
            return AllOf(inside) if isinstance(condition, AllOf) else AnyOf(inside)
        case _:
            return condition


# --- from a condition ---
def _rows(condition: Condition, subjects: Mapping[str, ConditionSubject]) -> ConditionRows:
    if isinstance(condition, Always):
        return ConditionRows()
    inner, turned = _without_negation(condition)
    if not isinstance(inner, (AllOf, AnyOf, AtLeastOf)) or all(
        not isinstance(_without_negation(part)[0], (AllOf, AnyOf, AtLeastOf)) for part in inner.parts
    ):
        return ConditionRows((_part(condition, subjects),))
    joined, n = _join_of(inner)
    return ConditionRows(tuple(_part(part, subjects) for part in inner.parts), joined, n, turned)


def _part(condition: Condition, subjects: Mapping[str, ConditionSubject]) -> ConditionPart:
    inner, turned = _without_negation(condition)
    if not isinstance(inner, (AllOf, AnyOf, AtLeastOf)):
        return ConditionPart((_line(condition, subjects),))
    joined, n = _join_of(inner)
    return ConditionPart(tuple(_line(part, subjects) for part in inner.parts), joined, n, turned)


def _without_negation(condition: Condition) -> tuple[Condition, bool]:
    return (condition.part, True) if isinstance(condition, Not) else (condition, False)


def _join_of(condition: AllOf | AnyOf | AtLeastOf) -> tuple[Joining, int]:
    if isinstance(condition, AtLeastOf):
        return "at_least", condition.n
    return ("all" if isinstance(condition, AllOf) else "any"), 1


def _line(condition: Condition, subjects: Mapping[str, ConditionSubject]) -> ConditionLine:
    inner, turned = _without_negation(condition)
    match inner:
        case Leaf(subject, test, value):
            found = _leaf_line(subject, test, value, subjects, turned=turned)
        case Asked(question):
            found = ConditionLine(question, "asked", turned=turned)
        case Term(name):
            found = ConditionLine(f"{TERM}{name}", "met", turned=turned)
        case Applies(name):
            found = ConditionLine(f"{DUTY}{name}", "applies", turned=turned)
        case _:
            raise _TooDeepError
    about = subjects.get(found.subject)
    if about is None or found.test not in about.tests:
        raise _TooDeepError
    return found


def _leaf_line(
    name: str, test: Comparison, value: Operand, subjects: Mapping[str, ConditionSubject], *, turned: bool
) -> ConditionLine:
    subject = subjects.get(name)
    if subject is None:
        raise _TooDeepError
    kind = ANSWER_TYPES.get(subject.type)
    if kind is not None and kind.has_options:
        shown: Mapping[Comparison, ConditionTest] = (
            {"is": "exactly", "includes": "any_of", "includes_any": "any_of"}
            if kind.several
            else {"is": "one_of", "is_one_of": "one_of"}
        )
        values = tuple(str(one) for one in (value if isinstance(value, tuple) else (value,)))
        known = {option for option, _ in subject.options}
        choice = shown.get(test)
        if choice is None or not known.issuperset(values) or (not kind.several and test == "is" and values[1:]):
            raise _TooDeepError
        return ConditionLine(name, choice, values, turned)
    operands = kind.operands if kind else ()
    fits = isinstance(value, operands) and isinstance(value, bool) == (bool in operands)
    if not fits or test not in TESTS_BY_TYPE.get(subject.type, ()):
        raise _TooDeepError
    return ConditionLine(name, test, (cast("PlainValue", value),), turned)


# --- to a condition ---
def _join_parts(parts: list[object], joined: Joining, n: int, *, turned: bool) -> object:
    if len(parts) == 1:
        return _negated(parts[0]) if turned else parts[0]
    whole: object = {"at_least_of": {"n": n, "of": parts}} if joined == "at_least" else {joined: parts}
    return _negated(whole) if turned else whole


def _negated(condition: object) -> object:
    return condition["not"] if isinstance(condition, dict) and list(condition) == ["not"] else {"not": condition}


def _test_of(line: ConditionLine) -> object:
    several = list(line.values)
    named = {"asked": ("asked", ""), "met": ("term", TERM), "applies": ("applies", DUTY)}
    if line.test in named:
        word, prefix = named[line.test]
        return {word: line.subject.removeprefix(prefix)}
    if line.test == "exactly":
        return {line.subject: {"is": several}}
    short, long = {"one_of": ("is", "is_one_of"), "any_of": ("includes", "includes_any")}.get(
        line.test, (line.test, "")
    )
    return {line.subject: {short: several[0]} if len(several) == 1 else {long: several}}


MAX_LINES = 20
"""In one part. More can be read and kept, not added."""
MAX_PARTS = 10
NOT_PREFIX = "not "
"""Before the word of a test or of a way to join: turned round."""
SHOW, ADD, REMOVE, PART = "show", "add", "remove", "part"
"""What the buttons do that save nothing."""


@dataclass(frozen=True, slots=True)
class LineForm:
    """One line. `shown` is the subject whose answers stood on the page: they say nothing about another one."""

    subject: str = ""
    shown: str = ""
    test: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartForm:
    lines: tuple[LineForm, ...] = (LineForm(),)
    joined: str = "all"
    n: str = ""


@dataclass(frozen=True, slots=True)
class ConditionForm:
    parts: tuple[PartForm, ...] = (PartForm(),)
    joined: str = "all"
    n: str = ""


FieldErrors = dict[str, str]


def field_name(part: int, line: int | None, name: str) -> str:
    """What a field is called: “p0-l2-subject”, or “p0-joined” for a part."""
    return f"p{part}-{name}" if line is None else f"p{part}-l{line}-{name}"


def form_from_rows(rows: ConditionRows) -> ConditionForm:
    """A condition as the form shows it. One that is true for everybody has an empty line to begin with."""
    parts = tuple(
        PartForm(
            tuple(_line_form(line) for line in part.lines), _test_name(part.joined, turned=part.turned), str(part.n)
        )
        for part in rows.parts
    )
    return ConditionForm(parts or (PartForm(),), _test_name(rows.joined, turned=rows.turned), str(rows.n))


def _line_form(line: ConditionLine) -> LineForm:
    values = tuple(
        ("yes" if value else "no")
        if isinstance(value, bool)
        else format(Decimal(repr(value)), "f")  # a person would not read 1e-07
        if isinstance(value, float)
        else str(value)
        for value in line.values
    )
    return LineForm(line.subject, line.subject, _test_name(line.test, turned=line.turned), values)


def _test_name(word: str, *, turned: bool) -> str:
    return f"{NOT_PREFIX}{word}" if turned else word


# --- from a form ---
def read_condition_form(form: SentForm) -> ConditionForm:
    parts = tuple(_read_part(form, number) for number in _numbers(form, "p{}-joined", MAX_PARTS * 2))
    return ConditionForm(parts or (PartForm(),), form.get("joined", "all"), form.get("n", "").strip())


def _read_part(form: SentForm, part: int) -> PartForm:
    lines = tuple(
        LineForm(
            form.get(field_name(part, line, "subject"), ""),
            form.get(field_name(part, line, "shown"), ""),
            form.get(field_name(part, line, "test"), ""),
            tuple(value.strip() for value in form.getlist(field_name(part, line, "value"))),
        )
        for line in _numbers(form, f"p{part}-l{{}}-subject", MAX_LINES * 2)
    )
    return PartForm(
        lines or (LineForm(),),
        form.get(field_name(part, None, "joined"), "all"),
        form.get(field_name(part, None, "n"), "").strip(),
    )


def _numbers(form: SentForm, name: str, most: int) -> Iterator[int]:
    for number in range(most):
        if name.format(number) not in form:
            return
        yield number


# --- buttons ---
def form_after_button(form_data: ConditionForm, button: str) -> ConditionForm:
    """The form after a button that saves nothing: “add-0”, “remove-0-2”, “part”, “show”. Whatever else was typed is kept."""
    word, *places = button.split("-")
    at = [int(place) for place in places if re.fullmatch(r"[0-9]{1,3}", place)]
    if word == PART and len(form_data.parts) < MAX_PARTS:
        return replace(form_data, parts=(*_with_current_subjects(form_data), PartForm()))
    if word == ADD and at and at[0] < len(form_data.parts):
        return replace(
            form_data,
            parts=tuple(
                replace(part, lines=(*part.lines, LineForm()))
                if place == at[0] and len(part.lines) < MAX_LINES
                else part
                for place, part in enumerate(_with_current_subjects(form_data))
            ),
        )
    if word == REMOVE and len(at) == len(("part", "line")):
        return replace(form_data, parts=_without_line(_with_current_subjects(form_data), *at))
    return replace(form_data, parts=_with_current_subjects(form_data))


def _with_current_subjects(form_data: ConditionForm) -> tuple[PartForm, ...]:
    return tuple(
        replace(
            part,
            lines=tuple(one if one.shown == one.subject else LineForm(one.subject, one.subject) for one in part.lines),
        )
        for part in form_data.parts
    )


def _without_line(parts: Sequence[PartForm], at: int, line: int) -> tuple[PartForm, ...]:
    cut = [
        replace(part, lines=tuple(one for number, one in enumerate(part.lines) if (place, number) != (at, line)))
        for place, part in enumerate(parts)
    ]
    return tuple(part for part in cut if part.lines) or (PartForm(),)


# --- to a condition ---
def rows_from_form(
    form_data: ConditionForm, subjects: Mapping[str, ConditionSubject]
) -> tuple[ConditionRows, FieldErrors]:
    """What was typed as lines, and what to do before it can be used. Empty lines are left out."""
    errors: FieldErrors = {}
    parts: list[ConditionPart] = []
    for number, part in enumerate(form_data.parts):
        lines = [
            _line_from(line, subjects, field_name(number, place, ""), errors)
            for place, line in enumerate(part.lines)
            if line.subject
        ]
        if lines:
            how = _join_from(part, len(lines), field_name(number, None, ""), "lines", errors)
            parts.append(ConditionPart(tuple(line for line in lines if line), *how))
    return ConditionRows(tuple(parts), *_join_from(form_data, len(parts), "", "parts", errors)), errors


def _join_from(
    form_data: ConditionForm | PartForm, count: int, prefix: str, what: str, errors: FieldErrors
) -> tuple[Joining, int, bool]:
    word = form_data.joined.removeprefix(NOT_PREFIX)
    joined = cast("Joining", word if word in {"all", "any", "at_least"} else "all")
    n = IntegerField().deserialize(form_data.n)
    if joined == "at_least" and count > 1 and not 1 <= n <= count:
        errors[f"{prefix}n"] = f"There are {count} {what}. Write how many have to be true, from 1 to {count}."
    return joined, n if joined == "at_least" else 1, form_data.joined.startswith(NOT_PREFIX)


def _line_from(
    line: LineForm, subjects: Mapping[str, ConditionSubject], prefix: str, errors: FieldErrors
) -> ConditionLine | None:
    subject = subjects.get(line.subject)
    if subject is None:
        errors[f"{prefix}subject"] = "Choose a question of the list. This one is not asked before."
        return None
    if line.shown != line.subject:
        errors[f"{prefix}subject"] = "Press “Show its answers”, then choose the answers."
        return None
    test = line.test.removeprefix(NOT_PREFIX)
    if test not in subject.tests:
        errors[f"{prefix}test"] = "Choose what has to be true of it."
        return None
    values, error = ((), "") if test in {"asked", "met", "applies"} else _values(line.values, subject, test)
    if error:
        errors[f"{prefix}value"] = error
    return ConditionLine(subject.id, test, values, line.test.startswith(NOT_PREFIX))


def _values(
    form_data: tuple[str, ...], subject: ConditionSubject, test: ConditionTest
) -> tuple[tuple[PlainValue, ...], str]:
    if test in {"one_of", "any_of", "exactly"}:
        chosen = tuple(name for name, _ in subject.options if name in form_data)
        return chosen, "" if chosen else "Tick at least one answer."
    value, error = _VALUE_FIELDS[subject.type].read(form_data[0] if form_data else "")
    return (value,), error


_VALUE_FIELDS: Mapping[str, FormField[Any]] = {
    "yes_no": YesNoField(required="Choose yes or no."),
    "date": IsoDateField(required="Enter a date, like 27 3 2026."),
    "number": MoneyField(required="Enter a number, like 3 or 12.50.", invalid="Enter a number, like 3 or 12.50."),
    "percentage": PercentageField(required="Enter a percentage, like 35."),
    "money": MoneyField(required="Enter an amount in pounds, like 12.50."),
}


SubjectsById = Mapping[str, ConditionSubject]
UNREADABLE_CONDITION = "This condition cannot be read."


def available_subjects(
    draft_context: DraftContext, bank: str, before: str | None = None
) -> dict[str, ConditionSubject]:
    """Every question of a bank in the order of asking, or those that come before one of them."""
    found: dict[str, ConditionSubject] = {}
    for section in draft_context.sections_of(bank):
        for question in _groups(section.data.get("questions")):
            if question.get("id") == before:
                return found
            subject = subject_from_question(question, str(section.data.get("title", "")))
            found[subject.id] = subject
    return found


def subject_from_question(question: Mapping[str, Any], group: str) -> ConditionSubject:
    """A question as it is written in a file, whatever is wrong with it."""
    name = str(question.get("id", ""))
    options = tuple(
        (str(one.get("id", "")), str(one.get("label", one.get("id", "")))) for one in _groups(question.get("options"))
    )
    return ConditionSubject(name, str(question.get("ask", name)), str(question.get("type", "")), options, group)


def condition_text(written: object, subjects: SubjectsById, otherwise: str = "always") -> str:
    """A condition said back, `otherwise` when there is none. Ids nobody knows are said as they are."""
    if written is None:
        return otherwise
    condition = _parsed(written)
    return UNREADABLE_CONDITION if condition is None else condition_in_words(condition, _names(subjects))


def condition_reads(written: object, name: str) -> bool:
    condition = None if written is None else _parsed(written)
    return condition is not None and name in condition_subjects(condition)


def _names(subjects: SubjectsById) -> EditionNames:
    return EditionNames(
        {
            one.id: Question(
                id=one.id,
                ask=one.words,
                type=cast("QuestionType", one.type),
                kind="fact",
                dimension="",
                options=tuple(Option(name, label) for name, label in one.options),
            )
            for one in subjects.values()
        }
    )


def _parsed(written: object) -> Condition | None:
    try:
        return read_condition(options_as_text(written))
    except DocumentError:
        return None


def _groups(value: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in as_list(value) if isinstance(one, dict))


_TEST_LABELS: Mapping[ConditionTest, tuple[str, str]] = {
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


def _join_labels(what: str) -> list[tuple[str, str]]:
    return [
        ("all", f"All of these {what} are true"),
        ("any", f"At least one of these {what} is true"),
        ("at_least", f"At least this many of these {what} are true"),
        (f"{NOT_PREFIX}all", f"Not all of these {what} are true"),
        (f"{NOT_PREFIX}any", f"None of these {what} is true"),
        (f"{NOT_PREFIX}at_least", f"Fewer than this many of these {what} are true"),
    ]


JOINS_OF_LINES = _join_labels("lines")


def condition_test_choices(subject: ConditionSubject) -> list[tuple[str, str]]:
    return [(test, _TEST_LABELS[test][0]) for test in subject.tests] + [
        (f"{NOT_PREFIX}{test}", _TEST_LABELS[test][1]) for test in subject.tests
    ]


def subjects_by_group(subjects: Iterable[ConditionSubject]) -> list[tuple[str, list[ConditionSubject]]]:
    return [(group, list(found)) for group, found in groupby(subjects, key=attrgetter("group"))]


SAVE, CLEAR = "save", "clear"


@dataclass(frozen=True, slots=True)
class ConditionTarget:
    """Where a condition stands, and how it is spoken of.

    `order` are the keys a thing of this kind may have, in the order files write them. `none` says what it means that there is no
    condition, `lead` begins the sentence that says it, `what` is for the history. `more` goes to the page as it is.
    """

    location: Location
    key: str
    order: tuple[str, ...]
    subjects: SubjectsById
    heading: str
    none: str
    lead: str
    clear: str
    what: str
    back: str
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def written(self) -> object:
        return self.location.data.get(self.key)


def condition_page(page: PageRequest, target: ConditionTarget) -> FormPage:
    """The page that builds a condition. Its other buttons change the form and save nothing."""
    button, before = pressed("do") or SAVE, rows_from_condition(target.written, target.subjects)
    if page.form_data is None:
        form_data = form_from_rows(before or ConditionRows())
    else:
        form_data = read_condition_form(page.form_data)
        if button not in {SAVE, CLEAR}:
            form_data = form_after_button(form_data, button)
    rows, errors = rows_from_form(form_data, target.subjects)
    wanted = None if button == CLEAR else condition_from_rows(rows)

    def save() -> None:
        if before is not None and condition_from_rows(before) == wanted and sent_text("seen") == target.location.etag:
            return  # said otherwise in the file, perhaps, and left as it is
        made = with_key(target.location.data, target.key, wanted, target.order)
        page.replace_at(target.location, made, target.what)

    return FormPage(
        template="bank_editor/condition.html",
        shows=lambda _: {
            "target": target,
            "seen": target.location.etag,
            "words": condition_text(target.written, target.subjects, ""),
            "typed": form_data,
            "typed_words": "" if errors else condition_text(condition_from_rows(rows), target.subjects, ""),
            "menus": page.form_data is not None or before is not None or "anew" in request.args,
            "issues": [
                one.found.message
                for one in page.draft_context.issues_of(target.location)
                if one.place[:1] == (target.key,)
            ],
            "joins_of_lines": JOINS_OF_LINES,
            "joins_of_parts": _join_labels("groups"),
            "choices_for": condition_test_choices,
            "groups": subjects_by_group(target.subjects.values()),
            "theirs": condition_text(page.theirs.get(target.key), target.subjects, "") if page.theirs else "",
            **target.more,
        },
        errors=errors if button == SAVE else {},
        save=save if button in {SAVE, CLEAR} else None,
        then=f"{request.path}?saved=yes",
    )
