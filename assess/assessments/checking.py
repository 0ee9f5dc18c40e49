"""What the check page says back: every answer in words, what is missing, what to read again, and the range so far.

Calm and alike (decisions.md 7.2): the list to read again is the same for the same shown questions, whatever was answered, and the
range tells nothing of signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.assessments.facts_form import FactsNow, said_of
from assess.assessments.progress import is_shown
from assess.assessments.section_page import short
from assess.engine.bank import Answers, Edition, Question
from assess.engine.texts import fill
from assess.engine.visibility import Found
from assess.engine.wording import answer_text


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One answer in words, with the section and question to change it at."""

    section: str
    id: str
    ask: str
    short: str
    said: tuple[str, ...]
    proof: bool = False


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """One section that shows something."""

    id: str
    title: str
    rows: tuple[CheckedRow, ...]


@dataclass(frozen=True, slots=True)
class CheckedFact:
    """One fact in words."""

    id: str
    ask: str
    said: str


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A fact and the ordinary answers that do not go with it, to be looked at together."""

    fact: CheckedFact
    rows: tuple[CheckedRow, ...]


def checked_sections(
    edition: Edition,
    answers: Answers,
    evidence: Mapping[str, bool],
    found: Found,
    texts: Mapping[str, str],
) -> tuple[CheckedSection, ...]:
    """All sections that show something, with every shown question."""
    checked = (
        CheckedSection(
            section.id,
            section.title,
            tuple(
                _row(section.id, question, answers, evidence, texts)
                for question in section.questions
                if is_shown(found, question.id)
            ),
        )
        for section in edition.sections
    )
    return tuple(section for section in checked if section.rows)


def _row(
    section_id: str, question: Question, answers: Answers, evidence: Mapping[str, bool], texts: Mapping[str, str]
) -> CheckedRow:
    ask = fill(question.ask, texts)
    said = answer_text(question, answers.get(question.id))
    return CheckedRow(
        section=section_id,
        id=question.id,
        ask=ask,
        short=short(ask),
        said=tuple(said) if isinstance(said, list) else (said,),
        proof=question.id in evidence,
    )


def missing_rows(sections: Sequence[CheckedSection], answers: Answers) -> list[CheckedRow]:
    """The shown questions without an answer, in order."""
    return [row for section in sections for row in section.rows if row.id not in answers]


def reread_rows(edition: Edition, sections: Sequence[CheckedSection]) -> list[CheckedRow]:
    """Every shown question that has an urgent option, whatever was answered."""
    grave = {question.id for question in edition.questions() if has_urgent_option(question)}
    return [row for section in sections for row in section.rows if row.id in grave]


def has_urgent_option(question: Question) -> bool:
    """Whether one of its answers calls for help at once."""
    signs = [part.sign for parts in (question.options, question.bands, question.steps) for part in parts]
    return "urgent" in signs


def contradicted(edition: Edition, now: FactsNow, sections: Sequence[CheckedSection]) -> list[Contradicted]:
    """What does not go together: “You said this here and that there”. Never about an answer to a question that may raise a sign."""
    facts = {fact.id: fact for fact in edition.duty_book.facts}
    rows = {row.id: row for section in sections for row in section.rows}
    return [
        Contradicted(
            CheckedFact(one.fact, facts[one.fact].ask, said_of(facts[one.fact], one.given)),
            tuple(rows[name] for name in one.questions if name in rows),
        )
        for one in now.contradictions
    ]


def checked_facts(edition: Edition, now: FactsNow) -> tuple[list[CheckedFact], list[CheckedFact]]:
    """The facts given in the form, and those told by answers."""
    facts = edition.duty_book.facts
    given = [
        CheckedFact(fact.id, fact.ask, said_of(fact, now.given[fact.id])) for fact in facts if fact.id in now.given
    ]
    derived = [
        CheckedFact(fact.id, fact.ask, said_of(fact, now.derived[fact.id])) for fact in facts if fact.id in now.derived
    ]
    return given, derived
