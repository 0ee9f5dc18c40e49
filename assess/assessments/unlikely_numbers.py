"""Asks numbers back that are hard to believe: “Is 40 hours right?” beside what was typed, and two numbers of one row on the check page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assess.assessments.forms import PostedSection
from assess.assessments.question_pages import SummaryRow, SummarySection
from assess.engine.bank import Answers, AnswerValue, Edition, Question
from assess.engine.cross_checks import CROWDING
from assess.engine.ordinary import ordinary_questions
from assess.engine.question_types import NUMBER_TYPES, answer_text, number_text

MOST_LIKELY_PEOPLE_PER_BEDROOM = 4
"""With more, one of the two numbers is as likely a slip of the finger."""


@dataclass(frozen=True, slots=True)
class UnlikelyRow:
    """A row of a table whose numbers do not seem to go together. `row` is the question."""

    said: str
    row: SummaryRow


def ask_back_unlikely_numbers(
    posted: PostedSection, questions: Iterable[Question], stored: Mapping[str, object]
) -> None:
    """Hold back each number outside what its bank believes, until the tick “Yes, this is right” comes with this same number.

    Every question with a number is asked so, whatever it is about, and what is stored already is not asked again.
    """
    for question in questions:
        number = posted.changes.get(question.id)
        if not is_unlikely(question, number) or number == stored.get(question.id):
            continue
        typed = posted.typed[question.id]
        if typed.sure == str(number):
            continue
        del posted.changes[question.id]
        posted.typed[question.id] = replace(typed, sure=str(number))
        posted.errors[question.id] = [
            f"Is {answer_text(question, number)} right? Tick “Yes, this is right”, or change the number."
        ]


def is_unlikely(question: Question, number: AnswerValue | None) -> bool:
    if question.type not in NUMBER_TYPES or not isinstance(number, (int, float)):
        return False
    low, high = question.likely_from, question.likely_to
    return (low is not None and number < low) or (high is not None and number > high)


def get_unlikely_rows(edition: Edition, answers: Answers, sections: Sequence[SummarySection]) -> Iterator[UnlikelyRow]:
    """“14 people in 2 bedrooms”, for each place of the tables shown. Never about an answer to a question that may raise a sign."""
    rows = {row.id: row for section in sections for row in section.rows}
    for check in edition.checks:
        table = check.inputs.get("table", "")
        if check.rule != CROWDING or table not in rows or table not in ordinary_questions(edition):
            continue
        places = answers.get(table)
        for place in places if isinstance(places, list) else []:
            if not isinstance(place, dict):
                continue
            people, bedrooms = place.get(check.inputs["people"]), place.get(check.inputs["bedrooms"])
            if not isinstance(people, (int, float)) or not isinstance(bedrooms, (int, float)):
                continue
            if people > MOST_LIKELY_PEOPLE_PER_BEDROOM * bedrooms:
                home = "bedroom" if bedrooms == 1 else "bedrooms"
                yield UnlikelyRow(f"{number_text(people, 'people')} in {number_text(bedrooms, home)}", rows[table])
