"""A question in words: its summary, its issues by form field, and differences between two people's edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assess.bank_editor.draft_context import Issue, Location
from assess.bank_editor.fields import Control, Field, FormGroup
from assess.bank_editor.labels import grouped
from assess.bank_editor.questions.context import BankContext, banks_with, condition_words, is_common, question_names
from assess.bank_editor.questions.fields import (
    EFFORT_CHOICES,
    FLAG_WORDS,
    HARM_WORDS,
    OLD_NAME,
    PRIORITY_CHOICES,
    RowList,
    entry_names,
    entry_words,
    kind_words,
    list_entries,
    type_words,
)
from assess.bank_editor.questions.forms import PartValues, QuestionPart, part_for_problem, question_parts
from assess.bank_editor.questions.services import has_new_meaning
from assess.engine.problems import PROBLEM_KINDS
from assess.question_banks.files import FileProblem
from assess.question_banks.schema_fields import as_list


@dataclass(frozen=True, slots=True)
class AnswerRow:
    words: str
    points: str
    sign: str


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """All a page says about a question. `shared` are the other banks that have it, `change` what the draft does to it."""

    id: str
    ask: str
    number: int
    section: str
    said: Sequence[tuple[str, str]]
    outcomes: Sequence[AnswerRow]
    parts: Sequence[QuestionPart]
    shared: Sequence[str]
    change: str
    has_new_meaning: bool


def question_summary(context: BankContext, location: Location) -> QuestionSummary:
    data, name = location.data, str(location.data.get("id"))
    questions = [one.data for one in context.draft_context.questions_of(context.bank)]
    base = context.base(name)
    sections = context.draft_context.sections_of(context.bank)
    section = next(
        one for one in sections if one.path == location.path[:2] and one.content_file == location.content_file
    )
    return QuestionSummary(
        id=name,
        ask=str(data.get("ask") or name),
        # by identity: in a draft with mistakes two questions may read alike
        number=1 + next(number for number, one in enumerate(questions) if one is data),
        section=str(section.data.get("title")),
        said=_summary_rows(context, data, condition_words(data.get("show_if"), question_names(questions))),
        outcomes=_answer_rows(data, context.lists.duties),
        parts=question_parts(data, context.lists),
        shared=banks_with(context.draft_context.files, location) if is_common(location) else [],
        change="new" if base is None else "changed" if base != data else "",
        has_new_meaning=base is not None and has_new_meaning(data, base),
    )


def _summary_rows(context: BankContext, data: Mapping[str, Any], condition: str) -> list[tuple[str, str]]:
    action, theme = data.get("action"), str(data.get("dimension"))
    listed = as_list(data.get("sources"))
    rows = (
        ("Asked if", condition or "Always"),
        ("Name", data.get("name")),
        ("Hint", data.get("hint")),
        ("What the number counts", data.get("unit")),
        ("Why it matters", data.get("why")),
        ("What could show it", data.get("evidence")),
        ("What a poor answer means", data.get("not_yet")),
        ("How it is answered", type_words(data)),
        ("What it is about", kind_words(data)),
        ("Theme", context.lists.dimensions.get(theme, theme)),
        ("How grave it is", HARM_WORDS.get(data.get("harm") or 0)),
        ("Quick check", "Yes" if data.get("quick") else "No"),
        ("Title of what to do", action.get("title") if isinstance(action, dict) else None),
        ("What to do", action.get("do") if isinstance(action, dict) else None),
        ("How soon, and who", _action_priority(context, action) if isinstance(action, dict) else None),
        ("Printed with the action of", context.lists.named.get(str(data.get("same_as")), data.get("same_as"))),
        ("Sources", "; ".join(context.lists.sources.get(str(one), str(one)) for one in listed)),
    )
    return [(label, str(words)) for label, words in rows if words]


def _action_priority(context: BankContext, action: Mapping[str, Any]) -> str:
    days, owner, effort = (str(action.get(key, "")) for key in ("priority", "owner", "effort"))
    said = (
        dict(PRIORITY_CHOICES).get(days, f"Within {days} days"),
        context.lists.owners.get(owner, owner),
        dict(EFFORT_CHOICES).get(effort, effort),
        "Only after calling the helpline" if action.get("after_advice") else "",
    )
    return ". ".join(one for one in said if one)


def _answer_label(key: str, one: Mapping[str, Any], duties: Mapping[str, str]) -> str:
    said = f"{one.get('at_least')} ticks or more" if key == "ticks" else entry_words(key, one)
    breach = str(one.get("breach") or "")
    more = [
        *([f"against the law: {duties.get(breach, breach)}"] if breach else []),
        *[words for name, words in FLAG_WORDS.items() if one.get(name) is True],
    ]
    return f"{said} ({'; '.join(more)})" if more else said


def _answer_rows(data: Mapping[str, Any], duties: Mapping[str, str]) -> list[AnswerRow]:
    entries = [
        (key, one, one.get("points"))
        for key in ("options", "bands", "steps", "ticks")
        for one in list_entries(data, key)
    ]
    return [
        AnswerRow(_answer_label(key, one, duties), "" if points is None else f"{points}", str(one.get("sign") or ""))
        for key, one, points in entries
    ]


def row_labels(rows: RowList, groups: Sequence[FormGroup], data: Mapping[str, Any]) -> list[str]:
    if not rows.fixed:
        known = [next(iter(group.get(OLD_NAME, ())), "") if rows.named_by == "id" else "" for group in groups]
        return [
            f"{rows.one.capitalize()} {place}{f' (id {name})' if name else ''}" for place, name in enumerate(known, 1)
        ]
    entries = list_entries(data, rows.key)
    held = dict(zip(entry_names(rows.named_by, entries), entries, strict=True))
    return [_entry_label(rows.key, held.get(next(iter(group.get(OLD_NAME, ())), ""), {})) for group in groups]


def _entry_label(key: str, entry: Mapping[str, Any]) -> str:
    points, sign = entry.get("points"), entry.get("sign")
    more = [*([f"{points} points"] if points is not None else []), *([f"{sign} sign"] if sign else [])]
    return f"{entry_words(key, entry)} ({', '.join(more)})" if more else entry_words(key, entry)


NOTHING = "Nothing"
TICKED = "Ticked"
_ACTION_LABELS = {
    "title": "title",
    "do": "what to do",
    "priority": "how soon",
    "owner": "who does it",
    "effort": "how much work",
    "after_advice": "only after the helpline",
    "reaches": "which answer it brings",
    "which": "which action",
}


def field_differences(part: QuestionPart, theirs: PartValues, mine: PartValues) -> list[tuple[str, str, str]]:
    """What is called so, as they have it and as it was typed."""
    here, there = dict(_values_by_label(part, mine)), dict(_values_by_label(part, theirs))
    labels = [*there, *(label for label in here if label not in there)]
    pairs = [(label, there.get(label, NOTHING), here.get(label, NOTHING)) for label in labels]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _values_by_label(part: QuestionPart, filled: PartValues) -> Iterator[tuple[str, str]]:
    yield from _group_values(part.fields, filled.single, "")
    for rows in part.rows:
        for place, group in enumerate(filled.rows.get(rows.key, ())):
            name = f"{rows.one.capitalize()} {place + 1}: "
            yield f"{name}id", next(iter(group.get("id", group.get(OLD_NAME, ()))), "") or NOTHING
            yield from _group_values([one for one in rows.fields if one.name != "id"], group, name)


def _group_values(fields: Sequence[Field], group: Mapping[str, Sequence[str]], name: str) -> Iterator[tuple[str, str]]:
    for field in fields:
        values = group.get(field.name, ())
        yield (
            f"{name}{field.label}",
            (TICKED if values else NOTHING) if field.control is Control.TICK else _value_in_words(field, values),
        )
    for key, values in group.items():
        action, _, part = key.rpartition("-")
        if action in {"action", "dk_action"} and part in _ACTION_LABELS:
            begin = "“Don’t know”, " if action == "dk_action" else "Action, "
            yield f"{name}{begin}{_ACTION_LABELS[part]}", " ".join(" ".join(values).split()) or NOTHING


def _value_in_words(field: Field, values: Sequence[str]) -> str:
    words = dict(field.choices)
    several = [words.get(one, one) for one in dict.fromkeys(values) if one]
    return "; ".join(" ".join(one.split()) for one in several) or NOTHING


FORM_REPAIRS: Mapping[str, str] = {
    "BANK036": "Choose a theme from the list.",
    "BANK037": "Choose who does it from the list.",
    "BANK038": "Untick it, and tick a source that exists.",
    "BANK039": "Tick at least one source.",
    "BANK050": "Give each answer its points, 0 if it is good.",
    "BANK051": "Use 0 to 10, and no more than the most points together.",
    "BANK053": "Let “Up to” grow from band to band, and leave it empty in the last one.",
    "BANK054": "Let one step begin at 0 ticks, and use each number once.",
    "BANK056": "Give an answer a sign, or let a check raise it.",
    "BANK057": "Give it an action of its own, or choose “No action” if nothing is to be done.",
    "BANK058": "Take the action out, or give an answer 2 points or more or a sign.",
    "BANK059": "Add an answer with the id dk.",
    "BANK060": "Take it out and add it again with the id none, or one that begins with na_.",
    "BANK061": "Add what is named here.",
    "BANK062": "Take it out, or change how the question is answered.",
    "BANK065": "Tick an indicator.",
}
"""What to do about a problem where there are fields; the catalogue says it for authors of the text."""


def with_form_repairs(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(replace(one, found=with_form_repair(one.found)) for one in issues)


def with_form_repair(found: FileProblem) -> FileProblem:
    here = FORM_REPAIRS.get(found.number)
    there = PROBLEM_KINDS[found.number].repair if here else ""
    return replace(found, message=f"{found.message.removesuffix(there)}{here}") if here else found


@dataclass(frozen=True, slots=True)
class IssueElsewhere:
    """A problem without a field of its own on this page. `part` is the page that has it, None when it is none of the question’s."""

    found: FileProblem
    part: str | None


def issues_by_field(issues: Iterable[Issue], part: QuestionPart) -> dict[str, list[FileProblem]]:
    """The problems of a page by the name of their field; "options-2" is the whole of a row."""
    return grouped((name, one.found) for one in issues if (name := _field_name_at(one, part)) is not None)


def issues_elsewhere(issues: Iterable[Issue], part: QuestionPart | None) -> list[IssueElsewhere]:
    """The problems that stand at no field: on the page of the question (None) all of them, on that of a part those it has to tell at its top."""
    if part is None:
        return [IssueElsewhere(one.found, part_for_problem(one.place, one.found.number)) for one in issues]
    mine = [one for one in issues if part_for_problem(one.place, one.found.number) == part.id]
    return [IssueElsewhere(one.found, part.id) for one in mine if _field_name_at(one, part) is None]


def _field_name_at(one: Issue, part: QuestionPart) -> str | None:
    """The field of a place, where the page has it. Rows of a page that shows only some of them are told at its top."""
    if part_for_problem(one.place, one.found.number) != part.id or not one.place:
        return None
    if any(rows.key == one.place[0] and rows.fixed and rows.own_action for rows in part.rows):
        return None
    key = [str(step) for step in one.place]
    in_row = key[0] not in {"ilo", "sources"} and any(rows.key == key[0] for rows in part.rows)
    names = {*(field.name for field in part.fields), *part.actions, *(rows.key for rows in part.rows)}
    return ("-".join(key[:2]) if in_row else key[0]) if key[0] in names else None
