"""How each type of question and of fact is asked for on a page, read from a form or a file, and offered to whoever edits a bank. What it means stands in `engine/question_types.py`."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, cast

from marshmallow import ValidationError, fields

from assess.core.forms.fields import (
    LONGEST_TYPED,
    ChoiceField,
    ChoicesField,
    FormField,
    IsoDateField,
    MoneyField,
    NumberField,
    PercentageField,
    SentForm,
    TableField,
    TextField,
    YesNoField,
    date_as_typed,
    sent_rows,
    sentences_of,
    tidy,
)
from assess.core.forms.fields import Number as TypedNumber
from assess.engine.bank import DONT_KNOW, AnswerValue, Column, Fact, Option, Question
from assess.engine.facts import FactValue
from assess.engine.points import is_exclusive_option
from assess.engine.problems import did_you_mean
from assess.engine.question_types import SCALE

MAX_ROWS = 100
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?|-?\.[0-9]+")


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """An answer as it was typed. `ticked`: the box beside it, “Don’t know” or “There are none”; `proof`: that it could be shown."""

    texts: tuple[str, ...] = ()
    ticked: bool = False
    rows: tuple[Mapping[str, str], ...] = ()
    proof: bool = field(default=False, compare=False)
    sure: str = field(default="", compare=False)
    """The number that is said to be right, or is to be asked back: “Is 40 hours right?”"""

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""


@dataclass(frozen=True, slots=True)
class FreeTextBox:
    """A box in which people write, with what they wrote. `row` and `column` are those of a cell, 0 and "" otherwise."""

    id: str
    label: str
    text: str
    row: int = 0
    column: str = ""


class QuestionForm:
    """One way to ask. What a type does not say for itself holds for one box in which anything may be written."""

    words: ClassVar[str]
    """How it is answered, for whoever edits a bank."""
    hint: ClassVar[str] = ""
    """Stands below the question, after its own hint."""
    how: ClassVar[str] = ""
    """What to give, on the list of all questions. Empty where the answers to choose from say it."""
    label: ClassVar[str] = ""
    """Of the box in which it is typed."""
    width: ClassVar[int] = 5
    """Of the box, in characters."""
    tick: ClassVar[str] = ""
    """The end of the name of a box to tick instead: “Don’t know” (dk), or “There are none” (none)."""
    control: ClassVar[str] = "input"
    """What draws it in `templates/assessments/_question.html`: radios, checkboxes, rows or input."""
    matters: ClassVar[tuple[str, ...]] = ()
    """Which answers something can be done about, in the words of the form for a new question: yes, no, high or low."""
    is_number: ClassVar[bool] = False
    detail: ClassVar[str] = ""
    """The label of a box for a few words beside the answer."""
    can_be_cleared: ClassVar[bool] = True
    """Whether nothing in the form takes the answer back. A radio that sends nothing was never chosen."""

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        """The field that cleans what was typed. What is empty is no answer."""
        raise NotImplementedError

    def read(self, form: SentForm, question: Question) -> FormAnswer:
        name = question.id
        texts = [text[:LONGEST_TYPED].strip() for text in form.getlist(name)[: len(question.options) + 20]]
        return FormAnswer(tuple(filter(None, texts)), f"{name}.{self.tick}" in form, proof=f"{name}.proof" in form)

    def raw(self, typed: FormAnswer) -> object:
        """What the field takes; None for no answer."""
        return DONT_KNOW if typed.ticked and not typed.texts else typed.text or None

    def contradiction(self, typed: FormAnswer) -> str:
        """What to do about two things that were said at once. Empty: nothing."""
        both = self.tick and typed.ticked and typed.texts
        return "Fill this in, or tick “Don’t know”, not both." if both else ""

    def from_stored(self, question: Question, value: AnswerValue, *, proof: bool) -> FormAnswer:
        if value == self.tick:
            return FormAnswer(ticked=True, proof=proof)
        return FormAnswer((self.as_text(value),), proof=proof)

    def as_text(self, value: object) -> str:
        """A value as a person would type it: "12.5"."""
        return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)

    def input_label(self, unit: str | None) -> str:
        """The label at the box."""
        return self.label

    def how_to_answer(self, question: Question) -> str:
        return self.how

    def free_text_boxes(self, question: Question, typed: FormAnswer) -> Iterator[FreeTextBox]:
        """Where people write, with what they wrote."""
        return iter(())

    def defaults(self, matters: str) -> Mapping[str, Any]:
        """The least a file has to say of a new question, by key. `matters`: the answer something is done about, "" if nobody said."""
        return {}


class Text(QuestionForm):
    words = "Words of their own"
    hint = "Never give the names or details of workers."
    how = "a line of text"
    label = "Your answer"
    width = 30

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return TextField()

    def free_text_boxes(self, question: Question, typed: FormAnswer) -> Iterator[FreeTextBox]:
        yield FreeTextBox(question.id, question.ask, tidy(typed.text))


class Choice(QuestionForm):
    words = "One answer from a list"
    matters: ClassVar[tuple[str, ...]] = ("yes", "no")
    control: ClassVar[str] = "radios"
    can_be_cleared = False

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return ChoiceField([option.id for option in options], required=ChoiceField.wanted)

    def from_stored(self, question: Question, value: AnswerValue, *, proof: bool) -> FormAnswer:
        return FormAnswer(tuple(map(str, value)) if isinstance(value, list) else (str(value),), proof=proof)

    def defaults(self, matters: str) -> Mapping[str, Any]:
        points = {"yes": (4, 0, 4), "no": (0, 4, 4)}.get(matters, ())
        return {"options": _options(("Yes", "No"), points)}


class Choices(Choice):
    words = "One or more answers from a list"
    matters = ()
    hint = "Choose all that apply."
    control = "checkboxes"
    can_be_cleared = True

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        alone = [option.id for option in options if is_exclusive_option(option.id)]
        labels = {option.id: option.label for option in options}
        return ChoicesField(labels, alone=alone, labels=labels)

    def raw(self, typed: FormAnswer) -> object:
        return list(typed.texts) or None

    def defaults(self, matters: str) -> Mapping[str, Any]:
        named = [{"id": "first", "label": "The first answer"}, {"id": "none", "label": "None of these"}]
        return {"options": [*named, {"id": DONT_KNOW, "label": "Don’t know"}]}


class Scale(Choice):
    words = "How often: never, rarely, sometimes, often or always"
    matters = ("high", "low")

    def defaults(self, matters: str) -> Mapping[str, Any]:
        points = {"high": (0, 1, 2, 3, 4, 4), "low": (4, 3, 2, 1, 0, 4)}.get(matters, ())
        return {"options": _options([step.capitalize() for step in SCALE], points)}


class YesNoDetail(Choice):
    words = "Yes or no, with a few words about a yes"
    detail = "If yes, a few words about it (you can leave this empty)"
    hint = "Never give the names or details of workers."

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return DetailField([option.id for option in options], required=ChoiceField.wanted)

    def read(self, form: SentForm, question: Question) -> FormAnswer:
        detail = tuple(row for row in sent_rows(form, question.id, [DETAIL], 0) if row[DETAIL])
        return replace(super().read(form, question), rows=detail)

    def raw(self, typed: FormAnswer) -> object:
        return {"choice": typed.text, **typed.rows[0]} if typed.rows else typed.text or None

    def contradiction(self, typed: FormAnswer) -> str:
        said_yes = typed.text == "yes" or not typed.rows
        return "" if said_yes else "You wrote something about a “Yes”. Choose “Yes”, or take the words out."

    def from_stored(self, question: Question, value: AnswerValue, *, proof: bool) -> FormAnswer:
        if isinstance(value, Mapping):
            return FormAnswer((value["choice"],), rows=({DETAIL: value[DETAIL]},), proof=proof)
        return super().from_stored(question, value, proof=proof)

    def free_text_boxes(self, question: Question, typed: FormAnswer) -> Iterator[FreeTextBox]:
        for row in typed.rows:
            yield FreeTextBox(f"{question.id}-0-{DETAIL}", question.ask, tidy(row[DETAIL]), 0, DETAIL)


class Number(QuestionForm):
    words = "A number"
    how = "a number"
    label = "Number"
    tick = DONT_KNOW
    is_number = True
    matters = ("high", "low")

    def read(self, form: SentForm, question: Question) -> FormAnswer:
        return replace(super().read(form, question), sure=form.get(f"{question.id}.sure", "")[:LONGEST_TYPED])

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return PlainNumberField(required=NumberField.wanted)

    def input_label(self, unit: str | None) -> str:
        """From the unit: "£ a day" gives "Pounds a day", "hours" gives "Number of hours"."""
        if not unit:
            return self.label
        return f"Pounds {unit[1:].strip()}".strip() if unit.startswith("£") else f"Number of {unit}"

    def how_to_answer(self, question: Question) -> str:
        return f"{self.how} ({question.unit})" if question.unit else self.how

    def defaults(self, matters: str) -> Mapping[str, Any]:
        points = {"high": (0, 4), "low": (4, 0)}.get(matters)
        return {"bands": [{"up_to": 0, "points": points[0]}, {"points": points[1]}]} if points else {}


class Money(Number):
    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return MoneyField(most=math.inf, required=MoneyField.wanted)


class Percentage(Number):
    words = "A percentage"
    how = "a percentage, from 0 to 100"
    label = "Percentage"

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return PercentageField(required=PercentageField.wanted)


class Date(QuestionForm):
    words = "A date"
    hint = "For example, 27 3 2026."
    how = "a date"
    label = "Date"
    tick = DONT_KNOW
    width = 10

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return IsoDateField(required=IsoDateField.wanted)

    def as_text(self, value: object) -> str:
        return date_as_typed(dt.date.fromisoformat(str(value)))


class Table(QuestionForm):
    words = "A table to fill in"
    hint = "Leave a box empty if you do not know. Never give the names of workers."
    tick = "none"
    control = "rows"

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        cells = {column.id: ANSWER_FORMS[column.type].field(column.options) for column in columns}
        return TableField(cells, most=MAX_ROWS)

    def read(self, form: SentForm, question: Question) -> FormAnswer:
        rows = sent_rows(form, question.id, [column.id for column in question.columns], MAX_ROWS)
        return replace(super().read(form, question), texts=(), rows=tuple(rows))

    def raw(self, typed: FormAnswer) -> object:
        return list(typed.rows) if _any_filled(typed.rows) else [] if typed.ticked else None

    def contradiction(self, typed: FormAnswer) -> str:
        both = typed.ticked and _any_filled(typed.rows)
        return "Fill in rows, or tick that there are none to list, not both." if both else ""

    def from_stored(self, question: Question, value: AnswerValue, *, proof: bool) -> FormAnswer:
        forms = {column.id: ANSWER_FORMS[column.type] for column in question.columns}
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        texts = (
            {name: forms.get(name, ANSWER_FORMS["text"]).as_text(cell) for name, cell in row.items()} for row in rows
        )
        return FormAnswer(ticked=not rows, rows=tuple(texts), proof=proof)

    def free_text_boxes(self, question: Question, typed: FormAnswer) -> Iterator[FreeTextBox]:
        free = [column for column in question.columns if column.type == "text"]
        for number, row in enumerate(typed.rows):
            for column in free:
                label, text = f"{column.label} (row {number + 1})", tidy(row.get(column.id, ""))
                yield FreeTextBox(f"{question.id}-{number}-{column.id}", label, text, number, column.id)

    def defaults(self, matters: str) -> Mapping[str, Any]:
        return {"columns": [{"id": "what", "label": "What", "type": "text"}]}


class YesNo(QuestionForm):
    """Of a fact alone."""

    def field(self, options: Sequence[Option], columns: Sequence[Column] = ()) -> FormField[Any]:
        return YesNoField(invalid="Choose “Yes”, “No” or “Not sure”.")


QUESTION_FORMS: Mapping[str, QuestionForm] = MappingProxyType(
    {
        "choice": Choice(),
        "choices": Choices(),
        "scale": Scale(),
        "yes_no_detail": YesNoDetail(),
        "number": Number(),
        "percentage": Percentage(),
        "date": Date(),
        "text": Text(),
        "table": Table(),
    }
)
ANSWER_FORMS: Mapping[str, QuestionForm] = MappingProxyType({**QUESTION_FORMS, "money": Money(), "yes_no": YesNo()})
"""With the types that facts alone have."""


def field_for(question: Question, *, typed: bool = False) -> fields.Field[AnswerValue]:
    """The field that cleans an answer to this question; its errors are marshmallow's `ValidationError`."""
    form = QUESTION_FORMS[question.type]
    field = form.field(question.options, question.columns)
    if isinstance(field, ChoicesField):
        field.sentence_if_empty = ChoicesField.wanted
    if form.tick == DONT_KNOW:
        field.also = (DONT_KNOW,)
    if not typed:  # files and programs may give any number
        return cast("fields.Field[AnswerValue]", JsonField(field))
    if isinstance(field, PlainNumberField):
        field.counts(question.unit or "", whole=question.whole)
    if isinstance(field, TableField):
        for column in question.columns:
            cell = field.columns[column.id]
            if isinstance(cell, PlainNumberField):
                cell.counts("", whole=column.whole)
    return cast("fields.Field[AnswerValue]", field)


