"""All suppliers of a buyer together: board, contact first, dashboard, bulk exports and supplier feedback. It reads only copies shared with this buyer. Start with `board_projection.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register_portfolio(app: Flask) -> None:
    # workers and the command line import this package without Flask
    from assess.portfolio import views  # noqa: PLC0415  # see above
    from assess.portfolio.board import views as board  # noqa: PLC0415  # see above
    from assess.portfolio.bulk_exports import views as bulk_exports  # noqa: PLC0415  # see above

    for module in (board, views, bulk_exports):
        app.register_blueprint(module.blueprint)
