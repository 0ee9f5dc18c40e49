"""The field of each type of question and fact: for what people type, and for the values of a file of answers, which have types of their own."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, cast

from marshmallow import ValidationError, fields

from assess.core.forms.fields import (
    BEGINS_WEB_ADDRESS,
    ChoiceField,
    ChoicesField,
    FormField,
    IsoDateField,
    MoneyField,
    Number,
    NumberField,
    PercentageField,
    TableField,
    TextField,
    YesNoField,
    sentences_of,
)
from assess.engine.bank import DONT_KNOW, NUMBER_TYPES, AnswerValue, Fact, Option, Question
from assess.engine.facts import FactValue
from assess.engine.points import is_exclusive_option
from assess.engine.problems import did_you_mean

MAX_ROWS = 100
LONGEST_BUSINESS_NAME = 120
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?|-?\.[0-9]+")


def field_for(question: Question, *, typed: bool = False) -> fields.Field[AnswerValue]:
    """The field that cleans an answer to this question; its errors are marshmallow's `ValidationError`."""
    field: FormField[Any]
    if question.type == "table":
        columns = {column.id: _field_of(column.type, column.options) for column in question.columns}
        field = TableField(columns, most=MAX_ROWS)
    else:
        field = _field_of(question.type, question.options)
    if question.type == "choices":
        field.sentence_if_empty = ChoicesField.wanted
    if question.type == "date" or question.type in NUMBER_TYPES:
        field.also = (DONT_KNOW,)
    return cast("fields.Field[AnswerValue]", field if typed else JsonField(field))


def field_for_fact(fact: Fact, *, typed: bool = False) -> fields.Field[FactValue]:
    """The field that cleans a fact about the organisation. "Not sure" is no value: leave the fact out."""
    field = _field_of(fact.type, fact.options)
    return cast("fields.Field[FactValue]", field if typed else JsonField(field))


def _field_of(kind: str, options: Sequence[Option]) -> FormField[Any]:
    """The field of a type, of a question, a column or a fact. What is empty is no answer."""
    match kind:
        case "choice":
            return ChoiceField([option.id for option in options], required=ChoiceField.wanted)
        case "choices":
            alone = [option.id for option in options if is_exclusive_option(option.id)]
            labels = {option.id: option.label for option in options}
            return ChoicesField(labels, alone=alone, labels=labels)
        case "percentage":
            return PercentageField(required=PercentageField.wanted)
        case "money":
            return MoneyField(most=math.inf, required=MoneyField.wanted)
        case "number":
            return PlainNumberField(required=NumberField.wanted)
        case "date":
            return IsoDateField(required=IsoDateField.wanted)
        case "yes_no":
            return YesNoField(invalid="Choose “Yes”, “No” or “Not sure”.")
        case _:
            return TextField()


class PlainNumberField(NumberField):
    """A number of a question: its unit may be pounds or per cent, so people write those signs."""

    signs = "£%"


class JsonField(fields.Field[Any]):
    """`field` for a value that has a type already, and for the words of a file: option ids, and dates as "2026-03-27"."""

    def __init__(self, field: FormField[Any]) -> None:
        super().__init__()
        self.field = field

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> object:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, str) and value in self.field.also:
            return value
        match self.field:
            case ChoiceField() as field:
                return _given_option(field, value)
            case ChoicesField() as field:
                return _given_options(field, value)
            case TableField() as field:
                return _given_rows(field, value)
            case NumberField() as field:
                return _given_number(field, value)
            case IsoDateField() as field:
                return _given_date(field, value)
            case YesNoField() if isinstance(value, bool):
                return value
            case YesNoField():
                raise ValidationError(f"Give true or false, without quotes; this is {value_kind(value)}.")
        if not isinstance(value, str):
            raise ValidationError(f"Give a text in quotes; this is {value_kind(value)}.")
        return self.field.deserialize(value)


def _given_option(field: ChoiceField, value: object) -> str:
    if isinstance(value, str) and value in field.choices:
        return value
    raise ValidationError(_not_an_option(value, field.choices))


