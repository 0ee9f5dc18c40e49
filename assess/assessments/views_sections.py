"""The pages on which a business answers: one section a page, everything valid saved before the next appears."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, texts_of_today, workspace
from assess.assessments.answering import (
    AlreadySubmittedError,
    Conflict,
    OtherEditionError,
    save_answers,
    save_evidence,
)
from assess.assessments.careful.asking import Asked, ticks_in
from assess.assessments.careful.sections import ask_in_section
from assess.assessments.conflicts import Disputed, conflict_page, real_conflicts
from assess.assessments.models import Part
from assess.assessments.opening import Opened
from assess.assessments.progress import is_shown
from assess.assessments.question_parts import CONFIRM_AGAIN, LOOK_AGAIN, words_of
from assess.assessments.section_form import Posted, read_section
from assess.assessments.section_page import (
    REOPEN,
    Look,
    SectionPages,
    Shown,
    closed_notice,
    moved_notice,
    opened_notice,
)
from assess.assessments.submitting import reopen
from assess.assessments.together.telling import help_notice
from assess.assessments.typed import Typed, from_stored, revision_in
from assess.assessments.visits import note_use
from assess.engine.bank import Question, Section
from assess.engine.wording import answer_text
from assess.kit.audit.requests import note_detail
from assess.kit.clock import now, today
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, roll_back_request, session
from assess.kit.form_tokens import form_token
from assess.kit.integers import integer_asked
from assess.kit.limits import CORRECTING, SAVING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires

ANSWER, EVIDENCE = Part.ANSWER.value, Part.EVIDENCE.value
_NO_ARGS: MultiDict[str, str] = MultiDict()
PAGES = "assess.section_pages"

blueprint = Blueprint("sections", __name__, url_prefix="/assessments/<uuid:assessment_id>/sections")


@blueprint.get("/<section_id>")
@requires("assessment.answer", load=workspace)
def show_section(work: Workspace, section_id: str) -> bytes | Response:
    """A section with the answers so far."""
    if work.opened.submitted:
        return to_tasks(work)
    return _page(work, work.section_or_404(section_id), work.opened)


@blueprint.post("/<section_id>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def save_section(work: Workspace, assessment_id: uuid.UUID, section_id: str) -> Response | tuple[str | bytes, int]:
    """Save what is valid; then the next page, or this one again with what is left to put right."""
    drawn = revision_in(request.form, "edition") or work.opened.edition_id
    if drawn != work.opened.edition_id:
        return _moved_meanwhile(work, section_id)
    section = work.section_or_404(section_id)
    posted = read_section(request.form, section.questions)
    asked = ask_in_section(posted, section.questions, work.opened.answers, ticks_in(request.form))
    moment = now()
    open_again(work)
    try:
        saved = save_answers(session(), work.id, posted.changes, posted.seen, moment, edition_id=drawn)
        save_evidence(session(), work.id, posted.proof_noted, posted.proof_asked, moment)
    except AlreadySubmittedError:
        roll_back_request()
        return _closed_meanwhile(workspace(assessment_id), section, posted)
    except OtherEditionError:
        roll_back_request()
        return _moved_meanwhile(workspace(assessment_id), section_id)
    note_detail("answers", len(saved.saved))
    conflicts = real_conflicts(session(), work.id, Part.ANSWER, saved.conflicts, posted.seen)
    note_use(session(), visit_token(), work.id, moment)
    commit_request()
    if conflicts:
        return conflict_page(_disputed(section, conflicts), posted, back="check" if _from_check() else None), 409
    fresh = workspace(assessment_id)
    if posted.faults:
        return _page(fresh, section, fresh.opened, posted, asked=asked), 422
    return redirect(_next_address(work, fresh, section, posted), 303)


def _closed_meanwhile(work: Workspace, section: Section, posted: Posted) -> Response | tuple[bytes, int]:
    """The page again with what was typed, where it says anything new; nothing of it is saved, and the page says so."""
    said = work.opened.said
    noted = {name for name in posted.proof_asked if name in said[EVIDENCE]}
    same = all(said[ANSWER].get(name) == value for name, value in posted.changes.items())
    if same and noted == posted.proof_noted and not posted.faults:
        return to_tasks(work)
    return _page(work, section, work.opened, posted, closed=True), 409


def _moved_meanwhile(work: Workspace, section_id: str) -> Response | tuple[bytes, int]:
    """The page with the questions of now and what was typed to those of before: nothing is saved before somebody has seen both."""
    section = next((one for one in work.edition.sections if one.id == section_id), None)
    if section is None or work.opened.submitted:
        return to_tasks(work)
    return _page(work, section, work.opened, read_section(request.form, section.questions), moved=True), 409


def open_again(work: Workspace) -> None:
    """Open the answers for correction, where the form of a page that could not be saved says so. Counting comes before all else."""
    if work.opened.submitted and request.form.get(REOPEN) == "yes":
        count_costly(CORRECTING, work.id)
        reopen(session(), work.id, now())


def to_tasks(work: Workspace) -> Response:
    """To the list of tasks, which says how things stand."""
    return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)


def _next_address(before: Workspace, work: Workspace, section: Section, posted: Posted) -> str:
    """Where to go after a save without faults."""
    opened = work.opened
    added = request.form.get("add", "")
    if added in posted.asked:
        count = len(cast("Sequence[object]", opened.answers.get(added, ())))
        return _here(work, section, f"{added}-row-{count}", add=added)
    removed = request.form.get("remove", "").partition(".")[0]
    if removed in posted.asked:
        return _here(work, section, f"{removed}--group")
    seen, saw = work.progress.settled.found, before.progress.settled.found
    new = [
        question.id
        for question in section.questions
        if is_shown(seen, question.id) and not is_shown(saw, question.id) and question.id not in opened.confirmed
    ]
    if new:
        return _here(work, section, "notice", more=str(len(new)))
    if _from_check():
        return url_for("check.show_check", assessment_id=work.id, _anchor=section.id)
    following = work.progress.after(section.id)
    if following is None:
        return url_for("tasks.show_tasks", assessment_id=work.id)
    return url_for("sections.show_section", assessment_id=work.id, section_id=following)


def _here(work: Workspace, section: Section, anchor: str, *, add: str | None = None, more: str | None = None) -> str:
    """The same page again. It keeps in mind where the person came from."""
    return url_for(
        "sections.show_section",
        assessment_id=work.id,
        section_id=section.id,
        add=add,
        more=more,
        back="check" if _from_check() else None,
        _anchor=anchor,
    )


def _from_check() -> bool:
    asked = request.form if request.method == "POST" else _args()
    return asked.get("back") == "check"


def _args() -> MultiDict[str, str]:
    """What stands behind the question mark, which is nothing on most looks."""
    return request.args if request.query_string else _NO_ARGS


def _page(
    work: Workspace,
    section: Section,
    opened: Opened,
    posted: Posted | None = None,
    *,
    closed: bool = False,
    moved: bool = False,
    asked: Sequence[Asked] = (),
) -> bytes:
    found = work.progress.settled.found
    typed = posted.asked if posted is not None and (closed or moved) else ()
    questions = [question for question in section.questions if is_shown(found, question.id) or question.id in typed]
    return _pages().page(
        opened.edition_id,
        work.edition.title,
        section,
        quick=opened.quick,
        texts=texts_of_today,
        today=today(),
        questions=[_shown(question, opened, posted, unsaved=closed or moved) for question in questions],
        look=Look(
            form_token(),
            work.progress,
            closed_notice() if closed else moved_notice() if moved else _notice(questions, opened),
            helped=help_notice(),
            from_check=_from_check(),
            has_faults=posted is not None and bool(posted.faults),
            closed=closed,
            asked=asked,
            ticks=ticks_in(request.form) if posted is not None else (),
        ),
    )


def _notice(questions: Sequence[Question], opened: Opened) -> str:
    """The banner about questions that came up, when the save before has counted some."""
    if "more" not in _args():
        return ""
    left = [question.id for question in questions if question.id not in opened.confirmed]
    more = min(len(left), integer_asked("more", 0))
    return opened_notice(left, more) if more > 0 else ""


def _shown(question: Question, opened: Opened, posted: Posted | None, *, unsaved: bool) -> Shown:
    """A question with what is stored, or with what was typed where that has a fault or could not be saved."""
    name = question.id
    again = LOOK_AGAIN if name in opened.changed else CONFIRM_AGAIN if name in opened.waiting_answers else ""
    revision = opened.revisions[ANSWER].get(name, 0)
    if posted is not None and unsaved and name in posted.typed:
        seen = revision if name in opened.changed else posted.seen[name]  # the words that were seen then are others
        return Shown(name, seen, typed=posted.typed[name], faults=posted.faults.get(name, ()), again=again)
    if posted is not None and name in posted.faults:
        return Shown(name, revision, typed=posted.typed[name], faults=posted.faults[name], again=again)
    value, proof = opened.said[ANSWER].get(name), name in opened.said[EVIDENCE]
    if question.type == "table" and value and _args().get("add") == name:
        typed = from_stored(question, value, proof=proof)
        return Shown(name, revision, typed=Typed(rows=(*typed.rows, {}), proof=proof), again=again)
    return Shown(name, revision, value, proof, again=again)


def _pages() -> SectionPages:
    pages = current_app.extensions.get(PAGES)
    if pages is None:
        pages = current_app.extensions[PAGES] = SectionPages(current_app.jinja_env, render_template)
    return cast("SectionPages", pages)


def _disputed(section: Section, conflicts: Sequence[Conflict]) -> list[Disputed]:
    questions = {question.id: question for question in section.questions}
    texts = texts_of_today()
    return [
        Disputed(
            conflict,
            questions[conflict.question],
            words_of(questions[conflict.question], texts).ask,
            _lines(questions[conflict.question], conflict.yours),
            _lines(questions[conflict.question], conflict.theirs),
        )
        for conflict in conflicts
    ]


def _lines(question: Question, value: object) -> list[str]:
    if value is None:
        return ["No answer"]
    said = answer_text(question, cast("str", value))
    return said if isinstance(said, list) else [said]
