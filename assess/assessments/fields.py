"""One marshmallow field per type of question and of fact, the same for pages and for answers files.

A field never says that an answer is missing: whether something must be answered is the engine's business, so a half-filled page
can be saved. `typed=True` reads what a person typed or ticked in a form, where everything is text; without it the field reads
the values of an answers file, where a number is a number. Every refusal is one sentence that says what to do.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar, cast

from marshmallow import ValidationError, fields

from assess.assessments.wording import did_you_mean, kind_of, listed, quoted
from assess.engine.bank import DONT_KNOW, Column, Fact, Option, Question, Value
from assess.engine.facts import FactValue

LONGEST_TEXT = 200
LONGEST_TYPED = 40
MOST_ROWS = 100
EARLIEST_YEAR, LATEST_YEAR = 1800, 2200
THIS_CENTURY = 2000
"""All that is asked for a date was or will be within a few years, so “26” is 2026."""

_ALONE = re.compile(r"dk|none|na(_.*)?")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_TYPED_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?|-?\.[0-9]+")
_TYPED_DATE = re.compile(r"([0-9]{1,2})[ /.-]+([0-9]{1,2}|[A-Za-z]{3,9})[ /.-]+([0-9]{4}|[0-9]{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_PLACE_IN_TEXT = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the direction of what follows: they could make a name read as another one."""

Clean = TypeVar("Clean")
Number = int | float
Row = dict[str, object]


def stands_alone(option: str) -> bool:
    """Whether this option excludes every other: "dk", "none" and "na…" (decisions.md 8)."""
    return _ALONE.fullmatch(option) is not None


