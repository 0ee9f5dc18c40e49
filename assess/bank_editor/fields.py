"""One value of a file as a form field, whatever it is a value of. A field that comes back unchanged keeps the file's text exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from marshmallow import ValidationError

from assess.bank_editor.labels import proposed_id
from assess.core.forms.fields import (
    ChoiceField,
    FormField,
    IsoDateField,
    LinesField,
    MoneyField,
    SentForm,
    TextField,
    WholeNumberField,
    sentences_of,
)
from assess.engine.problems import DocumentPath
from assess.engine.schema import LONG_TEXT, LONGEST_TEXT, NumberType, ObjectField, PlainType, TextType, file_fields
from assess.question_banks.schema_fields import as_list

FileData = dict[str, Any]
FormGroup = dict[str, list[str]]
"""What stands in the fields of one thing, by the name of the field; a list, as a browser sends it."""
TICKED = "yes"


class Control(StrEnum):
    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    SELECT = "select"
    RADIOS = "radios"
    SHORT = "short"
    DATE = "date"
    LINES = "lines"
    """A list, one value on each line."""
    STEPS = "steps"
    """A list of texts, each in a box of its own. A step that stands under a condition keeps it."""
    TICK = "tick"
    MANY = "many"
    FIRST = "first"
    """Several, of which the first counts most: a list to choose that one, then a box for each."""
    CHOICES = "choices"
    """The choices of a cell of a table: a line for each, “id: words” or only words."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `name` is the key in the file, after that of the group it is `inside` and a dash; `missing` what is said when it is left empty and may not be."""

    name: str
    control: Control
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    longest: int = LONGEST_TEXT
    ids: bool = False
    """Whether what is chosen is an id, which stays a word even if it looks like a number."""
    inside: str = ""
    reader: FormField[Any] | None = None
    """What reads a value that no other field is like."""
    optional: bool = False
    """Whether the page says that it may be left empty."""
    binds: bool = False
    """Whether another value makes an earlier review void."""

    def __post_init__(self) -> None:
        if self.reader:
            self.reader.sentence_if_empty = self.missing

    @property
    def path(self) -> tuple[str, ...]:
        return (self.inside, self.name.removeprefix(f"{self.inside}-")) if self.inside else (self.name,)

    @property
    def form_field(self) -> FormField[Any]:
        """What reads a single value."""
        if self.reader:
            return self.reader
        match self.control:
            case Control.DATE:
                return IsoDateField(required=self.missing)
            case Control.LINES:
                return LinesField(TextField(self.longest), required=self.missing)
            case Control.NUMBER:
                return MoneyField(required=self.missing, invalid="Enter a number, such as 2.")
            case Control.WHOLE:
                return WholeNumberField(required=self.missing, invalid="Enter a whole number, such as 2.")
            case Control.SELECT | Control.RADIOS:
                values = [int(one) if one.isdigit() and not self.ids else one for one, _ in self.choices]
                return ChoiceField(values, required=self.missing, invalid="Choose one from the list.")
            case _:
                return TextField(self.longest, required=self.missing)


def attribute_field(
    cls: type, key: str, control: Control | None = None, choices: tuple[tuple[str, str], ...] = (), *, ids: bool = False
) -> Field:
    """The field of an attribute, as its mark says."""
    one = file_fields(cls)[key]
    about, longest = one.about, one.type.longest if isinstance(one.type, TextType) else LONGEST_TEXT
    return Field(key, control or _control(one), about.label, about.hint, choices, about.missing, longest, ids)


def attribute_fields(cls: type, keys: Iterable[str], special: Mapping[str, Field | None]) -> tuple[Field, ...]:
    """The fields of those that have a label. `special`: those that are not like others; None: it has none here."""
    labelled = {key: attribute_field(cls, key) for key, one in file_fields(cls).items() if one.about.label}
    return tuple(field for key in keys if (field := {**labelled, **special}.get(key)))


def _control(one: ObjectField) -> Control:
    if isinstance(one.type, NumberType):
        return Control.WHOLE if one.type.whole else Control.NUMBER
    if isinstance(one.type, TextType) and one.about.width >= LONG_TEXT:
        return Control.TEXT
    return Control.TICK if one.type is PlainType.BOOLEAN else Control.LINE


def in_usual_order(keys: Iterable[str], order: Iterable[str]) -> list[str]:
    """The keys in this order. One that has no place in it stays behind the one before it."""
    places, ranks = {key: place for place, key in enumerate(order)}, dict[str, int]()
    for key in keys:
        ranks[key] = places.get(key, next(reversed(ranks.values()), 0))
    return sorted(ranks, key=ranks.__getitem__)


def field_values(field: Field, value: object) -> list[str]:
    if field.control is Control.TICK:
        return [TICKED] if value is True else []
    if field.control in {Control.MANY, Control.FIRST}:
        words = [_value_text(part) for part in as_list(value)]
        return [*words[:1], *words] if words and field.control is Control.FIRST else words
    if field.control is Control.STEPS:
        return [_step_text(step) for step in as_list(value)]
    if field.control is Control.CHOICES:
        return ["\n".join(f"{row.get('id')}: {row.get('label')}" for row in as_list(value) if isinstance(row, dict))]
    if field.control is Control.LINES:
        return ["\n".join(map(str, as_list(value)))]
    if field.control is Control.DATE:
        with suppress(ValueError):
            return [date.fromisoformat(str(value or "")).strftime("%d/%m/%Y")]
    return [_value_text(value)]


