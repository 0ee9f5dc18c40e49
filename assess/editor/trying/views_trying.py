"""A draft tried as a business would: page by page, with what comes out at the end. Nothing of it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, current_app, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from assess.assessments.progress import what_is_left
from assess.assessments.question_parts import QuestionPart, make_part
from assess.assessments.section_form import Posted, read_section
from assess.assessments.section_page import Shown, summary_rows
from assess.assessments.typed import Typed, from_stored
from assess.editor.door import at_work_or_404
from assess.editor.trying.asking import (
    FACTS,
    Leaf,
    beside,
    came_up,
    leaf_of,
    may_be_on,
    progress_of,
    way_through,
    with_page,
)
from assess.editor.trying.carrying import DRAFT, IN_FORCE, Tried, fitting, from_text, to_text
from assess.editor.trying.editions import NotYet, ToTry, of_draft, of_today
from assess.editor.trying.outcomes import figures_beside, lines_beside, outcome_of
from assess.editor.workbench import Workbench
from assess.engine.examples import Example
from assess.kit.clock import date_at
from assess.kit.db import database
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person

blueprint = Blueprint("trying", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/try")
RESULT = "result"
"""What a button says that leads to the result."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A try-out that goes on: the editions, and what was said so far."""

    at_work: Workbench
    bank: str
    draft: ToTry | NotYet
    today: ToTry | None
    tried: Tried

    @property
    def asked(self) -> ToTry:
        """The edition that is answered."""
        wanted = self.today if self.tried.which == IN_FORCE else self.draft
        return wanted if isinstance(wanted, ToTry) else abort(404)


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_start(draft_id: uuid.UUID, bank: str) -> str:
    """What to try: the draft or the edition in force, from nothing or from a worked example."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        return render_template(
            "editor/trying/start.html",
            draft=at_work.draft,
            bank=bank,
            not_yet=of_draft(at_work, bank),
            today=of_today(look, at_work, bank),
            examples=_examples(at_work, bank),
        )


@blueprint.post("")
@audited("opened")
@limited(SAVING, by_visit)
@requires("banks.read", check=permitted_person)
def open_page(draft_id: uuid.UUID, bank: str) -> str | tuple[str, int]:
    """The next page: it brings all that was said so far, and takes it on."""
    with database().reading() as look:
        trial = _trial(look, at_work_or_404(look, draft_id, bank), bank)
        here = request.form.get("at", "")
        if not here:
            return _first(trial)
        leaf = leaf_of(trial.asked.edition, trial.tried, here) or abort(404)
        posted = read_section(request.form, may_be_on(trial.asked.edition, trial.tried, here))
        fresh = replace(trial, tried=with_page(trial.asked.edition, trial.tried, here, posted))
        go = request.form.get("go", "")
        if posted.faults and go != "back":
            return _page(fresh, here, posted), 422
        return _next(trial, fresh, leaf, posted, go)


def _trial(look: Session, at_work: Workbench, bank: str) -> Trial:
    trial = Trial(at_work, bank, of_draft(at_work, bank), of_today(look, at_work, bank), _brought(at_work, bank))
    return replace(trial, tried=fitting(trial.tried, trial.asked.edition))


def _brought(at_work: Workbench, bank: str) -> Tried:
    """What the form says, or what the try-out starts with."""
    if "said" in request.form:
        return from_text(request.form["said"])
    which = IN_FORCE if request.form.get("which") == IN_FORCE else DRAFT
    start = next((one for one in _examples(at_work, bank) if one.title == request.form.get("example")), None)
    if start is None:
        return Tried(which=which, quick=request.form.get("length") == "quick")
    return Tried(which=which, quick=start.quick, answers=start.answers, evidence_share=start.evidence_share)


def _first(trial: Trial) -> str:
    """An example is complete, so that its result is the first thing to look at."""
    go = request.form.get("go")
    if go == RESULT or (request.form.get("example") and "said" not in request.form):
        return _result(trial)
    way = way_through(trial.asked.edition, trial.tried)
    return _page(trial, go if go in way else way[0])


def _next(before: Trial, trial: Trial, leaf: Leaf, posted: Posted, go: str) -> str:
    for button in ("add", "remove"):
        if request.form.get(button, "").partition(".")[0] in posted.asked:
            return _page(trial, leaf.id, posted, add=request.form.get("add", ""))
    if go == RESULT:
        return _result(trial)
    edition = trial.asked.edition
    new = came_up(edition, before.tried, trial.tried, leaf.id) if go != "back" else ()
    if new and (leaf.id != FACTS or posted.changes):
        return _page(trial, leaf.id, new=new)
    following = beside(way_through(edition, trial.tried), leaf.id, -1 if go == "back" else 1)
    if following is None and go == "back":
        return _page(trial, leaf.id)
    return _result(trial) if following is None else _page(trial, following)


def _page(trial: Trial, name: str, posted: Posted | None = None, *, add: str = "", new: Sequence[str] = ()) -> str:
    asked, tried = trial.asked, trial.tried
    leaf = leaf_of(asked.edition, tried, name) or abort(404)
    parts = [make_part(question, asked.settings.texts, current_app.jinja_env) for question in leaf.questions]
    shown = [_shown(part, leaf, tried, posted, add) for part in parts]
    way = way_through(asked.edition, tried)
    return render_template(
        "editor/trying/page.html",
        draft=trial.at_work.draft,
        bank=trial.bank,
        leaf=leaf,
        name=asked.name,
        place=f"{asked.edition.title}, page {way.index(leaf.id) + 1} of {len(way)}"
        if leaf.id in way
        else asked.edition.title,
        parts=[Markup(one.in_form(part).decode()) for one, part in zip(shown, parts, strict=True)],  # noqa: S704  # made by our own template
        tables=any(question.type == "table" for question in leaf.questions),
        new=new,
        faults=summary_rows(parts, shown) if posted and posted.faults else [],
        left=what_is_left(progress_of(asked.edition, tried)),
        first=leaf.id == way[0],
        said=to_text(tried),
    )


def _shown(part: QuestionPart, leaf: Leaf, tried: Tried, posted: Posted | None, add: str) -> Shown:
    name = part.question.id
    proof, value = name in tried.proofs, leaf.answers.get(name)
    if posted and name in posted.faults:
        return Shown(name, 0, typed=posted.typed[name], faults=posted.faults[name])
    if add == name:
        rows = from_stored(part.question, value, proof=proof).rows
        return Shown(name, 0, typed=Typed(rows=(*rows, {}), proof=proof))
    return Shown(name, 0, value, proof)


def _result(trial: Trial) -> str:
    today = date_at(trial.at_work.now)
    asked, tried = trial.asked, trial.tried
    other = trial.draft if tried.which == IN_FORCE else trial.today
    here = outcome_of(asked, tried, today)
    there = outcome_of(other, tried, today) if isinstance(other, ToTry) else None
    pages = [leaf_of(asked.edition, tried, name) for name in way_through(asked.edition, tried)]
    return render_template(
        "editor/trying/result.html",
        draft=trial.at_work.draft,
        bank=trial.bank,
        title=asked.edition.title,
        out=here,
        other=there,
        figures=figures_beside(here, there) if there else [],
        lines=lines_beside(here.lines, there.lines) if there else [],
        pages=[(page.id, page.title) for page in pages if page],
        said=to_text(tried),
        from_draft=tried.which == DRAFT,
        keep_at=url_for("examples.show_examples", draft_id=trial.at_work.draft.id, bank=trial.bank),
    )


def _examples(at_work: Workbench, bank: str) -> tuple[Example, ...]:
    compiled = at_work.looked.checked[bank].compiled
    return compiled.examples if compiled else ()
