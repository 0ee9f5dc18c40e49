"""The pages “What you buy”: choose what goes on the list, then one form with all lines and how risky each is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, reference_today, workspace
from assess.assessments.answering import AlreadySubmittedError
from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.purchases.apart import taken_apart
from assess.assessments.purchases.forms import (
    TOO_MANY,
    Posted,
    TypedLine,
    read_goods,
    read_lines,
    share_text,
    stored_texts,
)
from assess.assessments.purchases.keeping import (
    WHOLE,
    Change,
    Saved,
    TooManyLinesError,
    add_lines,
    line_of,
    lines_of,
    save_lines,
    says_something_new,
)
from assess.assessments.purchases.pages import add_page, came_from, conflict_page, list_page
from assess.assessments.typed import revision_in
from assess.assessments.views_sections import open_again, to_tasks
from assess.assessments.visits import note_use
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, roll_back_request, session
from assess.kit.integers import integer_asked
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires

Answer = str | Response | tuple[str, int]

blueprint = Blueprint("purchases", __name__, url_prefix="/assessments/<uuid:assessment_id>/purchases")


@blueprint.get("")
@requires("assessment.answer", load=workspace)
def show_list(work: Workspace) -> Answer:
    """All lines, each with its risk; while there is none, what could go on the list."""
    if work.opened.submitted:
        return to_tasks(work)
    lines, removed = lines_of(session(), work.id), integer_asked("removed", 0)
    return list_page(work, lines, removed=removed) if lines else add_page(work, lines, removed=removed)


@blueprint.post("")
@audited("saved")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def save_list(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """Save all that can be read; then this page again with the risks, or the page the button names."""
    posted = read_lines(request.form, reference_today())
    asked = _ask_about_suppliers(work, posted)
    open_again(work)
    try:
        saved = save_lines(session(), work.id, posted.changes, now())
    except AlreadySubmittedError:
        roll_back_request()
        return _closed_list(workspace(assessment_id), posted)
    _say_what_is_over(posted, saved)
    _keep(work)
    if saved.conflicts:
        return conflict_page(work, saved.conflicts, posted), 409
    if posted.faulty or saved.full:
        removed = min(saved.full, default=0)
        lines = lines_of(session(), work.id)
        return list_page(work, lines, posted, removed=removed, full=saved.full, asked=asked), 422
    return redirect(_next_address(work), 303)


@blueprint.get("/choose")
@requires("assessment.answer", load=workspace)
def show_offers(work: Workspace) -> Answer:
    """What could go on the list: what was searched for, else what the sector usually buys."""
    return to_tasks(work) if work.opened.submitted else add_page(work, lines_of(session(), work.id))


@blueprint.post("/add")
@audited("added")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def add(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """Put what was ticked and written on the list, kept at once."""
    goods, fault = read_goods(request.form, reference_today())
    if not goods and fault is None:
        fault = "Tick or write at least one thing that you buy."
    asked = [] if fault else _ask_about_goods(goods)
    if asked:
        fault = asked[0].sentence
    open_again(work)
    wanted = taken_apart([] if fault else goods, reference_today())
    countries = {place: said.country for place, said in enumerate(wanted) if said.country}
    names = [said.good for said in wanted]
    try:
        added = add_lines(session(), work.id, names, revision_in(request.form, "after"), now(), countries)
    except AlreadySubmittedError:
        roll_back_request()
        work = workspace(assessment_id)
        something = bool(goods or request.form.get("own", "").strip())
        return (add_page(work, lines_of(session(), work.id), closed=True), 409) if something else to_tasks(work)
    except TooManyLinesError:
        fault = TOO_MANY
    if fault is not None:
        return add_page(work, lines_of(session(), work.id), fault, asked=asked), 422
    _keep(work)
    address = _list_address(work, f"country-{added[0]}") if added else _list_address(work, "notice", there="yes")
    return redirect(address, 303)


@blueprint.post("/undo")
@audited("undone")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def undo(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """Put a line back that was just taken off. If somebody changed it since, it stays as they left it.

    Where its share has no room any more, it stands in its field to be put right; where the list is full, the line stays off.
    """
    number, seen = revision_in(request.form, "number"), revision_in(request.form, "seen")
    open_again(work)
    before = line_of(session(), work.id, number)
    try:
        saved = save_lines(session(), work.id, {number: Change(seen, {"removed": False})}, now())
    except AlreadySubmittedError:
        roll_back_request()
        work, lines = workspace(assessment_id), lines_of(session(), assessment_id)
        if before is None or not before.said.removed:
            return to_tasks(work)
        page = list_page if lines else add_page
        return page(work, lines, closed=True, removed=number), 409
    _keep(work)
    lines = lines_of(session(), work.id)
    if saved.full:
        return list_page(work, lines, removed=number, full=saved.full), 422
    if saved.over and before is not None:
        posted = Posted({number: TypedLine(number, stored_texts(before.said, reference_today()))}, {})
        _say_what_is_over(posted, saved)
        return list_page(work, lines, posted), 422
    return redirect(_list_address(work, f"line-{number}"), 303)


def _ask_about_suppliers(work: Workspace, posted: Posted) -> list[Asked]:
    """What to ask about names of suppliers. Such a name stays in its field and is not saved yet; the rest of its line is."""
    with database().reading() as look:  # the lock for writing is not taken before it is needed
        stored = {line.number: line.said.supplier for line in lines_of(look, work.id)}
    asked = []
    for number, line in posted.lines.items():
        text = posted.changes[number].parts.get("supplier", "")
        if "supplier" in line.faults or number not in stored:
            continue
        one = ask_about(
            text, f"supplier-{number}", "Supplier", ticks=ticks_in(request.form), stored={stored.get(number, "")}
        )
        if one is not None:
            asked.append(one)
            line.faults["supplier"] = one.sentence
            del posted.changes[number].parts["supplier"]
    return asked


def _ask_about_goods(goods: Sequence[str]) -> list[Asked]:
    """What to ask about words no list knows."""
    reference, ticks = reference_today(), ticks_in(request.form)
    unknown = [good for good in goods if reference.offer(good) is None]
    found = [ask_about(good, "own", f"Thing {place}", ticks=ticks) for place, good in enumerate(unknown, 1)]
    return [one for one in found if one is not None]


def _closed_list(work: Workspace, posted: Posted) -> Answer:
    """The list again with what was typed, where it says anything new; nothing of it is saved, and the page says so."""
    if not posted.faulty and not says_something_new(session(), work.id, posted.changes):
        return to_tasks(work)
    return list_page(work, lines_of(session(), work.id), posted, closed=True), 409


def _keep(work: Workspace) -> None:
    note_use(session(), visit_token(), work.id, now())
    commit_request()


def _next_address(work: Workspace) -> str:
    """Where to go after a save without faults."""
    wanted, removed = request.form.get("next"), revision_in(request.form, "remove")
    chosen = request.form.get("choose", "").partition(":")[0]
    if removed:
        return _list_address(work, "notice", removed=removed)
    if chosen.isdecimal():
        return _list_address(work, f"line-{chosen}")
    if wanted == "add":
        return url_for("purchases.show_offers", assessment_id=work.id, back=came_from())
    if wanted == "tasks":
        return url_for("check.show_check" if came_from() else "tasks.show_tasks", assessment_id=work.id)
    return _list_address(work, "notice", saved="yes")


def _list_address(
    work: Workspace, anchor: str, *, saved: str | None = None, there: str | None = None, removed: int | None = None
) -> str:
    """The list at this place, and what it is to say."""
    address, back = "purchases.show_list", came_from()
    return url_for(address, assessment_id=work.id, back=back, saved=saved, there=there, removed=removed, _anchor=anchor)


def _say_what_is_over(posted: Posted, saved: Saved) -> None:
    """One sentence, at the first of the shares that were not saved; the others keep what was typed, without a sentence."""
    for number in sorted(saved.over):
        posted.lines[number].faults["share"] = ""
    if saved.over:
        posted.lines[min(saved.over)].faults["share"] = (
            f"Together the shares would be {share_text(saved.total)} per cent, and they can be {WHOLE} at most. "
            "Correct one of them, or leave some out. Until then no share that you raised is saved."
        )
