"""Values of a file with stable addresses, their form in a spreadsheet cell, and which value stands on which sheet. Pure functions."""

from __future__ import annotations

import copy
import enum
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from assess.bank_editor.fields import in_usual_order
from assess.core.exports import strip_invalid_xml
from assess.engine import bank
from assess.engine.schema import (
    EitherType,
    IdType,
    ListType,
    MapType,
    NumberType,
    PlainType,
    file_fields,
    object_fields,
)
from assess.question_banks.files import UnreadableError, read_lines
from assess.question_banks.yaml_patch import EXACT, flow_text, same_value

PLACE, SECTION = "@place", "@section"
"""Parts that stand for no key: the place among its like from 1, and the section of a question."""
KEYS_KEPT_WHOLE = frozenset({"show_if", "when", "unless", "option_map", "inputs", "answers", "change", "expect"})
"""Keys whose value is one cell, however much it holds."""
FILE, SECTIONS, QUESTIONS, SOURCE = "file", "section", "question", "source"
_OF_LIST = {"sections": SECTIONS, "checks": "check", "duties": "duty"}
IN_PLACES = frozenset({QUESTIONS, *_OF_LIST.values()})
_KEY_ORDER = [
    "format", "bank", "common", "title", "uses", "id", "section",
    *in_usual_order(file_fields(bank.Question), ["ask", "name", "type", "not_yet", "harm", "options"]),
    "label", "says", "when", "unless", "inputs", "up_to", "at_least", "points", "sign", "listed",
    "third_party", "not_looked", "mended", "breach", "retired", "do", "priority", "owner", "effort", "after_advice",
    "reaches", "jurisdiction", "status", "force", "line", "amount", "penalty", "read", "key_number",
    "applies_to", "text", "must_do", "deadline", "approver", "publish", "consequence", "source", "url", "more_urls",
    "document", "how_far_read", "sections", "questions", "checks", "worked_examples",
]  # fmt: skip

Data = dict[str, Any]


class CellAddress(NamedTuple):
    file: str
    what: str
    id: str
    part: tuple[str, ...]


Cells = dict[CellAddress, object]


def cells_from_file(file: str, data: Mapping[str, object]) -> Cells:
    return dict(_file(file, data))


def file_from_cells(cells: Mapping[CellAddress, object]) -> Data:
    """The values of one file, put together again. Keys stand in the order of the cells, new ones where such keys usually stand."""
    trees: dict[tuple[str, str], Data] = {}
    for address, value in cells.items():
        here = trees.setdefault((address.what, address.id), {})
        for step in address.part[:-1]:
            here = here.setdefault(step, {})
        here[address.part[-1]] = _Leaf(value)
    data: Data = _value(trees.pop((FILE, ""), {}))
    questions = _entries_from(trees, QUESTIONS)
    sections = _entries_from(trees, SECTIONS)
    for name, section in sections.items():
        mine = [one for one in questions.values() if _part_value(one, SECTION) == name]
        if mine:
            section["questions"] = _Leaf([_value(one) for one in sorted(mine, key=_place)])
    for key, what in _OF_LIST.items():
        things = (sections if what == SECTIONS else _entries_from(trees, what)).values()
        if things:
            data[key] = [_value(one) for one in sorted(things, key=_place)]
    named = _entries_from(trees, SOURCE)
    if named:
        data["sources"] = {name: _value(one) for name, one in named.items()}
    return in_key_order(data)


def in_key_order(group: Data) -> Data:
    """A group whose keys stand where such keys usually stand; those nobody ranks stay behind the one before them."""
    return {key: group[key] for key in in_usual_order(group, _KEY_ORDER)}


class _Leaf:
    def __init__(self, value: object) -> None:
        self.value = value


def _entries_from(trees: Mapping[tuple[str, str], Data], what: str) -> dict[str, Data]:
    return {name: tree for (kind, name), tree in trees.items() if kind == what}


def _part_value(tree: Data, part: str) -> object:
    leaf = tree.get(part)
    return leaf.value if isinstance(leaf, _Leaf) else None


