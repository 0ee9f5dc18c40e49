"""Loads the tracker for a request, and prepares the tracker page and differences between states."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, open_assessment
from assess.assessments.models import Submission
from assess.assessments.submissions import NothingSubmittedError, get_submission
from assess.core import clock
from assess.core.db import database
from assess.core.forms.fields import ChoiceField, IntegerField
from assess.core.forms.form import read_fields, sent_text
from assess.plans.action_tracker import phrases
from assess.plans.action_tracker.carry_over import done_in_earlier_plan
from assess.plans.action_tracker.edits import FormVersion, ItemLocation
from assess.plans.action_tracker.forms import AnswerBounds
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.action_tracker.state import (
    RESPONSE_LABELS,
    STATUS_LABELS,
    EvidenceNote,
    ItemContent,
    label_of,
    owner_roles,
)
from assess.plans.actions import ActionList, PlanItem, action_list_of
from assess.plans.copies import business_record, record_as_of
from assess.plans.plan_page import PlanPage, business_plan
from assess.plans.words import format_day


@dataclass(frozen=True, slots=True)
class TrackerContext:
    """`done_before`: keys of what was done before these answers and is asked for by them all the same."""

    context: AssessmentContext
    submission: Submission
    plan: PlanPage
    done_before: frozenset[str]

    @property
    def items(self) -> Sequence[PlanItem]:
        return self.plan.action_list.items

    def answer_bounds(self, item: PlanItem) -> AnswerBounds:
        """What the answer to an item may lie between. A job that was picked once can be kept, whatever can be picked now."""
        roles = owner_roles(self.context.full_edition)
        kept = item.state.owner
        if kept and kept not in roles and not item.ordinary:
            roles = (*roles, kept)
        return AnswerBounds(date.fromisoformat(self.submission.record["made_on"]), clock.today(), roles)

    def item_or_404(self, key: str) -> PlanItem:
        return next((item for item in self.items if item.key == key), None) or abort(404)

    def numbered(self, number: int) -> PlanItem | None:
        """The item with this number of the plan, which is all that ever stands in an address."""
        return next((item for item in self.items if item.number == number), None)

    def location(self, key: str) -> ItemLocation:
        return ItemLocation(self.submission.id, self.submission.number, key, self.context.id)

    def form_version(self, item: PlanItem) -> FormVersion:
        return FormVersion(self.submission.number, item.state.revision)


def load_tracker(assessment_id: uuid.UUID) -> TrackerContext:
    """The latest plan of an assessment, for the browser that may see it; before the first, the way to the tasks."""
    context = open_assessment(assessment_id)
    with database().reading() as session:
        try:
            submission = get_submission(session, context.id)
        except NothingSubmittedError:
            abort(redirect(url_for("assessments.show_tasks", assessment_id=context.id), 303))
        state = get_tracker_state(session, submission.id)
        done = done_in_earlier_plan(session, submission.id, state)
    plan = business_plan(record_as_of(submission.record, clock.today().isoformat()), state)
    asked = {item.key for item in plan.action_list.items if item.what == "action"}
    return TrackerContext(context, submission, plan, done & asked)


def load_item(assessment_id: uuid.UUID, number: int) -> tuple[TrackerContext, PlanItem]:
    """The plan and one item of it, by its number.

    A number counts within one submission. A form that was drawn from an earlier one still means what stood under its number there:
    else a word typed for one action would be kept with another.
    """
    found = load_tracker(assessment_id)
    drawn_from = seen_version().number
    if 0 < drawn_from < found.submission.number:
        return found, found.item_or_404(_key_in_submission(found, drawn_from, number))
    return found, found.numbered(number) or abort(404)


def reload_item(found: TrackerContext, item: PlanItem) -> tuple[TrackerContext, PlanItem]:
    """The plan as it is by now, and the same item of it, whatever its number is there."""
    newest = load_tracker(found.context.id)
    return newest, newest.item_or_404(item.key)


def _key_in_submission(found: TrackerContext, submission_number: int, number: int) -> str:
    with database().reading() as session:
        record = session.scalar(
            select(Submission.record).where(
                Submission.assessment_id == found.context.id, Submission.number == submission_number
            )
        )
    items = () if record is None else action_list_of(business_record(record)).items
    return next((item.key for item in items if item.number == number), None) or abort(404)


def seen_version() -> FormVersion:
    """What the form that was sent was drawn from."""
    return FormVersion.read(sent_text("seen"))


def parse_number(text: str) -> int:
    """The number of an item or the id of an entry in an address; 0, which none has, when it cannot be read."""
    return IntegerField().deserialize(text)


def sent_event_id() -> int:
    """Which entry of a history the form is about; 0, which none has, when it cannot be read."""
    return int(read_fields(event=IntegerField())["event"])


def redirect_to_card(
    found: TrackerContext, item: PlanItem, *, ticked: int | None = None, saved: int | None = None
) -> Response:
    shown = read_fields(show=ChoiceField(CARD_FILTERS)).values.get("show")
    address = url_for(
        "action_tracker.show_tracker",
        assessment_id=found.context.id,
        show=shown if shown != "all" else None,
        ticked=ticked,
        saved=saved,
        _anchor=f"item-{item.number}",
    )
    return redirect(address, 303)


def redirect_to_new_plan(found: TrackerContext) -> Response:
    """The way on when corrected answers were submitted at this very moment: the new plan, with all that was taken over."""
    return redirect(url_for("action_tracker.show_tracker", assessment_id=found.context.id), 303)


DATE_PASSED = "The date has passed"

CARD_FILTERS: Mapping[str, str] = {
    "all": "All",
    "unanswered": phrases.NOT_ANSWERED,
    "open": RESPONSE_LABELS["accepted"],
    "overdue": DATE_PASSED,
    "done": STATUS_LABELS["done"],
    "not_doing": RESPONSE_LABELS["will_not"],
}


@dataclass(frozen=True, slots=True)
class ActionCard:
    """One item, by when and who in words, where it stands, and what was noted as proof. `link`: the way to its page.

    `heeds`: whole sentences to take notice of. `leaves`: it stays in sight only because it was saved just before.
    """

    item: PlanItem
    when: str
    who: str
    words: str
    link: str
    proof: tuple[str, ...]
    heeds: tuple[str, ...]
    can_mark_done: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class TrackerPage:
    """The page. `rest`: how many one yes may answer. What waits for advice is no item, so it counts nowhere and no kind holds it."""

    show: str
    counts: Mapping[str, int]
    groups: tuple[tuple[str, tuple[ActionCard, ...]], ...]
    answered: int
    to_answer: int
    rest: int
    next: PlanItem | None

    @property
    def ready(self) -> bool:
        """Whether everything that can be answered is answered."""
        return self.to_answer > 0 and self.answered == self.to_answer


def tracker_page_of(
    action_list: ActionList, show: str, today: str, done_before: Collection[str] = (), saved: str = ""
) -> TrackerPage:
    """The tracker on an ISO day. A kind nobody knows shows all. `done_before`: as `TrackerContext` has it.

    The card whose key was `saved` just before stays where it stood, so that nobody loses their place.
    """
    shown = show if show in CARD_FILTERS else "all"
    items = action_list.items
    return TrackerPage(
        show=shown,
        counts={kind: sum(kind in card_filters_of(item, today) for item in items) for kind in CARD_FILTERS},
        groups=tuple(
            (group.title, cards)
            for group in action_list.groups
            if (
                cards := tuple(
                    _action_card(
                        item,
                        today,
                        asked_again=item.key in done_before,
                        leaves=shown not in card_filters_of(item, today),
                    )
                    for item in group.items
                    if shown in card_filters_of(item, today) or item.key == saved
                )
            )
        ),
        answered=sum(item.state.response is not None for item in items),
        to_answer=len(items),
        rest=len(unanswered_items(items, today)),
        next=next_unanswered(items, None),
    )


def card_filters_of(item: PlanItem, today: str) -> frozenset[str]:
    kinds = {"all"}
    state = item.state
    if state.response is None:
        kinds.add("unanswered")
    if state.response == "will_not":
        kinds.add("not_doing")
    elif state.is_closed:
        kinds.add("done")
    elif state.response is not None:
        kinds.add("open")
    if is_overdue(item, today):
        kinds.add("overdue")
    return frozenset(kinds)


def unanswered_items(items: Iterable[PlanItem], today: str) -> list[PlanItem]:
    """What one yes may answer on an ISO day: all without an answer.

    Left out is what is late already: a promise for a day that is over would be none, so a person has to choose another.
    """
    return [item for item in items if item.state.response is None and not is_overdue(item, today)]


def next_unanswered(items: Sequence[PlanItem], key: str | None) -> PlanItem | None:
    """The next item to answer after the one with this key, going round; None when all are answered."""
    places = [place for place, item in enumerate(items) if item.key == key]
    start = places[0] + 1 if places else 0
    around = [*items[start:], *items[:start]]
    return next((item for item in around if item.state.response is None and item.key != key), None)


def _action_card(item: PlanItem, today: str, *, asked_again: bool, leaves: bool) -> ActionCard:
    over = (note for note in item.state.notes if is_expired(note, today))
    return ActionCard(
        item=item,
        when=phrases.due_words(item),
        who=phrases.owner_words(item),
        words=state_words_on(item, today),
        link="Answer" if item.state.response is None else "Change",
        proof=tuple(phrases.note_words(note) for note in item.state.notes),
        heeds=(
            *((f"{ASKED_AGAIN}.",) if asked_again else ()),
            *(
                f"{note.title or 'A proof'}: good until {format_day(note.good_until or '')}, and that is over. Renew it."
                for note in over
            ),
        ),
        can_mark_done=not item.state.is_closed,
        leaves=leaves,
    )


ASKED_AGAIN = "You said this was done before you answered again. Your new answers still call for it"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One row of two that say different things; each side is finished text."""

    label: str
    before: str
    after: str


