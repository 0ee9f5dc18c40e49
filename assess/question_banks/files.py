"""The content files of a `questionnaires/` folder in memory: strict YAML with line numbers, strict CSV, and problems with file and line. Only importer of ruamel."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, wraps
from itertools import combinations
from pathlib import Path
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

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

from assess.core import package_folder
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.text_normalise import misleading_character
from assess.question_banks.schema_fields import FileShape, check_shape

Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")

QUESTIONNAIRES = package_folder("questionnaires")

YAML_ENDINGS = (".yaml", ".yml")
REFERENCE = "reference"
"""The one subfolder that holds tables."""
SUBFOLDERS = ("common", "duties", "settings", "papers", "buyers", REFERENCE)
TOP_LEVEL_FILES = ("dimensions", "owners", "sources")


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    file: str
    line: int
    number: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {self.number} {mark}{self.message}"


def file_problem(file: str, line: int, problem: Problem) -> FileProblem:
    return FileProblem(file, line, problem.number, problem.message, problem.warning)


class BankFilesRefusedError(Exception):
    """Files cannot be used. `problems` says why, sorted by file and line."""

    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _unread_problem(name: str, error: UnreadableError) -> tuple[YamlLines, FileShape | None, tuple[FileProblem, ...]]:
    return YamlLines({}), None, (file_problem(name, error.line, error.problem),)


@lru_cache(maxsize=100)
def _read_file(name: str, content: bytes) -> tuple[YamlLines, FileShape | None, tuple[FileProblem, ...]]:
    """What these bytes hold.

    One folder is read several times in a process (its banks, its settings, on another day), and reading is the costliest part of
    a start. Bytes never change, so what was read from them never grows old. Nobody may change it.
    """
    try:
        if is_table(name):
            lines, shaped = YamlLines({}), FileShape("table", {}, ())
        else:
            lines = cached_lines(content)
            shaped = check_shape(lines.data)
        odd = _odd_letter_problems(text_of(content), lines)
    except UnreadableError as fault:
        return _unread_problem(name, fault)
    problems = [file_problem(name, lines.line(one.place), one) for one in shaped.problems]
    return lines, shaped, (*problems, *(file_problem(name, line, one) for line, one in odd))


def _odd_letter_problems(text: str, lines: YamlLines) -> Iterator[tuple[int, Problem]]:
    """As the letter itself, in a remark too, or written by its number inside quotes."""
    written = {number: row for number, row in enumerate(text.split("\n"), 1) if misleading_character(row)}
    for place, value in _texts(lines.data, ()):
        if misleading_character(value):
            written.setdefault(lines.line(place), value)
    for number, row in sorted(written.items()):
        yield number, Problem("BANK015", (), f"The letter {misleading_character(row)} stands here.")


def _texts(value: object, place: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*place, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*place, index))


@dataclass(frozen=True)
class ContentFile:
    """One file. `name` is its path inside the folder, with slashes."""

    name: str
    content: bytes | UnreadableError

    @cached_property
    def _read(self) -> tuple[YamlLines, FileShape | None, tuple[FileProblem, ...]]:
        if isinstance(self.content, UnreadableError):
            return _unread_problem(self.name, self.content)
        return _read_file(self.name, self.content)

    @cached_property
    def digest(self) -> str:
        return content_digest(self.content if isinstance(self.content, bytes) else repr(self.content.problem).encode())

    @property
    def stem(self) -> str:
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
    def raw_data(self) -> Mapping[str, object]:
        """The values as they are written, whatever is wrong with them. Empty when the file cannot be read."""
        return self._read[0].data

    @property
    def lines(self) -> Mapping[DocumentPath, int]:
        """The line where each key and each entry begins."""
        return self._read[0].lines

    @property
    def problems(self) -> tuple[FileProblem, ...]:
        return self._read[2]

    @property
    def text(self) -> str:
        return "" if isinstance(self.content, UnreadableError) else self.content.decode("utf-8-sig", "replace")

    def line(self, place: DocumentPath) -> int:
        return self._read[0].line(place)

    def problem_at(self, number: str, place: DocumentPath, cause: str) -> FileProblem:
        return file_problem(self.name, self.line(place), Problem(number, place, cause))


class BoundedCache(Generic[Value]):
    """What was made, by key. Once there are `most`, all of it goes, and what is asked for again is made anew."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: dict[Hashable, Value] = {}

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        if key not in self.kept:
            if len(self.kept) >= self.most:
                self.kept.clear()
            self.kept[key] = make()
        return self.kept[key]


