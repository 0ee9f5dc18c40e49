"""Free text of the register and of what was printed, for whoever takes words out: reasons, who does it, notes of proof, files."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from assess.assessments.careful.places import Kept, Place, marked_in, replaced
from assess.assessments.models import Submission
from assess.plans.printing.models import Rendered
from assess.plans.register.models import EvidenceRow, RegisterEvent, RegisterItem

WHERE = "Your action plan"
_QUIETLY = {"synchronize_session": False}
_TYPED = ("reason_text", "owner")


def _mine(column: Any, assessment_id: uuid.UUID) -> ColumnElement[bool]:  # noqa: ANN401  # a column of any table
    found: ColumnElement[bool] = column.in_(select(Submission.id).where(Submission.assessment_id == assessment_id))
    return found


def _texts(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    roles = _roles(session, assessment_id)
    items = select(RegisterItem.reason_text, RegisterItem.owner).where(_mine(RegisterItem.submission_id, assessment_id))
    for row in session.execute(items):
        yield from (Kept(text, WHERE) for text in row if text not in roles)
    titles = select(EvidenceRow.title).where(_mine(EvidenceRow.submission_id, assessment_id))
    yield from (Kept(title, WHERE) for title in session.scalars(titles))
    for event in session.scalars(select(RegisterEvent).where(_mine(RegisterEvent.submission_id, assessment_id))):
        for state in (event.before, event.after):
            texts = [state[part] for part in _TYPED] + [note["title"] for note in state["notes"]]
            yield from (Kept(text, WHERE, earlier=True) for text in texts if text not in roles)


def _roles(session: Session, assessment_id: uuid.UUID) -> set[str]:
    """The jobs the plans themselves name: chosen from a list, not typed."""
    records = session.scalars(select(Submission.record).where(Submission.assessment_id == assessment_id))
    return {action["owner_name"] for record in records for action in record["actions"]}


def _out_of_register(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    count = 0
    for column in (RegisterItem.reason_text, RegisterItem.owner, EvidenceRow.title):
        count += marked_in(session, column, _mine(column.class_.submission_id, assessment_id), text)
    for event in session.scalars(select(RegisterEvent).where(_mine(RegisterEvent.submission_id, assessment_id))).all():
        before, after = _cleaned(event.before, text), _cleaned(event.after, text)
        if (before, after) != (event.before, event.after):
            event.before, event.after = before, after
            count += 1
    session.flush()
    return count


def _cleaned(state: dict[str, Any], text: str) -> dict[str, Any]:
    notes = [{**note, "title": replaced(note["title"], text)} for note in state["notes"]]
    return {**state, **{part: replaced(state[part], text) for part in _TYPED}, "notes": notes}


def _away_with_files(session: Session, assessment_id: uuid.UUID, _text: str, _now: datetime) -> int:
    """All printed copies go: they are drawn again from what is left when somebody asks for one."""
    session.execute(delete(Rendered).where(_mine(Rendered.submission_id, assessment_id)), execution_options=_QUIETLY)
    return 0


PLACES = (
    Place("register", _texts, _out_of_register),
    Place("printed copies", lambda _session, _assessment_id: (), _away_with_files),
)
