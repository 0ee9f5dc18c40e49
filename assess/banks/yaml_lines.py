"""YAML 1.2 read strictly, with the line of every key and value; the only importer of ruamel in this room.

It reads events, not objects: aliases, tags and deep nests are refused at the moment they appear, so no file can grow while it is
read. Words stay words: `yes`, `no`, `on` and `off` are text, dates are text, a number that begins with 0 is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from assess.engine.problems import Place, Problem

LARGEST_FILE = 1024 * 1024
DEEPEST = 16
"""The files of conventions need twelve, and conditions lie inside each other."""
MOST_NODES = 20_000
"""Keys, values, lists and groups. The largest bank file has five thousand; so many take about a second."""
LONGEST_NUMBER = 30

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


class UnreadableError(Exception):
    """The file cannot be read at all. `problem` says why, `line` where."""

    def __init__(self, number: str, line: int, cause: str) -> None:
        super().__init__(cause)
        self.line = line
        self.problem = Problem(number, (), cause)


@dataclass(frozen=True, slots=True)
class Lines:
    """Plain values and, by path, the line (from 1) where each key or list entry begins."""

    data: dict[str, object]
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of this place, or of the nearest thing around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_lines(content: bytes) -> Lines:
    """Plain values with lines from the bytes of one file. Raises `UnreadableError` at the first thing that is not allowed."""
    text = text_of(content)
    try:
        return _Builder(YAML(typ="safe", pure=True).parse(text)).build()
    except MarkedYAMLError as fault:
        raise _layout_error(fault, text) from None
    except YAMLError:
        raise UnreadableError("BANK003", 1, "The file holds characters that no text has.") from None


@lru_cache(maxsize=160)
def lines_of(content: bytes) -> Lines:
    """The same, read once while it is in use: a saved page rewrites a file, proves what it wrote, and shows it. Nobody may change it."""
    return read_lines(content)


_IN_PLAIN_WORDS = {
    "mapping values are not allowed": "A colon stands inside a text here; put the text in quotes.",
    "end of stream": "A quote or bracket that opens here is never closed.",
    "could not find expected ':'": "A key without a colon stands here.",
    "expected <block end>": "An indent, a quote or a gap {…} does not match what stands around it here.",
    "expected ',' or": "A bracket that opens here is not closed, or a comma is missing.",
    "cannot start any token": "A text begins with a sign that means something else here; put the text in quotes.",
    "unknown escape": "A \\ stands in a text in quotes here; write \\\\ or leave it out.",
}


def _layout_error(fault: MarkedYAMLError, text: str) -> UnreadableError:
    what = f"{fault.context or ''} {fault.problem or ''}"
    opened = fault.context_mark if "end of stream" in what or "expected ',' or" in what else None
    mark = opened or fault.problem_mark or fault.context_mark
    line = 1 if mark is None else min(int(mark.line) + 1, text.count("\n") + 1)
    if _has_tab_indent(text, line):
        return UnreadableError("BANK010", line, "A tab stands at the beginning of this line.")
    said = next((plain for sign, plain in _IN_PLAIN_WORDS.items() if sign in what), "The layout breaks here.")
    return UnreadableError("BANK004", line, said)


def text_of(content: bytes) -> str:
    """The text of a file. Raises `UnreadableError` when it is too big or no UTF-8."""
    if len(content) > LARGEST_FILE:
        raise UnreadableError("BANK002", 1, f"The file has {len(content):,} bytes or more.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise UnreadableError("BANK003", line, f"Byte {fault.start + 1} is not part of any UTF-8 text.") from None
    if "\x00" in text:
        raise UnreadableError("BANK003", text.count("\n", 0, text.index("\x00")) + 1, "The file holds zero bytes.")
    return text


def _has_tab_indent(text: str, line: int) -> bool:
    written = text.split("\n")[line - 1]
    return "\t" in written[: len(written) - len(written.lstrip())]


class _Builder:
    """Builds plain values from the events of one document, without recursion in the text's own depth beyond `DEEPEST`."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = (event for event in events)
        self._lines: dict[Place, int] = {}
        self._nodes = 0

    def build(self) -> Lines:
        """The one document of the file."""
        document: object = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if document is not None:
                    raise UnreadableError("BANK004", _line(event), "A second document begins here (---).")
                document = self._value(next(self._events), ())
            elif isinstance(event, DocumentEndEvent):
                continue
        if not isinstance(document, dict) or not document:
            raise UnreadableError("BANK005", 1, "The file holds nothing, or no keys with values.")
        return Lines(document, self._lines)

    def _value(self, event: Event, place: Place) -> object:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise UnreadableError(
                "BANK002", _line(event), f"More than {MOST_NODES:,} keys and values stand up to here."
            )
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise UnreadableError("BANK007", _line(event), "A name with & or * stands here.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise UnreadableError("BANK008", _line(event), f"The tag {tag} stands here.")
        if len(place) > DEEPEST:
            raise UnreadableError("BANK009", _line(event), f"More than {DEEPEST} levels lie inside each other here.")
        if isinstance(event, MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(place)
        return _scalar(event)

    def _mapping(self, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, place)
            if key in found:
                raise UnreadableError("BANK006", _line(event), f"The key “{key}” stands here for the second time.")
            self._lines[(*place, key)] = _line(event)
            found[key] = self._value(next(self._events), (*place, key))
        return found

    def _key(self, event: Event, place: Place) -> str:
        if isinstance(event, ScalarEvent):
            self._value(event, place)
            if event.value == "<<":
                raise UnreadableError("BANK007", _line(event), "A merge (<<) stands here.")
            return str(event.value)
        if isinstance(event, AliasEvent):
            self._value(event, place)
        raise UnreadableError(
            "BANK004", _line(event), "A key is a list or a group; a stray bracket, or a gap {…} without quotes?"
        )

    def _sequence(self, place: Place) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            here = (*place, len(found))
            self._lines[here] = _line(event)
            found.append(self._value(event, here))
        return found


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Event) -> object:
    text = str(getattr(event, "value", ""))
    if not (isinstance(event, ScalarEvent) and event.style is None):
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if len(text) > LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return text if abs(number) == float("inf") else number
    return text
