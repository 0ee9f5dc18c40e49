"""Marshmallow fields for the bank files. Every message begins with its problem code and a bar: "BANK022|…"."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from assess.core.forms.fields import web_address
from assess.engine.bank_reader import DocumentError, read_condition
from assess.engine.problems import did_you_mean

LONGEST_ID = 60
LONGEST_TEXT = 4000


_MESSAGES: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "BANK021|This key is missing: ",
    "null": "BANK022|Nothing is written after this key.",
}


def plain_value(value: object) -> str:
    """A value as a person would point to it: “what is written”, cut if it is long, or its kind."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"“{value if len(value) <= LONGEST_ID else value[:LONGEST_ID] + '…'}”"
        case int() | float():
            return str(value)
        case list():
            return "a list"
        case dict():
            return "a group of keys"
        case _:
            return "nothing"


class Shape(Schema):
    """A group of keys. Unknown keys are refused, with the closest known key named."""

    class Meta:
        """Unknown keys are found below, where the known ones are at hand."""

        unknown = EXCLUDE

    error_messages = {"type": "BANK022|A group of keys belongs here."}  # noqa: RUF012  # marshmallow's own way

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def only_known_keys(self, _data: object, original: object, **_: object) -> None:
        if not isinstance(original, Mapping):
            return  # refused already, as no group at all
        known = {field.data_key or name for name, field in self.fields.items()}
        strangers = {
            key: [f"BANK020|There is no key {plain_value(key)} here{did_you_mean(key, known)}"]
            for key in original
            if key not in known
        }
        if strangers:
            raise ValidationError(strangers)


class Text(fields.Field[str]):
    """A text people read, or a short word. Numbers are taken as they stand; true and false are not."""

    default_error_messages = _MESSAGES

    def __init__(
        self,
        *,
        longest: int = LONGEST_TEXT,
        required: bool = False,
        data_key: str | None = None,
        attribute: str | None = None,
    ) -> None:
        super().__init__(required=required, data_key=data_key, attribute=attribute)
        self.longest = longest

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise ValidationError(
                f"BANK022|A text belongs here, not {plain_value(value)}; put it in quotes if it is one."
            )
        if not value.strip():
            raise ValidationError("BANK022|A text belongs here, and this one is empty.")
        if len(value) > self.longest:
            raise ValidationError(
                f"BANK022|A text of at most {self.longest:,} characters belongs here, not {len(value):,}."
            )
        return value


class Id(Text):
    """A name that other places use. Digits alone are allowed and stay text."""

    def __init__(self, *, capitals: bool = False, required: bool = False) -> None:
        super().__init__(required=required)
        self.pattern = re.compile(r"[A-Za-z0-9_]{1,60}" if capitals else r"[a-z0-9_]{1,60}")

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        word = super()._deserialize(value)
        if not self.pattern.fullmatch(word):
            raise ValidationError(f"BANK024|{plain_value(word)} cannot be an id.")
        return word


class OneOf(Text):
    def __init__(self, words: Sequence[str], *, required: bool = False) -> None:
        super().__init__(required=required)
        self.words = words

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        hint = did_you_mean(value, self.words) if isinstance(value, str) else "."
        raise ValidationError(f"BANK023|{plain_value(value)} is not one of: {', '.join(self.words)}{hint}")


class Number(fields.Field[float]):
    """A number; a whole number stays one."""

    default_error_messages = _MESSAGES

    def __init__(self, *, least: float | None = None, whole: bool = False, required: bool = False) -> None:
        super().__init__(required=required)
        self.least = least
        self.whole = whole

    def _deserialize(self, value: object, *_: object, **__: object) -> float:
        kind = "A whole number" if self.whole else "A number"
        good = isinstance(value, int) if self.whole else isinstance(value, (int, float)) and math.isfinite(value)
        if isinstance(value, bool) or not good or not isinstance(value, (int, float)):
            raise ValidationError(f"BANK022|{kind} belongs here, not {plain_value(value)}.")
        if self.least is not None and value < self.least:
            raise ValidationError(f"BANK022|{kind} of at least {self.least:g} belongs here, not {value:g}.")
        return value


class Flag(fields.Field[bool]):
    default_error_messages = _MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(f"BANK022|true or false belongs here, not {plain_value(value)}.")
        return value


