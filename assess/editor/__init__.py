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
    from assess.editor import views_draft, views_list  # noqa: PLC0415  # rooms open only when a site is made
    from assess.editor.checks import views as views_checks  # noqa: PLC0415  # the same
    from assess.editor.conditions import views_question as views_condition  # noqa: PLC0415  # the same
    from assess.editor.diary import views as views_diary  # noqa: PLC0415  # the same
    from assess.editor.law import views_duties, views_settings, views_things  # noqa: PLC0415  # the same
    from assess.editor.mending import views as views_mends  # noqa: PLC0415  # the same
    from assess.editor.questions import views_bank, views_question  # noqa: PLC0415  # the same
    from assess.editor.sectors import views as views_sectors  # noqa: PLC0415  # the same
    from assess.editor.review import (  # noqa: PLC0415  # the same
        views_behind,
        views_changes,
        views_history,
        views_rehearsal,
        views_review,
    from assess.editor.questions import (  # noqa: PLC0415  # the same
        views_adding,
        views_bank,
        views_placing,
        views_question,
        views_sections,
    )
    from assess.editor.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    for views in (views_list, views_draft, views_bank, views_question, views_condition, views_checks, views_sectors):
    from assess.editor import views_draft, views_list, views_release  # noqa: PLC0415  # rooms open only when a site is made
    from assess.editor.questions import views_bank, views_question  # noqa: PLC0415  # the same
    from assess.editor.sheets import views as views_sheets  # noqa: PLC0415  # the same
    from assess.editor.sheets import views_in  # noqa: PLC0415  # the same
    from assess.editor.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    for views in (views_list, views_draft, views_release, views_bank, views_question, views_sheets, views_in):
    from assess.editor.use import views_use  # noqa: PLC0415  # the same
    from assess.editor.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    for views in (views_list, views_draft, views_bank, views_question, views_use):
    views_mends.open_mends(app)
    pages = (
    from assess.editor.trying import views_examples, views_problems, views_schema, views_texts, views_trying  # noqa: PLC0415  # the same
    from assess.editor.ways import open_ways  # noqa: PLC0415  # the same

    open_ways(app)
    for views in (
        views_list,
        views_draft,
        views_bank,
        views_question,
        views_duties,
        views_settings,
        views_things,
        views_mends,
        views_diary,
    )
    for views in pages:
        app.register_blueprint(views.blueprint)
    for views in (views_changes, views_rehearsal, views_review, views_behind, views_history):
    for views in (views_list, views_draft, views_bank, views_sections, views_adding, views_question, views_placing):
        views_trying,
        views_examples,
        views_texts,
        views_schema,
        views_problems,
    ):
        app.register_blueprint(views.blueprint)
