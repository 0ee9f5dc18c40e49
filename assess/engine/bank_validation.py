"""Checks a bank before it is used: `check_edition` returns every problem. This module holds the checks of texts and duty books; the others are in `bank_validation_questions` and `bank_validation_conditions`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from assess.engine.bank import Deadline, Duty, DutyBook, Edition, Fact, FactSource, Question
from assess.engine.bank_validation_conditions import (
    Subject,
    can_be_true,
    condition_problems,
    edition_actions_with_place,
    leaves_with_place,
    problems_in_checks,
    problems_in_conditions,
    problems_in_names,
    questions_with_place,
)
from assess.engine.bank_validation_questions import problems_in_actions, problems_in_answers, problems_in_points
from assess.engine.conditions import AllOf, AnyOf, Applies, Asked, AtLeastOf, Condition, Not, Term
from assess.engine.examples import Example, run_example
from assess.engine.in_words import placeholders
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.question_types import ANSWER_TYPES, QUESTION_TYPES
from assess.engine.settings import DatedSettings


def check_edition(edition: Edition, settings: DatedSettings | None) -> list[Problem]:
    """Every problem of an edition, worked examples and sources of facts left out. Without settings, gaps are not judged."""
    return [
        *problems_in_names(edition),
        *problems_in_conditions(edition),
        *problems_in_points(edition),
        *problems_in_answers(edition),
        *problems_in_actions(edition),
        *problems_in_checks(edition),
        *problems_in_texts(edition, None if settings is None else settings.texts),
        *problems_in_duties(edition.duty_book),
    ]


def check_examples(edition: Edition, examples: Iterable[Example], settings: DatedSettings) -> list[Problem]:
    """The worked examples that no longer hold. Only for an edition without other problems: others cannot be scored."""
    return [
        Problem("BANK090", (*example.place, "expect", name), difference)
        for example in examples
        for name, difference in run_example(edition, example, settings.scoring).items()
    ]


MIN_LITERAL_LENGTH = 5
"""Shorter values, like 12 or 101, stand in texts for other reasons."""

PlacedTexts = Iterator[tuple[DocumentPath, str]]


def problems_in_texts(edition: Edition, texts: Mapping[str, str] | None) -> Iterator[Problem]:
    """Everything wrong with what people read. `texts` are the values of placeholders; None when they are not known."""
    for place, text in _texts_with_placeholders(edition):
        yield from problems_in_text(place, text, texts)
    for place, text in _texts_without_placeholders(edition):
        yield from _quotes(place, text)
        if "{" in text or "}" in text:
            yield Problem("BANK070", place, "Gaps in curly brackets are not filled in this kind of text.")


def problems_in_text(place: DocumentPath, text: str, texts: Mapping[str, str] | None) -> Iterator[Problem]:
    """Everything wrong with one text in which placeholders are filled. `texts` are their values; None when they are not known."""
    yield from _quotes(place, text)
    if texts is not None:
        if text.count("{") != len(placeholders(text)) or text.count("}") != len(placeholders(text)):
            yield Problem("BANK070", place, "A curly bracket stands here that is no gap like {wage}.")
        for name in placeholders(text):
            if name not in texts:
                yield Problem("BANK070", place, f"Nothing fills the gap {{{name}}}{did_you_mean(name, texts)}")
        for name, value in texts.items():
            telling = len(value) >= MIN_LITERAL_LENGTH and any(letter.isdigit() for letter in value)
            if telling and value in text:
                yield Problem("BANK076", place, f"“{value}” stands in this text; it is the value of {{{name}}}.")


def _texts_with_placeholders(edition: Edition) -> PlacedTexts:
    for place, question in questions_with_place(edition):
        yield from _present_texts(place, ("ask", question.ask), ("hint", question.hint), ("why", question.why))
    for place, action in edition_actions_with_place(edition):
        yield (*place, "do"), action.do
    for index, check in enumerate(edition.checks):
        yield ("checks", index, "says"), check.says
    for index, gate in enumerate(edition.duty_book.gates):
        yield from _present_texts(("duty_book", "gates", index), ("ask", gate.ask), ("hint", gate.hint))
    for index, fact in enumerate(edition.duty_book.facts):
        yield from _present_texts(("duty_book", "facts", index), ("hint", fact.hint))
    for index, duty in enumerate(edition.duty_book.duties):
        place = ("duty_book", "duties", index)
        for key in ("applies_to", "key_number", "approver", "publish", "consequence", "line", "amount", "penalty"):
            text = getattr(duty, key)
            if text:
                yield (*place, key), text
        for number, step in enumerate(duty.must_do):
            yield (*place, "must_do", number), step.text


def _present_texts(place: DocumentPath, *texts: tuple[str, str | None]) -> PlacedTexts:
    for key, text in texts:
        if text:
            yield (*place, key), text


def _texts_without_placeholders(edition: Edition) -> PlacedTexts:
    yield ("title",), edition.title
    for index, section in enumerate(edition.sections):
        yield ("sections", index, "title"), section.title
    for place, question in questions_with_place(edition):
        yield from _question_texts(place, question)
    for place, action in edition_actions_with_place(edition):
        yield from _present_texts(place, ("title", action.title))
    for index, check in enumerate(edition.checks):
        yield from _present_texts(("checks", index), ("name", check.name))
    for index, dimension in enumerate(edition.dimensions):
        yield ("dimensions", index, "name"), dimension.name
        yield ("dimensions", index, "meaning"), dimension.meaning
    for index, fact in enumerate(edition.duty_book.facts):
        yield ("duty_book", "facts", index, "ask"), fact.ask
        for number, option in enumerate(fact.options):
            yield ("duty_book", "facts", index, "options", number, "label"), option.label
    for index, duty in enumerate(edition.duty_book.duties):
        yield from _present_texts(("duty_book", "duties", index), ("title", duty.title), ("read", duty.read))


def _question_texts(place: DocumentPath, question: Question) -> PlacedTexts:
    yield from _present_texts(
        place, ("evidence", question.evidence), ("name", question.name), ("not_yet", question.not_yet)
    )
    for number, option in enumerate(question.options):
        yield (*place, "options", number, "label"), option.label
    for key in ("options", "bands", "ticks", "steps"):
        for number, part in enumerate(getattr(question, key)):
            yield from _present_texts((*place, key, number), ("says", part.says))
    for number, column in enumerate(question.columns):
        yield (*place, "columns", number, "label"), column.label


def _quotes(place: DocumentPath, text: str) -> Iterator[Problem]:
    for quote, what in (("'", "A straight quote (')"), ('"', 'A straight quote (")')):
        if quote in text:
            yield Problem("BANK028", place, f"{what} stands in this text.")
            return


DEADLINE_KEYS: Mapping[str, tuple[str, ...]] = {
    "months_after_fye": ("n",),
    "months_after_event": ("n", "event"),
    "days_after_event": ("n", "event"),
    "days_after_request": ("n",),
    "fixed_annual": ("month_day",),
    "end_of_following_month": ("event",),
    "every_years": ("n",),
    "each_pay_day": (),
    "before": ("event",),
    "at_event": ("event",),
    "continuous": (),
    "record_retention": ("n", "from"),
    "from_date": ("date",),
    "none": (),
}
"""Every kind of deadline (docs/rules.md 6.4) with the keys it needs."""

_FACTS: DocumentPath = ("duty_book", "facts")
_DUTIES: DocumentPath = ("duty_book", "duties")


def problems_in_duties(book: DutyBook) -> Iterator[Problem]:
    """Everything wrong with a duty book but where its facts are read from."""
    for index, fact in enumerate(book.facts):
        yield from _fact(fact, (*_FACTS, index))
    yield from _DutyConditionChecker(book).problems()
    for index, duty in enumerate(book.duties):
        place = (*_DUTIES, index)
        yield from _deadline(duty.deadline, (*place, "deadline"))
        if not re.search(r"\b(19|20)\d{2}\b", duty.source_as_of):
            yield Problem("BANK081", (*place, "source_as_of"), f"“{duty.source_as_of}” names no year.")
        if (duty.reviewed_by is None) != (duty.reviewed_on is None):
            yield Problem("BANK083", place, f"The review of “{duty.id}” has a name or a date, but not both.")


def _fact(fact: Fact, place: DocumentPath) -> Iterator[Problem]:
    if fact.unless_said and fact.type != "yes_no":
        cause = f"The fact “{fact.id}” is of the type {fact.type}, and “unless_said” gives a yes or no."
        yield Problem("BANK077", (*place, "unless_said"), cause)
    chosen = ANSWER_TYPES[fact.type].has_options
    if chosen and not fact.options:
        yield Problem("BANK061", place, f"The fact “{fact.id}” lacks “options”.")
    if fact.options and not chosen:
        yield Problem("BANK062", (*place, "options"), f"The fact “{fact.id}” is of the type {fact.type}.")
    if (fact.gate is None) != (fact.gate_value is None):
        yield Problem("BANK061", place, f"The fact “{fact.id}” needs both “gate” and “gate_value”, or neither.")
    elif fact.gate is not None and (
        isinstance(fact.gate_value, bool) != (fact.type == "yes_no") or fact.type == "date"
    ):
        cause = f"The gate makes “{fact.id}” {str(fact.gate_value).lower()}, which is not of the type {fact.type}."
        yield Problem("BANK062", (*place, "gate_value"), cause)


class _DutyConditionChecker:
    """Goes through terms and duties in order, each of which may use earlier ones only."""

    def __init__(self, book: DutyBook) -> None:
        self._book = book
        self._facts = {
            one.id: Subject(one.id, one.type, tuple(option.id for option in one.options)) for one in book.facts
        }
        self._terms: dict[str, Condition] = {}
        self._duties: dict[str, Condition] = {}

    def problems(self) -> Iterator[Problem]:
        for name, condition in self._book.terms.items():
            place = ("duty_book", "terms", name)
            problems = list(self._names(condition, place))
            yield from problems
            if not problems:
                self._terms[name] = self._opened(condition)
                yield from self._never(self._terms[name], place, f"the term “{name}”")
        for index, duty in enumerate(self._book.duties):
            yield from self._duty(duty, (*_DUTIES, index))

    def _duty(self, duty: Duty, place: DocumentPath) -> Iterator[Problem]:
        conditions = [((*place, "when"), duty.when)]
        steps = enumerate(duty.must_do)
        conditions += [((*place, "must_do", number, "when"), step.when) for number, step in steps if step.when]
        for where, condition in conditions:
            problems = list(self._names(condition, where))
            yield from problems
            if not problems:
                opened = self._opened(condition)
                yield from self._never(opened, where, f"this condition of “{duty.id}”")
                if where == (*place, "when"):
                    self._duties[duty.id] = opened

    def _names(self, condition: Condition, place: DocumentPath) -> Iterator[Problem]:
        for where, part in leaves_with_place(condition, place):
            match part:
                case Term(name) if name not in self._terms:
                    yield self._absent(name, (*where, "term"), self._book.terms, "term", "BANK033")
                case Applies(name) if name not in self._duties:
                    known = {duty.id: duty for duty in self._book.duties}
                    yield self._absent(name, (*where, "applies"), known, "duty", "BANK040")
                case Asked(name):
                    yield Problem("BANK035", (*where, "asked"), f"“{name}” cannot be looked at with “asked” here.")
                case Term() | Applies():
                    continue
                case _:
                    yield from condition_problems(part, where, self._facts, self._facts)

    def _absent(self, name: str, place: DocumentPath, known: Mapping[str, object], what: str, later: str) -> Problem:
        if name in known:
            return Problem(
                later, place, f"The {what} “{name}” stands further down, is this very one, or is broken itself."
            )
        return Problem("BANK031", place, f"There is no {what} “{name}”{did_you_mean(name, known)}")

    def _never(self, opened: Condition, place: DocumentPath, what: str) -> Iterator[Problem]:
        if not can_be_true(opened, self._facts):
            yield Problem("BANK034", place, f"No facts make {what} true.")

    def _opened(self, condition: Condition) -> Condition:
        match condition:
            case Term(name):
                opened = self._terms[name]
            case Applies(name):
                opened = self._duties[name]
            case AllOf(parts):
                opened = AllOf(tuple(map(self._opened, parts)))
            case AnyOf(parts):
                opened = AnyOf(tuple(map(self._opened, parts)))
            case AtLeastOf(n, parts):
                opened = AtLeastOf(n, tuple(map(self._opened, parts)))
            case Not(part):
                opened = Not(self._opened(part))
            case _:
                opened = condition
        return opened


def _deadline(deadline: Deadline, place: DocumentPath) -> Iterator[Problem]:
    if deadline.kind not in DEADLINE_KEYS:
        cause = f"There is no kind of deadline “{deadline.kind}”{did_you_mean(deadline.kind, DEADLINE_KEYS)}"
        yield Problem("BANK080", (*place, "kind"), cause)
        return
    for key in DEADLINE_KEYS[deadline.kind]:
        if getattr(deadline, "from_" if key == "from" else key) is None:
            yield Problem("BANK080", place, f"“{deadline.kind}” needs “{key}”.")
    if deadline.month_day is not None and not _is_day_of_every_year(deadline.month_day):
        yield Problem("BANK080", (*place, "month_day"), f"“{deadline.month_day}” is no day of every year; write 03-31.")


def _is_day_of_every_year(month_day: str) -> bool:
    try:
        date.fromisoformat(f"2001-{month_day}")
    except ValueError:
        return False
    return re.fullmatch(r"\d{2}-\d{2}", month_day) is not None


def problems_in_sectors(book: DutyBook, banks: Collection[str]) -> Iterator[Problem]:
    """Facts that hold in a sector there is no bank of. `banks` are the ids of all banks together."""
    for number, fact in enumerate(book.facts):
        for name in fact.unless_said:
            if name not in banks:
                cause = f"There is no bank “{name}”{did_you_mean(name, banks)}"
                yield Problem("BANK077", (*_FACTS, number, "unless_said", name), cause)


def problems_in_fact_sources(book: DutyBook, questions: Mapping[str, Question]) -> Iterator[Problem]:
    """Facts read from answers that do not exist. `questions` are those of all banks together: a bank alone lacks some."""
    for number, fact in enumerate(book.facts):
        for index, source in enumerate(fact.sources):
            place: DocumentPath = (*_FACTS, number, "sources", index)
            question = questions.get(source.question)
            if question is None:
                cause = f"No bank has a question “{source.question}”{did_you_mean(source.question, questions)}"
                yield Problem("BANK082", (*place, "question"), cause)
            else:
                yield from _source(fact, source, question, place)


def _source(fact: Fact, source: FactSource, question: Question, place: DocumentPath) -> Iterator[Problem]:
    tests = [key for key in ("includes_any", "none_of", "values") if getattr(source, key)]
    tests += ["more_than"] if source.more_than is not None else []
    if len(tests) != 1:
        cause = f"“{fact.id}” needs one of includes_any, none_of, more_than or values here, and only one."
        yield Problem("BANK082", place, cause)
    if source.more_than is not None and not QUESTION_TYPES[question.type].is_number:
        yield Problem("BANK082", (*place, "more_than"), f"“{question.id}” is no number.")
    options = [option.id for option in question.options]
    for key in ("includes_any", "none_of", "values", "unknown"):
        for word in getattr(source, key):
            if word not in options:
                cause = f"“{question.id}” has no option “{word}”{did_you_mean(word, options)}"
                yield Problem("BANK082", (*place, key), cause)
    own = [option.id for option in fact.options]
    for option, value in source.values.items():
        if value not in own:
            cause = f"“{fact.id}” has no value “{value}”{did_you_mean(value, own)}"
            yield Problem("BANK082", (*place, "values", option), cause)
