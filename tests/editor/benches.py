"""A small bank on a bench, and the real ones question by question: no database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from assess.banks.drafts.models import Draft
from assess.banks.sheets import Shelf
from assess.editor.questions.at_hand import BankAtHand, lists_of
from assess.editor.questions.parts import Lists
from assess.editor.questions.rows import entries_of
from assess.editor.workbench import Workbench
from tests.conftest import TODAY
from tests.engine.real_banks import shelf
from tests.shelves import Edit, sound_but

Data = dict[str, Any]
SHEETS = ("common/core.yaml", "car_washes.yaml", "farming.yaml", "hospitality.yaml")


def bench(*edits: Edit) -> Workbench:
    """The small bank “shop” with these changes."""
    return Workbench(Draft(title="Clearer words"), sound_but(*edits), TODAY)


def shop(*edits: Edit) -> BankAtHand:
    """The small bank with these changes, beside itself without them."""
    return BankAtHand(bench(*edits), bench(), "shop")


@cache
def real_lists() -> Lists:
    """What forms offer for the real banks."""
    return lists_of(shelf(), {})


def questions_in(data: Any) -> Iterator[Data]:
    """Every question of a file."""
    for section in entries_of(data, "sections"):
        yield from entries_of(section, "questions")


def real_questions() -> Iterator[tuple[str, Data]]:
    """Every question of all banks with its file."""
    for name in SHEETS:
        for question in questions_in(shelf().sheets[name].written):
            yield name, question


def real(question_id: str) -> Data:
    """One of them."""
    return next(question for _, question in real_questions() if question["id"] == question_id)


def shelf_of_real() -> Shelf:
    """The real files."""
    return shelf()
