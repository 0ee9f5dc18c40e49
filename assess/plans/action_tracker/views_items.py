"""Pages of one action: its form, conflicts, proof notes, and accepting all remaining actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import mark_used
from assess.assessments.personal_data.services import FreeTextForm
from assess.core import clock
from assess.core.db import commit_request, database, request_session, roll_back_request
from assess.core.edit_conflicts import EditConflictError
from assess.core.forms.fields import ChoiceField
from assess.core.forms.form import is_ticked, pressed, read_fields, sent_form, sent_text
from assess.core.pages import PageResponse
from assess.core.rate_limits import (
    ACCEPT_ALL_ACTIONS,
    CHANGE_ACTION,
    SAVE_LIMIT,
    by_session_or_address,
    enforce_expensive_limits,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.plans.action_tracker import edits, forms, presenters
from assess.plans.action_tracker.phrases import NOT_ANSWERED, note_words, responses_for
from assess.plans.action_tracker.services import ItemEvent, PlanReplacedError
from assess.plans.action_tracker.state import (
    GRADE_LABELS,
    NEW_NOTE_ID,
    PROOF_KIND_LABELS,
    REASON_LABELS,
    RESPONSE_LABELS,
    SOMEONE_ELSE,
    STATUS_LABELS,
    EvidenceNote,
    ItemContent,
    ItemState,
)
from assess.plans.actions import PlanItem
from assess.plans.models import TrackerEventKind
from assess.plans.words import join_and

blueprint = Blueprint("action_tracker", __name__, url_prefix="/assessments/<uuid:assessment_id>/result/actions")
"""Of all pages of the tracker: `views.py` takes it from here, since it shows the page of a conflict too."""

RedrawForm = Callable[[presenters.TrackerContext, PlanItem, Mapping[str, str]], str]
"""Draws the form once more with what was typed, and with what went wrong by the place it is about."""

_MAX_TRIES = 3
NOT_SAVED_ERRORS = {
    "main-content": "Your answers were sent in again while you saved, so this is not saved yet. What you typed is still here. Save it again."
}


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="plan.read", post="plan.follow", load=presenters.load_item)
def edit_action(opened: tuple[presenters.TrackerContext, PlanItem]) -> PageResponse | str:
    tracker, item = opened
    if request.method != "POST":
        before = tracker.numbered(presenters.parse_number(request.args.get("saved", "")))
        form = FreeTextForm(forms.answer_typed(item, tracker.answer_bounds(item).roles))
        return _item_page(tracker, item, form, saved=before if before and before.state.revision else None)
    enforce_expensive_limits(CHANGE_ACTION, tracker.context.id)
    bounds = tracker.answer_bounds(item)
    form = forms.read_answer(sent_form(), item, bounds)
    if form.errors:
        return _item_page(tracker, item, form), 422
    change, version = forms.content_of_answer(form, item, bounds.today), presenters.seen_version()
    conflict = save_part_or_conflict_page(
        tracker,
        item,
        lambda session, location: edits.save_response(session, location, change, version, clock.now()),
        lambda tracker, item, errors: _item_page(tracker, item, form.with_errors(errors)),
    )
    if conflict is not None:
        return conflict
    following = presenters.next_unanswered(tracker.items, item.key) if pressed("go") == "next" else None
    if following is None:
        return presenters.redirect_to_list(tracker, saved=item.number)
    number, saved = following.number, item.number
    return redirect(
        url_for("action_tracker.edit_action", assessment_id=tracker.context.id, number=number, saved=saved), 303
    )


@blueprint.post("/<int:number>/conflict")
@audited("decided")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("plan.follow", load=presenters.load_item)
def resolve_conflict(opened: tuple[presenters.TrackerContext, PlanItem]) -> PageResponse:
    """Put in what was typed, or leave what is saved: both stay in the history."""
    tracker, item = opened
    enforce_expensive_limits(CHANGE_ACTION, tracker.context.id)
    version = presenters.seen_version()
    if version.number != tracker.submission.number:
        return presenters.redirect_to_new_plan(tracker)
    event = edits.get_item_event(request_session(), tracker.submission.id, item.key, presenters.sent_event_id())
    if event.what is not TrackerEventKind.REJECTED:
        abort(404)
    chosen = read_fields(pick=ChoiceField(["mine", "theirs"], required="Choose which one to keep."))
    if chosen.errors:
        return conflict_page(tracker, item, event, chosen.errors["pick"]), 422
    if chosen["pick"] == "mine":
        try:
            edits.restore_item_state(
                request_session(), tracker.location(item.key), event, version.revision, clock.now()
            )
        except EditConflictError:
            roll_back_request()
            tracker, item = presenters.reload_item(tracker, item)
            return conflict_page(tracker, item, event), 409
        except PlanReplacedError:
            return presenters.redirect_to_new_plan(tracker)
    mark_used(tracker.context)
    return redirect(url_for("action_tracker.edit_action", assessment_id=tracker.context.id, number=item.number), 303)


def save_part_or_conflict_page(
    tracker: presenters.TrackerContext,
    item: PlanItem,
    save: Callable[[Session, edits.ItemLocation], ItemState],
    redraw: RedrawForm,
) -> PageResponse | None:
    """Save a part of an item. None when it is kept; else the page that shows what two people wrote.

    Corrected answers that were submitted at this very moment are followed to the new plan, a few times over. After that the form
    comes once more, since nobody's words must hang on who is quicker.
    """
    for _ in range(_MAX_TRIES):
        try:
            save(request_session(), tracker.location(item.key))
        except PlanReplacedError:
            roll_back_request()
            tracker, item = presenters.reload_item(tracker, item)
        except edits.RejectedEditError as disputed:
            return _conflict_response(tracker, item, disputed, redraw)
        else:
            mark_used(tracker.context)
            return None
    return _not_saved_response(tracker, item, redraw)


def _conflict_response(
    tracker: presenters.TrackerContext, item: PlanItem, conflict: edits.RejectedEditError, redraw: RedrawForm
) -> PageResponse:
    mark_used(tracker.context)
    commit_request()
    tracker, item = presenters.reload_item(tracker, item)
    try:
        with database().reading() as session:
            rejected = edits.get_item_event(session, tracker.submission.id, item.key, conflict.event_id)
    except edits.ItemEventNotFoundError:  # the plan the edit was meant for has just been replaced as well
        return _not_saved_response(tracker, item, redraw)
    return conflict_page(tracker, item, rejected), 409


def _not_saved_response(tracker: presenters.TrackerContext, item: PlanItem, redraw: RedrawForm) -> PageResponse:
    tracker, item = presenters.reload_item(tracker, item)
    return redraw(tracker, item, NOT_SAVED_ERRORS), 409


def conflict_page(
    tracker: presenters.TrackerContext, item: PlanItem, rejected: ItemEvent, error: str | None = None
) -> str:
    there = ItemContent.of(item.state)
    return render_template(
        "plans/action_tracker_conflict.html",
        id=tracker.context.id,
        item=item,
        rows=presenters.state_differences(there, edits.restored_change(there, rejected), item),
        event=rejected.id,
        form_version=tracker.form_version(item),
        error=error,
    )


def _item_page(
    tracker: presenters.TrackerContext,
    item: PlanItem,
    form: FreeTextForm,
    *,
    saved: PlanItem | None = None,
) -> str:
    day = clock.today().isoformat()
    words = presenters.state_words_on(item, day)
    return render_template(
        "plans/action_tracker_item.html",
        id=tracker.context.id,
        item=item,
        saved=saved,
        words="" if words == NOT_ANSWERED else words,
        asked_again=presenters.ASKED_AGAIN if item.key in tracker.done_before else "",
        form_version=sent_text("seen") or tracker.form_version(item),
        form=form,
        responses=responses_for(item),
        why_not=REASON_LABELS,
        statuses=STATUS_LABELS,
        roles=[role for role in tracker.answer_bounds(item).roles if role != item.owner],
        someone_else=SOMEONE_ELSE,
        purchases=tracker.plan.purchases,
        notes=[(note.id, note_words(note), presenters.is_expired(note, day)) for note in item.state.notes],
        correcting=not tracker.context.opened.submitted,
    )


@blueprint.route("/<int:number>/proof", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("plan.follow", load=presenters.load_item)
def add_note(opened: tuple[presenters.TrackerContext, PlanItem]) -> PageResponse | str:
    tracker, item = opened
    if request.method != "POST":
        return _note_page(tracker, item, NEW_NOTE_ID, FreeTextForm(forms.NEW_NOTE_TYPED))
    enforce_expensive_limits(CHANGE_ACTION, tracker.context.id)
    return _save_note_form(tracker, item, NEW_NOTE_ID)


@blueprint.route("/<int:number>/proof/<int:note_number>", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("plan.follow", load=presenters.load_item)
def edit_note(opened: tuple[presenters.TrackerContext, PlanItem], note_number: int) -> PageResponse | str:
    tracker, item = opened
    if request.method != "POST":
        form = FreeTextForm(forms.note_typed(_note_or_404(item, note_number)))
        return _note_page(tracker, item, note_number, form)
    enforce_expensive_limits(CHANGE_ACTION, tracker.context.id)
    if not _note_existed(tracker, item, note_number):
        abort(404)
    if not is_ticked("remove"):
        return _save_note_form(tracker, item, note_number)
    version = presenters.seen_version()

    def redraw(tracker: presenters.TrackerContext, item: PlanItem, errors: Mapping[str, str]) -> str:
        form = forms.read_note(sent_form(), item, clock.today())
        return _note_page(tracker, item, note_number, replace(form, errors=errors, warnings=()))

    conflict = save_part_or_conflict_page(
        tracker,
        item,
        lambda session, location: edits.remove_note(session, location, note_number, version, clock.now()),
        redraw,
    )
    return conflict if conflict is not None else _redirect_to_item(tracker, item)


def _save_note_form(tracker: presenters.TrackerContext, item: PlanItem, number: int) -> PageResponse:
    form = forms.read_note(sent_form(), item, clock.today())
    if number == NEW_NOTE_ID and len(item.state.notes) >= forms.MAX_NOTES:
        full = f"There are {forms.MAX_NOTES} notes already. Change or remove one of them."
        form = form.with_errors({"kind": full})
    if form.errors:
        return _note_page(tracker, item, number, form), 422
    note, version = forms.note_of(form, number), presenters.seen_version()
    conflict = save_part_or_conflict_page(
        tracker,
        item,
        lambda session, location: edits.save_note(session, location, note, version, clock.now()),
        lambda tracker, item, errors: _note_page(tracker, item, number, form.with_errors(errors)),
    )
    return conflict if conflict is not None else _redirect_to_item(tracker, item)


def _redirect_to_item(tracker: presenters.TrackerContext, item: PlanItem) -> PageResponse:
    return redirect(
        url_for("action_tracker.edit_action", assessment_id=tracker.context.id, number=item.number, _anchor="proof"),
        303,
    )


def _note_existed(tracker: presenters.TrackerContext, item: PlanItem, number: int) -> bool:
    """Whether the item has this note, or had it: another person may have removed it meanwhile."""
    if any(note.id == number for note in item.state.notes):
        return True
    with database().reading() as session:
        return edits.had_note(session, tracker.submission.id, item.key, number)


def _note_or_404(item: PlanItem, number: int) -> EvidenceNote:
    return next((note for note in item.state.notes if note.id == number), None) or abort(404)


def _note_page(tracker: presenters.TrackerContext, item: PlanItem, number: int, form: FreeTextForm) -> str:
    return render_template(
        "plans/action_tracker_note.html",
        id=tracker.context.id,
        item=item,
        number=number,
        form_version=sent_text("seen") or tracker.form_version(item),
        form=form,
        kinds=PROOF_KIND_LABELS,
        grades=GRADE_LABELS,
    )


@dataclass(frozen=True, slots=True)
class AcceptedBatch:
    count: int
    batch: edits.ResponseBatch


@dataclass(frozen=True, slots=True)
class UndoneBatch:
    """What came of taking it back: how many are as before, and the numbers of those that stayed, as finished text."""

    count: int
    stayed: int
    numbers: str


@blueprint.route("/bulk", methods=["GET", "POST"])
@audited("accepted")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("plan.follow", load=presenters.load_tracker)
def accept_unanswered(tracker: presenters.TrackerContext) -> str | Response:
    """Answer all that has no answer and is not late; a plan that nobody saw yet is shown first."""
    if request.method != "POST":
        day = clock.today().isoformat()
        rest = presenters.unanswered_items(tracker.items, day)
        if not rest:
            return redirect(url_for("action_tracker.show_tracker", assessment_id=tracker.context.id), 303)
        with database().reading() as session:
            version = edits.FormVersion(
                tracker.submission.number, edits.newest_event_id(session, tracker.submission.id)
            )
        late = [
            str(item.number)
            for item in tracker.items
            if item.state.response is None and presenters.is_overdue(item, day)
        ]
        return render_template(
            "plans/action_tracker_unanswered.html",
            id=tracker.context.id,
            rest=rest,
            late=late,
            late_numbers=join_and(late),
            accepted=RESPONSE_LABELS["accepted"],
            form_version=version,
        )
    enforce_expensive_limits(ACCEPT_ALL_ACTIONS, tracker.context.id)
    version = presenters.seen_version()
    if version.number != tracker.submission.number:
        return redirect(url_for("action_tracker.accept_unanswered", assessment_id=tracker.context.id), 303)
    try:
        rest = presenters.unanswered_items(tracker.items, clock.today().isoformat())
        edits.accept_remaining(
            request_session(), tracker.submission.id, [item.key for item in rest], clock.now(), of=tracker.context.id
        )
    except PlanReplacedError:
        return presenters.redirect_to_new_plan(tracker)
    mark_used(tracker.context)
    batch = edits.batch_since(request_session(), tracker.submission.id, version.revision)
    return redirect(url_for("action_tracker.show_tracker", assessment_id=tracker.context.id, together=batch), 303)


@blueprint.post("/bulk/undo")
@audited("undone")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("plan.follow", load=presenters.load_tracker)
def undo_accept_unanswered(tracker: presenters.TrackerContext) -> str | Response:
    enforce_expensive_limits(ACCEPT_ALL_ACTIONS, tracker.context.id)
    batch = edits.ResponseBatch.read(sent_text("batch"))
    if batch is None or not edits.batch_events(request_session(), tracker.submission.id, batch):
        return presenters.redirect_to_new_plan(tracker)
    try:
        edits.undo_batch(request_session(), tracker.submission.id, batch, clock.now(), of=tracker.context.id)
    except PlanReplacedError:
        return presenters.redirect_to_new_plan(tracker)
    mark_used(tracker.context)
    return redirect(url_for("action_tracker.show_tracker", assessment_id=tracker.context.id, undone=batch), 303)


def accepted_batch_notice(tracker: presenters.TrackerContext, text: str) -> AcceptedBatch | None:
    batch = edits.ResponseBatch.read(text)
    if batch is None:
        return None
    with database().reading() as session:
        entries = edits.batch_events(session, tracker.submission.id, batch)
    as_said = [
        item for item in tracker.items if item.key in entries and item.state.revision == entries[item.key].revision
    ]
    return AcceptedBatch(len(entries), batch) if as_said else None


def undone_batch_notice(tracker: presenters.TrackerContext, text: str) -> UndoneBatch | None:
    batch = edits.ResponseBatch.read(text)
    if batch is None:
        return None
    with database().reading() as session:
        entries = edits.batch_events(session, tracker.submission.id, batch)
    if not entries:
        return None
    stayed = [
        str(item.number)
        for item in tracker.items
        if item.key in entries and not ItemContent.of(item.state).is_equivalent_to(entries[item.key].before)
    ]
    return UndoneBatch(len(entries) - len(stayed), len(stayed), join_and(stayed))
