"""A small bank on a bench, and the real ones question by question: no database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from assess.bank_editor.draft_context import DraftContext
from assess.bank_editor.questions.context import BankContext, load_form_lists
from assess.bank_editor.questions.fields import list_entries
from assess.bank_editor.questions.forms import FormLists
from assess.question_banks.files import ContentFiles
from assess.question_banks.models import Draft
from tests.conftest import TODAY
from tests.content_files import Edit, sound_but
from tests.engine.real_banks import bank_files

Data = dict[str, Any]
SHEETS = ("common/core.yaml", "car_washes.yaml", "farming.yaml", "hospitality.yaml")


def bench(*edits: Edit) -> DraftContext:
    """The small bank “shop” with these changes."""
    return DraftContext(Draft(title="Clearer words"), sound_but(*edits), TODAY)


def shop(*edits: Edit) -> BankContext:
    """The small bank with these changes, beside itself without them."""
    return BankContext(bench(*edits), bench(), "shop")


@cache
def real_lists() -> FormLists:
    """What forms offer for the real banks."""
    return load_form_lists(bank_files(), {})


def questions_in(data: Any) -> Iterator[Data]:
    """Every question of a file."""
    for section in list_entries(data, "sections"):
        yield from list_entries(section, "questions")


def real_questions() -> Iterator[tuple[str, Data]]:
    """Every question of all banks with its file."""
    for name in SHEETS:
        for question in questions_in(bank_files().files[name].raw_data):
            yield name, question


def real(question_id: str) -> Data:
    """One of them."""
    return next(question for _, question in real_questions() if question["id"] == question_id)


def real_bank_files() -> ContentFiles:
    """The real files."""
    return bank_files()
