"""Files to take away: the template, and the rows that have to be repaired."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, make_response
from werkzeug.wrappers import Response

from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import permitted_member
from assess.suppliers.importing.files import rows_to_repair, template_csv, template_xlsx
from assess.suppliers.importing.keeping import import_of, rows_of
from assess.suppliers.importing.models import NEED_REPAIR
from assess.suppliers.importing.views import known_today
from assess.suppliers.importing.words import reasons_of

blueprint = Blueprint("import_files", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/import")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/template.csv")
@requires("suppliers.manage", check=permitted_member)
def show_template_csv() -> Response:
    """The template as CSV."""
    with database().reading() as look:
        return _file(template_csv(known_today(look)), CSV, "suppliers-template.csv")


@blueprint.get("/template.xlsx")
@requires("suppliers.manage", check=permitted_member)
def show_template_xlsx() -> Response:
    """The template as a workbook."""
    with database().reading() as look:
        return _file(template_xlsx(known_today(look)), XLSX, "suppliers-template.xlsx")


@blueprint.get("/<uuid:import_id>/rows-to-repair.csv")
@requires("suppliers.manage", check=permitted_member)
def show_rows_to_repair(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """The rows that were not taken, each with its reason."""
    with database().reading() as look:
        one = import_of(look, organisation_id, import_id) or abort(404)
        rows = [(row.number, row.values, reasons_of(row)) for row in rows_of(look, one.id, NEED_REPAIR) if row.values]
    return _file(rows_to_repair(rows), CSV, "suppliers-to-repair.csv")


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