def _place(tree: Data) -> float:
    place = _part_value(tree, PLACE)
    return float(place) if isinstance(place, (int, float)) else float("inf")


def _value(node: object) -> Any:  # noqa: ANN401  # whatever the file holds
    if isinstance(node, _Leaf):
        return node.value
    if not isinstance(node, dict):
        return node
    if node and all(key.startswith("#") for key in node):
        return [_value(node[key]) for key in sorted(node, key=lambda key: float(key[1:]))]
    if node and all(isinstance(one, dict) and PLACE in one for one in node.values()):
        return [_value(one) for one in sorted(node.values(), key=_place)]
    return in_key_order({key: _value(one) for key, one in node.items() if key not in {PLACE, SECTION}})


def _file(file: str, data: Mapping[str, object]) -> Iterator[tuple[CellAddress, object]]:
    for key, value in data.items():
        what = _OF_LIST.get(key)
        if what is not None and isinstance(value, list) and (names := ids_of(value)):
            for place, (name, thing) in enumerate(zip(names, value, strict=True), 1):
                yield CellAddress(file, what, name, (PLACE,)), place
                yield from _thing_cells(file, what, name, thing, _all_ids(value) if what == SECTIONS else None)
        elif key == "sources" and isinstance(value, dict) and value and all(_is_group(one) for one in value.values()):
            for name, source in value.items():
                yield from _group(CellAddress(file, SOURCE, name, ()), source)
        else:
            yield from _walk(CellAddress(file, FILE, "", (key,)), value)


def _thing_cells(
    file: str, what: str, name: str, thing: Data, taken: Sequence[str] | None
) -> Iterator[tuple[CellAddress, object]]:
    """A section, check or duty. `taken`: the ids of all questions of the file, when those can be told apart."""
    for key, value in thing.items():
        if key == "questions" and taken and isinstance(value, list) and (names := ids_of(value)):
            for place, (question, held) in enumerate(zip(names, value, strict=True), 1):
                yield CellAddress(file, QUESTIONS, question, (PLACE,)), place
                yield CellAddress(file, QUESTIONS, question, (SECTION,)), name
                yield from _group(CellAddress(file, QUESTIONS, question, ()), held)
        else:
            yield from _walk(CellAddress(file, what, name, (key,)), value)


def _all_ids(sections: Sequence[Data]) -> Sequence[str] | None:
    lists = [one.get("questions") for one in sections]
    names = list(itertools.chain.from_iterable(ids_of(one) for one in lists if isinstance(one, list)))
    return names if len(set(names)) == len(names) else None


def ids_of(entries: Sequence[object]) -> list[str]:
    """The ids of a list of groups as text, when each has one of its own; else nothing."""
    ids = [one.get("id") for one in entries if isinstance(one, dict) and _is_group(one)]
    names = [str(one) for one in ids if isinstance(one, (str, int)) and not isinstance(one, bool)]
    good = len(names) == len(entries) == len(set(names)) and all(name and name[0] not in "#@" for name in names)
    return names if good else []


def _is_group(value: object) -> bool:
    """A group that can be taken apart: it holds something, and no key could be taken for a mark of ours."""
    return isinstance(value, dict) and bool(value) and all(key and key[0] not in "#@" for key in value)


def _group(at: CellAddress, group: Mapping[str, object]) -> Iterator[tuple[CellAddress, object]]:
    for key, value in group.items():
        yield from _walk(at._replace(part=(*at.part, key)), value)


def _walk(at: CellAddress, value: object) -> Iterator[tuple[CellAddress, object]]:
    if at.part[-1] in KEYS_KEPT_WHOLE:
        yield at, value
    elif _is_group(value):
        yield from _group(at, value)  # type: ignore[arg-type]  # a group, see the line above
    elif isinstance(value, list) and (names := ids_of(value)):
        for place, (name, entry) in enumerate(zip(names, value, strict=True), 1):
            inside = at._replace(part=(*at.part, name))
            yield inside._replace(part=(*inside.part, PLACE)), place
            yield from _group(inside, entry)
    elif (
        isinstance(value, list)
        and any(map(_is_group, value))
        and all(_is_group(one) or isinstance(one, str) for one in value)
    ) or (
        isinstance(value, list)
        and any(isinstance(one, str) and " " in one for one in value)
        and all(isinstance(one, str) for one in value)
    ):
        yield from _numbered(at, value)
    else:
        yield at, value


