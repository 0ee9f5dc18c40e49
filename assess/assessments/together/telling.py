"""The notice on every page about an assessment while a coordinator helps: to the business, and to the coordinator."""

from __future__ import annotations

import uuid

from flask import g, render_template
from markupsafe import Markup

from assess.assessments.together.helping import open_help
from assess.kit.clock import date_at, now
from assess.kit.db import database

_ABOUT = "help_to_tell_of"


def tell_of_help(assessment_id: uuid.UUID, *, helping: bool) -> None:
    """Have the page of this request say so. `helping`: whoever looks is the one who helps."""
    setattr(g, _ABOUT, (assessment_id, helping))


def help_notice() -> Markup:
    """The notice, as the frame of every page asks for it. Empty on pages about nothing, and while nobody helps."""
    about = g.get(_ABOUT)
    if about is None:
        return Markup()
    assessment_id, helping = about
    with database().reading() as look:
        given = open_help(look, assessment_id, now())
    if given is None:
        return Markup()
    return Markup(  # noqa: S704  # a rendered template
        render_template(
            "assessments/_help_notice.html",
            id=assessment_id,
            given=given,
            until=date_at(given.until),
            helping=helping,
        )
    )
