"""The menus of a buyer. Packages above have pages in them too, so `assess/subscriptions.py` lists what stands in each, in order."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Flask, request, url_for

from assess.kit.events import provided


@dataclass(frozen=True, slots=True)
class BuyerPage:
    """A page about all suppliers: it stands in the menu of every page of a buyer. `words` are what the link says."""

    words: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class SupplierPage:
    """A page about one supplier: it stands on the page of the supplier."""

    words: str
    endpoint: str


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
            for way in provided(BuyerPage)
        ]

    @app.template_global("supplier_ways")
    def supplier_ways(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> list[dict[str, object]]:
        """The pages about one supplier: words and address."""
        return [
            {
                "text": way.words,
                "href": url_for(way.endpoint, organisation_id=organisation_id, supplier_id=supplier_id),
            }
            for way in provided(SupplierPage)
        ]
