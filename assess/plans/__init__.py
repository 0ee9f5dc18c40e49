"""The plan of a submission: result pages, action tracker, PDFs, exports, calendar and reminders. Drawn from the frozen record alone. Begin with copies.py (who may see what), then plan_page.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register_plans(app: Flask) -> None:
    # workers and the command line import this package without Flask
    from assess.plans import views, views_downloads, views_reminders, views_sign_off  # noqa: PLC0415  # see above
    from assess.plans.action_tracker import views as tracker  # noqa: PLC0415  # see above
    from assess.plans.print_html import FILTERS  # noqa: PLC0415  # see above

    for template_filter in FILTERS.values():
        app.add_template_filter(template_filter)
    for module in (views, tracker, views_downloads, views_reminders, views_sign_off):
        app.register_blueprint(module.blueprint)
