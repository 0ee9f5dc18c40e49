"""Which questions a colleague may be given, and which of them to show just now.

A section goes with its ordinary questions alone. A question that can raise a sign goes only by itself; one that is asked only because of
an answer to such a question never goes, since being asked would tell that answer.

What is shown depends on what the colleague said herself. Where a condition looks at a question she was given, only her own answer
counts; where it looks at another, the one of the business does. So nothing on her page changes with what was answered before to
anything on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.assessments.progress import is_shown
from assess.engine.bank import Edition, Question, Section, Value
from assess.engine.record import resting_on_signs
from assess.engine.visibility import settle


def ordinary_questions(edition: Edition, section: Section) -> tuple[Question, ...]:
    """The questions of a section that go with it. `edition` is the whole one, whatever is asked of this assessment."""
    resting = resting_on_signs(edition)
    return tuple(question for question in section.questions if not question.can_sign and question.id not in resting)


def goes_alone(edition: Edition, question: Question) -> bool:
    """Whether this question can be given to somebody by itself."""
    return question.can_sign and question.id not in resting_on_signs(edition)


def may_be_talked_about(edition: Edition, question: Question) -> bool:
    """Whether colleagues may write about it: no free words stand beside a question that can raise a sign."""
    return not question.can_sign and question.id not in resting_on_signs(edition)


def shown_now(
    asked: Edition, given: Sequence[Question], said: Mapping[str, Value], hers: Mapping[str, Value]
) -> list[Question]:
    """Those of the given questions that are shown. `asked` is what is asked of this assessment.

    `said` is what the business has said, `hers` what the colleague has.
    """
    names = {question.id for question in given}
    merged = {name: value for name, value in said.items() if name not in names}
    found = settle(asked, {**merged, **{name: value for name, value in hers.items() if name in names}}).found
    return [question for question in given if question.id in found and is_shown(found, question.id)]
