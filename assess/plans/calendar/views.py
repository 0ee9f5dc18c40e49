"""Pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("calendar", __name__)
