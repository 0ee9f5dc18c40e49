"""The register on one page: how far one has come, what comes next, and every action with its state.

The pages of one item are in `views_item.py`, its history in `views_history.py`, its notes of evidence in `views_notes.py`, and the yes
to all that has no answer in `views_together.py`.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import FOLLOWING_UP, SAVING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.register import views_history, views_item, views_notes, views_together  # noqa: F401  # same blueprint
from assess.plans.register.board import SHOWS, board_of
from assess.plans.register.door import Opened, blueprint, number_in, open_register, used
from assess.plans.register.going_back import newest_of
from assess.plans.register.keeping import PlanReplacedError
from assess.plans.register.options import RESPONSES
from assess.plans.register.saving import Seen, tick
from assess.plans.what_if.way import way_from_here

__all__ = ["blueprint"]


@blueprint.get("")
@requires("plan.read", load=open_register)
def show_register(found: Opened) -> str:
    """All actions, or those of one kind."""
    day = today().isoformat()
    ticked = _ticked(found, number_in(request.args.get("ticked", "")))
    saved = ticked or _saved(found, number_in(request.args.get("saved", "")))
    return render_template(
        "plans/actions_page.html",
        id=found.work.id,
        page="actions",
        plan=found.plan,
        correcting=not found.work.opened.submitted,
        outdated=day > found.submission.record["valid_until"],
        board=board_of(
            found.plan.register, request.args.get("show", "all"), day, found.done_before, saved["key"] if saved else ""
        ),
        kinds=SHOWS,
        way=bool(way_from_here(found.submission.record, {item.key: item.state for item in found.items})),
        accepted=RESPONSES["accepted"],
        seen=found.seen,
        not_ticked="unmarked" in request.args,
        saved=saved,
        together=views_together.together_words(found, request.args.get("together", "")),
        taken_back=views_together.taken_back_words(found, request.args.get("undone", "")),
    )


@blueprint.post("/<int:number>/done")
@audited("ticked off")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_register)
def tick_off(found: Opened, number: int) -> Response:
    """Tick an item off, with one press. On a plan that was replaced it does nothing: the same number may ask for something else now."""
    count_costly(FOLLOWING_UP, found.work.id)
    if Seen.read(request.form.get("seen", "")).number != found.submission.number:
        return _not_ticked(found)
    item = found.numbered(number) or abort(404)
    try:
        tick(session(), found.place(item.key), today().isoformat(), now())
    except PlanReplacedError:
        return _not_ticked(found)
    used(found)
    show = request.form.get("show", "")
    return redirect(
        url_for(
            "register.show_register",
            assessment_id=found.work.id,
            show=show if show in SHOWS and show != "all" else None,
            ticked=item.number,
            _anchor=f"item-{item.number}",
        ),
        303,
    )


def _not_ticked(found: Opened) -> Response:
    """To the plan as it is now, which says that nothing was marked."""
    address = url_for("register.show_register", assessment_id=found.work.id, unmarked="yes")
    return redirect(address, 303)


def _saved(found: Opened, number: int | None) -> dict[str, str] | None:
    """The item that was saved just before, if anything ever was."""
    item = found.numbered(number)
    return {"key": item.key} if item is not None and item.state.revision else None


def _ticked(found: Opened, number: int | None) -> dict[str, str] | None:
    """The item that was ticked off just before, with the entry of the history to go back by."""
    item = found.numbered(number)
    if item is None or item.state.status != "done":
        return None
    with database().reading() as look:
        newest = newest_of(look, found.submission.id, item.key)
    if newest is None or newest.revision != item.state.revision or newest.after.status != "done":
        return None
    return {"key": item.key, "event": str(newest.id), "seen": str(found.seen(item))}
