"""The fields of a question: lists as rows, actions, and what types, kinds and signs are called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assess.bank_editor.fields import (
    Control,
    Field,
    FileData,
    FormGroup,
    attribute_field,
    attribute_fields,
    form_values,
    in_usual_order,
    read_group,
    with_key,
)
from assess.bank_editor.labels import grouped, id_error, proposed_id
from assess.engine.bank import LONGEST_TITLED_DO, Action, Question
from assess.engine.question_types import NUMBER_TYPES
from assess.engine.schema import file_fields
from assess.question_banks.question_types import QUESTION_FORMS
from assess.question_banks.schema_fields import as_list

OLD_NAME = "was"
"""The field that says which entry of the file a row is; empty for a new one."""


@dataclass(frozen=True, slots=True)
class RowList:
    """A list. `named_by` tells its entries apart, `order` is how the file writes their keys.

    `own_action`: each has an action of its own to choose. `fixed`: no row comes, goes or moves, and entries without a row stay as they are.
    """

    key: str
    title: str
    one: str
    named_by: str
    fields: tuple[Field, ...]
    order: tuple[str, ...]
    own_action: bool = False
    fixed: bool = False
    hint: str = ""


def entry_names(named_by: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name for each entry of the file, each another."""
    names: list[str] = []
    for entry in entries:
        name = str(entry.get(named_by, "-"))
        names.append(f"{name}~{number}" if (number := sum(one.partition("~")[0] == name for one in names)) else name)
    return names


def list_entries(data: Mapping[str, Any], key: str) -> list[FileData]:
    return [one for one in as_list(data.get(key)) if isinstance(one, dict)]


def row_values(
    rows: RowList, data: Mapping[str, Any], owners: Mapping[str, str], shown: Collection[str] | None = None
) -> list[FormGroup]:
    entries = list_entries(data, rows.key)
    made = []
    for name, entry in zip(entry_names(rows.named_by, entries), entries, strict=True):
        if shown is None or name in shown:
            values = action_values(owners, entry.get("action"), data) if rows.own_action else {}
            made.append({OLD_NAME: [name], **form_values(rows.fields, entry), **without_prefix(values, "action")})
    return made


def row_actions(rows: RowList, data: Mapping[str, Any], owners: Mapping[str, str]) -> dict[str, tuple[Field, ...]]:
    entries = list_entries(data, rows.key) if rows.own_action else []
    names = entry_names(rows.named_by, entries)
    return {name: action_fields(owners, one.get("action"), data) for name, one in zip(names, entries, strict=True)}


def read_rows(
    rows: RowList,
    form_data: Sequence[FormGroup],
    data: Mapping[str, Any],
    owners: Mapping[str, str],
    used: Collection[str] = (),
) -> tuple[list[FileData], dict[str, str]]:
    """Errors are by “options-2-label”. `used`: ids of entries that are gone, which no new one may have."""
    entries = list_entries(data, rows.key)
    held = dict(zip(entry_names(rows.named_by, entries), entries, strict=True))
    taken = {*used, *held}
    errors: dict[str, str] = {}
    made: dict[str, FileData] = {}
    for place, group in enumerate(form_data):
        was = held.get(next(iter(group.get(OLD_NAME, ())), ""))
        entry, entry_errors = _entry(rows, group, was, owners, data)
        if was is None and rows.named_by == "id":
            name = next(iter(group.get("id", ())), "").strip() or proposed_id(str(entry.get("label", "")), taken)
            error = id_error(name, taken)
            if error:
                entry_errors["id"] = error
            taken.add(name)
            entry = {"id": name, **{key: one for key, one in entry.items() if key != "id"}}
        errors |= {f"{rows.key}-{place}-{name}": words for name, words in entry_errors.items()}
        made[next(iter(group.get(OLD_NAME, ())), "") or f"new {place}"] = entry
    if rows.fixed:
        return [made.get(name, entry) for name, entry in held.items()], errors
    return list(made.values()), errors


