"""The plan of a submission: result pages, action tracker, PDFs, exports, calendar and reminders. Drawn from the frozen record alone. Begin with copies.py (who may see what), then document.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register_plans(app: Flask) -> None:
    from assess.plans import views, views_downloads, views_reminders, views_sign_off  # noqa: PLC0415  # workers and the command line import this package without Flask
    from assess.plans.action_tracker import views as tracker  # noqa: PLC0415  # workers and the command line import this package without Flask
    from assess.plans.action_tracker import views_items  # noqa: PLC0415  # workers and the command line import this package without Flask
    from assess.plans.pages import FILTERS  # noqa: PLC0415  # workers and the command line import this package without Flask

    for template_filter in FILTERS.values():
        app.add_template_filter(template_filter)
    for module in (views, tracker, views_items, views_downloads, views_reminders, views_sign_off):
        if module.blueprint.name not in app.blueprints:
            app.register_blueprint(module.blueprint)