class Cleaner(fields.Field[Clean], Generic[Clean]):
    """A field that cleans one value by itself, whatever stands around it."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> Clean:  # noqa: ARG002 - marshmallow's signature
        return self._clean(value)

    def _clean(self, value: object) -> Clean:
        """The clean value, or a `ValidationError` with one sentence."""
        raise NotImplementedError


class OneOf(Cleaner[str]):
    """One option id."""

    def __init__(self, options: Sequence[str], *, typed: bool) -> None:
        super().__init__()
        self.options = tuple(options)
        self.typed = typed

    def _clean(self, value: object) -> str:
        if isinstance(value, str) and value in self.options:
            return value
        if self.typed:
            raise ValidationError("Choose one of the answers in the list.")
        raise ValidationError(_not_an_option(value, self.options))


class SomeOf(Cleaner[list[str]]):
    """Several option ids, in the order given. Those that stand alone refuse company."""

    def __init__(self, options: Sequence[str], *, typed: bool, labels: Mapping[str, str], may_be_empty: bool) -> None:
        super().__init__()
        self.options = tuple(options)
        self.typed = typed
        self.labels = labels
        self.may_be_empty = may_be_empty

    def _clean(self, value: object) -> list[str]:
        if not isinstance(value, list):
            raise ValidationError(f"Give a list of option ids in square brackets; this is {kind_of(value)}.")
        if not value and not self.may_be_empty:
            raise ValidationError("An empty list is no answer: name at least one option, or leave the question out.")
        chosen: list[str] = []
        for part in value:
            if not (isinstance(part, str) and part in self.options):
                raise ValidationError(
                    "Choose only answers in the list." if self.typed else _not_an_option(part, self.options)
                )
            if part not in chosen:
                chosen.append(part)
            elif not self.typed:
                raise ValidationError(f"{quoted(part)} stands there twice: keep one.")
        lonely = next((part for part in chosen if stands_alone(part)), None)
        if lonely is not None and len(chosen) > 1:
            name = self.labels[lonely] if self.typed else lonely
            raise ValidationError(f"Choose {quoted(name)} alone, or untick it and keep the others.")
        return chosen


class Amount(Cleaner[Number | str]):
    """A finite number of 0 or more, at most 100 when it is a percentage; "dk" where that may be said."""

    def __init__(self, *, typed: bool, percentage: bool, may_be_unknown: bool) -> None:
        super().__init__()
        self.typed = typed
        self.percentage = percentage
        self.may_be_unknown = may_be_unknown

    def _clean(self, value: object) -> Number | str:
        if self.may_be_unknown and value == DONT_KNOW:
            return DONT_KNOW
        number = _read_typed_number(value) if self.typed and isinstance(value, str) else self._given(value)
        try:
            finite = math.isfinite(number)
        except OverflowError:
            finite = False
        if not finite:
            raise ValidationError("This number is too large to be real: check it.")
        if number < 0:
            raise ValidationError("Enter a number of 0 or more.")
        if self.percentage and number > 100:  # noqa: PLR2004 - a hundred per cent
            raise ValidationError("Enter a percentage from 0 to 100.")
        return number

    def _given(self, value: object) -> Number:
        unless = " or “dk”" if self.may_be_unknown else ""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            bare = isinstance(value, str) and _TYPED_NUMBER.fullmatch(value)
            repair = " without quotes" if bare else ""
            raise ValidationError(f"Give a number{unless}{repair}; this is {kind_of(value)}.")
        if isinstance(value, float) and math.isnan(value):
            raise ValidationError(f"Give a number{unless}; this is not one.")
        return value


class Day(Cleaner[str]):
    """A date, kept as "2026-03-31"; "dk" where that may be said."""

    def __init__(self, *, typed: bool, may_be_unknown: bool) -> None:
        super().__init__()
        self.typed = typed
        self.may_be_unknown = may_be_unknown

    def _clean(self, value: object) -> str:
        if self.may_be_unknown and value == DONT_KNOW:
            return DONT_KNOW
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        wanted = "Enter a date, like 27 3 2026." if self.typed else 'Give a date as text, like "2026-03-27".'
        if not isinstance(value, str):
            raise ValidationError(wanted)
        parts = self._parts(value.strip())
        if parts is None:
            raise ValidationError(wanted)
        if not EARLIEST_YEAR <= parts[0] <= LATEST_YEAR:
            raise ValidationError("Check the year of this date.")
        try:
            return dt.date(*parts).isoformat()
        except ValueError:
            raise ValidationError("There is no such day: check the day and the month.") from None

    def _parts(self, text: str) -> tuple[int, int, int] | None:
        if iso := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
            return int(iso[1]), int(iso[2]), int(iso[3])
        typed = _TYPED_DATE.fullmatch(text) if self.typed else None
        if typed is None:
            return None
        word = typed[2][:3].lower()
        month = int(typed[2]) if typed[2].isdigit() else (_MONTHS.index(word) + 1 if word in _MONTHS else 0)
        year = int(typed[3]) + (THIS_CENTURY if len(typed[3]) == 2 else 0)  # noqa: PLR2004 - as people write a year
        return year, month, int(typed[1])


class Words(Cleaner[str]):
    """One line of text."""

    def __init__(self, longest: int = LONGEST_TEXT) -> None:
        super().__init__()
        self.longest = longest

    def _clean(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValidationError(f"Give a text in quotes; this is {kind_of(value)}.")
        text = " ".join("".join(letter for letter in value if letter not in _NO_PLACE_IN_TEXT).split())
        if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
            raise ValidationError("Take out the characters that cannot be printed.")
        if len(text) > self.longest:
            raise ValidationError(f"Use {self.longest} letters or fewer; this has {len(text)}.")
        return text


class YesNo(Cleaner[bool]):
    """True or false; "yes" or "no" in a form."""

    def __init__(self, *, typed: bool) -> None:
        super().__init__()
        self.typed = typed

    def _clean(self, value: object) -> bool:
        if self.typed:
            if value in {"yes", "no"}:
                return value == "yes"
            raise ValidationError("Choose “Yes”, “No” or “Not sure”.")
        if not isinstance(value, bool):
            raise ValidationError(f"Give true or false, without quotes; this is {kind_of(value)}.")
        return value


class Rows(Cleaner[list[Row]]):
    """The rows of a table. A cell may be left out; a row of a form with nothing in it is passed over.

    The refusal is `{row from 0: {column: [sentence]}}`, so that each stands beside its cell.
    """

    def __init__(self, columns: Sequence[Column], *, typed: bool) -> None:
        super().__init__()
        self.columns = {column.id: _column_field(column, typed=typed) for column in columns}
        self.typed = typed

    def _clean(self, value: object) -> list[Row]:
        if not isinstance(value, list):
            raise ValidationError(f"Give a list of rows, or [] when there are none; this is {kind_of(value)}.")
        if len(value) > MOST_ROWS:
            raise ValidationError(f"Give {MOST_ROWS} rows or fewer; this has {len(value)}.")
        rows: list[Row] = []
        refused: dict[int, dict[str, list[str]]] = {}
        for number, given in enumerate(value):
            cells, faults = self._row(given)
            if faults:
                refused[number] = faults
            elif cells or not self.typed:
                rows.append(cells)
        if refused:
            raise ValidationError(cast("dict[str, object]", refused))
        return rows

    def _row(self, given: object) -> tuple[Row, dict[str, list[str]]]:
        if not isinstance(given, dict):
            return {}, {"": [f"Give each row as a group of keys; this is {kind_of(given)}."]}
        cells: Row = {}
        faults: dict[str, list[str]] = {}
        for name, raw in given.items():
            field = self.columns.get(name) if isinstance(name, str) else None
            if field is None:
                known = listed(self.columns)
                hint = did_you_mean(str(name), self.columns)
                faults[str(name)] = [f"There is no column {quoted(name)}{hint} The columns are: {known}."]
                continue
            if raw is None or (self.typed and isinstance(raw, str) and not raw.strip()):
                continue
            try:
                cells[name] = field.deserialize(raw)
            except ValidationError as refusal:
                faults[name] = sentences(refusal)
        if not (cells or faults or self.typed):
            faults[""] = ["This row is empty: fill it in or leave it out."]
        return cells, faults


def sentences(refusal: ValidationError) -> list[str]:
    """The sentences of a refusal, those of rows and cells in their order."""
    messages = refusal.messages
    if isinstance(messages, dict):
        return [str(sentence) for row in messages.values() for cell in row.values() for sentence in cell]
    return [str(message) for message in messages]


def _not_an_option(value: object, options: Sequence[str]) -> str:
    if not isinstance(value, str) and str(value) in options:
        return f'Put quotes round it, as in "{value}": option ids are text.'
    if not isinstance(value, str):
        return f"Give one option id as text; this is {kind_of(value)}. The options are: {listed(options)}."
    return f"{quoted(value)} is not an option{did_you_mean(value, options) or '.'} The options are: {listed(options)}."


def _read_typed_number(value: str) -> Number:
    """What people write for a number, such as "£1,200.50", "46", "35 %" or, with a comma for the pence, "6,50"."""
    text = re.sub(r"[£%\s]", "", value)
    if len(text) > LONGEST_TYPED:
        raise ValidationError("This number is too long: check it.")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    elif "," in text:
        raise ValidationError("Write the number with a point and without a comma, like 6.50.")
    if not _TYPED_NUMBER.fullmatch(text):
        raise ValidationError("Enter a number, like 12 or 12.50.")
    number = float(text)
    return int(number) if number.is_integer() else number


def _ids(options: Sequence[Option]) -> list[str]:
    return [option.id for option in options]


def _labels(options: Sequence[Option]) -> dict[str, str]:
    return {option.id: option.label for option in options}


def _column_field(column: Column, *, typed: bool) -> fields.Field[object]:
    field: object
    if column.type == "choice":
        field = OneOf(_ids(column.options), typed=typed)
    elif column.type in {"number", "percentage"}:
        field = Amount(typed=typed, percentage=column.type == "percentage", may_be_unknown=False)
    elif column.type == "date":
        field = Day(typed=typed, may_be_unknown=False)
    else:
        field = Words()
    return cast("fields.Field[object]", field)


def field_for(question: Question, *, typed: bool = False) -> fields.Field[Value]:
    """The field that cleans an answer to this question; its errors are marshmallow's `ValidationError`."""
    field: object
    if question.type == "choice":
        field = OneOf(_ids(question.options), typed=typed)
    elif question.type == "choices":
        field = SomeOf(_ids(question.options), typed=typed, labels=_labels(question.options), may_be_empty=False)
    elif question.type in {"number", "percentage"}:
        field = Amount(typed=typed, percentage=question.type == "percentage", may_be_unknown=True)
    elif question.type == "date":
        field = Day(typed=typed, may_be_unknown=True)
    elif question.type == "table":
        field = Rows(question.columns, typed=typed)
    else:
        field = Words()
    return cast("fields.Field[Value]", field)


def field_for_fact(fact: Fact, *, typed: bool = False) -> fields.Field[FactValue]:
    """The field that cleans a fact about the organisation. "Not sure" is no value: leave the fact out."""
    field: object
    if fact.type == "yes_no":
        field = YesNo(typed=typed)
    elif fact.type == "choice":
        field = OneOf(_ids(fact.options), typed=typed)
    elif fact.type == "choices":
        field = SomeOf(_ids(fact.options), typed=typed, labels=_labels(fact.options), may_be_empty=True)
    elif fact.type == "date":
        field = Day(typed=typed, may_be_unknown=False)
    else:
        field = Amount(typed=typed, percentage=False, may_be_unknown=False)
    return cast("fields.Field[FactValue]", field)
