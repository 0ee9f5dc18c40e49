"""What dataclasses say of their values, for those of `bank.py` and of its files: types beside type hints, read once for each class.

The reader of compiled documents, the checks of files and the JSON Schema go by it; none of them knows a key of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

LONGEST_ID, LONGEST_TEXT = 60, 4000


@dataclass(frozen=True, slots=True)
class TextType:
    """A text people read, or a short word."""

    longest: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class IdType:
    """A name that other places use. `or_number`: a number may stand there instead."""

    capitals: bool = False
    or_number: bool = False

    @property
    def pattern(self) -> str:
        return f"[{'A-Z' if self.capitals else ''}a-z0-9_]{{1,{LONGEST_ID}}}"


@dataclass(frozen=True, slots=True)
class WordType:
    """One of a few words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberType:
    """`numbers`: what a whole number from `least` to `most` is the number of, for one that is not."""

    least: float | None = None
    most: float | None = None
    whole: bool = False
    numbers: str = ""


class PlainType(Enum):
    """Types without a choice."""

    BOOLEAN = "boolean"
    DATE = "date"
    URL = "url"
    CONDITION = "condition"
    BOOLEAN_OR_NUMBER = "boolean or number"
    SETTING_VALUE = "setting value"
    """A number, a text, or numbers by id."""
    ANY = "any"


@dataclass(frozen=True, slots=True)
class ListType:
    inner: ValueType
    least: int = 0


@dataclass(frozen=True, slots=True)
class MapType:
    """Keys chosen by the author, with values of one type."""

    keys: ValueType
    inner: ValueType


@dataclass(frozen=True, slots=True)
class ObjectType:
    """The keys of a dataclass. `in_files`: the one that says how it is written, where a file may say less."""

    cls: type
    in_files: type


@dataclass(frozen=True, slots=True)
class EitherType:
    """One of these plain values as it stands, or (`str`) any text; else the inner type. `otherwise` is told of a text that is none of them."""

    plain: tuple[object, ...] | type[str]
    inner: ValueType
    otherwise: str = ""

    def has_plain(self, value: object) -> bool:
        if isinstance(self.plain, type):
            return isinstance(value, self.plain)
        return any(value is one or (isinstance(value, str) and value == one) for one in self.plain)


ValueType = TextType | IdType | WordType | NumberType | PlainType | ListType | MapType | ObjectType | EitherType


@dataclass(frozen=True, slots=True)
class AtLeast:
    """How many a list must hold."""

    least: int


class Where(Enum):
    """A field that no file has: it is added when a bank is compiled, or it is the key of the mapping the object stands in."""

    COMPILED = "compiled"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Attribute:
    """What people call a field wherever they meet it, and what a change of it may do (a `ChangeKind`). What is left empty is not there.

    `page`, `label`, `hint` and `missing` are of its field in the editor, `read_out` stands above it where a new question is read out in full,
    `column` is its heading in the spreadsheet. A text of `LONG_TEXT` characters or more has a box of several lines.
    """

    said: str = ""
    change: Literal["structure", "meaning", "condition", "points", "wording"] = "points"
    types: tuple[str, ...] = ()
    """The types of question it belongs to; empty: all."""
    page: str = ""
    label: str = ""
    hint: str = ""
    missing: str = ""
    read_out: str = ""
    column: str = ""
    width: int = 14


LONG_TEXT = 40
OR_TEXT = str
"""Beside a dataclass: a text alone stands for its first field."""

Part = TypeVar("Part")
Id = Annotated[str, IdType()]
CapitalId = Annotated[str, IdType(capitals=True)]
Day = Annotated[str, PlainType.DATE]
Url = Annotated[str, PlainType.URL]
Count = Annotated[int, NumberType(least=1, whole=True)]
NonEmpty = Annotated[tuple[Part, ...], AtLeast(1)]


@dataclass(frozen=True, slots=True)
class ObjectField:
    """`key` is its name without the underscore that keeps it apart from a word of Python. `blank`: it has no default but may be None."""

    name: str
    key: str
    type: ValueType
    required: bool
    blank: bool
    where: Where | None
    about: Attribute


@cache
def object_fields(cls: type) -> tuple[ObjectField, ...]:
    """The fields of a dataclass in their order."""
    hints = get_type_hints(cls, include_extras=True)
    found = []
    for one in fields(cls):
        hint = hints[one.name]
        plain, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        of_type = [mark for mark in marks if not isinstance(mark, (Where, Attribute))]
        where = next((mark for mark in marks if isinstance(mark, Where)), None)
        about = next((mark for mark in reversed(marks) if isinstance(mark, Attribute)), Attribute())
        kind = _marked(plain, *of_type) if of_type else value_type(plain)
        bare = one.default is MISSING and one.default_factory is MISSING
        optional = NoneType in get_args(plain)
        required = bare and not optional and not where
        found.append(ObjectField(one.name, one.name.rstrip("_"), kind, required, bare and optional, where, about))
    return tuple(found)


@cache
def file_fields(cls: type) -> Mapping[str, ObjectField]:
    """The fields that stand in files, by their keys."""
    return {one.key: one for one in object_fields(cls) if one.where is None}


def value_type(hint: Any) -> ValueType:  # noqa: ANN401  # a type hint
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _marked(*args)
    if origin in {Union, UnionType}:
        return _either([one for one in args if one is not NoneType])
    if origin is Literal:
        return WordType(args)
    if origin is tuple:
        return ListType(value_type(args[0]))
    if origin is not None:
        return MapType(IdType() if args[0] is str else value_type(args[0]), value_type(args[1]))
    return _PLAIN.get(hint) or ObjectType(hint, hint)


_PLAIN: Mapping[object, ValueType] = {
    str: TextType(),
    int: NumberType(whole=True),
    float: NumberType(),
    bool: PlainType.BOOLEAN,
    object: PlainType.ANY,
}


def _marked(hint: Any, mark: object) -> ValueType:  # noqa: ANN401  # a type hint
    if isinstance(mark, AtLeast):
        return ListType(value_type(get_args(hint)[0]), mark.least)
    if mark is OR_TEXT:
        return EitherType(str, value_type(hint))
    return ObjectType(hint, mark) if isinstance(mark, type) else mark  # type: ignore[return-value]  # it is a type itself


def _either(hints: list[Any]) -> ValueType:
    plain = tuple(word for one in hints if get_origin(one) is Literal for word in get_args(one))
    inner = [one for one in hints if get_origin(one) is not Literal]
    if len(inner) != 1:
        return WordType(plain)
    return EitherType(plain, value_type(inner[0])) if plain else value_type(inner[0])
