"""The menus of those who keep banks: which pages stand in each, in the order of the work."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, request, url_for


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a page: what it says, and the page."""

    words: str
    endpoint: str


OF_BANKS = (
    Way("Banks", "banks.show_banks"),
    Way("Contacts", "contacts.show_contacts"),
    Way("Mend something at once", "mends.show_mends"),
    Way("History", "bank_history.show_history"),
    Way("Review diary", "diary.show_diary"),
    Way("Spreadsheets", "spreadsheets.show_spreadsheets"),
    Way("What an update brings", "release.show_release"),
)
"""Pages about all banks."""

OF_DRAFT = (
    Way("This draft", "draft.show_draft"),
    Way("Problems", "problems.show_problems"),
    Way("Duties", "duties.show_duties"),
    Way("Rates, dates and numbers", "dated.show_settings"),
    Way("Contacts, sources and lists", "things.show_all"),
    Way("What changes", "changes.show_changes"),
    Way("Rehearse it", "rehearsal.show_rehearsal"),
    Way("Add a sector", "sectors.show_new_sector"),
    Way("Review and publish", "review.show_review"),
    Way("Files as text", "texts.show_texts"),
)
"""Pages about one draft: their addresses need `draft_id` alone."""

OF_BANK = (
    Way("Try it as a business", "trying.show_start"),
    Way("Checks over several answers", "checks.show_checks"),
    Way("Worked examples", "examples.show_examples"),
    Way("Spreadsheet", "spreadsheet.show_spreadsheet"),
    Way("How questions are answered", "use.show_bank_use"),
)
"""Pages about one bank of a draft: their addresses need `draft_id` and `bank`."""

OF_QUESTION = (
    Way("When it is asked", "condition.show_condition"),
    Way("How it is answered", "use.show_question_use"),
)
"""Pages about one question of a draft: their addresses need `draft_id`, `bank` and `question_id`."""


def open_ways(app: Flask) -> None:
    """Let templates ask for them."""

    @app.template_global("bank_ways")
    def bank_ways() -> list[dict[str, object]]:
        """The menu of the banks: words, address, whether it is this page."""
        return _menu(OF_BANKS)

    @app.template_global("draft_ways")
    def draft_ways(draft_id: uuid.UUID) -> list[dict[str, object]]:
        """The menu of a draft, in the order of the work."""
        return _menu(OF_DRAFT, draft_id=draft_id)

    @app.template_global("ways_of_bank")
    def ways_of_bank(draft_id: uuid.UUID, bank: str) -> list[dict[str, object]]:
        """The pages about one bank of a draft."""
        return _menu(OF_BANK, draft_id=draft_id, bank=bank)

    @app.template_global("ways_of_question")
    def ways_of_question(draft_id: uuid.UUID, bank: str, question_id: str) -> list[dict[str, object]]:
        """The pages about one question of a draft."""
        return _menu(OF_QUESTION, draft_id=draft_id, bank=bank, question_id=question_id)


def _menu(ways: Iterable[Way], **address: object) -> list[dict[str, object]]:
    return [
        {
            "text": way.words,
            "href": url_for(way.endpoint, **address),  # type: ignore[arg-type]  # parts of an address
            "current": request.endpoint == way.endpoint,
        }
        for way in ways
    ]
