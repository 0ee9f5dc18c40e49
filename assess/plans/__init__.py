"""What a business takes away: one submission's record drawn as a plan, on screen and on paper, in three copies.

It must never compute a score, read anything but the record, or let a copy hold more than its reader may see.
Begin with `copies.py` (who may see what), then `document.py` (record to view), `render.py` (view to PDF, in a child process).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_plans(app: Flask) -> None:
    """Open this room in an app."""
    # the command line and the press draw plans without a web server in memory
    from assess.plans import views, views_buyer, views_files  # noqa: PLC0415  # rooms open only when a site is made
    from assess.plans.asked import views_organisation, views_sharing  # noqa: PLC0415  # the same
    from assess.plans.calendar import views as calendar_views  # noqa: PLC0415  # the same
    from assess.plans.check_code import views as check_code_views  # noqa: PLC0415  # the same
    from assess.plans.cover import views as cover_views  # noqa: PLC0415  # the same
    from assess.plans.exports import views as exports_views  # noqa: PLC0415  # the same
    from assess.plans.organisation_export import views as organisation_export_views  # noqa: PLC0415  # the same
    from assess.plans.pages import FILTERS  # noqa: PLC0415  # the same
    from assess.plans.papers import views as papers_views  # noqa: PLC0415  # the same
    from assess.plans.register import views as register_views  # noqa: PLC0415  # the same
    from assess.plans.reminders import views as reminders_views  # noqa: PLC0415  # the same
    from assess.plans.shares import views_accept, views_business, views_changing, views_room  # noqa: PLC0415  # the same
    from assess.plans.signing import views_ask, views_sign  # noqa: PLC0415  # the same
    from assess.plans.talk import views_business as talk_business_views  # noqa: PLC0415  # the same
    from assess.plans.talk import views_buyer as talk_views  # noqa: PLC0415  # the same
    from assess.plans.what_if import views as what_if_views  # noqa: PLC0415  # the same

    own = (views, views_files, views_buyer, check_code_views)
    more = (register_views, what_if_views, exports_views, calendar_views, reminders_views, papers_views)
    people = (cover_views, organisation_export_views)
    signing = (views_ask, views_sign)
    sharing = (views_business, views_changing, views_accept, views_room, talk_views, talk_business_views)
    asked = (views_sharing, views_organisation)
    for filter_ in FILTERS.values():
        app.add_template_filter(filter_)
    for room in (*own, *more, *people, *signing, *sharing, *asked):
        app.register_blueprint(room.blueprint)
