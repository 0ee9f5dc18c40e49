"""Navigation of the buyer and supplier pages, and the labels of statuses, sizes, tiers and decline reasons. `assess/subscriptions.py` lists the items."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Flask, request, url_for

from assess.core.events import providers_of


@dataclass(frozen=True, slots=True)
class BuyerNavItem:
    words: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class SupplierNavItem:
    words: str
    endpoint: str


def register_navigation(app: Flask) -> None:
    @app.template_global("buyer_ways")
    def buyer_ways(organisation_id: uuid.UUID) -> list[dict[str, object]]:
        return [
            {
                "text": way.words,
                "href": url_for(way.endpoint, organisation_id=organisation_id),
                "current": request.endpoint == way.endpoint,
            }
            for way in providers_of(BuyerNavItem)
        ]

    @app.template_global("supplier_ways")
    def supplier_ways(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> list[dict[str, object]]:
        return [
            {
                "text": way.words,
                "href": url_for(way.endpoint, organisation_id=organisation_id, supplier_id=supplier_id),
            }
            for way in providers_of(SupplierNavItem)
        ]
