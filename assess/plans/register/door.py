"""What every page of the register begins with: the plan of this browser's assessment, one item of it, and where to write.

Nothing of it is there for anybody else: whoever may not see the assessment is told that there is no such page.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.models import Submission
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.assessments.visits import note_use
from assess.kit.clock import now, today
from assess.kit.cookies import visit_token
from assess.kit.db import database, session
from assess.plans.actions import Item
from assess.plans.copies import aged
from assess.plans.document import Plan, business_plan
from assess.plans.register.answer_form import Bounds
from assess.plans.register.carrying import done_before, keep_registers
from assess.plans.register.keeping import PlanReplacedError, state_of
from assess.plans.register.roles import roles_of
from assess.plans.register.saving import Place, Seen

blueprint = Blueprint("register", __name__, url_prefix="/assessments/<uuid:assessment_id>/result/actions")
blueprint.record(lambda _state: keep_registers())  # a site that shows registers also takes them over


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
        return next((item for item in self.items if item.key == key), None) or abort(404)

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
    asked = {item.key for item in plan.register.items if item.what == "action" and not item.held}
    return Opened(work, submission, plan, done & asked)


def open_item(assessment_id: uuid.UUID, key: str, *, to_change: bool) -> tuple[Opened, Item]:
    """The plan and one item of it. An item that waits for advice is there to be read, never to be changed."""
    found = open_register(assessment_id)
    item = found.item_or_404(key)
    if to_change and item.held:
        abort(404)
    return found, item


def used(found: Opened) -> None:
    """Note that this browser has just sent something."""
    note_use(session(), visit_token(), found.work.id, now())


def replaced(found: Opened) -> Response:
    """The way on when corrected answers were submitted at this very moment: the new plan, with all that was taken over."""
    return redirect(url_for("register.show_register", assessment_id=found.work.id), 303)


def event_id_in(form: Mapping[str, str]) -> int:
    """Which entry of a history a form is about; 0, which nothing has, when it cannot be read."""
    text = form.get("event", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004  # no id has ten digits


__all__ = ["Opened", "PlanReplacedError", "blueprint", "event_id_in", "open_item", "open_register", "replaced", "used"]