def field_for_fact(fact: Fact, *, typed: bool = False) -> fields.Field[FactValue]:
    """The field that cleans a fact about the organisation. "Not sure" is no value: leave the fact out."""
    field = ANSWER_FORMS[fact.type].field(fact.options)
    return cast("fields.Field[FactValue]", field if typed else JsonField(field))


def form_answer_from_stored(question: Question, value: AnswerValue | None, *, proof: bool = False) -> FormAnswer:
    if value is None:
        return FormAnswer(proof=proof)
    return QUESTION_FORMS[question.type].from_stored(question, value, proof=proof)


def hidden_fields(question: Question, typed: FormAnswer) -> list[tuple[str, str]]:
    """The names and values under which a page sends back what was typed."""
    name = question.id
    found = [(name, text) for text in typed.texts]
    if typed.ticked:
        found.append((f"{name}.{QUESTION_FORMS[question.type].tick}", "yes"))
    if typed.proof:
        found.append((f"{name}.proof", "yes"))
    if typed.sure:
        found.append((f"{name}.sure", typed.sure))
    cells = ((f"{name}.{row}.{column}", text) for row, given in enumerate(typed.rows) for column, text in given.items())
    return [*found, *cells]


def _options(labels: Sequence[str], points: Sequence[int]) -> list[dict[str, Any]]:
    """Options that are called as their ids, and “don’t know”, with these points where somebody said which answer matters."""
    named = [{"id": label.lower(), "label": label} for label in labels] + [{"id": DONT_KNOW, "label": "Don’t know"}]
    return [{**one, "points": cost} for one, cost in zip(named, points, strict=True)] if points else named


