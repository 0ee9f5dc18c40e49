"""The form pages of a question by its type, and binding them to values. Applying an untouched page changes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assess.bank_editor.questions import fields as questions_fields
from assess.engine.bank import ILO_INDICATORS
from assess.engine.ordinary import POOR_POINTS
from assess.engine.points import MAX_COUNTED_POINTS
from assess.engine.problems import DocumentPath
from assess.question_banks.schema_banks import (
    LONGEST_EVIDENCE,
    LONGEST_NAME,
    BandShape,
    ColumnShape,
    OptionShape,
    QuestionShape,
    StepShape,
    TickShape,
)

QUESTION_KEY_ORDER = tuple(QuestionShape().fields)
CHOICE_TYPES = frozenset({"choice", "choices"})
NUMBER_TYPES = frozenset({"number", "percentage"})
SIGN_CHOICES = (("", "No sign"), ("serious", "Serious"), ("urgent", "Urgent"))
HARM_CHOICES = (("", "As its theme"), *((str(number), words) for number, words in questions_fields.HARM_WORDS.items()))
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
    fields: tuple[questions_fields.Field, ...] = ()
    rows: tuple[questions_fields.RowList, ...] = ()
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
    unit = questions_fields.Field(
        "unit", questions_fields.Control.LINE, "What the number counts", "Such as “hours” or “£ a day”."
    )
    return QuestionPart(
        "words",
        "The words",
        (
            questions_fields.Field("ask", questions_fields.Control.TEXT, "The question", missing="Enter the question."),
            questions_fields.Field(
                "name",
                questions_fields.Control.LINE,
                "Name",
                f"The question in a few words, such as “Who keeps passports”: {LONGEST_NAME} characters or fewer.",
                longest=LONGEST_NAME,
            ),
            questions_fields.Field(
                "hint", questions_fields.Control.TEXT, "Hint", "One more sentence below the question, if it needs one."
            ),
            *((unit,) if data.get("type") in NUMBER_TYPES or data.get("unit") else ()),
            questions_fields.Field(
                "why", questions_fields.Control.TEXT, "Why it matters", "Shown when somebody opens “Why we ask”."
            ),
            questions_fields.Field(
                "evidence",
                questions_fields.Control.TEXT,
                "What could show it",
                f"What would show that a good answer is true. Never the papers or the names of workers. Beside a name it has {LONGEST_EVIDENCE} characters or fewer.",
            ),
            *((questions_fields.NOT_YET,) if data.get("kind") == "safeguard" or data.get("not_yet") else ()),
        ),
    )


_POINTS = questions_fields.Field("points", questions_fields.Control.NUMBER, "Points")
_SIGN = questions_fields.Field("sign", questions_fields.Control.SELECT, "Sign", choices=SIGN_CHOICES)
_NEEDED_POINTS = questions_fields.Field(
    "points", questions_fields.Control.NUMBER, "Points", missing="Enter the points, such as 2."
)
_NEW_ID_HINT = "Leave it empty and we make one from the words. It never changes after that."
_NEW_ID = questions_fields.Field("id", questions_fields.Control.LINE, "Short name (id)", _NEW_ID_HINT)
_POINTS_HINT = "0 points are good, 4 are the worst. A sign marks an answer that matters on its own."


def _answers_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    scored, kind = data.get("kind") != "fact", data.get("type")
    rows: list[questions_fields.RowList] = []
    fields: tuple[questions_fields.Field, ...] = ()
    if kind in CHOICE_TYPES:
        rows.append(_options(data, lists, scored=scored))
        if scored and kind == "choices":
            says = "Points of all ticked answers add up to this."
            fields = (
                ()
                if data.get("ticks")
                else (questions_fields.Field("cap", questions_fields.Control.NUMBER, "The most points together", says),)
            )
            rows.append(_ticks())
    elif kind in NUMBER_TYPES and scored:
        rows.append(_steps(lists) if data.get("rule") else _bands(lists))
    elif kind == "table":
        rows.append(_columns())
    return QuestionPart("answers", "Answers and points" if scored else "Answers", fields, tuple(rows))


def _options(data: Mapping[str, Any], lists: FormLists, *, scored: bool) -> questions_fields.RowList:
    third = questions_fields.Field(
        "third_party", questions_fields.Control.TICK, "It shows that somebody else controls workers"
    )
    points = () if data.get("ticks") else (_POINTS,)
    judged = (
        questions_fields.NOT_LOOKED,
        questions_fields.MENDED,
        questions_fields.breach_field(lists.duties),
        questions_fields.SAYS,
    )
    more = (*points, _SIGN, third, *judged, questions_fields.RETIRED) if scored else (questions_fields.RETIRED,)
    label = questions_fields.Field(
        "label", questions_fields.Control.TEXT, "Words", missing="Enter the words of this answer, or take it out."
    )
    hint = f"{_POINTS_HINT if scored else 'A fact has no points.'} Each answer has a short name (id), which businesses never see. “Don’t know” is called dk, “none of these” is called none, and an answer that means “this does not apply” begins with na_."
    fields, order = (label, _NEW_ID, *more), tuple(OptionShape().fields)
    return questions_fields.RowList("options", "Answers to choose from", "answer", "id", fields, order, hint=hint)


def _ticks() -> questions_fields.RowList:
    at_least = questions_fields.Field(
        "at_least",
        questions_fields.Control.WHOLE,
        "Ticks, at least",
        missing="Enter a number of ticks, or take this out.",
    )
    fields, order = (at_least, _NEEDED_POINTS, questions_fields.SAYS), tuple(TickShape().fields)
    hint = "Only where ticks are counted. The answers have no points of their own then. One step begins at 0."
    return questions_fields.RowList("ticks", "Points for so many ticks", "step", "at_least", fields, order, hint=hint)


def _bands(lists: FormLists) -> questions_fields.RowList:
    up_to = questions_fields.Field(
        "up_to", questions_fields.Control.NUMBER, "Up to", "This number too. Leave it empty in the last band only."
    )
    fields = (up_to, _NEEDED_POINTS, _SIGN, questions_fields.breach_field(lists.duties), questions_fields.SAYS)
    hint = f"From the smallest number to the largest. {_POINTS_HINT}"
    return questions_fields.RowList(
        "bands", "Points of the number", "band", "up_to", fields, tuple(BandShape().fields), hint=hint
    )


def _steps(lists: FormLists) -> questions_fields.RowList:
    fields, order = (
        (_NEEDED_POINTS, _SIGN, questions_fields.breach_field(lists.duties), questions_fields.SAYS),
        tuple(StepShape().fields),
    )
    hint = "The number is held against a rate of the settings. The outcomes are fixed, their points are not."
    return questions_fields.RowList(
        "steps", "Points of each outcome", "outcome", "id", fields, order, fixed=True, hint=hint
    )


def _columns() -> questions_fields.RowList:
    says = "One on each line, if it holds one of some choices. Keep the word before the colon where there is one."
    fields = (
        questions_fields.Field(
            "label", questions_fields.Control.TEXT, "Words", missing="Enter the words of this column, or take it out."
        ),
        _NEW_ID,
        questions_fields.Field(
            "type", questions_fields.Control.SELECT, "Holds", choices=COLUMN_CHOICES, missing="Choose what it holds."
        ),
        questions_fields.Field("options", questions_fields.Control.CHOICES, "Its choices", says),
    )
    return questions_fields.RowList(
        "columns", "Columns of the table", "column", "id", fields, tuple(ColumnShape().fields)
    )


def _own_actions(key: str, named_by: str, one: str, order: tuple[str, ...]) -> questions_fields.RowList:
    return questions_fields.RowList(
        key, f"Actions of single {one}s", one, named_by, (), order, own_action=True, fixed=True
    )


_OWN_ACTIONS = {
    "options": _own_actions("options", "id", "answer", tuple(OptionShape().fields)),
    "bands": _own_actions("bands", "up_to", "band", tuple(BandShape().fields)),
    "steps": _own_actions("steps", "id", "outcome", tuple(StepShape().fields)),
}


def _action_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    kind = data.get("type")
    if data.get("kind") == "fact" or kind not in {*CHOICE_TYPES, *NUMBER_TYPES}:
        return QuestionPart("action", "What to do")
    own = "options" if kind in CHOICE_TYPES else "steps" if data.get("rule") else "bands"
    actions = ("action", "dk_action") if kind in NUMBER_TYPES else ("action",)
    return QuestionPart(
        "action", "What to do", questions_fields.same_as_field(data, lists.named), (_OWN_ACTIONS[own],), actions
    )


def _counts_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    indicators = tuple((str(number), name) for number, name in ILO_INDICATORS.items())
    says = "Over five suppliers or more, and no action."
    pooled = questions_fields.Field(
        "pooled", questions_fields.Control.TICK, "Buyers see the answers only put together", says
    )
    return QuestionPart(
        "counts",
        "Where it counts",
        (
            questions_fields.Field(
                "type",
                questions_fields.Control.RADIOS,
                "How it is answered",
                "",
                questions_fields.TYPE_WORDS,
                missing="Choose how it is answered.",
            ),
            questions_fields.Field(
                "kind",
                questions_fields.Control.RADIOS,
                "What it is about",
                "",
                questions_fields.KIND_WORDS,
                missing="Choose what it is about.",
            ),
            questions_fields.Field(
                "dimension",
                questions_fields.Control.SELECT,
                "Theme",
                choices=tuple(lists.dimensions.items()),
                missing="Choose a theme.",
            ),
            questions_fields.Field(
                "ilo",
                questions_fields.Control.FIRST,
                "Indicators of forced labour",
                "Those of the International Labour Organization. A sign needs one, and the main one counts.",
                indicators,
            ),
            questions_fields.Field("quick", questions_fields.Control.TICK, "It is part of the quick check"),
            questions_fields.Field(
                "harm",
                questions_fields.Control.SELECT,
                "How grave it is",
                "What is graver is done first.",
                HARM_CHOICES,
            ),
            *((pooled,) if data.get("type") == "choice" or data.get("pooled") else ()),
        ),
    )


def _sources_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    value = data.get("sources")
    held = [str(one) for one in value] if isinstance(value, list) else []
    known = dict(lists.sources)
    ordered = {**{one: known.get(one, one) for one in held}, **known}
    says = (
        "At least one. Those ticked now come first. One that is missing is added under “Contacts, sources and lists”."
    )
    listed = questions_fields.Field(
        "sources", questions_fields.Control.MANY, "What the question rests on", says, tuple(ordered.items())
    )
    return QuestionPart("sources", "Sources", (listed,))


def _replaces_part(data: Mapping[str, Any], lists: FormLists) -> QuestionPart:
    held = str(data.get("replaces") or "")
    words = {name: str(gone.get("ask", name)) for name, gone in lists.gone.items()}
    choices = words | ({held: words.get(held, held)} if held else {})
    says = "Answers to the old question come along. The business is asked to confirm them."
    offered = (("", "No other question"), *choices.items())
    old = questions_fields.Field("replaces", questions_fields.Control.SELECT, "It takes the place of", says, offered)
    answers = _option_map_fields(data, lists.gone.get(held, {}))
    return QuestionPart("takes_over", "Which question it replaces", (old, *answers))


def _option_map_fields(data: Mapping[str, Any], old: Mapping[str, Any]) -> list[questions_fields.Field]:
    here = [
        (str(one["id"]), str(one.get("label", one["id"])))
        for one in questions_fields.list_entries(data, "options")
        if "id" in one
    ]
    choices = (("", "The answer with the same id, if there is one"), *here)
    names = [
        (f"{OPTION_MAP}.{one.get('id')}", one.get("label")) for one in questions_fields.list_entries(old, "options")
    ]
    return [
        questions_fields.Field(name, questions_fields.Control.SELECT, f"“{label}” becomes", choices=choices)
        for name, label in names
    ]


_PART_BY_KEY: Mapping[str, str] = {
    **dict.fromkeys(("ask", "hint", "unit", "why", "evidence", "rev", "name", "not_yet"), "words"),
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
_ROW_BUTTON = re.compile(r"(add|remove|up|down):([a-z_]+)(?::(\d{1,3}))?")


class FormData(Protocol):
    def getlist(self, key: str) -> list[str]: ...

    def keys(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class PartValues:
    single: questions_fields.FormGroup
    rows: Mapping[str, Sequence[questions_fields.FormGroup]] = field(default_factory=dict)


def part_values(part: QuestionPart, data: Mapping[str, Any], lists: FormLists) -> PartValues:
    single = questions_fields.form_values(part.fields, _flatten_option_map(data))
    for key in part.actions:
        single |= questions_fields.without_prefix(
            questions_fields.action_values(lists.owners, data.get(key), data), key
        )
    rows = {
        one.key: questions_fields.row_values(
            one, data, lists.owners, poor_entry_names(data, one.key) if one.own_action else None
        )
        for one in part.rows
    }
    return PartValues(single, rows)


def posted_part_values(part: QuestionPart, form: FormData) -> PartValues:
    """The page as it was sent. Rows stand in the order of their fields “was”."""
    names = list(form.keys())
    single = {
        name: form.getlist(name)
        for name in names
        if name in {one.name for one in part.fields} or any(name.startswith(f"{key}-") for key in part.actions)
    }
    rows: dict[str, list[questions_fields.FormGroup]] = {}
    for one in part.rows:
        begins = {name: name.split("-", 2) for name in names if name.startswith(f"{one.key}-")}
        places = sorted({int(told[1]) for told in begins.values() if len(told) > 2 and told[1].isdecimal()})[:MAX_ROWS]  # noqa: PLR2004  # list, place, field
        rows[one.key] = [
            {told[2]: form.getlist(name) for name, told in begins.items() if told[1:2] == [str(place)] and told[2:]}
            for place in places
        ]
    return PartValues(single, rows)


def after_row_button(filled: PartValues, step: str) -> PartValues | None:
    """The page after the button of a row: “up:options:2”. None when this is no such button."""
    told = _ROW_BUTTON.fullmatch(step)
    if told is None or told.group(2) not in filled.rows:
        return None
    key, place = told.group(2), int(told.group(3) or 0)
    rows = questions_fields.rows_after_button(filled.rows[key], told.group(1), place)
    return PartValues(filled.single, {**filled.rows, key: rows[:MAX_ROWS]})


def apply_part_values(
    part: QuestionPart, filled: PartValues, data: Mapping[str, Any], lists: FormLists, used: Collection[str] = ()
) -> tuple[questions_fields.FileData, dict[str, str]]:
    flat, errors = questions_fields.read_fields(
        part.fields, filled.single, _flatten_option_map(data), QUESTION_KEY_ORDER
    )
    made = _unflatten_option_map(flat, data)
    if made != data and "name" in made and len(str(made.get("evidence", ""))) > LONGEST_EVIDENCE:
        errors |= {"evidence": EVIDENCE_TOO_LONG} if part.id == "words" else {}
    for key in part.actions:
        action, faults = _read_question_action(lists, questions_fields.prefixed(filled.single, key), data, key)
        errors |= questions_fields.without_prefix(faults, key)
        if action is not data.get(key):
            made = questions_fields.set_key(made, key, action, QUESTION_KEY_ORDER)
    for one in part.rows:
        entries, faults = questions_fields.read_rows(one, filled.rows.get(one.key, ()), data, lists.owners, used)
        errors |= faults
        if entries != questions_fields.list_entries(data, one.key):
            made = questions_fields.set_key(made, one.key, entries or None, QUESTION_KEY_ORDER)
    return made, errors


def _read_question_action(
    lists: FormLists, form_data: Mapping[str, Sequence[str]], data: Mapping[str, Any], key: str
) -> tuple[object, dict[str, str]]:
    """The action of a question is there when something is typed into it."""
    if key == "action":
        names = ("title", "do", "priority", "owner", "effort")
        typed = any(one.strip() for name in names for one in form_data.get(name) or ())
        form_data = {**form_data, "which": [questions_fields.OWN if typed else questions_fields.USUAL]}
    return questions_fields.read_action(lists.owners, form_data, data.get(key), data)


def _flatten_option_map(data: Mapping[str, Any]) -> questions_fields.FileData:
    """The question with each answer of the old one that became another as a key of its own."""
    return {**data, **{f"{OPTION_MAP}.{old}": new for old, new in _new_option_by_old(data).items()}}


def _new_option_by_old(data: Mapping[str, Any]) -> questions_fields.FileData:
    value = data.get(OPTION_MAP)
    return value if isinstance(value, dict) else {}


def _unflatten_option_map(flat: Mapping[str, Any], data: Mapping[str, Any]) -> questions_fields.FileData:
    """The other way round. Without the old question there is nothing to become."""
    begin = f"{OPTION_MAP}."
    became = {name.removeprefix(begin): new for name, new in flat.items() if name.startswith(begin)}
    made = {name: value for name, value in flat.items() if not name.startswith(begin)}
    if made.get("replaces") != data.get("replaces"):
        became = {}
    return (
        made
        if became == _new_option_by_old(data)
        else questions_fields.set_key(made, OPTION_MAP, became or None, QUESTION_KEY_ORDER)
    )


def poor_entry_names(data: Mapping[str, Any], key: str) -> frozenset[str]:
    """The names of answers that bring an action, or say something about one: poor ones, those with a sign, those with an own action."""
    entries = questions_fields.list_entries(data, key)
    named_by = "up_to" if key == "bands" else "id"
    names = questions_fields.entry_names(named_by, entries)
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
