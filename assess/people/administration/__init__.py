"""The desk of whoever runs this installation: its people, its organisations, open invitations, how long things are kept.

It must never show an answer, a band, or that there is a sign: whoever looks after the service looks into nobody's business.
Begin with `desks.py` (who sits here), then `people.py` and `organisations.py` (what may be done), then their pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_administration(app: Flask) -> None:
    """Open this room in an app."""
    # the command line gives desks without a web server in memory
    from assess.people.administration import (  # noqa: PLC0415  # rooms open only when a site is made
        views,
        views_names,
        views_organisations,
        views_people,
    )

    for room in (views, views_people, views_organisations, views_names):
        app.register_blueprint(room.blueprint)