def _numbered(at: CellAddress, value: Sequence[object]) -> Iterator[tuple[CellAddress, object]]:
    """Entries that have no ids are told apart by their places."""
    for place, entry in enumerate(value, 1):
        inside = at._replace(part=(*at.part, f"#{place}"))
        if isinstance(entry, dict):
            yield from _group(inside, entry)
        else:
            yield inside, entry


Cell = str | int | float | bool | None
EXACT_PREFIX = "exact: "
LONGEST_CELL = 32_767
"""Characters that a spreadsheet keeps in a cell."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_UNREADABLE_CELL = (
    "This cannot be read: a bracket, a comma or a quotation mark is missing. Compare it with another row."
)


class CellKind(enum.Enum):
    TEXT = enum.auto()
    NUMBER = enum.auto()
    FLAG = enum.auto()
    LIST = enum.auto()
    """Short words or numbers, with commas between them."""
    SHORT = enum.auto()
    """A number, or a word."""
    GROUP = enum.auto()
    """A condition, or anything else that is written in curly brackets."""


class CellError(ValueError):
    """The cell cannot be read. The sentence says why, and what to do."""


def cell_from_value(kind: CellKind, value: object) -> Cell:
    """The value as a cell. One that is too long for a cell comes back as it is: the caller looks at its length."""
    if kind is CellKind.TEXT and isinstance(value, str) and _survives_spreadsheet(value):
        return value
    plain = _plain(kind, value)
    try:
        if plain is not None and _survives_spreadsheet(plain) and same_value(value_from_cell(kind, plain), value):
            return plain
    except CellError:
        pass
    return EXACT_PREFIX + re.sub(r"_(x[0-9A-Fa-f]{4}_)", r"\\u005f\1", json.dumps(value))


def value_from_cell(kind: CellKind, cell: Cell) -> object:
    """The value in a cell that is not empty. Raises CellError."""
    if isinstance(cell, str) and cell.startswith(EXACT_PREFIX):
        try:
            value: object = json.loads(cell[len(EXACT_PREFIX) :])
            json.dumps(value, ensure_ascii=False).encode()  # half a character is no text of any file
        except (ValueError, RecursionError):
            raise CellError("What stands after “exact:” cannot be read. Put it back as it was downloaded.") from None
        return value
    return _READERS[kind](cell)


def _plain(kind: CellKind, value: object) -> Cell:
    if kind is CellKind.GROUP:
        return value if isinstance(value, (int, float)) else flow_text(value)
    if kind is CellKind.LIST and isinstance(value, list) and value:
        return flow_text(value)[1:-1]
    return value if isinstance(value, (str, int, float)) else None


def _survives_spreadsheet(cell: Cell) -> bool:
    if isinstance(cell, str):
        return (
            bool(cell)
            and strip_invalid_xml(cell) == cell
            and not re.search(r"\r|_x[0-9A-Fa-f]{4}_", cell)
            and not cell.startswith(EXACT_PREFIX)
            and bool(cell.strip())
        )
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return abs(cell) < EXACT and float(f"{cell:.16G}") == cell
    return True


def _number(cell: Cell) -> object:
    text = str(cell).strip().replace(",", "") if isinstance(cell, str) else ""
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if isinstance(cell, (str, bool)):
        raise CellError("A number belongs here. Write it in digits, or leave the cell empty.")
    return cell


def _flag(cell: Cell) -> object:
    if isinstance(cell, bool):
        return cell
    found = {"true": True, "yes": True, "false": False, "no": False}.get(str(cell).strip().casefold())
    if found is None:
        raise CellError("“true” or “false” belongs here. Write one of them, or leave the cell empty.")
    return found


def _read_exact(cell: object) -> object:
    return copy.deepcopy(_read_once(" ".join(str(cell).splitlines())))


@lru_cache(maxsize=8192)
def _read_once(text: str) -> object:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) and text.lower() not in {"null", "true", "false"}:
        return text
    try:
        return read_lines(f"k: {text}".encode()).data["k"]
    except (UnreadableError, KeyError):
        raise CellError(_UNREADABLE_CELL) from None


def _read_short(cell: Cell) -> object:
    return _number(cell) if isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()) else cell


def _list(cell: Cell) -> object:
    return cell if isinstance(cell, bool) else _read_exact(cell if str(cell).startswith("[") else f"[{cell}]")


_READERS: Mapping[CellKind, Callable[[Cell], object]] = {
    CellKind.TEXT: lambda cell: cell,
    CellKind.NUMBER: _number,
    CellKind.FLAG: _flag,
    CellKind.SHORT: _read_short,
    CellKind.LIST: _list,
    CellKind.GROUP: lambda cell: _read_exact(cell) if isinstance(cell, str) else cell,
}

ID, WHAT, PART, OF, WHERE = "Id", "What", "Part", "Question id", "File"
WORDS_HEADING = "In words (read only)"
_ENTRIES = {"options": "option", "bands": "band", "ticks": "tick", "steps": "step", "columns": "column"}
_LISTS = {word: key for key, word in _ENTRIES.items()}
_NAMED = (SECTIONS, QUESTIONS, "duty")
_PROSE = frozenset({"title", "says", "label", "text", "note", "hint", "ask", "name", "meaning"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column with a value in each row. `part` is the last step to the value; `width` is counted in characters."""

    part: str
    heading: str
    kind: CellKind = CellKind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True, order=True)