def _entry(
    rows: RowList,
    group: FormGroup,
    was: Mapping[str, Any] | None,
    owners: Mapping[str, str],
    question: Mapping[str, Any],
) -> tuple[FileData, dict[str, str]]:
    before = was or {}
    fields = [field for field in rows.fields if field.name != "id" or rows.named_by != "id"]
    entry, errors = read_group(fields, group, before, rows.order)
    if rows.own_action:
        action, action_errors = read_action(owners, prefixed(group, "action"), before.get("action"), question)
        errors |= without_prefix(action_errors, "action")
        if action is not before.get("action"):
            entry = with_key(entry, "action", action, rows.order)
    return entry, errors


def rows_after_button(form_data: Sequence[FormGroup], step: str, place: int) -> list[FormGroup]:
    made = list(form_data)
    if step == "add":
        return [*made, {OLD_NAME: [""]}]
    if not 0 <= place < len(made):
        return made
    row = made.pop(place)
    if step == "remove":
        return made
    made.insert(max(0, place - 1) if step == "up" else place + 1, row)
    return made


def same_as_field(data: Mapping[str, Any], questions: Mapping[str, str]) -> Field | None:
    """Which question’s action is printed for this one too. A risk has none: its action is part of the one-page map."""
    if data.get("kind") == "exposure" and not data.get("same_as"):
        return None
    others = ((name, words) for name, words in questions.items() if name != data.get("id"))
    return attribute_field(Question, "same_as", Control.SELECT, (("", "It has its own"), *others), ids=True)


ACTION_KEY_ORDER = tuple(file_fields(Action))
USUAL, NONE, OWN = "usual", "none", "own"
EFFORT_CHOICES = (("S", "Small: half a day"), ("M", "Medium: three days"), ("L", "Large: ten days"))
PRIORITY_CHOICES = (("immediate", "At once"), *((str(days), f"Within {days} days") for days in (7, 30, 90, 180)))
_DO_FIELD = attribute_field(Action, "do")
ACTION_TOO_LONG = f"Shorten this to {LONGEST_TITLED_DO} characters or fewer, because the action has a title."
ACTION_NOT_CHOSEN = "You typed an action. Choose “An action of its own”, or empty its words."


def priority_choices(held: object) -> tuple[tuple[str, str], ...]:
    """How soon to act, with another number of days that a file may have."""
    days = str(held)
    other = days not in dict(PRIORITY_CHOICES) and days.isdecimal() and len(days) <= len("3650")
    return (*PRIORITY_CHOICES, *([(days, f"Within {days} days")] if other else []))


def action_fields(
    owners: Mapping[str, str], held: object, question: Mapping[str, Any] | None = None
) -> tuple[Field, ...]:
    """The fields of one action. A number of days that stands in the file can be kept, even if it is none of the usual ones.

    `question` is the one it belongs to; None for an action that brings no answer.
    """
    own = held if isinstance(held, dict) else {}
    special = {
        "do": replace(_DO_FIELD, missing="Enter what to do."),
        "priority": attribute_field(Action, "priority", Control.SELECT, priority_choices(own.get("priority"))),
        "owner": attribute_field(Action, "owner", Control.SELECT, tuple(owners.items())),
        "effort": attribute_field(Action, "effort", Control.SELECT, EFFORT_CHOICES),
        "title": attribute_field(Action, "title", Control.LINE),
        "reaches": _reached_answer_field(question or {}, own),
    }
    return attribute_fields(Action, in_usual_order(file_fields(Action), ["title", "do", "reaches"]), special)


def _reached_answer_field(question: Mapping[str, Any], own: Mapping[str, Any]) -> Field | None:
    options = question.get("options")
    if isinstance(options, list) and options:
        known = [
            (str(one.get("id")), str(one.get("label") or one.get("id"))) for one in options if isinstance(one, dict)
        ]
        return attribute_field(Action, "reaches", Control.SELECT, (("", "The best answer"), *known), ids=True)
    if question.get("type") in NUMBER_TYPES or "reaches" in own:
        field = attribute_field(Action, "reaches", Control.NUMBER)
        return replace(field, hint=f"A number. Leave it empty for the best one. {field.hint}")
    return None


def action_values(owners: Mapping[str, str], value: object, question: Mapping[str, Any] | None = None) -> FormGroup:
    """What the fields show: `which` says whether there is an own action, none at all, or the usual one."""
    which = NONE if value is False else OWN if isinstance(value, dict) else USUAL
    held = value if isinstance(value, dict) else {}
    return {"which": [which], **form_values(action_fields(owners, value, question), held)}


