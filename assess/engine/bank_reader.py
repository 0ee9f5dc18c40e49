"""Reads a compiled document (JSON) into the dataclasses of `bank.py`, and names the place of what it cannot read.

Keys and types come from the dataclasses (`schema.py`); how long a text or how large a number may be is left to the checks of files.
What concerns several places at once is left to `bank_validation.py`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar, get_args

from assess.engine.bank import Edition, When
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    Asked,
    AtLeastOf,
    Comparison,
    Condition,
    Leaf,
    Not,
    Term,
)
from assess.engine.schema import (
    EitherType,
    IdType,
    ListType,
    MapType,
    NumberType,
    ObjectType,
    PlainType,
    ValueType,
    Where,
    WordType,
    object_fields,
)

DOCUMENT_FORMAT = 1
"""Of compiled documents; others are refused."""

Read = Callable[[Any], Any]
Made = TypeVar("Made")


def document_digest(document: Mapping[str, object]) -> str:
    """SHA-256 of the document's one canonical form: sorted keys, no spaces, UTF-8."""
    plain = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


class DocumentError(Exception):
    """A compiled document that the engine cannot read. `place` is a path such as "sections[0].questions[2].options"."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place or 'document'}: {message}")
        self.place = place
        self.message = message


def read_edition(document: Mapping[str, object]) -> Edition:
    """Raises `DocumentError`, with its place, for a key that is missing, unknown or holds another kind of value."""
    whole = as_object(document)
    if "format" not in whole:
        raise _missing("format")
    if _beneath("format", as_whole, whole.pop("format")) != DOCUMENT_FORMAT:
        raise DocumentError("format", f"this engine reads format {DOCUMENT_FORMAT} only")
    return read_object(Edition, whole)


def read_object(cls: type[Made], raw: object, place: str = "") -> Made:
    """One dataclass with all beneath it. Raises `DocumentError` as `read_edition`; a null is an absent key."""
    made: Made = _beneath(place, _object_reader(cls), raw)  # type: ignore[arg-type]  # a class can be hashed
    return made


def _beneath(step: str | int, read: Callable[..., Any], value: object, **known: str) -> Any:  # noqa: ANN401  # whatever is read
    """What stands under a key, or at this position of a list. An error gets its place on the way up."""
    try:
        return read(value, **known)
    except DocumentError as error:
        outer = step if isinstance(step, str) else f"[{step}]"
        between = "." if outer and error.place and not error.place.startswith("[") else ""
        raise DocumentError(f"{outer}{between}{error.place}", error.message) from None


@cache
def _object_reader(cls: type) -> Callable[..., Any]:
    fields = [
        (one.key, one.name, one.required, _reader(one.type)) for one in object_fields(cls) if one.where is not Where.KEY
    ]
    blank = {one.name: None for one in object_fields(cls) if one.blank}

    def read(raw: object, **known: str) -> object:
        left = as_object(raw)
        values: dict[str, Any] = {**blank, **known}
        for key, name, required, read_value in fields:
            value = left.pop(key, None)
            if value is not None:
                values[name] = _beneath(key, read_value, value)
            elif required:
                raise _missing(key)
        if left:  # refused, because it would silently be without effect
            raise DocumentError("", f"unknown key “{next(iter(left))}”")
        return cls(**values)

    return read


def _missing(key: str) -> DocumentError:
    return DocumentError("", f"“{key}” is missing")


def _reader(kind: ValueType) -> Read:
    match kind:
        case ObjectType():
            return _object_reader(kind.cls)
        case ListType():
            return partial(_list, _reader(kind.inner))
        case MapType():
            return _map_reader(kind.inner)
        case EitherType():
            return _either_reader(kind)
        case WordType():
            return partial(_word, kind.words)
        case NumberType():
            return as_whole if kind.whole else as_number
        case IdType(or_number=True):
            return lambda value: value if isinstance(value, str) else as_number(value)
        case PlainType():
            return _PLAIN_READERS.get(kind, as_text)
        case _:
            return as_text


def _list(read: Read, value: object) -> tuple[Any, ...]:
    return tuple(_beneath(index, read, part) for index, part in enumerate(as_list(value)))


def _map_reader(inner: ValueType) -> Read:
    read = _reader(inner)
    fields = object_fields(inner.cls) if isinstance(inner, ObjectType) else ()
    own = [one.name for one in fields if one.where is Where.KEY]
    return lambda value: {
        key: _beneath(key, read, part, **dict.fromkeys(own, key)) for key, part in as_object(value).items()
    }


def _either_reader(kind: EitherType) -> Read:
    inner = _reader(kind.inner)
    if isinstance(kind.plain, type):
        cls = kind.inner.cls if isinstance(kind.inner, ObjectType) else kind.plain
        return lambda value: cls(value) if isinstance(value, str) else inner(value)

    def read(value: object) -> object:
        if kind.has_plain(value):
            return value
        if isinstance(value, str) and kind.otherwise:
            raise DocumentError("", kind.otherwise)
        return inner(value)

    return read


def _word(words: tuple[str, ...], value: object) -> object:
    if as_text(value) not in words:
        raise DocumentError("", f"“{value}” must be one of: {', '.join(words)}")
    return value


def as_object(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise DocumentError("", "this must be a group of named values")
    return {key: part for key, part in value.items() if part is not None}


def as_list(value: object) -> list[object]:
    if not isinstance(value, (list, tuple)):
        raise DocumentError("", "this must be a list")
    return list(value)


def _must_be(what: str, kinds: tuple[type, ...], but: tuple[type, ...] = ()) -> Read:
    def read(value: object) -> object:
        if not isinstance(value, kinds) or isinstance(value, but):
            raise DocumentError("", f"this must be {what}")
        return value

    return read


as_text: Callable[[object], str] = _must_be("a text", (str,))
as_flag = _must_be("true or false", (bool,))
as_whole: Callable[[object], int] = _must_be("a whole number", (int,), but=(bool,))
as_number: Callable[[object], float] = _must_be("a number", (int, float), but=(bool,))
as_flag_or_number = _must_be("true, false or a number", (bool, int, float))


COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)


def read_condition(raw: object) -> Condition:
    """The tree of one condition. Raises `DocumentError` when the shape is none of those in questionnaires/README.md."""
    if raw == "always":
        return Always()
    key, value = _single_pair(raw)
    read = _BRANCHES.get(key) or partial(_leaf, key)
    condition: Condition = _beneath(key, read, value)
    return condition


def _single_pair(raw: object) -> tuple[str, object]:
    pairs = list(as_object(raw).items())
    if len(pairs) != 1:
        raise DocumentError("", "a condition says one thing; join several with all: or any:")
    return pairs[0]


def _several(what: str, read: Read, value: object) -> tuple[Any, ...]:
    if not as_list(value):
        raise DocumentError("", f"list at least one {what}")
    return _list(read, value)


_parts = partial(_several, "condition", read_condition)
_words = partial(_several, "option", as_text)


@dataclass(frozen=True, slots=True)
class _AtLeastOf:
    n: int
    of: tuple[When, ...]


def _at_least_of(value: object) -> AtLeastOf:
    found = read_object(_AtLeastOf, value)
    if not found.of:
        raise DocumentError("of", "list at least one condition")
    if not 1 <= found.n <= len(found.of):
        raise DocumentError("n", f"this must be from 1 to {len(found.of)}")
    return AtLeastOf(found.n, found.of)


def _leaf(subject: str, value: object) -> Leaf:
    found, operand = _single_pair(value)
    for test in COMPARISONS:
        if found == test:
            return Leaf(subject, test, _beneath(test, _OPERANDS.get(test, as_number), operand))
    raise DocumentError("", f"unknown test “{found}”; use one of: {', '.join(COMPARISONS)}")


def _day(value: object) -> str:
    day = as_text(value)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise DocumentError("", "write the date as 2026-11-24")
    return day


_OPERANDS: Mapping[Comparison, Read] = {
    "is": lambda value: value if isinstance(value, (str, int, float)) else _words(value),
    "is_one_of": _words,
    "includes_any": _words,
    "includes": as_text,
    "before": _day,
    "after": _day,
}
_BRANCHES: Mapping[str, Read] = {
    "all": lambda value: AllOf(_parts(value)),
    "any": lambda value: AnyOf(_parts(value)),
    "not": lambda value: Not(read_condition(value)),
    "at_least_of": _at_least_of,
    "asked": lambda value: Asked(as_text(value)),
    "term": lambda value: Term(as_text(value)),
    "applies": lambda value: Applies(as_text(value)),
}
CONDITION_KEYWORDS = tuple(_BRANCHES)
"""Words that are no ids: `{all: [...]}` is a branch, `{anything_else: {...}}` a leaf."""
_PLAIN_READERS: Mapping[PlainType, Read] = {
    PlainType.BOOLEAN: as_flag,
    PlainType.BOOLEAN_OR_NUMBER: as_flag_or_number,
    PlainType.CONDITION: read_condition,
    PlainType.SETTING_VALUE: lambda value: value,
    PlainType.ANY: lambda value: value,
}
