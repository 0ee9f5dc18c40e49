"""Facts, shorthands and duties that do not hold together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from assess.engine.bank import Deadline, Duty, DutyBook, Fact, FactSource, Question
from assess.engine.conditions import All, Any, Applies, Asked, AtLeastOf, Condition, Not, Term
from assess.engine.faults_in_conditions import fact_subjects, faults_of, parts_at
from assess.engine.problems import Place, Problem, did_you_mean
from assess.engine.reach import can_be_true

DEADLINES: Mapping[str, tuple[str, ...]] = {
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
"""Every kind of deadline (obligations.md 0.4) with the keys it needs."""

_MONTH_AND_DAY = re.compile(r"\d{2}-\d{2}")
_YEAR = re.compile(r"\b(19|20)\d{2}\b")
_FACTS: Place = ("duty_book", "facts")
_TERMS: Place = ("duty_book", "terms")
_DUTIES: Place = ("duty_book", "duties")


def faults_in_duties(book: DutyBook) -> Iterator[Problem]:
    """Everything wrong with a duty book but where its facts are read from."""
    for index, fact in enumerate(book.facts):
        yield from _fact(fact, (*_FACTS, index))
    yield from _Judgement(book).faults()
    for index, duty in enumerate(book.duties):
        place = (*_DUTIES, index)
        yield from _deadline(duty.deadline, (*place, "deadline"))
        if not _YEAR.search(duty.source_as_of):
            yield Problem("BANK081", (*place, "source_as_of"), f"“{duty.source_as_of}” names no year.")
        if (duty.reviewed_by is None) != (duty.reviewed_on is None):
            yield Problem("BANK083", place, f"The review of “{duty.id}” has a name or a date, but not both.")


def _fact(fact: Fact, place: Place) -> Iterator[Problem]:
    if fact.unless_said and fact.type != "yes_no":
        cause = f"The fact “{fact.id}” is of the type {fact.type}, and “unless_said” gives a yes or no."
        yield Problem("BANK077", (*place, "unless_said"), cause)
    chosen = fact.type in {"choice", "choices"}
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


class _Judgement:
    """Goes through terms and duties in order, each of which may use earlier ones only."""

    def __init__(self, book: DutyBook) -> None:
        self._book = book
        self._facts = fact_subjects(book.facts)
        self._terms: dict[str, Condition] = {}
        self._duties: dict[str, Condition] = {}

    def faults(self) -> Iterator[Problem]:
        for name, condition in self._book.terms.items():
            place = (*_TERMS, name)
            faults = list(self._names(condition, place))
            yield from faults
            if not faults:
                self._terms[name] = self._opened(condition)
                yield from self._never(self._terms[name], place, f"the term “{name}”")
        for index, duty in enumerate(self._book.duties):
            yield from self._duty(duty, (*_DUTIES, index))

    def _duty(self, duty: Duty, place: Place) -> Iterator[Problem]:
        conditions = [((*place, "when"), duty.when)]
        steps = enumerate(duty.must_do)
        conditions += [((*place, "must_do", number, "when"), step.when) for number, step in steps if step.when]
        for where, condition in conditions:
            faults = list(self._names(condition, where))
            yield from faults
            if not faults:
                opened = self._opened(condition)
                yield from self._never(opened, where, f"this condition of “{duty.id}”")
                if where == (*place, "when"):
                    self._duties[duty.id] = opened

    def _names(self, condition: Condition, place: Place) -> Iterator[Problem]:
        for where, part in parts_at(condition, place):
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
                    yield from faults_of(part, where, self._facts, self._facts)

    def _absent(self, name: str, place: Place, known: Mapping[str, object], what: str, later: str) -> Problem:
        if name in known:
            return Problem(
                later, place, f"The {what} “{name}” stands further down, is this very one, or is broken itself."
            )
        return Problem("BANK031", place, f"There is no {what} “{name}”{did_you_mean(name, known)}")

    def _never(self, opened: Condition, place: Place, said: str) -> Iterator[Problem]:
        if not can_be_true(opened, self._facts):
            yield Problem("BANK034", place, f"No facts make {said} true.")

    def _opened(self, condition: Condition) -> Condition:
        """The condition with terms and duties written out."""
        match condition:
            case Term(name):
                opened = self._terms[name]
            case Applies(name):
                opened = self._duties[name]
            case All(parts):
                opened = All(tuple(map(self._opened, parts)))
            case Any(parts):
                opened = Any(tuple(map(self._opened, parts)))
            case AtLeastOf(n, parts):
                opened = AtLeastOf(n, tuple(map(self._opened, parts)))
            case Not(part):
                opened = Not(self._opened(part))
            case _:
                opened = condition
        return opened


def _deadline(deadline: Deadline, place: Place) -> Iterator[Problem]:
    if deadline.kind not in DEADLINES:
        cause = f"There is no kind of deadline “{deadline.kind}”{did_you_mean(deadline.kind, DEADLINES)}"
        yield Problem("BANK080", (*place, "kind"), cause)
        return
    for key in DEADLINES[deadline.kind]:
        if getattr(deadline, "from_" if key == "from" else key) is None:
            yield Problem("BANK080", place, f"“{deadline.kind}” needs “{key}”.")
    if deadline.month_day is not None and not _is_day_of_every_year(deadline.month_day):
        yield Problem("BANK080", (*place, "month_day"), f"“{deadline.month_day}” is no day of every year; write 03-31.")


def _is_day_of_every_year(month_day: str) -> bool:
    try:
        date.fromisoformat(f"2001-{month_day}")
    except ValueError:
        return False
    return _MONTH_AND_DAY.fullmatch(month_day) is not None


def faults_in_sectors(book: DutyBook, banks: Collection[str]) -> Iterator[Problem]:
    """Facts that hold in a sector there is no bank of. `banks` are the ids of all banks together."""
    for number, fact in enumerate(book.facts):
        for name in fact.unless_said:
            if name not in banks:
                cause = f"There is no bank “{name}”{did_you_mean(name, banks)}"
                yield Problem("BANK077", (*_FACTS, number, "unless_said", name), cause)


def faults_in_fact_sources(book: DutyBook, questions: Mapping[str, Question]) -> Iterator[Problem]:
    """Facts read from answers that do not exist. `questions` are those of all banks together: a bank alone lacks some."""
    for number, fact in enumerate(book.facts):
        for index, source in enumerate(fact.sources):
            place: Place = (*_FACTS, number, "sources", index)
            question = questions.get(source.question)
            if question is None:
                cause = f"No bank has a question “{source.question}”{did_you_mean(source.question, questions)}"
                yield Problem("BANK082", (*place, "question"), cause)
            else:
                yield from _source(fact, source, question, place)


def _source(fact: Fact, source: FactSource, question: Question, place: Place) -> Iterator[Problem]:
    tests = [key for key in ("includes_any", "none_of", "values") if getattr(source, key)]
    tests += ["more_than"] if source.more_than is not None else []
    if len(tests) != 1:
        cause = f"“{fact.id}” needs one of includes_any, none_of, more_than or values here, and only one."
        yield Problem("BANK082", place, cause)
    if source.more_than is not None and question.type not in {"number", "percentage"}:
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
