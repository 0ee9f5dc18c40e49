"""What a new question begins with: its own words and the least its type needs, or all that another one has but its id."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.banks.sheets import Sheet, Shelf
from assess.editor.questions.fields import Control, Data, Field, put
from assess.editor.questions.parts import COUNTED, ORDER, Lists
from assess.editor.questions.rows import entries_of
from assess.editor.questions.settling import begun
from assess.editor.questions.used import ids_in, together
from assess.editor.questions.words import KIND_WORDS, TYPE_WORDS
from assess.editor.workbench import Workbench

NEW, IN_ALL = ":new", ":new_in_all"
"""A new section of the bank's own file, or of the file that banks share. No id looks like these."""
LATER = "later"
MATTERS = (
    ("no", "“No”"),
    ("yes", "“Yes”"),
    ("high", "A high number"),
    ("low", "The number 0"),
    (LATER, "I say it later, answer by answer"),
)
NO_MATTERS = "Choose the answer that matters."
NOT_FITTING = "Choose “Yes” or “No” for one answer from a list, a number for a number, and the last one for all else."
OF_ITS_OWN = ("rev", "replaces", "option_map", "waived")
"""What a copy does not take along."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question somebody wants: its id, what was typed, and the section to make for it, if any."""

    id: str
    data: Mapping[str, Any]
    section_title: str = ""
    section_id: str = ""


def fields_of(lists: Lists, *, copy: bool) -> tuple[Field, ...]:
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
            choices=MATTERS,
        ),
        Field("dimension", Control.SELECT, "Theme", choices=tuple(lists.dimensions.items()), missing="Choose a theme."),
    )


def made_of(wanted: Wanted) -> Data:
    """A new question. What it still lacks is told on its page."""
    named = {key: wanted.data[key] for key in ("ask", "type", "kind", "dimension")}
    return begun({"id": wanted.id, **named}, str(wanted.data.get("matters", "")))


def fault_of_matters(data: Mapping[str, Any]) -> str | None:
    """Why the answer that matters is needed, or fits no question of this type; None when all is well."""
    matters, kind = data.get("matters"), data.get("type")
    if matters == LATER or data.get("kind") in {None, "fact"}:
        return None
    fitting = {"yes", "no"} if kind == "choice" else {"high", "low"} if kind in COUNTED else {None}
    return None if matters in fitting else NOT_FITTING if matters else NO_MATTERS


def copied(source: Mapping[str, Any], wanted: Wanted) -> Data:
    """A question like another one, with words and an id of its own."""
    made = copy.deepcopy({key: value for key, value in source.items() if key not in OF_ITS_OWN})
    if source.get("can_sign"):  # in other words the other answer may matter: somebody has to say it anew
        made.pop("bands", None)
        for option in entries_of(made, "options"):
            option.pop("points", None)
    return put(put(made, "id", wanted.id, ORDER), "ask", wanted.data["ask"], ORDER)


def sheet_for(at_work: Workbench, bank: str, section: str) -> Sheet | None:
    """The file that has this section, or gets it."""
    if section == NEW:
        return at_work.shelf.at("", bank)
    if section == IN_ALL:
        return next((one for one in at_work.sheets_of(bank) if "common" in one.written), None)
    spot = at_work.section(bank, section)
    return None if spot is None else spot.sheet


def taken_ids(shelf: Shelf) -> frozenset[str]:
    """The ids of all questions, checks and sections of a shelf."""
    return together(ids_in(sheet.written) for sheet in shelf.sheets.values()).ids
