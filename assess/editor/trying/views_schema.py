"""The shapes of the files as a JSON Schema, for text editors."""

from __future__ import annotations

import json

from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from assess.banks.json_schema import json_schema
from assess.kit.route_permissions import requires
from assess.people.access import permitted_person

blueprint = Blueprint("schema", __name__, url_prefix="/banks")


@blueprint.get("/schema.json")
@requires("banks.read", check=permitted_person)
def show_schema() -> Response:
    """The whole schema."""
    return FlaskResponse(json.dumps(json_schema(), indent=2, ensure_ascii=False), mimetype="application/schema+json")
