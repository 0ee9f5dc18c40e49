"""The list of tasks: where a business is, what is left, and the way to everything else."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from assess.assessments.access import Workspace, may_here, workspace
from assess.assessments.delegation.checking import came_in_from
from assess.assessments.facts_form import FactsNow, facts_now
from assess.assessments.models import Part
from assess.assessments.moving.notice import notice_of
from assess.assessments.owning.around import around
from assess.assessments.owning.waiting import facts_to_confirm
from assess.assessments.progress import SectionProgress, Status, what_is_left
from assess.assessments.purchases.keeping import lines_of
from assess.assessments.purchases.showing import how_many
from assess.assessments.signing.keeping import sent_back
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.kit.clock import date_at
from assess.kit.db import session
from assess.kit.route_permissions import requires

blueprint = Blueprint("tasks", __name__, url_prefix="/assessments/<uuid:assessment_id>")

NEEDED_FOR_IDENTITY = ("name", "area")


@blueprint.get("/")
@requires("assessment.read", load=workspace)
def show_tasks(work: Workspace) -> str:
    """What is done and what is left; once submitted, the way to the result and to a correction."""
    opened = work.opened
    found = work.progress
    ours = around(work)
    return render_template(
        "assessments/tasks.html",
        id=work.id,
        name=opened.organisation.get("name"),
        title=work.full.title,
        quick=opened.quick,
        version=opened.version,
        submitted=submitted_on(work),
        was_submitted=opened.submitted or opened.version > 1,
        left=what_is_left(found),
        identity=identity_status(work),
        facts=facts_status(work),
        facts_href=facts_address(work),
        law_questions=_facts_now(work).left,
        buys=buys_status(work),
        around=ours,
        of_site=ours.site if ours.plans else None,
        came_in=came_in(work),
        sent_back=sent_back(session(), work.id) if may_here("plan.read") else None,
        moving=notice_of(work),
        sections=[_row(work, part) for part in found.sections if part.status is not Status.NOT_NEEDED],
    )


def submitted_on(work: Workspace) -> str | None:
    """The day of the latest submission while nothing is being corrected, as "2026-11-24"."""
    if not work.opened.submitted:
        return None
    try:
        return date_at(submission_of(session(), work.id).made_at).isoformat()
    except NothingSubmittedError:
        return None


def identity_status(work: Workspace) -> str:
    """How far “name and place” is: the name and the area are needed."""
    given = [part in work.opened.organisation for part in NEEDED_FOR_IDENTITY]
    if all(given):
        return str(Status.DONE.value)
    return str((Status.IN_PROGRESS if any(given) else Status.NOT_STARTED).value)


def facts_status(work: Workspace) -> str:
    """How far the facts are: done when no duty waits for one that was not asked."""
    opened = work.opened
    left = len(_facts_now(work).to_ask) + len(facts_to_confirm(work))
    if not left:
        return str(Status.DONE.value)
    if not (opened.facts or opened.gates):
        return str(Status.NOT_STARTED.value)
    return f"{left} left" if left > 1 else "1 left"


def buys_status(work: Workspace) -> str:
    """How many lines the list of purchases has. It may be left out, so it is never half done."""
    lines = lines_of(session(), work.id)
    return how_many(len(lines)) if lines else str(Status.NOT_STARTED.value)


def came_in(work: Workspace) -> int:
    """How many answers of colleagues there are to look at, for whoever may give parts away, until they are sent in."""
    if work.opened.submitted or not may_here("delegation.manage"):
        return 0
    return sum(came_in_from(session(), work.id).values())


def _facts_now(work: Workspace) -> FactsNow:
    opened = work.opened
    return facts_now(work.edition, opened.confirmed, opened.gates, opened.facts)


def facts_address(work: Workspace) -> str:
    """The gates first; once they or any fact were answered, the facts."""
    waiting = work.opened.waiting.get(Part.GATE)  # a gate that was taken over is confirmed on its own page
    started = (work.opened.facts or work.opened.gates) and not waiting
    return url_for("business.show_facts" if started else "business.show_gates", assessment_id=work.id)


def _row(work: Workspace, part: SectionProgress) -> dict[str, str | None]:
    waiting = part.status is Status.DEPENDS
    address = url_for("sections.show_section", assessment_id=work.id, section_id=part.section.id)
    counted = "1 question left" if part.left == 1 else f"{part.left} questions left"
    changed = {question.id for question in part.section.questions} & work.opened.changed & set(work.progress.to_confirm)
    if changed:
        counted += f", {len(changed)} of them to look at again: the question changed"
    return {
        "href": None if waiting else address,
        "title": part.section.title,
        "status": part.status.value,
        "hint": counted if part.left else None,
    }
