"""Whom a buyer buys from, whom it asked to look at themselves, and a dated trail of what came of it.

It must never hold what a business answered, tell one buyer of another, or write to anybody more than was promised.
Begin with `models.py` (what is kept), then `inviting.py` (asking) and `following.py` (what a supplier did with it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_suppliers(app: Flask) -> None:
    """Open this room in an app."""
    from assess.suppliers.asking import views_ask  # noqa: PLC0415  # rooms open only when a site is made
    from assess.suppliers.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    app.register_blueprint(views_ask.blueprint)