class Day(fields.Field[str]):
    """A date, kept as it is written: 2026-11-24."""

    default_error_messages = _MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                pass
        raise ValidationError(f"BANK026|A date belongs here, not {plain_value(value)}.")


class Address(Text):
    """A whole web address. Some of our sources can be read without https alone."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        text = super()._deserialize(value)
        if web_address(text) is None:
            raise ValidationError(f"BANK027|{plain_value(text)} is not a web address.")
        return text


class ListOf(fields.List[Any]):
    default_error_messages = {**_MESSAGES, "invalid": "BANK022|A list belongs here."}  # noqa: RUF012  # marshmallow's own way

    def __init__(
        self, inner: fields.Field[Any] | type[Shape], *, least: int = 0, required: bool = False, key: str | None = None
    ) -> None:
        inside = inner if isinstance(inner, fields.Field) else Group(inner)
        super().__init__(inside, required=required, data_key=key, attribute=key)
        self.least = least

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **more: object
    ) -> list[object]:
        found = super()._deserialize(value, attr, data, **more)
        if len(found) < self.least:
            raise ValidationError(f"BANK022|At least {self.least} belongs in this list.")
        return found


class Group(fields.Nested):
    default_error_messages = {**_MESSAGES, "type": "BANK022|A group of keys belongs here."}  # noqa: RUF012  # marshmallow's own way

    def __init__(self, shape: type[Shape], *, required: bool = False) -> None:
        super().__init__(shape, required=required)


class Named(fields.Field[dict[str, object]]):
    """A group whose keys are ids chosen by the author, or some of a few words, with values of one kind."""

    default_error_messages = _MESSAGES

    def __init__(
        self, inner: fields.Field[Any], *, capitals: bool = False, words: Sequence[str] = (), required: bool = False
    ) -> None:
        super().__init__(required=required)
        self.inner = inner
        self.keys: OneOf | Id = OneOf(words) if words else Id(capitals=capitals)

    def _deserialize(self, value: object, *_: object, **__: object) -> dict[str, object]:
        if not isinstance(value, dict):
            raise ValidationError(f"BANK022|A group of keys belongs here, not {plain_value(value)}.")
        found: dict[str, object] = {}
        errors: dict[str, object] = {}
        for key, part in value.items():
            try:
                found[str(self.keys.deserialize(key))] = self.inner.deserialize(part)
            except ValidationError as fault:
                errors[key] = fault.messages
        if errors:
            raise ValidationError(errors)
        return found


class AnyValue(fields.Field[object]):
    """An answer: a word, a number, a list of words or the rows of a table. The checker knows which fits."""

    default_error_messages = _MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        return value


class Either(fields.Field[object]):
    """One of two kinds: a plain value that is accepted as it stands, or the field."""

    default_error_messages = _MESSAGES

    def __init__(
        self, plain_ones: Collection[object] | type, inner: fields.Field[Any], *, required: bool = False
    ) -> None:
        super().__init__(required=required)
        self.plain_ones = plain_ones
        self.inner = inner

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if isinstance(self.plain_ones, type):
            accepted = isinstance(value, self.plain_ones)
        else:
            accepted = any(value is one or (isinstance(value, str) and value == one) for one in self.plain_ones)
        return value if accepted else self.inner.deserialize(value)


class ConditionField(fields.Field[object]):
    """A condition. It keeps its shape; the engine says whether it can be read."""

    default_error_messages = _MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        raw = options_as_text(value)
        try:
            read_condition(raw)
        except DocumentError as fault:
            found: dict[Any, Any] | list[str] = [f"BANK025|This condition cannot be understood: {fault.message}."]
            for step in reversed(path_of(fault.place)):
                found = {step: found}
            raise ValidationError(found) from None
        return raw


def path_of(place: str) -> tuple[str | int, ...]:
    """The engine's place "all[0].core_housing" as a path."""
    return tuple(int(number) if number else word for number, word in re.findall(r"\[(\d+)\]|([^.\[\]]+)", place))


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def options_as_text(raw: object, key: str = "") -> object:
    """A condition as the engine reads it. Option ids that look like numbers are text, also where a condition names them."""
    if isinstance(raw, dict):
        return {name: options_as_text(value, name) for name, value in raw.items()}
    if isinstance(raw, list):
        # a list can only be one of options, also behind “is”, which alone may hold a number
        return [options_as_text(part, "includes" if key == "is" else key) for part in raw]
    if key in {"is_one_of", "includes", "includes_any"} and isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    return raw
