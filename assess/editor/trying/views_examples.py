"""The worked examples of a bank: which hold in the draft, what makes the difference, and each way to put it right."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.section_form import read_section
from assess.banks.drafts.models import Draft
from assess.editor.door import at_work_or_404
from assess.editor.saving import save_change
from assess.editor.trying.carrying import fitting, from_text
from assess.editor.trying.example_pages import Standing, forms_for, standing_of
from assess.editor.trying.holding import Held, expected_of, result_of, share_of
from assess.editor.trying.mending import (
    LONGEST_TITLE,
    Edit,
    ExampleError,
    add_example,
    drop_answers,
    give_answers,
    rename_example,
    retire_example,
    write_figures,
)
from assess.engine.examples import Example
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("examples", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/examples")
MOVED_ON = "Somebody changed this example since you opened it. Here it is as it stands now. Look at it, and do it again if it is still right."
OTHER_FIGURES = "The draft was changed since you opened this page, and the figures with it. Look at them again before you write them in."
NO_TITLE = "Enter a title, such as “A farm with agency workers”."
NOT_NOW = "This cannot be written now: the draft has problems that come first. See “Problems”."
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_examples(draft_id: uuid.UUID, bank: str) -> str:
    """Every example with its figures beside those of the draft."""
    return _list(draft_id, bank)


@blueprint.post("")
@audited("added")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def add_one(who: Caller, draft_id: uuid.UUID, bank: str) -> Answer:
    """Keep a try-out as an example."""
    title = _title()
    standing = _standing(session(), draft_id, bank)
    trial = standing.trial
    if trial is None:
        return _list(draft_id, bank, NOT_NOW), 409
    tried = fitting(from_text(request.form.get("said", "")), trial.edition)
    if not title or not tried.answers:
        return _list(draft_id, bank, NO_TITLE, said=request.form.get("said", "")), 422
    tried = replace(tried, evidence_share=share_of(tried, trial))
    expect = expected_of(result_of(Example(title, tried.answers, {}, tried.evidence_share, tried.quick), trial))
    what = f"the worked example “{title}”: added"
    return _changed(standing, who, add_example(title, tried, expect), what) or _to_list(draft_id, bank)


@blueprint.get("/figures")
@requires("banks.edit", check=permitted_person)
def show_figures(draft_id: uuid.UUID, bank: str) -> str:
    """Ask again before the figures of all examples are written."""
    with database().reading() as look:
        standing = _standing(look, draft_id, bank)
        return render_template("editor/trying/examples_all.html", **standing.of_page, broken=standing.broken)


@blueprint.post("/figures")
@audited("written")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def write_all_figures(who: Caller, draft_id: uuid.UUID, bank: str) -> Answer:
    """Write the figures of the draft into every example that was on the page."""
    standing = _standing(session(), draft_id, bank)
    on_page = [one for one in standing.broken if f"seen.{one.number}" in request.form]
    if any(request.form.get(f"given.{one.number}") != one.given for one in on_page):
        return _list(draft_id, bank, OTHER_FIGURES), 409
    figures = {one.number: (request.form[f"seen.{one.number}"], standing.expected(one)) for one in on_page}
    if not figures:
        return _to_list(draft_id, bank)
    what = "worked examples: the figures of " + ("one" if len(figures) == 1 else f"{len(figures)}")
    return _changed(standing, who, write_figures(figures), what) or _to_list(draft_id, bank)


@blueprint.get("/<int:number>")
@requires("banks.read", check=permitted_person)
def show_example(draft_id: uuid.UUID, bank: str, number: int) -> str:
    """One example: its figures, the answers it lacks, its title."""
    with database().reading() as look:
        return _one(_standing(look, draft_id, bank), number)


@blueprint.post("/<int:number>/figures")
@audited("written")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def write_its_figures(who: Caller, draft_id: uuid.UUID, bank: str, number: int) -> Answer:
    """Write the figures of the draft into one example."""
    standing = _standing(session(), draft_id, bank)
    held = standing.at(number) or abort(404)
    if held.faults:
        return _list(draft_id, bank, NOT_NOW), 409
    if request.form.get("given") != held.given:
        return _list(draft_id, bank, OTHER_FIGURES), 409
    edit = write_figures({number: (_seen(), standing.expected(held))})
    return _changed(standing, who, edit, f"the worked example “{held.title}”: its figures") or _to_list(draft_id, bank)


@blueprint.post("/<int:number>/answers")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_answers(who: Caller, draft_id: uuid.UUID, bank: str, number: int) -> Answer:
    """Write the answers that were given on the page into the example, and take out those that cannot be given any more."""
    standing = _standing(session(), draft_id, bank)
    held = standing.at(number) or abort(404)
    what = f"the worked example “{held.title}”: its answers"
    if held.faults:
        edit = drop_answers(number, _seen(), frozenset(held.faults))
    else:
        posted = read_section(request.form, held.new)
        if posted.faults or set(request.form) & {"add", "remove"}:
            return _one(standing, number, forms=forms_for(standing, held, posted)), 422 if posted.faults else 200
        edit = give_answers(number, _seen(), {key: value for key, value in posted.changes.items() if value is not None})
    return _changed(standing, who, edit, what) or _to_one(draft_id, bank, number)


@blueprint.post("/<int:number>/title")
@audited("changed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def rename_one(who: Caller, draft_id: uuid.UUID, bank: str, number: int) -> Answer:
    """Call it something else."""
    title = _title()
    standing = _standing(session(), draft_id, bank)
    held = standing.at(number) or abort(404)
    if not title:
        return _one(standing, number, error=NO_TITLE), 422
    edit, what = rename_example(number, _seen(), title), f"the worked example “{held.title}”: called “{title}”"
    return _changed(standing, who, edit, what, number) or _to_one(draft_id, bank, number)


@blueprint.get("/<int:number>/retire")
@requires("banks.edit", check=permitted_person)
def show_retire(draft_id: uuid.UUID, bank: str, number: int) -> str:
    """Ask again before it is taken out."""
    with database().reading() as look:
        standing = _standing(look, draft_id, bank)
        held = standing.at(number) or abort(404)
        return render_template("editor/trying/example_retire.html", **standing.of_page, held=held)


@blueprint.post("/<int:number>/retire")
@audited("removed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def remove_example(who: Caller, draft_id: uuid.UUID, bank: str, number: int) -> Answer:
    """Take it out."""
    standing = _standing(session(), draft_id, bank)
    held = standing.at(number) or abort(404)
    what = f"the worked example “{held.title}”: retired"
    return _changed(standing, who, retire_example(number, _seen()), what, number) or _to_list(draft_id, bank)


def _changed(standing: Standing, who: Caller, edit: Edit, what: str, number: int | None = None) -> Answer | None:
    """Do it; None when it is done, else the page that says why it is not."""
    draft: Draft = standing.at_work.draft
    draft_id, bank = draft.id, standing.bank
    try:
        refused = save_change(draft, standing.sheet, edit, who.id, what)
    except ExampleError as fault:
        roll_back_request()
        said, status = str(fault), 422
    else:
        if refused is None:
            return None
        said, status = MOVED_ON if refused.moved else refused.words, 409
    if number is None:
        return _list(draft_id, bank, said, said=request.form.get("said", "")), status
    with database().reading() as look:
        return _one(_standing(look, draft_id, bank), number, error=said), status


def _standing(look: Session, draft_id: uuid.UUID, bank: str) -> Standing:
    return standing_of(look, at_work_or_404(look, draft_id, bank), bank)


def _list(draft_id: uuid.UUID, bank: str, error: str | None = None, *, said: str = "") -> str:
    with database().reading() as look:
        standing = _standing(look, draft_id, bank)
        return render_template(
            "editor/trying/examples.html",
            **standing.of_page,
            examples=standing.examples,
            broken=standing.broken,
            problems=standing.problems,
            error=error,
            said=said,
            typed=request.form.get("title", ""),
        )


def _one(standing: Standing, number: int, *, error: str | None = None, forms: object = None) -> str:
    held: Held = standing.at(number) or abort(404)
    return render_template(
        "editor/trying/example.html",
        **standing.of_page,
        held=held,
        forms=forms or forms_for(standing, held),
        error=error,
        typed=request.form.get("title", held.title),
    )


def _title() -> str:
    return " ".join(request.form.get("title", "").split())[:LONGEST_TITLE]


def _seen() -> str:
    return request.form.get("seen", "")


def _to_list(draft_id: uuid.UUID, bank: str) -> Response:
    return redirect(url_for("examples.show_examples", draft_id=draft_id, bank=bank), 303)


def _to_one(draft_id: uuid.UUID, bank: str, number: int) -> Response:
    return redirect(url_for("examples.show_example", draft_id=draft_id, bank=bank, number=number), 303)
