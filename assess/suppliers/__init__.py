"""A buyer's suppliers: the list, supplier invitations and emails, imports, contracts, supply chain and activity log. It never holds a supplier's answers. Start with `models.py` and `services.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register_suppliers(app: Flask) -> None:
    # workers and the command line import this package without Flask
    from assess.suppliers import (  # noqa: PLC0415  # see above
        views_activity_log,
        views_contracts,
        views_duplicates,
        views_emails,
        views_external_results,
        views_invite,
        views_supplier_invitations,
        views_supply_chain,
    )
    from assess.suppliers.contract_forms import day_at  # noqa: PLC0415  # see above
    from assess.suppliers.presenters import register_navigation  # noqa: PLC0415  # see above
    from assess.suppliers.supplier_import import views as supplier_import  # noqa: PLC0415  # see above

    register_navigation(app)
    app.add_template_filter(day_at)
    for module in (
        views_emails,
        views_invite,
        views_contracts,
        views_external_results,
        views_duplicates,
        views_supply_chain,
        views_activity_log,
        views_supplier_invitations,
        supplier_import,
    ):
        app.register_blueprint(module.blueprint)
