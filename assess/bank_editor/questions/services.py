"""Add, copy, move and retire questions and sections inside one file, and normalise what a change makes invalid."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from assess.bank_editor.draft_context import DraftContext, item_at
from assess.bank_editor.fields import Control, Field, FileData, with_key
from assess.bank_editor.form_pages import PageRequest
from assess.bank_editor.questions.context import QuestionReference, ids_in, merge_used_ids, references_to
from assess.bank_editor.questions.fields import ANSWER_LISTS, KIND_WORDS, TYPE_WORDS, answers_with_signs, list_entries
from assess.bank_editor.questions.forms import QUESTION_KEY_ORDER, SCORED_IN_OPTIONS, FormLists
from assess.core.edit_conflicts import EditConflictError, require_unchanged, still_there
from assess.engine.problems import DocumentPath
from assess.engine.question_types import TYPES_BY_KEY
from assess.question_banks.drafts import DraftError
from assess.question_banks.files import ContentFile, ContentFiles
from assess.question_banks.question_types import QUESTION_FORMS

NEW_SECTION, NEW_SHARED_SECTION = ":new", ":new_in_all"
"""A new section of the bank's own file, or of the file that banks share. No id looks like these."""
MATTERS_LATER = "later"
MATTERS_CHOICES = (
    ("no", "“No”"),
    ("yes", "“Yes”"),
    ("high", "A high number"),
    ("low", "The number 0"),
    (MATTERS_LATER, "I say it later, answer by answer"),
)
NO_MATTERS_CHOSEN = "Choose the answer that matters."
MATTERS_NOT_FITTING = "Choose “Yes” or “No” for one answer from a list, a number for a number or how often, and the last one for all else."


@dataclass(frozen=True, slots=True)
class NewQuestion:
    id: str
    data: Mapping[str, Any]
    section_title: str = ""
    section_id: str = ""


def new_question_fields(lists: FormLists, *, copy: bool) -> tuple[Field, ...]:
    """The fields of the form. A copy needs its words alone."""
    ask = Field(
        "ask", Control.TEXT, "The question", "One thing, in words people say every day.", missing="Enter the question."
    )
    if copy:
        return (ask,)
    return (
        ask,
        Field("type", Control.RADIOS, "How it is answered", choices=TYPE_WORDS, missing="Choose how it is answered."),
        Field("kind", Control.RADIOS, "What it is about", choices=KIND_WORDS, missing="Choose what it is about."),
        Field(
            "matters",
            Control.RADIOS,
            "Which answer matters?",
            "The one that something has to be done about. A fact has none. Until every answer has its points, nobody can ask for a review.",
            choices=MATTERS_CHOICES,
        ),
        Field("dimension", Control.SELECT, "Theme", choices=tuple(lists.dimensions.items()), missing="Choose a theme."),
    )


def build_question(wanted: NewQuestion) -> FileData:
    named = {key: wanted.data[key] for key in ("ask", "type", "kind", "dimension")}
    return with_type_defaults({"id": wanted.id, **named}, str(wanted.data.get("matters", "")))


def matters_error(data: Mapping[str, Any]) -> str | None:
    matters, kind = data.get("matters"), data.get("type")
    if matters == MATTERS_LATER or data.get("kind") in {None, "fact"}:
        return None
    form = QUESTION_FORMS.get(str(kind))
    fitting = (form.matters if form else ()) or (None,)
    return None if matters in fitting else MATTERS_NOT_FITTING if matters else NO_MATTERS_CHOSEN


def copy_question(source: Mapping[str, Any], wanted: NewQuestion) -> FileData:
    made = copy.deepcopy(
        {key: value for key, value in source.items() if key not in {"rev", "replaces", "option_map", "waived"}}
    )
    if source.get("can_sign"):  # in other words the other answer may matter: the editor has to say it anew
        made.pop("bands", None)
        for option in list_entries(made, "options"):
            option.pop("points", None)
    return with_key(with_key(made, "id", wanted.id, QUESTION_KEY_ORDER), "ask", wanted.data["ask"], QUESTION_KEY_ORDER)


def file_for_section(draft_context: DraftContext, bank: str, section: str) -> ContentFile | None:
    if section == NEW_SECTION:
        return draft_context.files.at("", bank)
    if section == NEW_SHARED_SECTION:
        return next((one for one in draft_context.files_of_bank(bank) if "common" in one.raw_data), None)
    location = draft_context.section(bank, section)
    return None if location is None else location.content_file


def taken_ids(files: ContentFiles) -> frozenset[str]:
    return merge_used_ids(ids_in(content_file.raw_data) for content_file in files.files.values()).ids


ONLY_QUESTION = "It is the only question of its section. Retire the section, or put another question there first."
ONLY_SECTION = "The file needs one section at least."
ID_TAKEN = "Another question has this id now. Nothing you typed is lost: choose another id."


