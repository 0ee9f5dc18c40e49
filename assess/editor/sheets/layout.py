"""Which value of a bank stands on which sheet, in which row and column; and which value a cell of a row is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assess.editor.sheets.cells import PLACE, QUESTIONS, SECTION, SECTIONS, SOURCE, Address, Cells
from assess.editor.sheets.writing_cells import Kind

ID, WHAT, PART, OF, WHERE = "Id", "What", "Part", "Question id", "File"
WORDS = "In words (read only)"
_ENTRIES = {"options": "option", "bands": "band", "ticks": "tick", "steps": "step", "columns": "column"}
_LISTS = {word: key for key, word in _ENTRIES.items()}
_NAMED = (SECTIONS, QUESTIONS, "duty")
_PROSE = frozenset({"title", "says", "label", "text", "note", "hint", "ask", "name", "meaning"})
_CONDITIONS = ("show_if", "when", "unless")
_ACTIONS = ("action", "dk_action")


@dataclass(frozen=True, slots=True)
class Column:
    """A column with a value in each row. `part` is the last step to the value; `width` is counted in letters."""

    part: str
    heading: str
    kind: Kind = Kind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """What a row is about: everything of a thing that lies under `part`."""

    file: str
    what: str
    id: str
    part: tuple[str, ...] = ()

    def address(self, column: Column) -> Address:
        """Where the value of a column stands."""
        return Address(self.file, self.what, self.id, (*self.part, column.part))


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
    takes: Callable[[Address, object], tuple[Line, str] | None]
    names: Callable[[Line], Mapping[str, str]]
    reads: Callable[[Mapping[str, str]], tuple[str, str, tuple[str, ...]] | None]
    own_ids: bool = False
    """Whether the id of a row is a value itself, and the row a thing with this id."""

    def column(self, part: str) -> Column | None:
        """The column of this part."""
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
    """The way back; None when it is none."""
    steps = []
    for step in text.split("/") if text else ():
        try:
            steps.append(str(json.loads(step)) if step.startswith('"') else step)
        except ValueError:
            return None
    return tuple(steps) if all(steps) else None


def _of_thing(what: str, columns: tuple[Column, ...]) -> Callable[[Address, object], tuple[Line, str] | None]:
    known = {one.part for one in columns}

    def takes(at: Address, _value: object) -> tuple[Line, str] | None:
        fits = at.what == what and len(at.part) == 1 and at.part[0] in known
        return (Line(at.file, at.what, at.id), at.part[0]) if fits else None

    return takes


def _thing(title: str, about: str, what: str, columns: tuple[Column, ...]) -> SheetPlan:
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


_PLACE = Column(PLACE, "Place", Kind.NUMBER, 7)
_SECTIONS = (_PLACE, Column("title", "Title", width=60))
_QUESTIONS = (
    Column(SECTION, "Section", width=16),
    _PLACE,
    Column("ask", "Question", width=60),
    Column("type", "Type"),
    Column("kind", "Kind"),
    Column("dimension", "Dimension", width=18),
    Column("name", "Name", width=30),
    Column("hint", "Hint", width=40),
    Column("why", "Why we ask", width=50),
    Column("evidence", "Evidence", width=40),
    Column("not_yet", "Not yet", width=40),
    Column("unit", "Unit"),
    Column("cap", "Cap", Kind.NUMBER, 7),
    Column("quick", "Quick check", Kind.FLAG),
    Column("can_sign", "Can sign", Kind.FLAG),
    Column("pooled", "Pooled", Kind.FLAG),
    Column("harm", "Harm", Kind.NUMBER, 7),
    Column("same_as", "Same action as", width=18),
    Column("ilo", "ILO", Kind.LIST, 10),
    Column("sources", "Sources", Kind.LIST, 20),
    Column("rule", "Rule"),
    Column("dk_action", "Action for “don’t know”", Kind.SHORT),
    Column("rev", "Revision", Kind.NUMBER, 9),
    Column("replaces", "Replaces"),
    Column("option_map", "Option map", Kind.GROUP, 24),
)
_OPTIONS = (
    _PLACE,
    Column("label", "Label", width=60),
    Column("points", "Points", Kind.NUMBER, 8),
    Column("sign", "Sign", width=10),
    Column("up_to", "Up to", Kind.NUMBER, 8),
    Column("at_least", "At least", Kind.NUMBER, 8),
    Column("type", "Type"),
    Column("third_party", "Third party", Kind.FLAG),
    Column("not_looked", "Not looked", Kind.FLAG),
    Column("mended", "Mended", Kind.FLAG),
    Column("breach", "Breach", width=18),
    Column("says", "Says", width=40),
    Column("retired", "Retired", Kind.FLAG),
    Column("action", "Own action", Kind.SHORT),
)
_ACTION = (
    Column("title", "Title", width=40),
    Column("do", "What to do", width=70),
    Column("priority", "Priority", Kind.SHORT),
    Column("owner", "Owner", width=18),
    Column("effort", "Effort", width=8),
    Column("after_advice", "After advice", Kind.FLAG),
    Column("reaches", "Reaches", Kind.SHORT),
)
_DUTIES = (
    _PLACE,
    Column("title", "Title", width=50),
    Column("jurisdiction", "Jurisdiction", Kind.LIST),
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
    Column("more_urls", "More addresses", Kind.LIST, 30),
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


def _entry(at: Address, _value: object) -> tuple[Line, str] | None:
    """An option, band, tick, step or column of a question, or a choice inside a column."""
    part = at.part
    fits = at.what == QUESTIONS and any(one.part == part[-1] for one in _OPTIONS) and part[0] in _ENTRIES
    inside = len(part) == 5 and (part[0], part[2]) == ("columns", "options")  # noqa: PLR2004  # columns, its id, options, its id, key
    if not fits or not (len(part) == 3 or inside):  # noqa: PLR2004  # options, its id, key
        return None
    return Line(at.file, at.what, at.id, part[:-1]), part[-1]


def _entry_names(line: Line) -> Mapping[str, str]:
    word = _ENTRIES[line.part[0]]
    inside = len(line.part) > 2  # noqa: PLR2004  # the choice of a column
    return {ID: line.part[-1], OF: line.id, WHAT: f"option of {line.part[1]}" if inside else word}


def _entry_reads(said: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]] | None:
    word, _, column = said[WHAT].partition(" of ")
    key = _LISTS.get(word)
    if key is None or not said[ID] or not said[OF]:
        return None
    return QUESTIONS, said[OF], ("columns", column, "options", said[ID]) if column else (key, said[ID])


def _condition(at: Address, _value: object) -> tuple[Line, str] | None:
    return (Line(at.file, at.what, at.id, at.part), "") if at.part[-1] in _CONDITIONS else None


def _action(at: Address, _value: object) -> tuple[Line, str] | None:
    known = any(one.part == at.part[-1] for one in _ACTION)
    fits = known and len(at.part) > 1 and at.part[-2] in _ACTIONS
    return (Line(at.file, at.what, at.id, at.part[:-1]), at.part[-1]) if fits else None


def _all_names(line: Line) -> Mapping[str, str]:
    return {ID: line.id, WHAT: line.what, PART: text_of_part(line.part)}


def _all_reads(said: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]] | None:
    part = part_of_text(said[PART])
    return (said[WHAT], said[ID], part) if part and said[WHAT] else None


def _is_text(at: Address, value: object) -> bool:
    return isinstance(value, str) and (" " in value or at.part[-1] in _PROSE)


def _rest(*, text: bool) -> Callable[[Address, object], tuple[Line, str] | None]:
    def takes(at: Address, value: object) -> tuple[Line, str] | None:
        return (Line(at.file, at.what, at.id, at.part), "") if _is_text(at, value) == text else None

    return takes


def _spread(
    title: str, about: str, column: Column, takes: Callable[[Address, object], tuple[Line, str] | None]
) -> SheetPlan:
    return SheetPlan(title, about, (ID, WHAT, PART), (column,), takes, _all_names, _all_reads)


CONDITIONS = "Conditions"
PLANS = (
    _thing("Sections", "The pages of questions and their order.", SECTIONS, _SECTIONS),
    _thing("Questions", "One row for each question.", QUESTIONS, _QUESTIONS),
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
    _spread(
        CONDITIONS,
        "When something is asked, found or applies. Change the exact form; the words beside it follow.",
        Column("", "Exact form", Kind.GROUP, 60),
        _condition,
    ),
    SheetPlan("Actions", "What to do about a poor answer.", (ID, WHAT, PART), _ACTION, _action, _all_names, _all_reads),
    _thing("Duties", "What law or official guidance asks.", "duty", _DUTIES),
    _thing("Sources", "The documents that questions rest on.", SOURCE, _SOURCES),
    _spread(
        "Texts",
        "Every other text: the title, checks, steps of duties, deadlines.",
        Column("", "Text", Kind.TEXT, 90),
        _rest(text=True),
    ),
    _spread(
        "Other values", "All that is left. You rarely need it.", Column("", "Value", Kind.GROUP, 60), _rest(text=False)
    ),
)


SINGLE = frozenset(plan.title for plan in PLANS if plan.columns[0].part == "")
"""Sheets on which a row is one value, not a thing or a group."""


@dataclass(slots=True)
class Laid:
    """The rows of a sheet: what each is about, and its values by the last step to them."""

    plan: SheetPlan
    rows: dict[Line, dict[str, object]]


def laid_out(cells: Cells) -> list[Laid]:
    """All sheets with their rows, in the order of the files."""
    sheets = [Laid(plan, {}) for plan in PLANS]
    for at, value in cells.items():
        if _is_own_id(at):
            continue
        for sheet in sheets:
            place = sheet.plan.takes(at, value)
            if place is not None:
                sheet.rows.setdefault(place[0], {})[place[1]] = value
                break
    return sheets


def _is_own_id(at: Address) -> bool:
    """Whether this is the id that a row of its own begins with."""
    if at.part[-1] != "id":
        return False
    return at.what in _NAMED if len(at.part) == 1 else at.what == QUESTIONS and _entry_line(at) is not None


def _entry_line(at: Address) -> Line | None:
    place = _entry(at._replace(part=(*at.part[:-1], "label")), "")
    return place[0] if place else None