class RowKey:
    """What a row is about: everything of a thing that lies under `part`."""

    file: str
    what: str
    id: str
    part: tuple[str, ...] = ()

    def address(self, column: Column) -> CellAddress:
        return CellAddress(self.file, self.what, self.id, (*self.part, column.part))


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet.

    `names` says what a row is about, in its first cells by heading; `reads` is the way back, None when they say nothing that can be.
    `takes` says which row and column hold a value of an address.
    """

    title: str
    about: str
    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    takes: Callable[[CellAddress, object], tuple[RowKey, str] | None]
    names: Callable[[RowKey], Mapping[str, str]]
    reads: Callable[[Mapping[str, str]], tuple[str, str, tuple[str, ...]] | None]
    own_ids: bool = False
    """Whether the id of a row is a value itself, and the row a thing with this id."""

    def column(self, part: str) -> Column | None:
        return next((one for one in self.columns if one.part == part), None)


def text_of_part(part: tuple[str, ...]) -> str:
    """The way to a value as one text: must_do/#2."""
    return "/".join(
        step
        if step and "/" not in step and step == step.strip() and step[0] != '"' and step.isprintable()
        else json.dumps(step).replace("/", "\\u002f")
        for step in part
    )


def part_of_text(text: str) -> tuple[str, ...] | None:
    steps = []
    for step in text.split("/") if text else ():
        try:
            steps.append(str(json.loads(step)) if step.startswith('"') else step)
        except ValueError:
            return None
    return tuple(steps) if all(steps) else None


def _of_thing(what: str, columns: tuple[Column, ...]) -> Callable[[CellAddress, object], tuple[RowKey, str] | None]:
    known = {one.part for one in columns}

    def takes(at: CellAddress, _value: object) -> tuple[RowKey, str] | None:
        fits = at.what == what and len(at.part) == 1 and at.part[0] in known
        return (RowKey(at.file, at.what, at.id), at.part[0]) if fits else None

    return takes


def _thing_plan(title: str, about: str, what: str, columns: tuple[Column, ...]) -> SheetPlan:
    return SheetPlan(
        title,
        about,
        (ID,),
        columns,
        _of_thing(what, columns),
        lambda line: {ID: line.id},
        lambda said: (what, said[ID], ()) if said[ID] else None,
        own_ids=what in _NAMED,
    )


_CELL_KINDS: Mapping[object, CellKind] = {
    PlainType.BOOLEAN: CellKind.FLAG,
    NumberType: CellKind.NUMBER,
    ListType: CellKind.LIST,
    EitherType: CellKind.SHORT,
    IdType(or_number=True): CellKind.SHORT,
    MapType: CellKind.GROUP,
}


