"""Pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("what_if", __name__)
