"""The pages “What you buy”: choose what goes on the list, then one form with all lines and how risky each is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.answering import AlreadySubmittedError
from assess.assessments.purchases.apart import taken_apart
from assess.assessments.purchases.forms import Posted, fields_of, read_goods, read_lines, share_text
from assess.assessments.purchases.keeping import (
    MOST_LINES,
    WHOLE,
    Change,
    Conflict,
    Line,
    Saved,
    TooManyLinesError,
    add_lines,
    highest_of,
    line_of,
    lines_of,
    save_lines,
)
from assess.assessments.purchases.showing import (
    fault_rows,
    groups_of,
    name_of,
    said_in_words,
    shown_lines,
    summed_up,
)
from assess.assessments.typed import LONGEST_RAW, revision_in
from assess.assessments.views_sections import to_tasks
from assess.assessments.visits import note_use
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reference import reference_on
from assess.banks.usual_kinds import usual_kinds
from assess.engine.reference import Reference
from assess.engine.reference_search import suggest, usual_for
from assess.kit.clock import now, today
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, session
from assess.kit.limits import SAVING, by_visit, limited

Answer = str | Response | tuple[str, int]
MOST_FOUND = 24
FOUND, TICKED = "what we found", "what you ticked"

blueprint = Blueprint("purchases", __name__, url_prefix="/assessments/<uuid:assessment_id>/purchases")


@blueprint.get("")
def show_list(assessment_id: uuid.UUID) -> Answer:
    """All lines, each with its risk; while there is none, what could go on the list."""
    work = workspace(assessment_id)
    if work.opened.submitted:
        return to_tasks(work)
    lines = lines_of(session(), work.id)
    return _list_page(work, lines) if lines else _add_page(work, lines)


@blueprint.post("")
@limited(SAVING, by_visit)
def save_list(assessment_id: uuid.UUID) -> Answer:
    """Save all that can be read; then this page again with the risks, or the page the button names."""
    work = workspace(assessment_id)
    reference = reference_today()
    posted = read_lines(request.form, reference)
    try:
        saved = save_lines(session(), work.id, posted.changes, now())
    except AlreadySubmittedError:
        return to_tasks(work)
    _say_what_is_over(posted, saved)
    _keep(work)
    if saved.conflicts:
        return _conflict_page(work, saved.conflicts, posted, reference), 409
    if posted.faulty:
        return _list_page(work, lines_of(session(), work.id), posted), 422
    return redirect(_next_address(work), 303)


@blueprint.get("/choose")
def show_offers(assessment_id: uuid.UUID) -> Answer:
    """What could go on the list: what was searched for, else what the sector usually buys."""
    work = workspace(assessment_id)
    return to_tasks(work) if work.opened.submitted else _add_page(work, lines_of(session(), work.id))


@blueprint.post("/add")
@limited(SAVING, by_visit)
def add(assessment_id: uuid.UUID) -> Answer:
    """Put what was ticked and written on the list, kept at once."""
    work = workspace(assessment_id)
    goods, fault = read_goods(request.form, reference_today())
    if not goods and fault is None:
        fault = "Tick or write at least one thing that you buy."
    if fault is None:
        try:
            wanted = taken_apart(goods, reference_today())
            countries = {place: said.country for place, said in enumerate(wanted) if said.country}
            names = [said.good for said in wanted]
            added = add_lines(session(), work.id, names, revision_in(request.form, "after"), now(), countries)
        except AlreadySubmittedError:
            return to_tasks(work)
        except TooManyLinesError:
            fault = f"The list can have {MOST_LINES} lines. Join some that are alike, or take some off."
    if fault is not None:
        return _add_page(work, lines_of(session(), work.id), fault), 422
    _keep(work)
    first = f"country-{added[0]}" if added else None
    return redirect(_list_address(work, first), 303)


@blueprint.post("/undo")
@limited(SAVING, by_visit)
def undo(assessment_id: uuid.UUID) -> Answer:
    """Put a line back that was just taken off. If somebody changed it since, it stays as they left it."""
    work = workspace(assessment_id)
    number, seen = revision_in(request.form, "number"), revision_in(request.form, "seen")
    try:
        save_lines(session(), work.id, {number: Change(seen, {"removed": False})}, now())
    except AlreadySubmittedError:
        return to_tasks(work)
    _keep(work)
    return redirect(_list_address(work, f"line-{number}"), 303)


def reference_today() -> Reference:
    """The lists and numbers of today."""
    return reference_on(QUESTIONNAIRES, today())


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
        return url_for("purchases.show_offers", assessment_id=work.id, back=_back())
    if wanted == "tasks":
        return url_for("check.show_check" if _back() else "tasks.show_tasks", assessment_id=work.id)
    return _list_address(work, "notice", saved="yes")


def _list_address(work: Workspace, anchor: str | None, *, saved: str | None = None, removed: int | None = None) -> str:
    address = "purchases.show_list"
    return url_for(address, assessment_id=work.id, back=_back(), saved=saved, removed=removed, _anchor=anchor)


def _back() -> str | None:
    """“check” for somebody who came from the check page and wants to go back there."""
    return "check" if request.values.get("back") == "check" else None


def _say_what_is_over(posted: Posted, saved: Saved) -> None:
    """One sentence, at the first of the shares that were not saved; the others keep what was typed, without a sentence."""
    for number in sorted(saved.over):
        posted.lines[number].faults["share"] = ""
    if saved.over:
        posted.lines[min(saved.over)].faults["share"] = (
            f"Together the shares would be {share_text(saved.total)} per cent, and they can be {WHOLE} at most. "
            "Correct one of them, or leave some out. Until then no share that you raised is saved."
        )


def _list_page(work: Workspace, lines: Sequence[Line], posted: Posted | None = None) -> str:
    reference = reference_today()
    shown = shown_lines(lines, reference, posted)
    removed = line_of(session(), work.id, request.args.get("removed", 0, type=int)) if request.args else None
    return render_template(
        "assessments/purchases.html",
        id=work.id,
        back=_back(),
        errors=fault_rows(shown),
        lines=shown,
        summary=summed_up(shown, reference),
        total=share_text(sum(line.said.share or 0.0 for line in lines) or None),
        words=reference.words.fixed,
        countries=sorted(country.name for country in reference.countries.values()),
        saved="saved" in request.args,
        removed=_removed(removed, reference),
    )


def _removed(line: Line | None, reference: Reference) -> dict[str, object] | None:
    """What the banner says of a line that was just taken off."""
    if line is None or not line.said.removed:
        return None
    return {"number": line.number, "revision": line.revision, "name": name_of(line.said, reference)}


def _add_page(work: Workspace, lines: Sequence[Line], fault: str | None = None) -> str:
    reference, bank = reference_today(), work.ref.bank
    query = request.args.get("q", "")[:LONGEST_RAW].strip()
    offers = suggest(reference, query, bank, MOST_FOUND) if query else usual_for(reference, bank)
    listed = frozenset(line.said.good for line in lines)
    kinds = usual_kinds(QUESTIONNAIRES, bank)
    first = [] if query else [offer for offer in offers if bank in offer.first_in]
    groups = groups_of(first or offers, kinds, listed, one=FOUND if query else None)
    rest = [offer for offer in offers if offer not in first] if first else []
    ticked = request.form.getlist("offer")
    shown = {offer.key for offer in offers}
    others = [reference.offers[key] for key in ticked if key in reference.offers and key not in shown]
    removed = line_of(session(), work.id, request.args.get("removed", 0, type=int)) if request.args else None
    return render_template(
        "assessments/purchases_add.html",
        id=work.id,
        back=_back(),
        error=fault,
        query=query,
        has_lines=bool(lines),
        groups=[*groups_of(others, {}, listed, one=TICKED), *groups],
        rest=groups_of(rest, kinds, listed),
        more=len(rest),
        rest_ticked=any(offer.key in ticked for offer in rest),
        after=revision_in(request.form, "after") if fault else highest_of(session(), work.id),
        ticked=ticked,
        own=request.form.get("own", ""),
        removed=_removed(removed, reference),
    )


def _conflict_page(work: Workspace, conflicts: Sequence[Conflict], posted: Posted, reference: Reference) -> str:
    """Both texts of each line. What was typed and could not be read goes along, to be shown again afterwards."""
    names = {country.code: country.name for country in reference.countries.values()}
    stored = {line.number: line.revision for line in lines_of(session(), work.id)}
    disputed = {conflict.theirs.number for conflict in conflicts}
    rows = []
    for conflict in conflicts:
        number = conflict.theirs.number
        faulty = posted.lines[number]
        fields = dict(fields_of(number, conflict.yours, names))
        fields |= {f"{number}.{part}": faulty.typed[part] for part in faulty.faults}
        rows.append(
            {
                "number": number,
                "name": name_of(conflict.theirs.said, reference),
                "yours": said_in_words(conflict.yours, reference),
                "theirs": said_in_words(conflict.theirs.said, reference),
                "seen": posted.changes[number].seen,
                "revision": conflict.theirs.revision,
                "fields": list(fields.items()),
            }
        )
    carried = [
        (f"{line.number}.{part}", text)
        for line in posted.faulty
        if line.number in stored and line.number not in disputed
        for part, text in [("seen", str(stored[line.number])), *line.typed.items()]
    ]
    return render_template(
        "assessments/purchases_conflict.html", id=work.id, conflicts=rows, carried=carried, back=_back()
    )