def _given_options(field: ChoicesField, value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValidationError(f"Give a list of option ids in square brackets; this is {value_kind(value)}.")
    if not value and field.sentence_if_empty:
        raise ValidationError("An empty list is no answer: name at least one option, or leave the question out.")
    for number, one in enumerate(value):
        if not (isinstance(one, str) and one in field.choices):
            raise ValidationError(_not_an_option(one, field.choices))
        if one in value[:number]:  # a browser may send one twice; in a file it is a slip
            raise ValidationError(f"{quoted(one)} stands there twice: keep one.")
    field.check(value, by_label=False)
    return value


def _given_number(field: NumberField, value: object) -> Number:
    unless = " or “dk”" if field.also else ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        repair = " without quotes" if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value) else ""
        raise ValidationError(f"Give a number{unless}{repair}; this is {value_kind(value)}.")
    if isinstance(value, float) and math.isnan(value):
        raise ValidationError(f"Give a number{unless}; this is not one.")
    field.check(value)
    return value


def _given_date(field: IsoDateField, value: object) -> str:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return field.date.check(value).isoformat()
    if isinstance(value, str) and _ISO_DATE.fullmatch(value.strip()):
        return field.deserialize(value)
    raise ValidationError('Give a date as text, like "2026-03-27".')


def _given_rows(field: TableField, value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise ValidationError(f"Give a list of rows, or [] when there are none; this is {value_kind(value)}.")
    if len(value) > field.most:
        raise ValidationError(f"Give {field.most} rows or fewer; this has {len(value)}.")
    read = [_given_row(field, given) for given in value]
    refused = {number: errors for number, (_, errors) in enumerate(read) if errors}
    if refused:
        raise ValidationError(cast("dict[str, object]", refused))
    return [cells for cells, _ in read]


def _given_row(field: TableField, given: object) -> tuple[dict[str, object], dict[str, list[str]]]:
    if not isinstance(given, dict):
        return {}, {"": [f"Give each row as a group of keys; this is {value_kind(given)}."]}
    cells: dict[str, object] = {}
    errors: dict[str, list[str]] = {}
    for name, raw in given.items():
        column = field.columns.get(name) if isinstance(name, str) else None
        if column is None:
            known = join_listed(field.columns)
            hint = did_you_mean(str(name), field.columns)
            errors[str(name)] = [f"There is no column {quoted(name)}{hint} The columns are: {known}."]
        elif raw is not None:
            try:
                cells[name] = JsonField(column).deserialize(raw)
            except ValidationError as refusal:
                errors[name] = sentences_of(refusal)
    if not (cells or errors):
        errors[""] = ["This row is empty: fill it in or leave it out."]
    return cells, errors


def _not_an_option(value: object, options: Collection[str]) -> str:
    if not isinstance(value, str) and str(value) in options:
        return f'Put quotes round it, as in "{value}": option ids are text.'
    if not isinstance(value, str):
        return f"Give one option id as text; this is {value_kind(value)}. The options are: {join_listed(options)}."
    return f"{quoted(value)} is not an option{did_you_mean(value, options)} The options are: {join_listed(options)}."


class BusinessNameField(TextField):
    def __init__(self, *, required: str = "Enter the name of your business.") -> None:
        super().__init__(LONGEST_BUSINESS_NAME, required=required)

    def clean(self, typed: str) -> str:
        if BEGINS_WEB_ADDRESS.search(typed):
            raise ValidationError("Enter the name of your business without a web address.")
        return super().clean(typed)


LONGEST_QUOTE = 60
MAX_LISTED = 12


def quoted(value: object) -> str:
    """A value in curly quotes, on one line, cut short, with nothing in it that a terminal could obey."""
    text = str(value)
    plain = "".join(
        "�" if unicodedata.category(letter).startswith("C") else letter for letter in text[: LONGEST_QUOTE + 1]
    )
    if len(text) > LONGEST_QUOTE:
        plain = plain[:LONGEST_QUOTE] + "…"
    return f"“{plain}”"


def join_listed(words: Collection[str]) -> str:
    """The words one after another, the tail of a very long list left out."""
    first = list(words)[:MAX_LISTED]
    more = len(words) - len(first)
    return ", ".join(first) + (f" and {more} more" if more else "")


_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a group of keys",
}


def value_kind(value: object) -> str:
    return "nothing" if value is None else _KINDS.get(type(value), "something else")
