"""One JSON Schema (2020-12) for all content files, derived from the marshmallow schemas, for text editors that mark mistakes while typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

from assess.engine.bank_reader import COMPARISONS, CONDITION_KEYWORDS
from assess.engine.settings import HARM_LEVELS
from assess.question_banks.schema_banks import (
    FORMAT,
    INDICATORS,
    LONGEST_EVIDENCE,
    LONGEST_TITLED_DO,
    SHAPES,
    ActionShape,
    GateValue,
    Harm,
    Indicator,
    QuestionShape,
    ReachedAnswer,
)
from assess.question_banks.schema_fields import (
    Address,
    AnyValue,
    ConditionField,
    Day,
    Either,
    Flag,
    Group,
    Id,
    ListOf,
    Named,
    Number,
    OneOf,
    Shape,
    Text,
)
from assess.question_banks.schema_settings import BlockShape, ValueField

Data = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SHORTER_IF_TITLED: Mapping[type[Shape], tuple[str, str, int]] = {
    ActionShape: ("title", "do", LONGEST_TITLED_DO),
    QuestionShape: ("name", "evidence", LONGEST_EVIDENCE),
}
"""Where one key is there, another has a shorter text."""
_CONDITION: Data = {"$ref": "#/$defs/condition"}
_NUMBERS = frozenset({"at_least", "at_most", "more_than", "less_than"})
_WORD: Data = {"type": ["string", "integer"]}


def json_schema() -> Data:
    """The schema of every kind of file under `questionnaires/`: which kind it is, the key says that stands in it."""
    defs: Data = {"condition": _condition()}
    whole: Data = {"required": sorted(SHAPES)}  # none of the keys: all are named as missing
    for kind, shape in reversed(list(SHAPES.items())):
        whole = {"if": {"type": "object", "required": [kind]}, "then": _ref(shape, defs), "else": whole}
    return {
        "$schema": DRAFT,
        "title": "A file of the question banks",
        "type": "object",
        "required": ["format"],
        "properties": {"format": {"type": "integer", "const": FORMAT}},
        **whole,
        "$defs": dict(sorted(defs.items())),
    }


def _ref(shape: type[Shape], defs: Data) -> Data:
    name = shape.__name__.removesuffix("Shape")
    if name not in defs:
        defs[name] = {}  # its place is taken, should it hold itself
        defs[name] = _group(shape, defs)
    return {"$ref": f"#/$defs/{name}"}


def _group(shape: type[Shape], defs: Data) -> Data:
    known = {field.data_key or name: field for name, field in shape().fields.items()}
    said: Data = {
        "type": "object",
        "description": " ".join((shape.__doc__ or "").split()),
        "properties": {key: _field(field, defs) for key, field in known.items()},
        "additionalProperties": False,
    }
    required = [key for key, field in known.items() if field.required]
    if required:
        said["required"] = required
    if shape in _SHORTER_IF_TITLED:
        key, text, longest = _SHORTER_IF_TITLED[shape]
        shorter = {"properties": {text: {"maxLength": longest}}}
        said |= {"if": {"type": "object", "required": [key]}, "then": shorter, "else": {}}
    if shape is BlockShape:
        said |= {"minProperties": 1, "maxProperties": 1}
    return said


def _field(field: fields.Field[Any], defs: Data) -> Data:
    """What one field takes. The first kind that fits is the one: kinds stand before those they are made from."""
    return next(say(field, defs) for kind, say in _SCHEMA_RULES if isinstance(field, kind))


def _text(field: Any, _defs: Data) -> Data:  # noqa: ANN401  # a field of its kind, as are those below
    return {"type": ["string", "integer"], "maxLength": field.longest, "pattern": r"\S"}


def _id(field: Any, _defs: Data) -> Data:  # noqa: ANN401  # the same
    return {"type": ["string", "integer"], "pattern": f"^{field.pattern.pattern}$", "minimum": 0}


def _number(field: Any, _defs: Data) -> Data:  # noqa: ANN401  # the same
    said: Data = {"type": "integer" if field.whole else "number"}
    return said if field.least is None else {**said, "minimum": field.least}


def _list(field: Any, defs: Data) -> Data:  # noqa: ANN401  # the same
    said = {"type": "array", "items": _field(field.inner, defs)}
    return {**said, "minItems": field.least} if field.least else said


def _named(field: Any, defs: Data) -> Data:  # noqa: ANN401  # the same
    keys = field.keys
    names = {"enum": list(keys.words)} if isinstance(keys, OneOf) else {"pattern": f"^{keys.pattern.pattern}$"}
    return {"type": "object", "propertyNames": names, "additionalProperties": _field(field.inner, defs)}


def _either(field: Any, defs: Data) -> Data:  # noqa: ANN401  # the same
    plain = {"type": "string"} if isinstance(field.plain_ones, type) else {"enum": list(field.plain_ones)}
    return {"anyOf": [plain, _field(field.inner, defs)]}


def _value(_field: Any, _defs: Data) -> Data:  # noqa: ANN401  # the same
    numbers = {"type": "object", "additionalProperties": {"type": "number"}}
    return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"\S"}, numbers]}


_SCHEMA_RULES: tuple[tuple[type[fields.Field[Any]], Callable[[Any, Data], Data]], ...] = (
    (OneOf, lambda field, _: {"enum": list(field.words)}),
    (ReachedAnswer, lambda field, defs: {**_id(field, defs), "type": ["string", "number"]}),
    (Id, _id),
    (Address, lambda _field, _: {"type": "string", "format": "uri", "pattern": r"^https?://[^\s/]+\.[^\s]+$"}),
    (Text, _text),
    (Indicator, lambda _field, _: {"type": "integer", "minimum": 1, "maximum": INDICATORS}),
    (Harm, lambda _field, _: {"type": "integer", "minimum": 1, "maximum": HARM_LEVELS}),
    (Number, _number),
    (Flag, lambda _field, _: {"type": "boolean"}),
    (Day, lambda _field, _: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
    (ListOf, _list),
    (Group, lambda field, defs: _ref(field.nested, defs)),
    (Named, _named),
    (Either, _either),
    (ConditionField, lambda _field, _: _CONDITION),
    (ValueField, _value),
    (GateValue, lambda _field, _: {"type": ["boolean", "number"]}),
    (AnyValue, lambda _field, _: {}),
)


def _condition() -> Data:
    """A condition says one thing: a branch, or one test put to one question or fact."""
    several = {"type": "array", "items": _CONDITION, "minItems": 1}
    branches: Mapping[str, Data] = {
        "all": several,
        "any": several,
        "not": _CONDITION,
        "at_least_of": {
            "type": "object",
            "properties": {"n": {"type": "integer", "minimum": 1}, "of": several},
            "required": ["n", "of"],
            "additionalProperties": False,
        },
        **{name: {"type": "string"} for name in CONDITION_KEYWORDS[4:]},
    }
    said = {
        "type": "object",
        "properties": dict(branches),
        "additionalProperties": {
            "type": "object",
            "properties": {name: _operand(name) for name in COMPARISONS},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"description": "When something is asked or applies.", "anyOf": [{"const": "always"}, said]}


def _operand(test: str) -> Data:
    words = {"type": "array", "items": _WORD, "minItems": 1}
    if test in _NUMBERS:
        return {"type": "number"}
    if test in {"is_one_of", "includes_any"}:
        return words
    if test == "is":
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, words]}
    return _WORD if test == "includes" else {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
