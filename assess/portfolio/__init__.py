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
    from assess.portfolio.pressure import views as pressure_views  # noqa: PLC0415  # rooms open only when a site is made

    app.register_blueprint(pressure_views.blueprint)