@dataclass(frozen=True)
class ContentFiles:
    """Files that belong together, and what was made of them: nobody may change either."""

    files: Mapping[str, ContentFile] = field(default_factory=dict)
    made: BoundedCache[Any] = field(default_factory=lambda: BoundedCache(40), compare=False, repr=False)

    @cached_property
    def digest(self) -> str:
        """Files of the same names with the same bytes have the same one."""
        return version_digest({name: one.digest for name, one in self.files.items()})

    def at(self, folder: str, stem: str) -> ContentFile | None:
        """The file with this name in a subfolder ("" for the folder itself)."""
        prefix = f"{folder}/" if folder else ""
        return next((self.files[name] for end in YAML_ENDINGS if (name := f"{prefix}{stem}{end}") in self.files), None)

    def inside(self, folder: str) -> list[ContentFile]:
        return [content_file for name, content_file in sorted(self.files.items()) if name.rpartition("/")[0] == folder]

    def twins(self) -> list[str]:
        """Files that differ from another in their ending alone: the other is read."""
        return [
            f"{stem}{second}"
            for first, second in combinations(YAML_ENDINGS, 2)
            for stem in sorted(name.removesuffix(first) for name in self.files if name.endswith(first))
            if f"{stem}{second}" in self.files
        ]

    def banks(self) -> list[str]:
        """The ids of the banks: the names of the files beside `dimensions.yaml`."""
        return sorted({content_file.stem for content_file in self.inside("")} - set(TOP_LEVEL_FILES))


def kept_with_files(
    make: Callable[Concatenate[ContentFiles, Arguments], Value],
) -> Callable[Concatenate[ContentFiles, Arguments], Value]:
    """Have what a function makes of files kept with them, for each day or bank it is asked for."""

    @wraps(make)
    def kept(files: ContentFiles, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Value:
        return cast(
            "Value", files.made.get((make, *arguments, *named.items()), lambda: make(files, *arguments, **named))
        )

    return kept


def content_digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def version_digest(digests: Mapping[str, str]) -> str:
    return content_digest(json.dumps(digests, sort_keys=True, separators=(",", ":")).encode())


def content_files(texts: Mapping[str, bytes]) -> ContentFiles:
    return ContentFiles({name: ContentFile(name, content) for name, content in texts.items()})


@cache
def bundled_files() -> ContentFiles:
    """Those beside the code, as a release brings them."""
    return read_folder(QUESTIONNAIRES)


def read_folder(folder: Path) -> ContentFiles:
    """A file that cannot be opened is there with its problem. Raises BankFilesRefusedError if the folder cannot be read."""
    try:
        return ContentFiles({name: ContentFile(name, read_content(path)) for name, path in files_of(folder).items()})
    except OSError as fault:
        problem = Problem("BANK001", (), f"The folder cannot be read ({os_error_reason(fault)}).")
        raise BankFilesRefusedError((file_problem(str(folder), 1, problem),)) from None


def files_of(folder: Path) -> dict[str, Path]:
    """The files that count, by name. Hidden files are left out; other endings are not ours."""
    return {
        f"{place}/{path.name}" if place else path.name: path
        for place in ("", *(name for name in SUBFOLDERS if (folder / name).is_dir()))
        for path in sorted((folder / place).iterdir())
        if (path.suffix.lower() in YAML_ENDINGS or (place == REFERENCE and is_table(path.name)))
        and not path.name.startswith(".")
    }


def is_table(name: str) -> bool:
    return name.lower().endswith(".csv")


def read_content(path: Path) -> bytes | UnreadableError:
    """The bytes of a file, at most one more than may be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as fault:
        return UnreadableError("BANK001", 1, f"The file cannot be opened ({os_error_reason(fault)}).")


def os_error_reason(error: OSError) -> str:
    return (error.strerror or "the machine refused").lower()


def why_unreadable(name: str, content: bytes) -> FileProblem | None:
    """Why this text cannot be read at all; None for one that can, whatever else may be wrong with it."""
    # after one of these nothing else can be told about a file
    return next((one for one in ContentFile(name, content).problems if one.number <= "BANK010"), None)


CellRule = Callable[[str], str]
"""Says what a cell must be when it is not (“must be …”), nothing when it is."""
LONGEST_SHOWN = 60
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class TableRow:
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Table:
    content_file: ContentFile
    rows: tuple[TableRow, ...]
    problems: tuple[FileProblem, ...]

    def at(self, row: TableRow, number: str, cause: str) -> FileProblem:
        return file_problem(self.content_file.name, row.line, Problem(number, (), cause))


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table must look like: its columns in order with what their cells hold, and those that together make a row unique."""

    cells: Mapping[str, CellRule]
    unique: Sequence[str]


def read_table(content_file: ContentFile, columns: Columns) -> Table:
    """The rows of a table. A file that could not be opened or read as text has its problems already and no rows."""
    if content_file.problems:
        return Table(content_file, (), content_file.problems)
    lines = content_file.text.removesuffix("\n").split("\n")
    header = _cells(lines[0])
    if header != list(columns.cells):
        return Table(
            content_file,
            (),
            (file_problem(content_file.name, 1, Problem("BANK085", (), _header_error(header, columns))),),
        )
    rows: list[TableRow] = []
    problems: list[FileProblem] = []
    for number, line in enumerate(lines[1:], 2):
        errors, row = _row(number, line, columns)
        problems += [file_problem(content_file.name, number, error) for error in errors]
        if row is not None and not errors:
            rows.append(row)
    problems += [file_problem(content_file.name, line, error) for line, error in _repeated(rows, columns.unique)]
    return Table(content_file, tuple(rows), tuple(sorted(problems)))


def _cells(line: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in next(csv.reader([line.removesuffix("\r")], strict=True), [])]
    except csv.Error:
        return None


def _header_error(header: list[str] | None, columns: Columns) -> str:
    wanted = ", ".join(columns.cells)
    if header is None or len(header) <= 1:
        return f"The first line must name the columns, with commas between them: {wanted}."
    missing = [name for name in columns.cells if name not in header]
    strange = [name for name in header if name not in columns.cells]
    said = [f"missing: {', '.join(missing)}"] if missing else []
    said += [f"not known: {', '.join(map(shown_cell, strange))}"] if strange else []
    return f"The columns are not those of this table ({'; '.join(said) or 'another order'}). They are: {wanted}."


def _row(number: int, line: str, columns: Columns) -> tuple[list[Problem], TableRow | None]:
    cells = _cells(line)
    if cells is None:
        return [
            Problem("BANK086", (), "A quote that opens in this row is not closed, or stands in the middle of a cell.")
        ], None
    if len(cells) != len(columns.cells):
        return [
            Problem("BANK086", (), f"This row has {len(cells)} cells; the table has {len(columns.cells)} columns.")
        ], None
    row = TableRow(number, dict(zip(columns.cells, cells, strict=True)))
    wrong = [(name, said) for name, cell in columns.cells.items() if (said := cell(row[name]))]
    return [Problem("BANK087", (), _cell_error(name, said, row[name])) for name, said in wrong], row


def _cell_error(name: str, said: str, cell: str) -> str:
    """What a cell must be and is not; a hint behind a semicolon stays the last."""
    wanted, _, hint = said.partition("; ")
    return f"“{name}” {wanted}, not {shown_cell(cell)}" + (f"; {hint}" if hint else ".")


def _repeated(rows: Sequence[TableRow], unique: Sequence[str]) -> Iterator[tuple[int, Problem]]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in unique)
        if key in seen:
            said = ", ".join(cell for cell in key if cell)
            yield row.line, Problem("BANK088", (), f"{shown_cell(said)} stands in line {seen[key]} already.")
        seen.setdefault(key, row.line)


