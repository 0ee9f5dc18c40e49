"""One JSON Schema (2020-12) for all content files, derived from their dataclasses, for text editors that mark mistakes while typing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from assess.engine.bank import NumberBand, RuleStep, TickStep
from assess.engine.bank_reader import COMPARISONS, CONDITION_KEYWORDS
from assess.engine.reference import ReferenceSource
from assess.engine.schema import (
    EitherType,
    IdType,
    ListType,
    MapType,
    NumberType,
    ObjectType,
    PlainType,
    TextType,
    ValueType,
    WordType,
    file_fields,
)
from assess.question_banks.schema_fields import SHORTER_BESIDE
from assess.question_banks.shapes import FORMAT, SHAPES, BlockShape

Data = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NAMES: Mapping[type, str] = {NumberBand: "Band", TickStep: "Tick", RuleStep: "Step", ReferenceSource: "Entry"}
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


def _ref(cls: type, defs: Data) -> Data:
    name = _NAMES.get(cls, cls.__name__.removesuffix("Shape"))
    if name not in defs:
        defs[name] = {}  # its place is taken, should it hold itself
        defs[name] = _object(cls, defs)
    return {"$ref": f"#/$defs/{name}"}


def _object(cls: type, defs: Data) -> Data:
    """Its description is the first sentence of the class."""
    known = file_fields(cls)
    said: Data = {
        "type": "object",
        "description": " ".join(re.split(r"(?<=\.)\s", cls.__doc__ or "")[0].split()),
        "properties": {key: _value(one.type, defs) for key, one in known.items()},
        "additionalProperties": False,
    }
    required = [key for key, one in known.items() if one.required]
    if required:
        said["required"] = required
    if cls in SHORTER_BESIDE:
        key, text, longest, _ = SHORTER_BESIDE[cls]
        shorter = {"properties": {text: {"maxLength": longest}}}
        said |= {"if": {"type": "object", "required": [key]}, "then": shorter, "else": {}}
    if cls is BlockShape:
        said |= {"minProperties": 1, "maxProperties": 1}
    return said


def _value(kind: ValueType, defs: Data) -> Data:
    return _RULES[kind if isinstance(kind, PlainType) else type(kind)](kind, defs)


def _text(kind: TextType, _defs: Data) -> Data:
    return {"type": ["string", "integer"], "maxLength": kind.longest, "pattern": r"\S"}


def _id(kind: IdType, _defs: Data) -> Data:
    types = ["string", "number" if kind.or_number else "integer"]
    return {"type": types, "pattern": f"^{kind.pattern}$", "minimum": 0}


def _number(kind: NumberType, _defs: Data) -> Data:
    said: Data = {"type": "integer" if kind.whole else "number"}
    ends = {"minimum": kind.least, "maximum": kind.most}
    return said | {name: end for name, end in ends.items() if end is not None}


def _list(kind: ListType, defs: Data) -> Data:
    said = {"type": "array", "items": _value(kind.inner, defs)}
    return {**said, "minItems": kind.least} if kind.least else said


def _map(kind: MapType, defs: Data) -> Data:
    keys = kind.keys
    names = {"pattern": f"^{keys.pattern}$"} if isinstance(keys, IdType) else _value(keys, defs)
    return {"type": "object", "propertyNames": names, "additionalProperties": _value(kind.inner, defs)}


def _either(kind: EitherType, defs: Data) -> Data:
    plain = {"type": "string"} if isinstance(kind.plain, type) else {"enum": list(kind.plain)}
    return {"anyOf": [plain, _value(kind.inner, defs)]}


def _setting_value(_kind: ValueType, _defs: Data) -> Data:
    numbers = {"type": "object", "additionalProperties": {"type": "number"}}
    return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"\S"}, numbers]}


_RULES: Mapping[object, Callable[[Any, Data], Data]] = {
    ObjectType: lambda kind, defs: _ref(kind.in_files, defs),
    ListType: _list,
    MapType: _map,
    EitherType: _either,
    TextType: _text,
    IdType: _id,
    WordType: lambda kind, _: {"enum": list(kind.words)},
    NumberType: _number,
    PlainType.BOOLEAN: lambda _kind, _: {"type": "boolean"},
    PlainType.BOOLEAN_OR_NUMBER: lambda _kind, _: {"type": ["boolean", "number"]},
    PlainType.DATE: lambda _kind, _: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    PlainType.URL: lambda _kind, _: {"type": "string", "format": "uri", "pattern": r"^https?://[^\s/]+\.[^\s]+$"},
    PlainType.CONDITION: lambda _kind, _: _CONDITION,
    PlainType.SETTING_VALUE: _setting_value,
    PlainType.ANY: lambda _kind, _: {},
}


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
