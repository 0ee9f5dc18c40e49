"""Where coordinators keep the banks: they change a question in a draft, see what it would do, and a second person publishes it.

It must never show whose answers it counted, publish what one person alone has seen, or change a text that nobody touched.
Begin with `workbench.py` (a draft as it stands now) and `changing.py` (one thing of a file changed); pages are named `views_…`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_editor(app: Flask) -> None:
    """Open this room in an app."""
    from assess.editor import views_draft, views_list, views_release  # noqa: PLC0415  # rooms open only when a site is made
    from assess.editor.questions import views_bank, views_question  # noqa: PLC0415  # the same
    from assess.editor.sheets import views as views_sheets  # noqa: PLC0415  # the same
    from assess.editor.sheets import views_in  # noqa: PLC0415  # the same
    from assess.editor.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    for views in (views_list, views_draft, views_release, views_bank, views_question, views_sheets, views_in):
        app.register_blueprint(views.blueprint)