def _any_filled(rows: Sequence[Mapping[str, str]]) -> bool:
    return any(any(row.values()) for row in rows)


DETAIL = "detail"


class DetailField(ChoiceField):
    """One of the options, with a few words about it: `{"choice": id, "detail": text}`, or the id alone without any."""

    detail = TextField()

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> Any:  # noqa: ANN401  # an id, or with words
        both = value if isinstance(value, Mapping) else {"choice": value}
        chosen = super()._deserialize(both.get("choice", ""), attr, data, **kwargs)
        detail, error = self.detail.read(both.get(DETAIL, ""))
        if error:
            raise ValidationError(cast("dict[str, Any]", {0: {DETAIL: [error]}}))
        return self.with_words(chosen, detail)

    def with_words(self, chosen: str, detail: str) -> object:
        """Words that are an id of an option add nothing, and taking them out would take out the answer."""
        return {"choice": chosen, DETAIL: detail} if detail and detail not in self.choices else chosen


_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[^a-z]*[^a-z\s]|[a-z]+)\s*(?P<unit>[a-z][a-z ]*)?")
_UNIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "people": ("person", "persons", "workers", "worker"),
    "hours": ("hour", "hrs", "hr", "h"),
    "minutes": ("minute", "mins", "min"),
    "rooms": ("room",),
    "times": ("time",),
    "£": ("pounds", "gbp"),
    "£ a day": ("a day", "per day", "pounds", "pounds a day", "pounds per day", "gbp"),
    "£ an hour": ("an hour", "per hour", "pounds", "pounds an hour", "pounds per hour", "gbp"),
}
"""What people write behind a number that is counted so."""


