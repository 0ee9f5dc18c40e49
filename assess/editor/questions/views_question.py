"""One question of a draft."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template

from assess.editor.door import at_work_or_404, let_in
from assess.kit.db import database
from assess.kit.declaring import needs

blueprint = Blueprint("question", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/questions/<question_id>")


@blueprint.get("")
@needs("banks.read")
def show_question(draft_id: uuid.UUID, bank: str, question_id: str) -> str:
    """The question as it stands in the draft."""
    let_in()
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        spot = at_work.question(bank, question_id) or abort(404)
        return render_template(
            "editor/question.html", draft=at_work.draft, bank=bank, spot=spot, told=at_work.told_of(spot)
        )
