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
from functools import cache
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
    Operand,
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

    def beneath(self, place: str | int) -> DocumentError:
        """The same, found in what stands under a key, or at this position of a list."""
        outer = place if isinstance(place, str) else f"[{place}]"
        between = "." if outer and self.place and not self.place.startswith("[") else ""
        return DocumentError(f"{outer}{between}{self.place}", self.message)


def read_edition(document: Mapping[str, object]) -> Edition:
    """Raises `DocumentError`, with its place, for a key that is missing, unknown or holds another kind of value."""
    whole = as_object(document)
    if "format" not in whole:
        raise _missing("format")
    try:
        found = as_whole(whole.pop("format"))
    except DocumentError as error:
        raise error.beneath("format") from None
    if found != DOCUMENT_FORMAT:
        raise DocumentError("format", f"this engine reads format {DOCUMENT_FORMAT} only")
    return read_object(Edition, whole)


def read_object(cls: type[Made], raw: object, place: str = "") -> Made:
    """One dataclass with all beneath it. Raises `DocumentError` as `read_edition`; a null is an absent key."""
    try:
        made: Made = _object_reader(cls)(raw)  # type: ignore[arg-type]  # a class can be hashed
    except DocumentError as error:
        raise error.beneath(place) from None
    return made


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
                try:
                    values[name] = read_value(value)
                except DocumentError as error:
                    raise error.beneath(key) from None
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
            return _list_reader(_reader(kind.inner))
        case MapType():
            return _map_reader(kind.inner)
        case EitherType():
            return _either_reader(kind)
        case WordType():
            return _word_reader(kind.words)
        case NumberType():
            return as_whole if kind.whole else as_number
        case IdType(or_number=True):
            return lambda value: value if isinstance(value, str) else as_number(value)
        case PlainType():
            return _PLAIN_READERS.get(kind, as_text)
        case _:
            return as_text


def _list_reader(read: Read) -> Read:
    def read_list(value: object) -> tuple[Any, ...]:
        parts = []
        for index, part in enumerate(as_list(value)):
            try:
                parts.append(read(part))
            except DocumentError as error:
                raise error.beneath(index) from None
        return tuple(parts)

    return read_list


def _map_reader(inner: ValueType) -> Read:
    read = _reader(inner)
    beneath = object_fields(inner.cls) if isinstance(inner, ObjectType) else ()
    own = [one.name for one in beneath if one.where is Where.KEY]

    def read_map(value: object) -> dict[str, Any]:
        found = {}
        for key, part in as_object(value).items():
            try:
                found[key] = read(part, **dict.fromkeys(own, key))
            except DocumentError as error:
                raise error.beneath(key) from None
        return found

    return read_map


def _either_reader(kind: EitherType) -> Read:
    inner = _reader(kind.inner)
    if isinstance(kind.plain, type):
        cls = kind.inner.cls if isinstance(kind.inner, ObjectType) else kind.plain
        return lambda value: cls(value) if isinstance(value, str) else inner(value)
    plain = kind.plain

    def read_either(value: object) -> Any:  # noqa: ANN401  # a value of the document
        if any(value is one or (isinstance(value, str) and value == one) for one in plain):
            return value
        if isinstance(value, str) and kind.otherwise:
            raise DocumentError("", kind.otherwise)
        return inner(value)

    return read_either


def _word_reader(words: tuple[str, ...]) -> Read:
    def read_word(value: object) -> object:
        if as_text(value) not in words:
            raise DocumentError("", f"“{value}” must be one of: {', '.join(words)}")
        return value

    return read_word


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
CONDITION_KEYWORDS = ("all", "any", "not", "at_least_of", "asked", "term", "applies")
"""Words that are no ids: `{all: [...]}` is a branch, `{anything_else: {...}}` a leaf."""


def read_condition(raw: object) -> Condition:
    """The tree of one condition. Raises `DocumentError` when the shape is none of those in questionnaires/README.md."""
    if raw == "always":
        return Always()
    key, value = _single_pair(raw)
    try:
        return _branch_or_leaf(key, value)
    except DocumentError as error:
        raise error.beneath(key) from None


def _branch_or_leaf(key: str, value: object) -> Condition:
    match key:
        case "all":
            return AllOf(_parts(value))
        case "any":
            return AnyOf(_parts(value))
        case "not":
            return Not(read_condition(value))
        case "at_least_of":
            return _at_least_of(value)
        case "asked":
            return Asked(as_text(value))
        case "term":
            return Term(as_text(value))
        case "applies":
            return Applies(as_text(value))
        case _:
            return _leaf(key, value)


def _single_pair(raw: object) -> tuple[str, object]:
    pairs = list(as_object(raw).items())
    if len(pairs) != 1:
        raise DocumentError("", "a condition says one thing; join several with all: or any:")
    return pairs[0]


def _parts(value: object) -> tuple[Condition, ...]:
    if not as_list(value):
        raise DocumentError("", "list at least one condition")
    parts: tuple[Condition, ...] = _list_reader(read_condition)(value)
    return parts


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
            try:
                return Leaf(subject, test, _operand(test, operand))
            except DocumentError as error:
                raise error.beneath(test) from None
    raise DocumentError("", f"unknown test “{found}”; use one of: {', '.join(COMPARISONS)}")


def _operand(test: Comparison, value: object) -> Operand:
    match test:
        case "is":
            return value if isinstance(value, (str, int, float)) else _words(value)
        case "is_one_of" | "includes_any":
            return _words(value)
        case "includes":
            return as_text(value)
        case "before" | "after":
            day = as_text(value)
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
                raise DocumentError("", "write the date as 2026-11-24")
            return day
        case _:
            return as_number(value)


def _words(value: object) -> tuple[str, ...]:
    if not as_list(value):
        raise DocumentError("", "list at least one option")
    words: tuple[str, ...] = _list_reader(as_text)(value)
    return words


_PLAIN_READERS: Mapping[PlainType, Read] = {
    PlainType.BOOLEAN: as_flag,
    PlainType.BOOLEAN_OR_NUMBER: as_flag_or_number,
    PlainType.CONDITION: read_condition,
    PlainType.SETTING_VALUE: lambda value: value,
    PlainType.ANY: lambda value: value,
}
