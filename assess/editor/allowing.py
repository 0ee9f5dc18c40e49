"""What a page offers: administrators read and publish, they do not write. A button that would only refuse is not shown."""

from __future__ import annotations

from flask import Flask

from assess.people.caller import caller
from assess.people.permissions import allows, general_relations


def open_allowing(app: Flask) -> None:
    """Let templates ask what whoever calls may do."""

    @app.template_global("may_edit_banks")
    def may_edit_banks() -> bool:
        """Whether they may change a draft."""
        return allows("banks.edit", general_relations(caller()))
