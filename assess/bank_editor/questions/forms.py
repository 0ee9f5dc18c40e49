"""The form pages of a question by its type, and binding them to values. Applying an untouched page changes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from assess.bank_editor.fields import (
    Control,
    Field,
    FileData,
    FormGroup,
    attribute_field,
    attribute_fields,
    form_values,
    read_group,
    with_key,
)
from assess.bank_editor.questions.fields import (
    KIND_WORDS,
    OWN,
    QUESTION_FIELDS,
    TYPE_WORDS,
    USUAL,
    RowList,
    action_values,
    entry_names,
    harm_choices,
    list_entries,
    prefixed,
    read_action,
    read_rows,
    row_values,
    rows_after_button,
    same_as_field,
    without_prefix,
)
from assess.engine.bank import (
    ILO_INDICATORS,
    LONGEST_EVIDENCE,
    Column,
    NumberBand,
    Option,
    Question,
    RuleStep,
    TickStep,
)
from assess.engine.plan import POOR_POINTS
from assess.engine.points import MAX_COUNTED_POINTS
from assess.engine.problems import DocumentPath
from assess.engine.question_types import CHOICE_TYPES, NUMBER_TYPES, TYPES_BY_KEY
from assess.engine.schema import file_fields
from assess.question_banks.schema_fields import as_list

QUESTION_KEY_ORDER = tuple(file_fields(Question))
SIGN_CHOICES = (("", "No sign"), ("serious", "Serious"), ("urgent", "Urgent"))
SCORED_IN_OPTIONS = ("points", "sign", "third_party", "action", "not_looked", "mended", "breach", "says")
HARM_CHOICES = harm_choices("As its theme")
ILO_CHOICES = tuple((str(number), name) for number, name in ILO_INDICATORS.items())
OPTION_MAP = "option_map"
COLUMN_CHOICES = (
    ("text", "Words"),
    ("number", "A number"),
    ("percentage", "A percentage"),
    ("date", "A date"),
    ("choice", "One of some choices"),
)


@dataclass(frozen=True, slots=True)
class FormLists:
    dimensions: Mapping[str, str]
    owners: Mapping[str, str]
    sources: Mapping[str, str]
    gone: Mapping[str, Mapping[str, Any]]
    """Questions in force, with all they hold, that are not in the draft any more: their place can be taken."""
    duties: Mapping[str, str] = field(default_factory=dict)
    """What an answer can be against: duties in force that bind."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Questions whose action can be printed for others too."""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One page. `actions` are keys that hold an action; of these, `dk_action` may say that there is none."""

    id: str
    title: str
    fields: tuple[Field, ...] = ()
    rows: tuple[RowList, ...] = ()
    actions: tuple[str, ...] = ()


def question_parts(data: Mapping[str, Any], lists: FormLists) -> tuple[QuestionPart, ...]:
    made = [
        _words_part(data),
        *(part(data, lists) for part in (_answers_part, _action_part, _counts_part, _sources_part)),
    ]
    if lists.gone or data.get("replaces"):
        made.append(_replaces_part(data, lists))
    return tuple(part for part in made if part.fields or part.rows or part.actions)


def find_question_part(data: Mapping[str, Any], lists: FormLists, name: str) -> QuestionPart | None:
    return next((part for part in question_parts(data, lists) if part.id == name), None)


def _fields_of(
    page: str, data: Mapping[str, Any], special: Mapping[str, Field | None] | None = None
) -> tuple[Field, ...]:
    """The fields of a page. Those of some types alone are there for these, and where the file has one."""
    fitting = (
        one.key
        for one in QUESTION_FIELDS
        if one.about.page == page
        and (data.get("type") in (one.about.types or (data.get("type"),)) or data.get(one.key))
    )
    return attribute_fields(Question, fitting, special or {})


def _words_part(data: Mapping[str, Any]) -> QuestionPart:
    left = {} if data.get("kind") == "safeguard" or data.get("not_yet") else {"not_yet": None}
    return QuestionPart("words", "The words", _fields_of("words", data, left))


_NEW_ID = Field(
    "id",
    Control.LINE,
    "Short name (id)",
    "Leave it empty and we make one from the words. It never changes after that.",
)
_POINTS_HINT = "0 points are good, 4 are the worst. A sign marks an answer that matters on its own."


_ROWS: Mapping[type, tuple[str, str, str, str, str]] = {
    Option: (
        "options",
        "Answers to choose from",
        "answer",
        "id",
        "{points} Each answer has a short name (id), which businesses never see. “Don’t know” is called dk, “none of these” is called none, and an answer that means “this does not apply” begins with na_.",
    ),
    TickStep: (
        "ticks",
        "Points for so many ticks",
        "step",
        "at_least",
        "Only where ticks are counted. The answers have no points of their own then. One step begins at 0.",
    ),
    NumberBand: (
        "bands",
        "Points of the number",
        "band",
        "up_to",
        "From the smallest number to the largest. {points}",
    ),
    RuleStep: (
        "steps",
        "Points of each outcome",
        "outcome",
        "id",
        "The number is held against a rate of the settings. The outcomes are fixed, their points are not.",
    ),
    Column: ("columns", "Columns of the table", "column", "id", ""),
}
"""The lists of a question: key, title, what one is called, which key tells them apart, and the hint."""


def _answers_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    scored, kind = data.get("kind") != "fact", data.get("type")
    ticks = scored and kind in TYPES_BY_KEY["ticks"]
    rows: tuple[RowList, ...] = ()
    if kind in CHOICE_TYPES:
        unscored = SCORED_IN_OPTIONS if not scored else ("points",) if data.get("ticks") else ()
        options = _rows(Option, lists, unscored, _POINTS_HINT if scored else "A fact has no points.")
        rows = (options, _rows(TickStep, lists)) if ticks else (options,)
    elif kind in NUMBER_TYPES and scored:
        rows = (_rows(RuleStep if data.get("rule") else NumberBand, lists),)
    elif kind in TYPES_BY_KEY["columns"]:
        rows = (_rows(Column, lists),)
    title, left = "Answers and points" if scored else "Answers", () if ticks and not data.get("ticks") else ("cap",)
    return QuestionPart("answers", title, _fields_of("answers", data, dict.fromkeys(left)), rows)


def _rows(cls: type, lists: FormLists, left: Collection[str] = (), points: str = _POINTS_HINT) -> RowList:
    """A list of answers, bands or the like, without the fields that are `left` out."""
    key, title, one, named_by, hint = _ROWS[cls]
    order, is_fixed = tuple(file_fields(cls)), cls is RuleStep
    special = {
        "id": None if is_fixed else _NEW_ID,
        "sign": attribute_field(Option, "sign", Control.SELECT, SIGN_CHOICES),
        "breach": attribute_field(Option, "breach", Control.SELECT, (("", "None"), *lists.duties.items()), ids=True),
        "type": attribute_field(Column, "type", Control.SELECT, COLUMN_CHOICES),
        "options": attribute_field(Column, "options", Control.CHOICES),
        **dict.fromkeys(left),
    }
    fields = attribute_fields(cls, dict.fromkeys(one for one in ("label", "id", *order) if one in order), special)
    return RowList(key, title, one, named_by, fields, order, fixed=is_fixed, hint=hint.format(points=points))


_OWN_ACTIONS = {
    key: RowList(
        key, f"Actions of single {one}s", one, named_by, (), tuple(file_fields(cls)), own_action=True, fixed=True
    )
    for cls, (key, _, one, named_by, _) in _ROWS.items()
}


def _action_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    kind = data.get("type")
    if data.get("kind") == "fact" or kind not in {*CHOICE_TYPES, *NUMBER_TYPES}:
        return QuestionPart("action", "What to do")
    own = "options" if kind in CHOICE_TYPES else "steps" if data.get("rule") else "bands"
    actions = ("action", "dk_action") if kind in NUMBER_TYPES else ("action",)
    fields = _fields_of("action", data, {"same_as": same_as_field(data, lists.named)})
    return QuestionPart("action", "What to do", fields, (_OWN_ACTIONS[own],), actions)


def _counts_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    special = {
        "type": attribute_field(Question, "type", Control.RADIOS, TYPE_WORDS),
        "kind": attribute_field(Question, "kind", Control.RADIOS, KIND_WORDS),
        "dimension": attribute_field(Question, "dimension", Control.SELECT, tuple(lists.dimensions.items())),
        "ilo": attribute_field(Question, "ilo", Control.FIRST, ILO_CHOICES),
        "harm": attribute_field(Question, "harm", Control.SELECT, HARM_CHOICES),
    }
    return QuestionPart("counts", "Where it counts", _fields_of("counts", data, special))


def _sources_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    ordered = {**{str(one): str(one) for one in as_list(data.get("sources"))}, **lists.sources}.items()
    field = attribute_field(Question, "sources", Control.MANY, tuple(ordered))
    return QuestionPart("sources", "Sources", _fields_of("sources", data, {"sources": field}))


def _replaces_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    held, choices = str(data.get("replaces") or ""), {"": "No other question"}
    choices |= {name: str(gone.get("ask", name)) for name, gone in lists.gone.items()}
    choices.setdefault(held, held)
    old = {"replaces": attribute_field(Question, "replaces", Control.SELECT, tuple(choices.items()))}
    answers = _option_map_fields(data, lists.gone.get(held, {}))
    return QuestionPart("takes_over", "Which question it replaces", (*_fields_of("takes_over", data, old), *answers))


def _option_map_fields(data: Mapping[str, Any], old: Mapping[str, Any]) -> list[Field]:
    here = [(str(one["id"]), str(one.get("label", one["id"]))) for one in list_entries(data, "options") if "id" in one]
    choices = (("", "The answer with the same id, if there is one"), *here)
    names = [(f"{OPTION_MAP}-{one.get('id')}", one.get("label")) for one in list_entries(old, "options")]
    return [
        Field(name, Control.SELECT, f"“{label}” becomes", choices=choices, inside=OPTION_MAP) for name, label in names
    ]


_PART_BY_PROBLEM: Mapping[str, str] = {
    **dict.fromkeys(("BANK057", "BANK058"), "action"),
    "BANK039": "sources",
    **dict.fromkeys(("BANK055", "BANK056", "BANK051", "BANK061"), "answers"),
    "BANK065": "counts",
}
"""Problems whose repair is on a page that their place does not tell."""


def part_for_problem(place: DocumentPath, number: str) -> str | None:
    if number in _PART_BY_PROBLEM:
        return _PART_BY_PROBLEM[number]
    if "action" in place:
        return "action"
    return next((one.about.page or None for one in QUESTION_FIELDS if place and one.key == place[0]), None)


MAX_ROWS = 60
EVIDENCE_TOO_LONG = f"Shorten this to {LONGEST_EVIDENCE} characters or fewer, because the question has a name."


@dataclass(frozen=True, slots=True)
class PartValues:
    single: FormGroup
    rows: Mapping[str, Sequence[FormGroup]] = field(default_factory=dict)


def part_values(part: QuestionPart, data: Mapping[str, Any], lists: FormLists) -> PartValues:
    single = form_values(part.fields, data)
    for key in part.actions:
        single |= without_prefix(action_values(lists.owners, data.get(key), data), key)
    rows = {
        one.key: row_values(one, data, lists.owners, poor_entry_names(data, one.key) if one.own_action else None)
        for one in part.rows
    }
    return PartValues(single, rows)


def posted_part_values(part: QuestionPart, form: MultiDict[str, str]) -> PartValues:
    """The page as it was sent. Rows stand in the order of their fields “was”."""
    names = list(form.keys())
    single = {
        name: form.getlist(name)
        for name in names
        if name in {one.name for one in part.fields} or any(name.startswith(f"{key}-") for key in part.actions)
    }
    rows: dict[str, list[FormGroup]] = {}
    for one in part.rows:
        groups: dict[int, FormGroup] = {}
        for name in names:
            if found := re.fullmatch(rf"{one.key}-([0-9]{{1,3}})-(.+)", name):
                groups.setdefault(int(found[1]), {})[found[2]] = form.getlist(name)
        rows[one.key] = [groups[place] for place in sorted(groups)][:MAX_ROWS]
    return PartValues(single, rows)


def after_row_button(filled: PartValues, step: str) -> PartValues | None:
    """The page after the button of a row: “up:options:2”. None when this is no such button."""
    button = re.fullmatch(r"(add|remove|up|down):([a-z_]+)(?::(\d{1,3}))?", step)
    if button is None or button[2] not in filled.rows:
        return None
    key, place = button[2], int(button[3] or 0)
    rows = rows_after_button(filled.rows[key], button[1], place)
    return PartValues(filled.single, {**filled.rows, key: rows[:MAX_ROWS]})


def apply_part_values(
    part: QuestionPart, filled: PartValues, data: Mapping[str, Any], lists: FormLists, used: Collection[str] = ()
) -> tuple[FileData, dict[str, str]]:
    made, errors = read_group(part.fields, filled.single, data, QUESTION_KEY_ORDER)
    if made.get("replaces") != data.get("replaces"):
        made = with_key(
            made, OPTION_MAP, None, QUESTION_KEY_ORDER
        )  # without the old question there is nothing to become
    if made != data and "name" in made and len(str(made.get("evidence", ""))) > LONGEST_EVIDENCE:
        errors |= {"evidence": EVIDENCE_TOO_LONG} if part.id == "words" else {}
    for key in part.actions:
        action, action_errors = _read_question_action(lists, prefixed(filled.single, key), data, key)
        errors |= without_prefix(action_errors, key)
        if action is not data.get(key):
            made = with_key(made, key, action, QUESTION_KEY_ORDER)
    for one in part.rows:
        entries, row_errors = read_rows(one, filled.rows.get(one.key, ()), data, lists.owners, used)
        errors |= row_errors
        if entries != list_entries(data, one.key):
            made = with_key(made, one.key, entries or None, QUESTION_KEY_ORDER)
    return made, errors


def _read_question_action(
    lists: FormLists, form_data: Mapping[str, Sequence[str]], data: Mapping[str, Any], key: str
) -> tuple[object, dict[str, str]]:
    """The action of a question is there when something is typed into it."""
    if key == "action":
        names = ("title", "do", "priority", "owner", "effort")
        typed = any(one.strip() for name in names for one in form_data.get(name) or ())
        form_data = {**form_data, "which": [OWN if typed else USUAL]}
    return read_action(lists.owners, form_data, data.get(key), data)


def poor_entry_names(data: Mapping[str, Any], key: str) -> frozenset[str]:
    """The names of answers that bring an action, or say something about one: poor ones, those with a sign, those with an own action."""
    entries = list_entries(data, key)
    names = entry_names("up_to" if key == "bands" else "id", entries)
    return frozenset(
        name
        for name, entry in zip(names, entries, strict=True)
        if "action" in entry or entry.get("sign") or entry.get("breach") or _points_of(data, entry) >= POOR_POINTS
    )


def _points_of(data: Mapping[str, Any], entry: Mapping[str, Any]) -> float:
    if data.get("ticks"):
        return MAX_COUNTED_POINTS if entry.get("id") == "dk" else 0
    points = entry.get("points")
    return points if isinstance(points, (int, float)) and not isinstance(points, bool) else 0
