"""The plans of a bundle, one after the other: each printed at most once, kept at once, and looked at anew before and after.

What is printed is the file a buyer gets from the page of the share (`plans/shares/wanted.py`), so a plan that somebody printed there
is not printed again, and a bundle that is ordered twice prints nothing twice.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import Clock
from assess.kit.db import Database
from assess.kit.logs import log
from assess.plans.printing.render import PrintingFailedError, render_page
from assess.plans.shares.granting import lives
from assess.plans.shares.looking import is_latest
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.wanted import ToPrint, keep, to_print
from assess.portfolio.files.models import FileState, PlanState, PortfolioFile, PortfolioFilePlan

MOST_TRIES = 3
"""A plan that fails so often is left out and said to be."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the work on a file: whatever has another number by now is not this one's business."""

    file_id: uuid.UUID
    number: int

    def lives(self, file: PortfolioFile | None) -> bool:
        """Whether somebody still wants this part done."""
        return file is not None and file.state is FileState.ORDERED and file.part == self.number


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is after one plan. `printed`: the press was at work."""

    done: int
    total: int
    printed: bool


def state_now(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID | None, now: datetime) -> PlanState:
    """How it stands with a share at this moment: over, answered again since, or (waiting) to be shown."""
    grant = None if grant_id is None else session.get(ShareGrant, grant_id)
    if grant is None or grant.accepted_at is None or grant.organisation_id != buyer_id or not lives(grant, now):
        return PlanState.OVER
    return PlanState.WAITING if is_latest(session, grant) else PlanState.AGAIN


def next_plan(database: Database, part: Part, clock: Clock) -> Step | None:
    """See to the next plan that waits. None when none does, or the part is over.

    Raises:
        PressBusyError, PressUnfitError: nothing was changed.
    """
    with database.reading() as look:
        file = look.get(PortfolioFile, part.file_id)
        if file is None or not part.lives(file):
            return None
        plan = look.scalars(
            select(PortfolioFilePlan)
            .where(PortfolioFilePlan.file_id == part.file_id, PortfolioFilePlan.state == PlanState.WAITING)
            .order_by(PortfolioFilePlan.tries, PortfolioFilePlan.number)
            .limit(1)
        ).first()
        if plan is None:
            return None
        found = state_now(look, file.buyer_id, plan.grant_id, clock())
        wanted = None
        if plan.grant_id is not None and found is PlanState.WAITING:
            wanted = to_print(look, plan.grant_id, clock())
    if wanted is None or plan.grant_id is None:
        return _note(database, part, plan.number, PlanState.THERE if found is PlanState.WAITING else found)
    return _print(database, part, (plan.number, plan.grant_id), wanted, clock)


def _print(database: Database, part: Part, which: tuple[int, uuid.UUID], wanted: ToPrint, clock: Clock) -> Step | None:
    number, grant_id = which
    log("plan_of_a_bundle", number=number)  # one line for each time the press is asked
    try:
        content = render_page(wanted.html)
    except PrintingFailedError as error:
        # the sentence is ours and holds nothing of the copy
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        return _note(database, part, number, None)
    with database.writing() as session:
        kept = keep(session, grant_id, wanted.page, content, clock())
        # ended or changed while it was printed: it is looked at anew in the next round
        return _written(session, part, number, PlanState.THERE if kept else PlanState.WAITING, printed=True)


def _note(database: Database, part: Part, number: int, state: PlanState | None) -> Step | None:
    with database.writing() as session:
        return _written(session, part, number, state, printed=state is None)


def _written(session: Session, part: Part, number: int, state: PlanState | None, *, printed: bool) -> Step | None:
    """Write down what became of a plan; None: a try that failed. The file is locked before the plan, as by whoever deletes it."""
    file = session.get(PortfolioFile, part.file_id, with_for_update=True, populate_existing=True)
    plan = session.get(PortfolioFilePlan, (part.file_id, number), with_for_update=True, populate_existing=True)
    if file is None or plan is None or not part.lives(file):
        return None
    if state is None:
        plan.tries += 1
        state = PlanState.FAILED if plan.tries >= MOST_TRIES else PlanState.WAITING
    plan.state = state
    file.done += state is not PlanState.WAITING
    return Step(file.done, file.total, printed)
