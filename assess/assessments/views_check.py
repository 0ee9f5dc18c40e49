"""Look over everything, then submit: the answers are frozen and the result appears."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, areas, loaded_edition, reference_today, settings_today, workspace
from assess.assessments.answering import Filled, OtherEditionError
from assess.assessments.checking import checked_facts, checked_sections, contradicted, missing_rows, reread_rows
from assess.assessments.facts_form import STORED_GATES, facts_now
from assess.assessments.ordering_files import order_first_files
from assess.assessments.owning.waiting import facts_to_confirm
from assess.assessments.progress import what_is_left
from assess.assessments.purchases.keeping import lines_of
from assess.assessments.purchases.showing import bought_of, has_work, how_many
from assess.assessments.recording import record_of
from assess.assessments.submitting import submit
from assess.assessments.together.helping import was_together
from assess.assessments.typed import revision_in
from assess.assessments.views_tasks import NEEDED_FOR_IDENTITY, facts_address
from assess.assessments.visits import note_use
from assess.engine.record import Operator
from assess.engine.scoring import score
from assess.engine.settings import DatedSettings
from assess.kit.application import settings_of
from assess.kit.clock import now, today
from assess.kit.cookies import visit_token
from assess.kit.db import Document, roll_back_request, session
from assess.kit.limits import SAVING, SUBMITTING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires

Faults = Sequence[tuple[str, str]]
MOVED = ("stand", "The questions changed while you had this page open. Look over your answers, then submit again.")

blueprint = Blueprint("check", __name__, url_prefix="/assessments/<uuid:assessment_id>")


@blueprint.get("/check")
@requires("assessment.read", load=workspace)
def show_check(work: Workspace) -> str | Response:
    """Everything said, what is missing, the range so far, and what to read again."""
    if work.opened.submitted:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    return _page(work, [])


@blueprint.post("/submit")
@audited("submitted")
@limited(SAVING, by_visit)
@requires("assessment.submit", load=workspace)
def submit_answers(work: Workspace, assessment_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Freeze the answers and go to the result."""
    result = url_for("tasks.show_tasks", assessment_id=work.id) + "result"
    if work.opened.submitted:
        return redirect(result, 303)
    drawn = revision_in(request.form, "edition") or work.opened.edition_id
    if drawn != work.opened.edition_id:
        return _page(work, [MOVED]), 409
    faults = _faults(work)
    if faults:
        return _page(work, faults), 422
    count_costly(SUBMITTING, work.id)
    moment = now()
    settings = settings_today()
    version = revision_in(request.form, "version") or None
    try:
        made = submit(
            session(), work.id, lambda said: _record(said, settings), moment, version=version, edition_id=drawn
        )
    except OtherEditionError:
        roll_back_request()
        return _page(workspace(assessment_id), [MOVED]), 409
    order_first_files(session(), made.id, moment)
    note_use(session(), visit_token(), work.id, moment)
    return redirect(result, 303)


def _faults(work: Workspace) -> Faults:
    faults = []
    if any(part not in work.opened.organisation for part in NEEDED_FOR_IDENTITY):
        faults.append(("about", "Give the name of the business and where it is: both stand on the plan."))
    if _copied(work) or facts_to_confirm(work):
        faults.append(("confirm", "Confirm each of the answers you took over from your other self-check."))
    if "reread" not in request.form and _has_reread(work):
        faults.append(("reread", "Read these answers again, then tick the box."))
    return faults


def _copied(work: Workspace) -> set[str]:
    """The questions shown whose answer is of another place: one that changed since counts like one without an answer."""
    return set(work.progress.to_confirm) - work.opened.changed


def _has_reread(work: Workspace) -> bool:
    found = work.progress.settled.found
    sections = checked_sections(work.edition, work.opened.confirmed, {}, found, settings_today().texts)
    return bool(reread_rows(work.edition, sections))


def _record(said: Filled, settings: DatedSettings) -> Document:
    """The record of what was said, as things stand today."""
    ours = settings_of(current_app)
    operator = Operator(ours.operator, ours.operator_contact or "", ours.operator_complaints or "")
    bought = bought_of(lines_of(session(), said.assessment_id), reference_today())
    return record_of(
        said,
        loaded_edition(said.edition_id),
        settings,
        operator=operator,
        day=today(),
        bought=bought,
        together=was_together(session(), said.assessment_id),
    )


def _page(work: Workspace, faults: Faults) -> str:
    opened, edition = work.opened, work.edition
    settings = settings_today()
    shown = work.progress.settled.found
    sections = checked_sections(edition, opened.confirmed, opened.evidence, shown, settings.texts)
    filled_in = checked_sections(edition, opened.answers, {}, shown, settings.texts) if opened.waiting else ()
    waiting = [row for part in filled_in for row in part.rows if row.id in set(work.progress.to_confirm)]
    facts = facts_now(edition, opened.confirmed, opened.gates, opened.facts)
    given, derived = checked_facts(edition, facts)
    result = score(work.full, opened.confirmed, settings.scoring, quick=opened.quick)
    organisation = opened.organisation
    lines = lines_of(session(), work.id)
    return render_template(
        "assessments/check.html",
        id=work.id,
        errors=faults,
        quick=opened.quick,
        version=opened.version,
        left=what_is_left(work.progress),
        missing=missing_rows(sections, opened.answers),
        waiting=[row for row in waiting if row.id not in opened.changed],
        changed=[row for row in waiting if row.id in opened.changed],
        edition_id=opened.edition_id,
        waiting_facts=facts_to_confirm(work),
        low=result.low,
        high=result.high,
        identity=[
            ("Name", organisation.get("name")),
            ("Where it is", areas().get(organisation.get("area", ""))),
            ("Postcode", organisation.get("postcode")),
            ("Company number", organisation.get("company_number")),
        ],
        gates=[
            {"ask": gate.ask, "said": "Yes" if opened.gates[stored] else "No"}
            for gate in edition.duty_book.gates
            if (stored := STORED_GATES[gate.id]) in opened.gates
        ],
        given=given,
        derived=derived,
        law_questions=facts.left,
        law_href=facts_address(work),
        contradicted=contradicted(edition, facts, sections),
        buys=how_many(len(lines)) if lines else None,
        buys_work=bool(lines) and has_work(lines, reference_today()),
        sections=sections,
        reread=reread_rows(edition, sections),
    )
