"""The shapes of the files as a JSON Schema, for text editors."""

from __future__ import annotations

import json

from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from assess.banks.json_schema import json_schema
from assess.editor.door import let_in
from assess.kit.declaring import needs

blueprint = Blueprint("schema", __name__, url_prefix="/banks")


@blueprint.get("/schema.json")
@needs("banks.read")
def show_schema() -> Response:
    """The whole schema."""
    let_in()
    return FlaskResponse(json.dumps(json_schema(), indent=2, ensure_ascii=False), mimetype="application/schema+json")
