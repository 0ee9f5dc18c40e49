"""An agreed date in the plan of the business: only when the business asks for it, and only where its plan still has a date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.banks.editions import edition_of
from assess.plans.buyer_view import buyer_view_of
from assess.plans.register.keeping import Change, ChangedMeanwhileError, change, item_of
from assess.plans.register.state import ItemState
from assess.plans.talk.steps import step_key


def question_of(session: Session, submission: Submission, step: str) -> str | None:
    """The item of the register a step stands for. The business alone gets here: a key names nothing to a buyer."""
    view = buyer_view_of(submission.record, edition_of(session, submission.edition_id).edition)
    return next((one.key for one in view.steps if step_key(one.do) == step), None)


def can_be_set(session: Session, submission: Submission, step: str, agreed: date) -> bool:
    """Whether the plan has another date for this step and is not through with it."""
    key = question_of(session, submission, step)
    return key is not None and _takes(item_of(session, submission.id, key), agreed)


def set_in_plan(session: Session, submission: Submission, step: str, agreed: date, now: datetime) -> bool:
    """Set it; whether anything changed.

    Raises:
        PlanReplacedError: when this is not the latest submission.
    """
    key = question_of(session, submission, step)
    if key is None:
        return False
    try:
        return _set(session, submission, key, agreed, now)
    except ChangedMeanwhileError:  # nobody else can write before this transaction ends, so the second try goes through
        return _set(session, submission, key, agreed, now)


def _takes(state: ItemState, agreed: date) -> bool:
    through = state.response in {"will_not", "already_done"} or state.status == "done"
    return not through and state.due != agreed.isoformat()


def _set(session: Session, submission: Submission, key: str, agreed: date, now: datetime) -> bool:
    state = item_of(session, submission.id, key)
    if not _takes(state, agreed):
        return False
    new = replace(Change.of(state), response="accepted", due=agreed.isoformat())
    change(session, submission.id, key, new, state.revision, now, of=submission.assessment_id)
    return True
