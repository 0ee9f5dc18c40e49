"""Where a business answers: start, sections, facts, check, submit, links, and everything about its own copy of that.

It must never tell a page, a log or another person which answer raised a sign, and never lose or guess an answer.
Begin with `views_sections.py` for the way of one answer, then `answering.py` for how it is kept and `submitting.py` for how it is frozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Blueprint, Flask, Response

    from assess.assessments.visits import VisitEndedError


def open_assessments(app: Flask) -> None:
    """Open this room in an app."""
    from assess.assessments.access import may_here  # noqa: PLC0415  # rooms open only when a site is made
    from assess.assessments.visits import VisitEndedError  # noqa: PLC0415  # the same

    for blueprint in (*_pages(), *_pages_of_folders()):
        app.register_blueprint(blueprint)
    app.add_template_global(may_here)
    app.register_error_handler(VisitEndedError, _on_visit_ended)


def _pages() -> Iterator[Blueprint]:
    # the command line reads answers files without a web server in memory
    from assess.assessments import (  # noqa: PLC0415  # rooms open only when a site is made
        views_after,
        views_business,
        views_check,
        views_history,
        views_links,
        views_sections,
        views_start,
        views_tasks,
    )

    for views in (
        views_start,
        views_tasks,
        views_sections,
        views_business,
        views_check,
        views_links,
        views_after,
        views_history,
    ):
        yield views.blueprint


def _pages_of_folders() -> Iterator[Blueprint]:
    from assess.assessments.asked import views_asked, views_other_result  # noqa: PLC0415  # as above
    from assess.assessments.asked import views_chain as views_asked_chain  # noqa: PLC0415  # the same
    from assess.assessments.careful import views as views_careful  # noqa: PLC0415  # the same
    from assess.assessments.comments import views as views_comments  # noqa: PLC0415  # the same
    from assess.assessments.delegation import views as views_delegation  # noqa: PLC0415  # the same
    from assess.assessments.delegation import views_colleague, views_offers  # noqa: PLC0415  # the same
    from assess.assessments.moving import views as views_moving  # noqa: PLC0415  # the same
    from assess.assessments.owning import (  # noqa: PLC0415  # the same
        views_again,
        views_begin,
        views_claim,
        views_move,
    )
    from assess.assessments.purchases import views as views_purchases  # noqa: PLC0415  # the same
    from assess.assessments.together import views_desk, views_owner  # noqa: PLC0415  # the same
    from assess.assessments.unclear import views as views_unclear  # noqa: PLC0415  # the same

    for views in (
        views_purchases,
        views_claim,
        views_move,
        views_again,
        views_begin,
        views_moving,
        views_owner,
        views_desk,
        views_delegation,
        views_offers,
        views_colleague,
        views_comments,
        views_unclear,
        views_careful,
        views_other_result,
        views_asked_chain,
        views_asked,
    ):
        yield views.blueprint


def _on_visit_ended(_error: VisitEndedError) -> Response:
    """Whoever typed something gets it back, to send it once the link was opened again in another tab."""
    from assess.kit.errors import Wording, error_page  # noqa: PLC0415  # as above

    wording = Wording(
        "Your visit has ended",
        (
            "For your safety this browser can open your answers only for a while. What you saved is kept.",
            "Open your link again to go on.",
        ),
    )
    return error_page(403, wording, give_back=True)
