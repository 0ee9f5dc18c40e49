"""What happened to one item, here and in the plans it was taken over from; and the way back to how it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import abort, redirect, render_template, request, url_for

from assess.kit.clock import HOME, now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import FOLLOWING_UP, SAVING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.actions import Item, register_of
from assess.plans.copies import business_record
from assess.plans.register.board import SHOWS
from assess.plans.register.carrying import Earlier, earlier_histories
from assess.plans.register.door import Opened, blueprint, event_id_in, open_again, open_item, replaced, used
from assess.plans.register.going_back import UnknownEventError, event_of, gone_back, place_of, put_back
from assess.plans.register.keeping import PAGE, Change, ChangedMeanwhileError, Event, PlanReplacedError, history_of
from assess.plans.register.models import What
from assess.plans.register.saving import Seen
from assess.plans.register.telling import Difference, differences
from assess.plans.register.views_item import Answer, conflict_page
from assess.plans.words import day as day_words

TELLS: Mapping[What, str] = MappingProxyType(
    {
        What.CHANGED: "Changed",
        What.CARRIED: "Taken over from your earlier answers{origin}, because the action is the same",
        What.PUT_BACK: "Put back",
        What.TOGETHER: "Answered in one go, with all that had no answer",
        What.OFFERED: "Typed while someone else changed the same. It is kept here and was not put in",
    }
)
"""What an entry tells; `origin`: “ of 24 November 2026”, the day of those answers."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a history; `number` counts from the first one of that plan, `at` and `tells` are finished text."""

    id: int
    number: int
    at: str
    tells: str
    offered: bool
    rows: tuple[Difference, ...]


@blueprint.get("/<int:number>/history")
@requires("plan.read", load=open_item)
def show_history(opened: tuple[Opened, Item]) -> str:
    """What happened to an item: when, and what changed from what to what. Never who."""
    found, item = opened
    return _history_page(found, item)


@blueprint.post("/<int:number>/back")
@audited("put back")
@limited(SAVING, by_visit)
@requires("plan.follow", load=open_item)
def go_back(opened: tuple[Opened, Item]) -> Answer:
    """Make an item what it was before an entry of its history, or put in what was offered there.

    Where more would change than the page could tell, the whole difference is shown first.
    """
    found, item = opened
    count_costly(FOLLOWING_UP, found.work.id)
    seen = Seen.read(request.form.get("seen", ""))
    if seen.number != found.submission.number:
        return replaced(found)
    try:
        event = event_of(session(), found.submission.id, item.key, event_id_in(request.form))
    except UnknownEventError:
        abort(404)
    if event.what is What.OFFERED and not _only_as_told(event, item):
        return conflict_page(found, item, event)
    try:
        put_back(session(), found.submission.id, item.key, event, seen.revision, now(), of=found.work.id)
    except ChangedMeanwhileError:
        roll_back_request()
        found, item = open_again(found, item)
        return _history_page(found, item, "Someone changed this meanwhile. Look at it again, then decide."), 409
    except PlanReplacedError:
        return replaced(found)
    used(found)
    if request.form.get("to") == "list":
        show = request.form.get("show", "")
        return redirect(
            url_for(
                "register.show_register",
                assessment_id=found.work.id,
                show=show if show in SHOWS and show != "all" else None,
                saved=item.number,
                _anchor=f"item-{item.number}",
            ),
            303,
        )
    return redirect(url_for("register.show_item", assessment_id=found.work.id, number=item.number), 303)


def _only_as_told(offer: Event, item: Item) -> bool:
    """Whether putting this in changes no row but those its entry tells of."""
    there = Change.of(item.state)
    told = {row.label for row in differences(offer.before, offer.after, item)}
    return {row.label for row in differences(there, gone_back(there, offer), item)} <= told


def _history_page(found: Opened, item: Item, error: str | None = None) -> str:
    """One page of it, and the way to what is older: a history has no end, and a page has."""
    upto = event_id_in({"event": request.args.get("before", "")}) or None
    one_more = PAGE + 1
    with database().reading() as look:
        events = history_of(look, found.submission.id, item.key, before=upto, most=one_more)
        last = place_of(look, found.submission.id, item.key, events[0].id) if events else 0
        earlier = earlier_histories(look, found.submission, item.key, before=upto, most=one_more - len(events))
    origins = [day_words(before.made_on) for before in earlier]
    parts = [_told(events, last, item, *origins[:1])] + [
        _told(before.events, before.last, _as_it_stood(before, item), *origins[place : place + 1])
        for place, before in enumerate(earlier, 1)
    ]
    shown = [entry.id for part in parts for entry in part][:PAGE]
    there_is_more = sum(map(len, parts)) > PAGE
    here, *then = [tuple(entry for entry in part if entry.id in shown) for part in parts]
    return render_template(
        "plans/register_history.html",
        id=found.work.id,
        item=item,
        seen=found.seen(item),
        error=error,
        entries=here,
        earlier=[(origin, entries) for origin, entries in zip(origins, then, strict=True) if entries],
        older_than=shown[-1] if there_is_more else None,
        from_newest=upto is None,
    )


def _told(events: Iterable[Event], last: int, item: Item, origin: str = "") -> tuple[Entry, ...]:
    """Entries in words, the first of them with the number `last`.

    `origin`: the day, in words, of the answers the item was taken over from, if it was.
    """
    of_then = f" of {origin}" if origin else ""
    return tuple(
        Entry(
            event.id,
            last - place,
            _local(event.at),
            TELLS[event.what].format(origin=of_then),
            event.what is What.OFFERED,
            tuple(differences(event.before, event.after, item)),
        )
        for place, event in enumerate(events)
    )


def _as_it_stood(before: Earlier, item: Item) -> Item:
    """The item with the person and the day that plan proposed; as it is now where that plan had it not."""
    then = register_of(business_record(before.record)).items
    return next((other for other in then if other.key == item.key), item)


def _local(moment: datetime) -> str:
    """A moment as people in the country of the business read it: “24 November 2026, 09:30”."""
    here = moment.astimezone(HOME)
    return f"{day_words(here.date().isoformat())}, {here:%H:%M}"
