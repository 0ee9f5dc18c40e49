"""One item: its form, and what happens when two people wrote at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.clock import now, today
from assess.kit.db import commit_request, database, roll_back_request, session
from assess.kit.limits import FOLLOWING_UP, SAVING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.actions import Item
from assess.plans.register.answer_form import TypedAnswer, asked_in, change_of, read_answer, typed_of
from assess.plans.register.board import next_after
from assess.plans.register.door import Opened, blueprint, event_id_in, number_in, open_again, open_item, replaced, used
from assess.plans.register.going_back import UnknownEventError, event_of, gone_back, put_back
from assess.plans.register.keeping import Change, ChangedMeanwhileError, Event, PlanReplacedError
from assess.plans.register.models import What
from assess.plans.register.options import REASONS, SOMEONE_ELSE, STATUSES
from assess.plans.register.phrases import note_words, responses_for
from assess.plans.register.saving import DisputedError, Place, Seen, save_answer
from assess.plans.register.state import ItemState
from assess.plans.register.telling import ASKED_AGAIN, differences, lapsed, words_today

Answer = str | Response | tuple[str, int]

Again = Callable[[Opened, Item, Mapping[str, str]], str]
"""Draws the form once more with what was typed, and with what went wrong by the place it is about."""

_TRIES = 3
NOT_SAVED = {
    "main-content": "Your answers were sent in again while you saved, so this is not saved yet. What you typed is still here. Save it again."
}


@blueprint.get("/<int:number>")
@requires("plan.read", load=open_item)
def show_item(opened: tuple[Opened, Item]) -> str:
    """One item, with its form where there is something to answer."""
    found, item = opened
    before = found.numbered(number_in(request.args.get("saved", "")))
    typed = typed_of(item, found.bounds_for(item).roles)
    return _item_page(found, item, typed, {}, saved=before if before and before.state.revision else None)


@blueprint.post("/<int:number>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_item)
def save_item(opened: tuple[Opened, Item]) -> Answer:
    """Keep an answer, then on to the next one that has none."""
    found, item = opened
    count_costly(FOLLOWING_UP, found.work.id)
    typed = read_answer(request.form, item)
    change, faults = change_of(typed, item, found.bounds_for(item))
    if faults:
        return _item_page(found, item, typed, faults), 422
    seen = Seen.read(request.form.get("seen", ""))
    disputed = write(
        found,
        item,
        lambda session, place: save_answer(session, place, change, seen, now()),
        lambda found, item, faults: _item_page(found, item, typed, faults),
    )
    if disputed is not None:
        return disputed
    following = next_after(found.items, item.key) if request.form.get("go") == "next" else None
    if following is None:
        return redirect(
            url_for(
                "register.show_register", assessment_id=found.work.id, saved=item.number, _anchor=f"item-{item.number}"
            ),
            303,
        )
    return redirect(
        url_for("register.show_item", assessment_id=found.work.id, number=following.number, saved=item.number), 303
    )


@blueprint.post("/<int:number>/decide")
@audited("decided")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_item)
def decide(opened: tuple[Opened, Item]) -> Answer:
    """Put in what was typed, or leave what is saved: both stay in the history."""
    found, item = opened
    count_costly(FOLLOWING_UP, found.work.id)
    seen = Seen.read(request.form.get("seen", ""))
    if seen.number != found.submission.number:
        return replaced(found)
    try:
        event = event_of(session(), found.submission.id, item.key, event_id_in(request.form))
    except UnknownEventError:
        abort(404)
    if event.what is not What.OFFERED:
        abort(404)
    pick = request.form.get("pick")
    if pick not in {"mine", "theirs"}:
        return conflict_page(found, item, event, "Choose which one to keep."), 422
    if pick == "mine":
        try:
            put_back(session(), found.submission.id, item.key, event, seen.revision, now(), of=found.work.id)
        except ChangedMeanwhileError:
            roll_back_request()
            found, item = open_again(found, item)
            return conflict_page(found, item, event), 409
        except PlanReplacedError:
            return replaced(found)
    used(found)
    return redirect(url_for("register.show_item", assessment_id=found.work.id, number=item.number), 303)


def write(found: Opened, item: Item, save: Callable[[Session, Place], ItemState], again: Again) -> Answer | None:
    """Save a part of an item. None when it is kept; else the page that shows what two people wrote.

    Corrected answers that were submitted at this very moment are followed to the new plan, a few times over. After that the form
    comes once more, since somebody's words must not hang on who is quicker.
    """
    for _ in range(_TRIES):
        try:
            save(session(), found.place(item.key))
        except PlanReplacedError:
            roll_back_request()
            found, item = open_again(found, item)
        except DisputedError as disputed:
            return _after_dispute(found, item, disputed, again)
        else:
            used(found)
            return None
    return _not_saved(found, item, again)


def _after_dispute(found: Opened, item: Item, disputed: DisputedError, again: Again) -> Answer:
    used(found)
    commit_request()
    found, item = open_again(found, item)
    try:
        offer = _offer(found, item.key, disputed.event_id)
    except UnknownEventError:  # the plan it was offered to has just been replaced as well
        return _not_saved(found, item, again)
    return conflict_page(found, item, offer), 409


def _not_saved(found: Opened, item: Item, again: Again) -> Answer:
    found, item = open_again(found, item)
    return again(found, item, NOT_SAVED), 409


def conflict_page(found: Opened, item: Item, offer: Event, error: str | None = None) -> str:
    """What is saved and what it becomes with the offered text put in, side by side in words."""
    there = Change.of(item.state)
    return render_template(
        "plans/register_conflict.html",
        id=found.work.id,
        item=item,
        rows=differences(there, gone_back(there, offer), item),
        event=offer.id,
        seen=found.seen(item),
        error=error,
    )


def _offer(found: Opened, key: str, event_id: int) -> Event:
    with database().reading() as look:
        return event_of(look, found.submission.id, key, event_id)


def _item_page(
    found: Opened, item: Item, typed: TypedAnswer, faults: Mapping[str, str], *, saved: Item | None = None
) -> str:
    day = today().isoformat()
    return render_template(
        "plans/register_item.html",
        id=found.work.id,
        item=item,
        count=len(found.items),
        saved=saved,
        words=words_today(item, day),
        asked_again=ASKED_AGAIN if item.key in found.done_before else "",
        seen=request.form.get("seen") or found.seen(item),
        typed=typed,
        faults=faults,
        asked=asked_in(typed, faults, item),
        responses=responses_for(item),
        why_not=REASONS,
        statuses=STATUSES,
        roles=[role for role in found.bounds_for(item).roles if role != item.owner],
        someone_else=SOMEONE_ELSE,
        notes=[(note.id, note_words(note), lapsed(note, day)) for note in item.state.notes],
        correcting=not found.work.opened.submitted,
    )
