"""The editions that can be tried: that of the draft, and the one in force."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assess.banks.checking import CheckedBank, check_bank, known_settings
from assess.banks.editions import EditionUnknownError, latest
from assess.banks.in_force import in_use
from assess.banks.settings import settings_on
from assess.banks.settings_check import check_settings
from assess.banks.sheets import Found, Sheet, Shelf
from assess.editor.questions.telling import with_repair
from assess.editor.workbench import Workbench
from assess.engine.bank import Edition
from assess.engine.settings import DatedSettings
from assess.kit.clock import date_at

FIGURE_CHANGED = "BANK090"
"""A worked example no longer holds: that alone keeps nobody from trying."""
IN_EXAMPLES = frozenset({"BANK091", "BANK092"})
"""What is wrong inside a worked example, so that the bank is not compiled with them."""


@dataclass(frozen=True, slots=True)
class ToTry:
    """An edition that can be answered, and the settings it is scored with."""

    name: str
    edition: Edition
    settings: DatedSettings


@dataclass(frozen=True, slots=True)
class NotYet:
    """The draft cannot be answered before these are put right."""

    problems: tuple[Found, ...]


def of_draft(at_work: Workbench, bank: str) -> ToTry | NotYet:
    """The bank as the draft has it."""
    checked = without_faulty_examples(at_work, bank)
    problems = tuple(one for one in checked.errors if one.number != FIGURE_CHANGED)
    if problems or checked.edition is None:
        return NotYet(tuple(with_repair(at_work.in_words(one)) for one in problems))
    today = date_at(at_work.now)
    settings = known_settings(at_work.shelf, today)
    if settings is None:
        return NotYet(tuple(one for one in check_settings(at_work.shelf, today) if not one.warning))
    return ToTry("This draft", checked.edition, settings)


def without_faulty_examples(at_work: Workbench, bank: str) -> CheckedBank:
    """The bank as it was checked; without its worked examples where they alone keep it from being compiled."""
    checked, own = at_work.looked.checked[bank], at_work.shelf.at("", bank)
    if checked.compiled is not None or own is None or not {one.number for one in checked.errors} <= IN_EXAMPLES:
        return checked
    bare = {key: value for key, value in own.written.items() if key != "worked_examples"}
    sheet = Sheet(own.name, json.dumps(bare).encode())
    shelf = Shelf({**at_work.shelf.sheets, own.name: sheet})
    return check_bank(shelf, bank, known_settings(at_work.shelf, date_at(at_work.now)))


def of_today(look: Session, at_work: Workbench, bank: str) -> ToTry | None:
    """The edition that new assessments begin with. None for a bank that was never published."""
    try:
        loaded = latest(look, bank)
    except EditionUnknownError:
        return None
    return ToTry(f"Edition {loaded.ref.number}", loaded.edition, settings_on(in_use(), date_at(at_work.now)))
