"""Says in words when a question is asked, for the list of every question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.engine.bank import Edition, Question
from assess.engine.conditions import All, Any, Asked, AtLeastOf, Condition, Leaf, Not

_COMPARED = {
    "at_least": "is {} or more",
    "at_most": "is {} or less",
    "more_than": "is more than {}",
    "less_than": "is less than {}",
    "before": "is before {}",
    "after": "is after {}",
}


def numbers_of(edition: Edition) -> dict[str, int]:
    """Question id to its number in the list of every question, from 1."""
    return {question.id: number for number, question in enumerate(edition.questions(), 1)}


def asked_if(question: Question, edition: Edition) -> str | None:
    """“Asked only if the answer to question 7 includes “A van”.”, or None for a question that is always asked."""
    if question.show_if is None:
        return None
    by_id = {one.id: one for one in edition.questions()}
    return f"Asked only if {_said(question.show_if, by_id, numbers_of(edition))}."


def _said(  # noqa: PLR0911  # one answer for each kind of condition
    condition: Condition, questions: Mapping[str, Question], numbers: Mapping[str, int]
) -> str:
    match condition:
        case Leaf():
            return _leaf(condition, questions, numbers, no=False)
        case Not(Leaf() as leaf):
            return _leaf(leaf, questions, numbers, no=True)
        case Asked(asked):
            return f"question {numbers[asked]} is asked"
        case All(parts):
            return ", and ".join(_said(part, questions, numbers) for part in parts)
        case Any(parts):
            return ", or ".join(_said(part, questions, numbers) for part in parts)
        case AtLeastOf(n, parts):
            return f"at least {n} of these are so: " + "; ".join(_said(part, questions, numbers) for part in parts)
        case Not(part):
            return f"this is not so: {_said(part, questions, numbers)}"
        case _:
            raise TypeError(f"{condition} belongs to the duties, not to a question")


def _leaf(leaf: Leaf, questions: Mapping[str, Question], numbers: Mapping[str, int], *, no: bool) -> str:
    subject = f"the answer to question {numbers[leaf.subject]}"
    if leaf.test in _COMPARED:
        compared = _COMPARED[leaf.test].format(leaf.value)
        return f"{subject} {compared.replace('is ', 'is not ', 1) if no else compared}"
    labels = {option.id: option.label for option in questions[leaf.subject].options}
    wanted = leaf.value if isinstance(leaf.value, tuple) else (str(leaf.value),)
    named = _one_of([f"“{labels.get(one, one)}”" for one in wanted])
    if leaf.test in {"includes", "includes_any"}:
        return f"{subject} {'does not include' if no else 'includes'} {named}"
    return f"{subject} is {'not ' if no else ''}{named}"


def _one_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
