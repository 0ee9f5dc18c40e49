"""The tracker page and the history of one action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import mark_used
from assess.assessments.sign_off import get_sent_back_event
from assess.core import clock
from assess.core.clock import UK_ZONE
from assess.core.db import database, request_session, roll_back_request
from assess.core.edit_conflicts import EditConflictError
from assess.core.forms.form import pressed
from assess.core.pages import PageResponse
from assess.core.rate_limits import (
    CHANGE_ACTION,
    SAVE_LIMIT,
    by_session_or_address,
    enforce_expensive_limits,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.plans import charts
from assess.plans.action_tracker import presenters, views_items
from assess.plans.action_tracker.carry_over import EarlierHistory, earlier_histories
from assess.plans.action_tracker.edits import (
    done_event_ids,
    get_item_event,
    item_event_number,
    mark_done,
    restore_item_state,
    restored_change,
)
from assess.plans.action_tracker.services import HISTORY_PAGE_SIZE, ItemEvent, PlanReplacedError, get_item_history
from assess.plans.action_tracker.state import RESPONSE_LABELS, ItemContent
from assess.plans.action_tracker.views_items import blueprint, conflict_page
from assess.plans.actions import PlanItem, action_list_of
from assess.plans.copies import business_record
from assess.plans.models import TrackerEventKind
from assess.plans.what_if import remaining_smallest_set
from assess.plans.words import format_day


@blueprint.get("")
@requires("plan.read", load=presenters.load_tracker)
def show_tracker(tracker: presenters.TrackerContext) -> str:
    today, record = clock.today(), tracker.submission.record
    day = today.isoformat()
    state = {item.key: item.state for item in tracker.items}
    with database().reading() as session:
        undo = done_event_ids(session, tracker.submission.id, state)
        sent_back = get_sent_back_event(session, tracker.context.id)
    marked = tracker.numbered(presenters.parse_number(request.args.get("ticked", "")))
    saved = tracker.numbered(presenters.parse_number(request.args.get("saved", "")))
    return render_template(
        "plans/action_tracker.html",
        id=tracker.context.id,
        page="actions",
        plan=tracker.plan,
        correcting=not tracker.context.opened.submitted,
        sent_back=sent_back,
        outdated=day > record["valid_until"],
        board=presenters.tracker_page_of(
            tracker.plan.action_list,
            presenters.ListFilter.read(),
            tracker.roles,
            record["made_on"],
            day,
            tracker.done_before,
            undo,
        ),
        printed=presenters.printed_list_of(tracker.plan.action_list, record, tracker.roles),
        today=today,
        charts=charts,
        way=bool(remaining_smallest_set(record, state)),
        accepted=RESPONSE_LABELS["accepted"],
        form_version=tracker.form_version,
        not_ticked="unmarked" in request.args,
        marked=marked if marked and marked.key in undo else None,
        undo=undo,
        saved=saved if saved and saved.state.revision else None,
        accepted_batch=views_items.accepted_batch_notice(tracker, request.args.get("together", "")),
        taken_back=views_items.undone_batch_notice(tracker, request.args.get("undone", "")),
    )


@blueprint.post("/<int:number>/done")
@audited("ticked off")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("plan.follow", load=presenters.load_tracker)
def mark_item_done(tracker: presenters.TrackerContext, number: int) -> Response:
    """Tick an item off, with one press. On a plan that was replaced it does nothing: the same number may ask for something else now."""
    enforce_expensive_limits(CHANGE_ACTION, tracker.context.id)
    if presenters.seen_version().number != tracker.submission.number:
        return _redirect_not_marked(tracker)
    item = tracker.numbered(number) or abort(404)
    try:
        mark_done(request_session(), tracker.location(item.key), clock.today().isoformat(), clock.now())
    except PlanReplacedError:
        return _redirect_not_marked(tracker)
    mark_used(tracker.context)
    return presenters.redirect_to_list(tracker, ticked=item.number)


def _redirect_not_marked(tracker: presenters.TrackerContext) -> Response:
    return redirect(url_for("action_tracker.show_tracker", assessment_id=tracker.context.id, unmarked="yes"), 303)


EVENT_TEXTS: Mapping[TrackerEventKind, str] = MappingProxyType(
    {
        TrackerEventKind.CHANGED: "Changed",
        TrackerEventKind.CARRIED: "Taken over from your earlier answers{origin}, because the action is the same",
        TrackerEventKind.RESTORE: "Put back",
        TrackerEventKind.ACCEPTED_ALL: "Answered in one go, with all that had no answer",
        TrackerEventKind.REJECTED: "Typed while someone else changed the same. It is kept here and was not put in",
    }
)
"""What an entry tells; `origin`: “ of 24 November 2026”, the day of those answers."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of a history; `number` counts from the first one of that plan, `at` and `tells` are finished text."""

    id: int
    number: int
    at: str
    tells: str
    rejected: bool
    rows: tuple[presenters.FieldDifference, ...]


