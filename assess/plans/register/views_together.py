"""The page that answers all the rest in one go, and what the register says afterwards, with the way back.

Whatever sign is open, the page reads the same: it counts what can be answered and names nothing by what was answered to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import ANSWERING_ALL, SAVING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.register.board import rest_of
from assess.plans.register.door import Opened, blueprint, open_register, replaced, used
from assess.plans.register.keeping import Change, PlanReplacedError
from assess.plans.register.options import RESPONSES
from assess.plans.register.saving import Seen
from assess.plans.register.telling import is_overdue
from assess.plans.register.together import (
    Batch,
    accept_rest,
    entries_of,
    made_since,
    newest_entry,
    take_back,
)
from assess.plans.words import listed

Answer = str | Response


@dataclass(frozen=True, slots=True)
class Together:
    """What was answered in one go just before: how many, and the name of the batch to take it back by."""

    count: int
    batch: Batch


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of taking it back: how many are as before, and the numbers of those that stayed, as finished text."""

    count: int
    stayed: int
    numbers: str


@blueprint.get("/all-the-rest")
@requires("plan.follow", load=open_register)
def show_rest(found: Opened) -> Answer:
    """What a yes to all of them would do, before anything happens."""
    day = today().isoformat()
    rest = rest_of(found.items, day)
    if not rest:
        return redirect(url_for("register.show_register", assessment_id=found.work.id), 303)
    with database().reading() as look:
        seen = Seen(found.submission.number, newest_entry(look, found.submission.id))
    late = [str(item.number) for item in found.items if item.state.response is None and is_overdue(item, day)]
    return render_template(
        "plans/register_rest.html",
        id=found.work.id,
        rest=rest,
        late=late,
        late_numbers=listed(late),
        accepted=RESPONSES["accepted"],
        seen=seen,
    )


@blueprint.post("/all-the-rest")
@audited("accepted")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_register)
def accept_all(found: Opened) -> Answer:
    """Answer all that has no answer and is not late; a plan that nobody saw yet is shown first."""
    count_costly(ANSWERING_ALL, found.work.id)
    seen = Seen.read(request.form.get("seen", ""))
    if seen.number != found.submission.number:
        return redirect(url_for("register.show_rest", assessment_id=found.work.id), 303)
    try:
        rest = rest_of(found.items, today().isoformat())
        accept_rest(session(), found.submission.id, [item.key for item in rest], now(), of=found.work.id)
    except PlanReplacedError:
        return replaced(found)
    used(found)
    batch = made_since(session(), found.submission.id, seen.revision)
    return redirect(url_for("register.show_register", assessment_id=found.work.id, together=batch), 303)


@blueprint.post("/all-the-rest/undo")
@audited("undone")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_register)
def undo_all(found: Opened) -> Answer:
    """Take back what was answered in one go."""
    count_costly(ANSWERING_ALL, found.work.id)
    batch = Batch.read(request.form.get("batch", ""))
    if batch is None or not entries_of(session(), found.submission.id, batch):
        return replaced(found)
    try:
        take_back(session(), found.submission.id, batch, now(), of=found.work.id)
    except PlanReplacedError:
        return replaced(found)
    used(found)
    return redirect(url_for("register.show_register", assessment_id=found.work.id, undone=batch), 303)


def together_words(found: Opened, text: str) -> Together | None:
    """What to say after a yes to all, as long as something of it can be taken back."""
    batch = Batch.read(text)
    if batch is None:
        return None
    with database().reading() as look:
        entries = entries_of(look, found.submission.id, batch)
    as_said = [
        item for item in found.items if item.key in entries and item.state.revision == entries[item.key].revision
    ]
    return Together(len(entries), batch) if as_said else None


def taken_back_words(found: Opened, text: str) -> TakenBack | None:
    """What to say after taking it back."""
    batch = Batch.read(text)
    if batch is None:
        return None
    with database().reading() as look:
        entries = entries_of(look, found.submission.id, batch)
    if not entries:
        return None
    stayed = [
        str(item.number)
        for item in found.items
        if item.key in entries and not Change.of(item.state).says_the_same_as(entries[item.key].before)
    ]
    return TakenBack(len(entries) - len(stayed), len(stayed), listed(stayed))
