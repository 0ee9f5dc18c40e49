"""Which draft a page of the editor is about."""

from __future__ import annotations

import uuid

from flask import abort
from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft
from assess.editor.workbench import Workbench, workbench
from assess.kit.clock import now
from assess.kit.db import session


def at_work_or_404(session: Session, draft_id: uuid.UUID, bank: str | None = None) -> Workbench:
    """An open draft as it stands now.

    Raises:
        HTTPException: 404 when there is none, it is over, or it has no such bank.
    """
    draft = draft_or_404(session, draft_id)
    if not draft.stage.open:
        abort(404)
    found = workbench(session, draft, now())
    return found if bank is None or bank in found.shelf.banks() else abort(404)


def open_draft_or_404(draft_id: uuid.UUID) -> Draft:
    """The draft of a page that changes it, in the session of this request.

    Raises:
        HTTPException: 404 when there is none, or it is over.
    """
    draft = draft_or_404(session(), draft_id)
    return draft if draft.stage.open else abort(404)


def draft_or_404(session: Session, draft_id: uuid.UUID) -> Draft:
    """This draft, open or not.

    Raises:
        HTTPException: 404 when there is none.
    """
    return session.get(Draft, draft_id) or abort(404)
