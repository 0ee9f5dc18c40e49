"""Who the business is, and what the duties need to know about it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import cast

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, areas, texts_of_today, workspace
from assess.assessments.answering import (
    AlreadySubmittedError,
    OrganisationField,
    save_facts,
    save_gates,
    save_organisation,
)
from assess.assessments.conflicts import Disputed, conflict_page, real_conflicts
from assess.assessments.facts_form import (
    FACTS_A_PAGE,
    STORED_GATES,
    GateName,
    as_question,
    facts_now,
    from_answer,
    gate_question,
    said_of,
    to_answer,
)
from assess.assessments.fields import Cleaner, OneOf, sentences
from assess.assessments.identity import CompanyNumber, Name, Postcode
from assess.assessments.models import Part
from assess.assessments.question_parts import CONFIRM_AGAIN, make_part
from assess.assessments.section_form import Posted, read_section
from assess.assessments.section_page import Shown, summary_rows
from assess.assessments.typed import LONGEST_RAW, from_stored, revision_in
from assess.assessments.visits import note_use
from assess.engine.bank import Fact, Question
from assess.engine.facts import FactValue
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires

IDENTITY: tuple[OrganisationField, ...] = ("name", "area", "postcode", "company_number")
Answer = str | Response | tuple[str, int]

blueprint = Blueprint("business", __name__, url_prefix="/assessments/<uuid:assessment_id>/business")


@blueprint.get("")
@requires("assessment.answer", load=workspace)
def show_identity(work: Workspace) -> Answer:
    """Name, area, postcode and company number."""
    return _closed(work) or _identity_page(work, work.opened.organisation, {})


@blueprint.post("")
@audited("saved")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def save_identity(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """Save what is valid of it."""
    typed: dict[str, str] = {name: request.form.get(name, "")[:LONGEST_RAW].strip() for name in IDENTITY}
    cleaners: dict[OrganisationField, Cleaner[str]] = {
        "name": Name(),
        "area": OneOf(list(areas()), typed=True),
        "postcode": Postcode(),
        "company_number": CompanyNumber(),
    }
    changes: dict[OrganisationField, str | None] = {}
    faults: dict[str, str] = {}
    for name, cleaner in cleaners.items():
        try:
            changes[name] = cleaner.deserialize(typed[name]) if typed[name] else None
        except ValidationError as refusal:
            faults[name] = " ".join(sentences(refusal))
    if not typed["area"]:
        changes.pop("area", None)  # a radio that sends nothing was never chosen
    seen: dict[str, int] = {name: revision_in(request.form, f"{name}.seen") for name in IDENTITY}
    try:
        saved = save_organisation(session(), work.id, changes, seen, now())
    except AlreadySubmittedError:
        return _to_tasks(work)
    for conflict in real_conflicts(session(), work.id, Part.ORGANISATION, saved.conflicts, seen):
        theirs = f"to “{conflict.theirs}”" if conflict.theirs else "to nothing"
        faults[conflict.question] = f"Someone else changed this {theirs} meanwhile. Save again to put in yours."
    _note_use(work)
    if faults:
        return _identity_page(workspace(assessment_id), typed, faults), 422
    return redirect(_after_identity(work), 303)


@blueprint.get("/gates")
@requires("assessment.answer", load=workspace)
def show_gates(work: Workspace) -> Answer:
    """The two questions that settle many facts at once."""
    return _closed(work) or _gates_page(work, None)


@blueprint.post("/gates")
@audited("saved")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def save_gate_answers(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """Save the answers to the gates. "Not sure" takes an earlier answer back, so every fact behind the gate is asked."""
    posted = read_section(request.form, _gate_questions(work))
    changes: dict[GateName, bool | None] = {
        name: None if posted.changes[name] == "dk" else posted.changes[name] == "yes"
        for name in STORED_GATES.values()
        if name in posted.changes
    }
    try:
        save_gates(session(), work.id, changes, posted.seen, now())
    except AlreadySubmittedError:
        return _to_tasks(work)
    _note_use(work)
    if posted.faults:
        return _gates_page(workspace(assessment_id), posted), 422
    return redirect(url_for("business.show_facts", assessment_id=work.id), 303)


@blueprint.get("/facts")
@requires("assessment.answer", load=workspace)
def show_facts(work: Workspace) -> Answer:
    """The next few facts that a duty still waits for."""
    facts = _next_facts(work, _passed_over(work))
    return _closed(work) or (_facts_html(work, facts, None) if facts else _to_tasks(work))


@blueprint.get("/facts/<fact_id>")
@requires("assessment.answer", load=workspace)
def show_fact(work: Workspace, fact_id: str) -> Answer:
    """One fact, to change it."""
    return _closed(work) or _facts_html(work, [_fact_or_404(work, fact_id)], None, one=True)


@blueprint.post("/facts")
@audited("saved")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def save_fact_page(work: Workspace) -> Answer:
    """Save the facts of a page, then ask for the next few. What was left open is passed over this time."""
    shown = [fact.id for fact in _next_facts(work, _passed_over(work))]
    left = ",".join([*_passed_over(work), *shown])
    return _save_facts(work, url_for("business.show_facts", assessment_id=work.id, left=left or None))


@blueprint.post("/facts/<fact_id>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def save_fact(work: Workspace, fact_id: str) -> Answer:
    """Save one changed fact, then back to where it was changed from."""
    _fact_or_404(work, fact_id)
    return _save_facts(work, url_for("check.show_check", assessment_id=work.id, _anchor="about"), one=True)


def _save_facts(work: Workspace, next_address: str, *, one: bool = False) -> Answer:
    facts = {fact.id: fact for fact in work.edition.duty_book.facts}
    posted = read_section(request.form, [as_question(fact) for fact in facts.values()])
    changes: dict[str, FactValue | None] = {
        name: from_answer(facts[name], answer) for name, answer in posted.changes.items()
    }
    try:
        saved = save_facts(session(), work.id, changes, posted.seen, now())
    except AlreadySubmittedError:
        return _to_tasks(work)
    conflicts = real_conflicts(session(), work.id, Part.FACT, saved.conflicts, posted.seen)
    _note_use(work)
    if conflicts:
        disputed = [
            Disputed(
                conflict,
                as_question(facts[conflict.question]),
                facts[conflict.question].ask,
                _said(facts[conflict.question], conflict.yours),
                _said(facts[conflict.question], conflict.theirs),
            )
            for conflict in conflicts
        ]
        return conflict_page(disputed, posted, back=None), 409
    if posted.faults:
        return _facts_html(workspace(work.id), [facts[name] for name in posted.asked], posted, one=one), 422
    return redirect(next_address, 303)


def _said(fact: Fact, value: object) -> list[str]:
    return ["No answer"] if value is None else [said_of(fact, cast("FactValue", value))]


def _next_facts(work: Workspace, passed_over: Sequence[str]) -> Sequence[Fact]:
    opened = work.opened
    to_ask = {fact.id for fact in facts_now(work.edition, opened.confirmed, opened.gates, opened.facts).to_ask}
    to_ask |= opened.waiting.get(Part.FACT, frozenset())
    return [fact for fact in work.edition.duty_book.facts if fact.id in to_ask and fact.id not in passed_over][
        :FACTS_A_PAGE
    ]


def _passed_over(work: Workspace) -> list[str]:
    """The facts that were on an earlier page of this round, whether answered or left open."""
    known = {fact.id for fact in work.edition.duty_book.facts}
    return [name for name in request.args.get("left", "").split(",") if name in known]


def _fact_or_404(work: Workspace, fact_id: str) -> Fact:
    return next((fact for fact in work.edition.duty_book.facts if fact.id == fact_id), None) or abort(404)


def _gate_questions(work: Workspace) -> list[Question]:
    return [gate_question(gate) for gate in work.edition.duty_book.gates]


def _identity_page(work: Workspace, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    revisions = work.opened.revisions[Part.ORGANISATION]
    return render_template(
        "assessments/identity.html",
        back=url_for(
            "check.show_check" if request.values.get("back") == "check" else "tasks.show_tasks", assessment_id=work.id
        ),
        typed={name: typed.get(name) for name in IDENTITY},
        faults={name: faults[name] for name in IDENTITY if name in faults},
        revisions={name: revisions.get(name, 0) for name in IDENTITY},
        areas=list(areas().items()),
        from_check=request.values.get("back") == "check",
    )


def _gates_page(work: Workspace, posted: Posted | None) -> str:
    questions = _gate_questions(work)
    revisions = work.opened.revisions[Part.GATE]
    said = {name: "yes" if value else "no" for name, value in work.opened.gates.items()}
    shown = [
        Shown(
            question.id,
            revisions.get(question.id, 0),
            typed=from_stored(question, said.get(question.id)),
            faults=posted.faults.get(question.id, ()) if posted else (),
            again=CONFIRM_AGAIN if question.id in work.opened.waiting.get(Part.GATE, frozenset()) else "",
        )
        for question in questions
    ]
    return _parts_page(
        questions,
        shown,
        heading="Two questions first",
        lead="Where the answer is No, we need not ask more about it.",
        back=url_for("tasks.show_tasks", assessment_id=work.id),
    )


def _facts_html(work: Workspace, facts: Sequence[Fact], posted: Posted | None, *, one: bool = False) -> str:
    opened = work.opened
    uk_only = opened.gates.get("foreign") is False
    questions = [as_question(fact, uk_only=uk_only) for fact in facts]
    shown = []
    for fact in facts:
        revision = opened.revisions[Part.FACT].get(fact.id, 0)
        if posted is not None and fact.id in posted.faults:
            shown.append(Shown(fact.id, revision, typed=posted.typed[fact.id], faults=posted.faults[fact.id]))
        else:
            again = CONFIRM_AGAIN if fact.id in opened.waiting.get(Part.FACT, frozenset()) else ""
            shown.append(Shown(fact.id, revision, to_answer(fact, opened.facts.get(fact.id)), again=again))
    back = "check.show_check" if one else "tasks.show_tasks"
    return _parts_page(
        questions,
        shown,
        heading="Which laws bind you",
        lead="Your answers told most of it; this is what is left. It scores nothing. If you are not sure, say so, or leave it empty.",
        back=url_for(back, assessment_id=work.id),
    )


def _parts_page(questions: Sequence[Question], shown: Sequence[Shown], *, heading: str, lead: str, back: str) -> str:
    texts = texts_of_today()
    parts = [make_part(question, texts, current_app.jinja_env) for question in questions]
    return render_template(
        "assessments/facts.html",
        heading=heading,
        lead=lead,
        back=back,
        action=request.full_path.rstrip("?"),
        faults=summary_rows(parts, shown),
        parts=[
            Markup(one.in_form(part).decode())  # noqa: S704 - a filled mould is finished HTML
            for part, one in zip(parts, shown, strict=True)
        ],
    )


def _after_identity(work: Workspace) -> str:
    if request.form.get("back") == "check":
        return url_for("check.show_check", assessment_id=work.id, _anchor="about")
    return url_for("tasks.show_tasks", assessment_id=work.id)


def _note_use(work: Workspace) -> None:
    note_use(session(), visit_token(), work.id, now())
    commit_request()


def _closed(work: Workspace) -> Response | None:
    """The way back to the tasks once it is submitted: nothing can be changed then."""
    return _to_tasks(work) if work.opened.submitted else None


def _to_tasks(work: Workspace) -> Response:
    return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