def _step_text(step: object) -> str:
    return str(step.get("text", "")) if isinstance(step, dict) else str(step)


def _value_text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read_field(field: Field, form_data: Sequence[str], held: object) -> object:
    """None where nothing was typed. `held` is what the file holds. Raises ValidationError when it cannot be taken."""
    same = _normalised(field, form_data) == _normalised(field, field_values(field, held))
    if same and not (held is None and field.missing):
        return held
    match field.control:
        case Control.TICK:
            return True if form_data else None
        case Control.MANY | Control.FIRST:
            return _read_several(field, form_data, held) or None
        case Control.CHOICES:
            return _read_choices(form_data[0] if form_data else "") or None
        case Control.STEPS:
            return _read_steps(field, form_data, as_list(held)) or None
        case _:
            value = field.form_field.deserialize(form_data[0] if form_data else "")
            return None if value in ("", []) else value


def _normalised(field: Field, form_data: Sequence[str]) -> object:
    """What counts of what was typed: spaces and ends of lines do not, nor the order of boxes."""
    if field.control is Control.MANY:
        return frozenset(form_data)
    if field.control is Control.FIRST:
        return next(iter(form_data), ""), frozenset(form_data) - {""}
    if field.control is Control.TICK:
        return bool(form_data)
    if field.control is Control.STEPS:
        return "\n".join(" ".join(step.split()) for step in form_data).rstrip()
    lines = (form_data[0] if form_data else "").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()] or [""]


def _read_several(field: Field, form_data: Sequence[str], held: object) -> list[object]:
    """Those that stood there keep their order, those that are new come after them. The main one, where there is one, comes first."""
    wanted = {one for one in form_data if one}
    known = {value for value, _ in field.choices}
    rest = [one for one in as_list(held) if _value_text(one) in wanted]
    status = {_value_text(one) for one in rest}
    new = [one for one in dict.fromkeys(form_data) if one and one in known - status]
    rest += [int(one) if one.isdigit() else one for one in new]
    if field.control is Control.FIRST and form_data and form_data[0]:
        rest.sort(key=lambda one: _value_text(one) != form_data[0])
    return rest


def _read_steps(field: Field, form_data: Sequence[str], held: Sequence[Any]) -> list[object]:
    """Steps with their new words; one without words goes."""
    texts = [field.form_field.deserialize(typed) for typed in form_data]
    pairs = [(old, _step_text(old) if text is None else text) for old, text in zip_longest(held, texts)]
    return [{**old, "text": text} if isinstance(old, dict) else text for old, text in pairs if text]


def _read_choices(text: str) -> list[object]:
    rows: list[FileData] = []
    for words in LinesField(TextField(LONGEST_TEXT)).deserialize(text):
        match = re.fullmatch(r"([a-z0-9_]{1,60}):\s+(\S.*)", words)
        label = match.group(2) if match else words
        name = match.group(1) if match else proposed_id(label, {row["id"] for row in rows})
        rows.append({"id": name, "label": label})
    return list(rows)


def with_key(data: Mapping[str, Any], name: str, value: object, order: Sequence[str]) -> FileData:
    """The thing with this key at this value, None to take it out. A new key stands after the last of those that come before it in `order`."""
    if value is None:
        return {key: one for key, one in data.items() if key != name}
    if name in data:
        return {key: value if key == name else one for key, one in data.items()}
    rank = order.index(name) if name in order else len(order)
    before = [key for key in data if key in order and order.index(key) < rank]
    made: FileData = {} if before else {name: value}
    for key, one in data.items():
        made[key] = one
        if before and key == before[-1]:
            made[name] = value
    return made


MAX_STEPS = 40


def posted_values(fields: Iterable[Field], sent: SentForm) -> FormGroup:
    """What stands in the fields of a page that was sent; of steps, one text for each box."""
    boxes = {
        one.name: [f"{one.name}-{at}" for at in range(MAX_STEPS)] for one in fields if one.control is Control.STEPS
    }
    return {
        **sent.to_dict(flat=False),
        **{name: [sent[box] for box in of if box in sent] for name, of in boxes.items()},
    }


def value_in(data: Mapping[str, Any], path: Sequence[str]) -> Any:  # noqa: ANN401  # the value of a file
    here: Any = data
    for step in path:
        here = here.get(step) if isinstance(here, Mapping) else None
    return here


def form_values(fields: Iterable[Field], data: Mapping[str, Any]) -> FormGroup:
    return {field.name: field_values(field, value_in(data, field.path)) for field in fields}


def field_at(fields: Iterable[Field], place: DocumentPath) -> Field | None:
    return next((one for one in fields if place[: len(one.path)] == one.path), None)


def _with_value(data: Mapping[str, Any], path: Sequence[str], value: object, order: Sequence[str]) -> FileData:
    key, *rest = path
    if rest:
        group = data.get(key)
        inner = dict(group) if isinstance(group, Mapping) else {}
        value = _with_value(inner, rest, value, [*inner, *rest]) or None
    return with_key(data, key, value, order)


def read_group(
    fields: Iterable[Field], form_data: Mapping[str, Sequence[str]], held: Mapping[str, Any], order: Sequence[str]
) -> tuple[FileData, dict[str, str]]:
    data, errors = dict(held), dict[str, str]()
    for field in fields:
        before = value_in(held, field.path)
        try:
            value = read_field(field, form_data.get(field.name, ()), before)
        except ValidationError as refusal:
            errors[field.name] = sentences_of(refusal)[0]
            continue
        if value is not before:
            data = _with_value(data, field.path, value, order)
    return data, errors
