"""The form pages of a question by its type, and binding them to values. Applying an untouched page changes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from assess.bank_editor.fields import Control, Field, FileData, FormGroup, form_values, read_group, with_key
from assess.bank_editor.questions.fields import (
    KIND_WORDS,
    MENDED,
    NOT_LOOKED,
    NOT_YET,
    OWN,
    RETIRED,
    SAYS,
    TYPE_WORDS,
    USUAL,
    RowList,
    action_values,
    breach_field,
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
    LONGEST_NAME,
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
HARM_CHOICES = harm_choices("As its theme")
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


def _words_part(data: Mapping[str, Any]) -> QuestionPart:
    number = (
        Field("unit", Control.LINE, "What the number counts", "Such as “hours” or “£ a day”."),
        Field("whole", Control.TICK, "It is a whole number, such as one of people"),
        Field("likely_from", Control.NUMBER, "Ask back below", "“Is 0 people right?” Whoever says yes goes on."),
        Field("likely_to", Control.NUMBER, "Ask back above", "“Is 40 hours right?” The widest that is believable."),
    )
    return QuestionPart(
        "words",
        "The words",
        (
            Field("ask", Control.TEXT, "The question", missing="Enter the question."),
            Field(
                "name",
                Control.LINE,
                "Name",
                f"The question in a few words, such as “Who keeps passports”: {LONGEST_NAME} characters or fewer.",
                longest=LONGEST_NAME,
            ),
            Field("hint", Control.TEXT, "Hint", "One more sentence below the question, if it needs one."),
            *(number if data.get("type") in TYPES_BY_KEY["unit"] or data.get("unit") else ()),
            Field("why", Control.TEXT, "Why it matters", "Shown when somebody opens “Why we ask”."),
            Field(
                "evidence",
                Control.TEXT,
                "What could show it",
                f"What would show that a good answer is true. Never the papers or the names of workers. Beside a name it has {LONGEST_EVIDENCE} characters or fewer.",
            ),
            *((NOT_YET,) if data.get("kind") == "safeguard" or data.get("not_yet") else ()),
        ),
    )


_SIGN = Field("sign", Control.SELECT, "Sign", choices=SIGN_CHOICES)
_NEEDED_POINTS = Field("points", Control.NUMBER, "Points", missing="Enter the points, such as 2.")
_NEW_ID_HINT = "Leave it empty and we make one from the words. It never changes after that."
_NEW_ID = Field("id", Control.LINE, "Short name (id)", _NEW_ID_HINT)
_POINTS_HINT = "0 points are good, 4 are the worst. A sign marks an answer that matters on its own."


def _answers_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    scored, kind = data.get("kind") != "fact", data.get("type")
    rows: list[RowList] = []
    fields: tuple[Field, ...] = ()
    if kind in CHOICE_TYPES:
        rows.append(_options(data, lists, scored=scored))
        if scored and kind in TYPES_BY_KEY["ticks"]:
            says = "Points of all ticked answers add up to this."
            fields = () if data.get("ticks") else (Field("cap", Control.NUMBER, "The most points together", says),)
            rows.append(_ticks())
    elif kind in NUMBER_TYPES and scored:
        rows.append(_steps(lists) if data.get("rule") else _bands(lists))
    elif kind in TYPES_BY_KEY["columns"]:
        rows.append(_columns())
    return QuestionPart("answers", "Answers and points" if scored else "Answers", fields, tuple(rows))


def _options(data: Mapping[str, Any], lists: FormLists, *, scored: bool) -> RowList:
    third = Field("third_party", Control.TICK, "It shows that somebody else controls workers")
    points = () if data.get("ticks") else (Field("points", Control.NUMBER, "Points"),)
    judged = (NOT_LOOKED, MENDED, breach_field(lists.duties), SAYS)
    more = (*points, _SIGN, third, *judged, RETIRED) if scored else (RETIRED,)
    label = Field("label", Control.TEXT, "Words", missing="Enter the words of this answer, or take it out.")
    hint = f"{_POINTS_HINT if scored else 'A fact has no points.'} Each answer has a short name (id), which businesses never see. “Don’t know” is called dk, “none of these” is called none, and an answer that means “this does not apply” begins with na_."
    fields, order = (label, _NEW_ID, *more), tuple(file_fields(Option))
    return RowList("options", "Answers to choose from", "answer", "id", fields, order, hint=hint)


def _ticks() -> RowList:
    at_least = Field("at_least", Control.WHOLE, "Ticks, at least", missing="Enter a number of ticks, or take this out.")
    fields, order = (at_least, _NEEDED_POINTS, SAYS), tuple(file_fields(TickStep))
    hint = "Only where ticks are counted. The answers have no points of their own then. One step begins at 0."
    return RowList("ticks", "Points for so many ticks", "step", "at_least", fields, order, hint=hint)


def _bands(lists: FormLists) -> RowList:
    up_to = Field("up_to", Control.NUMBER, "Up to", "This number too. Leave it empty in the last band only.")
    fields = (up_to, _NEEDED_POINTS, _SIGN, breach_field(lists.duties), SAYS)
    hint = f"From the smallest number to the largest. {_POINTS_HINT}"
    return RowList("bands", "Points of the number", "band", "up_to", fields, tuple(file_fields(NumberBand)), hint=hint)


def _steps(lists: FormLists) -> RowList:
    fields, order = ((_NEEDED_POINTS, _SIGN, breach_field(lists.duties), SAYS), tuple(file_fields(RuleStep)))
    hint = "The number is held against a rate of the settings. The outcomes are fixed, their points are not."
    return RowList("steps", "Points of each outcome", "outcome", "id", fields, order, fixed=True, hint=hint)


def _columns() -> RowList:
    says = "One on each line, if it holds one of some choices. Keep the word before the colon where there is one."
    fields = (
        Field("label", Control.TEXT, "Words", missing="Enter the words of this column, or take it out."),
        _NEW_ID,
        Field("type", Control.SELECT, "Holds", choices=COLUMN_CHOICES, missing="Choose what it holds."),
        Field("options", Control.CHOICES, "Its choices", says),
        Field("whole", Control.TICK, "Its numbers are whole, such as those of people"),
    )
    return RowList("columns", "Columns of the table", "column", "id", fields, tuple(file_fields(Column)))


def _own_actions(key: str, named_by: str, one: str, order: tuple[str, ...]) -> RowList:
    return RowList(key, f"Actions of single {one}s", one, named_by, (), order, own_action=True, fixed=True)


_OWN_ACTIONS = {
    "options": _own_actions("options", "id", "answer", tuple(file_fields(Option))),
    "bands": _own_actions("bands", "up_to", "band", tuple(file_fields(NumberBand))),
    "steps": _own_actions("steps", "id", "outcome", tuple(file_fields(RuleStep))),
}


def _action_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    kind = data.get("type")
    if data.get("kind") == "fact" or kind not in {*CHOICE_TYPES, *NUMBER_TYPES}:
        return QuestionPart("action", "What to do")
    own = "options" if kind in CHOICE_TYPES else "steps" if data.get("rule") else "bands"
    actions = ("action", "dk_action") if kind in NUMBER_TYPES else ("action",)
    return QuestionPart("action", "What to do", same_as_field(data, lists.named), (_OWN_ACTIONS[own],), actions)


def _counts_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    indicators = tuple((str(number), name) for number, name in ILO_INDICATORS.items())
    says = "Over five suppliers or more, and no action."
    pooled = Field("pooled", Control.TICK, "Buyers see the answers only put together", says)
    return QuestionPart(
        "counts",
        "Where it counts",
        (
            Field("type", Control.RADIOS, "How it is answered", "", TYPE_WORDS, missing="Choose how it is answered."),
            Field("kind", Control.RADIOS, "What it is about", "", KIND_WORDS, missing="Choose what it is about."),
            Field(
                "dimension", Control.SELECT, "Theme", choices=tuple(lists.dimensions.items()), missing="Choose a theme."
            ),
            Field(
                "ilo",
                Control.FIRST,
                "Indicators of forced labour",
                "Those of the International Labour Organization. A sign needs one, and the main one counts.",
                indicators,
            ),
            Field("quick", Control.TICK, "It is part of the quick check"),
            Field("harm", Control.SELECT, "How grave it is", "What is graver is done first.", HARM_CHOICES),
            *((pooled,) if data.get("type") in TYPES_BY_KEY["pooled"] or data.get("pooled") else ()),
        ),
    )


def _sources_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    held = [str(one) for one in as_list(data.get("sources"))]
    known = dict(lists.sources)
    ordered = {**{one: known.get(one, one) for one in held}, **known}
    says = (
        "At least one. Those ticked now come first. One that is missing is added under “Contacts, sources and lists”."
    )
    listed = Field("sources", Control.MANY, "What the question rests on", says, tuple(ordered.items()))
    return QuestionPart("sources", "Sources", (listed,))


def _replaces_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    held = str(data.get("replaces") or "")
    words = {name: str(gone.get("ask", name)) for name, gone in lists.gone.items()}
    choices = words | ({held: words.get(held, held)} if held else {})
    says = "Answers to the old question come along. The business is asked to confirm them."
    offered = (("", "No other question"), *choices.items())
    old = Field("replaces", Control.SELECT, "It takes the place of", says, offered)
    answers = _option_map_fields(data, lists.gone.get(held, {}))
    return QuestionPart("takes_over", "Which question it replaces", (old, *answers))


def _option_map_fields(data: Mapping[str, Any], old: Mapping[str, Any]) -> list[Field]:
    here = [(str(one["id"]), str(one.get("label", one["id"]))) for one in list_entries(data, "options") if "id" in one]
    choices = (("", "The answer with the same id, if there is one"), *here)
    names = [(f"{OPTION_MAP}-{one.get('id')}", one.get("label")) for one in list_entries(old, "options")]
    return [
        Field(name, Control.SELECT, f"“{label}” becomes", choices=choices, inside=OPTION_MAP) for name, label in names
    ]


_PART_BY_KEY: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "ask",
            "hint",
            "unit",
            "why",
            "evidence",
            "rev",
            "name",
            "not_yet",
            "whole",
            "likely_from",
            "likely_to",
        ),
        "words",
    ),
    **dict.fromkeys(("options", "cap", "bands", "ticks", "rule", "steps", "columns"), "answers"),
    **dict.fromkeys(("action", "dk_action", "same_as"), "action"),
    **dict.fromkeys(("type", "kind", "dimension", "ilo", "quick", "pooled", "can_sign", "harm"), "counts"),
    "sources": "sources",
    **dict.fromkeys(("replaces", "option_map"), "takes_over"),
}
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
    return _PART_BY_KEY.get(str(place[0])) if place else None


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