def state_rows(change: ItemContent, item: PlanItem) -> dict[str, str]:
    rows = {
        "Your answer": label_of(phrases.responses_for(item), change.response or "", phrases.NOT_ANSWERED),
        "Reason": phrases.reason_words(change.reason, change.reason_text) or "None",
        "Who": change.owner or f"As the plan says{f': {item.owner}' if item.owner else ''}",
        "By when": format_day(change.due) if change.due else f"As the plan says: {item.due_text}",
        "How far": phrases.progress_words(change.response, change.status, change.done_on),
    }
    for note in change.notes:
        rows[f"Proof {note.id}" if note.id else "Proof, new"] = phrases.note_words(note)
    return rows


def state_differences(before: ItemContent, after: ItemContent, item: PlanItem) -> list[FieldDifference]:
    one, other = state_rows(before, item), state_rows(after, item)
    return [
        FieldDifference(label, one.get(label, "Nothing"), other.get(label, "Nothing"))
        for label in dict.fromkeys([*one, *other])
        if one.get(label) != other.get(label)
    ]


def is_expired(note: EvidenceNote, today: str) -> bool:
    return note.good_until is not None and note.good_until < today


def is_overdue(item: PlanItem, today: str) -> bool:
    return item.late_after is not None and not item.state.is_closed and item.late_after < today


def state_words_on(item: PlanItem, today: str) -> str:
    late = f". {DATE_PASSED}" if is_overdue(item, today) else ""
    return f"{phrases.state_words(item)}{late}"
