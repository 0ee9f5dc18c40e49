"""Where a buyer looks at all its suppliers together: the board, whom to call first, the picture, bundles and exports.

It must never read what a supplier did not share with this buyer, nor show, sort, count or filter by urgent advice.
Begin with `models.py` (one row for each supplier), then `reckoning.py` (how it is filled).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_portfolio(app: Flask) -> None:
    """Open this room in an app."""
    from assess.portfolio import reckoning  # noqa: F401, PLC0415  # it listens for what changes
    from assess.portfolio.calling import views as calling_views  # noqa: PLC0415  # rooms open only when a site is made
    from assess.portfolio.picture import views as picture_views  # noqa: PLC0415  # the same
    from assess.portfolio.picture import views_summary  # noqa: PLC0415  # the same

    for room in (calling_views, picture_views, views_summary):
        app.register_blueprint(room.blueprint)