class LastOneError(DraftError):
    """Nothing would be left where it stands. The message says so, for the page."""


def find_question_position(data: Mapping[str, Any], question_id: str) -> DocumentPath | None:
    for number, section in enumerate(list_entries(data, "sections")):
        for index, question in enumerate(list_entries(section, "questions")):
            if question.get("id") == question_id:
                return ("sections", number, "questions", index)
    return None


def find_question(data: FileData, question_id: str, seen: str) -> FileData:
    """Wherever it stands by now. Raises EditConflictError when it is not as it was seen, or gone."""
    place = find_question_position(data, question_id)
    if place is None:
        raise EditConflictError
    return item_at(data, place, seen)


def find_section(data: FileData, section_id: str) -> FileData:
    return still_there(next((one for one in list_entries(data, "sections") if one.get("id") == section_id), None))


def add_question(data: FileData, section_id: str, question: FileData, after: str | None = None) -> None:
    questions = find_section(data, section_id)["questions"]
    places = [index for index, one in enumerate(questions) if one.get("id") == after]
    questions.insert(places[0] + 1 if places else len(questions), question)


def insert_question(
    data: FileData, section: str, wanted: NewQuestion, question: FileData, source: Mapping[str, Any] | None
) -> None:
    """Into this section, which may be a new one; a copy below its source. Raises EditConflictError when the id is taken by now."""
    homes = {str(one.get("id")): part for part in data["sections"] for one in part["questions"]}
    if wanted.id in homes:
        raise EditConflictError(words=ID_TAKEN)
    if source is not None:
        add_question(data, still_there(homes.get(str(source["id"])))["id"], question, after=source["id"])
    elif section in {NEW_SECTION, NEW_SHARED_SECTION}:
        data["sections"].append({"id": wanted.section_id, "title": wanted.section_title, "questions": [question]})
    else:
        add_question(data, section, question)


def set_title(bank_or_section: FileData, title: str, seen: str) -> None:
    require_unchanged(seen, bank_or_section.get("title"))
    bank_or_section["title"] = title


def move_section(data: FileData, section_id: str, *, up: bool) -> None:
    """One place up or down among the sections of the file; at the end nothing happens."""
    sections = data["sections"]
    _move_one(sections, sections.index(find_section(data, section_id)), up=up)


def delete_section(data: FileData, section_id: str, seen: str) -> None:
    """Take a section out with all its questions. Raises EditConflictError; LastOneError when it is the last one."""
    section = find_section(data, section_id)
    require_unchanged(seen, section)
    if len(data["sections"]) == 1:
        raise LastOneError(ONLY_SECTION)
    data["sections"].remove(section)


def move_question(data: FileData, question_id: str, *, up: bool) -> None:
    """From the end of a section into the next. Raises LastOneError when its section would be empty; EditConflictError when it is gone."""
    number, index = _find_or_raise(data, question_id)
    questions = data["sections"][number]["questions"]
    if index == (0 if up else len(questions) - 1):
        target = number - 1 if up else number + 1
        if 0 <= target < len(data["sections"]):
            question = _remove_at(questions, index)
            there = data["sections"][target]["questions"]
            there.insert(len(there) if up else 0, question)
        return
    _move_one(questions, index, up=up)


def move_to_section(data: FileData, question_id: str, section_id: str) -> None:
    """To its end, in the same file. Raises LastOneError when its section would be empty; EditConflictError when one of both is gone."""
    number, index = _find_or_raise(data, question_id)
    target = find_section(data, section_id)
    if target is data["sections"][number]:
        return
    target["questions"].append(_remove_at(data["sections"][number]["questions"], index))


def delete_question(data: FileData, question_id: str, seen: str) -> None:
    """Raises EditConflictError when it was changed meanwhile; LastOneError when its section would be empty."""
    find_question(data, question_id, seen)
    number, index = _find_or_raise(data, question_id)
    _remove_at(data["sections"][number]["questions"], index)


def remove_example_answers(data: FileData, ids: frozenset[str]) -> None:
    for example in list_entries(data, "worked_examples"):
        for key in ("answers", "change"):
            held = example.get(key)
            if isinstance(held, dict) and ids & set(held):
                example[key] = {name: value for name, value in held.items() if name not in ids}


def _find_or_raise(data: FileData, question_id: str) -> tuple[int, int]:
    place = still_there(find_question_position(data, question_id))
    return int(place[1]), int(place[3])


def _remove_at(questions: list[FileData], index: int) -> FileData:
    if len(questions) == 1:
        raise LastOneError(ONLY_QUESTION)
    return questions.pop(index)


