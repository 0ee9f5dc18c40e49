"""One bank of a draft: its sections and questions in the order of asking."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.editor.door import at_work_or_404, let_in
from assess.kit.db import database
from assess.kit.declaring import needs

blueprint = Blueprint("bank", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>")


@blueprint.get("")
@needs("banks.read")
def show_bank(draft_id: uuid.UUID, bank: str) -> str:
    """Every section with its questions."""
    let_in()
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        return render_template(
            "editor/bank.html", draft=at_work.draft, bank=bank, sections=list(at_work.sections_of(bank))
        )
