"""Which facts the duties still need from the business, gates included; a fact as a question, as stored and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from assess.core.pages import day
from assess.engine.bank import (
    DONT_KNOW,
    Answers,
    AnswerValue,
    DutyBook,
    Edition,
    Fact,
    Gate,
    Option,
    Question,
    QuestionType,
)
from assess.engine.facts import Contradiction, FactValue, facts_needed_for_dates, facts_to_ask, gate_facts, settle_facts
from assess.engine.in_words import fact_text
from assess.engine.ordinary import ordinary_questions
from assess.engine.visibility import question_states

NOT_SURE = "not_sure"
"""Stored in place of a fact that the business does not know."""
NOT_SURE_TEXT = "Not sure"
NONE_OF_THESE = "none"
FACTS_PER_PAGE = 4
UK_NATIONS = ("ENG", "WLS", "SCT", "NIR")
"""The only places to choose from for a business that has just said it does nothing abroad."""

GateName = Literal["foreign", "large"]
STORED_GATES: Mapping[str, GateName] = {"foreign": "foreign", "size": "large"}
"""The gates of the duty book by the names their answers are stored under."""


@dataclass(frozen=True, slots=True)
class FactsState:
    """The facts as they stand: told by answers, given in the form, and those still to ask, in the order of the book.

    `contradictions` are the given facts that ordinary answers do not bear out. `gates` counts the gates still to answer.
    """

    derived: Mapping[str, FactValue]
    given: Mapping[str, FactValue]
    to_ask: tuple[Fact, ...]
    contradictions: tuple[Contradiction, ...] = ()
    gates: int = 0

    @property
    def questions_left(self) -> int:
        return self.gates + len(self.to_ask)


def given_facts(book: DutyBook, gates: Mapping[str, bool], stored: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """What the business itself said, the gates included, as the engine takes it."""
    known = gate_facts(book, gates.get("foreign"), gates.get("large"))
    return {**known, **{name: value for name, value in stored.items() if value != NOT_SURE}}


def get_facts_state(
    edition: Edition, answers: Answers, gates: Mapping[str, bool], stored: Mapping[str, FactValue]
) -> FactsState:
    """How things stand. `edition` is the one that is asked: the quick one for a quick check."""
    book = edition.duty_book
    given = given_facts(book, gates, stored)
    known = settle_facts(edition, answers, question_states(edition, answers), given, ordinary_questions(edition))
    unsure = frozenset(name for name, value in stored.items() if value == NOT_SURE)
    to_ask = facts_to_ask(book, known.facts, unsure, at_work=known.at_work)
    open_ones = {*to_ask, *facts_needed_for_dates(book, known.facts, at_work=known.at_work)} - set(stored)
    return FactsState(
        derived={name: value for name, value in known.derived.items() if name not in stored},
        given=stored,
        to_ask=tuple(fact for fact in book.facts if fact.id in open_ones),
        contradictions=tuple(one for one in known.contradictions if one.fact in stored),
        gates=sum(STORED_GATES[gate.id] not in gates for gate in book.gates),
    )


def gate_question(gate: Gate) -> Question:
    return fact_as_question(Fact(id=STORED_GATES[gate.id], type="yes_no", ask=gate.ask, group="", hint=gate.hint))


def fact_as_question(fact: Fact, *, uk_only: bool = False) -> Question:
    """A fact as a question, so that one template and form reader serve both. `uk_only`: no workplaces abroad."""
    unsure = Option(id=DONT_KNOW, label=NOT_SURE_TEXT)
    if fact.type == "yes_no":
        return _make_question(fact, "choice", (Option(id="yes", label="Yes"), Option(id="no", label="No"), unsure))
    if fact.type == "choice":
        return _make_question(fact, "choice", (*fact.options, unsure))
    if fact.type == "choices":
        none = () if any(option.id == NONE_OF_THESE for option in fact.options) else (_NONE_OPTION,)
        places = {option.id for option in fact.options}.issuperset(UK_NATIONS)
        options = [option for option in fact.options if option.id in UK_NATIONS] if places and uk_only else fact.options
        return _make_question(fact, "choices", (*options, *none, unsure))
    return _make_question(fact, "date" if fact.type == "date" else "number", ())


_NONE_OPTION = Option(id=NONE_OF_THESE, label="None of these")


def _make_question(fact: Fact, kind: QuestionType, options: Sequence[Option]) -> Question:
    unit = "£" if fact.type == "money" and not fact.unit else fact.unit
    return Question(
        id=fact.id,
        ask=fact.ask,
        type=kind,
        kind="fact",
        dimension="",
        hint=fact.hint,
        unit=unit,
        options=tuple(options),
    )


def fact_from_answer(fact: Fact, answer: AnswerValue | None) -> FactValue | None:
    """The fact that an answer to `fact_as_question` gives, to be stored; None when it was left open."""
    if answer is None:
        return None
    if answer in (DONT_KNOW, [DONT_KNOW]):
        return NOT_SURE
    if fact.type == "yes_no":
        return answer == "yes"
    if fact.type == "choices" and answer == [NONE_OF_THESE] and _adds_none(fact):
        return []
    return [str(part) for part in answer] if isinstance(answer, list) else cast("FactValue", answer)


def fact_to_answer(fact: Fact, stored: FactValue | None) -> AnswerValue | None:
    if stored is None:
        return None
    if stored == NOT_SURE:
        return [DONT_KNOW] if fact.type == "choices" else DONT_KNOW
    if isinstance(stored, bool):
        return "yes" if stored else "no"
    if stored == [] and _adds_none(fact):
        return [NONE_OF_THESE]
    return stored


def stored_fact_text(fact: Fact, stored: FactValue) -> str:
    if stored == NOT_SURE:
        return NOT_SURE_TEXT
    return day(stored) if fact.type == "date" and isinstance(stored, str) else fact_text(fact, stored)


def _adds_none(fact: Fact) -> bool:
    return all(option.id != NONE_OF_THESE for option in fact.options)
