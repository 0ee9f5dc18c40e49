"""The ways between the pages of the editor: each page adds its own, so that no page has to know them all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Flask, request, url_for


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a page. `place` orders it among the others; `words` are what it says."""

    place: int
    words: str
    endpoint: str


_of_banks: dict[str, Way] = {}
_of_draft: dict[str, Way] = {}
_of_bank: dict[str, Way] = {}
_of_question: dict[str, Way] = {}


def way_of_banks(place: int, words: str, endpoint: str) -> None:
    """Add a page about all banks: its address needs nothing more."""
    _of_banks[endpoint] = Way(place, words, endpoint)


def way_of_draft(place: int, words: str, endpoint: str) -> None:
    """Add a page about one draft: its address needs `draft_id` alone."""
    _of_draft[endpoint] = Way(place, words, endpoint)


def way_of_bank(place: int, words: str, endpoint: str) -> None:
    """Add a page about one bank of a draft: its address needs `draft_id` and `bank`."""
    _of_bank[endpoint] = Way(place, words, endpoint)


def way_of_question(place: int, words: str, endpoint: str) -> None:
    """Add a page about one question of a draft: its address needs `draft_id`, `bank` and `question_id`."""
    _of_question[endpoint] = Way(place, words, endpoint)


def open_ways(app: Flask) -> None:
    """Let templates ask for them."""

    @app.template_global("bank_ways")
    def bank_ways() -> list[dict[str, object]]:
        """The menu of the banks: words, address, whether it is this page."""
        return _menu(_of_banks)

    @app.template_global("draft_ways")
    def draft_ways(draft_id: uuid.UUID) -> list[dict[str, object]]:
        """The menu of a draft, in the order of the work."""
        return _menu(_of_draft, draft_id=draft_id)

    @app.template_global("ways_of_bank")
    def ways_of_bank(draft_id: uuid.UUID, bank: str) -> list[dict[str, object]]:
        """The pages about one bank of a draft."""
        return _menu(_of_bank, draft_id=draft_id, bank=bank)

    @app.template_global("ways_of_question")
    def ways_of_question(draft_id: uuid.UUID, bank: str, question_id: str) -> list[dict[str, object]]:
        """The pages about one question of a draft."""
        return _menu(_of_question, draft_id=draft_id, bank=bank, question_id=question_id)


def _menu(ways: dict[str, Way], **address: object) -> list[dict[str, object]]:
    return [
        {
            "text": way.words,
            "href": url_for(way.endpoint, **address),  # type: ignore[arg-type]  # parts of an address
            "current": request.endpoint == way.endpoint,
        }
        for way in sorted(ways.values(), key=lambda way: way.place)
    ]
