"""Notes of evidence of one item: add, change, remove. A note says that a proof exists; nobody uploads anything."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, redirect, render_template, request, url_for

from assess.kit.clock import now, today
from assess.kit.db import database
from assess.kit.limits import FOLLOWING_UP, SAVING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.actions import Item
from assess.plans.register.door import Opened, blueprint, open_item
from assess.plans.register.going_back import had_note
from assess.plans.register.keeping import NEW_NOTE
from assess.plans.register.note_form import MOST_NOTES, TypedNote, asked_in, note_of, read_note, typed_of
from assess.plans.register.options import GRADES, KINDS
from assess.plans.register.saving import Seen, remove_note, save_note
from assess.plans.register.state import EvidenceNote
from assess.plans.register.views_item import Answer, write


@blueprint.get("/<int:number>/proof")
@requires("plan.follow", load=open_item)
def show_new_note(opened: tuple[Opened, Item]) -> str:
    """An empty form."""
    found, item = opened
    return _note_page(found, item, NEW_NOTE, TypedNote(), {})


@blueprint.post("/<int:number>/proof")
@audited("added")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_item)
def add_note(opened: tuple[Opened, Item]) -> Answer:
    """Add a note."""
    found, item = opened
    count_costly(FOLLOWING_UP, found.work.id)
    return _save(found, item, NEW_NOTE)


@blueprint.get("/<int:number>/proof/<int:note_number>")
@requires("plan.follow", load=open_item)
def show_note(opened: tuple[Opened, Item], note_number: int) -> str:
    """One note, to change it or take it away."""
    found, item = opened
    return _note_page(found, item, note_number, typed_of(_note_or_404(item, note_number)), {})


@blueprint.post("/<int:number>/proof/<int:note_number>")
@audited("changed")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_item)
def change_note(opened: tuple[Opened, Item], note_number: int) -> Answer:
    """Change a note, or take it away."""
    found, item = opened
    count_costly(FOLLOWING_UP, found.work.id)
    if not _was_there(found, item, note_number):
        abort(404)
    if "remove" not in request.form:
        return _save(found, item, note_number)
    seen = Seen.read(request.form.get("seen", ""))
    typed = read_note(request.form, ordinary=item.ordinary)
    disputed = write(
        found,
        item,
        lambda session, place: remove_note(session, place, note_number, seen, now()),
        lambda found, item, faults: _note_page(found, item, note_number, typed, faults),
    )
    return disputed if disputed is not None else _to_item(found, item)


def _save(found: Opened, item: Item, number: int) -> Answer:
    typed = read_note(request.form, ordinary=item.ordinary)
    note, faults = note_of(typed, number, today().isoformat(), [note.title for note in item.state.notes])
    if number == NEW_NOTE and len(item.state.notes) >= MOST_NOTES:
        faults["kind"] = f"There are {MOST_NOTES} notes already. Change or remove one of them."
    if faults:
        return _note_page(found, item, number, typed, faults), 422
    seen = Seen.read(request.form.get("seen", ""))
    disputed = write(
        found,
        item,
        lambda session, place: save_note(session, place, note, seen, now()),
        lambda found, item, faults: _note_page(found, item, number, typed, faults),
    )
    return disputed if disputed is not None else _to_item(found, item)


def _to_item(found: Opened, item: Item) -> Answer:
    return redirect(
        url_for("register.show_item", assessment_id=found.work.id, number=item.number, _anchor="proof"), 303
    )


def _was_there(found: Opened, item: Item, number: int) -> bool:
    """Whether the item has this note, or had it: somebody else may have removed it meanwhile."""
    if any(note.id == number for note in item.state.notes):
        return True
    with database().reading() as look:
        return had_note(look, found.submission.id, item.key, number)


def _note_or_404(item: Item, number: int) -> EvidenceNote:
    return next((note for note in item.state.notes if note.id == number), None) or abort(404)


def _note_page(found: Opened, item: Item, number: int, typed: TypedNote, faults: Mapping[str, str]) -> str:
    return render_template(
        "plans/register_note.html",
        id=found.work.id,
        item=item,
        number=number,
        seen=request.form.get("seen") or found.seen(item),
        typed=typed,
        faults=faults,
        asked=asked_in(typed, faults),
        kinds=KINDS,
        grades=GRADES,
    )