@blueprint.get("/<int:number>/history")
@requires("plan.read", load=presenters.load_item)
def show_item_history(opened: tuple[presenters.TrackerContext, PlanItem]) -> str:
    tracker, item = opened
    return _history_page(tracker, item)


@blueprint.post("/<int:number>/restore")
@audited("put back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("plan.follow", load=presenters.load_item)
def restore_item(opened: tuple[presenters.TrackerContext, PlanItem]) -> PageResponse:
    """Where more would change than the page could tell, the whole difference is shown first."""
    tracker, item = opened
    enforce_expensive_limits(CHANGE_ACTION, tracker.context.id)
    version = presenters.seen_version()
    if version.number != tracker.submission.number:
        return presenters.redirect_to_new_plan(tracker)
    event = get_item_event(request_session(), tracker.submission.id, item.key, presenters.sent_event_id())
    if event.what is TrackerEventKind.REJECTED and not _changes_only_what_was_shown(event, item):
        return conflict_page(tracker, item, event)
    try:
        restore_item_state(request_session(), tracker.location(item.key), event, version.revision, clock.now())
    except EditConflictError as conflict:
        roll_back_request()
        return _history_page(*presenters.reload_item(tracker, item), conflict), conflict.status
    except PlanReplacedError:
        return presenters.redirect_to_new_plan(tracker)
    mark_used(tracker.context)
    if pressed("to") == "list":
        return presenters.redirect_to_list(tracker, saved=item.number)
    return redirect(url_for("action_tracker.edit_action", assessment_id=tracker.context.id, number=item.number), 303)


def _changes_only_what_was_shown(rejected: ItemEvent, item: PlanItem) -> bool:
    there = ItemContent.of(item.state)
    shown = {row.label for row in presenters.state_differences(rejected.before, rejected.after, item)}
    return {row.label for row in presenters.state_differences(there, restored_change(there, rejected), item)} <= shown


def _history_page(tracker: presenters.TrackerContext, item: PlanItem, refused: EditConflictError | None = None) -> str:
    upto = presenters.parse_number(request.args.get("before", "")) or None
    one_more = HISTORY_PAGE_SIZE + 1
    with database().reading() as session:
        events = get_item_history(session, tracker.submission.id, item.key, before=upto, most=one_more)
        last = item_event_number(session, tracker.submission.id, item.key, events[0].id) if events else 0
        earlier = earlier_histories(session, tracker.submission, item.key, before=upto, most=one_more - len(events))
    origins = [format_day(before.made_on) for before in earlier]
    parts = [_history_entries(events, last, item, *origins[:1])] + [
        _history_entries(before.events, before.last, _item_in_earlier_plan(before, item), *origins[place : place + 1])
        for place, before in enumerate(earlier, 1)
    ]
    shown = [entry.id for part in parts for entry in part][:HISTORY_PAGE_SIZE]
    here, *then = [tuple(entry for entry in part if entry.id in shown) for part in parts]
    return render_template(
        "plans/action_tracker_history.html",
        id=tracker.context.id,
        item=item,
        form_version=tracker.form_version(item),
        refused=refused,
        entries=here,
        earlier=[(origin, entries) for origin, entries in zip(origins, then, strict=True) if entries],
        older_than=shown[-1] if sum(map(len, parts)) > HISTORY_PAGE_SIZE else None,
        from_newest=upto is None,
    )


def _history_entries(
    events: Iterable[ItemEvent], last: int, item: PlanItem, origin: str = ""
) -> tuple[HistoryEntry, ...]:
    """The first has the number `last`. `origin`: the day, in words, of the answers the item came from, if it did."""
    of_then = f" of {origin}" if origin else ""
    return tuple(
        HistoryEntry(
            event.id,
            last - place,
            _local_time_text(event.at),
            EVENT_TEXTS[event.what].format(origin=of_then),
            event.what is TrackerEventKind.REJECTED,
            tuple(presenters.state_differences(event.before, event.after, item)),
        )
        for place, event in enumerate(events)
    )


def _item_in_earlier_plan(before: EarlierHistory, item: PlanItem) -> PlanItem:
    """The item with the person and the day that plan proposed; as it is now where that plan had it not."""
    then = action_list_of(business_record(before.record)).items
    return next((other for other in then if other.key == item.key), item)


def _local_time_text(at: datetime) -> str:
    """As people in the country of the business read it: “24 November 2026, 09:30”."""
    here = at.astimezone(UK_ZONE)
    return f"{format_day(here.date().isoformat())}, {here:%H:%M}"
