"""Organisations that people act for: their name, their sites, who does what there, and how somebody joins.

It must never tell whether an address has an account, let the last manager go, or let one person buy and sit at a desk.
Begin with `keeping.py` (name and sites) and `members.py` (roles), then `inviting.py`; `separation.py` keeps apart what must be apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_organisations(app: Flask) -> None:
    """Open this room in an app."""
    # the command line looks at who may what without a web server in memory
    from assess.people.organisations import (  # noqa: PLC0415  # rooms open only when a site is made
        views,
        views_delete,
        views_invitations,
        views_join,
        views_names,
        views_people,
        views_sites,
    )

    for room in (views, views_names, views_sites, views_people, views_invitations, views_join, views_delete):
        app.register_blueprint(room.blueprint)
