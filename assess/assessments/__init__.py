"""Where a business answers: start, answers, tasks, submission, links and its own data. No page or log may tell which answer raised a sign. Begin with `views_answers.py`, then `services.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

    from assess.assessments.guest_sessions import GuestSessionEndedError


def register_assessments(app: Flask) -> None:
    # workers and the command line import this package without Flask
    from assess.assessments import (  # noqa: PLC0415  # see above
        question_feedback,
        views_answers,
        views_assisted_completion,
        views_comments,
        views_delegation,
        views_edition_upgrade,
        views_ownership,
        views_purchases,
        views_resume_links,
        views_start,
        views_submission,
    )
    from assess.assessments.access import may_here  # noqa: PLC0415  # see above
    from assess.assessments.guest_sessions import GuestSessionEndedError  # noqa: PLC0415  # see above
    from assess.assessments.personal_data import views as personal_data  # noqa: PLC0415  # see above

    for module in (
        views_start,
        views_answers,
        views_submission,
        views_resume_links,
        views_purchases,
        views_ownership,
        views_edition_upgrade,
        views_assisted_completion,
        views_delegation,
        views_comments,
        question_feedback,
        personal_data,
    ):
        app.register_blueprint(module.blueprint)
    app.add_template_global(may_here)
    app.register_error_handler(GuestSessionEndedError, _on_guest_session_ended)


def _on_guest_session_ended(_error: GuestSessionEndedError) -> Response:
    """What was typed is given back, to send it once the link was opened again in another tab."""
    from assess.core.errors import ErrorText, error_page  # noqa: PLC0415  # as above

    wording = ErrorText(
        "Your session has ended",
        (
            "For your safety this browser can open your answers only for a while. What you saved is kept.",
            "Open your link again to go on.",
        ),
    )
    return error_page(403, wording, return_form=True)