def _columns(*order: str, of: Sequence[type]) -> Iterator[Column]:
    """The columns of these classes, one for each key, in their usual order."""
    held = {one.key: one for cls in reversed(of) for one in object_fields(cls) if one.about.column}
    for key in in_usual_order(dict.fromkeys(one for cls in of for one in file_fields(cls) if one in held), order):
        kind, about = held[key].type, held[key].about
        yield Column(key, about.column, _CELL_KINDS.get(kind, _CELL_KINDS.get(type(kind), CellKind.TEXT)), about.width)


_PLACE = Column(PLACE, "Place", CellKind.NUMBER, 7)
_QUESTIONS = (
    Column(SECTION, "Section", width=16),
    _PLACE,
    *_columns(
        "dimension", "name", "hint", "why", "evidence", "not_yet", "unit", "cap", "quick", "harm", "ilo", "sources", "rule", "rev",
        of=(bank.Question,),
    ),
)  # fmt: skip
_OPTIONS = (
    _PLACE,
    *_columns(
        "label", "up_to", "at_least", "type", "third_party", "not_looked", "action",
        of=(bank.Option, bank.NumberBand, bank.TickStep, bank.RuleStep, bank.Column),
    ),
)  # fmt: skip
_ACTION = tuple(_columns("title", "do", "reaches", of=(bank.Action,)))
_DUTIES = (
    _PLACE,
    Column("title", "Title", width=50),
    Column("jurisdiction", "Jurisdiction", CellKind.LIST),
    Column("status", "Status"),
    Column("force", "Force"),
    Column("line", "Line", width=30),
    Column("amount", "Amount", width=30),
    Column("penalty", "Penalty", width=30),
    Column("read", "Where to read it", width=30),
    Column("key_number", "Key number", width=30),
    Column("applies_to", "Applies to", width=60),
    Column("approver", "Approver", width=30),
    Column("publish", "Publish", width=30),
    Column("consequence", "Consequence", width=50),
    Column("source", "Source", width=40),
    Column("url", "Address", width=40),
    Column("more_urls", "More addresses", CellKind.LIST, 30),
    Column("in_force_from", "In force from", width=20),
    Column("source_as_of", "Source as of", width=20),
    Column("evidence", "Evidence", width=9),
    Column("confidence", "Confidence", width=10),
    Column("unverified", "Not verified", width=40),
    Column("reviewed_by", "Reviewed by", width=20),
    Column("reviewed_on", "Reviewed on", width=12),
)
_SOURCES = (
    Column("document", "Document", width=60),
    Column("url", "Address", width=60),
    Column("how_far_read", "How far it was read", width=50),
)


def _entry(at: CellAddress, _value: object) -> tuple[RowKey, str] | None:
    """An option, band, tick, step or column of a question, or a choice inside a column."""
    part = at.part
    fits = at.what == QUESTIONS and any(one.part == part[-1] for one in _OPTIONS) and part[0] in _ENTRIES
    inside = len(part) == 5 and (part[0], part[2]) == ("columns", "options")  # noqa: PLR2004  # columns, its id, options, its id, key
    if not fits or not (len(part) == 3 or inside):  # noqa: PLR2004  # options, its id, key
        return None
    return RowKey(at.file, at.what, at.id, part[:-1]), part[-1]


def _entry_names(line: RowKey) -> Mapping[str, str]:
    word = _ENTRIES[line.part[0]]
    inside = len(line.part) > 2  # noqa: PLR2004  # the choice of a column
    return {ID: line.part[-1], OF: line.id, WHAT: f"option of {line.part[1]}" if inside else word}


def _entry_reads(said: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]] | None:
    word, _, column = said[WHAT].partition(" of ")
    key = _LISTS.get(word)
    if key is None or not said[ID] or not said[OF]:
        return None
    return QUESTIONS, said[OF], ("columns", column, "options", said[ID]) if column else (key, said[ID])


