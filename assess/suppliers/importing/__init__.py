"""A buyer's list of suppliers taken from a spreadsheet: read, checked, shown, and only then put on the list and asked.

It must never send anything before somebody has seen every fault and pressed the button, ask anybody twice, or run what a file holds.
Begin with `columns.py` and `checking.py` (what a file may say), then `reading.py` (how it is opened) and `working.py` (what is done with it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def open_importing(app: Flask) -> None:
    """Open this room in an app."""
    from assess.suppliers.importing import views, views_files  # noqa: PLC0415  # rooms open only when a site is made

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views_files.blueprint)