def read_action(
    owners: Mapping[str, str],
    form_data: Mapping[str, Sequence[str]],
    held: object,
    question: Mapping[str, Any] | None = None,
) -> tuple[object, dict[str, str]]:
    """The action that was typed: its keys, False for none, or None for the usual one; and what cannot be taken."""
    which = next(iter(form_data.get("which", ())), USUAL)
    before: FileData = held if isinstance(held, dict) else {}
    if which != OWN:
        fresh = read_group((_DO_FIELD,), form_data, before, ACTION_KEY_ORDER)[0].get("do") not in {
            None,
            before.get("do"),
        }
        return (False if which == NONE else None), ({"which": ACTION_NOT_CHOSEN} if fresh else {})
    data, errors = read_group(action_fields(owners, held, question), form_data, before, ACTION_KEY_ORDER)
    if data != before and "title" in data and len(str(data.get("do", ""))) > LONGEST_TITLED_DO:
        errors.setdefault("do", ACTION_TOO_LONG)
    return (held if data == before and isinstance(held, dict) else data), errors


def prefixed(group: Mapping[str, Any], key: str) -> FormGroup:
    """The fields of one action among those of a thing: “action-do” is “do” of “action”."""
    return {name.removeprefix(f"{key}-"): value for name, value in group.items() if name.startswith(f"{key}-")}


def without_prefix(group: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {f"{key}-{name}": value for name, value in group.items()}


QUESTION_FIELDS = tuple(
    file_fields(Question)[key]
    for key in in_usual_order(file_fields(Question), ["ask", "name", "type", "quick", "harm", "can_sign", "not_yet"])
)
"""Its attributes in the order of the form."""
TYPE_WORDS = tuple((name, form.words) for name, form in QUESTION_FORMS.items())
KIND_WORDS = (
    ("exposure", "A risk the business meets"),
    ("safeguard", "What the business does against it"),
    ("fact", "A fact: it scores nothing"),
)
HARM_WORDS = {
    1: "1: life and freedom",
    2: "2: pay and debt",
    3: "3: papers and homes",
    4: "4: agencies and go-betweens",
    5: "5: voice",
    6: "6: paper and training",
}


def harm_choices(otherwise: str) -> tuple[tuple[str, str], ...]:
    return (("", otherwise), *((str(number), words) for number, words in HARM_WORDS.items()))


FLAG_WORDS = {"not_looked": "nobody has looked", "mended": "found and put right", "retired": "no longer offered"}
ANSWER_LISTS = ("options", "bands", "steps")
"""The lists of a question whose entries may raise a sign."""


def type_words(data: Mapping[str, Any]) -> str:
    return dict(TYPE_WORDS).get(str(data.get("type")), str(data.get("type", "")))


def kind_words(data: Mapping[str, Any]) -> str:
    return dict(KIND_WORDS).get(str(data.get("kind")), str(data.get("kind", "")))


def answers_with_signs(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ANSWER_LISTS:
        for entry in list_entries(data, key):
            if entry.get("sign"):
                yield entry_words(key, entry), str(entry["sign"])


def entry_words(key: str, entry: Mapping[str, Any]) -> str:
    if key == "bands":
        return "More than that" if entry.get("up_to") is None else f"Up to {entry['up_to']}"
    return str(entry.get("label") or entry.get("id") or "")


def sign_words(data: Mapping[str, Any]) -> str:
    """Which sign the question can raise: the gravest, or one of a check."""
    signs = {sign for _, sign in answers_with_signs(data)}
    if "urgent" in signs:
        return "Can raise an urgent sign"
    if signs:
        return f"Can raise a {signs.pop()} sign"
    return "A check can raise its sign" if data.get("can_sign") else ""


def signs_in_words(data: Mapping[str, Any]) -> list[str]:
    found = grouped((sign, f"“{words}”") for words, sign in answers_with_signs(data))
    said = [
        f"{'An urgent' if sign == 'urgent' else 'A serious'} sign is raised by {_joined_words(found[sign])}."
        for sign in ("urgent", "serious")
        if sign in found
    ]
    return said or (["A check raises a sign from this answer and others."] if data.get("can_sign") else [])


def _joined_words(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