def _move_one(things: list[FileData], index: int, *, up: bool) -> None:
    target = index - 1 if up else index + 1
    if 0 <= target < len(things):
        things.insert(target, things.pop(index))


def blocking_and_other_references(
    files: ContentFiles, ids: frozenset[str]
) -> tuple[tuple[QuestionReference, ...], tuple[QuestionReference, ...]]:
    found = references_to(files, ids)
    return tuple(one for one in found if one.blocks), tuple(one for one in found if not one.blocks)


def remove_with_example_answers(
    page: PageRequest, home: str, ids: frozenset[str], edit: Callable[[FileData], None], what: str
) -> None:
    """Take questions out of their file, and the answers to them out of the worked examples of every file: all of it or nothing."""
    along = dict.fromkeys(one.file for one in blocking_and_other_references(page.draft_context.files, ids)[1])

    def both(data: FileData) -> None:
        edit(data)
        remove_example_answers(data, ids)

    page.edit_file(home, both, what)
    for name in along:
        if name != home:
            page.edit_file(name, lambda data: remove_example_answers(data, ids), f"{what}, in worked examples")


MUCH_CHANGED = 0.5
"""Words that are alike by less than this may ask something else."""
_SCORED = ("can_sign", "cap", "bands", "ticks", "rule", "steps", "action", "dk_action", "same_as", "not_yet")


def normalise_question(old: Mapping[str, Any], new: FileData) -> FileData:
    made = new
    if new.get("type") != old.get("type"):
        fitting = {**TYPES_BY_KEY, "option_map": TYPES_BY_KEY["options"]}
        made = {key: one for key, one in made.items() if made["type"] in fitting.get(key, {made["type"]})}
    if (new.get("type"), new.get("kind")) != (old.get("type"), old.get("kind")):
        made = with_type_defaults(made)
    if new.get("kind") == "fact" and old.get("kind") != "fact":
        made = _without_scoring(made)
    if any(made.get(key) != old.get(key) for key in ANSWER_LISTS):
        made = _with_can_sign(old, made)
    return made


def with_type_defaults(data: FileData, matters: str = "") -> FileData:
    """The question with the least that its type needs, where it has nothing of it yet.

    `matters` is the answer that something has to be done about: "yes", "no", "high" or "low". Where nobody has said it there are no points,
    and the draft has a problem until the editor says them.
    """
    form = QUESTION_FORMS.get(str(data.get("type")))
    scored = data.get("kind") != "fact"
    defaults = form.defaults(matters if scored else "") if form else {}
    for key, value in defaults.items():
        if not data.get(key) and not (key == "bands" and data.get("rule")):
            data = with_key(data, key, value, QUESTION_KEY_ORDER)
    return data


def _without_scoring(data: FileData) -> FileData:
    """A fact has no points, signs or actions."""
    made = copy.deepcopy({key: one for key, one in data.items() if key not in _SCORED})
    for option in list_entries(made, "options"):
        for key in SCORED_IN_OPTIONS:
            option.pop(key, None)
    return made


def _with_can_sign(old: Mapping[str, Any], new: FileData) -> FileData:
    """A question with an answer that raises a sign is marked; the mark goes with the last such answer. A check may still need it."""
    if any(answers_with_signs(new)):
        return with_key(new, "can_sign", True, QUESTION_KEY_ORDER)  # noqa: FBT003  # the value of a key
    return with_key(new, "can_sign", None, QUESTION_KEY_ORDER) if any(answers_with_signs(old)) else new


def meaning_revision(data: Mapping[str, Any]) -> int:
    """How often the question came to mean something else."""
    rev = data.get("rev", 1)
    return rev if isinstance(rev, int) else 1


def has_new_meaning(data: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    return meaning_revision(data) > meaning_revision(base)


def set_meaning(data: FileData, base: Mapping[str, Any], *, new_meaning: bool) -> FileData:
    if new_meaning == has_new_meaning(data, base):
        return data
    return with_key(data, "rev", meaning_revision(base) + 1 if new_meaning else base.get("rev"), QUESTION_KEY_ORDER)


def changed_much(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the words of the question, or of an answer that stayed, are so different that they may ask something else."""
    if _texts_differ_much(str(old.get("ask", "")), str(new.get("ask", ""))):
        return True
    labels = {one.get("id"): str(one.get("label", "")) for one in list_entries(old, "options")}
    return any(
        _texts_differ_much(labels[name], str(one.get("label", "")))
        for one in list_entries(new, "options")
        if (name := one.get("id")) in labels
    )


def _texts_differ_much(old: str, new: str) -> bool:
    return old != new and SequenceMatcher(None, _bare_text(old), _bare_text(new), autojunk=False).ratio() < MUCH_CHANGED


def _bare_text(text: str) -> list[str]:
    return [word.strip(".,;:?!’“”()").lower() for word in text.split()]
