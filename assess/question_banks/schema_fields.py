"""Holds the values of one file against the dataclasses of its kind, and names everything that is wrong with its place (BANKnnn)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assess.core.forms.fields import web_address
from assess.engine.bank import LONGEST_EVIDENCE, LONGEST_TITLED_DO, Action, Question
from assess.engine.bank_reader import DocumentError, read_condition
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.schema import (
    LONGEST_ID,
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
from assess.question_banks.shapes import FORMAT, SHAPES, BlockShape, TableShape

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileShape:
    """A file of known shape: what it holds, its values with ids as text, and what is wrong with it."""

    kind: str | None
    data: Data
    problems: tuple[Problem, ...]


def check_shape(data: Mapping[str, object]) -> FileShape:
    """Hold the values of one file against the shape of its kind. With problems, `data` is empty."""
    if "format" not in data:
        return FileShape(None, {}, (Problem("BANK011", (), "The file does not say its format."),))
    if data["format"] != FORMAT or isinstance(data["format"], bool):
        return FileShape(None, {}, (Problem("BANK011", ("format",), f"The format is {plain_value(data['format'])}."),))
    kind = next((key for key in SHAPES if key in data), None)
    if kind is None:
        return FileShape(None, {}, (Problem("BANK012", (), "None of the keys says what the file holds."),))
    here = Checking()
    found = here.check_object(SHAPES[kind], data)
    return FileShape(kind, {} if here.problems else found, tuple(here.problems))


@dataclass(frozen=True, slots=True)
class Checking:
    """A place of a file. Its methods hand back a value with ids as text, and add what is wrong with it to the problems of the file."""

    place: DocumentPath = ()
    problems: list[Problem] = field(default_factory=list)

    def at(self, step: str | int) -> Checking:
        return Checking((*self.place, step), self.problems)

    def refuse(self, number: str, cause: str) -> None:
        self.problems.append(Problem(number, self.place, cause))

    def check(self, kind: ValueType, raw: object) -> Any:  # noqa: ANN401  # a value of the file
        if raw is None:
            return self.refuse("BANK022", "Nothing is written after this key.")
        return _CHECKS[kind if isinstance(kind, PlainType) else type(kind)](self, kind, raw)

    def check_object(self, cls: type, raw: object) -> Data:
        """Unknown keys are refused, with the closest known key named."""
        if not isinstance(raw, Mapping):
            self.refuse("BANK022", "A group of keys belongs here.")
            return {}
        before, found, known = len(self.problems), {}, file_fields(cls)
        for key, one in known.items():
            if key in raw:
                found[key] = self.at(key).check(one.type, raw[key])
            elif one.required:
                self.refuse("BANK021", f"The key “{key}” is missing here.")
        if len(self.problems) == before and cls in _OBJECT_CHECKS:
            _OBJECT_CHECKS[cls](self, raw)
        for key in raw:
            if key not in known:
                self.at(key).refuse("BANK020", f"There is no key {plain_value(key)} here{did_you_mean(key, known)}")
        return found

    def check_list(self, kind: ListType, raw: object) -> list[Any]:
        if not isinstance(raw, list):
            self.refuse("BANK022", "A list belongs here.")
            return []
        before = len(self.problems)
        found = [self.at(index).check(kind.inner, part) for index, part in enumerate(raw)]
        if len(found) < kind.least and len(self.problems) == before:
            self.refuse("BANK022", f"At least {kind.least} belongs in this list.")
        return found

    def check_map(self, kind: MapType, raw: object) -> Data:
        if not isinstance(raw, dict):
            self.refuse("BANK022", f"A group of keys belongs here, not {plain_value(raw)}.")
            return {}
        found = {}
        for key, part in raw.items():
            here, before = self.at(key), len(self.problems)
            name = here.check(kind.keys, key)
            if len(self.problems) == before:
                found[str(name)] = here.check(kind.inner, part)
        return found

    def check_either(self, kind: EitherType, raw: object) -> Any:  # noqa: ANN401  # a value of the file
        return raw if kind.has_plain(raw) else self.check(kind.inner, raw)

    def check_condition(self, _kind: ValueType, value: object) -> object:
        """It keeps its shape; the engine says whether it can be read."""
        raw = options_as_text(value)
        try:
            read_condition(raw)
        except DocumentError as fault:
            there = Checking((*self.place, *path_of(fault.place)), self.problems)
            there.refuse("BANK025", f"This condition cannot be understood: {fault.message}.")
        return raw

    def check_text(self, kind: TextType, value: object) -> str:
        """Numbers are taken as they stand; true and false are not."""
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str):
            self.refuse("BANK022", f"A text belongs here, not {plain_value(value)}; put it in quotes if it is one.")
            return ""
        if not text.strip():
            self.refuse("BANK022", "A text belongs here, and this one is empty.")
        elif len(text) > kind.longest:
            self.refuse("BANK022", f"A text of at most {kind.longest:,} characters belongs here, not {len(text):,}.")
        return text

    def check_id(self, kind: IdType, value: object) -> str | float:
        """Digits alone are allowed and stay text."""
        if kind.or_number and isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        before = len(self.problems)
        word = self.check_text(TextType(), value)
        if len(self.problems) == before and not re.fullmatch(kind.pattern, word):
            self.refuse("BANK024", f"{plain_value(word)} cannot be an id.")
        return word

    def check_word(self, kind: WordType, value: object) -> object:
        if not isinstance(value, str) or value not in kind.words:
            hint = did_you_mean(value, kind.words) if isinstance(value, str) else "."
            self.refuse("BANK023", f"{plain_value(value)} is not one of: {', '.join(kind.words)}{hint}")
        return value

    def check_number(self, kind: NumberType, value: object) -> object:
        """A whole number stays one."""
        what = "A whole number" if kind.whole else "A number"
        numbers = (int,) if kind.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, numbers) or not math.isfinite(value):
            self.refuse("BANK022", f"{what} belongs here, not {plain_value(value)}.")
        elif kind.numbers and not (kind.least or 0) <= value <= (kind.most or 0):
            self.refuse("BANK023", f"{value} is not the number of {kind.numbers}, {kind.least:g} to {kind.most:g}.")
        elif kind.least is not None and value < kind.least:
            self.refuse("BANK022", f"{what} of at least {kind.least:g} belongs here, not {value:g}.")
        elif kind.most is not None and value > kind.most:
            self.refuse("BANK022", f"{what} from {kind.least:g} to {kind.most:g} belongs here, not {value}.")
        return value

    def check_boolean(self, kind: ValueType, value: object) -> object:
        numbers = kind is PlainType.BOOLEAN_OR_NUMBER
        if not isinstance(value, bool) and not (numbers and isinstance(value, (int, float))):
            what = "true, false or a number" if numbers else "true or false"
            self.refuse("BANK022", f"{what} belongs here, not {plain_value(value)}.")
        return value

    def check_date(self, _kind: ValueType, value: object) -> object:
        """It is kept as it is written: 2026-11-24."""
        if not isinstance(value, str) or not is_iso_date(value):
            self.refuse("BANK026", f"A date belongs here, not {plain_value(value)}.")
        return value

    def check_url(self, _kind: ValueType, value: object) -> str:
        """A whole web address. Some of our sources can be read without https alone."""
        before = len(self.problems)
        text = self.check_text(TextType(), value)
        if len(self.problems) == before and web_address(text) is None:
            self.refuse("BANK027", f"{plain_value(text)} is not a web address.")
        return text

    def check_setting_value(self, _kind: ValueType, value: object) -> object:
        if isinstance(value, dict):
            return self.check_map(MapType(IdType(), NumberType()), value)
        if isinstance(value, str):
            return self.check_text(TextType(), value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.check_number(NumberType(), value)
        self.refuse("BANK022", f"A number, a text or a group of numbers belongs here, not {plain_value(value)}.")
        return value


_CHECKS: Mapping[object, Callable[[Checking, Any, Any], Any]] = {
    ObjectType: lambda here, kind, raw: here.check_object(kind.in_files, raw),
    ListType: Checking.check_list,
    MapType: Checking.check_map,
    EitherType: Checking.check_either,
    TextType: Checking.check_text,
    IdType: Checking.check_id,
    WordType: Checking.check_word,
    NumberType: Checking.check_number,
    PlainType.BOOLEAN: Checking.check_boolean,
    PlainType.BOOLEAN_OR_NUMBER: Checking.check_boolean,
    PlainType.DATE: Checking.check_date,
    PlainType.URL: Checking.check_url,
    PlainType.CONDITION: Checking.check_condition,
    PlainType.SETTING_VALUE: Checking.check_setting_value,
    PlainType.ANY: lambda _here, _kind, raw: raw,
}


SHORTER_BESIDE: Mapping[type, tuple[str, str, int, str]] = {
    Action: ("title", "do", LONGEST_TITLED_DO, "An action with a title"),  # printed in three lines
    Question: ("name", "evidence", LONGEST_EVIDENCE, "Beside a name, this"),  # printed in one line
}
"""Where the first key is there, the second has a shorter text."""


def _short_beside(here: Checking, cls: type, raw: Data) -> None:
    beside, key, longest, what = SHORTER_BESIDE[cls]
    if beside in raw and len(str(raw.get(key, ""))) > longest:
        here.at(key).refuse("BANK022", f"{what} has at most {longest} characters.")


def _full_rows(here: Checking, raw: Data) -> None:
    """A row must not be longer than the table is wide, and a table has rows."""
    rows, wide = as_list(raw.get("rows")), len(raw["columns"])
    for index, row in enumerate(rows):
        if len(row) > wide:
            here.at("rows").at(index).refuse("BANK022", f"A row of at most {wide} cells belongs here.")
    if not rows and not raw.get("empty"):
        here.at("empty").refuse("BANK022", "A table needs rows, or a number of empty ones.")


def _one_key(here: Checking, raw: Data) -> None:
    """Two keys in one block would have no order."""
    if len(raw) != 1:
        here.refuse("BANK022", f"One key belongs in each block, not {len(raw)}.")


_OBJECT_CHECKS: Mapping[type, Callable[[Checking, Any], None]] = {
    Action: lambda here, raw: _short_beside(here, Action, raw),
    Question: lambda here, raw: _short_beside(here, Question, raw),
    TableShape: _full_rows,
    BlockShape: _one_key,
}
"""What rests on several keys of one group; it is looked at where each of them is right."""


def is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


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
