"""What the duties need to know about a business: each fact asked once, and only while a duty is still open without it.

They come after the questions, which tell most of them. Two gates come first: selling, importing or owning abroad, and size; "No" settles
their facts. Then come the facts that neither answers nor the sector tell and that could still change the verdict of a duty, or its date.
"Not sure" is kept, so that nothing is asked twice, and is no fact: the duty stays "to check".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assess.engine.bank import DONT_KNOW, Answers, DutyBook, Edition, Fact, Gate, Option, Question, QuestionType, Value
from assess.engine.facts import Contradiction, FactValue, dating_facts, gate_facts, open_facts, settle_facts
from assess.engine.ordinary import ordinary_questions
from assess.engine.visibility import shown
from assess.engine.wording import fact_text
from assess.kit.pages import day

NOT_SURE = "not_sure"
"""Stored in place of a fact that the business does not know."""
NOT_SURE_TEXT = "Not sure"
NONE_OF_THESE = "none"
FACTS_A_PAGE = 4

UK_NATIONS = ("ENG", "WLS", "SCT", "NIR")
"""The only places to choose from for a business that has just said it does nothing abroad."""

GateName = Literal["foreign", "large"]
STORED_GATES: Mapping[str, GateName] = {"foreign": "foreign", "size": "large"}
"""The gates of the duty book by the names their answers are stored under."""


@dataclass(frozen=True, slots=True)
class FactsNow:
    """The facts as they stand: told by answers, given in the form, and those still to ask, in the order of the book.

    `contradictions` are the given facts that ordinary answers do not bear out. `gates` counts the gates still to answer.
    """

    derived: Mapping[str, FactValue]
    given: Mapping[str, FactValue]
    to_ask: tuple[Fact, ...]
    contradictions: tuple[Contradiction, ...] = ()
    gates: int = 0

    @property
    def left(self) -> int:
        """How many questions about the law are still to answer, the gates included."""
        return self.gates + len(self.to_ask)


def given_facts(book: DutyBook, gates: Mapping[str, bool], stored: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """What the business itself said, the gates included, as the engine takes it."""
    settled = gate_facts(book, gates.get("foreign"), gates.get("large"))
    return {**settled, **{name: value for name, value in stored.items() if value != NOT_SURE}}


def facts_now(
    edition: Edition, answers: Answers, gates: Mapping[str, bool], stored: Mapping[str, FactValue]
) -> FactsNow:
    """How things stand. `edition` is the one that is asked: the quick one for a quick check."""
    book = edition.duty_book
    given = given_facts(book, gates, stored)
    known = settle_facts(edition, answers, shown(edition, answers), given, ordinary_questions(edition))
    unsure = frozenset(name for name, value in stored.items() if value == NOT_SURE)
    asked = open_facts(book, known.facts, unsure, at_work=known.at_work)
    open_ones = {*asked, *dating_facts(book, known.facts, at_work=known.at_work)} - set(stored)
    return FactsNow(
        derived={name: value for name, value in known.derived.items() if name not in stored},
        given=stored,
        to_ask=tuple(fact for fact in book.facts if fact.id in open_ones),
        contradictions=tuple(one for one in known.contradictions if one.fact in stored),
        gates=sum(STORED_GATES[gate.id] not in gates for gate in book.gates),
    )


def gate_question(gate: Gate) -> Question:
    """A gate in the shape of a question."""
    return as_question(Fact(id=STORED_GATES[gate.id], type="yes_no", ask=gate.ask, group="", hint=gate.hint))


def as_question(fact: Fact, *, uk_only: bool = False) -> Question:
    """A fact in the shape of a question, so that one template and one reader of forms serve both.

    `uk_only` leaves other countries out of the places where a business works.
    """
    unsure = Option(id=DONT_KNOW, label=NOT_SURE_TEXT)
    if fact.type == "yes_no":
        return _question(fact, "choice", (Option(id="yes", label="Yes"), Option(id="no", label="No"), unsure))
    if fact.type == "choice":
        return _question(fact, "choice", (*fact.options, unsure))
    if fact.type == "choices":
        none = () if any(option.id == NONE_OF_THESE for option in fact.options) else (_NONE,)
        places = {option.id for option in fact.options}.issuperset(UK_NATIONS)
        options = [option for option in fact.options if option.id in UK_NATIONS] if places and uk_only else fact.options
        return _question(fact, "choices", (*options, *none, unsure))
    return _question(fact, "date" if fact.type == "date" else "number", ())


_NONE = Option(id=NONE_OF_THESE, label="None of these")


def _question(fact: Fact, kind: QuestionType, options: Sequence[Option]) -> Question:
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


def from_answer(fact: Fact, answer: Value | None) -> FactValue | None:
    """The fact that an answer to `as_question` gives, to be stored; None when it was left open."""
    if answer is None:
        return None
    if answer in (DONT_KNOW, [DONT_KNOW]):
        return NOT_SURE
    if fact.type == "yes_no":
        return answer == "yes"
    if fact.type == "choices" and answer == [NONE_OF_THESE] and _adds_none(fact):
        return []
    return [str(part) for part in answer] if isinstance(answer, list) else answer


def to_answer(fact: Fact, stored: FactValue | None) -> Value | None:
    """The answer to `as_question` that a stored fact came from."""
    if stored is None:
        return None
    if stored == NOT_SURE:
        return [DONT_KNOW] if fact.type == "choices" else DONT_KNOW
    if isinstance(stored, bool):
        return "yes" if stored else "no"
    if stored == [] and _adds_none(fact):
        return [NONE_OF_THESE]
    return stored


def said_of(fact: Fact, stored: FactValue) -> str:
    """A stored fact in words, a date as people write it."""
    if stored == NOT_SURE:
        return NOT_SURE_TEXT
    return day(stored) if fact.type == "date" and isinstance(stored, str) else fact_text(fact, stored)


def _adds_none(fact: Fact) -> bool:
    return all(option.id != NONE_OF_THESE for option in fact.options)
