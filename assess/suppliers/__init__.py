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
    from assess.suppliers import views_desk, views_letters  # noqa: PLC0415  # rooms open only when a site is made
    from assess.suppliers.asking import views_ask  # noqa: PLC0415  # rooms open only when a site is made
    from assess.suppliers.chain import views as views_chain  # noqa: PLC0415  # the same
    from assess.suppliers.chain import views_sharing  # noqa: PLC0415  # the same
    from assess.suppliers.contracts import views as views_contracts  # noqa: PLC0415  # the same
    from assess.suppliers.contracts.words import day_at  # noqa: PLC0415  # the same
    from assess.suppliers.importing import open_importing  # noqa: PLC0415  # the same
    from assess.suppliers.merging import views as views_merging  # noqa: PLC0415  # the same
    from assess.suppliers.other_results import views as views_other_results  # noqa: PLC0415  # the same
    from assess.suppliers.tracking import views as views_tracking  # noqa: PLC0415  # the same
    from assess.suppliers.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    open_importing(app)
    app.add_template_filter(day_at)
    chain = (views_merging, views_chain, views_sharing, views_tracking)
    for views in (views_letters, views_desk, views_ask, views_contracts, views_other_results, *chain):
        app.register_blueprint(views.blueprint)