def _condition(at: CellAddress, _value: object) -> tuple[RowKey, str] | None:
    return (RowKey(at.file, at.what, at.id, at.part), "") if at.part[-1] in {"show_if", "when", "unless"} else None


def _action(at: CellAddress, _value: object) -> tuple[RowKey, str] | None:
    known = any(one.part == at.part[-1] for one in _ACTION)
    fits = known and len(at.part) > 1 and at.part[-2] in {"action", "dk_action"}
    return (RowKey(at.file, at.what, at.id, at.part[:-1]), at.part[-1]) if fits else None


def _all_names(line: RowKey) -> Mapping[str, str]:
    return {ID: line.id, WHAT: line.what, PART: text_of_part(line.part)}


def _all_reads(said: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]] | None:
    part = part_of_text(said[PART])
    return (said[WHAT], said[ID], part) if part and said[WHAT] else None


def _rest(*, text: bool) -> Callable[[CellAddress, object], tuple[RowKey, str] | None]:
    def takes(at: CellAddress, value: object) -> tuple[RowKey, str] | None:
        return (
            (RowKey(at.file, at.what, at.id, at.part), "")
            if (isinstance(value, str) and (" " in value or at.part[-1] in _PROSE)) == text
            else None
        )

    return takes


def _spread_plan(
    title: str, about: str, column: Column, takes: Callable[[CellAddress, object], tuple[RowKey, str] | None]
) -> SheetPlan:
    return SheetPlan(title, about, (ID, WHAT, PART), (column,), takes, _all_names, _all_reads)


CONDITIONS = "Conditions"
SHEET_PLANS = (
    _thing_plan(
        "Sections", "The pages of questions and their order.", SECTIONS, (_PLACE, Column("title", "Title", width=60))
    ),
    _thing_plan("Questions", "One row for each question.", QUESTIONS, _QUESTIONS),
    SheetPlan(
        "Options",
        "What can be answered, with points: options, bands of numbers, ticks, steps of rules, columns of tables.",
        (ID, OF, WHAT),
        _OPTIONS,
        _entry,
        _entry_names,
        _entry_reads,
        own_ids=True,
    ),
    _spread_plan(
        CONDITIONS,
        "When something is asked, found or applies. Change the exact form; the words beside it follow.",
        Column("", "Exact form", CellKind.GROUP, 60),
        _condition,
    ),
    SheetPlan("Actions", "What to do about a poor answer.", (ID, WHAT, PART), _ACTION, _action, _all_names, _all_reads),
    _thing_plan("Duties", "What law or official guidance asks.", "duty", _DUTIES),
    _thing_plan("Sources", "The documents that questions rest on.", SOURCE, _SOURCES),
    _spread_plan(
        "Texts",
        "Every other text: the title, checks, steps of duties, deadlines.",
        Column("", "Text", CellKind.TEXT, 90),
        _rest(text=True),
    ),
    _spread_plan(
        "Other values",
        "All that is left. You rarely need it.",
        Column("", "Value", CellKind.GROUP, 60),
        _rest(text=False),
    ),
)

SINGLE_ROW_SHEETS = frozenset(plan.title for plan in SHEET_PLANS if plan.columns[0].part == "")
"""Sheets on which a row is one value, not a thing or a group."""


@dataclass(slots=True)
class SheetRows:
    plan: SheetPlan
    rows: dict[RowKey, dict[str, object]]


def lay_out_sheets(cells: Cells) -> list[SheetRows]:
    sheets = [SheetRows(plan, {}) for plan in SHEET_PLANS]
    for at, value in cells.items():
        if _is_own_id(at):
            continue
        for sheet in sheets:
            place = sheet.plan.takes(at, value)
            if place is not None:
                sheet.rows.setdefault(place[0], {})[place[1]] = value
                break
    return sheets


def _is_own_id(at: CellAddress) -> bool:
    if at.part[-1] != "id":
        return False
    return at.what in _NAMED if len(at.part) == 1 else at.what == QUESTIONS and _entry_line(at) is not None


def _entry_line(at: CellAddress) -> RowKey | None:
    place = _entry(at._replace(part=(*at.part[:-1], "label")), "")
    return place[0] if place else None
