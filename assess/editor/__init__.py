"""Where coordinators keep the banks: they change a question in a draft, see what it would do, and a second person publishes it.

It must never show whose answers it counted, publish what one person alone has seen, or change a text that nobody touched.
Begin with `workbench.py` (a draft as it stands now) and `changing.py` (one thing of a file changed); pages are named `views_…`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

_PAGES = (
    "views_list",
    "views_draft",
    "views_release",
    "questions.views_bank",
    "questions.views_sections",
    "questions.views_adding",
    "questions.views_question",
    "questions.views_placing",
    "conditions.views_question",
    "checks.views",
    "sectors.views",
    "trying.views_trying",
    "trying.views_examples",
    "trying.views_texts",
    "trying.views_schema",
    "trying.views_problems",
    "sheets.views",
    "sheets.views_in",
    "review.views_changes",
    "review.views_rehearsal",
    "review.views_review",
    "review.views_behind",
    "review.views_history",
    "review.views_withdrawn",
    "law.views_duties",
    "law.views_settings",
    "law.views_things",
    "mending.views",
    "mending.views_contacts",
    "diary.views",
    "use.views_use",
)
"""The modules with pages, in the order of the work."""


def open_editor(app: Flask) -> None:
    """Open this room in an app."""
    from assess.editor.allowing import open_allowing  # noqa: PLC0415  # rooms open only when a site is made
    from assess.editor.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    open_allowing(app)
    for name in _PAGES:
        app.register_blueprint(import_module(f"assess.editor.{name}").blueprint)
