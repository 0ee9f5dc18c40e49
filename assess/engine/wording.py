"""Answers and facts said back in the words of the bank."""

from __future__ import annotations

from collections.abc import Mapping

from assess.engine.bank import DONT_KNOW, Column, Fact, Question, Value
from assess.engine.facts import FactValue
from assess.engine.reasons import limit_of

NOT_ANSWERED = "Not answered"
DONT_KNOW_TEXT = "Don’t know"


def number_text(value: float, unit: str | None) -> str:
    """A number with its unit: "£13.80 an hour" for the unit "£ an hour", "46 hours" for "hours"."""
    if unit and unit.startswith("£"):
        rest = unit[1:].strip()
        return f"£{value:,.2f} {rest}".strip()
    plain = f"{value:,.2f}".rstrip("0").rstrip(".")
    if unit == "%":
        return f"{plain}%"
    return f"{plain} {unit}" if unit else plain


def _cell_text(column: Column, value: object) -> str:
    if column.type == "choice":
        labels = {option.id: option.label for option in column.options}
        return labels.get(str(value), str(value))
    if isinstance(value, (int, float)):
        return number_text(value, None)
    return str(value)


def _row_text(question: Question, row: Mapping[str, object]) -> str:
    cells = [
        f"{column.label}: {_cell_text(column, row[column.id])}"
        for column in question.columns
        if row.get(column.id) not in {None, ""}
    ]
    return "; ".join(cells)


def answer_text(question: Question, value: Value | None) -> str | list[str]:
    """The answer as a person would read it: one text, or a list for several choices and for rows."""
    if value is None:
        return NOT_ANSWERED
    if question.type == "table":
        rows = [_row_text(question, row) for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        return rows or ["None listed"]
    labels = {option.id: option.label for option in question.options}
    if isinstance(value, list):
        return [labels.get(str(chosen), str(chosen)) for chosen in value]
    if value == DONT_KNOW:
        return labels.get(DONT_KNOW, DONT_KNOW_TEXT)
    if isinstance(value, str):
        return labels.get(value, value)
    unit = "%" if question.type == "percentage" else question.unit
    return number_text(value, unit)


def fact_text(fact: Fact, value: FactValue) -> str:
    """A fact as a person would read it: "Yes", "£2,400,000", "less than £5,000,000", "England, Wales"."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    limit = limit_of(value)
    if limit is not None:
        return f"less than {fact_text(fact, limit)}"
    labels = {option.id: option.label for option in fact.options}
    if isinstance(value, list):
        return ", ".join(labels.get(part, part) for part in value) or "None of these"
    if isinstance(value, str):
        return labels.get(value, value)
    if fact.type == "money" and float(value).is_integer():
        return f"£{value:,.0f}" if fact.unit in {None, "£"} else f"{value:,.0f} {fact.unit}"
    return number_text(value, fact.unit)
