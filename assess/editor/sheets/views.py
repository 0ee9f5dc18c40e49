"""A bank as a workbook to take away: as it is in use, or as a draft has it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, make_response, render_template
from werkzeug.wrappers import Response

from assess.banks.editions import published
from assess.banks.sheets import shelf_of
from assess.banks.shelves import in_force, texts_of
from assess.editor.door import at_work_or_404
from assess.editor.sheets.files import bank_as_workbook
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import permitted_person

blueprint = Blueprint("spreadsheets", __name__, url_prefix="/banks")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/spreadsheets")
@requires("banks.read", check=permitted_person)
def show_spreadsheets() -> str:
    """Every bank in use."""
    with database().reading() as look:
        banks = [(bank, one.edition.title, one.ref.number) for bank, one in published(look).items()]
    return render_template("editor/spreadsheets.html", banks=banks)


@blueprint.get("/spreadsheets/<bank>")
@requires("banks.read", check=permitted_person)
def show_workbook_in_use(bank: str) -> Response:
    """The workbook of a bank as it is in use."""
    with database().reading() as look:
        loaded = published(look).get(bank) or abort(404)
        shelf = shelf_of(texts_of(look, in_force(look) or abort(404)))
        title = f"{loaded.edition.title}, edition {loaded.ref.number}"
    return _file(bank_as_workbook(shelf, bank, title, loaded.edition), f"{bank}-edition-{loaded.ref.number}.xlsx")


@blueprint.get("/drafts/<uuid:draft_id>/<bank>/spreadsheet/workbook")
@requires("banks.read", check=permitted_person)
def show_workbook(draft_id: uuid.UUID, bank: str) -> Response:
    """The workbook of a bank as a draft has it."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        title = f"{bank}, draft: {at_work.draft.title}"
    return _file(
        bank_as_workbook(at_work.shelf, bank, title, at_work.looked.checked[bank].edition), f"{bank}-draft.xlsx"
    )


def _file(content: bytes, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = XLSX
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
