"""What every page of the register begins with: the plan of this browser's assessment, one item of it, and where to write.

Nothing of it is there for anybody else: whoever may not see the assessment is told that there is no such page.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.models import Submission
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.assessments.visits import note_use
from assess.kit.clock import now, today
from assess.kit.cookies import visit_token
from assess.kit.db import database, session
from assess.plans.actions import Item, register_of
from assess.plans.copies import aged, business_record
from assess.plans.document import Plan, business_plan
from assess.plans.register.answer_form import Bounds
from assess.plans.register.carrying import done_before
from assess.plans.register.keeping import PlanReplacedError, state_of
from assess.plans.register.roles import roles_of
from assess.plans.register.saving import Place, Seen

MOST_DIGITS = 9
"""No number of a plan and no id of an entry has more."""

blueprint = Blueprint("register", __name__, url_prefix="/assessments/<uuid:assessment_id>/result/actions")


@dataclass(frozen=True, slots=True)
class Opened:
    """The plan with what the register knows, as it is at this moment.

    `done_before`: keys of what was done before these answers and is asked for by them all the same.
    """

    work: Workspace
    submission: Submission
    plan: Plan
    done_before: frozenset[str]

    @property
    def items(self) -> Sequence[Item]:
        """All items in the order of the plan."""
        return self.plan.register.items

    def bounds_for(self, item: Item) -> Bounds:
        """What the answer to an item may lie between. A job that was picked once can be kept, whatever can be picked now."""
        roles = roles_of(self.work.full)
        kept = item.state.owner
        if kept and kept not in roles and not item.ordinary:
            roles = (*roles, kept)
        return Bounds(self.submission.record["made_on"], today().isoformat(), roles)

    def item_or_404(self, key: str) -> Item:
        """The item with this key, if it is in the plan."""
        return self.with_key(key) or abort(404)

    def with_key(self, key: str) -> Item | None:
        """The item with this key; None where the plan has it not, or it waits for advice."""
        return next((item for item in self.items if item.key == key), None)

    def numbered(self, number: int | None) -> Item | None:
        """The item with this number of the plan, which is all that ever stands in an address."""
        return next((item for item in self.items if item.number == number), None)

    def place(self, key: str) -> Place:
        """Where an item is stored."""
        return Place(self.submission.id, self.submission.number, key, self.work.id)

    def seen(self, item: Item) -> Seen:
        """What a form about this item is drawn from."""
        return Seen(self.submission.number, item.state.revision)


def open_register(assessment_id: uuid.UUID) -> Opened:
    """The latest plan of an assessment, for the browser that may see it; before the first, the way to the tasks."""
    work = workspace(assessment_id)
    with database().reading() as look:
        try:
            submission = submission_of(look, work.id)
        except NothingSubmittedError:
            abort(redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303))
        state = state_of(look, submission.id)
        done = done_before(look, submission.id, state)
    record = aged(submission.record, today().isoformat())
    plan = business_plan(record, state)
    asked = {item.key for item in plan.register.items if item.what == "action"}
    return Opened(work, submission, plan, done & asked)


def open_item(assessment_id: uuid.UUID, number: int) -> tuple[Opened, Item]:
    """The plan and one item of it, by its number.

    A number counts within one submission. A form that was drawn from an earlier one still means what stood under its number there:
    else a word typed for one action would be kept with another.
    """
    found = open_register(assessment_id)
    drawn_from = Seen.read(request.form.get("seen", "")).number
    if 0 < drawn_from < found.submission.number:
        return found, found.item_or_404(_key_in(found, drawn_from, number))
    return found, found.numbered(number) or abort(404)


def open_again(found: Opened, item: Item) -> tuple[Opened, Item]:
    """The plan as it is by now, and the same item of it, whatever its number is there."""
    newest = open_register(found.work.id)
    return newest, newest.item_or_404(item.key)


def _key_in(found: Opened, submission_number: int, number: int) -> str:
    with database().reading() as look:
        record = look.scalar(
            select(Submission.record).where(
                Submission.assessment_id == found.work.id, Submission.number == submission_number
            )
        )
    items = () if record is None else register_of(business_record(record)).items
    return next((item.key for item in items if item.number == number), None) or abort(404)


def number_in(text: str) -> int | None:
    """A number of the plan from an address; None when it cannot be read."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def used(found: Opened) -> None:
    """Note that this browser has just sent something."""
    note_use(session(), visit_token(), found.work.id, now())


def replaced(found: Opened) -> Response:
    """The way on when corrected answers were submitted at this very moment: the new plan, with all that was taken over."""
    return redirect(url_for("register.show_register", assessment_id=found.work.id), 303)


def event_id_in(form: Mapping[str, str]) -> int:
    """Which entry of a history a form is about; 0, which nothing has, when it cannot be read."""
    text = form.get("event", "")
    return number_in(text) or 0


__all__ = [
    "Opened",
    "PlanReplacedError",
    "blueprint",
    "event_id_in",
    "number_in",
    "open_again",
    "open_item",
    "open_register",
    "replaced",
    "used",
]
