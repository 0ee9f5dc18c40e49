"""The ways between the pages of a buyer: each room adds its own, so that no page has to know them all."""

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


_of_buyer: dict[str, Way] = {}
_of_supplier: dict[str, Way] = {}


def way_of_buyer(place: int, words: str, endpoint: str) -> None:
    """Add a page about all suppliers: it stands in the menu of every page of a buyer."""
    _of_buyer[endpoint] = Way(place, words, endpoint)


def way_of_supplier(place: int, words: str, endpoint: str) -> None:
    """Add a page about one supplier: it stands on the page of the supplier."""
    _of_supplier[endpoint] = Way(place, words, endpoint)


def open_ways(app: Flask) -> None:
    """Let templates ask for them."""

    @app.template_global("buyer_ways")
    def buyer_ways(organisation_id: uuid.UUID) -> list[dict[str, object]]:
        """The menu of a buyer: words, address, whether it is this page."""
        return [
            {
                "text": way.words,
                "href": url_for(way.endpoint, organisation_id=organisation_id),
                "current": request.endpoint == way.endpoint,
            }
            for way in sorted(_of_buyer.values(), key=lambda way: way.place)
        ]

    @app.template_global("supplier_ways")
    def supplier_ways(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> list[dict[str, object]]:
        """The pages about one supplier: words and address."""
        return [
            {
                "text": way.words,
                "href": url_for(way.endpoint, organisation_id=organisation_id, supplier_id=supplier_id),
            }
            for way in sorted(_of_supplier.values(), key=lambda way: way.place)
        ]
