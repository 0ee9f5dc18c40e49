"""How every page of the editor begins: who may open it, and which draft it is about."""

from __future__ import annotations

import uuid

from flask import abort
from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft
from assess.editor.workbench import Workbench, workbench
from assess.kit.clock import now
from assess.kit.db import session
from assess.kit.declaring import action_of_request
from assess.people.accounts.door import signed_in_or_sign_in
from assess.people.accounts.proving import see_proven
from assess.people.caller import Caller
from assess.people.permissions import ForbiddenError, authorise


def let_in() -> Caller:
    """Whoever calls, if they may do what this page does. For all others 404, as if there were none.

    Raises:
        HTTPException: 404, or a redirect to signing in.
    """
    who = signed_in_or_sign_in()
    try:
        authorise(who, action_of_request())
    except ForbiddenError:
        abort(404)
    see_proven(who)
    return who


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
