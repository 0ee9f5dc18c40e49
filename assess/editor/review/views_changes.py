"""What a draft changes, on one page that can be printed for a meeting."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.editor.door import at_work_or_404
from assess.editor.review.comparing import changed_banks, changed_files
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import permitted_person

blueprint = Blueprint("changes", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/changes")


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_changes(draft_id: uuid.UUID) -> str:
    """Every bank that changes beside its edition in force, then the other files."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        return render_template(
            "editor/changes.html",
            draft=at_work.draft,
            at_work=at_work,
            banks=changed_banks(look, at_work),
            files=changed_files(look, at_work),
        )
