"""The files of one `questionnaires/` folder, read once each: their text, what they hold, and where everything stands in them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path

from assess.banks.schema import Shaped, shape_of
from assess.banks.yaml_lines import LARGEST_FILE, Lines, UnreadableError, lines_of, text_of
from assess.engine.odd_letters import odd_letter
from assess.engine.problems import Place, Problem

ENDINGS = (".yaml", ".yml")
TABLE_ENDING = ".csv"
REFERENCE = "reference"
"""The one subfolder that holds tables."""
SUBFOLDERS = ("common", "duties", "settings", "papers", "buyers", REFERENCE)
NEIGHBOURS = ("dimensions", "owners", "sources")
"""Files beside the banks that are no banks."""

UNREADABLE = frozenset(f"BANK{number:03}" for number in range(1, 11))
"""Problems after which nothing else can be told about a file."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A problem with its file and line, as it is printed."""

    file: str
    line: int
    number: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        """One line: where, which, what and how to repair it."""
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {self.number} {mark}{self.message}"


def found(file: str, line: int, problem: Problem) -> Found:
    """The problem at its file and line."""
    return Found(file, line, problem.number, problem.message, problem.warning)


class RefusedError(Exception):
    """Files cannot be used. `problems` says why, sorted by file and line."""

    def __init__(self, problems: tuple[Found, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _unread(name: str, fault: UnreadableError) -> tuple[Lines, Shaped | None, tuple[Found, ...]]:
    return Lines({}), None, (found(name, fault.line, fault.problem),)


@lru_cache(maxsize=160)
def _read_file(name: str, content: bytes) -> tuple[Lines, Shaped | None, tuple[Found, ...]]:
    """What these bytes hold.

    One folder is read several times in a process (its banks, its settings, on another day), and reading is the costliest part of
    a start. Bytes never change, so what was read from them never grows old. Nobody may change it.
    """
    try:
        if is_table(name):
            lines, shaped = Lines({}), Shaped("table", {}, ())
        else:
            lines = lines_of(content)
            shaped = shape_of(lines.data)
        odd = _odd_letters(text_of(content), lines)
    except UnreadableError as fault:
        return _unread(name, fault)
    told = [found(name, lines.line(one.place), one) for one in shaped.problems]
    return lines, shaped, (*told, *(found(name, line, one) for line, one in odd))


def _odd_letters(text: str, lines: Lines) -> Iterator[tuple[int, Problem]]:
    """As the letter itself, in a remark too, or written by its number inside quotes."""
    written = {number: row for number, row in enumerate(text.split("\n"), 1) if odd_letter(row)}
    for place, value in _texts(lines.data, ()):
        if odd_letter(value):
            written.setdefault(lines.line(place), value)
    for number, row in sorted(written.items()):
        yield number, Problem("BANK015", (), f"The letter {odd_letter(row)} stands here.")


def _texts(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*place, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*place, index))


@dataclass(frozen=True)
class Sheet:
    """One file. `name` is its path inside the folder, with slashes."""

    name: str
    content: bytes | UnreadableError

    @cached_property
    def _read(self) -> tuple[Lines, Shaped | None, tuple[Found, ...]]:
        if isinstance(self.content, UnreadableError):
            return _unread(self.name, self.content)
        return _read_file(self.name, self.content)

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return Path(self.name).stem

    @property
    def kind(self) -> str | None:
        """What the file holds: bank, common, …, or table; None when it cannot be told."""
        shaped = self._read[1]
        return None if shaped is None else shaped.kind

    @property
    def data(self) -> Mapping[str, object]:
        """The values, with ids as text. Empty when there are problems."""
        shaped = self._read[1]
        return {} if shaped is None else shaped.data

    @property
    def written(self) -> Mapping[str, object]:
        """The values as they are written, whatever is wrong with them. Empty when the file cannot be read."""
        return self._read[0].data

    @property
    def lines(self) -> Mapping[Place, int]:
        """The line where each key and each entry begins."""
        return self._read[0].lines

    @property
    def problems(self) -> tuple[Found, ...]:
        """What is wrong with the file taken alone."""
        return self._read[2]

    @property
    def text(self) -> str:
        """The file as it is written."""
        return "" if isinstance(self.content, UnreadableError) else self.content.decode("utf-8-sig", "replace")

    def line(self, place: Place) -> int:
        """The line where this place of the file begins."""
        return self._read[0].line(place)


@dataclass(frozen=True)
class Shelf:
    """All files of a folder by name."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def at(self, folder: str, stem: str) -> Sheet | None:
        """The file with this name in a subfolder ("" for the folder itself)."""
        prefix = f"{folder}/" if folder else ""
        return next((self.sheets[name] for end in ENDINGS if (name := f"{prefix}{stem}{end}") in self.sheets), None)

    def inside(self, folder: str) -> list[Sheet]:
        """The files directly inside a subfolder ("" for the folder itself), by name."""
        return [sheet for name, sheet in sorted(self.sheets.items()) if name.rpartition("/")[0] == folder]

    def twins(self) -> list[str]:
        """Files that differ from another in their ending alone: the other is read."""
        return [
            f"{stem}{second}"
            for first, second in combinations(ENDINGS, 2)
            for stem in sorted(name.removesuffix(first) for name in self.sheets if name.endswith(first))
            if f"{stem}{second}" in self.sheets
        ]

    def banks(self) -> list[str]:
        """The ids of the banks: the names of the files beside `dimensions.yaml`."""
        return sorted({sheet.stem for sheet in self.inside("")} - set(NEIGHBOURS))


def shelf_of(texts: Mapping[str, bytes]) -> Shelf:
    """A shelf of files that are in memory, by name."""
    return Shelf({name: Sheet(name, content) for name, content in texts.items()})


def read_folder(folder: Path) -> Shelf:
    """The shelf of a folder on disk. A file that cannot be opened is on the shelf with its problem.

    Raises:
        RefusedError: when the folder itself cannot be read.
    """
    try:
        return Shelf({name: Sheet(name, content_of(path)) for name, path in files_of(folder).items()})
    except OSError as fault:
        problem = Problem("BANK001", (), f"The folder cannot be read ({reason(fault)}).")
        raise RefusedError((found(str(folder), 1, problem),)) from None


def files_of(folder: Path) -> dict[str, Path]:
    """The files that count, by name. Hidden files are left out; other endings are not ours."""
    return {name: folder / name for name in names_of(folder)}


def names_of(folder: Path) -> list[str]:
    """The names of these files. Every page asks whether one was changed, so here are no paths, only words."""
    beneath = [name for name in SUBFOLDERS if os.path.isdir(f"{folder}/{name}")]  # noqa: PTH112  # see above
    return [
        f"{place}/{name}" if place else name
        for place in ("", *beneath)
        for name in sorted(os.listdir(f"{folder}/{place}"))  # noqa: PTH208  # see above
        if (os.path.splitext(name)[1].lower() in ENDINGS or (place == REFERENCE and is_table(name)))  # noqa: PTH122  # see above
        and not name.startswith(".")
    ]


def is_table(name: str) -> bool:
    """Whether this is the name of a table."""
    return name.lower().endswith(TABLE_ENDING)


def content_of(path: Path) -> bytes | UnreadableError:
    """The bytes of a file, at most one more than may be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as fault:
        return UnreadableError("BANK001", 1, f"The file cannot be opened ({reason(fault)}).")


def reason(fault: OSError) -> str:
    """Why the machine refused, in its own words."""
    return (fault.strerror or "the machine refused").lower()


def unreadable(name: str, content: bytes) -> Found | None:
    """Why this text cannot be read at all; None for one that can, whatever else may be wrong with it."""
    return next((one for one in Sheet(name, content).problems if one.number in UNREADABLE), None)
