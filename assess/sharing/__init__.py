"""Sharing with buyers: shares by name and by link, messages, and requests of buyers. Page and PDF show the copy as it was frozen, with the sign-off of today; the page lists what changed in the plan since. The board, the page of a supplier and the spreadsheets go by the plan of today. Begin with `shared_copy`, then `services`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register_sharing(app: Flask) -> None:
    # workers and the command line import this package without Flask
    from assess.sharing import views_business, views_buyer, views_buyer_requests, views_messages  # noqa: PLC0415  # see above

    for module in (views_business, views_buyer, views_buyer_requests, views_messages):
        app.register_blueprint(module.blueprint)
