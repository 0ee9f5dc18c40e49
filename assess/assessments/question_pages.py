"""The rows of “Check your answers”, and the printable list of every question with its condition in words. Nothing here tells of a sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.assessments.facts import FactsState, stored_fact_text
from assess.assessments.queries import is_shown
from assess.assessments.question_parts import short_title
from assess.engine.bank import Answers, Column, Edition, Question
from assess.engine.conditions import AllOf, AnyOf, Asked, AtLeastOf, Condition, Leaf, Not
from assess.engine.facts import FactValue
from assess.engine.in_words import fill_placeholders
from assess.engine.question_types import QUESTION_TYPES, answer_text
from assess.engine.visibility import SettledAnswers
from assess.question_banks.question_types import QUESTION_FORMS


@dataclass(frozen=True, slots=True)
class SummaryRow:
    section: str
    id: str
    ask: str
    name: str
    said: tuple[str, ...]
    proof: bool = False


@dataclass(frozen=True, slots=True)
class SummarySection:
    id: str
    title: str
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class SummaryFact:
    id: str
    ask: str
    said: str


@dataclass(frozen=True, slots=True)
class ContradictedFact:
    fact: SummaryFact
    rows: tuple[SummaryRow, ...]


def summary_sections(
    edition: Edition,
    answers: Answers,
    evidence: Mapping[str, bool],
    found: SettledAnswers,
    texts: Mapping[str, str],
) -> tuple[SummarySection, ...]:
    sections = (
        SummarySection(
            section.id,
            section.title,
            tuple(
                _summary_row(section.id, question, answers, evidence, texts)
                for question in section.questions
                if is_shown(found, question.id)
            ),
        )
        for section in edition.sections
    )
    return tuple(section for section in sections if section.rows)


def _summary_row(
    section_id: str, question: Question, answers: Answers, evidence: Mapping[str, bool], texts: Mapping[str, str]
) -> SummaryRow:
    ask = fill_placeholders(question.ask, texts)
    said = answer_text(question, answers.get(question.id))
    return SummaryRow(
        section=section_id,
        id=question.id,
        ask=ask,
        name=question.name or short_title(ask),
        said=tuple(said) if isinstance(said, list) else (said,),
        proof=question.id in evidence,
    )


def missing_rows(sections: Sequence[SummarySection], answers: Answers) -> list[SummaryRow]:
    return [row for section in sections for row in section.rows if row.id not in answers]


def reread_rows(edition: Edition, sections: Sequence[SummarySection]) -> list[SummaryRow]:
    """Every shown question that has an urgent option, whatever was answered."""
    grave = {question.id for question in edition.questions() if has_urgent_option(question)}
    return [row for section in sections for row in section.rows if row.id in grave]


def has_urgent_option(question: Question) -> bool:
    return "urgent" in [part.sign for parts in (question.options, question.bands, question.steps) for part in parts]


def get_contradicted_facts(
    edition: Edition, now: FactsState, sections: Sequence[SummarySection]
) -> list[ContradictedFact]:
    """What does not go together: “You said this here and that there”. Never about an answer to a question that may raise a sign."""
    facts = {fact.id: fact for fact in edition.duty_book.facts}
    rows = {row.id: row for section in sections for row in section.rows}
    return [
        ContradictedFact(
            SummaryFact(one.fact, facts[one.fact].ask, stored_fact_text(facts[one.fact], one.given)),
            tuple(rows[name] for name in one.questions if name in rows),
        )
        for one in now.contradictions
    ]


def summary_facts(edition: Edition, now: FactsState) -> tuple[list[SummaryFact], list[SummaryFact]]:
    """The facts given in the form, and those told by answers."""

    def rows(values: Mapping[str, FactValue]) -> list[SummaryFact]:
        return [
            SummaryFact(fact.id, fact.ask, stored_fact_text(fact, values[fact.id]))
            for fact in edition.duty_book.facts
            if fact.id in values
        ]

    return rows(now.given), rows(now.derived)


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """One question in words. `how` says what to give where there is nothing to choose; `many` that several may be chosen."""

    number: int
    ask: str
    quick: bool
    hint: str | None
    asked_if: str | None
    options: tuple[str, ...]
    many: bool
    how: str
    columns: tuple[str, ...]
    why: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class ListedSection:
    id: str
    title: str
    questions: tuple[ListedQuestion, ...]


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    total: int
    always: int


def count_questions(edition: Edition) -> QuestionCounts:
    questions = edition.questions()
    return QuestionCounts(len(questions), sum(question.show_if is None for question in questions))


def list_questions(edition: Edition, texts: Mapping[str, str]) -> tuple[ListedSection, ...]:
    numbers = question_numbers(edition)
    return tuple(
        ListedSection(
            section.id,
            section.title,
            tuple(_list_question(question, numbers[question.id], edition, texts) for question in section.questions),
        )
        for section in edition.sections
    )


def _list_question(question: Question, number: int, edition: Edition, texts: Mapping[str, str]) -> ListedQuestion:
    def filled(text: str | None) -> str | None:
        return None if text is None else fill_placeholders(text, texts)

    return ListedQuestion(
        number=number,
        ask=fill_placeholders(question.ask, texts),
        quick=question.quick,
        hint=filled(question.hint),
        asked_if=filled(condition_text(question, edition)),
        options=tuple(fill_placeholders(option.label, texts) for option in question.options if not option.retired),
        many=QUESTION_TYPES[question.type].several,
        how=QUESTION_FORMS[question.type].how_to_answer(question),
        columns=tuple(_column_text(column) for column in question.columns),
        why=filled(question.why),
        evidence=filled(question.evidence),
    )


def _column_text(column: Column) -> str:
    if not column.options:
        return column.label
    return f"{column.label}: {', '.join(option.label for option in column.options)}"


_COMPARISON_TEXTS = {
    "at_least": "is {} or more",
    "at_most": "is {} or less",
    "more_than": "is more than {}",
    "less_than": "is less than {}",
    "before": "is before {}",
    "after": "is after {}",
}


def question_numbers(edition: Edition) -> dict[str, int]:
    return {question.id: number for number, question in enumerate(edition.questions(), 1)}


def condition_text(question: Question, edition: Edition) -> str | None:
    """“Asked only if the answer to question 7 includes “A van”.”, or None for a question that is always asked."""
    if question.show_if is None:
        return None
    by_id = {one.id: one for one in edition.questions()}
    return f"Asked only if {_condition_in_words(question.show_if, by_id, question_numbers(edition))}."


def _condition_in_words(  # one answer for each kind of condition
    condition: Condition, questions: Mapping[str, Question], numbers: Mapping[str, int]
) -> str:
    match condition:
        case Leaf():
            return _comparison_text(condition, questions, numbers, no=False)
        case Not(Leaf() as leaf):
            return _comparison_text(leaf, questions, numbers, no=True)
        case Asked(asked):
            return f"question {numbers[asked]} is asked"
        case AllOf(parts):
            return ", and ".join(_condition_in_words(part, questions, numbers) for part in parts)
        case AnyOf(parts):
            return ", or ".join(_condition_in_words(part, questions, numbers) for part in parts)
        case AtLeastOf(n, parts):
            return f"at least {n} of these are so: " + "; ".join(
                _condition_in_words(part, questions, numbers) for part in parts
            )
        case Not(part):
            return f"this is not so: {_condition_in_words(part, questions, numbers)}"
        case _:
            raise TypeError(f"{condition} belongs to the duties, not to a question")


def _comparison_text(leaf: Leaf, questions: Mapping[str, Question], numbers: Mapping[str, int], *, no: bool) -> str:
    subject = f"the answer to question {numbers[leaf.subject]}"
    if leaf.test in _COMPARISON_TEXTS:
        compared = _COMPARISON_TEXTS[leaf.test].format(leaf.value)
        return f"{subject} {compared.replace('is ', 'is not ', 1) if no else compared}"
    labels = {option.id: option.label for option in questions[leaf.subject].options}
    wanted = leaf.value if isinstance(leaf.value, tuple) else (str(leaf.value),)
    named = _join_with_or([f"“{labels.get(one, one)}”" for one in wanted])
    if leaf.test in {"includes", "includes_any"}:
        return f"{subject} {'does not include' if no else 'includes'} {named}"
    return f"{subject} is {'not ' if no else ''}{named}"


def _join_with_or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