def shown_cell(text: str) -> str:
    if not text:
        return "nothing"
    return f"“{text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '…'}”"


def required_text(cell: str) -> str:
    return "" if cell else "must hold a text"


def any_text(_cell: str) -> str:
    return ""


def one_of(words: Collection[str]) -> CellRule:
    """One of a few words; "" among them for a cell that may be empty."""
    named = ", ".join(word for word in words if word) + (" or nothing" if "" in words else "")

    def check(cell: str) -> str:
        return "" if cell in words else f"must be one of {named}{did_you_mean(cell, words).rstrip('.')}"

    return check


def text_like(pattern: str, said: str, *, empty: bool = False) -> CellRule:
    form = re.compile(pattern)

    def check(cell: str) -> str:
        return "" if (empty and not cell) or form.fullmatch(cell) else f"must be {said}"

    return check


def number_between(least: float, most: float, *, empty: bool = False) -> CellRule:
    def check(cell: str) -> str:
        good = (empty and not cell) or (_NUMBER.fullmatch(cell) and least <= float(cell) <= most)
        return "" if good else f"must be a number from {least:g} to {most:g}"

    return check


LARGEST_FILE = 1024 * 1024
MAX_DEPTH = 16
"""The files of conventions need twelve, and conditions lie inside each other."""
MAX_NODES = 20_000
"""Keys, values, lists and groups. The largest bank file has five thousand; so many take about a second."""
LONGEST_NUMBER = 30

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


class UnreadableError(Exception):
    def __init__(self, number: str, line: int, cause: str) -> None:
        super().__init__(cause)
        self.line = line
        self.problem = Problem(number, (), cause)