class PlainNumberField(NumberField):
    """A number of a question: its unit may be pounds or per cent, so people write those signs, or the unit itself: “7 people”."""

    signs = "£%"
    unit = ""

    def counts(self, unit: str, *, whole: bool) -> None:
        """What the number is one of, and whether it has no decimals."""
        self.unit, self.whole = unit, whole
        if whole:
            self.wanted = f"Enter a whole number{f' of {unit}' if unit else ''} in digits, like 7."

    def clean(self, typed: str) -> TypedNumber:
        found = _NUMBER_AND_UNIT.fullmatch(typed.casefold())
        if found and (not found["unit"] or found["unit"] in {self.unit, *_UNIT_WORDS.get(self.unit, ())}):
            if found["number"] in _NUMBER_WORDS:
                return self.check(_NUMBER_WORDS.index(found["number"]))
            return super().clean(found["number"])
        return super().clean(typed)


class JsonField(fields.Field[Any]):
    """`field` for a value that has a type already, and for the words of a file: option ids, and dates as "2026-03-27"."""

    def __init__(self, field: FormField[Any]) -> None:
        super().__init__()
        self.field = field

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> object:
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


def _given_option(field: ChoiceField, value: object) -> object:
    if isinstance(field, DetailField) and isinstance(value, dict):
        return _given_detail(field, value)
    if isinstance(value, str) and value in field.choices:
        return value
    raise ValidationError(_not_an_option(value, field.choices))


def _given_detail(field: DetailField, value: Mapping[object, object]) -> object:
    chosen, detail = _given_option(field, value.get("choice")), value.get(DETAIL, "")
    stranger = next((key for key in value if key not in {"choice", DETAIL}), None)
    if stranger is not None or not isinstance(detail, str):
        raise ValidationError(f'Give an option id, or {{"choice": option id, "{DETAIL}": text in quotes}}.')
    if detail and chosen != "yes":
        raise ValidationError(f"Give “{DETAIL}” beside a yes only.")
    text, error = field.detail.read(detail)
    if error:
        raise ValidationError(error)
    return field.with_words(str(chosen), text)


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


def _given_number(field: NumberField, value: object) -> TypedNumber:
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
