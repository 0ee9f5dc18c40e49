"""Where a buyer looks at all its suppliers together: the board, whom to call first, the picture, bundles and exports.

It must never read what a supplier did not share with this buyer, nor anything of it beside the copy that is shared.
Begin with `models.py` (one row for each supplier), then `reckoning.py` (how it is filled), `board/` and `supplier/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_portfolio(app: Flask) -> None:
    """Open this room in an app."""
    # rooms open only when a site is made
    from assess.portfolio.board import views, views_acting, views_saved, views_unlisted  # noqa: PLC0415  # as above
    from assess.portfolio.calling import views as calling_views  # noqa: PLC0415  # as above
    from assess.portfolio.files import views as files_views  # noqa: PLC0415  # as above
    from assess.portfolio.picture import views as picture_views  # noqa: PLC0415  # as above
    from assess.portfolio.picture import views_summary  # noqa: PLC0415  # as above
    from assess.portfolio.pressure import views as pressure_views  # noqa: PLC0415  # as above
    from assess.portfolio.supplier import views as supplier_views  # noqa: PLC0415  # as above

    board = (views, views_acting, views_saved, views_unlisted)
    for room in (*board, supplier_views, calling_views, files_views, pressure_views, picture_views, views_summary):
        app.register_blueprint(room.blueprint)