@dataclass(slots=True)
class YamlNode:
    """Where a value or a key stands in its text, in characters from its beginning. Of a group `keys` go with `values`; `flow`: it is in brackets."""

    start: int
    end: int
    column: int
    flow: bool
    keys: Sequence[tuple[str, YamlNode]] = ()
    values: Sequence[YamlNode] = ()


@dataclass(frozen=True, slots=True)
class YamlLines:
    """Plain values and, by path, the line (from 1) where each key or list entry begins."""

    data: dict[str, object]
    lines: dict[DocumentPath, int] = field(default_factory=dict)
    root: YamlNode | None = None

    def line(self, place: DocumentPath) -> int:
        """The line of this place, or of the nearest thing around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_lines(content: bytes) -> YamlLines:
    """Plain values with lines from the bytes of one file. Raises `UnreadableError` at the first thing that is not allowed."""
    text = text_of(content)
    try:
        return _Builder(YAML(typ="safe", pure=True).parse(text)).build()
    except MarkedYAMLError as fault:
        raise _layout_error(fault, text) from None
    except YAMLError:
        raise UnreadableError("BANK003", 1, "The file holds characters that no text has.") from None


@lru_cache(maxsize=100)
def cached_lines(content: bytes) -> YamlLines:
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


def _layout_error(error: MarkedYAMLError, text: str) -> UnreadableError:
    what = f"{error.context or ''} {error.problem or ''}"
    opened = error.context_mark if "end of stream" in what or "expected ',' or" in what else None
    mark = opened or error.problem_mark or error.context_mark
    line = 1 if mark is None else min(int(mark.line) + 1, text.count("\n") + 1)
    written = text.split("\n")[line - 1]
    if "\t" in written[: len(written) - len(written.lstrip())]:
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


class _Builder:
    """Builds plain values from the events of one document, without recursion in the text's own depth beyond `MAX_DEPTH`."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = (event for event in events)
        self._lines: dict[DocumentPath, int] = {}
        self._nodes = 0

    def build(self) -> YamlLines:
        document, root = None, None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if document is not None:
                    raise UnreadableError("BANK004", _line(event), "A second document begins here (---).")
                document, root = self._value(next(self._events), ())
            elif isinstance(event, DocumentEndEvent):
                continue
        if not isinstance(document, dict) or not document:
            raise UnreadableError("BANK005", 1, "The file holds nothing, or no keys with values.")
        return YamlLines(document, self._lines, root)

    def _value(self, event: Event, place: DocumentPath) -> tuple[object, YamlNode]:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise UnreadableError("BANK002", _line(event), f"More than {MAX_NODES:,} keys and values stand up to here.")
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise UnreadableError("BANK007", _line(event), "A name with & or * stands here.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise UnreadableError("BANK008", _line(event), f"The tag {tag} stands here.")
        if len(place) > MAX_DEPTH:
            raise UnreadableError("BANK009", _line(event), f"More than {MAX_DEPTH} levels lie inside each other here.")
        start = event.start_mark
        node = YamlNode(start.index, event.end_mark.index, start.column, bool(getattr(event, "flow_style", None)))
        if isinstance(event, MappingStartEvent):
            return self._mapping(place, node), node
        return self._sequence(place, node) if isinstance(event, SequenceStartEvent) else _scalar(event), node

    def _mapping(self, place: DocumentPath, node: YamlNode) -> dict[str, object]:
        found: dict[str, object] = {}
        keys, values = [], []
        while not isinstance(event := next(self._events), MappingEndEvent):
            key, key_node = self._key(event, place)
            if key in found:
                raise UnreadableError("BANK006", _line(event), f"The key “{key}” stands here for the second time.")
            self._lines[(*place, key)] = _line(event)
            found[key], value = self._value(next(self._events), (*place, key))
            keys.append((key, key_node))
            values.append(value)
        node.end, node.keys, node.values = event.end_mark.index, keys, values
        return found

    def _key(self, event: Event, place: DocumentPath) -> tuple[str, YamlNode]:
        if isinstance(event, ScalarEvent):
            node = self._value(event, place)[1]
            if event.value == "<<":
                raise UnreadableError("BANK007", _line(event), "A merge (<<) stands here.")
            return str(event.value), node
        if isinstance(event, AliasEvent):
            self._value(event, place)
        raise UnreadableError(
            "BANK004", _line(event), "A key is a list or a group; a stray bracket, or a gap {…} without quotes?"
        )

    def _sequence(self, place: DocumentPath, node: YamlNode) -> list[object]:
        found: list[object] = []
        values = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            here = (*place, len(found))
            self._lines[here] = _line(event)
            one, value = self._value(event, here)
            found.append(one)
            values.append(value)
        node.end, node.values = event.end_mark.index, values
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
