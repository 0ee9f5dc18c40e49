"""The editor of question banks in the browser: change a draft, try it, and have a second person publish it.

It must never publish what one person alone has seen, or show whose answers it counted. Begin with `draft_context.py` and `form_pages.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register_bank_editor(app: Flask) -> None:
    # workers and the command line import this package without Flask
    from assess.bank_editor import cross_checks, views, views_preview  # noqa: PLC0415  # see above
    from assess.bank_editor.duties_and_settings import views as duties_and_settings  # noqa: PLC0415  # see above
    from assess.bank_editor.navigation import register_navigation  # noqa: PLC0415  # see above
    from assess.bank_editor.questions import views as questions  # noqa: PLC0415  # see above
    from assess.bank_editor.review import views as review  # noqa: PLC0415  # see above
    from assess.bank_editor.review import views_history  # noqa: PLC0415  # see above
    from assess.bank_editor.spreadsheet import views as spreadsheet  # noqa: PLC0415  # see above
    from assess.bank_editor.urgent_fixes import views as urgent_fixes  # noqa: PLC0415  # see above

    register_navigation(app)
    for module in (
        views,
        questions,
        cross_checks,
        views_preview,
        spreadsheet,
        review,
        views_history,
        duties_and_settings,
        urgent_fixes,
    ):
        app.register_blueprint(module.blueprint)
